#include <turnstile/core/update_buffer.hpp>
#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sampler/policies.hpp>
#include <turnstile/sampler/sampler_bank.hpp>
#include <turnstile/sketch/ams_sketch.hpp>
#include <turnstile/sketch/count_sketch.hpp>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <sstream>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"
#include "support/streams.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 1000;

template <class State>
State empty() {
  if constexpr (std::constructible_from<State, SketchShape, Seed>)
    return State({3, 64}, 1);
  else if constexpr (requires { typename State::sampler_type; })
    return State(3, {.seed = 1}, dimension);
  else
    return State(dimension, {.seed = 1});
}

using Whole = CountSketch<std::int64_t>;

}  // namespace

// Whole numbers: their sums do not tell in what groups they were added.
TEMPLATE_TEST_CASE("a buffered stream leaves the state that the stream leaves", "[core]", CountSketch<>, Whole,
                   AmsSketch<float>, L2Sampler<>, (L2Sampler<std::int64_t, IntegerPolicies>),
                   SamplerBank<L2Sampler<>>) {
  const auto stream = whole_number_stream<typename TestType::scalar_type>(1, 1000, dimension);
  TestType single = empty<TestType>();
  for (std::size_t k = 0; k < stream.size(); ++k) single.update(stream.indices[k], stream.deltas[k]);
  for (Index capacity : {1, 7, 500, 512, 2000}) {
    TestType buffered = empty<TestType>();
    {
      UpdateBuffer buffer(buffered, capacity);
      for (std::size_t k = 0; k < stream.size(); ++k) buffer.update(stream.indices[k], stream.deltas[k]);
    }
    CHECK((buffered.to_bytes() == single.to_bytes()));
  }
}

TEST_CASE("a buffer hands on what is pending when it is full and when it is told to", "[core]") {
  CountSketch<> sketch({3, 64}, 1);
  UpdateBuffer buffer(sketch, 2);
  CHECK(buffer.capacity() == 2);
  buffer.update(5, 1.0);
  buffer.update(5, 2.0);
  CHECK(buffer.pending() == 2);
  CHECK(sketch.estimate(5) == 0);
  buffer.update(5, 4.0);
  CHECK(buffer.pending() == 1);
  CHECK(sketch.estimate(5) == 3);
  buffer.flush();
  CHECK(buffer.pending() == 0);
  CHECK(sketch.estimate(5) == 7);
  buffer.flush();
  CHECK(sketch.estimate(5) == 7);
  buffer.update(5, 100.0);
  buffer.discard();
  buffer.flush();
  CHECK(sketch.estimate(5) == 7);
}

TEST_CASE("a buffer refuses at once what its state would refuse", "[core]") {
  L2Sampler<> sampler(dimension, {.seed = 1});
  UpdateBuffer buffer(sampler);
  buffer.update(3, 1.0);
  const auto says = [&](Index index, double delta) {
    const std::string message = message_of<InvalidArgument>([&] { buffer.update(index, delta); });
    CHECK(buffer.pending() == 1);
    return message;
  };
  CHECK(contains(says(-1, 1), "index -1 is outside [0, 1000)"));
  CHECK(contains(says(dimension, 1), "index 1000 is outside [0, 1000)"));
  CHECK(contains(says(0, std::nan("")), "nan, not a finite number"));
  CHECK(contains(says(0, std::numeric_limits<double>::infinity()), "inf, not a finite number"));
  CHECK(contains(message_of<InvalidArgument>([&] { UpdateBuffer none(sampler, 0); }), "capacity is 0"));
  CHECK(
      contains(message_of<InvalidArgument>([&] { UpdateBuffer huge(sampler, (1 << 20) + 1); }), "capacity is 1048577"));
}

TEST_CASE("what a state cannot take stays pending, all of it", "[core]") {
  constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max() / 2 + 1;
  Whole sketch({3, 64}, 1);
  UpdateBuffer buffer(sketch, 2);
  buffer.update(5, large);
  buffer.update(5, large);
  CHECK(contains(refusal<CounterOverflow>(sketch, [&](Whole&) { buffer.flush(); }), "counter"));
  CHECK(contains(refusal<CounterOverflow>(sketch, [&](Whole&) { buffer.update(6, 1); }), "counter"));
  CHECK(buffer.pending() == 2);
  sketch.update(5, -large);
  buffer.flush();
  CHECK(buffer.pending() == 0);
  CHECK(sketch.estimate(5) == large);
}

TEST_CASE("a buffer prints how full it is, and of what", "[core]") {
  L2Sampler<> sampler(dimension, {.seed = 1});
  UpdateBuffer buffer(sampler, 100);
  buffer.update(3, 1.0);
  std::ostringstream text;
  text << buffer;
  CHECK(contains(text.str(), "UpdateBuffer(1 of 100 pending) of L2Sampler("));
}
