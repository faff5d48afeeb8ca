#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/trials.hpp"

// The law of L2Sampler at n = 1000, for each recovery, hash and vector: 20 000 independent samplers each
// (`check_law` names quantity, law and significance). Seen in one half of cases: a heaviest cell off
// by 1.2 % of all draws where it holds half, or all cells of a flat law off by 9 % either way. Turns
// red: a scaling of 1/e instead of 1/√e; the sign left out at a level of the tree; a gap test.
//
// TreeRecovery has one level at this n and so does what ScanRecovery does, but for its bijection of
// the keys; PrefixTreeRecovery<4, 3, 16> has three levels and a beam.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using DeepTree = PrefixTreeRecovery<4, 3, 16>;
using Scan_Mix = Policies<ExponentialScaling, ScanRecovery>;
using Scan_Polynomial = Policies<ExponentialScaling, ScanRecovery, PolynomialHash<4>>;
using DeepTree_Mix = Policies<ExponentialScaling, DeepTree>;
using DeepTree_Polynomial = Policies<ExponentialScaling, DeepTree, PolynomialHash<4>>;
using Tree_Mix = Policies<>;
using Tree_Polynomial = Policies<ExponentialScaling, TreeRecovery, PolynomialHash<4>>;

constexpr Index dimension = 1000;

template <class P>
std::vector<Index> draw_each(const VectorStream& stream, long samplers, Seed first, double power = 2) {
  const SketchShape shape = SketchShape::for_draws(dimension);
  return for_many_seeds(samplers, first, [&](Seed seed) {
    L2Sampler<double, P> sampler(dimension, {.seed = seed, .shape = shape, .power = power});
    sampler.update(stream.indices, stream.deltas);
    return drawn_index(sampler.sample());
  });
}

template <class P>
void check_law_of_all_vectors(Seed first) {
  for (const VectorFamily& family : vector_families) {
    INFO(family.name << ", " << P::name());
    const VectorStream stream = family.make(dimension);
    const auto drawn = draw_each<P>(stream, trials(20'000), first);
    check_failures(drawn);
    check_law(exact_law(stream.y), drawn, mistaken_identity(dimension, SketchShape::for_draws(dimension)));
    first += 1'000'000;
  }
}

}  // namespace

TEMPLATE_TEST_CASE("Draws follow the law of the squares", "[law]", Scan_Mix, DeepTree_Mix, DeepTree_Polynomial) {
  check_law_of_all_vectors<TestType>(1);
}

TEMPLATE_TEST_CASE("Draws follow the law of the squares under the other policies", "[law][long]", Tree_Mix,
                   Tree_Polynomial, Scan_Polynomial) {
  check_law_of_all_vectors<TestType>(1);
}

// Five times the samplers: sees a heaviest cell of a half that is off by 0.55 % of all draws.
TEMPLATE_TEST_CASE("A hundred thousand draws follow the law of the squares", "[law][long]", Tree_Mix, DeepTree_Mix) {
  for (const VectorFamily& family : {vector_families[2], vector_families[3]}) {
    INFO(family.name << ", " << TestType::name());
    const VectorStream stream = family.make(dimension);
    const auto drawn = draw_each<TestType>(stream, trials(100'000), 50'000'000);
    check_failures(drawn);
    check_law(exact_law(stream.y), drawn, mistaken_identity(dimension, SketchShape::for_draws(dimension)));
  }
}
