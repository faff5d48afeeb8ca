/// @file
/// The norm in which rows are measured, and the reading of a row in it.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <optional>

#include "turnstile/core/types.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/sketch/counters.hpp"

namespace turnstile::inline v0 {

/// ‖R a‖ for a k × d factor R; without one ‖a‖.
class RowNorm {
 public:
  /// The Euclidean norm.
  RowNorm() = default;
  template <class Factor>
  explicit RowNorm(const Eigen::MatrixBase<Factor>& factor)
      : unit_(unit_of(factor)), factor_(factor / unit_), stretch_(factor.stableNorm()) {}

  /// At least the largest ‖R a‖/‖a‖.
  double stretch() const { return stretch_; }
  bool euclidean() const { return !factor_; }

  /// Of each row of a matrix of d columns. Time: O(rows·d·k).
  template <class Rows>
  Eigen::VectorXd operator()(const Eigen::MatrixBase<Rows>& rows) const {
    const double unit = unit_of(rows);
    typename detail::InDoubles<typename Rows::Scalar>::Matrix values = rows.template cast<double>() / unit;
    if (factor_) values = (values * factor_->transpose()).eval();
    return values.rowwise().norm() * unit * unit_;
  }

  /// The medoid: the row whose summed distance to the others is least. A median of each coordinate would mix
  /// rows, and where the norm weighs directions very differently the mixture can be far from all of them.
  template <class Rows>
  RowCounter<typename Rows::Scalar> medoid(const Eigen::MatrixBase<Rows>& rows) const {
    using Vector = typename detail::InDoubles<typename Rows::Scalar>::Vector;
    Vector distances = Vector::Zero(rows.rows());
    for (Index a = 0; a < rows.rows(); ++a)
      for (Index b = 0; b < a; ++b) {
        const double distance = (*this)(rows.row(a) - rows.row(b))[0];
        distances[a] += distance;
        distances[b] += distance;
      }
    Index nearest = 0;
    distances.minCoeff(&nearest);
    return rows.row(nearest);
  }

 private:
  // A power of two near the largest entry: in such units no square leaves the range of a double.
  template <class Matrix>
  static double unit_of(const Eigen::MatrixBase<Matrix>& values) {
    const double largest = values.size() == 0 ? 0 : static_cast<double>(values.cwiseAbs().maxCoeff());
    return largest > 0 && std::isfinite(largest) ? std::ldexp(1.0, std::max(std::ilogb(largest), -1020)) : 1;
  }

  double unit_ = 1;
  std::optional<Eigen::MatrixXd> factor_;  // R in that unit
  double stretch_ = 1;
};

}  // namespace turnstile::inline v0
