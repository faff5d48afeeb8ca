/// @file
/// Counters that never round.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "turnstile/core/types.hpp"
#include "turnstile/detail/large_pages.hpp"
#include "turnstile/detail/sign.hpp"
#include "turnstile/detail/wide.hpp"
#include "turnstile/sketch/row_of_cells.hpp"

namespace turnstile::inline v0 {

/// `cells` sums of signed integers, of 128 bits each: the same in whatever order they are added, and 0 where what was
/// added cancels. Whoever adds sees to it that no sum can leave the range. A reading is the nearest double, so that
/// searches and medians take no longer than those of doubles.
class ExactCounters {
 public:
  using scalar_type = double;  ///< of a reading

  explicit ExactCounters(Index cells) : values_(static_cast<std::size_t>(cells)) {}

  Index size() const { return static_cast<Index>(values_.size()); }
  double operator[](Index cell) const { return static_cast<double>(values_[static_cast<std::size_t>(cell)]); }
  /// readings[k] = what its cell says of key k of a row.
  void read(const RowOfCells& row, std::span<double> readings) const {
    for (std::size_t k = 0; k < row.size(); ++k) readings[k] = row.with_sign(k, (*this)[row.cell(k)]);
  }

  void add(Index cell, bool negative, detail::int128 value) {
    values_[static_cast<std::size_t>(cell)] += detail::with_sign(value, negative);
  }
  /// The same for all keys of a row: value(k) for key k.
  template <class Value>
  void add(const RowOfCells& row, Value&& value) {
    for (std::size_t k = 0; k < row.size(); ++k)
      values_[static_cast<std::size_t>(row.cell(k))] += row.with_sign(k, detail::int128{value(k)});
  }

  ExactCounters& operator+=(const ExactCounters& other) {
    for (std::size_t c = 0; c < values_.size(); ++c) values_[c] += other.values_[c];
    return *this;
  }
  ExactCounters& operator-=(const ExactCounters& other) {
    for (std::size_t c = 0; c < values_.size(); ++c) values_[c] -= other.values_[c];
    return *this;
  }
  void set_zero() { std::fill(values_.begin(), values_.end(), detail::int128{0}); }

  bool all_zero() const {
    return std::all_of(values_.begin(), values_.end(), [](detail::int128 value) { return value == 0; });
  }
  /// Whether every |counter| is at most this.
  bool all_within(detail::int128 bound) const {
    return std::all_of(values_.begin(), values_.end(),
                       [&](detail::int128 value) { return value >= -bound && value <= bound; });
  }

  std::span<const detail::int128> flat() const { return values_; }
  std::span<detail::int128> flat() { return values_; }
  std::size_t heap_bytes() const { return values_.heap_bytes(); }

 private:
  detail::LargeArray<detail::int128> values_;
};

}  // namespace turnstile::inline v0
