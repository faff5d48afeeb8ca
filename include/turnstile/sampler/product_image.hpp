/// @file
/// The image of y = A x, kept as the image of A, and x.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/sampler/fixed_image.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

/// ΨA and x, from which the image of y = A x is contracted when it is asked for. Keeps z = (ΨA) x of the
/// last refresh: only columns whose x_j changed since then are added to it, unless these are more than
/// a quarter of all. Bilinear in A and x. The image of A is a MatrixImage, or a FixedImage where A never changes.
///
/// The fingerprint of y is Σ_j (Σ_i r_i A_ij)·x_j, both factors exact residues of their streams.
template <class Image>
class ProductImage {
 public:
  using Scalar = typename Image::scalar_type;
  using Vector = typename detail::InDoubles<Scalar>::Vector;

  /// x = 0.
  template <class Policies>
  ProductImage(const SamplerOperator<Policies>& op, Image matrix)
      : matrix_(std::move(matrix)),
        x_(Vector::Zero(matrix_.width())),
        refreshed_x_(x_),
        x_rounding_(x_),
        x_residues_(static_cast<std::size_t>(x_.size())),
        refreshed_(op),
        row_norms_(matrix_.row_norms()) {}

  const Image& matrix() const { return matrix_; }
  const Vector& vector() const { return x_; }
  Index columns() const { return x_.size(); }

  /// @throws InvalidArgument if x_j + delta is not finite
  void check_change(Index column, double delta) const {
    if (!std::isfinite(x_[column] + delta))
      detail::raise("change ", delta, " of x_", column, " = ", x_[column], " is or leads to no finite number");
  }

  /// x_j += delta, already checked. Time: one add, and one of residues.
  void add_to_vector(Index column, double delta) {
    x_[column] += delta;
    x_rounding_[column] += vector_roundoff * std::abs(x_[column]);
    add_to_residue(column, detail::residue61(delta));
  }

  /// Must precede a change of A_ij. @throws InvalidArgument if i, j or the change cannot be taken
  template <class Policies>
  void admit_entry(const SamplerOperator<Policies>& op, Index row, Index column, Scalar delta) {
    matrix_.admit_entry(op, row, column, delta);
  }
  /// Must precede a change of A_{i,:}, which is returned as the counters take it.
  template <class Policies, class Row>
  RowCounter<Scalar> admit_row(const SamplerOperator<Policies>& op, Index row, const Eigen::MatrixBase<Row>& delta) {
    return matrix_.admit_row(op, row, delta);
  }

  /// A_ij += delta, already checked. Time: L·R + 3 adds, twice that where z depends on x_j.
  template <class Policies>
  void add_to_matrix(const SamplerOperator<Policies>& op, Index row, Index column, Scalar delta) {
    row_norms_.reset();
    matrix_.add_entry(op, row, column, delta);
    add_to_refreshed(op, row, static_cast<double>(delta) * refreshed_x_[column]);
  }

  /// A_{i,:} += delta, already checked. Time: L·R + 3 adds of a row.
  template <class Policies>
  void add_to_matrix_row(const SamplerOperator<Policies>& op, Index row, const RowCounter<Scalar>& delta) {
    row_norms_.reset();
    matrix_.add_row(op, row, delta);
    add_to_refreshed(op, row, delta.template cast<double>().dot(refreshed_x_.transpose()));
  }

  /// A += sign · other's A. z is to be refreshed.
  void add_matrix_of(const ProductImage& other, double sign) {
    row_norms_.reset();
    if (sign > 0)
      matrix_ += other.matrix_;
    else
      matrix_ -= other.matrix_;
  }

  /// @throws InvalidArgument if x + sign · other's x is not finite
  void check_vector_of(const ProductImage& other, double sign) const {
    for (Index j = 0; j < columns(); ++j) check_change(j, sign * other.x_[j]);
  }

  /// x += sign · other's x. z is to be refreshed.
  void add_vector_of(const ProductImage& other, double sign) {
    check_vector_of(other, sign);
    x_ += sign * other.x_;
    x_rounding_ += other.x_rounding_ + vector_roundoff * x_.cwiseAbs();
    for (Index j = 0; j < columns(); ++j) {
      const std::uint64_t residue = other.x_residues_[static_cast<std::size_t>(j)];
      add_to_residue(j, sign > 0 ? residue : detail::negate61(residue));
    }
  }

  void clear_vector() {
    x_.setZero();
    x_rounding_.setZero();
    std::fill(x_residues_.begin(), x_residues_.end(), 0);
  }

  /// Brings z up to date. Time: O(cells·d).
  template <class Policies>
  void refresh(const SamplerOperator<Policies>& op) {
    refreshed_ = matrix_.contract(op, x_);
    refreshed_x_ = x_;
    row_norms_ = matrix_.row_norms();
  }

  /// The image of y at this moment.
  template <class Policies>
  VectorImage<Scalar> now(const SamplerOperator<Policies>& op) const {
    std::vector<Index> changed;
    std::vector<Scalar> deltas;
    for (Index j = 0; j < columns(); ++j)
      if (x_[j] != refreshed_x_[j]) {
        changed.push_back(j);
        deltas.push_back(static_cast<Scalar>(x_[j] - refreshed_x_[j]));
      }
    const bool many = 4 * std::ssize(changed) > columns();
    VectorImage<Scalar> image = many ? matrix_.contract(op, x_) : refreshed_;
    if (!many && !changed.empty()) matrix_.add_columns(changed, deltas, image);
    image.residue = residue();
    image.rounding += rounding();
    return image;
  }

  /// Show the arrays that a stream of A adds up in, and those of x, to a visitor (`io/arrays.hpp`). z is to be
  /// refreshed after one that changed them.
  template <class Self, class Visitor>
  static void for_each_array_of_matrix(Self& self, const Visitor& visitor) {
    Image::for_each_array(self.matrix_, visitor);
  }
  template <class Self, class Visitor>
  static void for_each_array_of_vector(Self& self, const Visitor& visitor) {
    visitor.bounds(entries(self.x_rounding_), [&](double additions) { return self.rounding_after(additions); });
    visitor.numbers(entries(self.x_));
    visitor.residues(std::span(self.x_residues_));
  }

  /// Bytes that are not counters in the byte format.
  static Index fixed_bytes(Index columns) {
    return MatrixImage<Scalar>::fixed_bytes(columns) + detail::checked_product(columns, 4 * 8, "vectors");
  }

  /// Order in the byte format: the image of A; x, x at the last refresh, the bound on the rounding in
  /// x, the residues of x, d numbers each.
  void put(io::ByteWriter& writer) const {
    matrix_.put(writer);
    for (const Vector* vector : {&x_, &refreshed_x_, &x_rounding_}) writer.put_array(entries(*vector));
    writer.put_array(std::span(x_residues_));
  }

  /// Reads what follows the image of A.
  template <class Policies>
  void take_vectors(const SamplerOperator<Policies>& op, io::ByteReader& reader) {
    Vector x(columns());
    const io::ArrayReader arrays(reader);
    arrays.numbers(entries(x));
    arrays.numbers(entries(x_));
    arrays.bounds(entries(x_rounding_));
    arrays.residues(std::span(x_residues_));
    refresh(op);  // x_ is still that of the last refresh
    x_ = x;
  }

  std::size_t heap_bytes() const {
    return matrix_.heap_bytes() + refreshed_.heap_bytes() +
           static_cast<std::size_t>(columns()) * (3 * sizeof(double) + sizeof(std::uint64_t));
  }

 private:
  static constexpr double vector_roundoff = std::numeric_limits<double>::epsilon() / 2;

  template <class Vector>
  static auto entries(Vector& vector) {
    return std::span(vector.data(), static_cast<std::size_t>(vector.size()));
  }

  // The bounds when x took part in so many more additions, in whatever order.
  std::vector<double> rounding_after(double additions) const {
    std::vector<double> bounds;
    for (Index j = 0; j < columns(); ++j)
      bounds.push_back(x_rounding_[j] + additions * vector_roundoff * std::abs(x_[j]));
    return bounds;
  }

  void add_to_residue(Index column, std::uint64_t residue) {
    auto& sum = x_residues_[static_cast<std::size_t>(column)];
    sum = detail::add61(sum, residue);
  }

  // Keeps z = (ΨA) x of the last refresh in step with A; its rounding is charged like a stream's.
  template <class Policies>
  void add_to_refreshed(const SamplerOperator<Policies>& op, Index row, double change) {
    if (change == 0) return;
    if (!refreshed_.admits(op, std::abs(change))) {  // z for x = 0 instead, which is 0 for any A
      refreshed_ = VectorImage<Scalar>(op);
      refreshed_x_.setZero();
      return;
    }
    const auto delta = static_cast<Scalar>(change);
    refreshed_.add_to_counters(op, std::span(&row, 1), std::span(&delta, 1));
  }

  std::uint64_t residue() const {
    std::uint64_t sum = 0;
    for (std::size_t j = 0; j < x_residues_.size(); ++j)
      sum = detail::add61(sum, detail::multiply61(matrix_.residues[j], x_residues_[j]));
    return sum;
  }

  // For all that was contracted: x now, and what the last refresh contracted.
  RoundingBound rounding() const {
    return matrix_.contraction_rounding(row_norms_ ? *row_norms_ : matrix_.row_norms(),
                                        x_.stableNorm() + refreshed_x_.stableNorm(), x_rounding_.stableNorm());
  }

  Image matrix_;                            // ΨA
  Vector x_;                                // in double, whatever the counters are
  Vector refreshed_x_;                      // x at the last refresh
  Vector x_rounding_;                       // bounds |x_j − Σ Δ|
  std::vector<std::uint64_t> x_residues_;   // of Σ Δ, exact
  VectorImage<Scalar> refreshed_;           // (ΨA) x at the last refresh
  std::optional<RoundingBound> row_norms_;  // of ΨA, unless it changed since the last refresh
};

}  // namespace turnstile::inline v0
