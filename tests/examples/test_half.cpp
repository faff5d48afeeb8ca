#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "../support/catch.hpp"
#include "support/half.hpp"

using examples::half_to_float;

TEST_CASE("every half is read exactly", "[examples]") {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = half_to_float(static_cast<std::uint16_t>(bits));
    const int exponent = static_cast<int>((bits >> 10) & 31), fraction = static_cast<int>(bits & 1023);
    const bool negative = bits >= 0x8000;
    // IEEE 754-2019, table 3.5 and section 3.4: precision 11, largest exponent 15.
    const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    const bool is_nan = exponent == 31 && fraction != 0, is_infinite = exponent == 31 && fraction == 0;
    const bool right = is_nan        ? std::isnan(value)
                       : is_infinite ? std::isinf(value)
                                     : std::abs(value) == static_cast<float>(magnitude);
    if (!right || std::signbit(value) != negative) FAIL("half with the bits " << bits);
  }
  CHECK(half_to_float(0x3C00) == 1.0f);
  CHECK(half_to_float(0xC000) == -2.0f);
  CHECK(half_to_float(0x7BFF) == 65504.0f);
  CHECK(half_to_float(0x0001) == 0x1p-24f);
  CHECK(half_to_float(0xFC00) == -std::numeric_limits<float>::infinity());
}

TEST_CASE("a half that is no number keeps its payload in the upper bits of the fraction", "[examples]") {
  for (std::uint32_t payload = 1; payload < 1024; ++payload)
    for (const std::uint32_t sign : {0u, 1u}) {
      const auto half = static_cast<std::uint16_t>(sign << 15 | 0x7C00u | payload);
      const auto bits = std::bit_cast<std::uint32_t>(half_to_float(half));
      if (bits != (sign << 31 | 0xFFu << 23 | payload << 13)) FAIL("half with the bits " << half);
    }
  CHECK(std::bit_cast<std::uint32_t>(half_to_float(0xFE01)) == 0xFFC02000u);
}
