#pragma once

#include <turnstile/core/options.hpp>

#include "support/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

// How often a SketchedSoftmax draws the one coordinate of y that is 2 (in units so large that only the highest
// recovered scores count), where `ones` coordinates are 1 and `zeros` are 0: the curve that a starved player of
// SetDisjointnessGame follows.

namespace turnstile::testing {

// A law on the integers −reach … reach.
class IntegerLaw {
 public:
  explicit IntegerLaw(Index reach) : reach_(reach), share_(static_cast<std::size_t>(2 * reach + 1)) {}

  Index reach() const { return reach_; }
  double& operator[](Index value) { return share_[static_cast<std::size_t>(value + reach_)]; }
  double operator[](Index value) const {
    return std::abs(value) > reach_ ? 0 : share_[static_cast<std::size_t>(value + reach_)];
  }
  double at_most(Index value) const {
    double sum = 0;
    for (Index v = -reach_; v <= value && v <= reach_; ++v) sum += (*this)[v];
    return std::min(sum, 1.0);
  }

 private:
  Index reach_;
  std::vector<double> share_;
};

// The law of noise to which one more coordinate adds ±weight if it falls into the same one of b buckets.
inline IntegerLaw with_one_more(const IntegerLaw& noise, Index weight, double buckets) {
  IntegerLaw sum(noise.reach());
  for (Index v = -noise.reach(); v <= noise.reach(); ++v)
    sum[v] = (1 - 1 / buckets) * noise[v] + (noise[v - weight] + noise[v + weight]) / (2 * buckets);
  return sum;
}

// The law of the median of R readings y + noise: at most v if most readings are.
inline IntegerLaw median_law(Index y, const IntegerLaw& noise, long rows) {
  IntegerLaw law(noise.reach() + 2);
  const auto at_most = [&](Index v) { return binomial_upper_tail(rows / 2 + 1, rows, noise.at_most(v - y)); };
  for (Index v = -law.reach(); v <= law.reach(); ++v) law[v] = at_most(v) - at_most(v - 1);
  return law;
}

// Σ_v Pr[ẑ = v]·E[1/(1 + T_v); none is above v], ẑ the recovered 2 and T_v the number of others recovered as v: it is
// drawn from among those that look highest. E[1/(1 + T)] = ∫ E[tᵀ] dt over [0, 1]. Readings have their exact law for
// a random hash; the one approximation is that the others are taken for independent of each other and of ẑ.
inline double recovered_softmax_hit_rate(Index ones, Index zeros, SketchShape shape) {
  const auto buckets = static_cast<double>(shape.buckets);
  IntegerLaw noise(ones + 2);
  noise[0] = 1;
  for (Index k = 1; k < ones; ++k) noise = with_one_more(noise, 1, buckets);
  const IntegerLaw to_two = with_one_more(noise, 1, buckets);
  const IntegerLaw two = median_law(2, to_two, shape.rows);
  const IntegerLaw one = median_law(1, with_one_more(noise, 2, buckets), shape.rows);
  const IntegerLaw zero = median_law(0, with_one_more(to_two, 2, buckets), shape.rows);

  constexpr int steps = 4096;  // of the midpoint rule
  double rate = 0;
  for (Index v = -two.reach(); v <= two.reach(); ++v) {
    if (two[v] < 1e-15) continue;  // all of them together count for less than rounding
    const double one_below = one.at_most(v - 1), zero_below = zero.at_most(v - 1);
    double integral = 0;
    for (int step = 0; step < steps; ++step) {
      const double t = (step + 0.5) / steps;
      integral += std::pow(one_below + t * one[v], static_cast<double>(ones)) *
                  std::pow(zero_below + t * zero[v], static_cast<double>(zeros)) / steps;
    }
    rate += two[v] * integral;
  }
  return rate;
}

}  // namespace turnstile::testing
