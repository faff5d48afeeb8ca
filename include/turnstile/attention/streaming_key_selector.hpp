/// @file
/// Keys drawn by a linear sketch of a cache that changes.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "turnstile/attention/heads.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sampler/dynamic_sampler.hpp"
#include "turnstile/sketch/tensor_sketch.hpp"

namespace turnstile::inline v0 {

struct KeySelectorOptions {
  Index order = 1;              ///< m: 1 or 2; keys are drawn in proportion to (q·k)^{2m}
  Index features = 1024;        ///< of the TensorSketch that stands for k⊗k, m = 2 only
  SamplerOptions sampler = {};  ///< seed, and the shape of the sketch of all keys
};

/// An estimate of what polynomial attention gives, Σ_i (q·k_i)^{2m} v_i / Σ_i (q·k_i)^{2m}.
struct PolynomialAttention {
  Eigen::RowVectorXd output;          ///< of ℝ^{d_v}
  Eigen::RowVectorXd standard_error;  ///< of each entry, over the selector's randomness
  std::vector<Index> slots;           ///< whose keys and values were read, in ascending order
};

/// A DynamicSampler at work in attention. Keys enter and leave the slots of a cache, queries come, and slots are
/// drawn in proportion to (q·k)^{2m}, the weight that polynomial attention of degree 2m gives them, from a state
/// that holds no keys and whose size does not depend on how many there are.
///
/// (q·k)^m = ⟨q^{⊗m}, k^{⊗m}⟩ is the product of a matrix of streamed rows k^{⊗m} with a streamed vector q^{⊗m}
/// (arXiv 2510.03678, Definition 5.6), of which the sampler draws squares. m = 1 keeps k itself. m = 2 keeps
/// TensorSketch features S(k⊗k): the law is that of ⟨S k⊗k, S q⊗q⟩², and the inner product is off by a standard
/// deviation of at most √(6/features)·‖q‖²‖k‖². Against keys in all directions, where (q·k)² ≈ ‖q‖²‖k‖²/d, the law is
/// close only with more features than 6d²; fewer find just keys that are nearly parallel to q. `attend` weighs draws
/// by their exact scores, so that what it estimates does not inherit that error, though its spread does.
///
/// Time: a key enters or leaves in O(L·R·D), a query in O(D), after which a draw contracts O(L·R·b·D); D is d for
/// m = 1 and `features` for m = 2. Memory: (L·R·b + 768)·D numbers,
/// where L, the levels of the sketch, grows like log n. Scalar is that of the counters, double or float. Const members,
/// `draw`, `stripes` and `attend` among them, may be called from several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::StreamingKeySelector selector(1 << 20, 3);
///   selector.enter(7, Eigen::RowVector3f(1, 2, 3));
///   selector.enter(8, Eigen::RowVector3f(0, 1, 0));
///   selector.leave(8, Eigen::RowVector3f(0, 1, 0));
///   selector.ask(Eigen::RowVector3f(1, 1, 1));
///   const auto draw = selector.draw();  // q·k = 6
///   return draw && draw->index == 7 ? 0 : 1;
/// }
/// @endcode
template <class Scalar = double>
class BasicStreamingKeySelector {
  using Matrix = typename detail::InDoubles<Scalar>::Matrix;
  using Vector = typename detail::InDoubles<Scalar>::Vector;
  using RowVector = typename detail::InDoubles<Scalar>::RowVector;

 public:
  /// An empty cache of slots 0 … n − 1 for keys of ℝᵈ. @throws InvalidArgument for sizes or options out of range
  BasicStreamingKeySelector(Index slots, Index head_size, const KeySelectorOptions& options = {})
      : head_size_(head_size),
        options_(checked(head_size, options)),
        sampler_(slots, width(), options.sampler),
        query_(RowVector::Zero(head_size)) {
    if (options.order == 2)
      squares_.emplace(std::vector<Index>{head_size, head_size}, options.features, Index{1},
                       derive_seed(options.sampler.seed, "squared keys"));
  }

  /// A key comes into a slot: its image is added to what is there.
  /// @throws InvalidArgument for a slot out of range, another size than d, entries that are not finite; nothing
  /// changes then
  template <class Key>
  void enter(Index slot, const Eigen::MatrixBase<Key>& key) {
    sampler_.update_matrix_row(slot, image_of(key, "key"));
  }

  /// The key that came into a slot leaves it; it must be the same, for the state does not know it.
  /// @throws InvalidArgument as `enter`
  template <class Key>
  void leave(Index slot, const Eigen::MatrixBase<Key>& key) {
    sampler_.update_matrix_row(slot, (-image_of(key, "key")).eval());
  }

  /// From now on draws are for this query. @throws InvalidArgument as `enter`
  template <class Query>
  void ask(const Eigen::MatrixBase<Query>& query) {
    const RowVector image = image_of(query, "query");
    sampler_.update_vector((-sampler_.vector()).eval());  // by itself, so that exactly 0 is left
    sampler_.update_vector(image.transpose());
    sampler_.refresh();
    query_ = query.template cast<double>().reshaped().transpose();
  }

  /// A slot with probability (q·k)^{2m}/Σ(q·k)^{2m}, its value about (q·k)^m; `zero` if all are 0.
  /// The same state gives the same draw.
  DrawResult<Draw<Scalar>> draw() const { return sampler_.sample(); }

  /// Slots of successive draws without replacement, in ascending order: the stripes of a step of sparse
  /// attention. Fewer than `count` only when no further draw can be trusted. @throws InvalidArgument for count < 0
  std::vector<Index> stripes(Index count) const {
    std::vector<Index> slots;
    for (const auto& draw : sampler_.sample_without_replacement(count)) slots.push_back(draw.index);
    std::sort(slots.begin(), slots.end());
    return slots;
  }

  /// Polynomial attention from `count` draws without replacement; of the cache, whose rows are slots, only theirs are
  /// read. None if fewer than three draws can be trusted.
  ///
  /// A slot arrives at the time e_i/y_i², e_i the sampler's exponential variate of it. Given the time T of the draw
  /// after the last one that is used, slot i was drawn with probability π_i = 1 − exp(−y_i² T), independently of
  /// others as far as second moments go (Cohen and Kaplan 2008), so that Σ (q·k_i)^{2m} v_i/π_i estimates the
  /// numerator without bias, and Σ (1 − π_i)/π_i²·(…)² the variance. The quotient is one of two such sums: its bias is
  /// of the order of its variance. The sampler's own reading of y_i stands in π_i.
  /// @throws InvalidArgument for caches of other sizes than n × d and n × d_v, count < 2
  std::optional<PolynomialAttention> attend(const HeadRows& keys, const HeadRows& values, Index count) const {
    detail::check_same_size(keys.rows(), sampler_.dimension(), "list of keys");
    detail::check_same_size(keys.cols(), head_size_, "key");
    detail::check_same_size(values.rows(), sampler_.dimension(), "list of values");
    detail::check_range(count, 2, max_dimension / 16, "number of draws");
    auto draws = sampler_.sample_without_replacement(count + 1);
    if (draws.size() < 3) return std::nullopt;
    const double horizon = arrival_of(draws.back());
    draws.pop_back();
    return estimate(draws, horizon, keys, values);
  }

  /// The state: to be saved, or to be merged by adding streams.
  const DynamicSampler<Scalar>& sampler() const { return sampler_; }
  Index slots() const { return sampler_.dimension(); }
  Index head_size() const { return head_size_; }
  const KeySelectorOptions& options() const { return options_; }
  std::size_t memory_bytes() const {
    return sizeof(*this) - sizeof(sampler_) + sampler_.memory_bytes() + (squares_ ? squares_->memory_bytes() : 0);
  }

 private:
  static KeySelectorOptions checked(Index head_size, const KeySelectorOptions& options) {
    detail::check_range(head_size, 1, Index{1} << 16, "head size");
    detail::check_range(options.order, 1, 2, "order");
    detail::check_range(options.features, 1, Index{1} << 20, "number of features");
    return options;
  }
  Index width() const { return options_.order == 1 ? head_size_ : options_.features; }

  template <class Numbers>
  RowVector image_of(const Eigen::MatrixBase<Numbers>& vector, const char* what) const {
    detail::check_same_size(vector.size(), head_size_, what);
    const RowVector plain = vector.template cast<double>().reshaped().transpose();
    for (double entry : plain) detail::check_finite(entry, what);
    return squares_ ? RowVector(squares_->features(plain)) : plain;
  }

  double arrival_of(const Draw<Scalar>& draw) const {
    const double scaled = draw.value * sampler_.linear_map().scale(draw.index);
    return 1 / (scaled * scaled);
  }

  /// How often a slot that scores y arrives before a time.
  static double inclusion(double score, double horizon) { return -std::expm1(-score * score * horizon); }

  std::optional<PolynomialAttention> estimate(const std::vector<Draw<Scalar>>& draws, double horizon,
                                              const HeadRows& keys, const HeadRows& values) const {
    const auto count = static_cast<Index>(draws.size());
    Vector weights(count), leaving(count);  // (q·k)^{2m}/π, and 1 − π
    Matrix read(count, values.cols());
    std::vector<Index> slots;
    for (Index i = 0; i < count; ++i) {
      const Draw<Scalar>& draw = draws[static_cast<std::size_t>(i)];
      const double kept = inclusion(static_cast<double>(draw.value), horizon);
      weights[i] = std::pow(keys.row(draw.index).template cast<double>().dot(query_), 2 * options_.order) / kept;
      leaving[i] = 1 - kept;
      read.row(i) = values.row(draw.index).template cast<double>();
      slots.push_back(draw.index);
    }
    std::sort(slots.begin(), slots.end());
    if (weights.sum() == 0) return std::nullopt;  // features saw what scores do not
    const Vector shares = weights / weights.sum();
    const RowVector output = shares.transpose() * read;
    const Vector spread = shares.array().square() * leaving.array();
    const Matrix away = (read.rowwise() - output).array().square();
    return PolynomialAttention{output, (spread.transpose() * away).array().sqrt(), std::move(slots)};
  }

  Index head_size_;
  KeySelectorOptions options_;
  DynamicSampler<Scalar> sampler_;
  RowVector query_;
  std::optional<TensorSketch<typename detail::InDoubles<Scalar>::Real>> squares_;
};

/// With counters in double precision.
using StreamingKeySelector = BasicStreamingKeySelector<>;

}  // namespace turnstile::inline v0
