/// @file
/// The random linear map behind every sketch of the library: which counters a key goes to, and with
/// which sign.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0 {

/// One row of a sketch, seen by a block of keys: key k of the block adds to `cell(k)`, with a minus
/// if `negative(k)`.
struct RowOfCells {
  Index level;
  Index row;
  std::span<const Index> cells;
  std::span<const std::uint64_t> sign_words;

  Index cell(std::size_t k) const { return cells[k]; }
  bool negative(std::size_t k) const { return ((sign_words[k] >> (31 - level)) & 1) != 0; }
};

/// Φ: L levels of R rows of b buckets. At level l a key is bucketed by its prefix key >> shift_l; the
/// last level has shift 0, so a plain CountSketch is the case L = 1. The sign always comes from the
/// whole key, so that a bucket's square estimates the squared norm of what its prefixes hold.
///
/// Bucket and sign of the leaf level, and the signs of the levels above it, are disjoint bits of one
/// hash word per (row, key); bucket words of upper levels have hashes of their own. Counters are
/// numbered level by level, row by row. The operator holds no counters: it is its parameters.
///
/// Time: L·R hashes a key. Memory: L·R hash functions.
template <KeyedHash Hash>
class SketchOperator {
 public:
  /// @param shifts of the levels, falling, the last one 0
  SketchOperator(SketchShape shape, Seed seed, std::vector<int> shifts = {0})
      : shape_(shape), shifts_(std::move(shifts)) {
    detail::check_shape(shape);
    detail::check_range(levels(), 1, max_levels, "number of levels");
    cells_ = detail::checked_product(shape.rows * levels(), shape.buckets, "sketch");
    hashes_.reserve(static_cast<std::size_t>(shape.rows * levels()));
    for (Index level = 0; level < levels(); ++level)
      for (Index row = 0; row < shape.rows; ++row)
        hashes_.emplace_back(derive_seed(derive_seed(seed, "sketch row", static_cast<std::uint64_t>(row)),
                                         "sketch level", static_cast<std::uint64_t>(levels() - 1 - level)));
  }

  const SketchShape& shape() const { return shape_; }
  Index levels() const { return static_cast<Index>(shifts_.size()); }
  Index leaf() const { return levels() - 1; }
  int shift(Index level) const { return shifts_[static_cast<std::size_t>(level)]; }
  Index cells() const { return cells_; }
  Index first_cell(Index level, Index row) const { return (level * shape_.rows + row) * shape_.buckets; }

  /// The counter of a prefix, i.e. of a key already shifted.
  Index cell(Index level, Index row, Index prefix) const {
    return first_cell(level, row) + bucket(word(hash(level, row), prefix));
  }

  /// Calls visit(offset, RowOfCells) for every row of every level from `first_level` down to the
  /// leaf, in blocks of keys; key k of a row is keys[offset + k]. The library's one bucket-and-sign
  /// loop: single updates are batches of one.
  template <class Visit>
  void for_each_row(std::span<const Index> keys, Visit&& visit, Index first_level = 0) const {
    for (std::size_t offset = 0; offset < keys.size(); offset += block)
      visit_block(keys.subspan(offset, std::min(block, keys.size() - offset)), first_level,
                  [&](const RowOfCells& row) { visit(offset, row); });
  }

  std::size_t heap_bytes() const {
    std::size_t bytes = hashes_.capacity() * sizeof(Hash) + shifts_.capacity() * sizeof(int);
    for (const Hash& hash : hashes_) bytes += detail::heap_bytes_of(hash);
    return bytes;
  }

 private:
  static constexpr std::size_t block = 64;
  static constexpr Index max_levels = 29;  // signs are bits 31 … 3: a field element leaves the last three empty

  const Hash& hash(Index level, Index row) const {
    return hashes_[static_cast<std::size_t>(level * shape_.rows + row)];
  }

  static std::uint64_t word(const Hash& hash, Index key) { return hash(static_cast<std::uint64_t>(key)); }

  // The high half of a word times b, its integer part: uniform up to b·2⁻³².
  Index bucket(std::uint64_t word) const {
    return static_cast<Index>(((word >> 32) * static_cast<std::uint64_t>(shape_.buckets)) >> 32);
  }

  template <class Visit>
  void visit_block(std::span<const Index> keys, Index first_level, Visit&& visit) const {
    std::array<std::uint64_t, block> signs;
    std::array<Index, block> cells;
    const std::size_t count = keys.size();
    for (Index row = 0; row < shape_.rows; ++row) {
      const Hash& leaf_hash = hash(leaf(), row);
      for (std::size_t k = 0; k < count; ++k) signs[k] = word(leaf_hash, keys[k]);
      for (Index level = leaf(); level >= first_level; --level) {
        const Index first = first_cell(level, row);
        if (level == leaf()) {
          for (std::size_t k = 0; k < count; ++k) cells[k] = first + bucket(signs[k]);
        } else {
          const Hash& level_hash = hash(level, row);
          for (std::size_t k = 0; k < count; ++k)
            cells[k] = first + bucket(word(level_hash, keys[k] >> shift(level)));
        }
        visit(RowOfCells{level, row, {cells.data(), count}, {signs.data(), count}});
      }
    }
  }

  SketchShape shape_;
  std::vector<int> shifts_;
  std::vector<Hash> hashes_;
  Index cells_ = 0;
};

}  // namespace turnstile::inline v0
