#pragma once

#include <turnstile/core/types.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

// The law of softmax draws, computed from its definition in extended precision.

namespace turnstile::testing {

// exp(y_i/T)/Σ_j exp(y_j/T) for every i; −∞ stands for a coordinate that is not there.
inline std::vector<double> softmax_law(std::span<const double> y, double temperature = 1) {
  const long double top = *std::max_element(y.begin(), y.end());
  std::vector<long double> weights;
  long double sum = 0;
  for (double score : y) {
    weights.push_back(std::exp((static_cast<long double>(score) - top) / static_cast<long double>(temperature)));
    sum += weights.back();
  }
  std::vector<double> law;
  for (long double weight : weights) law.push_back(static_cast<double>(weight / sum));
  return law;
}

// Pr[the first draws without replacement are these, in this order]: the law of Plackett and Luce.
inline double plackett_luce(std::vector<double> y, std::span<const Index> order) {
  double probability = 1;
  for (Index i : order) {
    const auto at = static_cast<std::size_t>(i);
    probability *= softmax_law(y)[at];
    y[at] = -std::numeric_limits<double>::infinity();
  }
  return probability;
}

// Scores and the temperature that they are drawn at.
struct NamedScores {
  std::string name;
  std::vector<double> y;
  double temperature = 1;

  std::vector<double> law() const { return softmax_law(y, temperature); }
};

template <class Score>
std::vector<double> scores_of(Index n, Score score) {
  std::vector<double> y;
  for (Index i = 0; i < n; ++i) y.push_back(score(static_cast<double>(i)));
  return y;
}

}  // namespace turnstile::testing
