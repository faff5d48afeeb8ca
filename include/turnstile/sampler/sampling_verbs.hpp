/// @file
/// The verbs that every sampler of coordinates has, in terms of one reading.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ostream>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/variates.hpp"
#include "turnstile/sampler/reading.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// How many successive draws are looked at for the k heaviest. @throws InvalidArgument for k < 0
inline Index draws_to_search(Index k) {
  check_range(k, 0, max_dimension / 8, "number of coordinates");
  return std::max(4 * k, k + 16);
}

}  // namespace detail

/// Mixed into a sampler that provides `linear_map()`, its SamplerOperator; `image()`, the VectorImage of
/// its y (of rows, a RowImage) at this moment; `identity()` and `memory_bytes()`.
///
/// Guarantees hold for oblivious streams: the updates must not depend on draws made earlier from the
/// same state. Equal states give equal draws; for independent ones, use samplers of other seeds.
/// Const members may be called from several threads at once.
template <class Sampler, class DrawType>
class SamplingVerbs {
 public:
  using draw_type = DrawType;

  /// n, the number of coordinates of y.
  Index dimension() const { return self().linear_map().dimension(); }
  const SamplerOptions& options() const { return self().linear_map().options(); }

  /// One draw: i with probability |y_i|ᵖ/‖y‖ₚᵖ. `zero` if y = 0, `failed` if nothing stands above
  /// the noise of the sketch or what rounding may have left. Time: see the recovery policy.
  DrawResult<draw_type> sample() const {
    auto image = self().image();
    const double norm = law_norm(self().linear_map(), image);
    // What was accepted stands above all rounding, so y ≠ 0 even where the residues cancel (4 − 2⁻⁵⁹ has
    // residue 0, as 2⁶¹ ≡ 1); what was not is told apart by the fingerprint.
    const Outcome otherwise = image.vanishes() ? Outcome::zero : Outcome::failed;
    const auto found = Reading(self().linear_map(), std::move(image)).next();
    if (!found) return otherwise;
    return with_share(*found, norm).draw;
  }

  /// Successive draws without replacement: each in proportion to |y_i|ᵖ among what is left. The first
  /// is the one of `sample()`. Shorter than k only when no further draw can be trusted.
  /// Time: with TreeRecovery a draw, and for each further one R hashes for each prefix of the tree's first level.
  /// @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_without_replacement(Index k) const { return draws_of(successive(k)); }

  /// k draws with replacement, by replaying the urn: each draw is one of those already seen, with the
  /// probability that they hold of ‖y‖ₚᵖ, else the next one without replacement (Cohen 2015). `coins`
  /// decides which; the first is always that of `sample()`. Shorter than k only when no further draw
  /// can be trusted. @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_with_replacement(Index k, Seed coins) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    auto image = self().image();
    std::vector<draw_type> draws, seen;
    const double norm = law_norm(self().linear_map(), image);
    Reading reading(self().linear_map(), std::move(image));
    const MixHash words(derive_seed(coins, "urn"));
    double seen_share = 0, whole = 1;
    for (Index toss = 0; toss < k; ++toss) {
      const double coin = uniform_variate(words(static_cast<std::uint64_t>(toss)));
      if (coin * whole >= seen_share) {
        if (const auto found = reading.next()) {
          seen.push_back(with_share(*found, norm).draw);
          seen_share += seen.back().probability;
          draws.push_back(seen.back());
          continue;
        }
        if (!reading.exhausted() || seen.empty()) break;
        whole = seen_share;  // nothing else is in the urn, whatever the norm's estimate said
      }
      draws.push_back(pick(seen, coin * whole));
    }
    return draws;
  }

  /// The k largest |ŷ_i| among the first max(4k, k + 16) draws without replacement, largest first. A
  /// coordinate that holds the share q of ‖y‖ₚᵖ is missed with probability about (1 − q)^{4k}.
  /// @throws InvalidArgument for k < 0
  std::vector<draw_type> heaviest(Index k) const {
    auto found = successive(detail::draws_to_search(k));
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.magnitude > b.magnitude; });
    found.resize(static_cast<std::size_t>(std::min(k, std::ssize(found))));
    return draws_of(found);
  }

  /// ŷ_i, the median of the readings of index i (of a row, their medoid).
  /// @throws InvalidArgument if i is out of range
  auto estimate(Index index) const {
    detail::check_index(index, dimension(), "index");
    return self().image().estimate(self().linear_map(), index);
  }

  /// An estimate of ‖y‖², within about 6 % in two of three cases.
  double squared_norm() const {
    const double norm = euclidean_norm(self().linear_map(), self().image());
    return norm * norm;
  }

  /// Kind, shape, seed, bytes and state at a glance.
  friend std::ostream& operator<<(std::ostream& out, const Sampler& sampler) {
    const Identity identity = sampler.identity();
    const SketchShape& shape = identity.options.shape;
    return out << identity.kind << "(n = " << identity.dimension << ", d = " << identity.width << ", "
               << sampler.linear_map().table().levels() << " x " << shape.rows << " x " << shape.buckets << ' '
               << identity.scalar << ", seed " << identity.options.seed << ", p = " << identity.options.power << ", "
               << identity.policies << "): " << sampler.memory_bytes() << " bytes, norm of y about "
               << std::sqrt(sampler.squared_norm());
  }

 private:
  const Sampler& self() const { return static_cast<const Sampler&>(*this); }

  // Up to k successive draws.
  std::vector<Found<draw_type>> successive(Index k) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    auto image = self().image();
    std::vector<Found<draw_type>> all;
    const double norm = law_norm(self().linear_map(), image);
    Reading reading(self().linear_map(), std::move(image));
    while (std::ssize(all) < k) {
      const auto found = reading.next();
      if (!found) break;
      all.push_back(with_share(*found, norm));
    }
    return all;
  }

  static std::vector<draw_type> draws_of(const std::vector<Found<draw_type>>& found) {
    std::vector<draw_type> draws;
    draws.reserve(found.size());
    for (const auto& one : found) draws.push_back(one.draw);
    return draws;
  }

  Found<draw_type> with_share(Found<draw_type> found, double norm) const {
    found.draw.probability = law_share(found.magnitude, norm, options().power);
    return found;
  }

  // The draw whose interval of the cumulated shares holds `at`.
  static const draw_type& pick(const std::vector<draw_type>& seen, double at) {
    for (const draw_type& draw : seen) {
      if (at < draw.probability) return draw;
      at -= draw.probability;
    }
    return seen.back();
  }
};

}  // namespace turnstile::inline v0
