// k draws of one state beside a state for each draw.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "growth.hpp"

namespace bench {
namespace {

using namespace turnstile;

constexpr Index n = 1 << 20;

// y_i = 1/i^power, in an order of its own.
struct HeavyTailed {
  std::vector<Index> keys;  // heaviest first
  std::vector<double> values;

  explicit HeavyTailed(double power) : keys(static_cast<std::size_t>(n)), values(keys.size()) {
    constexpr Index step = 610'839;  // odd, so that all of [0, 2²⁰) is met
    for (Index i = 0; i < n; ++i) {
      keys[static_cast<std::size_t>(i)] = i * step % n;
      values[static_cast<std::size_t>(i)] = std::pow(static_cast<double>(i + 1), -power);
    }
  }

  // Of the k heaviest entries, the share that is among these draws.
  double recall(const std::set<Index>& drawn, Index k) const {
    const auto found = std::count_if(keys.begin(), keys.begin() + k, [&](Index key) { return drawn.contains(key); });
    return static_cast<double>(found) / static_cast<double>(k);
  }
};

// k draws without replacement of one state that is made for them.
Subject one_state(const HeavyTailed& y, Index k) {
  constexpr Index length = 1 << 12;
  const SamplerOptions options{.seed = 1, .shape = SketchShape::for_draws(n, k)};
  const auto sampler = std::make_shared<L2Sampler<>>(n, options);
  sampler->update(std::span(y.keys), std::span(y.values));
  return {"one state",
          static_cast<double>(k),
          length,
          [stream = Scattered(n, length), fed = *sampler]() mutable {
            fed.update(std::span<const Index>(stream.indices), std::span<const double>(stream.changes));
          },
          1,
          [sampler, k] { benchmark::DoNotOptimize(sampler->sample_without_replacement(k)); },
          static_cast<double>(sampler->memory_bytes())};
}

// A draw of each of k states. What they hold counts for nothing here; 2¹⁰ entries are quick to feed.
Subject bank_of(const HeavyTailed& y, Index k) {
  constexpr Index length = 1 << 10;
  const auto bank =
      std::make_shared<SamplerBank<L2Sampler<>>>(k, SamplerOptions{.seed = 1, .shape = SketchShape::for_draws(n)}, n);
  bank->update(std::span(y.keys).first(length), std::span(y.values).first(length));
  return {"bank",
          static_cast<double>(k),
          length,
          [bank, stream = Scattered(n, length)] {
            bank->update(std::span<const Index>(stream.indices), std::span<const double>(stream.changes));
          },
          1,
          [bank] { benchmark::DoNotOptimize(bank->draws()); },
          static_cast<double>(bank->memory_bytes())};
}

// Both fed the same y: what they find of its heaviest entries.
Row recall_row(double power, Index k, Index repetitions) {
  const HeavyTailed y(power);
  const SketchShape of_one = SketchShape::for_draws(n, k), of_each = SketchShape::for_draws(n);
  double recall_of_one = 0, recall_of_bank = 0, draws_needed = 0;
  for (Index seed = 1; seed <= repetitions; ++seed) {
    L2Sampler<> one(n, {.seed = static_cast<Seed>(seed), .shape = of_one});
    one.update(std::span(y.keys), std::span(y.values));
    SamplerBank<L2Sampler<>> bank(k, {.seed = static_cast<Seed>(seed), .shape = of_each}, n);
    bank.update(std::span(y.keys), std::span(y.values));
    std::set<Index> of_bank, of_state;
    for (const auto& draw : bank.draws())
      if (draw) of_bank.insert(draw->index);
    const double reached = y.recall(of_bank, k);
    Index needed = 0;
    for (const auto& draw : one.sample_without_replacement(k)) {
      needed += y.recall(of_state, k) < reached;
      of_state.insert(draw.index);
    }
    recall_of_bank += reached;
    recall_of_one += y.recall(of_state, k);
    draws_needed += static_cast<double>(needed);
  }
  const std::vector<Cost> costs = costs_of({one_state(y, k), bank_of(y, k)}, 21, 1);
  const double count = static_cast<double>(repetitions);
  return {"1/i^" + number(power),
          number(recall_of_one / count),
          number(recall_of_bank / count),
          number(draws_needed / count),
          number(costs[0].update_ns),
          number(costs[1].update_ns),
          number(costs[1].update_ns / costs[0].update_ns),
          examples::bytes_text(costs[0].bytes),
          examples::bytes_text(costs[1].bytes)};
}

}  // namespace

bool against_k(const std::string& folder, Fits& fits) {
  const HeavyTailed y(0.5);
  std::vector<Subject> subjects;
  for (const Index k : {1, 3, 10, 30, 100, 300, 1000}) {
    subjects.push_back(one_state(y, k));
    subjects.push_back(bank_of(y, k));
  }
  const std::vector<Cost> costs = costs_of(subjects, 11, 1);
  fits.add("k", costs,
           {{"one state", "ns an update", &Cost::update_ns, "k^0; more as the table leaves caches"},
            {"bank", "ns an update", &Cost::update_ns, "k^1"},
            {"one state", "us for k draws", &Cost::draw_us, "k^1"},
            {"bank", "us for k draws", &Cost::draw_us, "k^1"},
            {"one state", "bytes", &Cost::bytes, "~ k ln(n/k)"},
            {"bank", "bytes", &Cost::bytes, "k^1"}});
  const bool written = shown(folder, "k", "k draws of one state and of a bank of k: n = 2^20", "k", costs);
  std::vector<Row> recalls{{"y", "recall of one state", "recall of the bank", "draws until equal recall",
                            "ns an update of one state", "ns an update of the bank", "times", "bytes of one state",
                            "bytes of the bank"}};
  for (const double power : {0.5, 1.0}) recalls.push_back(recall_row(power, 100, 3));
  print("The 100 heaviest entries by 100 draws: n = 2^20", recalls);
  return write_csv(folder + "/growth_recall.csv", recalls, machine_line()) && written;
}

}  // namespace bench
