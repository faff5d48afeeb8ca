#include <turnstile/core/options.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using turnstile::testing::contains;
using turnstile::testing::message_of_exactly;

namespace {

std::string refusal_of(Index dimension, Index draws, double failure) {
  return message_of_exactly<InvalidArgument>([&] { SketchShape::for_draws(dimension, draws, failure); });
}

std::string refusal_of(const SamplerOptions& options) {
  return message_of_exactly<InvalidArgument>([&] { detail::check_options(options); });
}

}  // namespace

TEST_CASE("for_draws gives the shape of its formula", "[core]") {
  // 74·ln 2²⁰ = 1025.9, in steps of 64: 1024.
  CHECK(SketchShape::for_draws(Index{1} << 20) == SketchShape{5, 1024});
  // 74·ln 2¹⁴ = 718.1 → 704; 74·100·ln 10⁴ = 68156.5 → 68160; 74·ln 2⁶² = 3180.2 → 3200.
  CHECK(SketchShape::for_draws(Index{1} << 14) == SketchShape{5, 704});
  CHECK(SketchShape::for_draws(1'000'000, 100) == SketchShape{5, 68160});
  CHECK(SketchShape::for_draws(max_dimension) == SketchShape{5, 3200});
  CHECK(SketchShape::for_draws(1) == SketchShape{5, 512});
  CHECK(SketchShape{} == SketchShape{5, 1024});
}

TEST_CASE("for_draws takes two rows for each decimal digit of the failure probability, and one", "[core]") {
  struct Case {
    double failure;
    Index rows;
  };
  for (const Case c : {Case{0.5, 3}, Case{0.1, 3}, Case{0.099, 5}, Case{0.01, 5}, Case{1e-3, 7}, Case{1e-6, 13}}) {
    CAPTURE(c.failure);
    CHECK(SketchShape::for_draws(1000, 1, c.failure).rows == c.rows);
  }
}

TEST_CASE("for_draws never shrinks when the dimension grows or failures get rarer", "[core]") {
  SketchShape before = SketchShape::for_draws(1);
  for (int bits = 1; bits <= 62; ++bits) {
    const SketchShape shape = SketchShape::for_draws(Index{1} << bits);
    CHECK(shape.buckets >= before.buckets);
    before = shape;
  }
  before = SketchShape::for_draws(1000, 1, 0.999);
  for (double failure : {0.9, 0.5, 0.1, 0.05, 0.01, 1e-4, 1e-8}) {
    const SketchShape shape = SketchShape::for_draws(1000, 1, failure);
    CHECK(shape.rows >= before.rows);
    before = shape;
  }
}

TEST_CASE("for_draws never shrinks when more draws are asked for", "[core]") {
  for (Index dimension : {Index{10'000}, Index{1} << 20}) {
    SketchShape before = SketchShape::for_draws(dimension);
    for (int percent = 1; percent <= 150; ++percent) {
      const Index draws = dimension * percent / 100;
      const SketchShape shape = SketchShape::for_draws(dimension, draws);
      CAPTURE(dimension, draws);
      CHECK(shape.buckets >= before.buckets);
      before = shape;
    }
  }
}

TEST_CASE("for_draws refuses bad arguments by name and value", "[core]") {
  CHECK(contains(refusal_of(0, 1, 0.01), "dimension is 0"));
  CHECK(contains(refusal_of(-5, 1, 0.01), "dimension is -5"));
  CHECK(contains(refusal_of(max_dimension + 1, 1, 0.01), "dimension is " + std::to_string(max_dimension + 1)));
  CHECK(contains(refusal_of(10, 0, 0.01), "number of draws is 0"));
  CHECK(contains(refusal_of(10, -1, 0.01), "number of draws is -1"));
  CHECK(contains(refusal_of(10, 1, 0), "failure probability 0 "));
  CHECK(contains(refusal_of(10, 1, 1), "failure probability 1 "));
  CHECK(contains(refusal_of(10, 1, -0.5), "failure probability -0.5 "));
  CHECK(contains(refusal_of(10, 1, std::nan("")), "failure probability nan "));
}

TEST_CASE("every shape that for_draws gives is one that a sketch takes", "[core]") {
  for (double failure : {0.5, 1e-3, 1e-12, 1e-30, 1e-40, 1e-300})
    for (Index draws : {Index{1}, Index{1000}, Index{1} << 32}) {
      CAPTURE(failure, draws);
      std::string refusal = "none";
      try {
        const SketchShape shape = SketchShape::for_draws(max_dimension, draws, failure);
        refusal = message_of_exactly<InvalidArgument>([&] { detail::check_shape(shape); });
      } catch (const InvalidArgument&) {
        continue;  // refused at once, which is as good
      }
      CHECK(refusal == "(nothing was thrown)");
    }
}

TEST_CASE("options out of range are refused by name and value", "[core]") {
  CHECK_NOTHROW(detail::check_options(SamplerOptions{}));
  CHECK_NOTHROW(detail::check_options({.shape = {1, 1}, .power = 0.0625, .epsilon = 0.999}));
  CHECK_NOTHROW(detail::check_options({.shape = {63, Index{1} << 32}}));
  CHECK(contains(refusal_of({.shape = {0, 16}}), "number of rows is 0"));
  CHECK(contains(refusal_of({.shape = {64, 16}}), "number of rows is 64"));
  CHECK(contains(refusal_of({.shape = {5, 0}}), "number of buckets is 0"));
  CHECK(contains(refusal_of({.shape = {5, -16}}), "number of buckets is -16"));
  CHECK(contains(refusal_of({.shape = {5, (Index{1} << 32) + 1}}), "number of buckets is 4294967297"));
  CHECK(contains(refusal_of({.power = 0}), "power 0 "));
  CHECK(contains(refusal_of({.power = -1}), "power -1 "));
  CHECK(contains(refusal_of({.power = 2.5}), "power 2.5 "));
  CHECK(contains(refusal_of({.power = std::nan("")}), "power nan "));
  CHECK(contains(refusal_of({.epsilon = 0}), "epsilon 0 "));
  CHECK(contains(refusal_of({.epsilon = 1}), "epsilon 1 "));
  CHECK(contains(refusal_of({.epsilon = std::nan("")}), "epsilon nan "));
}
