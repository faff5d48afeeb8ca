#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"
#include "support/refused_unchanged.hpp"
#include "support/states.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

// L2Sampler of integers: nothing rounds, and nothing overflows.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using IntegerSampler = L2Sampler<std::int64_t, IntegerPolicies>;
using Stream = Updates<std::int64_t>;

constexpr Index dimension = 5000;
constexpr std::int64_t most_mass = std::int64_t{1} << 62;

// Random indices, and integers within ±size.
Stream stream_of_size(std::size_t count, std::int64_t size, Seed seed) {
  const MixHash words(derive_seed(seed, "large integers"));
  Stream stream;
  for (std::uint64_t k = 0; k < count; ++k)
    stream.push(static_cast<Index>(words(2 * k) % std::uint64_t{dimension}),
                static_cast<std::int64_t>(words(2 * k + 1) % static_cast<std::uint64_t>(2 * size + 1)) - size);
  return stream;
}

IntegerSampler fed(const Stream& stream, Seed seed = 1) {
  IntegerSampler sampler(dimension, {.seed = seed});
  sampler.update(stream.indices, stream.deltas);
  return sampler;
}

}  // namespace

TEST_CASE("Factors are those of the exponential scaling in steps of 2^-24", "[integer]") {
  const SamplerOptions options;
  const FixedPointScaling scaling(options);
  const ExponentialScaling exact(options);
  std::vector<std::uint64_t> words{0, ~std::uint64_t{0}};
  for (std::uint64_t k = 0; k < 1000; ++k) words.push_back(MixHash(3)(k));
  std::vector<double> scales(words.size());
  scaling(words, scales);
  for (std::size_t k = 0; k < words.size(); ++k) {
    CHECK(scales[k] == scaling(words[k]));
    CHECK(scales[k] == std::floor(scales[k]));
    CHECK(std::abs(scales[k] - 0x1p24 * exact(words[k])) <= 0.5);
    CHECK(scales[k] >= 1 / 2e-7 / 2);  // so that half a step is less than 2e-7 of it
    CHECK(scales[k] <= scaling.largest());
  }
  CHECK(scaling.largest() == 0x1p24 * exact.largest());
  for (double power : {1.0, 0.5, 1.999}) {
    CAPTURE(power);
    const auto make = [&] { IntegerSampler(dimension, {.power = power}); };
    CHECK(contains(message_of<InvalidArgument>(make), "takes 2 only"));
  }
}

// Counters are compared to the bit, through the bytes.
TEST_CASE("One by one, in any order, in shards: the same bits", "[integer]") {
  for (Seed seed = 1; seed <= 5; ++seed) {
    const Stream stream = stream_of_size(700, 1'000'000'000, seed);
    const auto bytes = fed(stream, seed).to_bytes();
    IntegerSampler single(dimension, {.seed = seed}), shards(dimension, {.seed = seed});
    for (std::size_t k = 0; k < stream.size(); ++k) single.update(stream.indices[k], stream.deltas[k]);
    for (std::size_t first = 0; first < 700; first += 100) shards += fed(stream.part(first, first + 100), seed);
    CHECK((single.to_bytes() == bytes));
    CHECK((fed(shuffled(stream, MixHash(seed)), seed).to_bytes() == bytes));
    CHECK((shards.to_bytes() == bytes));
    CHECK((IntegerSampler::from_bytes(bytes).to_bytes() == bytes));
  }
}

TEST_CASE("The counters are the sums that they stand for", "[integer]") {
  IntegerSampler sampler(dimension, {.seed = 7});
  sampler.update(3, 1'000'000'007);
  sampler.update(3, -7);
  const auto& map = sampler.linear_map();
  const Index key = map.recovery().key(3);
  map.table().for_each_row(std::span(&key, 1), [&](std::size_t, const RowOfCells& row) {
    const auto exact = detail::int128{1'000'000'000} * static_cast<std::int64_t>(map.scale(3));
    CHECK((sampler.image().scaled.flat()[static_cast<std::size_t>(row.cell(0))] == (row.negative(0) ? -exact : exact)));
  });
  CHECK(sampler.image().residue == detail::multiply61(map.fingerprint_weight(3), 1'000'000'000));
  CHECK(sampler.image().mass == 1'000'000'014);
  CHECK(sampler.estimate(3) == 1'000'000'000);
  CHECK(sampler.squared_norm() == Approx(1e18));
}

TEST_CASE("A stream of magnitude 10^9 that cancels is zero, with every counter at 0", "[integer]") {
  for (Seed seed = 1; seed <= 5; ++seed) {
    const Stream stream = stream_of_size(20'000, 1'000'000'000, seed);
    IntegerSampler sampler = fed(stream, seed);
    CHECK(sampler.sample().outcome() == Outcome::sampled);
    const Stream back = undoing(chopped_and_shuffled(stream, seed), seed);
    sampler.update(back.indices, back.deltas);
    CHECK(sampler.sample().outcome() == Outcome::zero);
    CHECK(sampler.image().scaled.all_zero());
    CHECK(sampler.image().plain.all_zero());
    CHECK(sampler.sample_with_replacement(3, 1).empty());

    // Where doubles must say `failed` of a survivor below their rounding, here it is drawn, to the unit.
    sampler.update(77, 1);
    const auto draw = sampler.sample();
    REQUIRE(draw);
    CHECK(draw->index == 77);
    CHECK(draw->value == 1);
    CHECK(draw->probability == 1);
  }
}

// The largest of 53 bits is told from its neighbours, which have the same double.
TEST_CASE("Fingerprints are of integers, not of the doubles next to them", "[integer]") {
  constexpr std::int64_t large = (std::int64_t{1} << 60) + 1;
  IntegerSampler sampler(dimension, {.seed = 1});
  sampler.update(3, large);
  sampler.update(3, -(large - 1));
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK(draw->value == 1);
  sampler.update(3, -1);
  CHECK(sampler.sample().outcome() == Outcome::zero);
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  for (std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, large, -large, least})
    CHECK(detail::add61(detail::integer_residue61(value), detail::integer_residue61(~value)) == detail::mersenne61 - 1);
}

// Σ over all indices is 0 in the fingerprint's place, but counters are not: that is no zero, and nothing stands out.
TEST_CASE("Counters that are not 0 are never called zero, whatever the fingerprint says", "[integer]") {
  IntegerSampler sampler(dimension, {.seed = 1, .shape = {.rows = 1, .buckets = 1}});
  for (Index i = 0; i < dimension; ++i) sampler.update(i, 1);
  REQUIRE(sampler.sample().outcome() == Outcome::failed);
  const auto altered =
      IntegerSampler::from_bytes(with_number(sampler, arrays_at(sampler.identity()), std::uint64_t{0}));
  REQUIRE(altered.image().residue == 0);
  CHECK(altered.sample().outcome() == Outcome::failed);
}

TEST_CASE("Draws without replacement leave nothing behind them", "[integer]") {
  IntegerSampler sampler(dimension, {.seed = 2});
  for (Index i = 0; i < 10; ++i) sampler.update(100 * i, 1 + 1'000'000'000 * i);
  const auto draws = sampler.sample_without_replacement(20);
  REQUIRE(draws.size() == 10);
  for (const auto& draw : draws) CHECK(draw.value == 1 + 10'000'000 * draw.index);
}

TEST_CASE("A change that could overflow is refused before anything changes", "[integer]") {
  IntegerSampler sampler(dimension, {.seed = 1});
  sampler.update(3, most_mass - 10);
  sampler.update(5, -10);
  const auto says = [&](const auto& action) { return refusal<CounterOverflow>(sampler, action); };
  const std::vector<Index> indices{1, 2};
  const std::vector<std::int64_t> least(2, std::numeric_limits<std::int64_t>::min()), small{0, 1};
  CHECK(contains(says([](auto& s) { s.update(5, 10); }), "mass 10 and those before them, of 4611686018427387904"));
  CHECK(contains(says([](auto& s) { s.update(4, -1); }), "pass 4611686018427387904"));
  CHECK(contains(says([&](auto& s) { s.update(9, least[0]); }), "mass 9223372036854775808"));
  CHECK(contains(says([&](auto& s) { s.update(indices, least); }), "mass 9223372036854775808"));
  CHECK(contains(says([&](auto& s) { s.update(indices, small); }), "mass 1 "));
  CHECK(contains(says([](auto& s) { s += IntegerSampler(s); }), "together"));
  CHECK(contains(says([](auto& s) { s -= IntegerSampler(s); }), "together"));
  sampler.update(7, 0);
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK(draw->index == 3);
  CHECK(static_cast<double>(draw->value) == Approx(0x1p62));
  sampler.clear();
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK_NOTHROW(sampler.update(3, -most_mass));
}

TEST_CASE("A bank of integer samplers refuses for all what it refuses for one", "[integer]") {
  SamplerBank<IntegerSampler> bank(3, {.seed = 1}, dimension);
  bank.update(Index{3}, most_mass);
  CHECK(contains(refusal<CounterOverflow>(bank, [](auto& b) { b.update(Index{4}, std::int64_t{1}); }), "mass 1 "));
  for (const auto& result : bank.draws()) {
    REQUIRE(result);
    CHECK(result->index == 3);
  }
}

TEST_CASE("A difference of two streams is that of their vectors", "[integer]") {
  const Stream a = stream_of_size(500, 1000, 1), b = stream_of_size(500, 1000, 2);
  IntegerSampler difference = fed(a), both = fed(a);
  difference -= fed(b);
  const Stream taken = negated(b);
  both.update(taken.indices, taken.deltas);
  CHECK((difference.to_bytes() == both.to_bytes()));
  IntegerSampler other(dimension, {.seed = 2});
  check_not_joined(difference, other, "seed");
}

TEST_CASE("Bytes of integers: fingerprint, mass, then counters of sixteen bytes, lowest first", "[integer][io]") {
  IntegerSampler sampler(6, {.seed = 1, .shape = {1, 2}});
  sampler.update(3, -20);
  const auto bytes = sampler.to_bytes();
  std::size_t at = arrays_at(sampler.identity());
  CHECK(io::load_little<std::uint64_t>(bytes.data() + at) == sampler.image().residue);
  CHECK(io::load_little<std::int64_t>(bytes.data() + at + 8) == 20);
  at += 16;
  for (const auto counters : {sampler.image().scaled.flat(), sampler.image().plain.flat()})
    for (detail::int128 counter : counters) {
      CHECK(io::load_little<std::uint64_t>(bytes.data() + at) == static_cast<std::uint64_t>(counter));
      CHECK(io::load_little<std::int64_t>(bytes.data() + at + 8) == static_cast<std::int64_t>(counter >> 64));
      at += 16;
    }
  CHECK(at == bytes.size());
  CHECK(sampler.identity().scalar == "int64");
  CHECK(contains(sampler.identity().policies, "fixed-point-24/"));
}

TEST_CASE("Integers that no stream can leave are refused when they are read", "[integer][io]") {
  IntegerSampler sampler(6, {.seed = 1, .shape = {1, 2}});
  sampler.update(3, -20);
  const std::size_t residue = arrays_at(sampler.identity()), mass = residue + 8, scaled = mass + 8,
                    plain = scaled + 16 * sampler.image().scaled.flat().size();
  const auto is_refused = [&](std::size_t at, auto number) {
    return refused<IntegerSampler>(with_number(sampler, at, number));
  };
  CHECK(is_refused(residue, detail::mersenne61));
  for (std::int64_t wrong : {std::int64_t{19}, std::int64_t{0}, std::int64_t{-1}, most_mass + 1})
    CHECK(is_refused(mass, wrong));
  CHECK_FALSE(is_refused(mass, most_mass));
  const detail::int128 most = detail::int128{20} << 53, least128 = detail::int128{1} << 127;
  CHECK_FALSE(is_refused(scaled, -most));
  for (detail::int128 wrong : {most + 1, -most - 1, least128}) CHECK(is_refused(scaled, wrong));
  for (detail::int128 wrong : {detail::int128{21}, detail::int128{-21}, least128}) CHECK(is_refused(plain, wrong));
}
