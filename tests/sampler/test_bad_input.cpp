#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"
#include "support/small_samplers.hpp"
#include "support/special_values.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

// L2Sampler refuses what it cannot take with a typed exception that names the value; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 100;

template <class Scalar = double>
L2Sampler<Scalar> some_sampler() {
  L2Sampler<Scalar> sampler(dimension, {.seed = 1});
  sampler.update(3, Scalar(2));
  sampler.update(99, Scalar(-1));
  return sampler;
}

std::string refusal_of(Index n, const SamplerOptions& options = {}) {
  return message_of<InvalidArgument>([&] { L2Sampler<> sampler(n, options); });
}

}  // namespace

TEST_CASE("A dimension below 1 or above 2^62 is refused", "[bad input]") {
  for (Index n :
       {Index{0}, Index{-1}, max_dimension + 1, std::numeric_limits<Index>::max(), std::numeric_limits<Index>::min()})
    CHECK(contains(refusal_of(n), "dimension is " + std::to_string(n)));
}

TEST_CASE("Shapes without rows or buckets, or with too many, are refused", "[bad input]") {
  for (Index rows : {0, -1, 64})
    CHECK(contains(refusal_of(dimension, {.shape = {.rows = rows}}), "rows is " + std::to_string(rows)));
  for (Index buckets : {Index{0}, Index{-1}, (Index{1} << 32) + 1, std::numeric_limits<Index>::max()})
    CHECK(contains(refusal_of(dimension, {.shape = {.buckets = buckets}}), "buckets is " + std::to_string(buckets)));
}

TEST_CASE("A power or an epsilon out of range is refused", "[bad input]") {
  CHECK(contains(refusal_of(dimension, {.power = 0}), "power 0 "));
  CHECK(contains(refusal_of(dimension, {.power = 2.5}), "power 2.5 "));
  CHECK(contains(refusal_of(dimension, {.power = -1}), "power -1 "));
  CHECK(contains(refusal_of(dimension, {.power = not_a_number}), "power nan "));
  CHECK(contains(refusal_of(dimension, {.power = infinity}), "power inf "));
  CHECK(contains(refusal_of(dimension, {.epsilon = 0}), "epsilon 0 "));
  CHECK(contains(refusal_of(dimension, {.epsilon = 1}), "epsilon 1 "));
  CHECK(contains(refusal_of(dimension, {.epsilon = not_a_number}), "epsilon nan "));
}

TEST_CASE("A tree of more levels than a sketch has is refused", "[bad input]") {
  using Binary = Policies<ExponentialScaling, PrefixTreeRecovery<1, 1, 4>>;
  const auto make = [] { L2Sampler<double, Binary> sampler(max_dimension); };
  CHECK(contains(message_of<InvalidArgument>(make), "levels is 62"));
}

TEST_CASE("An index out of range is refused", "[bad input]") {
  auto sampler = some_sampler();
  for (Index index : {Index{-1}, dimension, std::numeric_limits<Index>::max(), std::numeric_limits<Index>::min()}) {
    const std::string text = "index " + std::to_string(index) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update(index, 1.0); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.estimate(index); }), text));
  }
}

TEST_CASE("A change that is not finite is refused", "[bad input]") {
  auto doubles = some_sampler();
  auto floats = some_sampler<float>();
  const auto change = [](auto value) { return [value](auto& sampler) { sampler.update(5, value); }; };
  CHECK(contains(refusal(doubles, change(not_a_number)), "nan"));
  CHECK(contains(refusal(doubles, change(infinity)), "inf"));
  CHECK(contains(refusal(doubles, change(-infinity)), "-inf"));
  CHECK(contains(refusal(floats, change(static_cast<float>(not_a_number))), "nan"));
  CHECK(contains(refusal(floats, change(static_cast<float>(infinity))), "inf"));
}

TEST_CASE("A change that could carry a scaled counter out of its range is refused", "[bad input]") {
  auto doubles = some_sampler();
  auto floats = some_sampler<float>();
  CHECK(contains(refusal(doubles, [](auto& s) { s.update(5, 1e308); }), "could pass the range of 1.797"));
  CHECK(contains(refusal(doubles, [](auto& s) { s.update(5, -1e308); }), "could pass the range of 1.797"));
  CHECK(contains(refusal(floats, [](auto& s) { s.update(5, 1e38F); }), "could pass the range of 3.402"));
  CHECK_NOTHROW(doubles.update(5, 1e280));
  CHECK_NOTHROW(floats.update(5, 1e20F));
  L2Sampler<> steep(dimension, {.power = 0.0625});
  CHECK(contains(refusal(steep, [](auto& s) { s.update(5, 1e30); }), "could pass the range of 1.797"));
  CHECK_NOTHROW(steep.update(5, 1e20));
}

TEST_CASE("A batch with one bad update is refused as a whole", "[bad input]") {
  auto sampler = some_sampler();
  const auto batch = [&](std::vector<Index> indices, std::vector<double> deltas) {
    return refusal(sampler, [&](auto& s) { s.update(indices, deltas); });
  };
  CHECK(contains(batch({1, 2, dimension}, {1, 1, 1}), "index 100 "));
  CHECK(contains(batch({1, 2, -7}, {1, 1, 1}), "index -7 "));
  CHECK(contains(batch({1, 2, 3}, {1, 1, not_a_number}), "nan"));
  CHECK(contains(batch({1, 2, 3}, {1, 1, 1e308}), "could pass the range of 1.797"));
  CHECK(contains(batch({1, 2, 3}, {1, 1}), "size 2, expected 3"));
  CHECK(contains(batch({}, {1}), "size 1, expected 0"));
  std::vector<Index> long_batch(200, 1);
  long_batch.back() = dimension;
  CHECK(contains(batch(long_batch, std::vector<double>(200, 1.0)), "index 100 "));
}

TEST_CASE("Eigen vectors of different sizes are refused", "[bad input]") {
  auto sampler = some_sampler();
  const auto update = [](auto& s) { s.update(Eigen::Vector3i(1, 2, 3), Eigen::Vector2d(1, 1)); };
  CHECK(contains(refusal(sampler, update), "size 2, expected 3"));
}

TEST_CASE("A negative number of draws is refused", "[bad input]") {
  auto sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.sample_without_replacement(-1); }), "-1"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.sample_with_replacement(-2, 1); }), "-2"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.heaviest(-3); }), "-3"));
  const auto heaviest = [](auto& s) { s.heaviest(std::numeric_limits<Index>::max()); };
  CHECK(contains(refusal(sampler, heaviest), "9223372036854775807"));
  CHECK(sampler.sample_without_replacement(0).empty());
  CHECK(sampler.sample_with_replacement(0, 1).empty());
  CHECK(sampler.heaviest(0).empty());
}

TEST_CASE("States of different maps are not added, and the message names the difference", "[bad input]") {
  auto sampler = some_sampler();
  check_not_joined(sampler, L2Sampler<>(dimension, {.seed = 2}), "seed is 2, expected 1");
  check_not_joined(sampler, L2Sampler<>(dimension + 1, {.seed = 1}), "dimension is 101, expected 100");
  check_not_joined(sampler, L2Sampler<>(dimension, {.seed = 1, .power = 1}), "power is 1, expected 2");
  check_not_joined(sampler, L2Sampler<>(dimension, {.seed = 1, .epsilon = 0.5}), "epsilon is 0.5, expected 0.25");
  check_not_joined(sampler, L2Sampler<>(dimension, {.seed = 1, .shape = {.rows = 3}}), "rows is 3, expected 5");
  check_not_joined(sampler, L2Sampler<>(dimension, {.seed = 1, .shape = {.buckets = 512}}),
                   "buckets is 512, expected 1024");
}

TEST_CASE("Bytes of another scalar, policy or class are refused", "[bad input]") {
  const auto bytes = some_sampler().to_bytes();
  const auto load = [&](auto* type) {
    using S = std::remove_pointer_t<decltype(type)>;
    return message_of<CorruptState>([&] { S::from_bytes(bytes); });
  };
  CHECK(contains(load(static_cast<L2Sampler<float>*>(nullptr)), "scalar is float64, expected float32"));
  CHECK(contains(load(static_cast<L2Sampler<double, Scan>*>(nullptr)), "policies is"));
  CHECK(contains(load(static_cast<FixedMatrixSampler<>*>(nullptr)), "kind is L2Sampler"));
  CHECK(L2Sampler<>::from_bytes(bytes).to_bytes() == bytes);
}
