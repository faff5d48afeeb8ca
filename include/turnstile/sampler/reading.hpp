/// @file
/// Draws read off the image of y, one after the other.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/sampler/acceptance.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0 {

/// ‖y‖, read off the norm sketch; of rows the norm of all.
template <class Policies, class Image>
double euclidean_norm(const SamplerOperator<Policies>& op, const Image& image) {
  return detail::median_norm(image.plain.flat(), op.norm().shape().rows);
}

/// The successive draws of one image: the index of the largest |ŵ| is an ℓp sample of y; taken out of
/// the counters, it leaves the image of y without it, whose largest is the next sample without
/// replacement. Works on an image of its own, and refers to its operator.
///
/// Image: a VectorImage, or a RowImage, where |ŵ| is the norm of a row.
template <class Image, class Policies>
class Reading {
 public:
  using draw_type = typename Image::draw_type;

  Reading(const SamplerOperator<Policies>& op, Image image) : op_(op), image_(std::move(image)) {}

  /// After `next` found nothing: no |ŵ| that is left passes this; 0 where all that is left is rounding.
  double left() const { return left_; }
  /// After `next` found nothing: whether that is because all that is left is rounding, not because
  /// the noise of the sketch hides it.
  bool exhausted() const { return left_ == 0; }

  /// The next sample without replacement, its `probability` not yet filled in; none when what is left
  /// cannot be told from noise or rounding.
  std::optional<Found<draw_type>> next() {
    // A key that returns is the residue of its own removal; more than a few of those are noise.
    constexpr int patience = 4;
    for (int attempt = 0; attempt < patience; ++attempt) {
      const auto candidate = heaviest();
      if (!candidate) return left_ = 0, std::nullopt;
      const Evidence evidence(*this, *candidate);
      left_ = evidence.estimate();
      if (!Policies::acceptance_type::accepts(evidence)) {
        if (left_ <= evidence.rounding()) left_ = 0;
        return std::nullopt;
      }
      const auto found = image_.draw(op_, *candidate, evidence.noise());
      if (found.magnitude == 0) return std::nullopt;  // an estimate next to 0 among the values that y can take
      remove(*candidate);
      if (std::find(taken_.begin(), taken_.end(), candidate->index) != taken_.end()) continue;
      taken_.push_back(candidate->index);
      return found;
    }
    return std::nullopt;
  }

 private:
  // Answers an acceptance policy's questions, each when it is asked.
  class Evidence {
   public:
    Evidence(const Reading& reading, const Candidate& candidate)
        : reading_(reading), candidate_(candidate), noise_(reading.image_.noise(reading.op_)) {}

    double estimate() const { return std::abs(candidate_.estimate); }
    double noise() const { return noise_; }
    double rounding() const { return reading_.rounding_at(candidate_.index); }
    double runner_up() const {
      Reading without = reading_;
      without.remove(candidate_);
      const auto second = without.heaviest();
      return second ? std::abs(second->estimate) : 0;
    }
    double tail_norm(Index most) const { return reading_.tail_norm(most); }
    double vector_norm() const { return euclidean_norm(reading_.op_, reading_.image_); }
    Index dimension() const { return reading_.op_.dimension(); }
    const SamplerOptions& options() const { return reading_.op_.options(); }

   private:
    const Reading& reading_;
    const Candidate& candidate_;
    double noise_;
  };

  std::optional<Candidate> heaviest() {
    if constexpr (remembers)
      return op_.recovery().heaviest(op_.table(), image_.scaled, memory_);
    else
      return op_.recovery().heaviest(op_.table(), image_.scaled);
  }

  // Each of the largest entries stands in one bucket of a row: the row's norm without that many of its
  // largest buckets, the median over the rows of the leaves.
  double tail_norm(Index most) const {
    const SketchShape& shape = op_.options().shape;
    const auto leaves = image_.scaled.flat().subspan(static_cast<std::size_t>(op_.charged_cells().first));
    using Magnitude = typename decltype(leaves)::value_type;
    std::vector<Magnitude> rows(leaves.begin(), leaves.end());
    for (Index row = 0; row < shape.rows; ++row) {
      const auto first = rows.begin() + row * shape.buckets, last = first + shape.buckets;
      const auto kept = first + std::min(most, shape.buckets);
      std::nth_element(first, kept, last, [](Magnitude a, Magnitude b) { return std::abs(a) > std::abs(b); });
      std::fill(first, kept, Magnitude(0));
    }
    return detail::median_norm(std::span<const Magnitude>(rows), shape.rows);
  }

  double rounding_at(Index index) const { return image_.rounding_at(op_, index) + removal_rounding_ + underflow; }

  void remove(const Candidate& candidate) {
    removal_rounding_ += image_.remove(op_, candidate);
    if constexpr (remembers) memory_.changed(op_.recovery().key(candidate.index));
  }

  // What products lose below the normal range, where the bounds on rounding, relative as they are, say nothing: 2⁵² of
  // them (2²³ of floats) lose this much. Integers lose nothing; rows are read by norms, in a unit of their own.
  using Scalar = typename Image::scalar_type;
  static constexpr bool reads_floating_point =
      std::is_floating_point_v<Scalar> && requires(typename Image::draw_type draw) {
    draw.value;
  };
  static constexpr double underflow = reads_floating_point ? std::numeric_limits<Scalar>::min() : 0;

  using CellScalar = typename std::remove_cvref_t<decltype(std::declval<Image&>().scaled)>::scalar_type;
  using Memory = typename detail::SearchMemory<typename Policies::recovery_type, CellScalar>::type;
  static constexpr bool remembers = !std::is_same_v<Memory, detail::NoMemory>;

  const SamplerOperator<Policies>& op_;
  Image image_;
  [[no_unique_address]] Memory memory_;
  std::vector<Index> taken_;
  double removal_rounding_ = 0;
  double left_ = std::numeric_limits<double>::infinity();
};

/// |y_i|ᵖ/‖y‖ₚᵖ, as far as estimates tell.
inline double law_share(double magnitude, double norm, double power) {
  const double ratio = std::min(magnitude / norm, 1.0);
  return power == 2 ? ratio * ratio : std::pow(ratio, power);
}

/// ‖y‖_p. For p = 2 from the norm sketch. Otherwise from sixteen draws w_(1), …, w_(16): conditional on
/// τ = |w_(16)|ᵖ index i is among the others with probability 1 − exp(−|y_i|ᵖ/τ), so Σ |y_i|ᵖ over them,
/// each divided by its own, is unbiased (Cohen and Kaplan 2007) with a relative error of about 1/√14.
/// Exact where y has fewer coordinates than that.
template <class Policies, class Image>
double law_norm(const SamplerOperator<Policies>& op, const Image& image) {
  const double p = op.options().power;
  if (p == 2) return euclidean_norm(op, image);
  constexpr std::size_t order = 16;
  Reading<Image, Policies> reading(op, image);
  std::vector<double> values, scaled;
  while (values.size() < order) {
    const auto found = reading.next();
    if (!found) break;
    values.push_back(found->magnitude);
    scaled.push_back(values.back() * op.scale(found->draw.index));
  }
  if (values.empty()) return 0;
  const bool all = values.size() < order && reading.exhausted();
  if (!all && values.size() > 1) values.pop_back();
  // In units of the largest |y|, so that no power leaves the range of a double.
  const double unit = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (double y : values) sum += std::pow(y / unit, p) / (all ? 1 : -std::expm1(-std::pow(y / scaled.back(), p)));
  return unit * std::pow(sum, 1 / p);
}

}  // namespace turnstile::inline v0
