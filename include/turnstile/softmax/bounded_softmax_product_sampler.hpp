/// @file
/// Draws in proportion to exponentials of y = A x, with bounded entries, while A, x or both are streams.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

#include "turnstile/detail/plain_vector.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/softmax/bounded_softmax_verbs.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y = A x with probability e^{y_i}/Σ_j e^{y_j} while entries of A ∈ ℝⁿˣᵈ and of x ∈ ℝᵈ
/// change, where the caller promises |y_i| ≤ B for all i at the time of a draw. Keeps
/// s = ⌈e^{2B} ln(1/δ)⌉ rows of A, chosen at random before the stream, and x; a fixed A or a fixed x is one
/// that is fed once. Draws as `BoundedSoftmaxSampler` does: exact, and failing with probability at most δ.
///
/// Time: an update of an entry of A or x O(1), of a row O(d); a draw O(s·d), for y on the rows kept.
/// Memory: s·d + d numbers and about 20 bytes for each row, whatever n is.
///
/// y is bilinear in the two streams, so `+=` is what it says for each: A + A' and x + x', whose product
/// is not y + y'. `merge_matrix` and `merge_vector` add one and leave the other.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::BoundedSoftmaxProductSampler<> sampler(1'000'000, 2, 1.0, 0.01, 7);
///   for (turnstile::Index i = 0; i < 1'000'000; ++i)
///     sampler.update_matrix_row(i, Eigen::RowVector2d(i % 2, 1 - i % 2));
///   sampler.update_vector(1, 1.0);  // y_i = 1 for even i, else 0
///   std::cout << bool(sampler.sample()) << '\n';  // 1
/// }
/// @endcode
template <class Scalar = double>
class BoundedSoftmaxProductSampler : public BoundedSoftmaxVerbs<BoundedSoftmaxProductSampler<Scalar>, Scalar> {
  using Base = BoundedSoftmaxVerbs<BoundedSoftmaxProductSampler, Scalar>;

 public:
  static constexpr std::string_view kind = "BoundedSoftmaxProductSampler";

  /// A = 0 ∈ ℝⁿˣᵈ, x = 0. @throws InvalidArgument for dimensions outside [1, 2⁶²], or see `positions_for`
  BoundedSoftmaxProductSampler(Index dimension, Index columns, double bound, double failure, Seed seed = 0)
      : Base(dimension, bound, failure, seed), rows_(std::ssize(this->kept()), columns), x_(columns) {}

  /// A_ij += Δ. @throws InvalidArgument if i or j is out of range or Δ cannot be taken; nothing changes then
  void update_matrix(Index row, Index column, Scalar delta) {
    detail::check_index(row, this->dimension(), "row");
    detail::check_index(column, columns(), "column");
    detail::check_finite(delta, "change");
    const Index slot = this->slot_of(row);
    if (slot < 0) return;
    detail::require_admitted(rows_, std::abs(static_cast<double>(delta)));
    rows_.add(slot, column, delta);
  }

  /// A_{i,:} += Δ, a row of ℝᵈ. @throws InvalidArgument as above
  template <class Row>
  void update_matrix_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    detail::check_index(row, this->dimension(), "row");
    const RowCounter<Scalar> values = detail::plain_row<Scalar>(delta, columns(), "row of changes");
    for (Scalar value : values) detail::check_finite(value, "change");
    const Index slot = this->slot_of(row);
    if (slot < 0) return;
    detail::require_admitted(rows_, static_cast<double>(values.cwiseAbs().maxCoeff()));
    rows_.add(slot, false, values);
  }

  /// x_j += Δ. @throws InvalidArgument if j is outside [0, d) or x_j would not stay finite
  void update_vector(Index column, Scalar delta) {
    detail::check_index(column, columns(), "column");
    detail::check_finite(delta, "change");
    x_.add_checked(column, false, delta);
  }

  /// y on the coordinates `kept()`. Time: O(s·d).
  Eigen::VectorXd kept_scores() const {
    return rows_.matrix().template cast<double>() * vector().template cast<double>();
  }

  /// A += the other's A; x stays. @throws IncompatibleSketch
  void merge_matrix(const BoundedSoftmaxProductSampler& other) {
    this->require_same(other, "merge matrices");
    rows_ += other.rows_;
  }
  /// x += the other's x; A stays. @throws IncompatibleSketch
  void merge_vector(const BoundedSoftmaxProductSampler& other) {
    this->require_same(other, "merge vectors");
    x_ += other.x_;
  }

  /// Adds both streams of the other, each to its own. @throws IncompatibleSketch
  BoundedSoftmaxProductSampler& operator+=(const BoundedSoftmaxProductSampler& other) {
    this->require_same(other, "add samplers");
    x_.check_combination(other.x_, false);  // so that nothing changes if either is refused
    rows_ += other.rows_;
    x_ += other.x_;
    return *this;
  }
  /// Takes both streams of the other away. @throws IncompatibleSketch
  BoundedSoftmaxProductSampler& operator-=(const BoundedSoftmaxProductSampler& other) {
    this->require_same(other, "subtract samplers");
    x_.check_combination(other.x_, true);
    rows_ -= other.rows_;
    x_ -= other.x_;
    return *this;
  }

  /// Back to A = 0 and x = 0.
  void clear() {
    rows_.set_zero();
    x_.set_zero();
  }

  /// Shows the rows kept, and x, to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.numbers(self.rows_.flat());
    visitor.numbers(self.x_.flat());
  }

  /// d, the number of columns of A.
  Index columns() const { return x_.size(); }
  /// x as the stream has left it.
  Eigen::Map<const Eigen::Vector<Scalar, Eigen::Dynamic>> vector() const { return {x_.flat().data(), columns()}; }
  std::size_t memory_bytes() const { return sizeof(*this) + Base::heap_bytes() + rows_.heap_bytes() + x_.heap_bytes(); }

 private:
  friend Base;

  static BoundedSoftmaxProductSampler like(Index dimension, Index columns, double bound, double failure, Seed seed) {
    return {dimension, columns, bound, failure, seed};
  }
  Index numbers() const { return (rows_.size() + 1) * columns(); }
  void put(io::ByteWriter& writer) const {
    writer.put_array(rows_.flat());
    writer.put_array(x_.flat());
  }
  void take(io::ByteReader& reader) {
    reader.take_array(rows_.flat());
    reader.take_array(x_.flat());
  }

  Counters<RowCounter<Scalar>> rows_;
  Counters<Scalar> x_;
};

}  // namespace turnstile::inline v0
