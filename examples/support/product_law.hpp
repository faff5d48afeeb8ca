/// @file
/// The exact ℓ2 law of the pairs of a product of two matrices, from a few of its rows at a time.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <map>
#include <turnstile/turnstile.hpp>
#include <utility>
#include <vector>

#include "npy.hpp"
#include "progress.hpp"

namespace examples {

/// The draw of a pair as one of a vector: the entries of a matrix of so many columns, row by row.
template <class Scalar>
turnstile::Draw<Scalar> row_by_row(const turnstile::PairDraw<Scalar>& pair, Eigen::Index columns) {
  return {pair.row * columns + pair.col, pair.value, pair.probability, pair.standard_error};
}

template <class Scalar>
turnstile::DrawResult<turnstile::Draw<Scalar>> row_by_row(
    const turnstile::DrawResult<turnstile::PairDraw<Scalar>>& pair, Eigen::Index columns) {
  if (pair) return row_by_row(*pair, columns);
  return pair.outcome();
}

/// P(i, j) = Y_ij² / ‖Y‖_F² for Y = L Rᵀ, its entries numbered row by row. Y itself is gone when
/// the constructor is through; what is known of each entry but those of `draws` is its value.
template <class Scalar>
class ProductLaw {
 public:
  using Index = Eigen::Index;

  ProductLaw(RowMajorMatrix<Scalar> left, const RowMajorMatrix<Scalar>& right,
             const std::vector<turnstile::Draw<Scalar>>& draws)
      : left_(std::move(left)), right_(right) {
    constexpr Index rows_at_once = 64;
    for (const auto& draw : draws) ranks_[draw.index] = 1;
    Progress progress("exact scores", left_.rows());
    for (Index first = 0; first < left_.rows(); first += rows_at_once) {
      const Index rows = std::min(rows_at_once, left_.rows() - first);
      add(left_.middleRows(first, rows) * right_.transpose());
      progress.advance(rows);
    }
  }

  double squared_norm() const { return squared_norm_; }
  double value(Index pair) const {
    const auto row = left_.row(pair / right_.rows()), col = right_.row(pair % right_.rows());
    return row.template cast<double>().dot(col.template cast<double>());
  }
  double probability(Index pair) const { return value(pair) * value(pair) / squared_norm_; }

  /// The place of a pair of `draws` when the largest |Y_ij| is first; from 1. Those that differ by
  /// rounding share a place.
  Index rank(Index pair) const { return ranks_.at(pair); }

 private:
  void add(const RowMajorMatrix<Scalar>& block) {
    for (Index i = 0; i < block.rows(); ++i) squared_norm_ += static_cast<double>(block.row(i).squaredNorm());
    for (auto& [pair, rank] : ranks_) {
      const auto above = static_cast<Scalar>(std::abs(value(pair)) * (1 + 1e-5));
      rank += (block.array().abs() > above).count();
    }
  }

  RowMajorMatrix<Scalar> left_;
  const RowMajorMatrix<Scalar>& right_;
  double squared_norm_ = 0;
  std::map<Index, Index> ranks_;
};

}  // namespace examples
