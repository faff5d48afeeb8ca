/// @file
/// Where a block of keys goes in one row of a sketch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "turnstile/core/types.hpp"
#include "turnstile/detail/sign.hpp"

namespace turnstile::inline v0 {

/// One row of a sketch, seen by a block of keys: key k of the block adds to `cell(k)`, with a minus
/// if `negative(k)`.
struct RowOfCells {
  Index level;
  Index row;
  std::span<const Index> cells;
  std::span<const std::uint64_t> sign_words;

  std::size_t size() const { return cells.size(); }
  Index cell(std::size_t k) const { return cells[k]; }
  bool negative(std::size_t k) const { return (sign_bit(k) >> 63) != 0; }
  /// value, or −value if negative(k).
  template <class T>
  T with_sign(std::size_t k, T value) const {
    return detail::with_sign_bit(value, sign_bit(k));
  }

  /// Level l's sign is bit 31 − l of a word; here it is the highest, and all others are 0.
  static constexpr std::uint64_t sign_bit(std::uint64_t word, Index level) {
    return (word << (32 + level)) & (std::uint64_t{1} << 63);
  }

 private:
  std::uint64_t sign_bit(std::size_t k) const { return sign_bit(sign_words[k], level); }
};

}  // namespace turnstile::inline v0
