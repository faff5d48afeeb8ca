/// @file
/// Medians of a few readings, and how far a median strays.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numeric>
#include <span>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// The median; of an even number, the mean of the middle two. Reorders its argument.
template <class T>
T median(std::span<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

/// Pr[median of m independent readings ≤ their q-quantile], m odd: Pr[Bin(m, q) > m/2].
inline double median_law(Index m, double q) {
  const double odds_log = std::log(q) - std::log1p(-q), none_log = static_cast<double>(m) * std::log1p(-q);
  double tail = 0;
  for (Index k = m / 2 + 1; k <= m; ++k) {
    const auto n = static_cast<double>(m), j = static_cast<double>(k);
    tail += std::exp(std::lgamma(n + 1) - std::lgamma(j + 1) - std::lgamma(n - j + 1) + none_log + j * odds_log);
  }
  return tail;
}

/// The probability c such that the median of m independent readings of a symmetric law falls with
/// the given confidence within the law's own central interval of probability c. An even m is
/// treated as m − 1. Found by bisection of `median_law`; for m = 1 it is the confidence itself.
inline double central_probability(Index m, double confidence) {
  const Index odd = m - (m + 1) % 2;
  double low = 0.5, high = 1;
  for (int step = 0; step < 52; ++step) {
    const double middle = std::midpoint(low, high);
    (2 * median_law(odd, middle) - 1 < confidence ? low : high) = middle;
  }
  return 2 * low - 1;
}

}  // namespace turnstile::inline v0::detail
