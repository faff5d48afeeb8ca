#include <turnstile/detail/sign.hpp>
#include <turnstile/detail/wide.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

#include "support/catch.hpp"

using namespace turnstile;

TEMPLATE_TEST_CASE("a sign bit negates exactly, and a clear one changes nothing", "[core]", double, float,
                   std::int64_t) {
  using Limits = std::numeric_limits<TestType>;
  for (TestType value : {TestType(0), TestType(1), TestType(-7), TestType(1) / TestType(3), Limits::max(),
                         static_cast<TestType>(-Limits::max()), Limits::denorm_min()}) {
    CHECK(detail::with_sign(value, false) == value);
    CHECK(detail::with_sign(value, true) == -value);
    CHECK(detail::with_sign(detail::with_sign(value, true), true) == value);
  }
}

TEST_CASE("the sign of zero is a sign too", "[core]") {
  CHECK(std::signbit(detail::with_sign(0.0, true)));
  CHECK_FALSE(std::signbit(detail::with_sign(-0.0, true)));
}

TEST_CASE("the high half of a product is exact", "[core]") {
  constexpr std::uint64_t all = ~std::uint64_t{0};
  CHECK(detail::multiply_high(all, all) == all - 1);
  CHECK(detail::multiply_high(std::uint64_t{1} << 63, 2) == 1);
  CHECK(detail::multiply_high(std::uint64_t{1} << 63, 1) == 0);
  CHECK(detail::multiply_high(std::uint64_t{1} << 40, std::uint64_t{1} << 40) == std::uint64_t{1} << 16);
  CHECK(detail::multiply_high(all, 0) == 0);
}
