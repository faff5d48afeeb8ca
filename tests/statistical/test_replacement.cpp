#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

// The joint law of two draws of one state, at n = 1000 over 20 000 independent samplers.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 1000;
const SketchShape shape = SketchShape::for_draws(dimension, 2);

using Pair = std::array<Index, 2>;  // -1: no such draw
using Scan = Policies<ExponentialScaling, ScanRecovery>;
using DeepTree = Policies<ExponentialScaling, PrefixTreeRecovery<4, 3, 16>>;

template <class P, class Draw>
std::vector<Pair> draw_pairs(const VectorStream& stream, Seed first, const Draw& draw) {
  return for_many_seeds(trials(20'000), first, [&](Seed seed) {
    L2Sampler<double, P> sampler(dimension, {.seed = seed, .shape = shape});
    sampler.update(stream.indices, stream.deltas);
    const auto draws = draw(sampler, seed);
    Pair pair{-1, -1};
    for (std::size_t k = 0; k < std::min(draws.size(), pair.size()); ++k) pair[k] = draws[k].index;
    return pair;
  });
}

// P(first in g, second in h) for groups g, h of indices, where second is drawn from the rest:
// Σ_{i ∈ g} p_i (p(h) − [i ∈ h] p_i)/(1 − p_i).
std::vector<double> law_of_pairs(const std::vector<double>& law, const LawGroups& groups) {
  std::vector<double> joint(groups.size() * groups.size(), 0.0);
  for (std::size_t i = 0; i < law.size(); ++i) {
    const std::size_t g = groups.of_index[i];
    for (std::size_t h = 0; h < groups.size(); ++h)
      joint[g * groups.size() + h] += law[i] * (groups.shares[h] - (g == h ? law[i] : 0.0)) / (1 - law[i]);
  }
  return joint;
}

// Quantity: (first, second), in groups of neighbours of 5 % of the law or more, coarser where there are too
// few pairs to expect ten in each cell. χ², at `significance::law`.
void check_pairs(const std::vector<double>& law, const std::vector<Pair>& pairs) {
  const LawGroups groups(law, std::max(0.05, std::sqrt(10.0 / static_cast<double>(pairs.size()))));
  std::vector<double> observed(groups.size() * groups.size(), 0.0);
  std::vector<Index> second;
  long same = 0;
  for (const auto& [i, j] : pairs) {
    second.push_back(j);
    if (j < 0) continue;
    same += i == j;
    observed[groups.of_index[static_cast<std::size_t>(i)] * groups.size() +
             groups.of_index[static_cast<std::size_t>(j)]] += 1;
  }
  check_failures(second);
  CHECK(same == 0);
  const ChiSquare chi = chi_square_test(observed, law_of_pairs(law, groups), 5);
  INFO("chi-square " << chi.statistic << " on " << chi.cells << " cells, p = " << chi.p_value);
  CHECK(chi.p_value >= significance::law);
}

}  // namespace

// Seen in one half of cases: a joint law that is off by 7 % in half of its cells and by as much the other
// way in the others. Turns red: a winner that is not taken out of the counters at every level; its value
// taken out with the wrong sign.
TEMPLATE_TEST_CASE("Pairs drawn without replacement follow their law", "[law]", Scan, DeepTree) {
  Seed first = 1;
  for (const VectorFamily& family : {vector_families[1], vector_families[3], vector_families[5]}) {
    INFO(family.name << ", " << TestType::name());
    const VectorStream stream = family.make(dimension);
    const auto pairs = draw_pairs<TestType>(
        stream, first, [](const auto& sampler, Seed) { return sampler.sample_without_replacement(2); });
    check_pairs(exact_law(stream.y), pairs);
    first += 1'000'000;
  }
}

// The first and the second draw with replacement each follow the law of one draw; they are equal with
// probability Σ p_i². The urn is replayed with estimated shares, whose error (about 10 %, either way) enters
// the law of the second in second order. Seen: 1.2 % of all draws where the heaviest holds half.
// Turns red: shares of |y_i| for |y_i|²; the coin of the first draw used again for the second.
TEST_CASE("The second of two draws with replacement follows the law of one draw", "[law]") {
  Seed first = 1;
  for (const VectorFamily& family : {vector_families[1], vector_families[3], vector_families[5]}) {
    INFO(family.name);
    const VectorStream stream = family.make(dimension);
    const std::vector<double> law = exact_law(stream.y);
    const auto pairs = draw_pairs<DefaultPolicies>(
        stream, first, [](const auto& sampler, Seed seed) { return sampler.sample_with_replacement(2, seed); });
    std::vector<Index> second;
    long equal = 0, drawn = 0;
    for (const auto& [i, j] : pairs) {
      second.push_back(j);
      if (j < 0) continue;
      ++drawn;
      equal += i == j;
    }
    check_failures(second);
    check_law(law, second, mistaken_identity(dimension, shape));
    double collision = 0;
    for (double share : law) collision += share * share;
    INFO(equal << " of " << drawn << " pairs are equal, expected a share of " << collision);
    CHECK(binomial_two_sided_p(equal, drawn, collision) >= significance::law);
    first += 1'000'000;
  }
}
