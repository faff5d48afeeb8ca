// Rungs of states: two threads, counters of half the size, sums of states, bytes.

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "places.hpp"
#include "rung.hpp"

namespace bench {
namespace {

using namespace turnstile;

constexpr Index dimension = 1'000'000;

void climb_threads(Ladder& ladder) {
  constexpr Index shards = 16;
  const Scattered stream(dimension, shards * stream_length);
  const auto by = [&](const std::string& name, Index threads) -> Work {
    return {name, static_cast<double>(stream.indices.size()), [&stream, threads] {
              L2Sampler<> sampler(dimension, {.seed = 1});
              ingest_in_shards(sampler, shards, threads, [&](L2Sampler<>& part, Index shard) {
                const auto first = static_cast<std::size_t>(shard * stream_length);
                part.update(std::span(stream.indices).subspan(first, stream_length),
                            std::span(stream.changes).subspan(first, stream_length));
              });
              benchmark::DoNotOptimize(sampler);
            }};
  };
  ladder.compare<examples::Stopwatch>("threads", by("L2Sampler in 16 shards: two threads", 2), by("one thread", 1),
                                      reported(faster(1.85)));
}

// Rows of 64 numbers, added to a state that no cache near the core holds.
template <class Scalar>
Work rows_added(const std::string& name) {
  constexpr Index columns = 64, buckets = 1 << 14;
  using Row = RowCounter<Scalar>;
  std::vector<Row> rows;
  for (Index k = 0; k < 1024; ++k) rows.push_back(Row::Constant(columns, static_cast<Scalar>(k % 7 - 3)));
  return {name, static_cast<double>(rows.size()),
          [rows, keys = Scattered(dimension, std::ssize(rows)).indices,
           sketch = SketchedMatrix<Scalar>({.rows = 5, .buckets = buckets}, 1, columns)]() mutable {
            sketch.update(std::span<const Index>(keys), std::span<const Row>(rows));
          }};
}

template <class Scalar>
Work numbers_added(const std::string& name) {
  constexpr Index buckets = 1 << 20;
  const Scattered stream(dimension, 1 << 16);
  return {name, static_cast<double>(stream.indices.size()),
          [keys = stream.indices, changes = std::vector<Scalar>(stream.changes.begin(), stream.changes.end()),
           sketch = CountSketch<Scalar>({.rows = 5, .buckets = buckets}, 1)]() mutable {
            sketch.update(std::span<const Index>(keys), std::span<const Scalar>(changes));
          }};
}

void climb_float(Ladder& ladder) {
  ladder.compare("float", rows_added<float>("SketchedMatrix 5 x 16384 x 64 in float"),
                 rows_added<double>("the same in double"), faster(1.2));
  ladder.compare("float", numbers_added<float>("CountSketch 5 x 2^20 in float"),
                 numbers_added<double>("the same in double"), reported(faster(1.2)));
}

CountSketch<> filled(SketchShape shape, Seed stream) {
  CountSketch<> sketch(shape, 1);
  const Scattered updates(dimension, dimension, stream);
  sketch.update(std::span(updates.indices), std::span(updates.changes));
  return sketch;
}

std::string text_of(SketchShape shape) { return std::to_string(shape.rows) + " x " + std::to_string(shape.buckets); }

constexpr SketchShape near{.rows = 5, .buckets = 8192}, far{.rows = 5, .buckets = 1 << 20};

void climb_merge(Ladder& ladder) {
  for (const SketchShape& shape : {near, far}) {
    CountSketch<> sum = filled(shape, 1);
    const CountSketch<> other = filled(shape, 2);
    std::vector<double> a(sum.counters().begin(), sum.counters().end());
    const std::vector<double> b(other.counters().begin(), other.counters().end());
    ladder.compare("merge",
                   {"CountSketch " + text_of(shape) + " += another", 1,
                    [&] {
                      sum += other;
                      benchmark::ClobberMemory();
                    }},
                   {"one pass a += b", 1,
                    [&] {
                      for (std::size_t k = 0; k < a.size(); ++k) a[k] += b[k];
                      benchmark::DoNotOptimize(a.data());
                      benchmark::ClobberMemory();
                    }},
                   at_most(1.3));
  }
}

void climb_bytes(Ladder& ladder) {
  for (const SketchShape& shape : {near, far}) {
    const CountSketch<> sketch = filled(shape, 1);
    const std::vector<std::byte> bytes = sketch.to_bytes();
    std::vector<std::byte> copy(bytes.size());
    const Work limit{"memcpy of its bytes", 1, [&] {
                       std::memcpy(copy.data(), bytes.data(), bytes.size());
                       benchmark::DoNotOptimize(copy.data());
                       benchmark::ClobberMemory();
                     }};
    const Work into_new_memory{"a copy of its bytes in new memory", 1,
                               [&] { benchmark::DoNotOptimize(std::vector<std::byte>(bytes)); }};
    const std::string of = "CountSketch " + text_of(shape) + ' ';
    const Work to{of + "to_bytes", 1, [&] { benchmark::DoNotOptimize(sketch.to_bytes()); }};
    const Work from{of + "from_bytes", 1, [&] { benchmark::DoNotOptimize(CountSketch<>::from_bytes(bytes)); }};
    for (const Work& work : {to, from}) {
      ladder.compare("bytes", work, limit, at_most(3));
      ladder.compare("bytes", work, into_new_memory, reported(at_most(3)));
    }
  }
}

}  // namespace

void climb_states(Ladder& ladder) {
  if (ladder.wants("threads")) climb_threads(ladder);
  if (ladder.wants("float")) climb_float(ladder);
  if (ladder.wants("merge")) climb_merge(ladder);
  if (ladder.wants("bytes")) climb_bytes(ladder);
}

}  // namespace bench
