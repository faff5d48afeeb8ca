/// @file
/// Checks of the factors of Y = A1 X A2ᵀ and of their changes. Each throws InvalidArgument.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/plain_vector.hpp"

namespace turnstile::inline v0::detail {

/// Entries of a product of factors are drawn by their squares.
inline void check_product_options(const SamplerOptions& options) {
  check_options(options);
  if (options.power != 2) raise("power is ", options.power, ", expected 2 for entries of a product of factors");
}

/// Neither X nor A1 of n1 rows nor A2 of n2 rows is empty, and Y has no more than 2⁶² entries.
template <class X>
void check_product_sizes(Index left_rows, Index right_rows, const X& core) {
  for (Index size : {left_rows, right_rows, core.rows(), core.cols()})
    check_range(size, 1, max_dimension, "number of rows or columns");
  if (left_rows > max_dimension / right_rows)
    raise("Y would be ", left_rows, " x ", right_rows, ", more than ", max_dimension, " entries");
}

/// A1 is n1 × d1, X d1 × d2, A2 n2 × d2, none of them empty, and Y has no more than 2⁶² entries.
template <class A1, class A2, class X>
void check_factor_sizes(const A1& left, const A2& right, const X& core) {
  check_same_size(core.rows(), left.cols(), "column of X");
  check_same_size(core.cols(), right.cols(), "row of X");
  check_product_sizes(left.rows(), right.rows(), core);
  checked_product(left.rows(), left.cols(), "A1");
  checked_product(right.rows(), right.cols(), "A2");
}

/// The matrix as it is kept.
template <class Scalar, class A>
RowMajorMatrix<Scalar> finite_matrix(const A& expression, std::string_view name) {
  RowMajorMatrix<Scalar> matrix = expression.template cast<Scalar>();
  for (Index i = 0; i < matrix.rows(); ++i)
    for (Index j = 0; j < matrix.cols(); ++j)
      if (!std::isfinite(matrix(i, j))) raise(name, "(", i, ", ", j, ") is ", matrix(i, j), ", not a finite number");
  return matrix;
}

/// An entry of the matrix may change by `delta`.
template <class Scalar>
void check_change(const RowMajorMatrix<Scalar>& matrix, Index row, Index column, Scalar delta, std::string_view name) {
  check_index(row, matrix.rows(), "row");
  check_index(column, matrix.cols(), "column");
  check_finite(delta, "change");
  check_finite(static_cast<Scalar>(matrix(row, column) + delta), name);
}

/// The changes of a row, all of which its entries may take.
template <class Scalar, class Row>
Eigen::RowVector<Scalar, Eigen::Dynamic> row_of_changes(const RowMajorMatrix<Scalar>& matrix, Index row,
                                                        const Row& delta, std::string_view name) {
  check_index(row, matrix.rows(), "row");
  Eigen::RowVector<Scalar, Eigen::Dynamic> values = plain_row<Scalar>(delta, matrix.cols(), "row of changes");
  for (Index j = 0; j < values.size(); ++j) check_change(matrix, row, j, values[j], name);
  return values;
}

/// By how much ‖a‖² can grow when a vector of some norm changes by another.
inline double square_growth(double norm, double change) { return change * (2 * norm + change); }

/// ‖A1‖_F², ‖X‖_F² and ‖A2‖_F², or bounds of them.
struct FactorSquares {
  double left, core, right;

  /// Whether all products of them leave room for bounds on their rounding, and entries of Y are Scalars.
  template <class Scalar>
  bool fit() const {
    return std::max({left, core, right, left * core, core * right, left * core * right}) <= largest<Scalar>();
  }

  template <class Scalar>
  void check() const {
    if (!fit<Scalar>())
      raise("squares of A1 X A2^T would pass the range of ", largest<Scalar>(), ": up to ", left, " in A1, ", core,
            " in X and ", right, " in A2");
  }

 private:
  template <class Scalar>
  static constexpr double largest() {
    const double entry = static_cast<double>(std::numeric_limits<Scalar>::max());
    return sizeof(Scalar) < sizeof(double) ? entry * entry : entry * 0x1p-40;
  }
};

}  // namespace turnstile::inline v0::detail
