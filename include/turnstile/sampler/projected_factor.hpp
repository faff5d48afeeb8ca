/// @file
/// A factor of a matrix product that changes, and its product with a matrix that does not.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/sampler/row_residues.hpp"

namespace turnstile::inline v0 {

/// A ∈ ℝ^{n × d}, A M for a fixed M ∈ ℝ^{d × m}, the norms of A's rows and their residues. A row of A M is the product
/// of that row of A as it is now, never a sum of changes: nothing is left in it of what has cancelled.
///
/// Memory: n·(d + m) numbers, M, and n norms.
template <class Scalar>
class ProjectedFactor {
 public:
  using Matrix = detail::RowMajorMatrix<Scalar>;
  using Row = Eigen::RowVector<Scalar, Eigen::Dynamic>;
  using Map = typename detail::InDoubles<Scalar>::Matrix;
  using Vector = typename detail::InDoubles<Scalar>::Vector;

  /// The weights u are derived from the seed. @throws InvalidArgument if A M has an entry that is not finite
  ProjectedFactor(Matrix matrix, Map map, std::string_view name, Seed seed)
      : matrix_(std::move(matrix)),
        map_(std::move(map)),
        map_norms_(map_.colwise().stableNorm().transpose()),
        product_(matrix_.rows(), map_.cols()),
        norms_(matrix_.rows()),
        residues_(matrix_.cols(), seed),
        name_(name) {
    for (Index i = 0; i < matrix_.rows(); ++i) keep_row(i, matrix_.row(i), product_of(i, matrix_.row(i)));
  }

  const Matrix& matrix() const { return matrix_; }
  /// A M v, n numbers. Time: O(n) if v has one nonzero, else O(n·m).
  Vector times(const Vector& v) const {
    Index last = 0;
    v.cwiseAbs().maxCoeff(&last);
    if ((v.array() != 0).count() == 1) return v[last] * product_.col(last).template cast<double>();
    return product_.template cast<double>() * v;
  }
  /// Of (A M v)_i: |that| ≤ Σ_j |v_j| ‖M_j‖ · ‖A_i‖, M_j a column of M. Here the sum.
  double stretch(const Vector& v) const { return v.cwiseAbs().dot(map_norms_); }
  /// ‖A_i‖ of every row.
  const Vector& norms() const { return norms_; }
  /// How messages call A.
  std::string_view name() const { return name_; }
  const RowResidues& residues() const { return residues_; }

  /// The row of A M that belongs to this row of A. Time: O(d·m). @throws InvalidArgument if an entry is not finite
  Row product_of(Index i, const Row& row) const {
    Row product = (row.template cast<double>() * map_).template cast<Scalar>();
    for (Index j = 0; j < product.size(); ++j)
      if (!std::isfinite(product[j]))
        detail::raise("the product of row ", i, " of ", name_, " with the core is ", product[j], " at ", j,
                      ", not a finite number");
    return product;
  }

  /// A_i = row, and the product that belongs to it.
  void set_row(Index i, const Row& row, const Row& product) {
    residues_.add(i, matrix_.row(i), true);
    matrix_.row(i) = row;
    keep_row(i, row, product);
  }

  std::size_t heap_bytes() const {
    return static_cast<std::size_t>(matrix_.size() + product_.size()) * sizeof(Scalar) +
           static_cast<std::size_t>(map_.size() + map_norms_.size() + norms_.size()) * sizeof(double) +
           residues_.heap_bytes();
  }

 private:
  // What goes with a row of A that has none of it yet.
  void keep_row(Index i, const Row& row, const Row& product) {
    product_.row(i) = product;
    norms_[i] = row.template cast<double>().stableNorm();
    residues_.add(i, row);
  }

  Matrix matrix_;
  Map map_;
  Vector map_norms_;
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> product_;  // by columns, which `times` reads
  Vector norms_;
  RowResidues residues_;
  std::string_view name_;
};

}  // namespace turnstile::inline v0
