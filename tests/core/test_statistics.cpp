// The tails that the statistical tests of this suite are judged by.

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "support/catch.hpp"
#include "support/statistics.hpp"

using namespace turnstile::testing;

namespace {

double binomial_tail_by_sum(long successes, long trials, double p) {
  double tail = 0;
  for (long k = successes; k <= trials; ++k) {
    double term = 1;
    for (long j = 1; j <= k; ++j) term *= static_cast<double>(trials - k + j) / static_cast<double>(j) * p;
    tail += term * std::pow(1 - p, static_cast<double>(trials - k));
  }
  return tail;
}

}  // namespace

TEST_CASE("the chi-square tail has its closed forms", "[core]") {
  for (double x : {0.1, 1.0, 5.0, 30.0, 200.0}) {
    CAPTURE(x);
    CHECK(chi_square_p_value(x, 1) == Approx(std::erfc(std::sqrt(x / 2))).epsilon(1e-10));
    CHECK(chi_square_p_value(x, 2) == Approx(std::exp(-x / 2)).epsilon(1e-10));
    CHECK(chi_square_p_value(x, 4) == Approx(std::exp(-x / 2) * (1 + x / 2)).epsilon(1e-10));
  }
  CHECK(chi_square_p_value(0, 7) == 1);
}

TEST_CASE("the chi-square tail of many degrees agrees with the cube-root normal law", "[core]") {
  // Wilson and Hilferty 1931: (X/k)^{1/3} is about N(1 − 2/(9k), 2/(9k)).
  const double k = 1000;
  for (double z : {-2.0, 0.0, 2.0, 4.0}) {
    const double x = k * std::pow(1 - 2 / (9 * k) + z * std::sqrt(2 / (9 * k)), 3);
    CHECK(chi_square_p_value(x, k) == Approx(std::erfc(z / std::numbers::sqrt2) / 2).epsilon(0.01));
  }
}

TEST_CASE("a chi-square test finds counts that follow their law, and counts that do not", "[core]") {
  const std::vector<double> law{1, 2, 3, 4};
  const ChiSquare exact = chi_square_test(std::array{100., 200., 300., 400.}, law);
  CHECK(exact.statistic == 0);
  CHECK(exact.cells == 4);
  CHECK(exact.p_value == 1);
  const ChiSquare off = chi_square_test(std::array{150., 150., 300., 400.}, law);
  CHECK(off.statistic == Approx(50 * 50 / 100. + 50 * 50 / 200.));
  CHECK(off.p_value == chi_square_p_value(off.statistic, 3));
}

TEST_CASE("cells that expect too little are pooled, and the pool joins the smallest cell if need be", "[core]") {
  const ChiSquare pooled = chi_square_test(std::array{50., 30., 6., 6., 8.}, std::array{50., 30., 7., 7., 6.});
  CHECK(pooled.cells == 3);
  CHECK(pooled.statistic == 0);
  const ChiSquare joined = chi_square_test(std::array{60., 35., 3., 2.}, std::array{60., 36., 2., 2.});
  CHECK(joined.cells == 2);
  CHECK(joined.statistic == 0);
  CHECK_THROWS_AS(chi_square_test(std::array{3., 4.}, std::array{1., 1.}), std::invalid_argument);
}

TEST_CASE("binomial tails agree with their sums", "[core]") {
  for (long trials : {1L, 5L, 40L})
    for (double p : {0.01, 0.3, 0.5, 0.95})
      for (long k = 0; k <= trials; ++k) {
        CAPTURE(trials, p, k);
        const double sum = binomial_tail_by_sum(k, trials, p);
        CHECK(binomial_upper_tail(k, trials, p) == Approx(sum).epsilon(1e-9));
        CHECK(binomial_lower_tail(k - 1, trials, p) == Approx(1 - sum).margin(1e-12));
      }
  CHECK(binomial_upper_tail(6, 5, 0.5) == 0);
}

TEST_CASE("a two-sided binomial test sees too many and too few", "[core]") {
  CHECK(binomial_two_sided_p(500, 1000, 0.5) == 1);
  CHECK(binomial_two_sided_p(600, 1000, 0.5) == Approx(binomial_two_sided_p(400, 1000, 0.5)).epsilon(1e-9));
  CHECK(binomial_two_sided_p(600, 1000, 0.5) < 1e-9);
}

TEST_CASE("normal quantiles invert the normal law", "[core]") {
  for (double p : {1e-9, 0.025, 0.5, 0.6827, 0.999})
    CHECK(std::erfc(-normal_quantile(p) / std::numbers::sqrt2) / 2 == Approx(p).epsilon(1e-10));
  CHECK(normal_two_sided_p(normal_quantile(0.975)) == Approx(0.05));
}

TEST_CASE("a mean test has the samples' own standard error", "[core]") {
  const MeanTest test = mean_test(std::array{1., 3., 5., 7.}, 4);
  CHECK(test.mean == 4);
  CHECK(test.standard_error == Approx(std::sqrt(20. / 3 / 4)));
  CHECK(test.p_value == 1);
  CHECK(mean_test(std::array{1., 3., 5., 7.}, 4 + 1.96 * test.standard_error).p_value == Approx(0.05).margin(1e-4));
}
