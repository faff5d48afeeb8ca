#include <turnstile/detail/median.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/statistics.hpp"

using namespace turnstile;

namespace {

template <class T>
T median_of(std::vector<T> values) {
  return detail::median(std::span(values));
}

}  // namespace

TEST_CASE("an odd number of readings has its middle one as median, in any order", "[core]") {
  std::vector<double> values{-3, 0.5, 2, 7, 1e9};
  do {
    REQUIRE(median_of(values) == 2);
  } while (std::next_permutation(values.begin(), values.end()));
  CHECK(median_of<double>({4}) == 4);
  CHECK(median_of<float>({4, 4, -1}) == 4);
}

TEST_CASE("an even number of readings has the mean of the middle two as median, in any order", "[core]") {
  std::vector<double> values{-3, 1, 2, 7};
  do {
    REQUIRE(median_of(values) == 1.5);
  } while (std::next_permutation(values.begin(), values.end()));
  CHECK(median_of<double>({5, 3}) == 4);
}

// Up to 32 readings go through a network, more of them through a selection.
TEST_CASE("the median of any number of readings is that of the sorted ones", "[core]") {
  for (std::size_t count = 1; count <= 80; ++count) {
    std::vector<double> values;
    for (std::size_t k = 0; k < count; ++k) values.push_back(static_cast<double>(37 * k % 83));
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    CAPTURE(count);
    CHECK(median_of(values) == (sorted[(count - 1) / 2] + sorted[count / 2]) / 2);
  }
}

TEST_CASE("the mean of two middle readings does not overflow", "[core]") {
  const double huge = std::numeric_limits<double>::max();
  CHECK(median_of<double>({huge, huge}) == huge);
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  CHECK(median_of<std::int64_t>({most, most - 2}) == most - 1);
  CHECK(median_of<std::int64_t>({-most, -most + 2}) == -most + 1);
}

TEST_CASE("the law of a median is a binomial tail", "[core]") {
  for (Index m = 1; m <= 63; m += 2)
    for (double q : {1e-6, 0.1, 0.3, 0.5, 0.9}) {
      const double tail = turnstile::testing::binomial_upper_tail(m / 2 + 1, m, q);
      CAPTURE(m, q);
      CHECK(std::abs(detail::median_law(m, q) / tail - 1) < 1e-10);
    }
  CHECK(detail::median_law(5, 0.5) == Approx(0.5).epsilon(1e-13));
  // 10 q³(1−q)² + 5 q⁴(1−q) + q⁵ at q = ¼: 106/1024.
  CHECK(detail::median_law(5, 0.25) == Approx(106.0 / 1024).epsilon(1e-13));
}

TEST_CASE("central_probability inverts the law of the median", "[core]") {
  for (Index m : {1, 3, 5, 7, 25, 63})
    for (double confidence : {0.1, 0.5, 0.6827, 0.95, 0.999}) {
      const double central = detail::central_probability(m, confidence);
      CAPTURE(m, confidence, central);
      CHECK(2 * detail::median_law(m, (1 + central) / 2) - 1 == Approx(confidence).epsilon(1e-9));
    }
}

TEST_CASE("one reading falls in its central interval with the confidence itself", "[core]") {
  for (double confidence : {0.1, 0.6827, 0.95}) CHECK(detail::central_probability(1, confidence) == Approx(confidence));
}

TEST_CASE("more readings keep their median nearer, and an even number counts as one less", "[core]") {
  double before = detail::central_probability(1, 0.6827);
  for (Index m = 3; m <= 63; m += 2) {
    const double central = detail::central_probability(m, 0.6827);
    CHECK(central < before);
    CHECK(detail::central_probability(m + 1, 0.6827) == central);
    before = central;
  }
}
