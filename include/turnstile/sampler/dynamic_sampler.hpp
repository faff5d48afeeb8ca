/// @file
/// Draws from y = A x while both are streams.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "turnstile/sampler/policies.hpp"
#include "turnstile/sampler/product_sampler.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y = A x with probability |y_i|ᵖ/‖y‖ₚᵖ while entries of A ∈ ℝⁿˣᵈ and of x ∈ ℝᵈ change
/// (arXiv 2510.03678, Definition 5.6 and Lemma 5.7): keeps ΨA and x, and contracts them for a draw.
///
/// Time: an update of an entry of A takes L·R + 3 adds, of a row d times that, of x_j one add; a draw
/// contracts what changed since the last `refresh()`. Memory: (L·R·b + 768)·d numbers, whatever n is.
///
/// y is bilinear in the two streams, so `+=` is what it says for each: A + A' and x + x', whose product
/// is not y + y'. `merge_matrix` and `merge_vector` add one and leave the other.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::DynamicSampler<> sampler(1000, 3, {.seed = 1});
///   sampler.update_matrix_row(5, Eigen::RowVector3d(1, 2, 3));
///   sampler.update_vector(2, 10.0);  // y_5 = 30
///   if (auto draw = sampler.sample()) std::cout << draw->index << ' ' << draw->value << '\n';  // 5 30
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class DynamicSampler : public ProductSampler<DynamicSampler<Scalar, Policies>, Scalar, Policies> {
  using Base = ProductSampler<DynamicSampler, Scalar, Policies>;

 public:
  static constexpr std::string_view kind = "DynamicSampler";

  /// A = 0 ∈ ℝⁿˣᵈ, x = 0. @throws InvalidArgument for dimensions or options out of range
  DynamicSampler(Index dimension, Index columns, const SamplerOptions& options = {})
      : DynamicSampler(SamplerOperator<Policies>(dimension, options), columns) {}

  /// A_ij += Δ. @throws InvalidArgument if i or j is out of range or Δ cannot be taken; nothing changes then
  void update_matrix(Index row, Index column, Scalar delta) {
    this->product().admit_entry(this->linear_map(), row, column, delta);
    this->product().add_to_matrix(this->linear_map(), row, column, delta);
  }

  /// A_{i,:} += Δ, a row of ℝᵈ. @throws InvalidArgument as above
  template <class Row>
  void update_matrix_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    this->product().add_to_matrix_row(this->linear_map(), row,
                                      this->product().admit_row(this->linear_map(), row, delta));
  }

  /// Refuse what `update_matrix` or `update_matrix_row` of these arguments would refuse, and leave A as it is;
  /// after them that update does not throw. So that several samplers take a change, or none.
  void admit_matrix(Index row, Index column, Scalar delta) {
    this->product().admit_entry(this->linear_map(), row, column, delta);
  }
  template <class Row>
  void admit_matrix_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    this->product().admit_row(this->linear_map(), row, delta);
  }

  /// x_j += Δ. @throws InvalidArgument if j is outside [0, d) or x_j would not stay finite
  void update_vector(Index column, Scalar delta) { this->change_vector(column, delta); }

  /// x += Δx, all of it or (on an exception) nothing.
  template <class X>
  void update_vector(const Eigen::MatrixBase<X>& change) {
    this->change_vector(change);
  }

  /// A += the other's A; x stays. @throws IncompatibleSketch
  void merge_matrix(const DynamicSampler& other) {
    this->require_same(other, "merge matrices");
    this->product().add_matrix_of(other.product(), 1);
    this->refresh();
  }
  /// x += the other's x; A stays. @throws IncompatibleSketch
  void merge_vector(const DynamicSampler& other) {
    this->require_same(other, "merge vectors");
    this->product().add_vector_of(other.product(), 1);
    this->refresh();
  }

  /// Adds both streams of the other, each to its own. @throws IncompatibleSketch
  DynamicSampler& operator+=(const DynamicSampler& other) { return join(other, 1); }
  /// Takes both streams of the other away. @throws IncompatibleSketch
  DynamicSampler& operator-=(const DynamicSampler& other) { return join(other, -1); }

  /// Back to A = 0 and x = 0.
  void clear() { *this = DynamicSampler(this->dimension(), this->columns(), this->options()); }

  /// Shows the arrays that `+=` sums up to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    ProductImage<MatrixImage<Scalar>>::for_each_array_of_matrix(self.product(), visitor);
    ProductImage<MatrixImage<Scalar>>::for_each_array_of_vector(self.product(), visitor);
    if constexpr (!std::is_const_v<Self>) self.refresh();
  }

  /// No operand is fixed.
  std::uint64_t operand() const { return 0; }

 private:
  friend Base;
  using Base::Base;

  DynamicSampler(SamplerOperator<Policies> op, Index columns) : Base(op, MatrixImage<Scalar>(op, columns)) {}

  DynamicSampler& join(const DynamicSampler& other, double sign) {
    this->require_same(other, "add samplers");
    this->product().check_vector_of(other.product(), sign);  // so that nothing changes if either is refused
    this->product().add_matrix_of(other.product(), sign);
    this->product().add_vector_of(other.product(), sign);
    this->refresh();
    return *this;
  }
};

}  // namespace turnstile::inline v0
