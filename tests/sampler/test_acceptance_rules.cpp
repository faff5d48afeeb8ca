#include <turnstile/sampler/acceptance.hpp>

#include "support/catch.hpp"
#include "support/special_values.hpp"

#include <cmath>

// What each acceptance policy asks, one inequality at a time, of evidence that is made up.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

struct Evidence {
  double estimate_ = 0, noise_ = 0, rounding_ = 0, runner_up_ = 0, tail_norm_ = 0, vector_norm_ = 0;
  Index left_out = 0;  // the one number of entries whose tail norm may be asked for
  Index dimension_ = 1000;
  SamplerOptions options_ = {};

  double estimate() const { return estimate_; }
  double noise() const { return noise_; }
  double rounding() const { return rounding_; }
  double runner_up() const { return runner_up_; }
  double tail_norm(Index most) const { return most == left_out ? tail_norm_ : not_a_number; }
  double vector_norm() const { return vector_norm_; }
  Index dimension() const { return dimension_; }
  const SamplerOptions& options() const { return options_; }
};

double above(double x) { return std::nextafter(x, infinity); }
double below(double x) { return std::nextafter(x, -infinity); }

// The evidence with one of its numbers changed.
Evidence with(Evidence evidence, double Evidence::*number, double value) {
  evidence.*number = value;
  return evidence;
}

// What every policy refuses, of evidence that it accepts: an estimate that is no number, or not above rounding.
template <class Policy>
void check_finite_and_above_rounding(const Evidence& accepted) {
  REQUIRE(Policy::accepts(accepted));
  CHECK(!Policy::accepts(with(accepted, &Evidence::estimate_, infinity)));
  CHECK(!Policy::accepts(with(accepted, &Evidence::estimate_, not_a_number)));
  CHECK(Policy::accepts(with(accepted, &Evidence::rounding_, below(accepted.estimate()))));
  CHECK(!Policy::accepts(with(accepted, &Evidence::rounding_, accepted.estimate())));
}

}  // namespace

TEST_CASE("The default accepts what stands above rounding and seven standard errors", "[acceptance]") {
  const Evidence evidence{.estimate_ = above(14), .noise_ = 2, .rounding_ = 1};
  check_finite_and_above_rounding<NoiseAcceptance>(evidence);
  CHECK(!NoiseAcceptance::accepts(with(evidence, &Evidence::estimate_, 14)));
  CHECK(NoiseAcceptance::accepts(with(evidence, &Evidence::runner_up_, evidence.estimate())));
}

TEST_CASE("The gap test accepts what the default does and stands clear of the runner-up", "[acceptance]") {
  const Evidence evidence{.estimate_ = 100, .noise_ = 2, .rounding_ = 1, .runner_up_ = 97};
  check_finite_and_above_rounding<GapAcceptance>(evidence);
  CHECK(!GapAcceptance::accepts(with(evidence, &Evidence::runner_up_, 97.2)));  // √2 standard errors are 2.83
  CHECK(!GapAcceptance::accepts(with(evidence, &Evidence::noise_, 3)));
  CHECK(!GapAcceptance::accepts(Evidence{.estimate_ = 100, .noise_ = 15}));  // not seven of them
}

TEST_CASE("Algorithm 1 accepts where both inequalities of its line 8 hold", "[acceptance]") {
  for (const double epsilon : {0.5, 0.25, 0.1})
    for (const Index n : {2, 1000, 1'000'000}) {
      const double bar = std::sqrt(2 * std::log(static_cast<double>(n)) / epsilon) * 3;
      const auto left_out = static_cast<Index>(std::lround(1 / (epsilon * epsilon)));
      const Evidence evidence{.estimate_ = bar * (1 + 1e-12),
                              .rounding_ = bar / 2,
                              .tail_norm_ = bar * (1 - 1e-12),
                              .vector_norm_ = 3,
                              .left_out = left_out,
                              .dimension_ = n,
                              .options_ = {.epsilon = epsilon}};
      CAPTURE(epsilon, n);
      check_finite_and_above_rounding<ThresholdAcceptance>(evidence);
      CHECK(!ThresholdAcceptance::accepts(with(evidence, &Evidence::estimate_, bar * (1 - 1e-12))));
      CHECK(!ThresholdAcceptance::accepts(with(evidence, &Evidence::tail_norm_, bar * (1 + 1e-12))));
      CHECK(ThresholdAcceptance::accepts(with(evidence, &Evidence::noise_, bar)));  // which it does not ask for
    }
}
