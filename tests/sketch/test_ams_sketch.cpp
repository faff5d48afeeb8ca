#include <turnstile/sketch/ams_sketch.hpp>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/significance.hpp"
#include "support/sketch_kinds.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"
#include "support/vectors.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

static_assert(LinearState<AmsSketch<double>> && LinearState<AmsSketch<float>> && LinearState<AmsSketch<std::int64_t>>);
static_assert(LinearState<AmsSketch<RowCounter<double>>> && LinearState<AmsSketch<double, PolynomialHash<4>>>);

template <class Hash>
AmsSketch<double, Hash> ams_of(const NamedVector& vector, SketchShape shape, long seed) {
  return sketch_of<AmsSketch<double, Hash>>(vector, shape, static_cast<Seed>(seed));
}

// How often the interval holds ‖y‖², over seeds.
template <class Hash>
long covered(const NamedVector& vector, SketchShape shape, double confidence, long seeds) {
  const double truth = vector.power_sum(2);
  long hits = 0;
  for (long seed = 0; seed < seeds; ++seed) {
    const NormInterval interval = ams_of<Hash>(vector, shape, seed).interval(confidence);
    hits += interval.low <= truth && truth <= interval.high;
  }
  return hits;
}

}  // namespace

// Quantity: one row's sum of squares X and (X − ‖y‖²)². Law: mean ‖y‖² and variance
// 2(‖y‖⁴ − ‖y‖₄⁴)/b (Thorup and Zhang 2004), central limit theorem. Trials: 20 000 seeds.
// Significance: component, over the vectors, mean and variance. Sees: a mean off by 1 %, a variance
// by 8 to 20 %. Turned red by: signs left out.
TEMPLATE_TEST_CASE("one row's squared norm is unbiased with the variance of the formula", "[sketch][error]", MixHash,
                   Polynomial) {
  constexpr Index buckets = 16;
  const std::vector<NamedVector> vectors{nearly_flat(64), skewed(64), two_giants(64)};
  const double level = significance::each_of(significance::component, 2 * vectors.size());
  for (const NamedVector& vector : vectors) {
    const double second = vector.power_sum(2);
    std::vector<double> norms, errors_squared;
    for (long seed = 0; seed < trials(20'000); ++seed) {
      norms.push_back(ams_of<TestType>(vector, {1, buckets}, seed).squared_norm());
      errors_squared.push_back((norms.back() - second) * (norms.back() - second));
    }
    const double variance = 2 * (second * second - vector.power_sum(4)) / buckets;
    CAPTURE(vector.name, second, variance);
    CHECK(mean_test(norms, second).p_value > level);
    CHECK(mean_test(errors_squared, variance).p_value > level);
  }
}

// Quantity: how often interval(c) holds ‖y‖². Bound: at least c. Trials: 4000 seeds. Significance:
// component, over vectors and confidences. Sees: a coverage 3 % (of .68) or 1.5 % (of .95) too
// small. Turned red by: the variance 1/b for 2/b.
TEMPLATE_TEST_CASE("the interval holds the squared norm as often as it promises", "[sketch][error]", MixHash,
                   Polynomial) {
  const std::vector<NamedVector> vectors{nearly_flat(640), skewed(640), two_giants(640)};
  const long seeds = trials(4'000);
  for (const NamedVector& vector : vectors)
    for (double confidence : {0.68, 0.95}) {
      const long hits = covered<TestType>(vector, {5, 64}, confidence, seeds);
      CAPTURE(vector.name, confidence, hits);
      CHECK(binomial_lower_tail(hits, seeds, confidence) >
            significance::each_of(significance::component, 2 * vectors.size()));
    }
}

// Quantity: the same on a nearly flat vector, where the variance reaches its bound. Bound: a
// coverage of at most (1 + c)/2, half of the promised misses. Trials, significance as above, over
// four cases. Sees: a coverage of .95 that is .99. Turned red by: the variance 4/b for 2/b.
TEST_CASE("the interval is not wider than it needs to be", "[sketch][error]") {
  const NamedVector vector = nearly_flat(640);
  const long seeds = trials(4'000);
  for (double confidence : {0.68, 0.95})
    for (Index rows : {1, 5}) {
      const long hits = covered<MixHash>(vector, {rows, 64}, confidence, seeds);
      CAPTURE(confidence, rows, hits);
      CHECK(binomial_upper_tail(hits, seeds, (1 + confidence) / 2) > significance::each_of(significance::component, 4));
    }
}

TEST_CASE("the interval narrows with more buckets, more rows and less confidence", "[sketch]") {
  const NamedVector vector = nearly_flat(640);
  const auto width = [&](SketchShape shape, double confidence) {
    const NormInterval interval = ams_of<MixHash>(vector, shape, 1).interval(confidence);
    return interval.high / interval.low;
  };
  CHECK(width({5, 256}, 0.95) < width({5, 64}, 0.95));
  CHECK(width({9, 64}, 0.95) < width({5, 64}, 0.95));
  CHECK(width({5, 64}, 0.68) < width({5, 64}, 0.95));
}

TEST_CASE("an interval that cannot be bounded above says so", "[sketch]") {
  const NormInterval interval = ams_of<MixHash>(nearly_flat(640), {1, 2}, 1).interval(0.95);
  CHECK(interval.high == std::numeric_limits<double>::infinity());
  CHECK(interval.low > 0);
}

TEST_CASE("the interval of nothing is zero", "[sketch]") {
  const NormInterval interval = AmsSketch<>({5, 64}, 1).interval();
  CHECK(interval.low == 0);
  CHECK(interval.high == 0);
}

TEST_CASE("a confidence outside (0, 1) is refused by value", "[sketch]") {
  const AmsSketch<> sketch({5, 64}, 1);
  for (double wrong : {0.0, 1.0, -0.5, 1.5, std::nan("")}) {
    const std::string message = message_of_exactly<InvalidArgument>([&] { sketch.interval(wrong); });
    std::ostringstream value;
    value << wrong;
    CAPTURE(message);
    CHECK(contains(message, "confidence " + value.str() + " "));
  }
}

TEST_CASE("an AMS sketch and a CountSketch of one seed are unrelated maps", "[sketch]") {
  const NamedVector vector = nearly_flat(640);
  const auto ams = ams_of<MixHash>(vector, {5, 64}, 1);
  const auto count = sketch_of<CountSketch<>>(vector, {5, 64}, 1);
  int equal = 0;
  for (std::size_t k = 0; k < ams.counters().size(); ++k) equal += ams.counters()[k] == count.counters()[k];
  CHECK(equal < 10);  // of 320
}
