#include <turnstile/sketch/estimates.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "support/catch.hpp"

using namespace turnstile;

namespace {

template <class T>
double norm_of(const std::vector<T>& values) {
  return detail::euclidean_norm(std::span<const T>(values));
}

using Limits = std::numeric_limits<double>;

}  // namespace

TEST_CASE("the euclidean norm neither overflows nor underflows", "[sketch]") {
  // 3² + 4² = 5², at every power of two whose multiples are normal, exactly.
  for (int e = -1022; e <= 1020; ++e) {
    CAPTURE(e);
    REQUIRE(norm_of<double>({std::ldexp(3.0, e), std::ldexp(-4.0, e)}) == std::ldexp(5.0, e));
  }
  CHECK(norm_of<double>({3e300, 4e300}) == Approx(5e300).epsilon(1e-15));
  CHECK(norm_of<double>({3e-300, 4e-300}) == Approx(5e-300).epsilon(1e-15));
  CHECK(norm_of<double>({Limits::max(), 0}) == Limits::max());
  CHECK(norm_of<double>({1e300, 1e-300}) == 1e300);
}

TEST_CASE("the euclidean norm of denormal numbers is theirs", "[sketch]") {
  const double least = Limits::denorm_min();
  CHECK(norm_of<double>({least}) == least);
  CHECK(norm_of<double>({3 * least, 4 * least}) == 5 * least);
  CHECK(norm_of<double>({300000 * least, 400000 * least}) == 500000 * least);
  CHECK(norm_of<double>({Limits::min(), least}) == Limits::min());
}

TEST_CASE("the euclidean norm of nothing is zero, and of counters of all types the same", "[sketch]") {
  CHECK(norm_of<double>({}) == 0);
  CHECK(norm_of<double>({0, -0.0}) == 0);
  CHECK(norm_of<float>({3, -4}) == 5);
  CHECK(norm_of<std::int64_t>({3, -4}) == 5);
  CHECK(norm_of<std::int64_t>({std::int64_t{3} << 60, -(std::int64_t{1} << 62)}) == std::ldexp(5.0, 60));
  CHECK(norm_of<float>({3e38F, 3e38F}) == Approx(std::sqrt(2.0) * double{3e38F}).epsilon(1e-12));
}

TEST_CASE("norms and inner products are medians over rows", "[sketch]") {
  const std::vector<double> a{3, 4, 0, 1, 6, 8}, b{1, 1, 5, 2, 0, 1};
  CHECK(detail::median_norm(std::span<const double>(a), 3) == 5);
  CHECK(detail::median_inner_product(std::span<const double>(a), std::span<const double>(b), 3) == 7);
  CHECK(detail::median_inner_product(std::span<const double>(a), std::span<const double>(b), 1) == 17);
}
