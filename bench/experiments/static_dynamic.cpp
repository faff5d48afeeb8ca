// Static against dynamic: what an update costs as n and d grow, of FixedMatrixSampler (x_j += Δ, Theorem 5.5 of
// arXiv 2510.03678), of DynamicSampler (x_j += Δ and A_ij += Δ, Definition 5.6), and of one who keeps y = A x itself
// (x_j += Δ: y += Δ·A_{:,j}, n adds). Expected: one add, one add, L·R + 3 adds, and n adds. n counts for a sketch
// only as it adds levels L and as the state, (L·R·b + 768)·d numbers, outgrows the caches: beside it stand L·R + 3 adds
// alone, at random places of a memory of that size.
//
// Grid: d = 8, 16 … 1024 by n = 10³ … 10⁶. A has one nonzero in a row and is fed to the builder in blocks: no update
// of x looks at ΨA, so what A holds counts for nothing; DynamicSampler begins with A = 0. Who keeps y has A's columns
// in turns of 8, as a dense A of this grid's largest would take 8 GB.
//
// Throughput: updates of a scattered stream back to back; all take turns, and the median of the rounds counts.
// Latency: updates one by one between two looks at the clock, less the median of two looks with nothing between.
//
// Usage: experiment_static_dynamic [FOLDER]    (writes static_dynamic.csv there)

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "random_matrix.hpp"
#include "scattered.hpp"
#include "support/progress.hpp"
#include "support/stopwatch.hpp"
#include "support/text.hpp"
#include "table.hpp"
#include "ways.hpp"

namespace {

using namespace turnstile;
using bench::Row;
using examples::fixed;

constexpr Index length = 1 << 15;  // of a stream: longer than caches hold the places of
constexpr Index kept_columns = 8;  // of A, by the one who keeps y
constexpr int rounds = 128;
// Updates between two looks at the clock: long beside a look, and short, so that few are interrupted.
constexpr Index many = 1 << 11, some = 1 << 8;

FixedMatrixSampler<> fixed_sampler(Index n, Index d) {
  constexpr Index block = 10'000;
  FixedMatrixBuilder<> builder(n, d, {.seed = 1});
  for (Index first = 0; first < n; first += block) {
    Eigen::SparseMatrix<double, Eigen::RowMajor> rows(std::min(block, n - first), d);
    for (Index i = 0; i < rows.rows(); ++i) rows.insert(i, (first + i) % d) = 1;
    builder.add_rows(first, rows);
  }
  return std::move(builder).build();
}

// L·R of each change of an entry of A, and those of the norm sketch.
std::size_t adds_of(const DynamicSampler<>& sampler) {
  constexpr Index of_norm = DefaultPolicies::norm_type::shape().rows;
  return static_cast<std::size_t>(sampler.linear_map().table().levels() * sampler.options().shape.rows + of_norm);
}

// Times of single updates, sorted.
template <class Update>
std::vector<double> nanoseconds_one_by_one(Index updates, const Update& update) {
  std::vector<double> times;
  for (Index k = 0; k < updates; ++k) {
    const examples::Stopwatch watch;
    update(static_cast<std::size_t>(k));
    times.push_back(1e9 * watch.seconds());
  }
  std::sort(times.begin(), times.end());
  return times;
}

double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

// One that keeps up with a stream, by its update(k).
struct Contestant {
  std::string name;
  std::size_t bytes;
  Index together;  // updates at a time
  std::function<void()> next_stretch;
  std::function<std::vector<double>()> one_by_one;
};

template <class Update>
Contestant contestant(const std::string& name, std::size_t bytes, Index together, const Update& update) {
  const auto next_stretch = [=, first = Index{0}]() mutable {
    for (Index k = first; k < first + together; ++k) update(static_cast<std::size_t>(k));
    first = first + 2 * together <= length ? first + together : 0;
  };
  return {name, bytes, together, next_stretch, [=] { return nanoseconds_one_by_one(16 * together, update); }};
}

Row row_of(const Contestant& one, Index n, Index d, double nanoseconds) {
  static const double look = quantile(nanoseconds_one_by_one(many, [](std::size_t) {}), 0.5);
  const std::vector<double> times = one.one_by_one();
  const auto latency = [&](double share) { return fixed(std::max(quantile(times, share) - look, 0.0), 0); };
  return {one.name,
          std::to_string(n),
          std::to_string(d),
          std::to_string(one.bytes),
          fixed(nanoseconds, 2),
          fixed(1e3 / nanoseconds, 4),
          latency(0.5),
          latency(0.99)};
}

void measure(Index n, Index d, std::vector<Row>& table) {
  FixedMatrixSampler<> fixed_a = fixed_sampler(n, d);
  DynamicSampler<> dynamic(n, d, {.seed = 1});
  const Eigen::MatrixXd kept = bench::random_matrix(n, kept_columns, 1);
  Eigen::VectorXd y = Eigen::VectorXd::Zero(n);
  const bench::Scattered rows(n, length, 1), columns(d, length, 2);
  const std::vector<Index>&i = rows.indices, &j = columns.indices;
  const std::vector<double>& change = rows.changes;
  const std::size_t adds = adds_of(dynamic);
  std::vector<double> memory(dynamic.memory_bytes() / sizeof(double));
  const bench::Scattered places(std::ssize(memory), static_cast<Index>(adds) * length, 3);

  const std::vector<Contestant> contestants{
      contestant("fixed x", fixed_a.memory_bytes(), many, [&](std::size_t k) { fixed_a.update(j[k], change[k]); }),
      contestant("dynamic x", dynamic.memory_bytes(), many,
                 [&](std::size_t k) { dynamic.update_vector(j[k], change[k]); }),
      contestant("dynamic A", dynamic.memory_bytes(), some,
                 [&](std::size_t k) { dynamic.update_matrix(i[k], j[k], change[k]); }),
      contestant("adds alone", dynamic.memory_bytes(), some,
                 [&](std::size_t k) {
                   for (std::size_t a = adds * k; a < adds * (k + 1); ++a)
                     memory[static_cast<std::size_t>(places.indices[a])] += change[k];
                 }),
      contestant("y kept", static_cast<std::size_t>(n * (d + 1)) * sizeof(double),
                 std::clamp<Index>(100'000 / n, 1, some),
                 [&](std::size_t k) { y += change[k] * kept.col(j[k] % kept_columns); }),
  };
  std::vector<bench::Way> ways;
  for (const Contestant& one : contestants) ways.push_back({one.name, 1, [&](std::uint64_t) { one.next_stretch(); }});
  bench::take_turns(ways, rounds);
  for (std::size_t k = 0; k < ways.size(); ++k) {
    const double nanoseconds = 1e3 * ways[k].median() / static_cast<double>(contestants[k].together);
    table.push_back(row_of(contestants[k], n, d, nanoseconds));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".", note = bench::machine_line();
  std::vector<Row> table{
      {"who", "n", "d", "bytes", "ns_an_update", "millions_a_second", "latency_ns_median", "latency_ns_99th"}};
  examples::Progress progress("static and dynamic", 4 * 8);
  for (Index n = 1000; n <= 1'000'000; n *= 10)
    for (Index d = 8; d <= 1024; d *= 2) {
      measure(n, d, table);
      progress.advance();
    }
  bench::print("Updates of y = A x", table);
  return bench::write_csv(folder + "/static_dynamic.csv", table, note) ? 0 : 1;
}
