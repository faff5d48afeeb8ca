// L2Sampler, as n grows and as ε falls.

#include <benchmark/benchmark.h>

#include <memory>

#include "growth.hpp"

namespace bench {
namespace {

using namespace turnstile;
using Scanning = Policies<ExponentialScaling, ScanRecovery>;

constexpr Index length = 1 << 14;   // of a stream of updates
constexpr Index support = 1 << 18;  // entries that are not 0, at most
constexpr Index states = 8;

// The stream goes to the first of the states, the draws come from all of them.
template <class Sampler>
Subject subject(const std::string& name, double size, Index n, SketchShape shape) {
  const Scattered entries(n, std::min(n, support));
  const auto samplers =
      std::make_shared<std::vector<Sampler>>(samplers_of<Sampler>(entries.indices, entries.changes, n, states, shape));
  return {name,
          size,
          length,
          [stream = Scattered(n, length, 2), fed = samplers->front()]() mutable {
            fed.update(std::span<const Index>(stream.indices), std::span<const double>(stream.changes));
          },
          states,
          [samplers] {
            for (const Sampler& sampler : *samplers) benchmark::DoNotOptimize(sampler.sample());
          },
          static_cast<double>(samplers->front().memory_bytes())};
}

// Updates made one by one: of the sampler itself, or of a buffer of it.
template <class Taker>
Subject one_at_a_time(const std::string& name, Index n) {
  L2Sampler<> empty(n, {.seed = 1});
  return {name,
          static_cast<double>(n),
          length,
          [stream = Scattered(n, length, 2), fed = empty]() mutable {
            Taker taker(fed);
            for (std::size_t k = 0; k < stream.indices.size(); ++k) taker.update(stream.indices[k], stream.changes[k]);
          },
          0,
          {},
          static_cast<double>(empty.memory_bytes())};
}

}  // namespace

bool against_n(const std::string& folder, Fits& fits) {
  constexpr int least = 14, most = 26, most_to_scan = 20;
  std::vector<Subject> trees, scans;
  for (int log_n = least; log_n <= most; log_n += 2) {
    const Index n = Index{1} << log_n;
    trees.push_back(subject<L2Sampler<>>("tree", static_cast<double>(n), n, {}));
    trees.push_back(one_at_a_time<L2Sampler<>&>("tree one at a time", n));
    trees.push_back(one_at_a_time<UpdateBuffer<L2Sampler<>>>("tree one at a time through UpdateBuffer", n));
    if (log_n <= most_to_scan)
      scans.push_back(subject<L2Sampler<double, Scanning>>("scan", static_cast<double>(n), n, {}));
  }
  std::vector<Cost> costs = costs_of(trees, 51, 51);
  for (const Cost& cost : costs_of(scans, 51, 3)) costs.push_back(cost);
  fits.add("n", costs,
           {{"tree", "ns an update", &Cost::update_ns, "~ log n; L R adds"},
            {"tree one at a time", "ns an update", &Cost::update_ns, "~ log n"},
            {"tree one at a time through UpdateBuffer", "ns an update", &Cost::update_ns, "~ log n"},
            {"scan", "ns an update", &Cost::update_ns, "n^0"},
            {"tree", "us a draw", &Cost::draw_us, "~ log n"},
            {"scan", "us a draw", &Cost::draw_us, "n^1"},
            {"tree", "bytes", &Cost::bytes, "~ log n"},
            {"scan", "bytes", &Cost::bytes, "n^0"}});
  return shown(folder, "n", "L2Sampler as n grows", "n", costs);
}

bool against_epsilon(const std::string& folder, Fits& fits) {
  constexpr Index n = 1 << 20;
  std::vector<Subject> subjects;
  for (const double inverse : {8.0, 16.0, 32.0, 64.0, 128.0})
    subjects.push_back(subject<L2Sampler<>>("tree", inverse, n, SketchShape::for_draws(n, 1, 0.01, 1 / inverse)));
  const std::vector<Cost> costs = costs_of(subjects, 51, 11);
  fits.add("1/eps", costs,
           {{"tree", "ns an update", &Cost::update_ns, "eps^0 in one cache"},
            {"tree", "us a draw", &Cost::draw_us, "0 to 2; more buckets let the tree begin with more prefixes"},
            {"tree", "bytes", &Cost::bytes, "2"}});
  return shown(folder, "size_epsilon", "L2Sampler as 1/eps grows: n = 2^20", "inverse_epsilon", costs);
}

}  // namespace bench
