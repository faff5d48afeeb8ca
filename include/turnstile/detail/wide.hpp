/// @file
/// 64 × 64 → 128 bit products, the one place that needs a compiler extension.
#pragma once

#include <cstdint>

namespace turnstile::inline v0::detail {

#if !defined(__SIZEOF_INT128__)
#error "turnstile needs a compiler with 128-bit integers (GCC or Clang on a 64-bit target)"
#endif
__extension__ using uint128 = unsigned __int128;

/// ⌊a·b / 2⁶⁴⌋
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((static_cast<uint128>(a) * b) >> 64);
}

}  // namespace turnstile::inline v0::detail
