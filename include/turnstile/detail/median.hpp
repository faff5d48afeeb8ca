/// @file
/// Medians of a few readings, and how far a median strays.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <span>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2, M): calls exchange(i, j), i < j,
/// for the comparators of a network that sorts n values. Their order does not depend on the values: nothing is
/// mispredicted, and the same network sorts many columns at once.
template <class Exchange>
constexpr void merge_exchange(std::size_t n, Exchange&& exchange) {
  const std::size_t top = std::bit_ceil(n) / 2;
  for (std::size_t p = top; p > 0; p /= 2) {
    std::size_t remainder = 0, distance = p;
    for (std::size_t q = top;; q /= 2) {
      for (std::size_t i = 0; i + distance < n; ++i)
        if ((i & p) == remainder) exchange(i, i + distance);
      if (q == p) break;
      distance = q - p;
      remainder = p;
    }
  }
}

/// Of n sorted values the middle one; of an even number, the mean of the middle two.
template <class At>
auto middle_of(std::size_t n, At&& at) {
  return n % 2 == 1 ? at(n / 2) : std::midpoint(at(n / 2 - 1), at(n / 2));
}

/// Of five, the default number of readings, with fewer comparisons than it takes to sort them.
template <class T>
constexpr T median_of_five(T a, T b, T c, T d, T e) {
  const T low = std::max(std::min(a, b), std::min(c, d)), high = std::min(std::max(a, b), std::max(c, d));
  return std::max(std::min(low, high), std::min(std::max(low, high), e));
}

/// Up to this many values a network sorts in less time than std::nth_element selects.
inline constexpr std::size_t most_in_network = 32;

/// The median; of an even number, the mean of the middle two. Reorders its argument.
template <class T>
T median(std::span<T> values) {
  if (values.size() == 5) return median_of_five(values[0], values[1], values[2], values[3], values[4]);
  if (values.size() <= most_in_network) {
    merge_exchange(values.size(), [&](std::size_t i, std::size_t j) {
      const T low = std::min(values[i], values[j]), high = std::max(values[i], values[j]);
      values[i] = low;
      values[j] = high;
    });
    return middle_of(values.size(), [&](std::size_t k) { return values[k]; });
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

/// Pr[median of m independent readings ≤ their q-quantile], m odd: Pr[Bin(m, q) > m/2].
inline double median_law(Index m, double q) {
  const double odds_log = std::log(q) - std::log1p(-q);
  double tail = 0, term_log = static_cast<double>(m) * std::log1p(-q);  // of Pr[Bin(m, q) = 0]
  for (Index k = 1; k <= m; ++k) {
    term_log += odds_log + std::log(static_cast<double>(m - k + 1) / static_cast<double>(k));
    if (k > m / 2) tail += std::exp(term_log);
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
