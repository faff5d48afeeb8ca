/// @file
/// Draws from y = A x while x is a stream.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "turnstile/sampler/fixed_matrix_builder.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y = A x with probability |y_i|ᵖ/‖y‖ₚᵖ, for a fixed n × d matrix A and a stream of
/// updates x_j += Δ (arXiv 2510.03678, Definition 5.4 and Theorem 5.5). Neither A nor y is kept: the
/// state is ΨA, some 10⁴ rows of ℝᵈ, and x. It stands for an L2Sampler of the same options that was
/// fed y: Ψ(A x) = (ΨA) x.
///
/// Time: an update of x is one add (and one modular multiply-add of the zero fingerprint), whatever n
/// and d. A draw contracts ΨA with x, then reads as L2Sampler does; only columns whose x_j changed
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
    check_change(column, static_cast<double>(delta));
    add(column, static_cast<double>(delta));
  }

  /// x += Δx. @throws InvalidArgument if the sizes differ or an entry would not stay finite; x is unchanged
  template <class X>
  void update(const Eigen::MatrixBase<X>& change) {
    static_assert(X::IsVectorAtCompileTime, "update takes a vector");
    detail::check_same_size(change.size(), columns(), "change of x");
    const Eigen::VectorXd delta = change.reshaped().template cast<double>();
    for (Index j = 0; j < columns(); ++j) check_change(j, delta[j]);
    for (Index j = 0; j < columns(); ++j) add(j, delta[j]);
  }

  /// Contracts ΨA with x once, so that draws add only what changes after it. Time: O(cells·d).
  void refresh() {
    refreshed_ = contract();
    refreshed_x_ = x_;
  }

  /// Adds the other's x (A stays). @throws IncompatibleSketch unless both have the same A and identity
  FixedMatrixSampler& operator+=(const FixedMatrixSampler& other) { return join(other, 1); }
  /// Takes the other's x away. @throws IncompatibleSketch
  FixedMatrixSampler& operator-=(const FixedMatrixSampler& other) { return join(other, -1); }

  /// Back to x = 0; A stays.
  void clear() {
    x_.setZero();
    x_rounding_.setZero();
    residue_ = 0;
    refresh();
  }

  Index dimension() const { return operator_.dimension(); }
  Index columns() const { return matrix_.columns(); }
  const SamplerOptions& options() const { return operator_.options(); }
  /// x as the stream has left it.
  const Eigen::VectorXd& vector() const { return x_; }
  std::size_t memory_bytes() const {
    return sizeof(*this) + operator_.heap_bytes() + matrix_.heap_bytes() + refreshed_.heap_bytes() +
           3 * static_cast<std::size_t>(columns()) * sizeof(double);
  }

  const SamplerOperator<Policies>& linear_map() const { return operator_; }

  /// The image of y = A x at this moment.
  VectorImage<Scalar> image() const {
    std::vector<Index> changed;
    for (Index j = 0; j < columns(); ++j)
      if (x_[j] != refreshed_x_[j]) changed.push_back(j);
    const bool many = 4 * std::ssize(changed) > columns();
    VectorImage<Scalar> image = many ? contract() : refreshed_;
    if (!many) {
      for (Index j : changed) {
        const auto delta = static_cast<Scalar>(x_[j] - refreshed_x_[j]);
        flat(image.scaled) += delta * matrix_.scaled.matrix().col(j);
        flat(image.plain) += delta * matrix_.plain.matrix().col(j);
      }
    }
    image.residue = residue_;
    image.rounding = rounding();
    return image;
  }

  Identity identity() const {
    return {std::string(kind), std::string(scalar_name<Scalar>()), Policies::name(), dimension(), columns(),
            options(), matrix_.fingerprint()};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the image of A (see `MatrixImage::put`),
  /// x, x at the last refresh, the rounding bound of x, the fingerprint of y.
  std::vector<std::byte> to_bytes() const {
    io::ByteWriter writer;
    io::put_identity(writer, identity());
    matrix_.put(writer);
    for (const Eigen::VectorXd* vector : {&x_, &refreshed_x_, &x_rounding_})
      writer.put_array(std::span(vector->data(), static_cast<std::size_t>(vector->size())));
    writer.put(residue_);
    return std::move(writer).finish();
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static FixedMatrixSampler from_bytes(std::span<const std::byte> bytes) {
    io::ByteReader reader(bytes);
    const Identity found = io::take_identity(reader, kind, scalar_name<Scalar>(), Policies::name());
    try {
      SamplerOperator<Policies> op(found.dimension, found.options);
      // The residues of A, three vectors and the residue of y, eight bytes each.
      const Index fixed_bytes = detail::checked_product(found.width, 4 * 8, "vectors") + 8;
      reader.expect_rest(MatrixImage<Scalar>::numbers(op, found.width), sizeof(Scalar), fixed_bytes);
      MatrixImage<Scalar> matrix(op, found.width);
      matrix.take(reader);
      FixedMatrixSampler sampler(std::move(op), std::move(matrix));
      detail::require_same<CorruptState>(sampler.identity(), found, "load");
      sampler.take_vectors(reader);
      return sampler;
    } catch (const InvalidArgument& error) {
      throw CorruptState(error.what());
    }
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
  using Vector = Eigen::Vector<Scalar, Eigen::Dynamic>;
  static constexpr double vector_roundoff = std::numeric_limits<double>::epsilon() / 2;

  FixedMatrixSampler(SamplerOperator<Policies> op, MatrixImage<Scalar> matrix)
      : operator_(std::move(op)),
        matrix_(std::move(matrix)),
        refreshed_(operator_),
        x_(Eigen::VectorXd::Zero(matrix_.columns())),
        refreshed_x_(x_),
        x_rounding_(x_) {
    const CellRange cells = operator_.charged_cells();
    for (Index cell = cells.first; cell < cells.end; ++cell)
      row_norms_.cover(cell - cells.first, static_cast<double>(matrix_.scaled[cell].stableNorm()));
  }

  template <class A>
  static FixedMatrixSampler built(const A& matrix, const SamplerOptions& options) {
    FixedMatrixBuilder<Scalar, Policies> builder(matrix.rows(), matrix.cols(), options);
    builder.add_rows(0, matrix);
    return std::move(builder).build();
  }

  static Eigen::Map<Vector> flat(Counters<Scalar>& counters) { return {counters.flat().data(), counters.size()}; }

  void check_change(Index column, double delta) const {
    if (!std::isfinite(x_[column] + delta))
      detail::raise("change ", delta, " of x_", column, " = ", x_[column], " is or leads to no finite number");
  }

  void add(Index column, double delta) {
    x_[column] += delta;
    x_rounding_[column] += vector_roundoff * std::abs(x_[column]);
    residue_ = detail::add61(residue_, detail::multiply61(matrix_.residues[static_cast<std::size_t>(column)],
                                                          detail::residue61(delta)));
  }

  VectorImage<Scalar> contract() const {
    VectorImage<Scalar> image(operator_);
    const Vector x = x_.template cast<Scalar>();
    flat(image.scaled).noalias() = matrix_.scaled.matrix() * x;
    flat(image.plain).noalias() = matrix_.plain.matrix() * x;
    return image;
  }

  // |error of a counter| ≤ ‖its row of ΨA‖·‖t‖, t_j the error of x_j and u(d + n/b) of what x_j went
  // through: the sum over d columns, and the sums of n/b rows that ΨA was built from.
  RoundingBound rounding() const {
    const double terms = static_cast<double>(columns()) + static_cast<double>(dimension()) /
                                                              static_cast<double>(options().shape.buckets);
    const Eigen::VectorXd error =
        VectorImage<Scalar>::unit_roundoff * (terms + 2) * (x_.cwiseAbs() + refreshed_x_.cwiseAbs()) + x_rounding_;
    RoundingBound bound = row_norms_;
    return bound *= error.stableNorm();
  }

  FixedMatrixSampler& join(const FixedMatrixSampler& other, double sign) {
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), "add samplers");
    for (Index j = 0; j < columns(); ++j) check_change(j, sign * other.x_[j]);
    x_ += sign * other.x_;
    x_rounding_ += other.x_rounding_ + vector_roundoff * x_.cwiseAbs();
    residue_ = detail::add61(residue_, sign > 0 ? other.residue_ : detail::negate61(other.residue_));
    refresh();
    return *this;
  }

  void take_vectors(io::ByteReader& reader) {
    Eigen::VectorXd last_x(columns());
    for (Eigen::VectorXd* vector : {&last_x, &x_, &x_rounding_})
      reader.take_array(std::span(vector->data(), static_cast<std::size_t>(vector->size())));
    if ((x_rounding_.array() < 0).any()) detail::raise<CorruptState>("the rounding bound of x is negative");
    residue_ = reader.take<std::uint64_t>();
    if (residue_ >= detail::mersenne61) detail::raise<CorruptState>("the fingerprint ", residue_, " is no residue");
    refresh();  // of what x was then
    x_ = last_x;
  }

  SamplerOperator<Policies> operator_;
  MatrixImage<Scalar> matrix_;       // ΨA
  VectorImage<Scalar> refreshed_;    // (ΨA) x at the last refresh
  Eigen::VectorXd x_;                // in double, whatever the counters are
  Eigen::VectorXd refreshed_x_;
  Eigen::VectorXd x_rounding_;       // bounds |x_j − Σ Δ|
  std::uint64_t residue_ = 0;        // fingerprint of A Σ Δ, exact
  RoundingBound row_norms_;          // the largest ‖row of ΨA‖ in each lane
};
static_assert(Sampler<FixedMatrixSampler<>>);

}  // namespace turnstile::inline v0
