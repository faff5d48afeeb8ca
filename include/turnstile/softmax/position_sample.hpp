/// @file
/// Positions drawn before the stream, and the way from an index to its counter.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "turnstile/core/types.hpp"
#include "turnstile/detail/wide.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0::detail {

/// s positions of [0, n), drawn uniformly, independently and with replacement. Each distinct one has a
/// slot, a number from 0; positions drawn twice share it.
///
/// Time: construction O(s), `find` and `drawn` O(1). Memory: for each of the slots, at most min(s, n), 12 bytes and a
/// table of 4 bytes that is at most half full.
class PositionSample {
 public:
  using Slot = std::int32_t;

  PositionSample(Index dimension, Index count, Seed seed)
      : dimension_(dimension),
        count_(count),
        words_(derive_seed(seed, "positions")),
        place_(derive_seed(seed, "position table")),
        table_(std::bit_ceil(2 * static_cast<std::size_t>(std::min(count, dimension))), Slot{-1}) {
    for (Index t = 0; t < count; ++t) ++times_[static_cast<std::size_t>(slot_for(position(t)))];
    kept_.shrink_to_fit();
    times_.shrink_to_fit();
  }

  /// s
  Index count() const { return count_; }
  /// The slot of an index, or −1 if it was not drawn.
  Slot find(Index index) const { return table_[cell_of(index)]; }
  /// The slot of the t-th of the s positions.
  Slot drawn(Index t) const { return find(position(t)); }
  /// How often each slot was drawn.
  std::span<const Slot> times() const { return times_; }
  /// The distinct positions, slot by slot.
  std::span<const Index> kept() const { return kept_; }

  std::size_t heap_bytes() const {
    return (table_.capacity() + times_.capacity()) * sizeof(Slot) + kept_.capacity() * sizeof(Index);
  }

 private:
  // ⌊n·u⌋ for u ∈ [0, 1) of 128 bits: no index is preferred by more than n·2⁻¹²⁸.
  Index position(Index t) const {
    const auto n = static_cast<std::uint64_t>(dimension_), number = static_cast<std::uint64_t>(t);
    const std::uint64_t carried = multiply_high(words_(2 * number + 1), n);
    return static_cast<Index>((static_cast<uint128>(words_(2 * number)) * n + carried) >> 64);
  }

  Slot slot_for(Index index) {
    Slot& slot = table_[cell_of(index)];
    if (slot < 0) {
      slot = static_cast<Slot>(kept_.size());
      kept_.push_back(index);
      times_.push_back(0);
    }
    return slot;
  }

  // The cell of the table that holds the index, or would: linear probing.
  std::size_t cell_of(Index index) const {
    const std::size_t mask = table_.size() - 1;
    std::size_t cell = place_(static_cast<std::uint64_t>(index)) & mask;
    while (table_[cell] >= 0 && kept_[static_cast<std::size_t>(table_[cell])] != index) cell = (cell + 1) & mask;
    return cell;
  }

  Index dimension_;
  Index count_;
  MixHash words_;
  MixHash place_;
  std::vector<Slot> table_;
  std::vector<Slot> times_;
  std::vector<Index> kept_;
};

}  // namespace turnstile::inline v0::detail
