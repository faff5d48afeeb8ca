#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/many_seeds.hpp"
#include "support/pair_law.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <vector>

// The law of PairwiseKroneckerSampler: entry (i, c) with probability |Y|ᵖ/‖Y‖ₚᵖ (`check_law` names significance and
// cells) after a stream in which nine tenths of the rows of A1 were taken back and all rows of A2 changed and
// changed back; what is left is n1 = 12, n2 = 40, d1 = 4, d2 = 3. Seen in one half of cases with 5 000 samplers: 2.4 %
// of all draws at an entry that holds half. Turns red: one scale factor for a whole row of Y; that of (i, c) taken for
// (c, i) on one side of the updates; a level of columns that forgets the sign of its row.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr FactorSizes sizes{12, 40, 4, 3};
constexpr Index fed_rows = 10 * sizes.n1;          // of A1; those of the law are every tenth
constexpr Index taken_back = sizes.n1 * sizes.n2;  // the number of all entries in the other rows: 0, as they are
const SketchShape shape = SketchShape::for_draws(sizes.n1 * sizes.n2);

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = shape, .epsilon = 0.5}; }

PairwiseKroneckerSampler<> fed(const Factors& factors, const SamplerOptions& options) {
  PairwiseKroneckerSampler<> sampler(Eigen::MatrixXd::Zero(fed_rows, sizes.d1), factors.right, factors.core, options);
  const double left = factors.left.cwiseAbs().maxCoeff(), right = factors.right.cwiseAbs().maxCoeff();
  const auto pass_left = [&](double sign) {
    for (Index i = 0; i < fed_rows; ++i) {
      const double end = left / static_cast<double>(i + 1);
      if (i % 10 != 0) sampler.update_left_row(i, sign * Eigen::RowVectorXd::LinSpaced(sizes.d1, -left, end));
    }
  };
  const auto pass_right = [&](double sign) {
    for (Index c = 0; c < sizes.n2; ++c) sampler.update_right(c, c % sizes.d2, sign * right);
  };
  pass_left(1);
  pass_right(1);
  for (Index i = 0; i < sizes.n1; ++i) sampler.update_left_row(10 * i, factors.left.row(i));
  pass_left(-1);
  pass_right(-1);
  return sampler;
}

// Entries of independent samplers that were given the factors at once, numbered as in the law; -1 where none was drawn.
template <class S>
std::vector<Index> drawn_at_once(const Factors& factors, long samplers, double power) {
  return for_many_seeds(samplers, 1, [&](Seed seed) {
    SamplerOptions options = options_of(seed);
    options.power = power;
    return drawn_pair(S(factors.left, factors.right, factors.core, options).sample(), sizes.n2);
  });
}

void check_law_of(const FactorFamily& family, long samplers) {
  INFO(family.name);
  const Factors factors = family.make(sizes);
  const auto drawn = for_many_seeds(samplers, 1, [&](Seed seed) {
    const auto draw = fed(factors, options_of(seed)).sample();
    if (!draw) return Index{-1};
    return draw->row % 10 == 0 ? draw->row / 10 * sizes.n2 + draw->col : taken_back;
  });
  check_failures(drawn);
  std::vector<double> law = pair_law(factors.product());
  law.push_back(0);
  check_law(law, drawn, mistaken_identity(fed_rows * sizes.n2, shape));
}

}  // namespace

TEST_CASE("Pairs drawn by a scale factor each follow the law of the product", "[law][kronecker]") {
  for (const FactorFamily& family : factor_families) check_law_of(family, trials(400));
}

TEST_CASE("Many pairs drawn by a scale factor each follow the law of the product", "[law][kronecker][long]") {
  for (const FactorFamily& family : factor_families) check_law_of(family, trials(5'000));
}

TEST_CASE("Pairs drawn in proportion to |y| follow that law", "[law][kronecker]") {
  const Factors factors = integer_factors(sizes);
  const auto drawn = drawn_at_once<PairwiseKroneckerSampler<>>(factors, trials(2'000), 1);
  check_failures(drawn);
  std::vector<double> law;
  const Eigen::VectorXd magnitudes = factors.product().transpose().reshaped().cwiseAbs();
  for (double value : magnitudes) law.push_back(value / magnitudes.sum());
  check_law(law, drawn, mistaken_identity(sizes.n1 * sizes.n2, shape));
}

// The tests of Algorithm 1, as Theorem 7.6 has them: most states refuse (one in 1/T² passes, T² = 2 ln(n)/ε), and the
// draws of those that do not follow the law within a factor of 1 ± ε. ε = ½ leaves the law of Y's entries, of
// which none is large, within what these draws can tell.
TEST_CASE("Pairs that pass the tests of Algorithm 1 follow the law", "[law][kronecker]") {
  using Paper = PairwiseKroneckerSampler<double, Policies<UniformScaling, TreeRecovery, MixHash, ThresholdAcceptance>>;
  const Factors factors = integer_factors(sizes);
  const long samplers = trials(20'000);
  const auto drawn = drawn_at_once<Paper>(factors, samplers, 2);
  const auto passed = std::count_if(drawn.begin(), drawn.end(), [](Index pair) { return pair >= 0; });
  const double threshold = ThresholdAcceptance::threshold(sizes.n1 * sizes.n2, 0.5);
  INFO(passed << " of " << samplers << " passed");
  CHECK(static_cast<double>(passed) <= 1.5 * static_cast<double>(samplers) / (threshold * threshold));
  CHECK(static_cast<double>(passed) >= 0.25 * static_cast<double>(samplers) / (threshold * threshold));
  check_law(pair_law(factors.product()), drawn, mistaken_identity(sizes.n1 * sizes.n2, shape));
}
