/// @file
/// Draws rows of a streamed matrix in proportion to their squared norms.
#pragma once

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <cmath>
#include <limits>
#include <string_view>

#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/detail/plain_vector.hpp"
#include "turnstile/sampler/image_view.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/policies.hpp"
#include "turnstile/sampler/row_image.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"
#include "turnstile/sampler/streamed_image.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// R with RᵀR = G. By eigenvectors, so that a G of low rank is taken too.
/// @throws InvalidArgument unless G is finite, d × d, symmetric and positive semidefinite up to rounding
template <class G>
Eigen::MatrixXd norm_factor(const Eigen::MatrixBase<G>& gram, Index columns) {
  using Matrix = typename InDoubles<typename G::Scalar>::Matrix;
  const Matrix g = gram.template cast<double>();
  check_same_size(g.rows(), columns, "rows of G");
  check_same_size(g.cols(), columns, "columns of G");
  for (double value : g.reshaped()) check_finite(value, "entry of G");
  const double tolerance = 16 * static_cast<double>(columns) * std::numeric_limits<double>::epsilon();
  const double asymmetry = (g - g.transpose()).cwiseAbs().maxCoeff(), largest = g.cwiseAbs().maxCoeff();
  if (asymmetry > tolerance * largest)
    raise("G differs from its transpose by ", asymmetry, ", more than rounding of its largest entry ", largest);
  if (largest == 0) return Matrix::Zero(1, columns);
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(g / largest);
  const auto& values = solver.eigenvalues();
  if (values[0] < -tolerance * values[columns - 1])
    raise("G has the eigenvalue ", values[0] * largest, ", but a norm needs all of them at least 0");
  return (values.cwiseMax(0.0) * largest).cwiseSqrt().asDiagonal() * solver.eigenvectors().transpose();
}

}  // namespace detail

/// Draws row i of A ∈ ℝⁿˣᵈ with probability ‖a_i‖²/‖A‖²_F (or ‖a_i‖ᵖ) and recovers it, while entries of A
/// change by signed updates: the row sampling of low-rank approximation, and the first step of sampling
/// from A X Bᵀ. At the end the norm may also be ‖a‖_G = √(aᵀG a) for any G that is asked for then.
///
/// The same machine as L2Sampler's with counters that are rows of ℝᵈ (arXiv 2510.03678, section 5, of
/// which rows are the natural extension): argmax_i s_i‖a_i‖ has that law, as ‖a_i‖² take the place of y_i².
/// A search looks at the norms of counters; see RowImage.
///
/// Time: an update of an entry L·R + 3 adds, of a row that many adds of a row; a draw O(cells·d), in
/// a norm O(cells·d²). Memory: (L·R·b + 768)·d numbers, whatever n is.
/// `zero` means A = 0, exactly.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::RowSampler<> sampler(1000, 3, {.seed = 1});
///   sampler.update_row(5, Eigen::RowVector3d(1, 2, 2));
///   sampler.update(7, 0, 4.0);
///   sampler.update(7, 0, -4.0);  // gone again
///   if (auto draw = sampler.sample()) std::cout << draw->index << ": " << draw->row << '\n';  // 5: 1 2 2
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class RowSampler : public StreamedImage<RowSampler<Scalar, Policies>, MatrixImage<Scalar>, Policies>,
                   public SamplingVerbs<RowSampler<Scalar, Policies>, RowDraw<Scalar>> {
  using Base = StreamedImage<RowSampler, MatrixImage<Scalar>, Policies>;
  using Verbs = SamplingVerbs<RowSampler, RowDraw<Scalar>>;

 public:
  static constexpr std::string_view kind = "RowSampler";

  /// A = 0 ∈ ℝⁿˣᵈ. @throws InvalidArgument for dimensions or options out of range
  RowSampler(Index dimension, Index columns, const SamplerOptions& options = {}) : Base(dimension, columns, options) {}

  /// A_ij += Δ. @throws InvalidArgument if i or j is out of range or Δ cannot be taken; nothing changes then
  void update(Index row, Index column, Scalar delta) {
    this->mutable_image().admit_entry(this->linear_map(), row, column, delta);
    this->mutable_image().add_entry(this->linear_map(), row, column, delta);
  }

  /// A_{i,:} += Δ, a row of ℝᵈ. @throws InvalidArgument as above
  template <class Row>
  void update_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    this->mutable_image().add_row(this->linear_map(), row,
                                  this->mutable_image().admit_row(this->linear_map(), row, delta));
  }

  /// Refuse what `update` or `update_row` of these arguments would refuse, and leave A as it is; after them
  /// that update does not throw. So that several samplers take a change, or none.
  void admit(Index row, Index column, Scalar delta) {
    this->mutable_image().admit_entry(this->linear_map(), row, column, delta);
  }
  template <class Row>
  void admit_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    this->mutable_image().admit_row(this->linear_map(), row, delta);
  }

  /// One draw: row i with probability ‖a_i‖²/‖A‖²_F. See `SamplingVerbs::sample`.
  using Verbs::sample;
  /// One draw in the norm of G: row i with probability proportional to a_iᵀG a_i.
  /// @throws InvalidArgument unless G is d × d, symmetric, positive semidefinite and finite
  template <class G>
  DrawResult<RowDraw<Scalar>> sample(const Eigen::MatrixBase<G>& gram) const {
    return in_norm(gram).sample();
  }

  /// All verbs in the norm √(aᵀG a), G d × d and positive semidefinite. A G that is itself a product RᵀR is
  /// better given by `mapped_by(R)`, which never forms it. @throws InvalidArgument as above
  template <class G>
  ImageView<RowImage<Scalar>, Policies> in_norm(const Eigen::MatrixBase<G>& gram) const {
    return {this->linear_map(), {this->linear_map(), this->streamed(), RowNorm(detail::norm_factor(gram, columns()))}};
  }
  /// All verbs in the norm ‖R a‖, R k × d. The rows that are drawn are those of A, `probability` is the share
  /// of ‖R a_i‖² in ‖A Rᵀ‖²_F. `zero` means A = 0 or R = 0; where A Rᵀ vanishes otherwise, the outcome is
  /// `failed`. @throws InvalidArgument unless R has d columns and is finite
  template <class R>
  ImageView<RowImage<Scalar>, Policies> mapped_by(const Eigen::MatrixBase<R>& factor) const {
    const Eigen::Ref<const typename detail::InDoubles<Scalar>::Matrix> values(factor.template cast<double>());
    detail::check_same_size(values.cols(), columns(), "row of R");
    detail::check_range(values.rows(), 1, max_dimension, "number of rows of R");
    for (double value : values.reshaped()) detail::check_finite(value, "entry of R");
    return {this->linear_map(), {this->linear_map(), this->streamed(), RowNorm(values)}};
  }

  /// All verbs for the coordinates of y = A x, x ∈ ℝᵈ known up to `error` in its Euclidean norm.
  /// Time: O(cells·d). @throws InvalidArgument unless x has d entries, all finite
  template <class X>
  ImageView<VectorImage<Scalar>, Policies> times(const Eigen::MatrixBase<X>& x, double error = 0) const {
    const Eigen::VectorXd values = detail::plain_vector<double>(x, columns(), "x");
    for (double value : values) detail::check_finite(value, "entry of x");
    return {this->linear_map(), this->streamed().times(this->linear_map(), values, error)};
  }

  /// â_i, the medoid of the readings of row i. Time: O(R²·d), without the norms that a search needs.
  /// @throws InvalidArgument if i is out of range
  RowCounter<Scalar> estimate(Index row) const {
    detail::check_index(row, this->dimension(), "index");
    const auto& op = this->linear_map();
    const auto readings = detail::row_readings(op.table(), this->streamed().scaled, op.recovery().key(row));
    return RowNorm().medoid(readings) / static_cast<Scalar>(op.scale(row));
  }

  /// S A ∈ ℝ^{768 × d} with E‖S A x‖² = ‖A x‖² and a relative variance of 2/768 for every x: the norm sketch, all
  /// of its rows as one map.
  Eigen::MatrixXd embedding() const {
    return this->streamed().plain.matrix().template cast<double>() /
           std::sqrt(static_cast<double>(this->linear_map().norm().shape().rows));
  }

  /// d, the number of columns of A.
  Index columns() const { return this->streamed().width(); }
  /// What draws are read from.
  RowImage<Scalar> image() const { return {this->linear_map(), this->streamed()}; }

 private:
  friend Base;
  using Base::Base;
};

}  // namespace turnstile::inline v0
