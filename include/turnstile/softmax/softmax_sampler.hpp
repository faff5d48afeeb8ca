/// @file
/// Draws in proportion to exponentials, exactly.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/detail/plain_vector.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/softmax/log_sum_tree.hpp"
#include "turnstile/softmax/softmax_urn.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y ∈ ℝⁿ with probability exp(y_i/T)/Σ_j exp(y_j/T) (arXiv 2510.03678, Definition 4.1,
/// with a temperature T), while y changes by updates y_i += Δ. Exact but for rounding, for any finite
/// scores: exponentials are kept relative to the largest score of each node of a tree.
///
/// Keeps y, and must: any state from which such draws can be made has Ω(n) bits, even if ‖y‖_∞ = O(log n)
/// and probabilities may be off by factors of n^C (Theorem 4.4: it would tell whether two sets, fed as
/// c·log n on their members, intersect). For scores within a small known bound see
/// `BoundedSoftmaxSampler`, for weights |y_i|ᵖ, which do fit into a sketch, `L2Sampler`.
///
/// Time: an update 16 + log₂(n/16) exponentials, a draw as many; construction, `+=` and `clear` O(n).
/// Memory: n scores and 2n bytes of tree. Scalar: double or float, the type of the scores; sums and
/// exponentials are double. Draws are functions of the scores and the seed passed: equal ones give
/// equal draws, whatever the stream was (across machines within the rounding of `std::exp`). Const
/// members may be called from several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::SoftmaxSampler<> sampler(Eigen::Vector3d(1000, -1000, 0));
///   sampler.update(2, 2000.0);
///   if (auto draw = sampler.sample(1)) std::cout << draw->index << ' ' << draw->value << '\n';  // 2 2000
/// }
/// @endcode
template <class Scalar = double>
class SoftmaxSampler {
 public:
  using scalar_type = Scalar;
  using draw_type = Draw<Scalar>;
  static constexpr std::string_view kind = "SoftmaxSampler";

  /// From y ∈ ℝⁿ and T. @throws InvalidArgument for an empty y, scores that are not finite, or unless T is
  /// positive and finite
  template <class Scores>
  explicit SoftmaxSampler(const Eigen::MatrixBase<Scores>& scores, double temperature = 1)
      : scores_(checked_size(scores.size())), tree_(tree_of(scores, temperature)) {
    static_assert(Scores::IsVectorAtCompileTime, "the scores are a vector");
  }

  /// From y = A x, for a dense or sparse A ∈ ℝⁿˣᵈ and x ∈ ℝᵈ. @throws InvalidArgument as above, or if the
  /// sizes do not fit
  template <class Matrix, class X>
  SoftmaxSampler(const Eigen::EigenBase<Matrix>& matrix, const Eigen::MatrixBase<X>& x, double temperature = 1)
      : SoftmaxSampler(product(matrix, x), temperature) {}

  /// y_i += Δ. @throws InvalidArgument if i is outside [0, n), or Δ or the new y_i is not finite; nothing
  /// changes then
  void update(Index index, Scalar delta) {
    detail::check_index(index, dimension(), "index");
    detail::check_finite(delta, "change");
    scores_.add_checked(index, false, delta);
    tree_.refresh(index, score_at());
  }

  /// One draw, always `sampled`: i, y_i, and the exact probability of i.
  DrawResult<draw_type> sample(Seed seed) const { return draw_of(urn().draw(words(seed, 0))); }

  /// k independent draws; the first is that of `sample(seed)`. @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_with_replacement(Index k, Seed seed) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    const auto whole = urn();
    std::vector<draw_type> draws;
    for (Index t = 0; t < k; ++t) draws.push_back(draw_of(whole.draw(words(seed, t))));
    return draws;
  }

  /// min(k, n) successive draws, each in proportion to exp(y_i/T) among what is left, however far below
  /// the first ones that is (the law of Plackett and Luce). Probabilities are those of the whole of y.
  /// The first draw is that of `sample(seed)`. @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_without_replacement(Index k, Seed seed) const {
    return take_out(k, [&](const auto& left, Index t) { return left.draw(words(seed, t)); });
  }

  /// The min(k, n) largest scores, largest first. Time: O(k log n). @throws InvalidArgument for k < 0
  std::vector<draw_type> heaviest(Index k) const {
    return take_out(k, [](const auto& left, Index) { return left.largest(); });
  }

  /// n, the number of coordinates of y.
  Index dimension() const { return scores_.size(); }
  /// T
  double temperature() const { return tree_.temperature(); }
  /// y_i, exactly as the stream left it. @throws InvalidArgument if i is out of range
  Scalar score(Index index) const {
    detail::check_index(index, dimension(), "index");
    return scores_[index];
  }
  /// exp(y_i/T)/Σ_j exp(y_j/T). @throws InvalidArgument if i is out of range
  double probability(Index index) const {
    const detail::LogSum& whole = tree_[1];
    return detail::relative_weight(static_cast<double>(score(index)), whole.top, temperature()) / whole.sum;
  }
  /// ln Σ_j exp(y_j/T); infinite only where max y_j/T is.
  double log_partition() const { return tree_[1].top / temperature() + std::log(tree_[1].sum); }

  /// Adds the other's scores. @throws IncompatibleSketch unless dimension and temperature agree;
  /// InvalidArgument, nothing having changed, if a sum is not finite
  SoftmaxSampler& operator+=(const SoftmaxSampler& other) {
    require_same(other);
    scores_ += other.scores_;
    return rebuild();
  }
  /// Takes the other's scores away. @throws as `+=`
  SoftmaxSampler& operator-=(const SoftmaxSampler& other) {
    require_same(other);
    scores_ -= other.scores_;
    return rebuild();
  }

  /// Back to y = 0.
  void clear() {
    scores_.set_zero();
    rebuild();
  }

  /// Shows the scores to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.numbers(self.scores_.flat());
    if constexpr (!std::is_const_v<Self>) self.rebuild();
  }

  std::size_t memory_bytes() const { return sizeof(SoftmaxSampler) + scores_.heap_bytes() + tree_.heap_bytes(); }

  /// The temperature is the fixed operand, as the bits of a double.
  Identity identity() const {
    return {std::string(kind),
            std::string(scalar_name<Scalar>()),
            "exact",
            dimension(),
            1,
            {},
            std::bit_cast<std::uint64_t>(temperature())};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the n scores; the tree follows from them.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { writer.put_array(scores_.flat()); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static SoftmaxSampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<SoftmaxSampler>(bytes, "exact", [](io::ByteReader& reader, const Identity& found) {
      reader.expect_rest(found.dimension, sizeof(Scalar), 0);
      Eigen::Vector<Scalar, Eigen::Dynamic> scores(found.dimension);
      reader.take_array(std::span(scores.data(), static_cast<std::size_t>(scores.size())));
      return SoftmaxSampler(scores, std::bit_cast<double>(found.operand));
    });
  }

  /// Kind, sizes and state at a glance.
  friend std::ostream& operator<<(std::ostream& out, const SoftmaxSampler& sampler) {
    return out << kind << "(n = " << sampler.dimension() << ", " << scalar_name<Scalar>()
               << ", temperature = " << sampler.temperature() << "): " << sampler.memory_bytes()
               << " bytes, largest score " << sampler.tree_[1].top << ", log partition " << sampler.log_partition();
  }

 private:
  static Index checked_size(Index size) {
    detail::check_range(size, 1, max_dimension, "number of scores");
    return size;
  }

  template <class Matrix, class X>
  static Eigen::VectorXd product(const Eigen::EigenBase<Matrix>& matrix, const Eigen::MatrixBase<X>& x) {
    static_assert(X::IsVectorAtCompileTime, "x is a vector");
    detail::check_same_size(x.size(), matrix.cols(), "x");
    return matrix.derived().template cast<double>() * x.reshaped().template cast<double>();
  }

  // Fills scores_ first, which is already of their size.
  template <class Scores>
  detail::LogSumTree tree_of(const Eigen::MatrixBase<Scores>& scores, double temperature) {
    if (!(temperature > 0 && std::isfinite(temperature)))
      detail::raise("temperature ", temperature, " is not positive and finite");
    const Eigen::Vector<Scalar, Eigen::Dynamic> values = detail::plain_vector<Scalar>(scores, dimension(), "scores");
    for (Scalar value : values) detail::check_finite(value, "score");
    std::copy(values.begin(), values.end(), scores_.flat().begin());
    return {dimension(), temperature, score_at()};
  }

  SoftmaxSampler& rebuild() {
    tree_ = {dimension(), temperature(), score_at()};
    return *this;
  }

  auto score_at() const {
    return [this](Index i) { return static_cast<double>(scores_[i]); };
  }

  detail::SoftmaxUrn<Scalar> urn() const { return {tree_, scores_.flat()}; }
  static MixHash words(Seed seed, Index draw) {
    return MixHash(derive_seed(seed, "softmax draw", static_cast<std::uint64_t>(draw)));
  }
  draw_type draw_of(Index index) const { return {index, scores_[index], probability(index), 0}; }

  // min(k, n) coordinates, one after the other: choose(urn, t) says which one is next.
  template <class Choose>
  std::vector<draw_type> take_out(Index k, Choose choose) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    std::vector<draw_type> draws;
    auto left = urn();
    for (Index t = 0; t < std::min(k, dimension()); ++t) {
      if (t > 0) left.remove(draws.back().index);
      draws.push_back(draw_of(choose(left, t)));
    }
    return draws;
  }

  void require_same(const SoftmaxSampler& other) const {
    if (other.temperature() != temperature())
      detail::raise<IncompatibleSketch>("cannot add samplers: temperature is ", other.temperature(), ", expected ",
                                        temperature());
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), "add samplers");
  }

  Counters<Scalar> scores_;
  detail::LogSumTree tree_;
};

}  // namespace turnstile::inline v0
