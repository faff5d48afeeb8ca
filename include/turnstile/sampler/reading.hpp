/// @file
/// Draws read off the image of y, one after the other.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/draw.hpp"
#include "turnstile/sampler/acceptance.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/vector_image.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0 {

/// ŷ_i = ŵ_i/s_i, read off an image.
template <class Scalar, class Policies>
Scalar estimate_coordinate(const SamplerOperator<Policies>& op, const VectorImage<Scalar>& image, Index index) {
  const Index key = op.recovery().key(index);
  Scalar scaled{};
  detail::estimate_keys(op.table(), image.scaled, std::span(&key, 1),
                        [&](std::size_t, Scalar value) { scaled = value; }, op.recovery().reading_level());
  return static_cast<Scalar>(static_cast<double>(scaled) / op.scale(index));
}

/// ‖y‖, read off the norm sketch.
template <class Policies, class Scalar>
double euclidean_norm(const SamplerOperator<Policies>& op, const VectorImage<Scalar>& image) {
  return detail::median_norm(image.plain.flat(), op.norm().shape().rows);
}

/// The successive draws of one image: the index of the largest |ŵ| is an ℓp sample of y; taken out of
/// the counters, it leaves the image of y without it, whose largest is the next sample without
/// replacement. Works on a copy of the image, and refers to its operator.
template <class Scalar, class Policies>
class Reading {
 public:
  using draw_type = Draw<Scalar>;

  Reading(const SamplerOperator<Policies>& op, VectorImage<Scalar> image) : op_(op), image_(std::move(image)) {}

  /// After `next` found nothing: whether that is because all that is left is rounding, not because
  /// the noise of the sketch hides it.
  bool exhausted() const { return exhausted_; }

  /// The next sample without replacement, its `probability` not yet filled in; none when what is left
  /// cannot be told from noise or rounding.
  std::optional<draw_type> next() {
    // A key that returns is the residue of its own removal; more than a few of those are noise.
    constexpr int patience = 4;
    for (int attempt = 0; attempt < patience; ++attempt) {
      const auto candidate = heaviest();
      if (!candidate) return exhausted_ = true, std::nullopt;
      const Evidence evidence(*this, *candidate);
      if (!Policies::acceptance_type::accepts(evidence)) {
        exhausted_ = evidence.estimate() <= evidence.rounding();
        return std::nullopt;
      }
      remove(*candidate);
      if (std::find(taken_.begin(), taken_.end(), candidate->index) != taken_.end()) continue;
      taken_.push_back(candidate->index);
      const double scale = op_.scale(candidate->index);
      return draw_type{candidate->index, static_cast<Scalar>(candidate->estimate / scale), 0, evidence.noise() / scale};
    }
    return std::nullopt;
  }

 private:
  // Answers an acceptance policy's questions, each when it is asked.
  class Evidence {
   public:
    Evidence(const Reading& reading, const Candidate& candidate)
        : reading_(reading), candidate_(candidate), noise_(reading.noise()) {}

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

  std::optional<Candidate> heaviest() const { return op_.recovery().heaviest(op_.table(), image_.scaled); }

  // The spread of the counters around a key is the law of its readings' errors; the median of m
  // readings stays, in 68 % of cases, within the central interval of that law which
  // `central_probability` names. No normal law is assumed, which a sum of 1/√e would not obey.
  double noise() const {
    const CellRange cells = op_.charged_cells();
    std::vector<Scalar> spread;
    spread.reserve(static_cast<std::size_t>(cells.end - cells.first));
    for (Index cell = cells.first; cell < cells.end; ++cell) spread.push_back(std::abs(image_.scaled[cell]));
    const auto rank = static_cast<std::ptrdiff_t>(op_.noise_probability() * static_cast<double>(spread.size()));
    const auto quantile = spread.begin() + std::min(rank, std::ssize(spread) - 1);
    std::nth_element(spread.begin(), quantile, spread.end());
    return static_cast<double>(*quantile);
  }

  // Each of the largest entries stands in one bucket of a row: the row's norm without that many of its
  // largest buckets, the median over the rows of the leaves.
  double tail_norm(Index most) const {
    const SketchShape& shape = op_.options().shape;
    const auto leaves = image_.scaled.flat().subspan(static_cast<std::size_t>(op_.charged_cells().first));
    std::vector<Scalar> rows(leaves.begin(), leaves.end());
    for (Index row = 0; row < shape.rows; ++row) {
      const auto first = rows.begin() + row * shape.buckets, last = first + shape.buckets;
      const auto kept = first + std::min(most, shape.buckets);
      std::nth_element(first, kept, last, [](Scalar a, Scalar b) { return std::abs(a) > std::abs(b); });
      std::fill(first, kept, Scalar(0));
    }
    return detail::median_norm(std::span<const Scalar>(rows), shape.rows);
  }

  double rounding_at(Index index) const {
    constexpr double roundings = 4;  // of a removal: its product, and an add in each of two rows it meets
    return image_.rounding_at(op_, index) + roundings * VectorImage<Scalar>::unit_roundoff * removed_;
  }

  void remove(const Candidate& candidate) {
    const Index key = op_.recovery().key(candidate.index);
    const auto value = static_cast<Scalar>(candidate.estimate);
    op_.table().for_each_row(std::span(&key, 1), [&](std::size_t, const RowOfCells& row) {
      image_.scaled.add(row.cell(0), !row.negative(0), value);
    });
    removed_ += std::abs(candidate.estimate);
  }

  const SamplerOperator<Policies>& op_;
  VectorImage<Scalar> image_;
  std::vector<Index> taken_;
  double removed_ = 0;
  bool exhausted_ = false;
};

/// ‖y‖_p. For p = 2 from the norm sketch. Otherwise from sixteen draws w_(1), …, w_(16): conditional on
/// τ = |w_(16)|ᵖ index i is among the others with probability 1 − exp(−|y_i|ᵖ/τ), so Σ |y_i|ᵖ over them,
/// each divided by its own, is unbiased (Cohen and Kaplan 2007) with a relative error of about 1/√14.
/// Exact where y has fewer coordinates than that.
template <class Policies, class Scalar>
double law_norm(const SamplerOperator<Policies>& op, const VectorImage<Scalar>& image) {
  const double p = op.options().power;
  if (p == 2) return euclidean_norm(op, image);
  constexpr std::size_t order = 16;
  Reading<Scalar, Policies> reading(op, image);
  std::vector<double> values, scaled;
  while (values.size() < order) {
    const auto draw = reading.next();
    if (!draw) break;
    values.push_back(std::abs(static_cast<double>(draw->value)));
    scaled.push_back(values.back() * op.scale(draw->index));
  }
  if (values.empty()) return 0;
  const bool all = values.size() < order && reading.exhausted();
  if (!all && values.size() > 1) values.pop_back();
  // In units of the largest |y|, so that no power leaves the range of a double.
  const double unit = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (double y : values)
    sum += std::pow(y / unit, p) / (all ? 1 : -std::expm1(-std::pow(y / scaled.back(), p)));
  return unit * std::pow(sum, 1 / p);
}

}  // namespace turnstile::inline v0
