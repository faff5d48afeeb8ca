/// @file
/// Draws from y = A x while x is a stream.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "turnstile/sampler/fixed_matrix_builder.hpp"
#include "turnstile/sampler/product_sampler.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y = A x with probability |y_i|ᵖ/‖y‖ₚᵖ, for a fixed n × d matrix A and a stream of
/// updates x_j += Δ (arXiv 2510.03678, Definition 5.4 and Theorem 5.5). Neither A nor y is kept: the
/// state is ΨA, some 10⁴ rows of ℝᵈ, and x. It stands for an L2Sampler of the same options that was
/// fed y: Ψ(A x) = (ΨA) x.
///
/// Time: an update of x is one add (and one of residues, for the zero fingerprint), whatever n and d.
/// A draw contracts ΨA with x, then reads as L2Sampler does; only columns whose x_j changed
/// since the last `refresh()` are added, unless these are more than a quarter of all.
/// Memory: (L·R·b + 768)·d numbers, twice that while it is built.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   Eigen::MatrixXd a(3, 2);
///   a << 1, 0, 0, 2, 5, 5;
///   turnstile::FixedMatrixSampler<> sampler(a, {.seed = 1});
///   sampler.update(0, 1.0);  // y = (1, 0, 5)
///   if (auto draw = sampler.sample()) std::cout << draw->index << ' ' << draw->value << '\n';
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class FixedMatrixSampler
    : public ProductSampler<FixedMatrixSampler<Scalar, Policies>, Scalar, Policies, FixedImage<Scalar>> {
  using Base = ProductSampler<FixedMatrixSampler, Scalar, Policies, FixedImage<Scalar>>;

 public:
  static constexpr std::string_view kind = "FixedMatrixSampler";

  /// Sketches a dense A; x = 0. @throws InvalidArgument for an empty A, an entry that cannot be taken,
  /// or bad options
  template <class A>
  explicit FixedMatrixSampler(const Eigen::MatrixBase<A>& matrix, const SamplerOptions& options = {})
      : FixedMatrixSampler(built(matrix, options)) {}
  /// Sketches a sparse A.
  template <class A>
  explicit FixedMatrixSampler(const Eigen::SparseMatrixBase<A>& matrix, const SamplerOptions& options = {})
      : FixedMatrixSampler(built(matrix, options)) {}

  /// x_j += Δ. @throws InvalidArgument if j is outside [0, d) or x_j would not stay finite
  void update(Index column, Scalar delta) { this->change_vector(column, delta); }

  /// x += Δx. @throws InvalidArgument if the sizes differ or an entry would not stay finite; x is unchanged
  template <class X>
  void update(const Eigen::MatrixBase<X>& change) {
    this->change_vector(change);
  }

  /// Adds the other's x (A stays). @throws IncompatibleSketch unless both have the same A and identity
  FixedMatrixSampler& operator+=(const FixedMatrixSampler& other) { return join(other, 1); }
  /// Takes the other's x away. @throws IncompatibleSketch
  FixedMatrixSampler& operator-=(const FixedMatrixSampler& other) { return join(other, -1); }

  /// Back to x = 0; A stays.
  void clear() {
    this->product().clear_vector();
    this->refresh();
  }

  /// Shows the arrays that `+=` sums up, those of x, to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    ProductImage<FixedImage<Scalar>>::for_each_array_of_vector(self.product(), visitor);
    if constexpr (!std::is_const_v<Self>) self.refresh();
  }

  /// A word for A, part of the identity.
  std::uint64_t operand() const { return this->product().matrix().fingerprint(); }

 private:
  friend Base;
  friend class FixedMatrixBuilder<Scalar, Policies>;
  using Base::Base;

  template <class A>
  static FixedMatrixSampler built(const A& matrix, const SamplerOptions& options) {
    FixedMatrixBuilder<Scalar, Policies> builder(matrix.rows(), matrix.cols(), options);
    builder.add_rows(0, matrix);
    return std::move(builder).build();
  }

  FixedMatrixSampler& join(const FixedMatrixSampler& other, double sign) {
    this->require_same(other, "add samplers");
    this->product().add_vector_of(other.product(), sign);
    this->refresh();
    return *this;
  }
};

}  // namespace turnstile::inline v0
