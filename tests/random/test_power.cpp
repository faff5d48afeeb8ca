#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/power.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using namespace turnstile;

namespace {

// All fixed-point values that exponential_fixed can give: from 1 to 44.4·2⁵⁸, all magnitudes.
std::vector<std::uint64_t> telling_values() {
  std::vector<std::uint64_t> values{exponential_fixed(0), exponential_fixed(~std::uint64_t{0})};
  for (unsigned bit = 0; bit < 64; ++bit)
    for (std::uint64_t off : std::initializer_list<std::uint64_t>{0, 1, 2})
      if (const std::uint64_t value = (std::uint64_t{1} << bit) - 1 + off; value != 0) values.push_back(value);
  const MixHash random(5);
  for (std::uint64_t k = 0; k < 5000; ++k) {
    values.push_back(exponential_fixed(random(k)));
    values.push_back((random(k) >> (k % 64)) | 1);
  }
  return values;
}

}  // namespace

// The stated bound, relative 2⁻²⁴, against long double powers.
TEST_CASE("inverse_root is the power -1/p of its argument within its stated bound", "[random]") {
  for (double p : {2.0, 1.0, 1.5, 0.5, 0.3, 1.0 / 3, 0.0625}) {
    long double worst = 0;
    std::uint64_t at = 0;
    for (std::uint64_t fixed : telling_values()) {
      const long double exact =
          std::pow(std::ldexp(static_cast<long double>(fixed), -58), -1 / static_cast<long double>(p));
      const long double error = std::abs(detail::inverse_root(fixed, p) / exact - 1);
      if (error > worst) worst = error, at = fixed;
    }
    CAPTURE(p, at);
    CHECK(static_cast<double>(worst) < 0x1p-24);
  }
}

TEST_CASE("inverse_root of a power of two is close to a power of two", "[random]") {
  for (int bit = 0; bit < 64; ++bit) {
    CHECK(std::abs(detail::inverse_root(std::uint64_t{1} << bit, 1) / std::ldexp(1.0, 58 - bit) - 1) < 0x1p-24);
    CHECK(std::abs(detail::inverse_root(std::uint64_t{1} << bit, 0.5) / std::ldexp(1.0, 2 * (58 - bit)) - 1) < 0x1p-24);
  }
}

TEST_CASE("inverse_root stays in the range of a double at both ends for every power", "[random]") {
  for (double p : {0.0625, 0.1, 1.0, 1.9999, 2.0}) {
    const double largest = detail::inverse_root(1, p), smallest = detail::inverse_root(exponential_fixed(0), p);
    CHECK(std::isnormal(largest));
    CHECK(std::isnormal(smallest));
    CHECK(largest == Approx(std::exp2(58 / p)).epsilon(0x1p-24));
  }
}

TEST_CASE("the fixed-point exponential agrees with expm1", "[random]") {
  for (double r : {0.0, 0x1p-40, 0.1, 0.5, 0.6931471805599453, 0.999}) {
    const auto fixed = static_cast<std::uint64_t>(std::ldexp(r, 64));
    CAPTURE(r);
    CHECK(std::abs(static_cast<double>(detail::expm1_fixed(fixed)) * 0x1p-62 - std::expm1(r)) < 0x1p-51);
  }
}
