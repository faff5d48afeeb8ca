/// @file
/// 64 × 64 → 128 bit products: by a compiler extension, and by parts, which vectorises.
#pragma once

#include <cstdint>

namespace turnstile::inline v0::detail {

#if !defined(__SIZEOF_INT128__)
#error "turnstile needs a compiler with 128-bit integers (GCC or Clang on a 64-bit target)"
#endif
__extension__ using uint128 = unsigned __int128;
__extension__ using int128 = __int128;

/// ⌊a·b / 2⁶⁴⌋
constexpr std::uint64_t multiply_high(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::uint64_t>((static_cast<uint128>(a) * b) >> 64);
}

/// Whether four products of 32 bits, in vectors of at least four words, take less time than one of 64 bits each.
#ifdef __AVX2__
inline constexpr bool wide_vectors = true;
#else
inline constexpr bool wide_vectors = false;
#endif

/// The four products of the halves of two words: a·b = high·2⁶⁴ + (cross_a + cross_b)·2³² + low.
struct HalfProducts {
  std::uint64_t low, cross_a, cross_b, high;

  constexpr HalfProducts(std::uint64_t a, std::uint64_t b)
      : low((a & half) * (b & half)),
        cross_a((a >> 32) * (b & half)),
        cross_b((a & half) * (b >> 32)),
        high((a >> 32) * (b >> 32)) {}

  static constexpr std::uint64_t half = 0xffffffff;
};

}  // namespace turnstile::inline v0::detail
