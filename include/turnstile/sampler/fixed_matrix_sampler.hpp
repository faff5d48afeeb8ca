/// @file
/// Draws from y = A x while x is a stream.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <cmath>
#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "turnstile/sampler/fixed_matrix_builder.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/product_image.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y = A x with probability |y_i|ᵖ/‖y‖ₚᵖ, for a fixed n × d matrix A and a stream of
/// updates x_j += Δ (arXiv 2510.03678, Definition 5.4 and Theorem 5.5). Neither A nor y is kept: the
/// state is ΨA, some 10⁴ rows of ℝᵈ, and x. It stands for an L2Sampler of the same options that was
/// fed y: Ψ(A x) = (ΨA) x.
///
/// Time: an update of x is one add (and one of residues, for the zero fingerprint), whatever n and d.
/// A draw contracts ΨA with x, then reads as L2Sampler does; only columns whose x_j changed
/// since the last `refresh()` are added, unless these are more than a quarter of all.
/// Memory: (L·R·b + 640)·d numbers.
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
class FixedMatrixSampler : public SamplingVerbs<FixedMatrixSampler<Scalar, Policies>, Scalar> {
 public:
  using policies_type = Policies;
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
  void update(Index column, Scalar delta) {
    detail::check_index(column, columns(), "column");
    product_.check_change(column, static_cast<double>(delta));
    product_.add_to_vector(column, static_cast<double>(delta));
  }

  /// x += Δx. @throws InvalidArgument if the sizes differ or an entry would not stay finite; x is unchanged
  template <class X>
  void update(const Eigen::MatrixBase<X>& change) {
    static_assert(X::IsVectorAtCompileTime, "update takes a vector");
    detail::check_same_size(change.size(), columns(), "change of x");
    const Eigen::VectorXd delta = change.reshaped().template cast<double>();
    for (Index j = 0; j < columns(); ++j) product_.check_change(j, delta[j]);
    for (Index j = 0; j < columns(); ++j) product_.add_to_vector(j, delta[j]);
  }

  /// Contracts ΨA with x once, so that draws add only what changes after it. Time: O(cells·d).
  void refresh() { product_.refresh(operator_); }

  /// Adds the other's x (A stays). @throws IncompatibleSketch unless both have the same A and identity
  FixedMatrixSampler& operator+=(const FixedMatrixSampler& other) { return join(other, 1); }
  /// Takes the other's x away. @throws IncompatibleSketch
  FixedMatrixSampler& operator-=(const FixedMatrixSampler& other) { return join(other, -1); }

  /// Back to x = 0; A stays.
  void clear() {
    product_.clear_vector();
    refresh();
  }

  Index dimension() const { return operator_.dimension(); }
  Index columns() const { return product_.columns(); }
  const SamplerOptions& options() const { return operator_.options(); }
  /// x as the stream has left it.
  const Eigen::VectorXd& vector() const { return product_.vector(); }
  std::size_t memory_bytes() const { return sizeof(*this) + operator_.heap_bytes() + product_.heap_bytes(); }

  /// The linear map, and the image of y = A x at this moment.
  const SamplerOperator<Policies>& linear_map() const { return operator_; }
  VectorImage<Scalar> image() const { return product_.now(operator_); }

  Identity identity() const {
    return {std::string(kind), std::string(scalar_name<Scalar>()), Policies::name(), dimension(), columns(),
            options(), product_.matrix().fingerprint()};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: see `ProductImage::put`.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { product_.put(writer); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static FixedMatrixSampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<FixedMatrixSampler>(bytes, Policies::name(), [](io::ByteReader& reader, const Identity& found) {
      const SamplerOperator<Policies> op(found.dimension, found.options);
      reader.expect_rest(MatrixImage<Scalar>::numbers(op, found.width), sizeof(Scalar),
                         ProductImage<Scalar>::fixed_bytes(found.width));
      FixedMatrixSampler sampler(op, MatrixImage<Scalar>(op, found.width));
      sampler.product_.take(op, reader);
      return sampler;
    });
  }

  /// Kind, shape, seed, bytes and state at a glance.
  friend std::ostream& operator<<(std::ostream& out, const FixedMatrixSampler& sampler) {
    const SketchShape& shape = sampler.options().shape;
    return out << kind << "(A is " << sampler.dimension() << " x " << sampler.columns() << ", "
               << sampler.operator_.table().levels() << " x " << shape.rows << " x " << shape.buckets << " rows of "
               << scalar_name<Scalar>() << ", seed " << sampler.options().seed << ", p = "
               << sampler.options().power << ", " << Policies::name() << "): " << sampler.memory_bytes()
               << " bytes, norm of y about " << std::sqrt(sampler.squared_norm());
  }

 private:
  friend class FixedMatrixBuilder<Scalar, Policies>;

  FixedMatrixSampler(SamplerOperator<Policies> op, MatrixImage<Scalar> matrix)
      : operator_(std::move(op)), product_(operator_, std::move(matrix)) {}

  template <class A>
  static FixedMatrixSampler built(const A& matrix, const SamplerOptions& options) {
    FixedMatrixBuilder<Scalar, Policies> builder(matrix.rows(), matrix.cols(), options);
    builder.add_rows(0, matrix);
    return std::move(builder).build();
  }

  FixedMatrixSampler& join(const FixedMatrixSampler& other, double sign) {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), "add samplers");
    product_.add_vector_of(other.product_, sign);
    refresh();
    return *this;
  }

  SamplerOperator<Policies> operator_;
  ProductImage<Scalar> product_;
};
static_assert(Sampler<FixedMatrixSampler<>>);

}  // namespace turnstile::inline v0
