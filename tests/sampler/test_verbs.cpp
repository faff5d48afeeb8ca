#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/images.hpp"
#include "support/law_vectors.hpp"
#include "support/small_samplers.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

// What the verbs of a sampler promise of a single state, seed by seed.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 1000;
constexpr int seeds = 50;

// Ten coordinates of either sign in a vector of 1000, in 1024 buckets: every draw is exact.
const std::vector<Index> support{0, 1, 2, 30, 31, 500, 501, 700, 998, 999};

double sparse_value(Index index) {
  const auto place = std::find(support.begin(), support.end(), index) - support.begin();
  return static_cast<double>(place + 1) * (place % 2 == 0 ? 1 : -1);
}

template <class P = DefaultPolicies>
L2Sampler<double, P> sparse_sampler(Seed seed, double power = 2) {
  L2Sampler<double, P> sampler(dimension, {.seed = seed, .power = power});
  for (Index index : support) sampler.update(index, sparse_value(index));
  return sampler;
}

template <class Draws>
std::vector<Index> indices_of(const Draws& draws) {
  std::vector<Index> indices;
  for (const auto& draw : draws) indices.push_back(draw.index);
  return indices;
}

std::vector<Index> sorted(std::vector<Index> indices) {
  std::sort(indices.begin(), indices.end());
  return indices;
}

}  // namespace

TEMPLATE_TEST_CASE("Draws without replacement exhaust a small support, each coordinate once", "[verbs]",
                   DefaultPolicies, Scan, DeepTree) {
  for (const double power : {2.0, 1.0, 0.5})
    for (Seed seed = 1; seed <= seeds; ++seed) {
      const auto sampler = sparse_sampler<TestType>(seed, power);
      const auto draws = sampler.sample_without_replacement(100);
      INFO("seed " << seed << ", power " << power);
      CHECK(sorted(indices_of(draws)) == support);
      for (const auto& draw : draws) CHECK(draw.value == Approx(sparse_value(draw.index)));
      const auto first = sampler.sample();
      REQUIRE((first && !draws.empty()));
      CHECK((first->index == draws[0].index && first->value == draws[0].value));
      CHECK(first->probability == draws[0].probability);
      const auto three = sampler.sample_without_replacement(3);
      CHECK(indices_of(three) == indices_of(std::vector(draws.begin(), draws.begin() + 3)));
    }
}

TEST_CASE("Draws without replacement come in the order of the scaled values", "[verbs]") {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const auto sampler = sparse_sampler(seed);
    double last = std::numeric_limits<double>::infinity();
    for (const auto& draw : sampler.sample_without_replacement(100)) {
      const double scaled = std::abs(sparse_value(draw.index)) * sampler.linear_map().scale(draw.index);
      CHECK(scaled <= last);
      last = scaled;
    }
  }
}

TEST_CASE("Draws with replacement are the same for the same coins, and others for others", "[verbs]") {
  const auto sampler = sparse_sampler(1);
  const auto draws = indices_of(sampler.sample_with_replacement(50, 7));
  CHECK(draws == indices_of(sampler.sample_with_replacement(50, 7)));
  CHECK(draws != indices_of(sampler.sample_with_replacement(50, 8)));
  const auto fewer = indices_of(sampler.sample_with_replacement(20, 7));
  CHECK(std::equal(fewer.begin(), fewer.end(), draws.begin()));
}

// Once all of ‖y‖² that the norm sketch saw has been drawn, nothing new is: a state whose norm is too low
// misses the lightest coordinates, one whose norm is right covers the support.
TEMPLATE_TEST_CASE("Many draws with replacement from a small support stay in it and cover it, in full number",
                   "[verbs]", DefaultPolicies, Scan) {
  int exact_norms = 0;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const auto sampler = sparse_sampler<TestType>(seed);
    const auto draws = sampler.sample_with_replacement(10'000, seed);
    REQUIRE(draws.size() == 10'000);
    CHECK(draws[0].index == sampler.sample()->index);
    const auto drawn = indices_of(draws);
    const std::set<Index> distinct(drawn.begin(), drawn.end());
    CHECK(std::includes(support.begin(), support.end(), distinct.begin(), distinct.end()));
    if (sampler.squared_norm() == Approx(385.0)) {
      // The lightest coordinate holds 1/385: missed by 10 000 draws with probability e⁻²⁶.
      ++exact_norms;
      CHECK(distinct.size() == support.size());
    }
  }
  CHECK(exact_norms > seeds / 2);
}

TEST_CASE("A single coordinate is drawn with replacement as often as asked", "[verbs]") {
  L2Sampler<> sampler(dimension, {.seed = 3});
  sampler.update(77, -5.0);
  const auto draws = sampler.sample_with_replacement(100, 1);
  REQUIRE(draws.size() == 100);
  for (const auto& draw : draws) {
    CHECK((draw.index == 77 && draw.value == Approx(-5.0)));
    CHECK(draw.probability == Approx(1.0));
  }
}

TEST_CASE("heaviest gives the largest coordinates, largest first", "[verbs]") {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const auto sampler = sparse_sampler(seed);
    CHECK(indices_of(sampler.heaviest(3)) == std::vector<Index>{999, 998, 700});
    CHECK(sampler.heaviest(100).size() == support.size());
  }
}

TEST_CASE("heaviest finds giants among many small coordinates", "[verbs]") {
  const VectorStream stream = two_equal_giants(dimension);
  for (Seed seed = 1; seed <= seeds; ++seed) {
    L2Sampler<> sampler(dimension, {.seed = seed});
    sampler.update(stream.indices, stream.deltas);
    CHECK(sorted(indices_of(sampler.heaviest(2))) == std::vector<Index>{dimension / 2, dimension / 2 + 1});
  }
}

TEST_CASE("Coordinates of a sparse vector are estimated as they are", "[verbs]") {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const auto sampler = sparse_sampler(seed);
    for (Index index : support) CHECK(sampler.estimate(index) == Approx(sparse_value(index)));
    CHECK(sampler.estimate(17) == Approx(0.0).margin(1e-9));
  }
}

TEST_CASE("A matrix sampler draws, exhausts and finds the heaviest like the sampler of its y", "[verbs][matrix]") {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(dimension, 2);
    for (Index index : support) a(index, 0) = sparse_value(index);
    FixedMatrixSampler<> sampler(a, {.seed = seed});
    sampler.update(0, 1.0);
    sampler.update(1, 5.0);
    const auto twin = sparse_sampler(seed);
    CHECK(indices_of(sampler.sample_without_replacement(100)) == indices_of(twin.sample_without_replacement(100)));
    const auto repeated = sampler.sample_with_replacement(100, seed);
    CHECK(indices_of(repeated) == indices_of(twin.sample_with_replacement(100, seed)));
    CHECK(indices_of(sampler.heaviest(5)) == indices_of(twin.heaviest(5)));
    CHECK(sampler.estimate(999) == Approx(twin.estimate(999)));
    CHECK(sampler.squared_norm() == Approx(twin.squared_norm()));
  }
}

TEST_CASE("Scaling y scales the values and leaves the indices and probabilities", "[verbs]") {
  const VectorStream stream = root_harmonic(dimension);
  std::vector<double> scaled = stream.deltas;
  for (double& delta : scaled) delta *= -0x1p100;
  L2Sampler<> sampler(dimension, {.seed = 1}), other = sampler;
  sampler.update(stream.indices, stream.deltas);
  other.update(stream.indices, scaled);
  const auto draw = sampler.sample(), same = other.sample();
  REQUIRE((draw && same));
  CHECK(same->index == draw->index);
  CHECK(same->value == -0x1p100 * draw->value);
  CHECK(same->probability == draw->probability);
  CHECK(same->standard_error == 0x1p100 * draw->standard_error);
}
