#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/trials.hpp"

#include <cmath>
#include <vector>

// The law for other powers p, |y_i|ᵖ/‖y‖ₚᵖ, at n = 1000: 20 000 independent samplers each. Seen: a heaviest
// cell off by 1.2 % of all draws where it holds half. Turns red: 1/p in integers; p = 2 whatever is asked.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 1000;

// |w_(k)| falls like k^{−1/p}: the smaller p, the less noise, so the shape for p = 2 will do.
std::vector<Index> draw_each(const VectorStream& stream, double power, Seed first) {
  const SketchShape shape = SketchShape::for_draws(dimension);
  return for_many_seeds(trials(20'000), first, [&](Seed seed) {
    L2Sampler<> sampler(dimension, {.seed = seed, .shape = shape, .power = power});
    sampler.update(stream.indices, stream.deltas);
    return drawn_index(sampler.sample());
  });
}

void check_power(double power, Seed first) {
  for (const VectorFamily& family : {vector_families[1], vector_families[5]}) {
    INFO(family.name << ", p = " << power);
    const VectorStream stream = family.make(dimension);
    const auto drawn = draw_each(stream, power, first);
    check_failures(drawn);
    check_law(exact_law(stream.y, power), drawn, mistaken_identity(dimension, SketchShape::for_draws(dimension)));
    first += 1'000'000;
  }
}

}  // namespace

TEST_CASE("Draws of power one follow the law of the absolute values", "[law]") { check_power(1, 1); }
TEST_CASE("Draws of power one half follow the law of the square roots", "[law]") { check_power(0.5, 1); }
TEST_CASE("Draws of a power that is no simple fraction follow its law", "[law]") { check_power(1.37, 1); }

// With two coordinates the law is known to the last digit, and there is no noise at all: 100 000 samplers
// see a shift of 0.006.
TEST_CASE("Two coordinates are drawn in the ratio of their powers", "[law]") {
  for (const double power : {2.0, 1.0, 0.25, 0.0625}) {
    INFO("p = " << power);
    const auto drawn = for_many_seeds(trials(100'000), 1, [&](Seed seed) {
      L2Sampler<> sampler(2, {.seed = seed, .shape = {.rows = 3, .buckets = 64}, .power = power});
      sampler.update(0, 3.0);
      sampler.update(1, -1.0);
      return drawn_index(sampler.sample());
    });
    check_failures(drawn);
    check_law(exact_law({3.0, 1.0}, power), drawn, 0);
  }
}

// The share that a draw reports of Σ |y_i|ᵖ, for p ≠ 2 an estimate from sixteen draws with a relative error
// of about 1/√14 = 0.27: its mean over 2000 samplers, which would show a bias of 2 %.
TEST_CASE("The reported probability of powers below two is right on average", "[law]") {
  for (const double power : {1.0, 0.5}) {
    INFO("p = " << power);
    const VectorStream stream = alternating_signs(dimension);
    const std::vector<double> law = exact_law(stream.y, power);
    const SketchShape shape = SketchShape::for_draws(dimension, 16);
    const auto ratios = for_many_seeds(trials(2000), 1, [&](Seed seed) {
      L2Sampler<> sampler(dimension, {.seed = seed, .shape = shape, .power = power});
      sampler.update(stream.indices, stream.deltas);
      const auto draw = sampler.sample();
      return draw ? law[static_cast<std::size_t>(draw->index)] / draw->probability : 1.0;
    });
    const MeanTest mean = mean_test(ratios, 1);
    INFO("mean of law / probability " << mean.mean << " +- " << mean.standard_error);
    CHECK(mean.p_value >= significance::each_of(significance::law, 2));
  }
}
