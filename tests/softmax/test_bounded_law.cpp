#include <turnstile/softmax/bounded_softmax_sampler.hpp>

#include "bounded_trials.hpp"
#include "softmax_law.hpp"
#include "statistical/law_check.hpp"
#include "support/catch.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

// The law of BoundedSoftmaxSampler's draws and the rate of its failures.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 100'000;
constexpr double failure = 0.05;
using Bounded = BoundedSoftmaxSampler<>;

// From −B to B, so that neighbours, which are pooled, have about one weight.
std::vector<double> ascending(double bound) {
  return scores_of(dimension, [=](double i) { return bound * (2 * i / (dimension - 1) - 1); });
}

// One in a hundred at B, the others at −B.
std::vector<double> two_levels(double bound) {
  return scores_of(dimension, [=](double i) { return i < dimension / 100 ? bound : -bound; });
}

std::vector<double> lowest(double bound) {
  return scores_of(dimension, [=](double) { return -bound; });
}

// Quantity: how many of the samplers failed. Law: binomial, failure_of(y), from both sides; and at most δ. One
// of `vectors` comparisons that make up a statement at `significance::law`.
void check_failure_rate(const std::vector<double>& y, double bound, double delta, const std::vector<Index>& drawn,
                        std::size_t vectors) {
  const double level = significance::each_of(significance::law, 2 * vectors);
  const auto failed = std::count(drawn.begin(), drawn.end(), Index{-1});
  const auto count = std::ssize(drawn);
  const double exact = failure_of(y, bound, Bounded::positions_for(bound, delta));
  INFO(failed << " of " << count << " failed, expected a share of " << exact);
  REQUIRE(exact <= delta);
  CHECK(binomial_upper_tail(failed, count, delta) >= level);
  CHECK(binomial_two_sided_p(failed, count, exact) >= level);
}

void check_bounded_law(const std::vector<double>& y, double bound, long count, std::size_t vectors) {
  CAPTURE(bound, count);
  const auto drawn = bounded_draws(y, bound, failure, count);
  check_law(softmax_law(y), drawn, 0);
  check_failure_rate(y, bound, failure, drawn, vectors);
}

}  // namespace

// Quantity: the index drawn, given that one was, and the number of failures. Law: e^{y_i}/Σ e^{y_j}, neighbours
// pooled until ten draws are expected, and the last alone. Seen in one half of cases, at 10⁵ draws: one half of
// the coordinates (those at B against those at −B) drawn 1 % too often. Turns red: positions drawn without
// replacement; one coin for all; acceptance with e^{y_i}/e^{2B}, which changes the failures alone.
TEST_CASE("Bounded softmax draws follow their law and fail as often as they should", "[softmax][law]") {
  for (double bound : {0.5, 1.0, 2.0}) {
    check_bounded_law(ascending(bound), bound, trials(100'000), 6);
    check_bounded_law(two_levels(bound), bound, trials(100'000), 6);
  }
}

// At most one in twenty fails.
TEST_CASE("A million bounded softmax draws follow their law", "[softmax][law][long]") {
  for (double bound : {0.5, 1.0, 2.0}) check_bounded_law(ascending(bound), bound, trials(1'060'000), 3);
}

// The worst scores for failures, all at −B: (1 − e^{−2B})^s, which is just below δ.
TEST_CASE("Scores at their lower bound fail with a probability just below the one asked for", "[softmax]") {
  for (double bound : {0.5, 1.0, 2.0}) {
    for (double delta : {0.5, 0.1, 0.01}) {
      CAPTURE(bound, delta);
      const std::vector<double> y = lowest(bound);
      const Index s = Bounded::positions_for(bound, delta);
      CHECK(failure_of(y, bound, s) <= delta);
      // one position less than ln δ/ln(1 − e^{−2B}) would be too few but for the gap between −ln(1 − a) and a
      CHECK(static_cast<double>(s - 1) < std::exp(2 * bound) * -std::log(delta));
      check_failure_rate(y, bound, delta, bounded_draws(y, bound, delta, trials(20'000)), 9);
    }
  }
}

// n = s = 2 and y = (1, −1): softmax draws 0 with e²/(e² + 1) = .88. Two distinct positions would both be kept,
// and 0, accepted whenever it is looked at, is drawn unless 1 comes first and is accepted: .93 of successes.
// Positions that share a coin where they are equal give .91. Both are more than 20 standard deviations away.
TEST_CASE("Positions are drawn with replacement and have a coin each", "[softmax][law]") {
  constexpr double bound = 1, delta = 0.8;
  REQUIRE(Bounded::positions_for(bound, delta) == 2);
  const std::vector<double> y{1, -1};
  const auto drawn = bounded_draws(y, bound, delta, trials(100'000));
  check_failure_rate(y, bound, delta, drawn, 1);
  const long zeros = std::count(drawn.begin(), drawn.end(), Index{0});
  const long ones = std::count(drawn.begin(), drawn.end(), Index{1});
  CHECK(binomial_two_sided_p(zeros, zeros + ones, softmax_law(y)[0]) >= significance::law);
}

// Quantity: e^{y_i}/(n·mean of e^y over s positions) against the law. Its error is that of a mean of s independent
// terms within [e^{−B}, e^B]: Hoeffding's bound at `significance::component`.
TEST_CASE("Probabilities of bounded draws are near those of the law", "[softmax]") {
  constexpr double bound = 1;
  const std::vector<double> y = ascending(bound), law = softmax_law(y);
  double mean = 0;
  for (double score : y) mean += std::exp(score) / static_cast<double>(y.size());
  for (double delta : {1e-10, 1e-300}) {
    const Bounded sampler = bounded_sampler(y, bound, delta, 11);
    const double deviations = std::sqrt(std::log(2 / significance::component) / 2);
    const double error = 2 * std::sinh(bound) / mean * deviations / std::sqrt(static_cast<double>(sampler.positions()));
    const auto draw = sampler.sample();
    REQUIRE(draw);
    CHECK(draw->value == y[static_cast<std::size_t>(draw->index)]);
    CHECK(draw->standard_error == 0);
    CHECK(std::abs(law[static_cast<std::size_t>(draw->index)] / draw->probability - 1) <= error);
  }
}
