/// @file
/// The random linear map behind every sketch of the library: which counters a key goes to, and with
/// which sign.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/detail/chunks.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/row_of_adds.hpp"
#include "turnstile/sketch/row_of_cells.hpp"
#include "turnstile/sketch/rows_in_fours.hpp"

namespace turnstile::inline v0 {

/// Φ: L levels of R rows of b buckets. At level l a key is bucketed by its prefix key >> shift_l; the
/// last level has shift 0, so a plain CountSketch is the case L = 1. The sign always comes from the
/// whole key, so that a bucket's square estimates the squared norm of what its prefixes hold.
///
/// Bucket and sign of the leaf level, and the signs of the levels above it, are disjoint bits of one
/// hash word per (row, key); bucket words of upper levels have hashes of their own. Counters are
/// numbered level by level, row by row. The operator holds no counters: it is its parameters.
///
/// Time: L·R hashes a key. Memory: L·R hash functions, once more in fours where the hash has them (`RowsInFours`).
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
    if constexpr (detail::HashedInFours<Hash>) fours_ = RowsInFours<Hash>(hashes_, shape_, shifts_);
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
  /// leaf, in blocks of keys; key k of a row is keys[offset + k].
  template <class Visit>
  void for_each_row(std::span<const Index> keys, Visit&& visit, Index first_level = 0) const {
    if (keys.size() == 1) return levels() == 1 ? visit_one(keys[0], visit) : visit_one(keys[0], first_level, visit);
    detail::for_each_block(keys.size(), [&](std::size_t at, std::size_t count) {
      visit_block(at, keys.subspan(at, count), first_level, visit);
    });
  }

  /// Calls add(RowOfAdds) for every row of every level: what y_{keys[k]} += values[k] for all k adds to Φy. The same
  /// places as those of `for_each_row`, in the same order, for values that are numbers; signs are put in where the
  /// places are found, in one loop that vectorises.
  template <class T, class Add>
  void scatter(std::span<const Index> keys, std::span<const T> values, Add&& add) const {
    detail::for_each_block(keys, values, [&](auto here, auto values_here) { scatter_block(here, values_here, add); });
  }

  /// The same for one key: calls add(cell, ±value) for every counter of it, in no order.
  template <class T, class Add>
  void scatter(Index key, T value, Add add) const {
    if constexpr (detail::HashedInFours<Hash>)
      fours_.scatter(key, value, add);
    else
      for_each_row(std::span(&key, 1),
                   [&](std::size_t, const RowOfCells& row) { add(row.cell(0), row.with_sign(0, value)); });
  }

  std::size_t heap_bytes() const {
    std::size_t bytes = hashes_.capacity() * sizeof(Hash) + shifts_.capacity() * sizeof(int) + fours_.heap_bytes();
    for (const Hash& hash : hashes_) bytes += detail::heap_bytes_of(hash);
    return bytes;
  }

 private:
  static constexpr Index max_levels = 29;  // signs are bits 31 … 3: a field element leaves the last three empty

  const Hash& hash(Index level, Index row) const {
    return hashes_[static_cast<std::size_t>(level * shape_.rows + row)];
  }

  static std::uint64_t word(const Hash& hash, Index key) {
    return detail::hash_in_loop(hash, static_cast<std::uint64_t>(key));
  }

  // The high half of a word times b, its integer part: uniform up to b·2⁻³².
  Index bucket(std::uint64_t word) const { return bucket(word, shape_.buckets); }
  static Index bucket(std::uint64_t word, Index buckets) {
    return static_cast<Index>(((word >> 32) * static_cast<std::uint64_t>(buckets)) >> 32);
  }

  // One key, hash by hash: what is done with one row hides the hash of the next.
  template <class Visit>
  void visit_one(Index key, Index first_level, Visit&& visit) const {
    for (Index row = 0; row < shape_.rows; ++row) {
      const std::uint64_t sign = hash(leaf(), row)(static_cast<std::uint64_t>(key));
      for (Index level = leaf(); level >= first_level; --level) {
        const std::uint64_t here =
            level == leaf() ? sign : hash(level, row)(static_cast<std::uint64_t>(key >> shift(level)));
        visit_cell(level, row, first_cell(level, row) + bucket(here), sign, visit);
      }
    }
  }

  // The same where there is one level: without a second loop, compilers keep everything in registers.
  template <class Visit>
  void visit_one(Index key, Visit&& visit) const {
    const Hash* const hashes = hashes_.data();
    for (Index row = 0, first = 0; row < shape_.rows; ++row, first += shape_.buckets) {
      const std::uint64_t sign = hashes[row](static_cast<std::uint64_t>(key));
      visit_cell(0, row, first + bucket(sign), sign, visit);
    }
  }

  template <class Visit>
  static void visit_cell(Index level, Index row, Index cell, std::uint64_t sign, Visit&& visit) {
    visit(std::size_t{0}, RowOfCells{level, row, {&cell, 1}, {&sign, 1}});
  }

  template <class Visit>
  void visit_block(std::size_t offset, std::span<const Index> keys, Index first_level, Visit&& visit) const {
    std::array<std::uint64_t, detail::block_size> signs;
    std::array<Index, detail::block_size> cells;
    for (Index row = 0; row < shape_.rows; ++row)
      for (Index level = leaf(); level >= first_level; --level) {
        const Index first = first_cell(level, row);
        detail::for_each_chunk(
            keys.size(),
            [&](std::size_t at, auto count) {
              for_each_place(level, row, &keys[at], count,
                             [&, leaf = level == leaf()](auto k, Index bucket, auto word) {
                               if (leaf) signs[at + k] = word;
                               cells[at + k] = first + bucket;
                             });
            },
            [&](std::size_t at, auto count) {
              visit(offset + at, RowOfCells{level, row, {&cells[at], count}, {&signs[at], count}});
            });
      }
  }

  template <class T, class Add>
  void scatter_block(std::span<const Index> keys, std::span<const T> values, Add&& add) const {
    std::array<std::uint64_t, detail::block_size> words;
    std::array<std::uint32_t, detail::block_size> buckets;
    std::array<T, detail::block_size> with_signs;
    for (Index row = 0; row < shape_.rows; ++row)
      for (Index level = leaf(); level >= 0; --level) {
        const Index first = first_cell(level, row);
        const auto put = [&, level](std::size_t k, Index bucket, std::uint64_t word) {
          buckets[k] = static_cast<std::uint32_t>(bucket);
          with_signs[k] = detail::with_sign_bit(values[k], RowOfCells::sign_bit(word, level));
        };
        detail::for_each_chunk(
            keys.size(),
            [&](std::size_t at, auto count) {
              const auto each = [&](auto take) { for_each_place(level, row, &keys[at], count, take); };
              if (level < leaf())
                each([&](auto k, Index bucket, auto) { put(at + k, bucket, words[at + k]); });
              else if (level == 0)  // no level above it needs the words
                each([&](auto k, Index bucket, auto word) { put(at + k, bucket, word); });
              else
                each([&](auto k, Index bucket, auto word) { put(at + k, bucket, words[at + k] = word); });
            },
            [&](std::size_t at, auto count) {
              add(RowOfAdds<T>{level, row, first, {&buckets[at], count}, {&with_signs[at], count}});
            });
      }
  }

  // Calls take(k, bucket, word) for `count` keys. All that the loop reads is copied, a hash if it is small: what it
  // writes could be any of it, as far as compilers know.
  template <class Count, class Take>
  void for_each_place(Index level, Index row, const Index* keys, Count count, Take&& take) const {
    const std::conditional_t<(sizeof(Hash) <= 64), const Hash, const Hash&> here = hash(level, row);
    const Index buckets = shape_.buckets;
    const int drop = shift(level);
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint64_t here_word = word(here, keys[k] >> drop);
      take(k, bucket(here_word, buckets), here_word);
    }
  }

  SketchShape shape_;
  std::vector<int> shifts_;
  std::vector<Hash> hashes_;
  Index cells_ = 0;
  [[no_unique_address]] RowsInFours<Hash> fours_;
};

}  // namespace turnstile::inline v0
