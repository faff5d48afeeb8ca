// When not to use a sketch: y kept in memory with √n sums of squares beside it, against the samplers, with what each
// costs and cannot do.
//
// Usage: bench_kept [FOLDER]    (writes kept.csv there)

#include <benchmark/benchmark.h>

#include <turnstile/turnstile.hpp>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "block_sums.hpp"
#include "machine.hpp"
#include "random_matrix.hpp"
#include "scattered.hpp"
#include "support/text.hpp"
#include "table.hpp"
#include "ways.hpp"

namespace {

using namespace turnstile;
using bench::BlockSums;
using bench::number;
using bench::Row;
using bench::Way;

constexpr Index length = 1 << 14;  // of a stream
constexpr int rounds = 101;

double coin(std::uint64_t k) {
  static const MixHash words(derive_seed(1, "coins"));
  return uniform_variate(words(k));
}

// Both of them by turns: ns an update of `updates` at a time, us a draw.
struct Contestant {
  std::string name, n;
  double updates;
  Way update, draw;
  std::size_t kept, sent;
  std::string others;  // what it can and cannot do
};

std::vector<Row> raced(std::vector<Contestant> contestants) {
  std::vector<Way> updates, draws;
  for (Contestant& one : contestants) {
    updates.push_back(one.update);
    draws.push_back(one.draw);
  }
  bench::take_turns_for<bench::ProcessorTime>(updates, 0, rounds);
  bench::take_turns_for<bench::ProcessorTime>(draws, 0, rounds);
  std::vector<Row> rows;
  for (std::size_t k = 0; k < contestants.size(); ++k) {
    const Contestant& one = contestants[k];
    rows.push_back({one.name, one.n, number(1e3 * updates[k].median() / one.updates), number(draws[k].median()),
                    examples::bytes_text(static_cast<double>(one.kept)),
                    examples::bytes_text(static_cast<double>(one.sent)), one.others});
  }
  return rows;
}

Way draws_of(const BlockSums& filled) {
  return {"", 16, [sums = filled](std::uint64_t k) mutable { benchmark::DoNotOptimize(sums.sample(coin(k))); }};
}

// As many states as it takes that no branch predictor learns their draws.
template <class Sampler>
Way draws_of(const std::vector<Sampler>& samplers) {
  return {"", std::ssize(samplers),
          [samplers](std::uint64_t k) { benchmark::DoNotOptimize(samplers[k % samplers.size()].sample()); }};
}

void race_for_y(int log_n, std::vector<Row>& table) {
  const Index n = Index{1} << log_n;
  const bench::Scattered stream(n, length), entries(n, 1 << 18, 2);
  BlockSums sums(n);
  for (std::size_t k = 0; k < entries.indices.size(); ++k) sums.update(entries.indices[k], entries.changes[k]);
  std::vector<L2Sampler<>> samplers;
  for (Seed seed = 1; seed <= 16; ++seed) {
    samplers.emplace_back(n, SamplerOptions{.seed = seed});
    samplers.back().update(std::span(entries.indices), std::span(entries.changes));
  }
  const std::string name = "2^" + std::to_string(log_n);
  const Way keeps{"", 1, [&, kept = sums](std::uint64_t) mutable {
                    for (std::size_t k = 0; k < stream.indices.size(); ++k)
                      kept.update(stream.indices[k], stream.changes[k]);
                  }};
  const Way sketches{"", 1, [&, fed = samplers[0]](std::uint64_t) mutable {
                       fed.update(std::span(stream.indices), std::span(stream.changes));
                     }};
  for (const Row& row : raced({{"y kept; sqrt(n) sums", name, length, keeps, draws_of(sums), sums.memory_bytes(),
                                static_cast<std::size_t>(n) * sizeof(double), "exact; any number of draws; y must fit"},
                               {"L2Sampler", name, length, sketches, draws_of(samplers), samplers[0].memory_bytes(),
                                samplers[0].to_bytes().size(), "1 +- eps; one draw a state; merged by adding"}}))
    table.push_back(row);
}

void race_for_x(std::vector<Row>& table) {
  constexpr Index n = 1 << 20, d = 64;
  const Eigen::MatrixXd a = bench::random_matrix(n, d, 1);
  const auto column = [&](std::uint64_t j) { return std::span<const double>(a.col(Index(j % d)).data(), n); };
  BlockSums sums(n);
  FixedMatrixSampler<> sampler(a, {.seed = 1});
  for (std::uint64_t j = 0; j < d; ++j) {
    sums.update(column(j), 1);
    sampler.update(static_cast<Index>(j), 1);
  }
  const auto state_bytes = sampler.memory_bytes(), sent = sampler.to_bytes().size();
  const auto bytes_of_a = static_cast<std::size_t>(a.size()) * sizeof(double);
  const Way keeps{"", 1, [&](std::uint64_t j) { sums.update(column(j), coin(j) - 0.5); }};
  const Way sketches{"", length, [&](std::uint64_t j) { sampler.update(static_cast<Index>(j % d), coin(j) - 0.5); }};
  const Way draws{"", 1, [&](std::uint64_t) { benchmark::DoNotOptimize(sampler.sample()); }};
  for (const Row& row : raced({{"y = A x kept; sqrt(n) sums; x_j changes", "2^20", 1, keeps, draws_of(sums),
                                bytes_of_a + sums.memory_bytes(), static_cast<std::size_t>(n) * sizeof(double),
                                "exact; needs A at hand for each change of x"},
                               {"FixedMatrixSampler; x_j changes", "2^20", 1, sketches, draws, state_bytes, sent,
                                "1 +- eps; A is not kept; x may come at the query"}}))
    table.push_back(row);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  std::vector<Row> table{{"what", "n", "ns an update", "us a draw", "kept", "sent or merged", "otherwise"}};
  for (const int log_n : {20, 26}) {
    std::cerr << "  n = 2^" << log_n << std::endl;
    race_for_y(log_n, table);
  }
  std::cerr << "  y = A x" << std::endl;
  race_for_x(table);
  bench::print("y kept against its sketch", table);
  return bench::write_csv(folder + "/kept.csv", table, bench::machine_line()) ? 0 : 1;
}
