// Rungs of L2Sampler: updates and draws.

#include <turnstile/turnstile.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "exact_draw.hpp"
#include "places.hpp"
#include "rung.hpp"

namespace bench {
namespace {

using namespace turnstile;

using Scanning = Policies<ExponentialScaling, ScanRecovery>;
constexpr Index dimension = 1'000'000;
constexpr SketchShape norm = DefaultPolicies::norm_type::shape();

// Feeds the same stream again and again.
template <class Sampler>
Work fed(const std::string& name, Sampler& sampler) {
  return {name, stream_length, [&sampler, stream = Scattered(dimension, stream_length)] {
            sampler.update(std::span(stream.indices), std::span(stream.changes));
          }};
}

// Adds to a table, and to that of a norm sketch.
Work adds(const std::string& name, Index counters, Index of_table, Index of_norm) {
  return {name, stream_length,
          [table = Places(counters, of_table), plain = Places(norm.rows * norm.buckets, of_norm),
           changes = Scattered(dimension, stream_length).changes]() mutable {
            table.add(changes);
            plain.add(changes);
          }};
}

// Places and values that no counter then sees.
void look_at(const RowOfAdds<double>& row) {
  benchmark::DoNotOptimize(row.buckets.data());
  benchmark::DoNotOptimize(row.values.data());
  benchmark::ClobberMemory();
}

// What updates compute, without an add: hashes, signs, scales and residues.
template <class Sampler>
Work arithmetic(const std::string& name, const Sampler& sampler) {
  return {name, stream_length, [&op = sampler.linear_map(), stream = Scattered(dimension, stream_length)] {
            const std::span<const double> changes(stream.changes);
            op.scatter(std::span<const Index>(stream.indices), changes, look_at, look_at);
            op.for_each_fingerprint(stream.indices, [&](std::size_t at, std::span<const std::uint64_t> weights) {
              benchmark::DoNotOptimize(turnstile::detail::residue_sum61(weights, changes.subspan(at, weights.size())));
            });
          }};
}

void climb_scan_update(Ladder& ladder) {
  constexpr SketchShape shape{.rows = 5, .buckets = 4096};
  L2Sampler<double, Scanning> sampler(dimension, {.seed = 1, .shape = shape});
  const Work own = fed("L2Sampler batched: scan 5 x 4096", sampler);
  const Index counters = shape.rows * shape.buckets;
  ladder.compare("scan", own, adds("its 5 + 3 adds at places in 160 + 6 KiB", counters, shape.rows, norm.rows),
                 at_most(2));
  ladder.compare("scan", own, adds("the 5 adds to its table alone", counters, shape.rows, 0), reported(at_most(2)));
  ladder.compare("scan", own, arithmetic("its arithmetic alone", sampler), reported(at_most(2)));
}

void climb_tree_update(Ladder& ladder) {
  L2Sampler<> sampler(dimension, {.seed = 1});
  constexpr Index counters = (256 << 10) / sizeof(double);
  const Work own = fed("L2Sampler batched: tree 3 x 5 x 1024", sampler);
  ladder.compare("tree", own, adds("one add at a place in 256 KiB", counters, 1, 0), at_most(24));
  ladder.compare("tree", own, arithmetic("its arithmetic alone", sampler), reported(at_most(2)));
}

using Vectors = std::vector<std::vector<double>>;

// A sampler of each of `count` of these vectors, all of length n; y has its entries at every stride-th place.
template <class Sampler>
std::vector<Sampler> samplers_of(const Vectors& vectors, Index n, std::size_t count) {
  const Index stride = n / std::ssize(vectors.front());
  std::vector<Index> keys(vectors.front().size());
  for (std::size_t k = 0; k < keys.size(); ++k) keys[k] = static_cast<Index>(k) * stride;
  std::vector<Sampler> samplers;
  for (std::size_t k = 0; k < count; ++k) {
    samplers.emplace_back(n, SamplerOptions{.seed = static_cast<Seed>(k)});
    samplers.back().update(std::span<const Index>(keys), std::span(vectors[k]));
  }
  return samplers;
}

template <class Sampler>
Work draws(const std::string& name, const std::vector<Sampler>& samplers) {
  return {name, static_cast<double>(samplers.size()), [&] {
            for (const Sampler& sampler : samplers) benchmark::DoNotOptimize(sampler.sample());
          }};
}

// The same from `count` of the vectors themselves.
Work passes(const std::string& name, const Vectors& vectors, std::size_t count) {
  const MixHash words(derive_seed(1, "coins"));
  return {name, static_cast<double>(vectors.size()), [&vectors, count, words, toss = std::uint64_t{0}]() mutable {
            for (std::size_t k = 0; k < vectors.size(); ++k)
              benchmark::DoNotOptimize(exact_draw(vectors[k % count], uniform_variate(words(toss++))));
          }};
}

// Vectors take turns, as they do where there are many streams: one state alone would teach the branch predictor its
// draw, and one y alone would stay in a cache.
void climb_draw(Ladder& ladder) {
  constexpr Index few = 1 << 20, many = 1 << 26;
  constexpr std::size_t streams = 16;
  Vectors vectors;
  for (std::size_t k = 0; k < streams; ++k) vectors.push_back(Scattered(few, few, k).changes);
  const auto trees = samplers_of<L2Sampler<>>(vectors, few, streams);
  const Work own = draws("sample(): tree; n = 2^20", trees);
  ladder.compare("draw", own, passes("a pass over y that draws; y in memory", vectors, streams), faster(5),
                 {.seconds = 2});
  ladder.compare("draw", own, passes("the same; y in the last cache", vectors, 1), reported(faster(5)), {.seconds = 2});
  const auto tall = samplers_of<L2Sampler<>>(vectors, many, streams);
  const auto scans = samplers_of<L2Sampler<double, Scanning>>(vectors, many, 1);
  ladder.compare("draw", draws("sample(): tree; n = 2^26", tall), draws("sample(): scan; n = 2^26", scans),
                 faster(1000), {.seconds = 0, .rounds = 2});
}

}  // namespace

void climb_samplers(Ladder& ladder) {
  if (ladder.wants("scan")) climb_scan_update(ladder);
  if (ladder.wants("tree")) climb_tree_update(ladder);
  if (ladder.wants("draw")) climb_draw(ladder);
}

}  // namespace bench
