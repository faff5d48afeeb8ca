/// @file
/// Where one key goes in the rows of a sketch, four rows at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "turnstile/core/options.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/sign.hpp"
#include "turnstile/detail/wide.hpp"
#include "turnstile/detail/words4.hpp"

namespace turnstile::inline v0 {

/// Of hashes that have no `Four`: nothing.
template <class Hash>
class RowsInFours {
 public:
  static constexpr std::size_t heap_bytes() { return 0; }
};

/// The hashes of a `SketchOperator` once more, in groups of four rows whose words of one key are computed side by side:
/// of a key that comes by itself there is nothing else to vectorise over. Rows that do not fill a group are taken one
/// by one.
///
/// Time of a key: L·⌊R/4⌋ vectors of hashes and L·(R mod 4) hashes. Memory: L·⌈R/4⌉ groups of 96 bytes.
template <detail::HashedInFours Hash>
class RowsInFours<Hash> {
 public:
  RowsInFours() = default;
  /// @param hashes level after level, row after row
  RowsInFours(std::span<const Hash> hashes, const SketchShape& shape, std::span<const int> shifts)
      : rows_(static_cast<std::size_t>(shape.rows)),
        groups_((rows_ + 3) / 4),
        buckets_(static_cast<std::uint64_t>(shape.buckets)),
        levels_(shifts.size()),
        shifts_(shifts.rbegin(), shifts.rend()),
        all_groups_(groups_ * levels_) {
    for (std::size_t at = 0; at < hashes.size(); ++at) {
      const std::size_t row = at % rows_, above = levels_ - 1 - at / rows_;
      Group& group = all_groups_[above * groups_ + row / 4];
      group.hashes.set(row % 4, hashes[at]);
      group.first_cells[row % 4] = at * buckets_;
    }
  }

  /// Calls add(cell, ±value) for every counter of the key: what y_key += value adds to Φy. Side by side, or all rows one
  /// by one, which takes less time where vectors are short.
  template <bool side_by_side = detail::wide_vectors, class T, class Add>
  void scatter(Index key, T value, Add add) const {
    const auto word = static_cast<std::uint64_t>(key);
    if (levels_ > 1) return scatter_levels<side_by_side>(word, value, add);
    scatter_all<side_by_side>(std::integral_constant<std::size_t, 1>(), word, value, add);
  }

  std::size_t heap_bytes() const { return shifts_.capacity() * sizeof(int) + all_groups_.capacity() * sizeof(Group); }

 private:
  struct Group {
    typename Hash::Four hashes;
    detail::Words4 first_cells{};
  };

  // What there is to know of all rows of a group, and of one of them.
  struct AllRows {
    using Word = detail::Words4;
    static void hash(const Group& group, std::uint64_t key, Word& word) { group.hashes.hash(key, word); }
    static const Word& first_cell(const Group& group) { return group.first_cells; }
  };
  struct OneRow {
    using Word = std::uint64_t;
    std::size_t k;
    void hash(const Group& group, std::uint64_t key, Word& word) const { word = group.hashes.hash(k, key); }
    Word first_cell(const Group& group) const { return group.first_cells[k]; }
  };

  // Kept out of the way of the case of one level, which compilers then keep in registers.
  template <bool side_by_side, class T, class Add>
  [[gnu::noinline]] void scatter_levels(std::uint64_t key, T value, Add add) const {
    scatter_all<side_by_side>(levels_, key, value, add);
  }

  template <bool side_by_side, class Levels, class T, class Add>
  void scatter_all(Levels levels, std::uint64_t key, T value, Add add) const {
    const Group* group = all_groups_.data();
    for (std::size_t whole = rows_ / 4; whole > 0; --whole, ++group)
      if constexpr (side_by_side)
        scatter_rows(AllRows{}, levels, group, key, value, add);
      else
        scatter_one_by_one(4, levels, group, key, value, add);
    scatter_one_by_one(rows_ % 4, levels, group, key, value, add);
  }

  template <class Levels, class T, class Add>
  void scatter_one_by_one(std::size_t rows, Levels levels, const Group* group, std::uint64_t key, T value,
                          Add add) const {
    for (std::size_t k = 0; k < rows; ++k) scatter_rows(OneRow{k}, levels, group, key, value, add);
  }

  // From the leaves up; level l's sign is bit 31 − l of the leaves' word.
  template <class Rows, class Levels, class T, class Add>
  void scatter_rows(Rows rows, Levels levels, const Group* group, std::uint64_t key, T value, Add add) const {
    typename Rows::Word leaf, word;
    rows.hash(*group, key, leaf);
    put(rows.first_cell(*group), leaf, leaf << (31 + levels), value, add);
    for (std::size_t above = 1; above < levels; ++above) {
      group += groups_;
      rows.hash(*group, key >> shifts_[above], word);
      put(rows.first_cell(*group), word, leaf << (31 + levels - above), value, add);
    }
  }

  // Signs are in the highest bits.
  template <class Word, class T, class Add>
  void put(const Word& first, const Word& word, const Word& signs, T value, Add add) const {
    const Word cells = first + (((word >> 32) * buckets_) >> 32);
    detail::for_each_sign(signs & (std::uint64_t{1} << 63), value, [&](std::size_t k, T with_sign) {
      add(static_cast<Index>(detail::lane(cells, k)), with_sign);
    });
  }

  std::size_t rows_ = 0;
  std::size_t groups_ = 0;  // of a level
  std::uint64_t buckets_ = 0;
  std::size_t levels_ = 0;
  std::vector<int> shifts_;  // from the leaves up, as
  std::vector<Group> all_groups_;
};

}  // namespace turnstile::inline v0
