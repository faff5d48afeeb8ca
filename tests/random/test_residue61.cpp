// The residue of a double is that of the real number it is: a ring homomorphism from the dyadic
// rationals, which is what makes a fingerprint exact whatever the counters round.

#include <turnstile/random/mersenne61.hpp>
#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/residue_sums.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "support/catch.hpp"

using namespace turnstile;
using namespace turnstile::detail;

namespace {

using Limits = std::numeric_limits<double>;

std::uint64_t power61(std::uint64_t base, std::uint64_t exponent) {
  std::uint64_t result = 1;
  for (; exponent != 0; exponent >>= 1, base = multiply61(base, base))
    if (exponent & 1) result = multiply61(result, base);
  return result;
}

// m·2ᵉ in the field, by powers of 2 and of ½ = 2^(p − 2) (Fermat).
std::uint64_t dyadic_residue(std::int64_t m, int e) {
  const std::uint64_t magnitude = static_cast<std::uint64_t>(m < 0 ? -m : m) % mersenne61;
  const std::uint64_t base = e >= 0 ? 2 : power61(2, mersenne61 - 2);
  const std::uint64_t residue = multiply61(magnitude, power61(base, static_cast<std::uint64_t>(std::abs(e))));
  return m < 0 ? negate61(residue) : residue;
}

std::uint64_t by_definition(double value) {
  int exponent = 0;
  const double fraction = std::frexp(value, &exponent);
  return dyadic_residue(static_cast<std::int64_t>(std::ldexp(fraction, 53)), exponent - 53);
}

// Finite doubles of all exponents and signs.
std::vector<double> telling_doubles() {
  std::vector<double> values{0.0,
                             -0.0,
                             1.0,
                             -1.0,
                             0.1,
                             -0.3,
                             3.0,
                             Limits::max(),
                             Limits::lowest(),
                             Limits::min(),
                             Limits::denorm_min(),
                             -Limits::denorm_min(),
                             Limits::min() - Limits::denorm_min(),
                             0x1p61,
                             0x1p61 - 0x1p8,
                             0x1p-61,
                             9007199254740993.0};
  for (int e = -1074; e <= 1023; e += 7) values.push_back(std::ldexp(e % 2 == 0 ? 1.0 : -1.0, e));
  const MixHash random(2);
  for (std::uint64_t k = 0; values.size() < 2000; ++k)
    if (const auto value = std::bit_cast<double>(random(k)); std::isfinite(value)) values.push_back(value);
  return values;
}

// The rounding error of a + b, exactly (Knuth, TAOCP 2, section 4.2.2).
double sum_error(double a, double b) {
  const double sum = a + b, b_part = sum - a;
  return (a - (sum - b_part)) + (b - b_part);
}

}  // namespace

TEST_CASE("the residue of a double is that of its integer times its power of two", "[random]") {
  for (double value : telling_doubles()) {
    CAPTURE(value);
    REQUIRE(residue61(value) == by_definition(value));
    REQUIRE(residue61(value) < mersenne61);
  }
}

TEST_CASE("small integers and powers of two have the residues that one computes by hand", "[random]") {
  CHECK(residue61(0.0) == 0);
  CHECK(residue61(-0.0) == 0);
  CHECK(residue61(1.0) == 1);
  CHECK(residue61(-1.0) == mersenne61 - 1);
  CHECK(residue61(1000.0) == 1000);
  CHECK(residue61(0x1p61) == 1);
  CHECK(residue61(0.5) == std::uint64_t{1} << 60);
  // 2⁻¹⁰⁷⁴ = 2^(24 − 18·61)
  CHECK(residue61(Limits::denorm_min()) == std::uint64_t{1} << 24);
  // 2¹⁰²³ = 2^(47 + 16·61)
  CHECK(residue61(0x1p1023) == std::uint64_t{1} << 47);
}

TEST_CASE("the residue of a negative is the negative residue", "[random]") {
  for (double value : telling_doubles()) REQUIRE(residue61(-value) == negate61(residue61(value)));
}

TEST_CASE("residues add up exactly where a sum of doubles is rounded", "[random]") {
  const auto values = telling_doubles();
  int rounded = 0;
  for (std::size_t k = 0; k + 1 < values.size(); ++k) {
    const double a = values[k], b = std::ldexp(values[k + 1], std::ilogb(a) - std::ilogb(values[k + 1]));
    if (a == 0 || !std::isfinite(a + b) || !std::isfinite(b)) continue;
    const double error = sum_error(a, b);
    REQUIRE(add61(residue61(a), residue61(b)) == add61(residue61(a + b), residue61(error)));
    rounded += error != 0;
  }
  CHECK(rounded > 100);  // else it was a test of exact sums
}

TEST_CASE("residues multiply exactly where a product of doubles is rounded", "[random]") {
  const MixHash random(3);
  int rounded = 0;
  for (std::uint64_t k = 0; k < 1000; ++k) {
    const double a = static_cast<double>(random(2 * k)) - 0x1p63,
                 b = std::ldexp(static_cast<double>(random(2 * k + 1)), -90);
    const double error = std::fma(a, b, -(a * b));
    REQUIRE(multiply61(residue61(a), residue61(b)) == add61(residue61(a * b), residue61(error)));
    rounded += error != 0;
  }
  CHECK(rounded > 100);
}

TEST_CASE("weighted residues add up to reduced sums, one by one, in rows and over a whole batch", "[random]") {
  const std::vector<double> values = telling_doubles();
  const MixHash random(4);
  std::vector<std::uint64_t> weights, sums(values.size(), mersenne61 - 1);
  std::uint64_t expected = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    weights.push_back(k % 5 == 0 ? mersenne61 - 1 : reduce61(random(k)));
    const std::uint64_t term = multiply61(weights[k], residue61(values[k])), before = expected;
    expected = add61(expected, term);
    REQUIRE(add_weighted61(before, weights[k], values[k]) == expected);
  }
  CHECK(residue_sum61(std::span<const std::uint64_t>(weights), std::span<const double>(values)) == expected);
  const std::uint64_t weight = weights.back();
  add_residues61(weight, std::span<const double>(values), std::span(sums));
  for (std::size_t k = 0; k < values.size(); ++k)
    REQUIRE(sums[k] == add61(mersenne61 - 1, multiply61(weight, residue61(values[k]))));
}

TEST_CASE("a stream that cancels exactly has residue zero, one that cancels in doubles only has not", "[random]") {
  const auto residue_of_sum = [](std::initializer_list<double> values) {
    std::uint64_t sum = 0;
    for (double value : values) sum = add61(sum, residue61(value));
    return sum;
  };
  CHECK(residue_of_sum({0.1, 0.2, -0.1, -0.2}) == 0);
  CHECK(residue_of_sum({1e300, 1e-300, -1e300, -1e-300}) == 0);
  CHECK((0.1 + 0.2) - 0.2 - 0.1 != 0);  // in doubles something is left
  CHECK(1e300 + 1e-300 - 1e300 == 0);   // in doubles something is lost
  CHECK(residue_of_sum({1e300, 1e-300, -1e300}) == residue61(1e-300));
  CHECK(residue_of_sum({0.1, 0.2, -0.3}) != 0);  // as reals, these three do not cancel
  CHECK(residue_of_sum({0.1, 0.2, -(0.1 + 0.2), -sum_error(0.1, 0.2)}) == 0);
}
