/// @file
/// Draws from y = A x while A is a stream.
#pragma once

#include <Eigen/Core>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "turnstile/detail/plain_vector.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/image_sampler.hpp"
#include "turnstile/sampler/policies.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y = A x with probability |y_i|ᵖ/‖y‖ₚᵖ, for a fixed x ∈ ℝᵈ and a stream of updates
/// A_ij += Δ (arXiv 2510.03678, Definition 5.2). An update of one entry changes one coordinate of y, by
/// Δ·x_j: it costs L·R + 3 adds and no factor d, where the paper's Theorem 5.3 pays d·poly(1/ε, log n).
///
/// Memory: that of an L2Sampler, and x. Scalar: double or float, the type of the counters.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::FixedVectorSampler<> sampler(1000, Eigen::Vector3d(1, 2, 3), {.seed = 1});
///   sampler.update(5, 2, 10.0);  // A_52 += 10, so y_5 = 30
///   if (auto draw = sampler.sample()) std::cout << draw->index << ' ' << draw->value << '\n';  // 5 30
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class FixedVectorSampler : public ImageSampler<FixedVectorSampler<Scalar, Policies>, Scalar, Policies> {
  using Base = ImageSampler<FixedVectorSampler, Scalar, Policies>;

 public:
  static constexpr std::string_view kind = "FixedVectorSampler";

  /// A = 0 ∈ ℝⁿˣᵈ, d the size of x. @throws InvalidArgument for a dimension or options out of range, an
  /// empty x, or an entry that is not finite
  template <class X>
  FixedVectorSampler(Index dimension, const Eigen::MatrixBase<X>& x, const SamplerOptions& options = {})
      : Base(dimension, options), x_(x.reshaped().template cast<double>()) {
    static_assert(X::IsVectorAtCompileTime, "x is a vector");
    detail::check_range(x_.size(), 1, max_dimension, "size of x");
    for (double value : x_) detail::check_finite(value, "entry of x");
  }

  /// A_ij += Δ. @throws InvalidArgument if i or j is out of range, or the change of y_i cannot be taken
  void update(Index row, Index column, Scalar delta) {
    update(std::span(&row, 1), std::span(&column, 1), std::span(&delta, 1));
  }

  /// A_{i_k j_k} += Δ_k for all k: the whole batch, or (on an exception) nothing of it.
  void update(std::span<const Index> rows, std::span<const Index> columns_of, std::span<const Scalar> deltas) {
    const std::vector<Scalar> changes = admitted_changes(rows, columns_of, deltas);
    this->mutable_image().add_to_counters(this->linear_map(), rows, std::span<const Scalar>(changes));
    for (std::size_t k = 0; k < deltas.size(); ++k)
      this->mutable_image().add_to_residue(this->linear_map(), rows[k],
                                           product_residue(static_cast<double>(deltas[k]), columns_of[k]));
  }

  /// A_{i,:} += Δ, a row of ℝᵈ: one change of y_i, by Δ·x. Time: O(d) and L·R + 3 adds.
  template <class Row>
  void update_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    const Eigen::VectorXd values = admitted_row(row, delta);
    const auto change = static_cast<Scalar>(values.dot(x_));
    this->mutable_image().add_to_counters(this->linear_map(), std::span(&row, 1), std::span(&change, 1));
    const double terms = static_cast<double>(columns());
    const double error = terms * VectorImage<double>::unit_roundoff * mass(values);
    this->mutable_image().charge_error(this->linear_map(), row, error);
    for (Index j = 0; j < columns(); ++j)
      this->mutable_image().add_to_residue(this->linear_map(), row, product_residue(values[j], j));
  }

  /// Refuse what `update` or `update_row` of these arguments would refuse, and leave A as it is; after them
  /// that update does not throw. So that several samplers take a change, or none.
  void admit(Index row, Index column, Scalar delta) {
    admit(std::span(&row, 1), std::span(&column, 1), std::span(&delta, 1));
  }
  void admit(std::span<const Index> rows, std::span<const Index> columns_of, std::span<const Scalar> deltas) {
    admitted_changes(rows, columns_of, deltas);
  }
  template <class Row>
  void admit_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    admitted_row(row, delta);
  }

  Index columns() const { return x_.size(); }
  const Eigen::VectorXd& vector() const { return x_; }
  std::size_t memory_bytes() const {
    return Base::memory_bytes() + static_cast<std::size_t>(columns()) * sizeof(double);
  }

  Identity identity() const {
    constexpr MixHash mix(detail::hash_name("vector fingerprint"));
    std::uint64_t operand = mix(static_cast<std::uint64_t>(columns()));
    for (double value : x_) operand = mix(operand ^ std::bit_cast<std::uint64_t>(value + 0.0));  // −0 is 0
    return {std::string(kind),
            std::string(scalar_name<Scalar>()),
            Policies::name(),
            this->dimension(),
            columns(),
            this->options(),
            operand};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: x, then the image (see `VectorImage::put`).
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) {
      writer.put_array(std::span(x_.data(), static_cast<std::size_t>(columns())));
      this->image().put(writer);
    });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static FixedVectorSampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<FixedVectorSampler>(
        bytes, Policies::name(), [](io::ByteReader& reader, const Identity& found) {
          const SamplerOperator<Policies> op(found.dimension, found.options);
          reader.expect_rest(
              VectorImage<Scalar>::numbers(op), sizeof(Scalar),
              VectorImage<Scalar>::fixed_bytes() + detail::checked_product(found.width, sizeof(double), "x"));
          Eigen::VectorXd x(found.width);
          reader.take_array(std::span(x.data(), static_cast<std::size_t>(x.size())));
          FixedVectorSampler sampler(found.dimension, x, found.options);
          sampler.mutable_image().take(reader);
          return sampler;
        });
  }

 private:
  // The changes of y, for which there is room.
  std::vector<Scalar> admitted_changes(std::span<const Index> rows, std::span<const Index> columns_of,
                                       std::span<const Scalar> deltas) {
    detail::check_same_size(std::ssize(columns_of), std::ssize(rows), "batch of columns");
    detail::check_same_size(std::ssize(deltas), std::ssize(rows), "batch of changes");
    std::vector<Scalar> changes(deltas.size());
    double mass = 0;
    for (std::size_t k = 0; k < deltas.size(); ++k) {
      detail::check_index(rows[k], this->dimension(), "row");
      detail::check_index(columns_of[k], columns(), "column");
      const double change = static_cast<double>(deltas[k]) * x_[columns_of[k]];
      detail::check_finite(change, "change of y");
      mass += std::abs(change);
      changes[k] = static_cast<Scalar>(change);
    }
    this->mutable_image().reserve(this->linear_map(), mass);
    return changes;
  }

  // A row of changes, for whose product with x there is room.
  template <class Row>
  Eigen::VectorXd admitted_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    detail::check_index(row, this->dimension(), "row");
    Eigen::VectorXd values = detail::plain_vector<double>(delta, columns(), "row of changes");
    for (double value : values) detail::check_finite(value, "change");
    this->mutable_image().reserve(this->linear_map(), mass(values));
    return values;
  }

  double mass(const Eigen::VectorXd& row) const { return row.cwiseAbs().dot(x_.cwiseAbs()); }

  std::uint64_t product_residue(double delta, Index column) const {
    return detail::multiply61(detail::residue61(delta), detail::residue61(x_[column]));
  }

  Eigen::VectorXd x_;
};

}  // namespace turnstile::inline v0
