#pragma once

#include <Eigen/Core>
#include <unsupported/Eigen/SpecialFunctions>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>
#include <vector>

// Tails of the laws that the statistical tests compare with.

namespace turnstile::testing {

// Pr[χ² with so many degrees of freedom ≥ statistic].
inline double chi_square_p_value(double statistic, double degrees) {
  return statistic <= 0 ? 1.0 : Eigen::numext::igammac(degrees / 2, statistic / 2);
}

// Pearson's test of counts against their expectation.
struct ChiSquare {
  double statistic = 0;
  int cells = 0;  // after pooling
  double p_value = 1;
};

// `expected` may be in any unit: it is scaled to the total of `observed`. Cells that expect less
// than min_expected are pooled into one, and that one with the smallest other cell if it is still
// too small.
inline ChiSquare chi_square_test(std::span<const double> observed, std::span<const double> expected,
                                 double min_expected = 10) {
  if (observed.size() != expected.size()) throw std::invalid_argument("counts without expectation");
  const double unit =
      std::accumulate(observed.begin(), observed.end(), 0.0) / std::accumulate(expected.begin(), expected.end(), 0.0);
  struct Cell {
    double expected = 0, observed = 0;
  };
  std::vector<Cell> cells;
  Cell pool;
  for (std::size_t k = 0; k < observed.size(); ++k) {
    const Cell cell{expected[k] * unit, observed[k]};
    if (cell.expected >= min_expected)
      cells.push_back(cell);
    else
      pool = {pool.expected + cell.expected, pool.observed + cell.observed};
  }
  const auto smaller = [](const Cell& a, const Cell& b) { return a.expected < b.expected; };
  if (pool.expected >= min_expected) {
    cells.push_back(pool);
  } else if (auto least = std::min_element(cells.begin(), cells.end(), smaller); least != cells.end()) {
    *least = {least->expected + pool.expected, least->observed + pool.observed};
  }
  ChiSquare result;
  result.cells = static_cast<int>(cells.size());
  if (result.cells < 2) throw std::invalid_argument("a chi-square test needs two cells");
  for (const Cell& cell : cells) {
    const double off = cell.observed - cell.expected;
    result.statistic += off * off / cell.expected;
  }
  result.p_value = chi_square_p_value(result.statistic, result.cells - 1);
  return result;
}

// Pr[Bin(trials, p) ≥ successes], exactly: the regularised incomplete beta function.
inline double binomial_upper_tail(long successes, long trials, double p) {
  if (successes <= 0) return 1.0;
  if (successes > trials) return 0.0;
  if (p <= 0 || p >= 1) return p >= 1 ? 1.0 : 0.0;
  const auto k = static_cast<double>(successes), n = static_cast<double>(trials);
  return Eigen::numext::betainc(k, n - k + 1, p);
}

// Pr[Bin(trials, p) ≤ successes].
inline double binomial_lower_tail(long successes, long trials, double p) {
  return binomial_upper_tail(trials - successes, trials, 1 - p);
}

// Twice the smaller tail: small where there are too many successes or too few.
inline double binomial_two_sided_p(long successes, long trials, double p) {
  return std::min(1.0,
                  2 * std::min(binomial_upper_tail(successes, trials, p), binomial_lower_tail(successes, trials, p)));
}

// Pr[|N(0, 1)| ≥ |z|].
inline double normal_two_sided_p(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

// z with Pr[N(0, 1) ≤ z] = p, by bisection.
inline double normal_quantile(double p) {
  double low = -40, high = 40;
  for (int step = 0; step < 80; ++step) {
    const double middle = std::midpoint(low, high);
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
  }
  return std::midpoint(low, high);
}

// Whether many independent samples have the expected mean: the central limit theorem with the
// samples' own variance.
struct MeanTest {
  double mean = 0;
  double standard_error = 0;
  double p_value = 1;
};

inline MeanTest mean_test(std::span<const double> samples, double expected) {
  const auto n = static_cast<double>(samples.size());
  MeanTest result;
  result.mean = std::accumulate(samples.begin(), samples.end(), 0.0) / n;
  double squares = 0;
  for (double sample : samples) squares += (sample - result.mean) * (sample - result.mean);
  result.standard_error = std::sqrt(squares / (n - 1) / n);
  result.p_value = result.standard_error > 0 ? normal_two_sided_p((result.mean - expected) / result.standard_error)
                                             : (result.mean == expected ? 1.0 : 0.0);
  return result;
}

}  // namespace turnstile::testing
