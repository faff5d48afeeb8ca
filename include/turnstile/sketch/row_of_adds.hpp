/// @file
/// What a block of keys adds to one row of a sketch.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// One row of a sketch, and for each key of a block its bucket there and the value that it adds, sign and all.
template <class T>
struct RowOfAdds {
  Index level;
  Index row;
  Index first_cell;  ///< of the row
  std::span<const std::uint32_t> buckets;
  std::span<const T> values;

  std::size_t size() const { return values.size(); }

  /// Calls add(cell, value) for every key. Buckets are loaded two at a time: what holds up such a loop is how many
  /// loads and stores a processor can start at once.
  template <class Add>
  void for_each(Add&& add) const {
    const std::size_t paired = size() - size() % 2;
    for (std::size_t k = 0; k < paired; k += 2) {
      std::uint64_t two;
      std::memcpy(&two, &buckets[k], sizeof two);
      if constexpr (std::endian::native == std::endian::big) two = std::rotl(two, 32);
      add(first_cell + static_cast<Index>(two & 0xffffffff), values[k]);
      add(first_cell + static_cast<Index>(two >> 32), values[k + 1]);
    }
    if (paired < size()) add(first_cell + static_cast<Index>(buckets[paired]), values[paired]);
  }
};

}  // namespace turnstile::inline v0
