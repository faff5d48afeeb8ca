#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"
#include "support/refusal.hpp"
#include "support/small_samplers.hpp"
#include "support/survivor.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

// zero, failed and sampled told apart, also after long streams whose updates cancel. `zero` may be
// wrong with probability 2⁻⁶¹, so these tests are not statistical.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using ScanSampler = L2Sampler<double, Scan>;

constexpr Index dimension = 10'000;

// `count` random keys with values that size(k) gives.
template <class Scalar, class Size>
Updates<Scalar> random_updates(std::uint64_t count, Seed seed, Size size) {
  const MixHash words(derive_seed(seed, "random updates"));
  Updates<Scalar> updates;
  for (std::uint64_t k = 0; k < count; ++k)
    updates.push(static_cast<Index>(words(2 * k) % std::uint64_t{dimension}),
                 static_cast<Scalar>((uniform_variate(words(2 * k + 1)) - 0.5) * size(k)));
  return updates;
}

template <class S, class Scalar>
void feed(S& sampler, const Updates<Scalar>& updates) {
  sampler.update(updates.indices, updates.deltas);
}

}  // namespace

TEMPLATE_TEST_CASE("A fresh sampler is zero and has nothing to read", "[outcome]", L2Sampler<>, L2Sampler<float>,
                   ScanSampler) {
  const TestType sampler(1000, {.seed = 5});
  const auto result = sampler.sample();
  CHECK(result.outcome() == Outcome::zero);
  CHECK(!result);
  CHECK(contains(message_of<BadDraw>([&] { result.value(); }), "zero"));
  CHECK(contains(message_of<BadDraw>([&] { *result; }), "zero"));
  CHECK(contains(message_of<BadDraw>([&] { static_cast<void>(result->index); }), "zero"));
  CHECK(sampler.sample_without_replacement(3).empty());
  CHECK(sampler.sample_with_replacement(3, 1).empty());
  CHECK(sampler.heaviest(3).empty());
  CHECK(sampler.squared_norm() == 0);
  CHECK(sampler.estimate(7) == 0);
}

TEST_CASE("A failed draw says so when it is read", "[outcome]") {
  L2Sampler<> sampler(1000, {.seed = 5, .shape = {.rows = 1, .buckets = 1}});
  for (Index i = 0; i < 1000; ++i) sampler.update(i, 1.0);
  const auto result = sampler.sample();
  REQUIRE(result.outcome() == Outcome::failed);
  CHECK(!result);
  CHECK(contains(message_of<BadDraw>([&] { *result; }), "failed"));
}

TEMPLATE_TEST_CASE("Inserts and deletes that cancel in another order and in other pieces leave zero", "[outcome]",
                   L2Sampler<>, L2Sampler<float>, ScanSampler) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= 5; ++seed) {
    TestType sampler(dimension, {.seed = seed});
    const auto inserted = integer_stream<Scalar>(dimension, 2000, seed);
    feed(sampler, inserted);
    REQUIRE(sampler.sample().outcome() != Outcome::zero);
    feed(sampler, undoing(chopped_and_shuffled(inserted, seed), seed));
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEST_CASE("Deleting what was inserted leaves zero although 0.1 + 0.2 rounds", "[outcome]") {
  L2Sampler<> sampler(dimension, {.seed = 1});
  for (double delta : {0.1, 0.2, 0.3, -0.2, -0.3, -0.1}) sampler.update(3, delta);
  CHECK(sampler.sample().outcome() == Outcome::zero);
  // The double 0.3 is not the exact sum of the doubles 0.1 and 0.2: y_3 = 2.8e-17, below rounding.
  for (double delta : {0.1, 0.2, -0.3}) sampler.update(3, delta);
  CHECK(sampler.sample().outcome() == Outcome::failed);
}

TEST_CASE("Values over two hundred binary orders cancel to zero, and not if one stays", "[outcome]") {
  const auto size = [](std::uint64_t k) { return std::ldexp(1.0, static_cast<int>(k % 201) - 100); };
  for (Seed seed = 1; seed <= 5; ++seed) {
    const auto inserted = random_updates<double>(4000, seed, size);
    L2Sampler<> sampler(dimension, {.seed = seed});
    feed(sampler, inserted);
    auto deleted = undoing(inserted, seed);
    feed(sampler, deleted.part(0, deleted.size() - 1));
    CHECK(sampler.sample().outcome() != Outcome::zero);
    feed(sampler, deleted.part(deleted.size() - 1, deleted.size()));
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

// What survives 2·10⁶ cancelled updates of size 10⁵: found if it stands above the rounding that these
// have left, else `failed`; never another index, never a wrong value.
TEST_CASE("A survivor of two million cancelled updates is found or the draw fails", "[outcome]") {
  const auto count = static_cast<std::uint64_t>(trials(1'000'000));
  const auto inserted = random_updates<double>(count, 1, [](std::uint64_t) { return 2e5; });
  L2Sampler<> cancelled(dimension, {.seed = 1, .shape = SketchShape::for_draws(dimension)});
  feed(cancelled, inserted);
  feed(cancelled, undoing(inserted, 1));
  REQUIRE(cancelled.sample().outcome() == Outcome::zero);

  constexpr Index survivor = 77;
  const auto draw_of = [&](double value) {
    L2Sampler<> sampler = cancelled;
    sampler.update(survivor, value);
    return check_survivor(sampler, survivor, value);
  };
  CHECK(draw_of(1.0) == Outcome::sampled);
  for (double value : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7}) draw_of(value);
  CHECK(draw_of(1e-9) == Outcome::failed);
  CHECK(draw_of(1e-12) == Outcome::failed);
}

TEST_CASE("Survivors that float counters cannot tell from rounding are not guessed at", "[outcome]") {
  for (Seed seed = 1; seed <= 20; ++seed) {
    const auto inserted = random_updates<float>(20'000, seed, [](std::uint64_t) { return 2e5; });
    L2Sampler<float> sampler(dimension, {.seed = seed});
    feed(sampler, inserted);
    sampler.update(77, 1.0F);
    feed(sampler, undoing(inserted, seed));
    check_survivor(sampler, 77, 1.0);
  }
}

TEST_CASE("Cancelled traffic of one key is no phantom at that key or at another", "[outcome]") {
  for (Seed seed = 1; seed <= 50; ++seed) {
    const MixHash words(seed);
    L2Sampler<> sampler(1000, {.seed = seed}), shard(1000, {.seed = seed});
    const auto size = [&](std::uint64_t k) { return uniform_variate(words(k)) * 1e5; };
    for (std::uint64_t k = 0; k < 1000; ++k) sampler.update(5, size(k));
    sampler.update(700, 1e-9);
    for (std::uint64_t k = 0; k < 1000; ++k) shard.update(5, size(7 * k % 1000));
    sampler -= shard;
    check_survivor(sampler, 700, 1e-9);
  }
}

// The state that was merged has no traffic of its own to speak of.
TEST_CASE("Rounding that one state knows of is known after merging, whichever comes first", "[outcome]") {
  for (Seed seed = 1; seed <= 50; ++seed) {
    const MixHash words(seed);
    L2Sampler<> cancelled(1000, {.seed = seed}), shard = cancelled;
    const auto size = [&](std::uint64_t k) { return uniform_variate(words(k)) * 1e5; };
    for (std::uint64_t k = 0; k < 1000; ++k) cancelled.update(5, size(k));
    for (std::uint64_t k = 0; k < 1000; ++k) cancelled.update(5, -size(7 * k % 1000));
    shard.update(700, 1e-9);
    auto sum = cancelled, other_sum = shard, difference = cancelled, other_difference = shard;
    INFO("seed " << seed);
    check_survivor(sum += shard, 700, 1e-9);
    check_survivor(other_sum += cancelled, 700, 1e-9);
    check_survivor(difference -= shard, 700, -1e-9);
    check_survivor(other_difference -= cancelled, 700, 1e-9);
  }
}

// Ten million times the double 0.1 is 10⁶ + 5.55·10⁻¹¹, of which adding leaves only rounding.
TEST_CASE("Ten million adds of 0.1 and one removal of their sum leave no phantom value", "[outcome]") {
  const auto count = static_cast<std::size_t>(trials(10'000'000));
  const long double exact = static_cast<long double>(count) * (static_cast<long double>(0.1) - 0.1L);
  const std::vector<Index> indices(count, 5);
  const std::vector<double> deltas(count, 0.1);
  L2Sampler<> sampler(1000, {.seed = 1});
  sampler.update(indices, deltas);
  sampler.update(5, -static_cast<double>(count / 10));
  INFO("after " << count << " adds");
  check_survivor(sampler, 5, static_cast<double>(exact));
}

TEST_CASE("Sums that would pass the range of a counter are refused, and the state goes on", "[outcome]") {
  L2Sampler<> sampler(100, {.seed = 1});
  sampler.update(3, 1e290);
  sampler.update(9, 1.0);
  const auto double_often = [&] {
    for (int doubling = 0; doubling < 100; ++doubling) sampler += L2Sampler<>(sampler);
  };
  CHECK(contains(message_of<CounterOverflow>(double_often), "pass the range of 1.797"));
  const auto bytes = sampler.to_bytes();
  CHECK_THROWS_AS(sampler += L2Sampler<>(sampler), CounterOverflow);
  CHECK(sampler.to_bytes() == bytes);
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK(draw->index == 3);
}

TEST_CASE("A cleared sampler is as good as new", "[outcome]") {
  const L2Sampler<> fresh(dimension, {.seed = 1});
  L2Sampler<> sampler = fresh;
  feed(sampler, integer_stream<double>(dimension, 500, 1));
  sampler.clear();
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK(sampler.to_bytes() == fresh.to_bytes());
}

// 2⁶¹ ≡ 1 in the field of the fingerprint, so 4 and 2⁻⁵⁹ have one residue. The draw is of 4 − 2⁻⁵⁹.
TEST_CASE("A y whose residue vanishes is drawn all the same", "[outcome]") {
  L2Sampler<> sampler(dimension, {.seed = 1});
  sampler.update(3, 4.0);
  sampler.update(3, -0x1p-59);
  REQUIRE(sampler.image().residue == 0);
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK(draw->index == 3);
  CHECK(draw->value == Approx(4.0));
}
