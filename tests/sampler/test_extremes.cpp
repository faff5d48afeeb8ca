#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"
#include "support/survivor.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

// Streams at the ends of what numbers can be: long, huge, tiny, and all of it at once. A draw is right, or there is
// none; nothing is drawn of a vector that cancelled.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using IntegerSampler = L2Sampler<std::int64_t, IntegerPolicies>;

constexpr Index dimension = 5000;

// Feeds `length` updates of magnitude 10⁹ and then their opposites in another order, by batches that are made on the
// way: update k of the second half undoes update step·k mod length of the first.
template <class S>
void feed_and_undo(S& sampler, std::uint64_t length) {
  using Scalar = typename S::scalar_type;
  constexpr std::uint64_t batch = 10'000, step = 7'368'787;  // prime to the lengths used here
  const MixHash words(derive_seed(1, "long stream"));
  for (const Scalar sign : {Scalar(1), Scalar(-1)})
    for (std::uint64_t first = 0; first < length; first += batch) {
      Updates<Scalar> updates;
      for (std::uint64_t k = first; k < std::min(first + batch, length); ++k) {
        const std::uint64_t of = sign > 0 ? k : step * k % length;
        const auto value = static_cast<std::int64_t>(words(2 * of) % 2'000'000'001) - 1'000'000'000;
        const auto index = static_cast<Index>(words(2 * of + 1) % std::uint64_t{dimension});
        updates.push(index, sign * static_cast<Scalar>(value));
      }
      sampler.update(updates.indices, updates.deltas);
    }
}

// Twenty coordinates, each changed by 3 units and then by -1 three times: y = 0.
template <class Scalar>
void feed_threes(L2Sampler<Scalar>& sampler, Scalar unit) {
  for (Index i = 0; i < 20; ++i) {
    sampler.update(7 * i, 3 * unit);
    for (int k = 0; k < 3; ++k) sampler.update(7 * i, -unit);
  }
}

}  // namespace

// Ten million updates (Σ |Δ| about 10¹⁶), five million of them and their opposites. Doubles have then rounded, and say
// so: the outcome of what is left is `zero` exactly when nothing is, and a survivor is drawn or the draw fails.
TEST_CASE("Ten million updates of magnitude 10^9 that cancel are zero, and hide no survivor as another",
          "[outcome][long]") {
  const auto half = static_cast<std::uint64_t>(trials(5'000'000));
  L2Sampler<> sampler(dimension, {.seed = 1});
  feed_and_undo(sampler, half);
  REQUIRE(sampler.sample().outcome() == Outcome::zero);
  for (double value : {1e6, 1e3, 1.0, 1e-3, 1e-6}) {
    auto left = sampler;
    left.update(77, value);
    check_survivor(left, 77, value);
  }
}

TEST_CASE("Ten million updates of magnitude 10^9 to integers leave nothing, and a survivor of 1", "[outcome][long]") {
  const auto half = static_cast<std::uint64_t>(trials(5'000'000));
  IntegerSampler sampler(dimension, {.seed = 1});
  feed_and_undo(sampler, half);
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK(sampler.image().scaled.all_zero());
  sampler.update(77, -1);
  CHECK(check_survivor(sampler, 77, -1) == Outcome::sampled);
}

// Products with the scale factors lose whole units here, which no relative bound on rounding knows of.
TEMPLATE_TEST_CASE("Numbers below the normal range that cancel are no phantom", "[outcome]", double, float) {
  using Limits = std::numeric_limits<TestType>;
  for (Seed seed = 1; seed <= 50; ++seed)
    for (TestType unit : {Limits::denorm_min(), 100 * Limits::denorm_min(), Limits::min() / 1024, Limits::min() / 4}) {
      L2Sampler<TestType> sampler(dimension, {.seed = seed});
      feed_threes(sampler, unit);
      CHECK(sampler.sample().outcome() == Outcome::zero);
      sampler.update(4321, 5 * unit);
      check_survivor(sampler, 4321, 5 * static_cast<double>(unit));
      sampler.update(1234, 1);
      CHECK(check_survivor(sampler, 1234, 1) == Outcome::sampled);
      CHECK(sampler.sample_without_replacement(3).size() == 1);
    }
}

// y_i = ±10^{300 − 10 i}, i < 60. Sixty draws without replacement would need counters of 600 digits: what is found has
// its value, what is lost below the rounding of larger ones is not guessed at.
TEST_CASE("Values over six hundred orders of magnitude are drawn from the largest on, or not at all", "[outcome]") {
  const auto exact = [](Index i) { return std::pow(10.0, 298 - 10 * static_cast<double>(i)) * (i % 2 == 0 ? 1 : -1); };
  for (Seed seed = 1; seed <= 20; ++seed) {
    L2Sampler<> sampler(dimension, {.seed = seed});
    for (Index i = 60; i-- > 0;) sampler.update(83 * i, exact(i));
    const auto draws = sampler.sample_without_replacement(60);
    REQUIRE_FALSE(draws.empty());
    CHECK(draws.front().index == 0);
    for (const auto& draw : draws) {
      REQUIRE(draw.index % 83 == 0);
      CHECK(draw.value == Approx(exact(draw.index / 83)).epsilon(0.01));
    }

    for (Index i = 0; i < 60; ++i) {  // the largest first
      sampler.update(83 * i, -exact(i));
      const auto draw = sampler.sample();
      if (i + 1 < 60) CHECK(draw.outcome() != Outcome::zero);
      if (draw) CHECK(draw->value == Approx(exact(draw->index / 83)).epsilon(0.01));
    }
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

// The largest change whose scaled counter is sure to fit: 2²⁹ below the largest number. One of more is refused.
TEMPLATE_TEST_CASE("The largest numbers are taken or refused, and never become infinite", "[outcome]", double, float) {
  using Limits = std::numeric_limits<TestType>;
  for (Seed seed = 1; seed <= 20; ++seed) {
    L2Sampler<TestType> sampler(dimension, {.seed = seed});
    const TestType large = Limits::max() / TestType(0x1p30);
    sampler.update(3, large);
    const auto before = sampler.to_bytes();
    CHECK_THROWS_AS(sampler.update(4, Limits::max() / 2), CounterOverflow);
    CHECK((sampler.to_bytes() == before));
    CHECK(check_survivor(sampler, 3, static_cast<double>(large)) == Outcome::sampled);
    sampler.update(3, -large);
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}
