#include <turnstile/sampler/exact_kronecker_sampler.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/pair_law.hpp"
#include "support/trials.hpp"

#include <cstdint>
#include <vector>

// The law of ExactKroneckerSampler. Quantity: pairs (i1, i2) drawn independently from one sampler; law
// y²/‖Y‖_F², with no draw at all where y = 0 (`check_law`: χ² of pooled cells and the heaviest pair, significance
// `significance::law`). 10⁶ draws see a heaviest pair that holds half off by 0.17 % of all draws; 10⁵ by 0.5 %.
// Turns red: the mass of a node taken for its sibling's; a row weighed by its norm, not its square; a point
// in the slack given to the nearest entry (block-diagonal Y); sums of A2 not followed by A1's masses.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr FactorSizes sizes{.n1 = 90, .n2 = 41, .d1 = 7, .d2 = 4};

template <class Scalar>
void check_draws(const ExactKroneckerSampler<Scalar>& sampler, long draws) {
  const Eigen::MatrixXd left = sampler.left().template cast<double>(), core = sampler.core().template cast<double>();
  const Eigen::MatrixXd y = left * core * sampler.right().template cast<double>().transpose();
  const auto drawn = sampler.sample_with_replacement(draws, 1);
  REQUIRE(std::ssize(drawn) == draws);
  check_law(pair_law(y), drawn_pairs(drawn, sampler.cols()), 0);
}

void check_families(long draws) {
  for (const FactorFamily& family : factor_families) {
    INFO(family.name);
    const Factors factors = family.make(sizes);
    check_draws(ExactKroneckerSampler<>(factors.left, factors.right, factors.core), draws);
  }
}

// Rows of A1 and A2 come in a scattered order, X entry by entry; then nine rows in ten of each go again.
ExactKroneckerSampler<> mostly_deleted(bool refreshed) {
  const Factors factors = integer_factors(sizes);
  ExactKroneckerSampler<> sampler(Eigen::MatrixXd::Zero(sizes.n1, sizes.d1), Eigen::MatrixXd::Zero(sizes.n2, sizes.d2),
                                  Eigen::MatrixXd::Zero(sizes.d1, sizes.d2));
  for (Index j = 0; j < sizes.d1; ++j)
    for (Index k = 0; k < sizes.d2; ++k) sampler.update_core(j, k, factors.core(j, k) / 3);
  if (refreshed) sampler.refresh();
  for (Index k = 0; k < sizes.n1; ++k) {
    const Index i = 37 * k % sizes.n1;
    sampler.update_left_row(i, factors.left.row(i) / 7);
  }
  for (Index i = 0; i < sizes.n2; ++i)
    for (Index k = 0; k < sizes.d2; ++k) sampler.update_right(i, k, factors.right(i, k) / 9);
  if (refreshed) sampler.refresh();
  for (Index i = 0; i < sizes.n1; ++i)
    if (i % 10 != 4)
      for (Index j = 0; j < sizes.d1; ++j) sampler.update_left(i, j, -factors.left(i, j) / 7);
  if (refreshed) sampler.refresh();
  for (Index i = 0; i < sizes.n2; ++i)
    if (i % 10 != 7) sampler.update_right_row(i, -factors.right.row(i) / 9);
  if (refreshed) sampler.refresh();
  return sampler;
}

}  // namespace

TEST_CASE("Pairs of all kinds of factors follow the law of the squares", "[law][exact kronecker]") {
  check_families(trials(100'000));
}

TEST_CASE("A million pairs of all kinds of factors follow the law of the squares", "[law][exact kronecker][long]") {
  check_families(trials(1'000'000));
}

TEST_CASE("Pairs follow the law after nine rows in ten were deleted", "[law][exact kronecker]") {
  for (const bool refreshed : {true, false}) {
    INFO((refreshed ? "refreshed" : "changes of A2 and X pending"));
    check_draws(mostly_deleted(refreshed), trials(100'000));
  }
}

TEST_CASE("A million pairs follow the law after nine rows in ten were deleted", "[law][exact kronecker][long]") {
  check_draws(mostly_deleted(true), trials(1'000'000));
}

TEST_CASE("Single draws of successive seeds follow the law, masses kept and not", "[law][exact kronecker]") {
  const Factors factors = dominant_row(sizes);
  ExactKroneckerSampler<> sampler(factors.left, factors.right, factors.core);
  const auto check = [&] {
    std::vector<Index> drawn;
    for (long seed = 0; seed < trials(50'000); ++seed)
      drawn.push_back(drawn_pair(sampler.sample(static_cast<Seed>(seed)), sampler.cols()));
    check_law(pair_law(sampler.left() * sampler.core() * sampler.right().transpose()), drawn, 0);
  };
  check();
  sampler.update_right(3, 1, 200.0);
  check();
  sampler.refresh();
  sampler.update_core(2, 2, -70.0);
  check();
}

TEST_CASE("Pairs of single precision follow the law", "[law][exact kronecker]") {
  const Factors factors = block_diagonal(sizes);
  ExactKroneckerSampler<float> sampler(factors.left, factors.right, factors.core);
  sampler.update_left(2, 0, 40.0F);
  check_draws(sampler, trials(100'000));
}

// Masses of 10¹² went through every block of sums, which keep about 10⁻⁴ of rounding; what is left is 10⁻¹⁵.
TEST_CASE("Pairs follow the law where nearly all that came has gone again", "[law][exact kronecker]") {
  const Factors factors = integer_factors(sizes);
  ExactKroneckerSampler<> sampler(Eigen::MatrixXd::Zero(sizes.n1, sizes.d1), factors.right, factors.core);
  for (const double sign : {1.0, -1.0})
    for (Index i = 0; i < sizes.n1; ++i)
      for (Index j = 0; j < sizes.d1; ++j) sampler.update_left(i, j, sign * (1e6 + static_cast<double>(i)));
  for (Index i = 0; i < sizes.n1; ++i) sampler.update_left_row(i, 1e-8 * factors.left.row(i));
  check_draws(sampler, trials(20'000));
  sampler.refresh();
  check_draws(sampler, trials(100'000));
}

// The second of two draws without replacement: Pr[j] = Σ_{i ≠ j} p_i p_j/(1 − p_i).
TEST_CASE("The second pair without replacement follows its law", "[law][exact kronecker]") {
  const FactorSizes small{.n1 = 5, .n2 = 3, .d1 = 2, .d2 = 2};
  for (const FactorFamily& family : {factor_families[0], factor_families[4]}) {
    INFO(family.name);
    const Factors factors = family.make(small);
    const ExactKroneckerSampler<> sampler(factors.left, factors.right, factors.core);
    const std::vector<double> first = pair_law(factors.product());
    std::vector<double> second(first.size(), 0.0);
    for (std::size_t i = 0; i < first.size(); ++i)
      for (std::size_t j = 0; j < first.size(); ++j)
        if (i != j) second[j] += first[i] * first[j] / (1 - first[i]);
    std::vector<Index> drawn;
    for (long seed = 0; seed < trials(50'000); ++seed) {
      const auto draws = sampler.sample_without_replacement(2, static_cast<Seed>(seed));
      REQUIRE(draws.size() == 2);
      drawn.push_back(draws[1].row * sampler.cols() + draws[1].col);
    }
    check_law(second, drawn, 0);
  }
}
