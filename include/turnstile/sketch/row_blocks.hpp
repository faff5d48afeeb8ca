/// @file
/// A matrix, some rows at a time.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

#include "turnstile/core/types.hpp"
#include "turnstile/detail/copy_by_rows.hpp"

namespace turnstile::inline v0::detail {

/// A matrix that may be a map of the caller's memory, which is not copied; of an expression, its value.
template <class Matrix>
using MatrixRef = Eigen::Ref<const typename Matrix::PlainObject, 0, Eigen::OuterStride<>>;

/// Some rows of a matrix, row by row without gaps.
template <class Scalar>
using RowBlock = Eigen::Map<const RowMajorMatrix<Scalar>>;

/// All entries of these, or of a whole matrix that lies so.
template <class Rows>
std::span<const typename Rows::Scalar> entries_of(const Rows& rows) {
  return {rows.data(), static_cast<std::size_t>(rows.size())};
}

/// `here`, some rows of a matrix that has `ahead` more behind them; copied if they lie otherwise or in another type.
template <class Scalar, class Rows>
RowBlock<Scalar> row_block(const Rows& here, Index ahead, RowMajorMatrix<Scalar>& copy) {
  constexpr bool same_type = std::is_same_v<typename Rows::Scalar, Scalar>;
  if constexpr (same_type && Rows::IsRowMajor)
    if (here.outerStride() == here.cols()) return {here.data(), here.rows(), here.cols()};
  copy.resize(here.rows(), here.cols());
  if constexpr (same_type && !Rows::IsRowMajor)
    copy_by_rows(here, ahead, copy);
  else
    copy = here.template cast<Scalar>();
  return {copy.data(), copy.rows(), copy.cols()};
}

/// Calls visit(first, rows) for every block of some rows, a RowBlock<Scalar> that fits into the nearest caches.
template <class Scalar, class Matrix, class Visit>
void for_each_row_block(const Eigen::MatrixBase<Matrix>& matrix, Visit&& visit) {
  const Index step = std::clamp(Index{1 << 14} / std::max(matrix.cols(), Index{1}), Index{16}, Index{256});
  RowMajorMatrix<Scalar> copy;
  for (Index first = 0; first < matrix.rows(); first += step) {
    const auto here = matrix.middleRows(first, std::min(step, matrix.rows() - first));
    visit(first, row_block<Scalar>(here, matrix.rows() - first - here.rows(), copy));
  }
}

}  // namespace turnstile::inline v0::detail
