/// @file
/// An array of counters: numbers, or rows of ℝᵈ.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/large_pages.hpp"
#include "turnstile/detail/sign.hpp"
#include "turnstile/sketch/row_of_adds.hpp"
#include "turnstile/sketch/row_of_cells.hpp"

namespace turnstile::inline v0 {

/// A counter that is a row of ℝᵈ: sketches of it are sketches of a matrix, row by row.
template <class Scalar>
using RowCounter = Eigen::RowVector<Scalar, Eigen::Dynamic>;

namespace detail {

/// An upper bound on every |counter|, so that an update that could carry one out of its range is
/// refused before anything changes: the largest counter when last looked at, and the mass since.
class MassBound {
 public:
  /// Whether updates of this total |mass| surely leave every counter within ±limit; counts them if so.
  /// largest() finds the largest |counter|, and is asked only when the bound is used up.
  template <class Largest>
  bool admits(double mass, double limit, Largest largest) {
    return adds_up(mass, limit) || looks_and_adds_up(mass, limit, largest);
  }

  /// A number that no |counter| passes; infinity where none is known.
  double known() const { return bound_; }

  /// Counters changed by another way: the next admission looks again.
  void forget() { bound_ = std::numeric_limits<double>::infinity(); }

 private:
  bool adds_up(double mass, double limit) {
    constexpr double rounded = 1 - 0x1p-20;  // room for the rounding of 2³³ masses summed up
    if (!(bound_ + mass <= limit * rounded)) return false;
    bound_ += mass;
    return true;
  }

  // Seldom: out of the way of what is compiled for the usual case.
  template <class Largest>
  [[gnu::noinline]] bool looks_and_adds_up(double mass, double limit, Largest largest) {
    bound_ = largest();
    return adds_up(mass, limit);
  }

  double bound_ = std::numeric_limits<double>::infinity();  // unknown: the first admission looks
};

/// The end of a counter's range; for integers 2⁶², so that a double tells it exactly.
template <class Scalar>
constexpr Scalar counter_limit() {
  return std::integral<Scalar> ? std::numeric_limits<Scalar>::max() / 2 + 1 : std::numeric_limits<Scalar>::max();
}

/// @throws CounterOverflow for a number that no counter holds
template <class Scalar>
void check_counter(Scalar counter) {
  constexpr Scalar limit = counter_limit<Scalar>();
  if (!(counter <= limit && counter >= -limit))
    raise<CounterOverflow>("a counter would be ", counter, ", outside its range of ", static_cast<double>(limit));
}

/// The same for many; of finite floating-point numbers, which are all in range, nothing needs to be looked at.
template <class Scalar>
void check_counters(std::span<const Scalar> counters) {
  if constexpr (std::integral<Scalar>)
    for (Scalar counter : counters) check_counter(counter);
}

/// @throws CounterOverflow if counter + value, both in range, is not
template <class Scalar>
void check_sum(Scalar counter, Scalar value) {
  constexpr Scalar limit = counter_limit<Scalar>();
  if (value >= 0 ? counter > limit - value : counter < -limit - value)
    raise<CounterOverflow>("a counter at ", counter, " and a change of ", value, " pass the range of ",
                           static_cast<double>(limit));
}

template <class Scalar>
double largest_magnitude(std::span<const Scalar> values) {
  if (values.empty()) return 0;
  const Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>> array(values.data(), std::ssize(values));
  return array.template cast<double>().abs().maxCoeff();
}

/// Refuses to go on unless `counters` admit this mass. @throws CounterOverflow
template <class Counters>
void require_admitted(Counters& counters, double mass) {
  if (!counters.admits(mass))
    raise<CounterOverflow>("a counter at ", counters.largest(), " and changes of mass ", mass,
                           " could pass the range of ",
                           static_cast<double>(counter_limit<typename Counters::scalar_type>()));
}

/// Counter by counter, where the bound does not settle it. @throws CounterOverflow
template <class Counters>
void check_combination(Counters& counters, const Counters& other, double known_of_other, bool negative,
                       MassBound& bound) {
  if (counters.admits(known_of_other) || counters.admits(other.largest())) return;
  const auto here = std::as_const(counters).flat(), there = other.flat();
  for (std::size_t c = 0; c < here.size(); ++c) check_sum(here[c], with_sign(there[c], negative));
  bound.forget();
}

}  // namespace detail

/// `cells` counters, each a sum of signed values. The general case: numbers, one a cell; those of an
/// integer type are exact. No counter leaves its range: `admits` must be asked before adds.
template <class Counter>
class Counters {
  static_assert(std::same_as<Counter, double> || std::same_as<Counter, float> || std::same_as<Counter, std::int64_t>,
                "counters are double, float, std::int64_t, or rows of double or float");

 public:
  using scalar_type = Counter;

  explicit Counters(Index cells, [[maybe_unused]] Index width = 1) : values_(static_cast<std::size_t>(cells)) {}

  Index size() const { return static_cast<Index>(values_.size()); }
  Index width() const { return 1; }
  Counter operator[](Index cell) const { return values_[static_cast<std::size_t>(cell)]; }
  /// readings[k] = what its cell says of key k of a row.
  void read(const RowOfCells& row, std::span<Counter> readings) const {
    for (std::size_t k = 0; k < row.size(); ++k) readings[k] = (*this)[row.cell(k)];
    for (std::size_t k = 0; k < row.size(); ++k) readings[k] = row.with_sign(k, readings[k]);
  }

  void add(Index cell, bool negative, Counter value) {
    values_[static_cast<std::size_t>(cell)] += detail::with_sign(value, negative);
  }

  void add(Index cell, Counter value) { values_[static_cast<std::size_t>(cell)] += value; }

  void add(const RowOfAdds<Counter>& row) {
    row.for_each([&](Index cell, Counter value) { add(cell, value); });
  }

  /// As `add`, refusing what leaves the counter's range. @throws CounterOverflow
  void add_checked(Index cell, bool negative, Counter value) {
    detail::check_counter(value);
    detail::check_sum((*this)[cell], detail::with_sign(value, negative));
    add(cell, negative, value);
    bound_.forget();
  }

  /// Whether adds of values of this total |mass| surely stay in range.
  bool admits(double mass) {
    return bound_.admits(mass, static_cast<double>(detail::counter_limit<Counter>()), [this] { return largest(); });
  }
  /// The largest |counter|.
  double largest() const { return detail::largest_magnitude(flat()); }

  /// Refuses counters whose sum or difference with these leaves the range. @throws CounterOverflow
  void check_combination(const Counters& other, bool negative) {
    detail::check_combination(*this, other, other.bound_.known(), negative, bound_);
  }

  /// @throws CounterOverflow; nothing has changed then
  Counters& operator+=(const Counters& other) { return combine(other, false); }
  /// @throws CounterOverflow; nothing has changed then
  Counters& operator-=(const Counters& other) { return combine(other, true); }
  void set_zero() { *this = Counters(size()); }

  std::span<const Counter> flat() const { return values_; }
  /// For writing: the next admission looks at them again.
  std::span<Counter> flat() {
    bound_.forget();
    return values_;
  }
  Eigen::Map<Eigen::Vector<Counter, Eigen::Dynamic>> as_vector() { return {values_.data(), size()}; }
  std::size_t heap_bytes() const { return values_.heap_bytes(); }

 private:
  Counters& combine(const Counters& other, bool negative) {
    check_combination(other, negative);
    for (std::size_t c = 0; c < values_.size(); ++c) values_[c] += detail::with_sign(other.values_[c], negative);
    return *this;
  }

  detail::LargeArray<Counter> values_;
  detail::MassBound bound_;
};

/// Counters that are rows of ℝᵈ, kept as one row-major matrix of cells × d.
template <class Scalar>
class Counters<RowCounter<Scalar>> {
 public:
  using scalar_type = Scalar;
  using Matrix = detail::RowMajorMatrix<Scalar>;

  Counters(Index cells, Index width) {
    detail::check_range(width, 1, max_dimension, "number of columns");
    detail::checked_product(cells, width, "sketched matrix");
    values_.resize(cells, width);
    detail::prefer_large_pages(values_.data(), flat().size_bytes());
    values_.setZero();
  }

  Index size() const { return values_.rows(); }
  Index width() const { return values_.cols(); }
  auto operator[](Index cell) const { return values_.row(cell); }

  template <class Row>
  void add(Index cell, bool negative, const Eigen::MatrixBase<Row>& value) {
    values_.row(cell).noalias() += detail::with_sign(Scalar(1), negative) * value;
  }
  /// The same for all keys of a row: value(k) for key k.
  template <class Value>
  void add(const RowOfCells& row, Value&& value) {
    for (std::size_t k = 0; k < row.size(); ++k) add(row.cell(k), row.negative(k), value(k));
  }
  /// To one entry of a row.
  void add(Index cell, Index column, Scalar value) { values_(cell, column) += value; }

  /// Sends for the memory of a cell, so that an add soon after finds it near: of a long row the beginning, behind
  /// which the processor reads on by itself.
  void prefetch(Index cell) const {
    constexpr Index line = 64 / sizeof(Scalar), most = 16 * line;
    const Scalar* const entries = values_.data() + cell * width();
    for (Index j = 0; j < std::min(width(), most); j += line) __builtin_prefetch(entries + j, 1);
  }

  /// As `add`, refusing what leaves a counter's range. @throws CounterOverflow
  template <class Row>
  void add_checked(Index cell, bool negative, const Eigen::MatrixBase<Row>& value) {
    add(cell, negative, value);
    for (Scalar counter : values_.row(cell)) detail::check_counter(counter);
    bound_.forget();
  }

  /// Whether adds of rows whose largest |entries| sum up to this mass surely stay in range.
  bool admits(double mass) {
    return bound_.admits(mass, static_cast<double>(detail::counter_limit<Scalar>()), [this] { return largest(); });
  }
  /// The largest |entry|.
  double largest() const { return detail::largest_magnitude(flat()); }

  /// Refuses counters whose sum or difference with these leaves the range. @throws CounterOverflow
  void check_combination(const Counters& other, bool negative) {
    detail::check_combination(*this, other, other.bound_.known(), negative, bound_);
  }

  /// @throws CounterOverflow; nothing has changed then
  Counters& operator+=(const Counters& other) {
    check_combination(other, false);
    values_ += other.values_;
    return *this;
  }
  /// @throws CounterOverflow; nothing has changed then
  Counters& operator-=(const Counters& other) {
    check_combination(other, true);
    values_ -= other.values_;
    return *this;
  }
  void set_zero() { values_.setZero(); }

  const Matrix& matrix() const { return values_; }
  std::span<const Scalar> flat() const { return {values_.data(), static_cast<std::size_t>(values_.size())}; }
  /// For writing: the next admission looks at them again.
  std::span<Scalar> flat() {
    bound_.forget();
    return {values_.data(), static_cast<std::size_t>(values_.size())};
  }
  std::size_t heap_bytes() const { return static_cast<std::size_t>(values_.size()) * sizeof(Scalar); }

 private:
  Matrix values_;
  detail::MassBound bound_;
};

}  // namespace turnstile::inline v0
