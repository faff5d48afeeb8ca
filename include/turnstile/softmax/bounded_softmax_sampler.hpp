/// @file
/// Draws in proportion to exponentials of bounded scores, in space that does not depend on n.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <string_view>

#include "turnstile/sketch/counters.hpp"
#include "turnstile/softmax/bounded_softmax_verbs.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y ∈ ℝⁿ with probability e^{y_i}/Σ_j e^{y_j} while y changes by updates y_i += Δ, where
/// the caller promises |y_i| ≤ B for all i at the time of a draw. Keeps s = ⌈e^{2B} ln(1/δ)⌉ coordinates,
/// chosen at random before the stream, and draws by rejection (see `BoundedSoftmaxVerbs::sample`): exact
/// where it draws, and failing with probability at most δ.
///
/// This is o(n) words for B = o(log n), where without a bound Ω(n) bits are needed (arXiv 2510.03678,
/// Theorem 4.4, whose hard streams have B = Θ(log n); the question is its section 8's). A temperature T
/// is a factor 1/T on every update, and on B.
///
/// Time: an update O(1), a draw O(s). Memory: s scores and about 30 bytes more for each.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::BoundedSoftmaxSampler<> sampler(1'000'000'000, 1.0, 0.01, 7);
///   for (turnstile::Index i = 0; i < 1000; ++i) sampler.update(i, 1.0);
///   std::cout << sampler.positions() << ' ' << bool(sampler.sample()) << '\n';  // 35 1
/// }
/// @endcode
template <class Scalar = double>
class BoundedSoftmaxSampler : public BoundedSoftmaxVerbs<BoundedSoftmaxSampler<Scalar>, Scalar> {
  using Base = BoundedSoftmaxVerbs<BoundedSoftmaxSampler, Scalar>;

 public:
  static constexpr std::string_view kind = "BoundedSoftmaxSampler";

  /// y = 0 in ℝⁿ. @throws InvalidArgument for a dimension outside [1, 2⁶²], or see `positions_for`
  BoundedSoftmaxSampler(Index dimension, double bound, double failure, Seed seed = 0)
      : Base(dimension, bound, failure, seed), scores_(std::ssize(this->kept())) {}

  /// y_i += Δ. @throws InvalidArgument if i is outside [0, n), Δ is not finite, or a y_i that is kept would
  /// not be; nothing changes then
  void update(Index index, Scalar delta) {
    detail::check_index(index, this->dimension(), "index");
    detail::check_finite(delta, "change");
    if (const Index slot = this->slot_of(index); slot >= 0) scores_.add_checked(slot, false, delta);
  }

  /// y on the coordinates `kept()`.
  Eigen::VectorXd kept_scores() const {
    return Eigen::Map<const Eigen::Vector<Scalar, Eigen::Dynamic>>(scores_.flat().data(), scores_.size())
        .template cast<double>();
  }

  /// Adds the other's stream. @throws IncompatibleSketch unless all that they were constructed with agrees
  BoundedSoftmaxSampler& operator+=(const BoundedSoftmaxSampler& other) {
    this->require_same(other, "add samplers");
    scores_ += other.scores_;
    return *this;
  }
  /// Takes the other's stream away. @throws IncompatibleSketch as `+=`
  BoundedSoftmaxSampler& operator-=(const BoundedSoftmaxSampler& other) {
    this->require_same(other, "subtract samplers");
    scores_ -= other.scores_;
    return *this;
  }

  /// Back to y = 0.
  void clear() { scores_.set_zero(); }

  /// Shows the scores kept to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.numbers(self.scores_.flat());
  }

  /// y is given by itself: numbers, not rows.
  Index columns() const { return 1; }
  std::size_t memory_bytes() const { return sizeof(*this) + Base::heap_bytes() + scores_.heap_bytes(); }

 private:
  friend Base;

  static BoundedSoftmaxSampler like(Index dimension, Index columns, double bound, double failure, Seed seed) {
    detail::check_range(columns, 1, 1, "number of columns");
    return {dimension, bound, failure, seed};
  }
  Index numbers() const { return scores_.size(); }
  void put(io::ByteWriter& writer) const { writer.put_array(scores_.flat()); }
  void take(io::ByteReader& reader) { reader.take_array(scores_.flat()); }

  Counters<Scalar> scores_;
};

}  // namespace turnstile::inline v0
