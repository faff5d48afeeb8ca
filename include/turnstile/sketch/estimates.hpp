/// @file
/// What can be read off counters: coordinates, norms, inner products.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "turnstile/detail/column_medians.hpp"
#include "turnstile/detail/median.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/sketch/sketch_operator.hpp"

namespace turnstile::inline v0::detail {

/// ‖v‖ without overflow or underflow of the squares.
template <class T>
double euclidean_norm(std::span<const T> values) {
  double largest = 0;
  for (T value : values) largest = std::max(largest, std::abs(static_cast<double>(value)));
  if (largest == 0 || !std::isfinite(largest)) return largest;
  // A power of two scales without rounding; its exponent is clamped where the reciprocal would overflow.
  const double scale = std::ldexp(1.0, -std::max(std::ilogb(largest), -1020));
  double sum = 0;
  for (T value : values) sum += (static_cast<double>(value) * scale) * (static_cast<double>(value) * scale);
  return std::sqrt(sum) / scale;
}

/// The median over `rows` equal pieces of a function of each piece.
template <class Function>
double median_over_rows(Index rows, Index length, Function&& function) {
  std::vector<double> readings(static_cast<std::size_t>(rows));
  for (Index row = 0; row < rows; ++row)
    readings[static_cast<std::size_t>(row)] =
        function(static_cast<std::size_t>(row * length), static_cast<std::size_t>(length));
  return median(std::span(readings));
}

/// Median over rows of ‖row‖: its square estimates ‖y‖² with relative variance below 2/b a row
/// (Alon, Matias and Szegedy 1999; buckets as in Thorup and Zhang 2004).
template <class T>
double median_norm(std::span<const T> counters, Index rows) {
  const Index length = static_cast<Index>(counters.size()) / rows;
  return median_over_rows(
      rows, length, [&](std::size_t at, std::size_t count) { return euclidean_norm(counters.subspan(at, count)); });
}

/// The value below which this share of the |values| lies.
template <class T>
double magnitude_quantile(std::span<const T> values, double share) {
  std::vector<T> magnitudes(values.size());
  std::transform(values.begin(), values.end(), magnitudes.begin(), [](T value) { return std::abs(value); });
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(magnitudes.size()));
  const auto quantile = magnitudes.begin() + std::min(rank, std::ssize(magnitudes) - 1);
  std::nth_element(magnitudes.begin(), quantile, magnitudes.end());
  return static_cast<double>(*quantile);
}

/// Median over rows of ⟨row, other row⟩: estimates ⟨y, z⟩ with variance below 2‖y‖²‖z‖²/b a row.
template <class T>
double median_inner_product(std::span<const T> a, std::span<const T> b, Index rows) {
  const Index length = static_cast<Index>(a.size()) / rows;
  return median_over_rows(rows, length, [&](std::size_t at, std::size_t count) {
    double sum = 0;
    for (std::size_t k = at; k < at + count; ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
    return sum;
  });
}

/// What a key's readings say: the median of all, or that of the leaf level's. Keys of one prefix share the buckets
/// of the level above in all rows; where the leaves alone say less than half of what all readings say, the
/// prefix holds a heavier key, and the leaves are believed.
template <class Counter>
Counter believed(Counter leaf, Counter all) {
  return 2 * leaf * (all < 0 ? -1 : 1) < std::abs(all) ? leaf : all;
}

/// ŷ_i for each key, the median of its readings (counter times sign) in all rows of the levels from
/// `first_level` on. Calls take(k, estimate) for key k. Time: R a level and key, and the median.
/// Cells: Counters of numbers, or what else gives the number in a cell.
template <class Operator, class Cells, class Take>
void estimate_keys(const Operator& op, const Cells& cells, std::span<const Index> keys, Take&& take,
                   Index first_level) {
  using Table = ColumnMedians<typename Cells::scalar_type>;
  const auto rows = static_cast<std::size_t>(op.shape().rows);
  Table table(static_cast<std::size_t>(op.levels() - first_level) * rows);
  for (std::size_t offset = 0; offset < keys.size(); offset += Table::width) {
    const std::size_t count = std::min(Table::width, keys.size() - offset);
    op.for_each_row(
        keys.subspan(offset, count),
        [&](std::size_t at, const RowOfCells& row) {
          auto& readings =
              table[static_cast<std::size_t>(op.leaf() - row.level) * rows + static_cast<std::size_t>(row.row)];
          cells.read(row, std::span(readings).subspan(at, row.size()));
        },
        first_level);
    const auto leaf = table.of_first(rows);
    if (table.readings() == rows) {
      for (std::size_t k = 0; k < count; ++k) take(offset + k, leaf[k]);
    } else {
      const auto& all = table.of_first(table.readings());
      for (std::size_t k = 0; k < count; ++k) take(offset + k, believed(leaf[k], all[k]));
    }
  }
}

/// The same for one key.
template <class Operator, class Cells>
typename Cells::scalar_type estimate_key(const Operator& op, const Cells& cells, Index key, Index first_level) {
  using Counter = typename Cells::scalar_type;
  std::array<Counter, most_in_network> table;
  const auto rows = static_cast<std::size_t>(op.shape().rows);
  const std::size_t count = static_cast<std::size_t>(op.levels() - first_level) * rows;
  if (count > table.size()) {
    Counter estimate{};
    estimate_keys(
        op, cells, std::span(&key, 1), [&](std::size_t, Counter value) { estimate = value; }, first_level);
    return estimate;
  }
  const auto readings = std::span(table).first(count);
  op.for_each_row(
      std::span(&key, 1),
      [&](std::size_t, const RowOfCells& row) {
        const auto at = static_cast<std::size_t>(op.leaf() - row.level) * rows + static_cast<std::size_t>(row.row);
        cells.read(row, readings.subspan(at, 1));
      },
      first_level);
  const Counter leaf = median(readings.first(rows));
  return count == rows ? leaf : believed(leaf, median(readings));
}

/// The R readings of one key of counters that are rows of ℝᵈ, at the leaves: R × d.
template <class Hash, class Scalar>
Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> row_readings(const SketchOperator<Hash>& op,
                                                                   const Counters<RowCounter<Scalar>>& counters,
                                                                   Index key) {
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> readings(op.shape().rows, counters.width());
  op.for_each_row(
      std::span(&key, 1),
      [&](std::size_t, const RowOfCells& row) {
        readings.row(row.row) = with_sign(Scalar(1), row.negative(0)) * counters[row.cell(0)];
      },
      op.leaf());
  return readings;
}

/// The row that they estimate, coordinate by coordinate.
template <class Hash, class Scalar>
RowCounter<Scalar> estimate_row(const SketchOperator<Hash>& op, const Counters<RowCounter<Scalar>>& counters,
                                Index key) {
  const Index rows = op.shape().rows;
  auto readings = row_readings(op, counters, key);
  RowCounter<Scalar> estimate(counters.width());
  for (Index j = 0; j < estimate.size(); ++j)
    estimate[j] = median(std::span(readings.col(j).data(), static_cast<std::size_t>(rows)));
  return estimate;
}

}  // namespace turnstile::inline v0::detail
