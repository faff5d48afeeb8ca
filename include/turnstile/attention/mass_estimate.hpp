/// @file
/// How much softmax mass a pattern keeps, from rows that did not choose it.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// What sampled rows tell of the mass that a pattern keeps of a row's softmax.
struct MassEstimate {
  Index rows = 0;             ///< how many were sampled
  double mean = 1;            ///< of the mass kept, by rows that had no part in choosing the pattern
  double standard_error = 0;  ///< of that mean, as far as the sample tells: too small where it misses rare rows
  double mean_bound = 1;      ///< of all rows, the mean is at least this, with the confidence asked for
  double covered = 1;         ///< the share of sampled rows that keep the mass asked for
  double covered_bound = 1;   ///< of all rows, at least this share does, with the confidence asked for
};

namespace detail {

/// The least p that a mean `share` of m independent numbers of [0, 1] leaves possible with the given confidence:
/// exp(−m·KL(share ‖ p)) = 1 − confidence, p the mean of their expectations, which may differ (Hoeffding 1963,
/// Theorem 1).
inline double lower_bound(double share, Index trials, double confidence) {
  if (share <= 0) return 0;
  const double allowed = -std::log1p(-confidence) / static_cast<double>(trials);
  const auto divergence = [&](double p) {
    const double rest = 1 - share;
    return share * std::log(share / p) + (rest > 0 ? rest * std::log(rest / (1 - p)) : 0);
  };
  double low = 0, high = share;
  for (int step = 0; step < 52; ++step) {
    const double middle = std::midpoint(low, high);
    (divergence(middle) > allowed ? low : high) = middle;
  }
  return low;
}

inline MassEstimate estimate_of(const std::vector<double>& masses, double wanted, double confidence) {
  const auto rows = static_cast<double>(masses.size());
  const double mean = std::accumulate(masses.begin(), masses.end(), 0.0) / rows;
  double squares = 0;
  for (double mass : masses) squares += (mass - mean) * (mass - mean);
  const Index hits = std::count_if(masses.begin(), masses.end(), [&](double mass) { return mass >= wanted; });
  const double covered = static_cast<double>(hits) / rows;
  return {std::ssize(masses),
          mean,
          std::sqrt(squares / rows / std::max(rows - 1, 1.0)),
          lower_bound(mean, std::ssize(masses), confidence),
          covered,
          lower_bound(covered, std::ssize(masses), confidence)};
}

}  // namespace detail

}  // namespace turnstile::inline v0
