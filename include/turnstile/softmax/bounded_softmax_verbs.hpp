/// @file
/// What samplers share that draw by rejection from coordinates chosen before the stream.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/variates.hpp"
#include "turnstile/softmax/position_sample.hpp"

namespace turnstile::inline v0 {

/// Mixed into a sampler that provides `kept_scores()`, its y on the coordinates `kept()`; `columns()`;
/// and how its counters are constructed, put into bytes and taken from them.
///
/// The s = ⌈e^{2B} ln(1/δ)⌉ positions are uniform, independent and drawn with replacement, and each has a
/// coin of its own, also where two are equal. One after the other is accepted with probability
/// e^{y_i − B}, so the first accepted one is i with probability e^{y_i}/Σ_j e^{y_j}, exactly. A position
/// is accepted with probability mean_j e^{y_j − B} ≥ e^{−2B}, so that all are refused with probability at
/// most (1 − e^{−2B})^s ≤ δ.
///
/// Guarantees hold for streams that do not depend on earlier draws from the same state, over the choice
/// of the seed. Const members may be called from several threads at once.
template <class Sampler, class Scalar>
class BoundedSoftmaxVerbs {
 public:
  using scalar_type = Scalar;
  using draw_type = Draw<Scalar>;

  /// No more positions than these are drawn: where the bound asks for more, y itself had better be kept.
  static constexpr Index most_positions = Index{1} << 26;

  /// s = ⌈e^{2B} ln(1/δ)⌉. @throws InvalidArgument unless B ≥ 0, 0 < δ < 1 and s ≤ 2²⁶
  static Index positions_for(double bound, double failure) {
    if (!(bound >= 0 && std::isfinite(bound))) detail::raise("bound ", bound, " is not finite and at least 0");
    if (!(failure > 0 && failure < 1)) detail::raise("failure probability ", failure, " is outside (0, 1)");
    const double count = std::ceil(std::exp(2 * bound) * -std::log(failure));
    if (!(count <= static_cast<double>(most_positions)))
      detail::raise("bound ", bound, " and failure probability ", failure, " ask for ", count, " positions, more than ",
                    most_positions);
    return static_cast<Index>(count);
  }

  /// One draw, a function of state and seed: i with probability exactly e^{y_i}/Σ_j e^{y_j} given that it
  /// did not fail; `failed` with probability at most δ. The draw's value is y_i, its probability is
  /// e^{y_i}/(n·mean of e^y over the positions), an estimate.
  /// Time: O(s), for the bound is checked on every coordinate kept; see the sampler for y = A x.
  /// @throws InvalidArgument, naming coordinate, value and bound, if |y_i| > B(1 + 64ε) on one of these, ε
  /// the epsilon of Scalar: room for sums that are B on paper. That |y_i| ≤ B on all others is the
  /// caller's promise, which no state of this size can check: where it is broken, draws that raise no
  /// error may follow another law.
  DrawResult<draw_type> sample() const {
    const Eigen::VectorXd scores = self().kept_scores();
    check_scores(scores);
    const MixHash coins(derive_seed(seed_, "bounded softmax coins"));
    for (Index t = 0; t < positions(); ++t) {
      const Index slot = positions_.drawn(t);
      if (uniform_variate(coins(static_cast<std::uint64_t>(t))) < std::exp(scores[slot] - bound_))
        return draw_of(slot, scores);
    }
    return Outcome::failed;
  }

  /// n, the number of coordinates of y.
  Index dimension() const { return dimension_; }
  /// B, the promised bound on every |y_i|.
  double bound() const { return bound_; }
  /// δ, the bound on the probability of no draw.
  double failure() const { return failure_; }
  Seed seed() const { return seed_; }
  /// s, the number of positions drawn.
  Index positions() const { return positions_.count(); }
  /// The distinct positions, at most s: updates elsewhere leave the state as it is.
  std::span<const Index> kept() const { return positions_.kept(); }

  /// The bound is the fixed operand, as the bits of a double; ε stands for the failure probability.
  Identity identity() const {
    SamplerOptions options;
    options.seed = seed_;
    options.epsilon = failure_;
    return {std::string(Sampler::kind),
            std::string(scalar_name<Scalar>()),
            MixHash::name(),
            dimension_,
            self().columns(),
            options,
            std::bit_cast<std::uint64_t>(bound_)};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the counters of the coordinates kept, in the
  /// order of `kept()`; of samplers of y = A x rows of d, and then x.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { self().put(writer); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static Sampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<Sampler>(bytes, MixHash::name(), [&](io::ByteReader& reader, const Identity& found) {
      const double bound = std::bit_cast<double>(found.operand), failure = found.options.epsilon;
      detail::check_range(found.dimension, 1, max_dimension, "dimension");
      detail::check_range(found.width, 1, max_dimension, "number of columns");
      // Of m = min(s, n) draws, fewer than m/16 are distinct with probability below 10⁻¹⁸: this bounds
      // what is allocated by the bytes that there are.
      const Index least = std::max(std::min(positions_for(bound, failure), found.dimension) / 16, Index{1});
      if (std::ssize(bytes) / static_cast<Index>(sizeof(Scalar)) / found.width < least)
        detail::raise<CorruptState>(bytes.size(), " bytes do not hold ", least, " counters of ", found.width);
      Sampler sampler = Sampler::like(found.dimension, found.width, bound, failure, found.options.seed);
      reader.expect_rest(sampler.numbers(), sizeof(Scalar), 0);
      sampler.take(reader);
      return sampler;
    });
  }

  /// Kind, sizes, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const Sampler& sampler) {
    return out << Sampler::kind << "(n = " << sampler.dimension() << ", d = " << sampler.columns() << ", "
               << scalar_name<Scalar>() << ", bound " << sampler.bound() << ", failure " << sampler.failure()
               << ", seed " << sampler.seed() << "): " << sampler.memory_bytes() << " bytes, " << sampler.positions()
               << " positions, " << sampler.kept().size() << " distinct";
  }

 protected:
  BoundedSoftmaxVerbs(Index dimension, double bound, double failure, Seed seed)
      : dimension_(checked_dimension(dimension)),
        bound_(bound),
        failure_(failure),
        seed_(seed),
        positions_(dimension, positions_for(bound, failure), seed) {}

  // The slot of an index within range, or −1.
  Index slot_of(Index index) const { return positions_.find(index); }
  std::size_t heap_bytes() const { return positions_.heap_bytes(); }

  void require_same(const Sampler& other, std::string_view action) const {
    if (other.bound() != bound_)
      detail::raise<IncompatibleSketch>("cannot ", action, ": bound is ", other.bound(), ", expected ", bound_);
    detail::require_same<IncompatibleSketch>(identity(), other.identity(), action);
  }

 private:
  const Sampler& self() const { return static_cast<const Sampler&>(*this); }

  static Index checked_dimension(Index dimension) {
    detail::check_range(dimension, 1, max_dimension, "dimension");
    return dimension;
  }

  void check_scores(const Eigen::VectorXd& scores) const {
    constexpr double rounding = 64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
    for (Index slot = 0; slot < scores.size(); ++slot)
      if (!(std::abs(scores[slot]) <= bound_ * (1 + rounding)))
        detail::raise("score ", scores[slot], " of coordinate ", kept()[static_cast<std::size_t>(slot)],
                      " is outside the bound of ", bound_);
  }

  draw_type draw_of(Index slot, const Eigen::VectorXd& scores) const {
    double sum = 0;
    for (Index other = 0; other < scores.size(); ++other)
      sum += positions_.times()[static_cast<std::size_t>(other)] * std::exp(scores[other] - scores[slot]);
    const double share = static_cast<double>(positions()) / static_cast<double>(dimension_) / sum;
    return {kept()[static_cast<std::size_t>(slot)], static_cast<Scalar>(scores[slot]), std::min(share, 1.0), 0};
  }

  Index dimension_;
  double bound_;
  double failure_;
  Seed seed_;
  detail::PositionSample positions_;
};

}  // namespace turnstile::inline v0
