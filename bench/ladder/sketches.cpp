// Rungs of CountSketch: updates and point estimates.

#include <turnstile/turnstile.hpp>

#include <span>
#include <string>
#include <vector>

#include "places.hpp"
#include "rung.hpp"

namespace bench {
namespace {

using namespace turnstile;

constexpr Index dimension = 1'000'000;
constexpr SketchShape shape{.rows = 5, .buckets = 8192};

const Scattered& stream() {
  static const Scattered updates(dimension, stream_length);
  return updates;
}

// All of it in one batch.
template <class Sketch>
void feed(Sketch& sketch) {
  sketch.update(std::span(stream().indices), std::span(stream().changes));
}

template <class Hash>
Work batched(CountSketch<double, Hash>& sketch) {
  return {"CountSketch 5 x 8192 batched: " + Hash::name(), stream_length, [&] { feed(sketch); }};
}

Work one_at_a_time(CountSketch<>& sketch) {
  return {"CountSketch 5 x 8192 one at a time", stream_length,
          [&, keys = std::span(stream().indices), changes = std::span(stream().changes)] {
            for (std::size_t k = 0; k < keys.size(); ++k) sketch.update(keys[k], changes[k]);
          }};
}

Work through_a_buffer(CountSketch<>& sketch) {
  return {"CountSketch 5 x 8192 one at a time through UpdateBuffer", stream_length,
          [&, keys = std::span(stream().indices), changes = std::span(stream().changes)] {
            UpdateBuffer buffer(sketch);
            for (std::size_t k = 0; k < keys.size(); ++k) buffer.update(keys[k], changes[k]);
          }};
}

Work point_estimates(const CountSketch<>& sketch) {
  return {"point estimates of 5 rows batched", stream_length,
          [&, estimates = std::vector<double>(stream_length)]() mutable {
            sketch.estimate(std::span(stream().indices), std::span(estimates));
            benchmark::DoNotOptimize(estimates.data());
          }};
}

Work point_estimates_one_at_a_time(const CountSketch<>& sketch) {
  return {"point estimates of 5 rows one at a time", stream_length, [&] {
            for (Index key : stream().indices) benchmark::DoNotOptimize(sketch.estimate(key));
          }};
}

}  // namespace

void climb_sketches(Ladder& ladder) {
  CountSketch<> sketch(shape, 1);
  CountSketch<double, PolynomialHash<4>> polynomial(shape, 1);
  Places places(shape.rows * shape.buckets, shape.rows);
  feed(sketch);
  places.add(stream().changes);
  if (ladder.wants("batched"))
    ladder.compare("batched", batched(sketch),
                   {"5 adds at places in 320 KiB", stream_length, [&] { places.add(stream().changes); }}, at_most(1.5));
  if (ladder.wants("single")) {
    ladder.compare("single", one_at_a_time(sketch), batched(sketch), at_most(2));
    ladder.compare("single", through_a_buffer(sketch), batched(sketch), at_most(2));
  }
  if (ladder.wants("polynomial")) ladder.compare("polynomial", batched(polynomial), batched(sketch), at_most(3));
  if (ladder.wants("estimate")) {
    const Work loads{"5 loads at places in 320 KiB", stream_length, [&] { places.load(); }};
    ladder.compare("estimate", point_estimates(sketch), loads, at_most(3));
    ladder.compare("estimate", point_estimates_one_at_a_time(sketch), loads, reported(at_most(3)));
  }
}

}  // namespace bench
