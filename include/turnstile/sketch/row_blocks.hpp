/// @file
/// A matrix, some rows at a time.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// A matrix that may be a map of the caller's memory, which is not copied; of an expression, its value.
template <class Matrix>
using MatrixRef = Eigen::Ref<const typename Matrix::PlainObject, 0, Eigen::OuterStride<>>;

/// Calls visit(first, rows) for every block of some rows, as a row-major matrix of Scalar that stays in the nearest
/// caches. A matrix by columns is read in runs of up to 256 numbers.
template <class Scalar, class Matrix, class Visit>
void for_each_row_block(const Eigen::MatrixBase<Matrix>& matrix, Visit&& visit) {
  const Index step = std::clamp(Index{1 << 14} / std::max(matrix.cols(), Index{1}), Index{16}, Index{256});
  RowMajorMatrix<Scalar> rows;
  for (Index first = 0; first < matrix.rows(); first += step) {
    const auto here = matrix.middleRows(first, std::min(step, matrix.rows() - first));
    rows.resize(here.rows(), here.cols());
    if constexpr (Matrix::IsRowMajor) {
      rows = here.template cast<Scalar>();
    } else {
      Index j = 0;  // a line of the cache at a time
      for (; j + 8 <= here.cols(); j += 8)
        rows.template middleCols<8>(j) = here.template middleCols<8>(j).template cast<Scalar>();
      rows.rightCols(here.cols() - j) = here.rightCols(here.cols() - j).template cast<Scalar>();
    }
    visit(first, std::as_const(rows));
  }
}

/// All entries, row by row.
template <class Scalar>
std::span<const Scalar> entries_of(const RowMajorMatrix<Scalar>& rows) {
  return {rows.data(), static_cast<std::size_t>(rows.size())};
}

}  // namespace turnstile::inline v0::detail
