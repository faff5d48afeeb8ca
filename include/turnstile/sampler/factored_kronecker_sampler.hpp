/// @file
/// Draws entries of A1 X A2ᵀ while all three change.
#pragma once

#include <Eigen/Core>

#include <array>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/factored_tensor_sampler.hpp"
#include "turnstile/sampler/kronecker_checks.hpp"

namespace turnstile::inline v0 {

/// Draws entry (i_1, i_2) of Y = A1 X A2ᵀ with probability Y²/‖Y‖_F² while entries of A1 (n1 × d1), A2 (n2 × d2)
/// and X (d1 × d2) change by signed updates: first the row, then the column in it. The case q = 2 of
/// `FactoredTensorSampler`, which says how, at what cost and from which memory.
///
/// Which engine: this one where n1 and n2 are large or the state has to be merged or sent; its draws are
/// those of one state. `ExactKroneckerSampler` where O(nd) numbers can be kept: exact, and as many
/// independent draws as asked for. Const members may be called from several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::FactoredKroneckerSampler<> sampler(1000, 2000, Eigen::Matrix2d::Identity(), {.seed = 1});
///   sampler.update_left(5, 0, 3.0);
///   sampler.update_right(7, 0, 2.0);  // Y is 0 but for Y_57 = 6
///   if (auto draw = sampler.sample()) std::cout << draw->row << ' ' << draw->col << ' ' << draw->value << '\n';
/// }
/// @endcode
template <class Scalar = double, class Policies = FactoredPolicies>
class FactoredKroneckerSampler {
  using Tensor = FactoredTensorSampler<Scalar, Policies>;

 public:
  using scalar_type = Scalar;
  using policies_type = Policies;
  using draw_type = PairDraw<Scalar>;
  static constexpr std::string_view kind = "FactoredKroneckerSampler";

  /// A1 = 0 ∈ ℝ^{n1 × d1}, A2 = 0 ∈ ℝ^{n2 × d2}, and a core X to begin with.
  /// @throws InvalidArgument for sizes or options out of range, more than 2⁶² entries of Y, or an entry of X
  /// that is not finite
  template <class X>
  FactoredKroneckerSampler(Index left_rows, Index right_rows, const Eigen::MatrixBase<X>& core,
                           const SamplerOptions& options = {})
      : tensor_(checked(left_rows, right_rows, core, options)) {
    const auto& values = core.derived().eval();
    for (Index j = 0; j < values.rows(); ++j)
      for (Index k = 0; k < values.cols(); ++k) update_core(j, k, static_cast<Scalar>(values(j, k)));
  }

  /// All three to begin with. @throws InvalidArgument as above, and where sizes do not fit
  template <class A1, class A2, class X>
  FactoredKroneckerSampler(const Eigen::MatrixBase<A1>& left, const Eigen::MatrixBase<A2>& right,
                           const Eigen::MatrixBase<X>& core, const SamplerOptions& options = {})
      : FactoredKroneckerSampler(left.rows(), right.rows(), core, options) {
    detail::check_factor_sizes(left, right, core);
    for (Index i = 0; i < left.rows(); ++i) update_left_row(i, left.row(i));
    for (Index i = 0; i < right.rows(); ++i) update_right_row(i, right.row(i));
  }

  /// (A1)_ij += Δ. @throws InvalidArgument if i, j or Δ cannot be taken; nothing changes then
  void update_left(Index row, Index column, Scalar delta) { tensor_.update(0, row, column, delta); }
  /// (A2)_ij += Δ. @throws InvalidArgument as above
  void update_right(Index row, Index column, Scalar delta) { tensor_.update(1, row, column, delta); }
  /// X_jk += Δ. @throws InvalidArgument as above
  void update_core(Index row, Index column, Scalar delta) { tensor_.update_core(std::array{row, column}, delta); }
  /// (A1)_{i,:} += Δ. @throws InvalidArgument as above
  template <class Row>
  void update_left_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    tensor_.update_row(0, row, delta);
  }
  /// (A2)_{i,:} += Δ. @throws InvalidArgument as above
  template <class Row>
  void update_right_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    tensor_.update_row(1, row, delta);
  }

  /// Refuse what the update of these arguments would refuse; see `RowSampler::admit`.
  void admit_left(Index row, Index column, Scalar delta) { tensor_.admit(0, row, column, delta); }
  void admit_right(Index row, Index column, Scalar delta) { tensor_.admit(1, row, column, delta); }
  template <class Row>
  void admit_left_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    tensor_.admit_row(0, row, delta);
  }
  template <class Row>
  void admit_right_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    tensor_.admit_row(1, row, delta);
  }

  /// One draw, or `zero` if Y = 0, or `failed` if row or column do not stand above the noise.
  DrawResult<draw_type> sample() const {
    const auto draw = tensor_.sample();
    if (!draw) return draw.outcome();
    return as_pair(*draw);
  }

  /// See `FactoredTensorSampler::sample_with_replacement`.
  std::vector<draw_type> sample_with_replacement(Index k, Seed coins) const {
    return as_pairs(tensor_.sample_with_replacement(k, coins));
  }
  /// Distinct pairs. See `FactoredTensorSampler::sample_without_replacement`.
  std::vector<draw_type> sample_without_replacement(Index k) const {
    return as_pairs(tensor_.sample_without_replacement(k));
  }
  /// See `FactoredTensorSampler::heaviest`.
  std::vector<draw_type> heaviest(Index k) const { return as_pairs(tensor_.heaviest(k)); }

  /// Ŷ at an entry, from the recovered rows. @throws InvalidArgument if it is out of range
  Scalar estimate(Index row, Index column) const { return tensor_.estimate(std::array{row, column}); }
  /// An estimate of ‖Y‖_F², within about 15 % in two of three cases.
  double squared_norm() const { return tensor_.squared_norm(); }

  /// Adds all three streams of the other, each to its own. @throws IncompatibleSketch, CounterOverflow
  FactoredKroneckerSampler& operator+=(const FactoredKroneckerSampler& other) {
    tensor_ += other.tensor_;
    return *this;
  }
  /// Takes all three streams of the other away. @throws IncompatibleSketch, CounterOverflow
  FactoredKroneckerSampler& operator-=(const FactoredKroneckerSampler& other) {
    tensor_ -= other.tensor_;
    return *this;
  }
  /// A1, A2 or X alone. @throws IncompatibleSketch
  void merge_left(const FactoredKroneckerSampler& other) { tensor_.merge_factor(0, other.tensor_); }
  void merge_right(const FactoredKroneckerSampler& other) { tensor_.merge_factor(1, other.tensor_); }
  void merge_core(const FactoredKroneckerSampler& other) { tensor_.merge_core(other.tensor_); }

  /// Shows the arrays that `+=` sums up to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    Tensor::for_each_array(self.tensor_, visitor);
  }

  /// Back to A1 = 0, A2 = 0, X = 0.
  void clear() { tensor_.clear(); }

  /// n1·n2, the number of entries of Y.
  Index dimension() const { return tensor_.dimension(); }
  const SamplerOptions& options() const { return tensor_.options(); }
  std::size_t memory_bytes() const { return sizeof(*this) - sizeof(tensor_) + tensor_.memory_bytes(); }
  const Tensor& tensor() const { return tensor_; }

  Identity identity() const { return tensor_.identity(); }
  /// The state, which is that of its `tensor()`.
  std::vector<std::byte> to_bytes() const { return tensor_.to_bytes(); }
  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else, and for another number of factors
  static FactoredKroneckerSampler from_bytes(std::span<const std::byte> bytes) {
    auto tensor = Tensor::from_bytes(bytes);
    if (tensor.degree() != 2) detail::raise<CorruptState>("the state has ", tensor.degree(), " factors, expected 2");
    return FactoredKroneckerSampler(std::move(tensor));
  }

  /// Sizes, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const FactoredKroneckerSampler& sampler) {
    return out << kind << " of " << sampler.tensor_;
  }

 private:
  explicit FactoredKroneckerSampler(Tensor tensor) : tensor_(std::move(tensor)) {}

  template <class X>
  static Tensor checked(Index left_rows, Index right_rows, const X& core, const SamplerOptions& options) {
    detail::check_product_sizes(left_rows, right_rows, core);
    return Tensor({left_rows, right_rows}, {core.rows(), core.cols()}, options);
  }

  static draw_type as_pair(const TensorDraw<Scalar>& draw) {
    return {draw.indices[0], draw.indices[1], draw.value, draw.probability, draw.standard_error};
  }
  static std::vector<draw_type> as_pairs(const std::vector<TensorDraw<Scalar>>& draws) {
    std::vector<draw_type> pairs;
    for (const auto& draw : draws) pairs.push_back(as_pair(draw));
    return pairs;
  }

  Tensor tensor_;
};

}  // namespace turnstile::inline v0
