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
/// Time: construction O(s), `find` O(1). Memory: 4 bytes for each of the s, and for each slot 8 and a
/// table at most half full.
class PositionSample {
 public:
  using Slot = std::int32_t;

  PositionSample(Index dimension, Index count, Seed seed)
      : place_(derive_seed(seed, "position table")),
        table_(std::bit_ceil(2 * static_cast<std::size_t>(std::min(count, dimension))), Slot{-1}) {
    const MixHash words(derive_seed(seed, "positions"));
    drawn_.reserve(static_cast<std::size_t>(count));
    for (Index t = 0; t < count; ++t) drawn_.push_back(slot_for(position(words, t, dimension)));
    kept_.shrink_to_fit();
  }

  /// The slot of an index, or −1 if it was not drawn.
  Slot find(Index index) const { return table_[cell_of(index)]; }
  /// The slot of each of the s positions, in the order drawn.
  std::span<const Slot> drawn() const { return drawn_; }
  /// The distinct positions, slot by slot.
  std::span<const Index> kept() const { return kept_; }

  std::size_t heap_bytes() const {
    return (table_.capacity() + drawn_.capacity()) * sizeof(Slot) + kept_.capacity() * sizeof(Index);
  }

 private:
  // ⌊n·u⌋ for u ∈ [0, 1) of 128 bits: no index is preferred by more than n·2⁻¹²⁸.
  static Index position(const MixHash& words, Index t, Index dimension) {
    const auto n = static_cast<std::uint64_t>(dimension), number = static_cast<std::uint64_t>(t);
    const std::uint64_t carried = multiply_high(words(2 * number + 1), n);
    return static_cast<Index>((static_cast<uint128>(words(2 * number)) * n + carried) >> 64);
  }

  Slot slot_for(Index index) {
    Slot& slot = table_[cell_of(index)];
    if (slot < 0) {
      slot = static_cast<Slot>(kept_.size());
      kept_.push_back(index);
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

  MixHash place_;
  std::vector<Slot> table_;
  std::vector<Slot> drawn_;
  std::vector<Index> kept_;
};

}  // namespace turnstile::inline v0::detail
