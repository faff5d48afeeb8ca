/// @file
/// What a row of a factor that is kept whole is to become.
#pragma once

#include <Eigen/Core>

#include "turnstile/sampler/kronecker_checks.hpp"
#include "turnstile/sampler/projected_factor.hpp"

namespace turnstile::inline v0 {

/// Row `index` of A as it is to become, the row of A M that belongs to it, and the difference to the row as it is: made
/// before anything changes, so that what is refused changes nothing.
///
/// Time: O(d·m), for the product. Memory: 2d + m numbers.
template <class Scalar>
struct RowChange {
  using Factor = ProjectedFactor<Scalar>;
  using Row = typename Factor::Row;

  Index index;
  Row row, product;
  Eigen::VectorXd difference;

  /// A_ij += Δ. @throws InvalidArgument if i or j is out of range, or Δ, A_ij + Δ or the product is not finite
  static RowChange of_entry(const Factor& factor, Index i, Index j, Scalar delta) {
    detail::check_change<Scalar>(factor.matrix(), i, j, delta, factor.name());
    Row changed = factor.matrix().row(i);
    changed[j] += delta;
    return to(factor, i, changed);
  }

  /// A_{i,:} += Δ ∈ ℝᵈ. @throws InvalidArgument as above, and for another size
  template <class Delta>
  static RowChange of_row(const Factor& factor, Index i, const Delta& delta) {
    const Row changes = detail::row_of_changes<Scalar>(factor.matrix(), i, delta, factor.name());
    return to(factor, i, factor.matrix().row(i) + changes);
  }

 private:
  static RowChange to(const Factor& factor, Index i, const Row& row) {
    return {i, row, factor.product_of(i, row),
            row.template cast<double>() - factor.matrix().row(i).template cast<double>()};
  }
};

}  // namespace turnstile::inline v0
