// The error of a CountSketch against its theory, from both sides: a sketch whose seeds are related
// errs many times more than the formula, one that cheats errs less. Counters are doubles: those of
// all types hold the same numbers (test_linearity.cpp).

#include <turnstile/sketch/count_sketch.hpp>

#include <cmath>
#include <vector>

#include "support/catch.hpp"
#include "support/significance.hpp"
#include "support/sketch_kinds.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"
#include "support/vectors.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// ŷ_key − y_key over seeds.
template <class Hash>
std::vector<double> errors_over_seeds(const NamedVector& vector, Index key, SketchShape shape, long seeds) {
  std::vector<double> errors;
  for (long seed = 0; seed < seeds; ++seed) {
    const auto sketch = sketch_of<CountSketch<double, Hash>>(vector, shape, static_cast<Seed>(seed));
    errors.push_back(sketch.estimate(key) - vector.y[static_cast<std::size_t>(key)]);
  }
  return errors;
}

std::vector<double> squares_of(std::vector<double> values, double centre = 0) {
  for (double& value : values) value = (value - centre) * (value - centre);
  return values;
}

const std::vector<NamedVector>& test_vectors() {
  static const std::vector<NamedVector> vectors{nearly_flat(64), skewed(64), two_giants(64)};
  return vectors;
}

}  // namespace

// Quantity: the error of one row's estimate and its square. Law: mean 0 and variance (‖y‖² −
// y_i²)/b (Charikar, Chen and Farach-Colton 2004, Lemma 2), central limit theorem. Trials: 20 000
// seeds. Significance: component, over the vectors and keys, mean and variance. Sees: a variance
// off by 10 % (flat) to 25 % (giants), a bias of 0.04 standard errors. Turned red by: bucket and
// sign seeds related (seed + r, seed + 2r), where the sign no longer makes the mean vanish.
TEMPLATE_TEST_CASE("one row's estimate is unbiased with the variance of the formula", "[sketch][error]", MixHash,
                   Polynomial) {
  constexpr Index buckets = 32;
  const double level = significance::each_of(significance::component, 2 * 2 * test_vectors().size());
  for (const NamedVector& vector : test_vectors())
    for (Index key : {Index{1}, Index{40}}) {
      const auto errors = errors_over_seeds<TestType>(vector, key, {1, buckets}, trials(20'000));
      const double own = vector.y[static_cast<std::size_t>(key)];
      const double variance = (vector.power_sum(2) - own * own) / buckets;
      const MeanTest bias = mean_test(errors, 0), spread = mean_test(squares_of(errors), variance);
      CAPTURE(vector.name, key, bias.mean, spread.mean, variance);
      CHECK(bias.p_value > level);
      CHECK(spread.p_value > level);
    }
}

// The same of a key that is not in the stream: its error is all of the estimate.
TEMPLATE_TEST_CASE("the estimate of an absent key has the variance of the whole vector", "[sketch][error]", MixHash,
                   Polynomial) {
  constexpr Index buckets = 16, absent = 1'000'000;
  const double level = significance::each_of(significance::component, 2 * test_vectors().size());
  for (const NamedVector& vector : test_vectors()) {
    std::vector<double> errors;
    for (long seed = 0; seed < trials(20'000); ++seed)
      errors.push_back(
          sketch_of<CountSketch<double, TestType>>(vector, {1, buckets}, static_cast<Seed>(seed)).estimate(absent));
    CAPTURE(vector.name);
    CHECK(mean_test(errors, 0).p_value > level);
    CHECK(mean_test(squares_of(errors), vector.power_sum(2) / buckets).p_value > level);
  }
}

// Quantity: how often the median of five rows is off by more than 3‖y‖/√b. Bound: one row is with
// probability at most 1/9 (Chebyshev), and the median only if three are: Pr[Bin(5, 1/9) ≥ 3] = 1.2
// %. Trials: 4000 seeds. Significance: component, over the vectors. Sees: a tail of 2 %. Turned red
// by: the reading of one row for the median; rows that share their seed.
TEMPLATE_TEST_CASE("the median of five rows is seldom off by three standard errors", "[sketch][error]", MixHash,
                   Polynomial) {
  constexpr SketchShape shape{5, 32};
  const double bound = binomial_upper_tail(3, 5, 1.0 / 9);
  for (const NamedVector& vector : test_vectors()) {
    const auto errors = errors_over_seeds<TestType>(vector, 40, shape, trials(4'000));
    const double limit = 3 * std::sqrt(vector.power_sum(2) / shape.buckets);
    const auto far = std::count_if(errors.begin(), errors.end(), [&](double e) { return std::abs(e) > limit; });
    CAPTURE(vector.name, far);
    CHECK(binomial_upper_tail(far, static_cast<long>(errors.size()), bound) >
          significance::each_of(significance::component, test_vectors().size()));
  }
}

// Quantity: how often |error| ≤ standard_error(). Law: readings of a flat vector are about normal,
// so the median of R is within √(π/2R) standard deviations with 2·Pr[Bin(R, Φ(√(π/2R))) > R/2] − 1;
// one reading within one with 68 %. Trials: 4000 seeds. Significance: component, over three shapes,
// two sides. Sees: a coverage off by 3 %. Turned red by: rows that share their seed.
TEMPLATE_TEST_CASE("the standard error covers the error as often as it says", "[sketch][error]", MixHash, Polynomial) {
  const NamedVector vector = nearly_flat(1280);
  constexpr Index key = 77, buckets = 64;
  for (Index rows : {1, 5, 9}) {
    const double spread = rows == 1 ? 1 : std::sqrt(std::acos(-1) / 2 / static_cast<double>(rows));
    const double quantile = std::erfc(-spread / std::sqrt(2.0)) / 2;
    const double law = 2 * binomial_upper_tail(rows / 2 + 1, rows, quantile) - 1;
    CHECK(law > 0.68);
    const long seeds = trials(4'000);
    long covered = 0;
    for (long seed = 0; seed < seeds; ++seed) {
      const auto sketch = sketch_of<CountSketch<double, TestType>>(vector, {rows, buckets}, static_cast<Seed>(seed));
      covered += std::abs(sketch.estimate(key) - vector.y[key]) <= sketch.standard_error();
    }
    CAPTURE(rows, covered, law);
    CHECK(binomial_two_sided_p(covered, seeds, law) > significance::each_of(significance::component, 3));
  }
}

// Quantity: one row's estimate of ⟨y, z⟩ and its squared error. Law: mean ⟨y, z⟩, variance
// (‖y‖²‖z‖² + ⟨y, z⟩² − 2 Σ y_i² z_i²)/b (from 4-wise independent signs), central limit theorem.
// Trials: 20 000 seeds. Significance: component, over three pairs, mean and variance. Sees: a
// variance off by 10 to 25 %. Turned red by: signs left out.
TEMPLATE_TEST_CASE("one row's inner product is unbiased with its exact variance", "[sketch][error]", MixHash,
                   Polynomial) {
  constexpr SketchShape shape{1, 32};
  const auto& vectors = test_vectors();
  const double level = significance::each_of(significance::component, 2 * vectors.size());
  for (std::size_t v = 0; v < vectors.size(); ++v) {
    const NamedVector &y = vectors[v], &z = vectors[(v + 1) % vectors.size()];
    double product = 0, products_squared = 0;
    for (std::size_t i = 0; i < y.y.size(); ++i) {
      product += y.y[i] * z.y[i];
      products_squared += y.y[i] * y.y[i] * z.y[i] * z.y[i];
    }
    std::vector<double> estimates;
    for (long seed = 0; seed < trials(20'000); ++seed) {
      using Sketch = CountSketch<double, TestType>;
      const auto at = static_cast<Seed>(seed);
      estimates.push_back(sketch_of<Sketch>(y, shape, at).inner_product(sketch_of<Sketch>(z, shape, at)));
    }
    const double variance =
        (y.power_sum(2) * z.power_sum(2) + product * product - 2 * products_squared) / shape.buckets;
    CAPTURE(y.name, z.name, product, variance);
    CHECK(mean_test(estimates, product).p_value > level);
    CHECK(mean_test(squares_of(estimates, product), variance).p_value > level);
    CHECK(variance <= 2 * y.power_sum(2) * z.power_sum(2) / shape.buckets);
  }
}
