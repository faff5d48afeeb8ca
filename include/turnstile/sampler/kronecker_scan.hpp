/// @file
/// Draws from Y = A1 X A2ᵀ by looking at all rows, where sums of squares are too coarse.
#pragma once

#include <Eigen/Core>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "turnstile/core/draw.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/sampler/kronecker_factors.hpp"

namespace turnstile::inline v0 {

/// The entries of Y that were drawn already.
using TakenPairs = std::set<std::pair<Index, Index>>;

/// Draws (i, c) with probability Y_ic²/‖Y‖_F² from the factors alone, without Gram sums: ‖Y_{i,:}‖ = ‖R a_i‖ with
/// A2 Xᵀ = QR, where an error of ε is one of the norm and not, as in a Gram matrix, of its square. Factors are
/// scaled by their largest entries, so that squares neither overflow nor underflow.
///
/// Time: O((n1 + n2)·d²) to make, O(n1 + n2·d) a draw. Memory: n1 + n2·d numbers. Refers to the factors.
template <class Scalar>
class KroneckerScan {
  using Matrix = typename detail::InDoubles<Scalar>::Matrix;
  using Vector = typename detail::InDoubles<Scalar>::Vector;

 public:
  explicit KroneckerScan(const KroneckerFactors<Scalar>& factors) : factors_(&factors) {
    const auto& a = factors.left.matrix();
    const auto& b = factors.right.matrix();
    const double left = largest(a), core = largest(factors.core), right = largest(b);
    squares_ = Vector::Zero(a.rows());
    scale_ = left * core * right;
    if (scale_ == 0) return;
    const Matrix x = factors.core.template cast<double>() / core;
    const Matrix outer = b.template cast<double>() / right;
    const Matrix product = outer * x.transpose();
    const Eigen::HouseholderQR<Matrix> qr(product);
    const Matrix r =
        qr.matrixQR().topRows(std::min(product.rows(), product.cols())).template triangularView<Eigen::Upper>();
    for (Index i = 0; i < a.rows(); ++i) squares_[i] = (r * (factors.left.row(i).transpose() / left)).squaredNorm();
    const double rounding = 4 * static_cast<double>(x.rows() + x.cols()) * std::numeric_limits<double>::epsilon();
    const double passed = (a.template cast<double>() / left).norm() * x.norm() * outer.norm();
    if (std::sqrt(squares_.sum()) <= rounding * passed && factors.product_is_zero()) squares_.setZero();
    whole_ = squares_.sum();
  }

  /// ‖Y‖_F².
  double squared_norm() const { return whole_ * scale_ * scale_; }

  /// Leaves an entry out from now on.
  void take(Index row, Index col) {
    taken_.emplace(row, col);
    squares_[row] = (remaining(row) / scale_).squaredNorm();
  }

  /// A draw among the entries left, with its share of all of ‖Y‖_F²; none if every entry left is 0.
  /// toss() is uniform in (0, 1).
  template <class Toss>
  std::optional<PairDraw<Scalar>> next(const Toss& toss) {
    for (double total = squares_.sum(); total > 0; total = squares_.sum()) {
      const Index row = place(squares_, toss() * total);
      const Vector values = remaining(row);
      const double peak = largest(values);
      if (peak == 0) {
        squares_[row] = 0;  // its norm was rounding
        continue;
      }
      const Vector weights = (values / peak).cwiseAbs2();
      const Index col = place(weights, toss() * weights.sum());
      const double share = std::abs(values[col]) / scale_;
      return PairDraw<Scalar>{row, col, static_cast<Scalar>(values[col]), std::min(1.0, share * share / whole_), 0};
    }
    return std::nullopt;
  }

 private:
  template <class Numbers>
  static double largest(const Numbers& numbers) {
    return static_cast<double>(numbers.cwiseAbs().maxCoeff());
  }

  // The index in whose interval `target` falls; what rounding leaves beyond the end falls to the last interval.
  static Index place(const Vector& weights, double target) {
    Index last = 0;
    for (Index k = 0; k < weights.size(); ++k) {
      if (weights[k] == 0) continue;
      last = k;
      if (target < weights[k]) break;
      target -= weights[k];
    }
    return last;
  }

  // Y_{row,:} without the entries taken.
  Vector remaining(Index row) const {
    const Vector pulled = factors_->pulled_row(row);
    Vector values(factors_->right.rows());
    for (Index c = 0; c < values.size(); ++c) values[c] = factors_->entry(pulled, c);
    for (auto pair = taken_.lower_bound({row, 0}); pair != taken_.end() && pair->first == row; ++pair)
      values[pair->second] = 0;
    return values;
  }

  const KroneckerFactors<Scalar>* factors_;
  Vector squares_;  // of the rows of Y over the scale
  double scale_ = 0, whole_ = 0;
  TakenPairs taken_;
};

}  // namespace turnstile::inline v0
