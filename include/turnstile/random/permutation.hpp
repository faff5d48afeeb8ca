/// @file
/// A keyed bijection of the k-bit numbers.
#pragma once

#include <cstdint>

#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0::detail {

/// π: {0, …, 2ᵏ − 1} → itself: three rounds of an odd multiplication, an addition and a shift by
/// half the width, modulo 2ᵏ. Spreads neighbouring indices over the range, so that heavy neighbours
/// do not share a prefix. Time: a few nanoseconds either way; nothing is stored per key.
class KeyedPermutation {
 public:
  KeyedPermutation(int bits, Seed seed)
      : mask_(bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1), shift_((bits + 1) / 2) {
    for (int round = 0; round < rounds; ++round) {
      const auto number = static_cast<std::uint64_t>(round);
      multiplier_[round] = derive_seed(seed, "permutation multiplier", number) | 1;
      addend_[round] = derive_seed(seed, "permutation addend", number);
      inverse_[round] = inverse_of(multiplier_[round]);
    }
  }

  std::uint64_t operator()(std::uint64_t x) const {
    for (int round = 0; round < rounds; ++round) {
      x = (x * multiplier_[round] + addend_[round]) & mask_;
      x ^= x >> shift_;
    }
    return x;
  }

  std::uint64_t inverse(std::uint64_t x) const {
    for (int round = rounds; round-- > 0;) {
      x ^= x >> shift_;  // its own inverse, as 2·shift ≥ bits
      x = ((x - addend_[round]) * inverse_[round]) & mask_;
    }
    return x;
  }

 private:
  static constexpr int rounds = 3;

  // Newton's iteration doubles the number of correct low bits: 5 → 10 → 20 → 40 → 80.
  static constexpr std::uint64_t inverse_of(std::uint64_t odd) {
    std::uint64_t x = (3 * odd) ^ 2;
    for (int step = 0; step < 4; ++step) x *= 2 - odd * x;
    return x;
  }

  std::uint64_t mask_;
  int shift_;
  std::uint64_t multiplier_[rounds];
  std::uint64_t addend_[rounds];
  std::uint64_t inverse_[rounds];
};

}  // namespace turnstile::inline v0::detail
