#include <turnstile/core/options.hpp>

#include "support/catch.hpp"
#include "support/refusal.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

// From what is wanted of a sketch to its shape, and back.

using namespace turnstile;
using turnstile::testing::contains;
using turnstile::testing::message_of_exactly;

namespace {

std::string refusal_of_error(double relative_error) {
  return message_of_exactly<InvalidArgument>([&] { SketchShape::for_draws(1000, 1, 0.01, relative_error); });
}

std::string refusal_of_promise(const SketchShape& shape, Index dimension, Index draws) {
  return message_of_exactly<InvalidArgument>([&] { shape.promise(dimension, draws); });
}

// Pr[Bin(R, 1/5) > R/2], term by term.
double majority_of_fifths(Index rows) {
  double sum = 0;
  for (Index k = rows / 2 + 1; k <= rows; ++k) {
    double term = std::pow(1.0 / 5, static_cast<double>(k)) * std::pow(4.0 / 5, static_cast<double>(rows - k));
    for (Index j = 0; j < k; ++j) term *= static_cast<double>(rows - j) / static_cast<double>(k - j);
    sum += term;
  }
  return sum;
}

}  // namespace

TEST_CASE("for_draws takes buckets in proportion to the inverse square of the error", "[core][planning]") {
  // 74·10·ln 10⁵ = 8519.7: 8512 in steps of 64, at half the error 34078.7: 34048.
  CHECK(SketchShape::for_draws(1'000'000, 10, 0.01, 0.1) == SketchShape{5, 8512});
  CHECK(SketchShape::for_draws(1'000'000, 10, 0.01, 0.05) == SketchShape{5, 34048});
  CHECK(SketchShape::for_draws(1'000'000, 10, 1e-4, 0.01) == SketchShape{9, 851968});
  CHECK(SketchShape::for_draws(1'000'000, 1, 0.01, 0.15) == SketchShape{5, 512});
}

TEST_CASE("an error of a tenth is the default, to the last bucket", "[core][planning]") {
  for (Index n : {Index{1}, Index{1000}, Index{1} << 20, max_dimension})
    for (Index k : {Index{1}, Index{10}, Index{12345}})
      CHECK(SketchShape::for_draws(n, k, 0.01, 0.1) == SketchShape::for_draws(n, k));
}

TEST_CASE("a shape promises what it was asked for", "[core][planning]") {
  for (Index n : {Index{1000}, Index{1} << 20, Index{1} << 40, max_dimension})
    for (Index k : {Index{1}, Index{10}, Index{100}, Index{1000}})
      for (double error : {0.15, 0.1, 0.03})
        for (double failure : {0.1, 0.01, 1e-3, 3e-5}) {
          CAPTURE(n, k, error, failure);
          const SketchShape shape = SketchShape::for_draws(n, k, failure, error);
          const ShapePromise promise = shape.promise(n, k);
          // A step of 64 buckets, half of it lost in rounding; more than was asked for at the least of 512.
          const double step = 32 / static_cast<double>(shape.buckets);
          CHECK(promise.relative_error <= error * std::sqrt(1 + 1.1 * step));
          if (shape.buckets > 512) CHECK(promise.relative_error >= error * std::sqrt(1 - 1.1 * step));
          CHECK(promise.failure <= failure * (1 + 1e-8));
          CHECK(promise.failure > failure / 10);
        }
}

TEST_CASE("what a shape promises asks for that shape", "[core][planning]") {
  for (Index rows : {Index{3}, Index{5}, Index{13}, Index{63}})
    for (Index buckets : {Index{512}, Index{1024}, Index{4096}, Index{1} << 20})
      for (Index k : {Index{1}, Index{5}, Index{300}}) {
        const SketchShape shape{rows, buckets};
        const Index n = 1'000'000;
        const ShapePromise promise = shape.promise(n, k);
        CAPTURE(rows, buckets, k, promise.relative_error);
        if (promise.relative_error > detail::largest_error) continue;
        CHECK(SketchShape::for_draws(n, k, promise.failure, promise.relative_error) == shape);
      }
}

TEST_CASE("a promise is better for more buckets and rows, worse for more draws and dimensions", "[core][planning]") {
  const Index n = 1'000'000;
  const ShapePromise base = SketchShape{5, 1024}.promise(n, 3);
  CHECK(SketchShape{5, 1025}.promise(n, 3).relative_error < base.relative_error);
  CHECK(SketchShape{5, 4096}.promise(n, 3).relative_error == Approx(base.relative_error / 2));
  CHECK(SketchShape{5, 1024}.promise(n, 4).relative_error > base.relative_error);
  CHECK(SketchShape{5, 1024}.promise(2 * n, 3).relative_error > base.relative_error);
  CHECK(SketchShape{7, 1024}.promise(n, 3).failure < base.failure);
  CHECK(SketchShape{7, 1024}.promise(n, 3).confidence > base.confidence);
  CHECK(SketchShape{6, 1024}.promise(n, 3).failure == base.failure);
  CHECK(SketchShape{6, 1024}.promise(n, 3).confidence == base.confidence);
}

TEST_CASE("confidence and failure are the formulas of their documentation", "[core][planning]") {
  for (Index rows = 1; rows <= 63; rows += 2) {
    CAPTURE(rows);
    const ShapePromise promise = SketchShape{rows, 1024}.promise(1000);
    CHECK(promise.confidence == Approx(1 - 2 * majority_of_fifths(rows)));
    CHECK(promise.failure == Approx(std::pow(10.0, -static_cast<double>(rows - 1) / 2)));
    // A normal error of standard deviation σ passes ε = √0.74·σ to either side less often than one time in five.
    CHECK(std::erfc(std::sqrt(0.74 / 2)) / 2 < 1.0 / 5);
    // Chebyshev for a row, half to either side, then the majority: the bound that `failure` rounds up.
    const double row_off = 0.74 / 25;
    CHECK(2 * (1 - detail::median_law(rows, 1 - row_off / 2)) <= promise.failure * (1 + 1e-9) + 1e-12);
  }
}

TEST_CASE("errors that no shape can keep are refused by name and value", "[core][planning][bad input]") {
  CHECK(contains(refusal_of_error(0), "relative error 0 "));
  CHECK(contains(refusal_of_error(-0.1), "relative error -0.1"));
  CHECK(contains(refusal_of_error(0.2), "relative error 0.2"));
  CHECK(contains(refusal_of_error(std::nan("")), "relative error nan "));
  CHECK(contains(refusal_of_error(std::numeric_limits<double>::infinity()), "relative error inf "));
  CHECK(contains(refusal_of_error(1e-200), "relative error "));
  CHECK(contains(refusal_of_error(std::numeric_limits<double>::denorm_min()), "relative error "));
  CHECK(contains(refusal_of_error(1e-5), "number of buckets is "));
}

TEST_CASE("promises are refused to shapes and vectors that cannot be", "[core][planning][bad input]") {
  CHECK(contains(refusal_of_promise({5, 1024}, 0, 1), "dimension is 0"));
  CHECK(contains(refusal_of_promise({5, 1024}, max_dimension + 1, 1), "dimension is "));
  CHECK(contains(refusal_of_promise({5, 1024}, 10, 0), "number of draws is 0"));
  CHECK(contains(refusal_of_promise({5, 1024}, 10, (Index{1} << 32) + 1), "number of draws is 4294967297"));
  CHECK(contains(refusal_of_promise({0, 1024}, 10, 1), "number of rows is 0"));
  CHECK(contains(refusal_of_promise({5, 0}, 10, 1), "number of buckets is 0"));
}
