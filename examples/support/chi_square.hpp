/// @file
/// The chi-square test of counts against a law.
#pragma once

#include <cmath>

namespace examples {

/// P(X > statistic) for X chi-square distributed, 1 ≤ degrees of freedom.
///
/// Formula: Q(a, x) with a = degrees/2, x = statistic/2, from Q(1, x) = e⁻ˣ or Q(½, x) = erfc √x
/// by Q(a + 1, x) = Q(a, x) + xᵃ e⁻ˣ / Γ(a + 1) (NIST DLMF 8.8.6).
inline double chi_square_tail(double statistic, int degrees) {
  const double x = statistic / 2;
  if (x <= 0) return 1;
  double a = degrees % 2 == 0 ? 1.0 : 0.5;
  double tail = degrees % 2 == 0 ? std::exp(-x) : std::erfc(std::sqrt(x));
  for (; a < degrees / 2.0; ++a) tail += std::exp(a * std::log(x) - x - std::lgamma(a + 1));
  return tail;
}

}  // namespace examples
