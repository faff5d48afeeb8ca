#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

// Success of one draw from a vector of 2²⁰ by the default policies at for_draws(n): failures, errors of
// the value, coverage of the standard error, and the law, over independent samplers.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = Index{1} << 20;
const SketchShape shape = SketchShape::for_draws(dimension);

struct Trial {
  Index index = -1;  // -1: failed
  double exact = 0;  // y_i
  double error = 0;  // |value − y_i|
  double standard_error = 0;
};

template <class Scalar>
std::vector<Trial> run_trials(const VectorStream& stream, long count, Seed first) {
  const std::vector<Scalar> deltas = stream.deltas_as<Scalar>();
  return for_many_seeds(count, first, [&](Seed seed) {
    L2Sampler<Scalar> sampler(dimension, {.seed = seed, .shape = shape});
    sampler.update(stream.indices, deltas);
    const auto draw = sampler.sample();
    if (!draw) return Trial{};
    const double exact = stream.y[static_cast<std::size_t>(draw->index)];
    return Trial{draw->index, exact, std::abs(static_cast<double>(draw->value) - exact), draw->standard_error};
  });
}

// How many draws have an error of at most bound(trial) and the rounding of a few adds.
template <class Scalar, class Bound>
long count_within(const std::vector<Trial>& trials, Bound bound) {
  constexpr double rounding = 8 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
  long within = 0;
  for (const Trial& trial : trials)
    within += trial.index >= 0 && trial.error <= bound(trial) + rounding * std::abs(trial.exact);
  return within;
}

// Quantity: |value − y_i| against the standard error that the draw claims. Law: covered in 68.27 % of draws
// (`Draw::standard_error`). One statement a table: neither too seldom, nor (where there is noise at all) so
// often that the claim says nothing, which is drawn at 85 %.
void check_coverage(long covered, long drawn, bool noise, std::size_t vectors) {
  constexpr double claimed = 0.6827, idle = 0.85;
  const double level = significance::each_of(significance::law, 2 * vectors);
  CHECK(binomial_lower_tail(covered, drawn, claimed) >= level);
  if (noise) CHECK(binomial_upper_tail(covered, drawn, idle) >= level);
  if (noise) CHECK(covered < drawn);
}

template <class Scalar>
void check_success(const VectorFamily& family, long count, Seed first, std::size_t vectors) {
  INFO(family.name << ", " << scalar_name<Scalar>());
  const VectorStream stream = family.make(dimension);
  const auto done = run_trials<Scalar>(stream, count, first);

  std::vector<Index> drawn;
  for (const Trial& trial : done) drawn.push_back(trial.index);
  check_failures(drawn);
  check_law(exact_law(stream.y), drawn, mistaken_identity(keys_read_by_tree, shape));

  const long draws = count - std::count(drawn.begin(), drawn.end(), Index{-1});
  const auto share = [&](long part) { return static_cast<double>(part) / static_cast<double>(draws); };
  const long near = count_within<Scalar>(done, [](const Trial& t) { return 0.1 * std::abs(t.exact); });
  const long one = count_within<Scalar>(done, [](const Trial& t) { return t.standard_error; });
  const long two = count_within<Scalar>(done, [](const Trial& t) { return 2 * t.standard_error; });
  INFO("within 10 %: " << share(near) << ", one standard error: " << share(one) << ", two: " << share(two));
  CHECK(share(near) >= (std::is_same_v<Scalar, float> ? 0.95 : 0.90));
  check_coverage(one, draws, family.make != single_nonzero, vectors);
  // A median's error is close to normal: 95.45 % within two, here with the two tails' worth of room.
  CHECK(binomial_lower_tail(two, draws, 0.90) >= significance::each_of(significance::law, vectors));
}

}  // namespace

TEST_CASE("The state of a sampler for a vector of 8 MiB takes at most 128 KiB", "[success]") {
  CHECK(L2Sampler<double>(dimension, {.shape = shape}).memory_bytes() <= 128 * 1024);
  CHECK(L2Sampler<float>(dimension, {.shape = shape}).memory_bytes() <= 128 * 1024);
}

// 40 trials: a value beyond 10 % in one draw of four would be seen.
TEST_CASE("Draws from a vector of 2^20 succeed, near y_i, within their standard error", "[success]") {
  check_success<float>(vector_families[0], 40, 1, 1);
  check_success<double>(vector_families[3], 40, 101, 1);
}

// 300 trials of each vector. Seen in one half of cases: a coverage of 57 % for the claimed 68 %. Turns red:
// a standard error from one row's readings; a value read at a level whose prefixes are shared.
TEMPLATE_TEST_CASE("Draws from vectors of 2^20 succeed, near y_i, within their standard error", "[success][long]",
                   float, double) {
  for (const VectorFamily& family : vector_families)
    check_success<TestType>(family, trials(300), 1000, vector_families.size());
}
