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
  double mean = 1;            ///< of the mass kept
  double standard_error = 0;  ///< of that mean
  double covered = 1;         ///< the share of sampled rows that keep the mass asked for
  double covered_bound = 1;   ///< of all rows, at least this share does, with the confidence asked for
};

namespace detail {

/// The least p that `hits` of `trials` leave possible with the given confidence: exp(−m·KL(hits/m ‖ p)) =
/// 1 − confidence. By Chernoff's bound it holds for independent trials of unequal probabilities as well, p
/// their mean (Hoeffding 1963, Theorem 1).
inline double lower_share(Index hits, Index trials, double confidence) {
  if (hits == 0) return 0;
  const double share = static_cast<double>(hits) / static_cast<double>(trials);
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
  return {std::ssize(masses), mean, std::sqrt(squares / rows / std::max(rows - 1, 1.0)),
          static_cast<double>(hits) / rows, lower_share(hits, std::ssize(masses), confidence)};
}

}  // namespace detail

}  // namespace turnstile::inline v0
