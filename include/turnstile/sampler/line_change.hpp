/// @file
/// The image of a change of a whole row or column of a matrix.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/vector_image.hpp"
#include "turnstile/sketch/pair_operator.hpp"

namespace turnstile::inline v0::detail {

/// The sums S of a line (see PairOperator), one for each row of a sketch.
template <class Table>
class LineSums {
 public:
  LineSums(const Table& table, const MatrixLine& line)
      : table_(table), line_(line), sums_(static_cast<std::size_t>(table.shape().rows * table.shape().buckets)) {}

  /// The line's entries from place `first` on.
  void gather(Index first, std::span<const double> values) {
    for (Index row = 0; row < table_.shape().rows; ++row) table_.gather(line_, row, first, values, of_row(row));
  }

  template <class Scalar>
  void add_to(Counters<Scalar>& counters) {
    for (Index row = 0; row < table_.shape().rows; ++row)
      table_.spread(line_, row, of_row(row), [&](Index cell, bool negative, double value) {
        counters.add(cell, negative, static_cast<Scalar>(value));
      });
  }

 private:
  std::span<double> of_row(Index row) {
    const auto buckets = static_cast<std::size_t>(table_.shape().buckets);
    return std::span(sums_).subspan(static_cast<std::size_t>(row) * buckets, buckets);
  }

  const Table& table_;
  MatrixLine line_;
  std::vector<double> sums_;
};

/// What a line brings to the buckets of the leaves' first row: how many entries, and how much |mass|.
class LineTraffic {
 public:
  explicit LineTraffic(Index buckets)
      : entries_(static_cast<std::size_t>(buckets)), mass_(static_cast<std::size_t>(buckets)) {}

  void count(Index bucket, double mass) {
    entries_[static_cast<std::size_t>(bucket)] += 1;
    mass_[static_cast<std::size_t>(bucket)] += mass;
  }

  /// Charges the adds of the entries to one another and to the counters, now `after`, and `terms` roundings of each.
  template <class Scalar>
  void charge(std::span<const Scalar> after, double terms, RoundingBound& rounding) const {
    constexpr double own = 4;  // its scale factor, the product with it, the sum as a Scalar, and the last add
    for (std::size_t k = 0; k < mass_.size(); ++k)
      rounding.charge(static_cast<Index>(k),
                      VectorImage<Scalar>::unit_roundoff *
                          (std::abs(static_cast<double>(after[k])) + (entries_[k] + terms + own) * mass_[k]));
  }

 private:
  std::vector<double> entries_;
  std::vector<double> mass_;
};

/// Adds a change of Y along a line to the image of Y: its entry at place k changes by changes[k], which is known
/// within terms·u·bounds[k], and bounds[k] ≥ |changes[k]|. The fingerprint is left to the caller. Each entry has
/// a scale factor of its own, so that all of them are met: O(n), with R + 6 adds an entry, and O(R·b) for the levels.
///
/// Entries are met place after place, in blocks that stay in cache, at random buckets. In the order of the buckets
/// they would be read at random from n numbers and added in sequence; measured, that is no faster at n = 10⁵, and
/// slower by half at 10⁶, for the b sums are in the nearest cache and the n numbers are not.
template <class Scalar, class Policies, class Changes, class Bounds>
void add_line(const SamplerOperator<Policies>& op, const MatrixLine& line, const Eigen::MatrixBase<Changes>& changes,
              const Eigen::MatrixBase<Bounds>& bounds, double terms, VectorImage<Scalar>& image) {
  constexpr Index block = 256;
  const auto& table = op.table();
  LineSums scaled(table, line), plain(op.norm(), line);
  LineTraffic traffic(table.shape().buckets);
  std::array<double, block> values, weighted;
  for (Index first = 0; first < changes.size(); first += block) {
    const auto count = static_cast<std::size_t>(std::min(block, changes.size() - first));
    for (std::size_t k = 0; k < count; ++k) {
      const Index place = first + static_cast<Index>(k);
      const double scale = op.scale(table.key(line, place));
      values[k] = static_cast<double>(changes[place]);
      weighted[k] = values[k] * scale;
      traffic.count(table.leaf_bucket(line, 0, place), static_cast<double>(bounds[place]) * scale);
    }
    scaled.gather(first, std::span<const double>(weighted).first(count));
    plain.gather(first, std::span<const double>(values).first(count));
  }
  scaled.add_to(image.scaled);
  plain.add_to(image.plain);
  traffic.charge(op.charged_cells().of(std::span<const Scalar>(std::as_const(image.scaled).flat())), terms,
                 image.rounding);
}

}  // namespace turnstile::inline v0::detail
