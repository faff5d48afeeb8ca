// How long causal attention takes as the context grows: one head, one thread.
//
//   dense       all keys up to the query
//   published   SampleAttention as published, α = .80, .95 and .99
//   calibrated  SampleAttention of the calibrated recipe, the same α
//   window      the last 8 % of the keys
//
// The head of size 64 is a recorded one, its first n tokens; of size 128 are random numbers, dense only. At 131072
// tokens the head is synthetic: a window and stripes at known places, of which it is told how many were found. All take
// turns, five times (three at 131072); seconds are medians of what the processor took, speed is that against dense.
//
// Usage: experiment_attention_times [FOLDER]    (writes attention_times.csv there)
// The head is read from attention_lm in the folder that TURNSTILE_SHARED names; what needs it is skipped otherwise.

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "attention/head_file.hpp"
#include "attention/planted_head.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "table.hpp"
#include "ways.hpp"

namespace {

using namespace turnstile;
using bench::number;

// One way of attending, and what is told of its last call.
struct Method {
  std::string name, mass;
  std::function<void()> call;
  std::function<double()> density = [] { return 1.0; };
  std::function<std::string()> stripes = [] { return std::string(); };
};

std::string found(const HeadPattern& pattern, const std::vector<Index>& stripes) {
  if (stripes.empty()) return "";
  const auto count = std::count_if(stripes.begin(), stripes.end(), [&](Index stripe) {
    return pattern.dense || std::binary_search(pattern.columns.begin(), pattern.columns.end(), stripe);
  });
  return std::to_string(count) + " of " + std::to_string(stripes.size());
}

// What is attended to; stripes are the places of those that were planted.
struct Head {
  std::string kind;
  Heads q, k, v;
  std::vector<Index> stripes = {};
};

Method dense(const Head& head) {
  return {"dense", "", [&head] { DenseAttention()(head.q, head.k, head.v); }};
}

Method sampled(const Head& head, Recipe recipe, double mass) {
  const SampleAttention attention(Direction::causal, {.recipe = recipe, .mass = mass});
  const auto last = std::make_shared<SampledAttention>();
  return {recipe == Recipe::published ? "published" : "calibrated", number(mass),
          [=, &head] { *last = attention(head.q, head.k, head.v); }, [last] { return last->density(); },
          [last, &head] { return found(last->heads[0].pattern, head.stripes); }};
}

Method window(const Head& head) {
  const Index n = head.q.rows();
  const BandedMask mask(Direction::causal, n, n, {{0, std::max(n * 8 / 100, Index{1})}}, {});
  const auto last = std::make_shared<Attended>();
  const double pairs = static_cast<double>(n) * static_cast<double>(n + 1) / 2;
  return {"window", "", [=, &head] { *last = sparse_attention(head.q, head.k, head.v, mask); },
          [=] { return static_cast<double>(last->pairs[0]) / pairs; }};
}

class Study {
 public:
  Study() : table_{{"method", "mass", "head size", "tokens", "processor seconds", "density", "speed", "stripes"}} {}

  void run(const Head& head, int rounds, const std::vector<double>& masses) {
    std::vector<Method> methods{dense(head)};
    for (const double mass : masses)
      for (const Recipe recipe : {Recipe::published, Recipe::calibrated})
        methods.push_back(sampled(head, recipe, mass));
    if (!masses.empty()) methods.push_back(window(head));
    std::vector<bench::Way> ways;
    for (const Method& method : methods) ways.push_back({method.name, 1, [&](std::uint64_t) { method.call(); }});
    for (int round = 0; round < rounds; ++round) {
      std::cerr << head.kind << "n = " << head.q.rows() << ", round " << round + 1 << " of " << rounds << std::endl;
      bench::take_turns<bench::ProcessorTime>(ways, 1);
    }
    const double all = ways[0].median();
    for (std::size_t k = 0; k < ways.size(); ++k) {
      const double own = ways[k].median();
      table_.push_back({head.kind + methods[k].name, methods[k].mass, std::to_string(head.q.head_size()),
                        std::to_string(head.q.rows()), number(own / 1e6), number(methods[k].density()),
                        number(all / own), methods[k].stripes()});
    }
  }

  const std::vector<bench::Row>& table() const { return table_; }

 private:
  std::vector<bench::Row> table_;
};

}  // namespace

int main(int count, char** arguments) {
  Study study;
  if (const auto path = bench::shared_data("attention_lm/byte_32768_layer2_head0_qkv_f16.npy")) {
    const bench::HeadFile file(*path, true);
    for (const Index n : {4096, 8192, 16384, 32768})
      study.run({"", file.queries(0).topRows(n), file.keys(0).topRows(n), file.values(0).topRows(n)}, 5,
                {0.8, 0.95, 0.99});
  }
  for (const Index n : {8192, 32768}) {
    const auto rows = turnstile::testing::random_rows(1, n, 128);
    study.run({"", rows, rows, rows}, 5, {});
  }
  const turnstile::testing::PlantedHead planted(131072, 64, {100, 5000, 5001, 20000, 47111, 80000, 101010}, 0.5);
  study.run({"synthetic ", planted.q, planted.k, planted.v, planted.stripes}, 3, {0.95});
  bench::print("Time of causal attention (" + bench::machine_line() + ")", study.table());
  const std::string folder = count > 1 ? arguments[1] : ".";
  return bench::write_csv(folder + "/attention_times.csv", study.table(), bench::machine_line()) ? 0 : 1;
}
