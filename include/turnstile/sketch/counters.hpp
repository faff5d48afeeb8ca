/// @file
/// An array of counters: numbers, or rows of ℝᵈ.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/detail/sign.hpp"

namespace turnstile::inline v0 {

/// A counter that is a row of ℝᵈ: sketches of it are sketches of a matrix, row by row.
template <class Scalar>
using RowCounter = Eigen::RowVector<Scalar, Eigen::Dynamic>;

/// `cells` counters of the given width; sums of signed values. The general case: exact or floating
/// numbers, one a cell.
///
/// Integer counters are exact: an update that could carry one out of its range is refused as a whole
/// (CounterOverflow) by `reserve`, which bounds every |counter| by the largest one plus the mass to
/// come.
template <class Counter>
class Counters {
  static_assert(std::same_as<Counter, double> || std::same_as<Counter, float> ||
                    std::same_as<Counter, std::int64_t>,
                "counters are double, float, std::int64_t, or rows of double or float");

 public:
  using scalar_type = Counter;
  static constexpr bool exact = std::integral<Counter>;

  explicit Counters(Index cells, [[maybe_unused]] Index width = 1) : values_(static_cast<std::size_t>(cells)) {}

  Index size() const { return static_cast<Index>(values_.size()); }
  Index width() const { return 1; }
  Counter operator[](Index cell) const { return values_[static_cast<std::size_t>(cell)]; }

  void add(Index cell, bool negative, Counter value) {
    values_[static_cast<std::size_t>(cell)] += detail::with_sign(value, negative);
  }

  /// Refuses what could overflow: must precede adds of values of this total |mass|.
  void reserve(double mass) {
    if constexpr (exact) {
      if (bound_ + mass <= limit) {
        bound_ += mass;
        return;
      }
      const double tight = largest();
      if (!(tight + mass <= limit))
        detail::raise<CounterOverflow>("a counter at ", tight, " and updates of mass ", mass,
                                       " could pass the exact range of ", limit);
      bound_ = tight + mass;
    }
  }

  Counters& operator+=(const Counters& other) { return combine(other, false); }
  Counters& operator-=(const Counters& other) { return combine(other, true); }
  void set_zero() { *this = Counters(size()); }

  std::span<const Counter> flat() const { return values_; }
  std::span<Counter> flat() { return values_; }
  std::size_t heap_bytes() const { return values_.capacity() * sizeof(Counter); }

 private:
  // Half the range of the counter, which leaves room for the rounding of the bound itself.
  static constexpr double limit = 0x1p62;

  double largest() const {
    double most = 0;
    for (Counter value : values_) most = std::max(most, std::abs(static_cast<double>(value)));
    return most;
  }

  Counters& combine(const Counters& other, bool negative) {
    if constexpr (exact) reserve(other.largest());
    for (std::size_t c = 0; c < values_.size(); ++c)
      values_[c] += detail::with_sign(other.values_[c], negative);
    return *this;
  }

  std::vector<Counter> values_;
  double bound_ = limit;  // of every |counter|; starts loose, so that the first reserve tightens it
};

/// Counters that are rows of ℝᵈ, kept as one row-major matrix of cells × d.
template <class Scalar>
class Counters<RowCounter<Scalar>> {
 public:
  using scalar_type = Scalar;
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  static constexpr bool exact = false;

  Counters(Index cells, Index width) {
    detail::check_range(width, 1, max_dimension, "number of columns");
    detail::checked_product(cells, width, "sketched matrix");
    values_ = Matrix::Zero(cells, width);
  }

  Index size() const { return values_.rows(); }
  Index width() const { return values_.cols(); }
  auto operator[](Index cell) const { return values_.row(cell); }

  template <class Row>
  void add(Index cell, bool negative, const Eigen::MatrixBase<Row>& value) {
    if (negative)
      values_.row(cell) -= value;
    else
      values_.row(cell) += value;
  }
  /// The same for one entry of a row.
  void add(Index cell, Index column, bool negative, Scalar value) {
    values_(cell, column) += detail::with_sign(value, negative);
  }

  void reserve(double) {}

  Counters& operator+=(const Counters& other) { return values_ += other.values_, *this; }
  Counters& operator-=(const Counters& other) { return values_ -= other.values_, *this; }
  void set_zero() { values_.setZero(); }

  const Matrix& matrix() const { return values_; }
  std::span<const Scalar> flat() const { return {values_.data(), static_cast<std::size_t>(values_.size())}; }
  std::span<Scalar> flat() { return {values_.data(), static_cast<std::size_t>(values_.size())}; }
  std::size_t heap_bytes() const { return static_cast<std::size_t>(values_.size()) * sizeof(Scalar); }

 private:
  Matrix values_;
};

}  // namespace turnstile::inline v0
