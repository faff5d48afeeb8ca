/// @file
/// The medians of many columns of readings at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "turnstile/detail/median.hpp"

namespace turnstile::inline v0::detail {

/// R readings of each of up to 64 keys, reading by reading, so that one comparator of a sorting network is a loop over
/// the keys, which vectorises. Time: O(R log² R) comparators a key. Memory: 64·R numbers.
template <class T>
class ColumnMedians {
 public:
  static constexpr std::size_t width = 64;
  using Column = std::array<T, width>;

  explicit ColumnMedians(std::size_t readings) : table_(readings) {}

  std::size_t readings() const { return table_.size(); }
  /// The r-th reading of each key.
  Column& operator[](std::size_t r) { return table_[r]; }

  /// The median of each key's first `count` readings, whose order is lost.
  const Column& of_first(std::size_t count) {
    if (count == 5) return of_five(table_[0], table_[1], table_[2], table_[3], table_[4]);
    merge_exchange(count, [&](std::size_t i, std::size_t j) { exchange(table_[i], table_[j]); });
    for (std::size_t k = 0; k < width; ++k) medians_[k] = middle_of(count, [&](std::size_t r) { return table_[r][k]; });
    return medians_;
  }

 private:
  const Column& of_five(const Column& a, const Column& b, const Column& c, const Column& d, const Column& e) {
    for (std::size_t k = 0; k < width; ++k) medians_[k] = median_of_five(a[k], b[k], c[k], d[k], e[k]);
    return medians_;
  }

  static void exchange(Column& a, Column& b) {
    for (std::size_t k = 0; k < width; ++k) {
      const T low = std::min(a[k], b[k]), high = std::max(a[k], b[k]);
      a[k] = low;
      b[k] = high;
    }
  }

  std::vector<Column> table_;
  Column medians_{};
};

}  // namespace turnstile::inline v0::detail
