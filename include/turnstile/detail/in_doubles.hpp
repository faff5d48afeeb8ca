/// @file
/// Types of what is computed in doubles.
#pragma once

#include <Eigen/Core>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Doubles, and vectors and matrices of them, for templates that compute in doubles what they store as Scalar. These
/// names depend on Scalar, so that a compiler leaves the expressions made of them alone until somebody uses the
/// template; with Eigen's own names it instantiates all of them wherever the header is included.
template <class Scalar>
struct InDoubles {
  using Real = double;
  using Matrix = Eigen::MatrixXd;
  using RowMajorMatrix = detail::RowMajorMatrix<double>;
  using Vector = Eigen::VectorXd;
  using RowVector = Eigen::RowVectorXd;
};

}  // namespace turnstile::inline v0::detail
