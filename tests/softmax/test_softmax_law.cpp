#include <turnstile/softmax/softmax_sampler.hpp>

#include "softmax_law.hpp"
#include "statistical/law_check.hpp"
#include "support/catch.hpp"
#include "support/many_seeds.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

// The law of SoftmaxSampler's draws: one, with replacement, without replacement.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

SoftmaxSampler<> sampler_of(const NamedScores& scores) {
  const Eigen::Map<const Eigen::VectorXd> y(scores.y.data(), std::ssize(scores.y));
  return SoftmaxSampler<>(y, scores.temperature);
}

constexpr Index dimension = 1000;

// 10^−300 … 10^300, and the same negative.
std::vector<double> all_magnitudes() {
  std::vector<double> y;
  for (int exponent = -300; exponent <= 300; ++exponent)
    for (double sign : {1.0, -1.0}) y.push_back(sign * std::pow(10.0, exponent));
  return y;
}

std::vector<NamedScores> families() {
  return {
      {"flat", scores_of(dimension, [](double) { return -7.25; })},
      {"one giant holds half", scores_of(dimension, [](double i) { return i == 300 ? std::log(dimension - 1.0) : 0; })},
      {"geometric", scores_of(dimension, [](double i) { return -i / 20; })},
      {"weights from 1 to 10^600", scores_of(dimension, [](double i) { return 0.6 * std::log(10.0) * i; })},
      {"scores up to 10^300", scores_of(dimension, [](double i) { return (std::fmod(i, 7) - 3) / 3 * 1e300; }), 3e299},
      {"scores of all magnitudes", all_magnitudes(), 2e299},
      {"differences that overflow", scores_of(dimension, [](double i) { return std::sin(i) * 1.7e308; }), 1e308},
  };
}

// The joint law of two draws from y, as one row of cells.
template <class Probability>
std::vector<double> law_of_pairs(std::size_t n, const Probability& probability) {
  std::vector<double> law;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      law.push_back(probability(std::array{static_cast<Index>(i), static_cast<Index>(j)}));
  return law;
}

// Quantity: (first, second) of two draws of one seed, over many seeds. χ², at `significance::law`.
template <class TwoDraws>
void check_pairs(const std::vector<double>& law, std::size_t n, const TwoDraws& two_draws) {
  const auto cells = for_many_seeds(trials(400'000), 1, [&](Seed seed) {
    const auto draws = two_draws(seed);
    return static_cast<std::size_t>(draws[0].index) * n + static_cast<std::size_t>(draws[1].index);
  });
  std::vector<double> observed(law.size(), 0.0);
  for (std::size_t cell : cells) observed[cell] += 1;
  const ChiSquare chi = chi_square_test(observed, law);
  INFO("chi-square " << chi.statistic << " on " << chi.cells << " cells, p = " << chi.p_value);
  CHECK(chi.p_value >= significance::law);
}

// Three blocks of the tree, the last of them not full.
NamedScores some_scores() {
  return {"35 scores", scores_of(35, [](double i) { return 3 * std::sin(5 * i) + 1e6; })};
}

}  // namespace

// Quantity: the index drawn, over 10⁶ successive seeds. Law: exp(y_i/T)/Σ exp(y_j/T) (Definition 4.1). χ² of
// cells that expect ten draws or more, and the heaviest alone, at 10⁻³. Seen: half of the cells of the flat law
// off by 1 % either way. Turns red: a node's sum joined without scaling it to the new top; the coin of one
// level used again at the next.
TEST_CASE("A million softmax draws follow their law", "[softmax][law]") {
  for (const NamedScores& scores : families()) {
    INFO(scores.name);
    const SoftmaxSampler<> sampler = sampler_of(scores);
    const auto drawn =
        for_many_seeds(trials(1'000'000), 1, [&](Seed seed) { return drawn_index(sampler.sample(seed)); });
    check_law(scores.law(), drawn, 0);
  }
}

TEST_CASE("Probabilities that draws carry are those of the law", "[softmax]") {
  for (const NamedScores& scores : families()) {
    INFO(scores.name);
    const SoftmaxSampler<> sampler = sampler_of(scores);
    const std::vector<double> law = scores.law();
    double worst = 0;
    for (Index i = 0; i < sampler.dimension(); ++i) {
      const double expected = law[static_cast<std::size_t>(i)];
      // exp of a number up to 745 amplifies its rounding to 745 u; what is below 10⁻³⁰⁰ may underflow
      if (expected > 1e-300)
        worst = std::max(worst, std::abs(sampler.probability(i) / expected - 1));
      else
        CHECK(sampler.probability(i) <= 1e-299);
    }
    CHECK(worst <= 745 * 4 * std::numeric_limits<double>::epsilon());
    const auto draw = sampler.sample(5);
    REQUIRE(draw.outcome() == Outcome::sampled);
    CHECK(draw->value == scores.y[static_cast<std::size_t>(draw->index)]);
    CHECK(draw->probability == sampler.probability(draw->index));
    CHECK(draw->standard_error == 0);
  }
}

// Quantity: the order of three draws out of four. Law: Plackett and Luce, all 24 orders. Seen in one half of
// cases: two orders of 4 % exchanging a tenth of their draws. Turns red: draws that are not taken out of the
// block's sum; a first draw that is kept from the second only by drawing again with the same coins.
TEST_CASE("Three draws of four without replacement follow the law of Plackett and Luce", "[softmax][law]") {
  for (const std::vector<double>& y : {std::vector<double>{0, 1, 0.5, -1}, std::vector<double>{1e300, 1, 1e300, 0},
                                       std::vector<double>{-2000, 0, -2001, -1e300}}) {
    const SoftmaxSampler<> sampler(Eigen::Map<const Eigen::VectorXd>(y.data(), std::ssize(y)));
    std::vector<std::array<Index, 4>> orders;
    std::array<Index, 4> order{0, 1, 2, 3};
    do orders.push_back(order);
    while (std::next_permutation(order.begin(), order.end()));
    std::vector<double> law;
    for (const auto& each : orders) law.push_back(plackett_luce(y, std::span(each).first(3)));
    const auto drawn = for_many_seeds(trials(200'000), 1, [&](Seed seed) {
      const auto draws = sampler.sample_without_replacement(3, seed);
      std::array<Index, 4> taken{draws[0].index, draws[1].index, draws[2].index, 6};
      for (std::size_t k = 0; k < 3; ++k) taken[3] -= taken[k];
      return static_cast<std::size_t>(std::find(orders.begin(), orders.end(), taken) - orders.begin());
    });
    std::vector<double> observed(law.size(), 0.0);
    for (std::size_t which : drawn) observed.at(which) += 1;
    for (std::size_t k = 0; k < law.size(); ++k)
      if (law[k] == 0) CHECK(observed[k] == 0);
    const ChiSquare chi = chi_square_test(observed, law);
    INFO("chi-square " << chi.statistic << " on " << chi.cells << " cells, p = " << chi.p_value);
    CHECK(chi.p_value >= significance::each_of(significance::law, 3));
  }
}

// Law: p_i p_j/(1 − p_i), 0 for i = j. Turns red: a removal that does not reach the root of the tree.
TEST_CASE("Pairs of softmax draws without replacement follow their law over several blocks", "[softmax][law]") {
  const NamedScores scores = some_scores();
  const SoftmaxSampler<> sampler = sampler_of(scores);
  const std::size_t n = scores.y.size();
  const auto law = law_of_pairs(n, [&](auto pair) { return pair[0] == pair[1] ? 0 : plackett_luce(scores.y, pair); });
  check_pairs(law, n, [&](Seed seed) { return sampler.sample_without_replacement(2, seed); });
}

// Law: p_i p_j, of the two draws of one seed, and of the second and the first of the next seed. Turns red: one
// word for both draws; draw t of seed s made with the words of seed s + t.
TEST_CASE("Softmax draws with replacement are independent, also of those of the next seed", "[softmax][law]") {
  const NamedScores scores = some_scores();
  const SoftmaxSampler<> sampler = sampler_of(scores);
  const std::vector<double> one = scores.law();
  const auto law = law_of_pairs(one.size(), [&](auto pair) {
    return one[static_cast<std::size_t>(pair[0])] * one[static_cast<std::size_t>(pair[1])];
  });
  check_pairs(law, one.size(), [&](Seed seed) { return sampler.sample_with_replacement(2, seed); });
  check_pairs(law, one.size(), [&](Seed seed) {
    return std::array{sampler.sample_with_replacement(2, seed)[1], *sampler.sample(seed + 1)};
  });
}

// Scores from −10³⁰⁰ to 10³⁰⁰ at temperature 1, taken out one after the other: those above 1000 or so come in
// descending order, with probability 1 but for e^−9000, those near 0 in any order, and the negative ones
// descending again. Law of the 200th of those near 0: one of them, each equally likely.
TEST_CASE("Draws without replacement go down through 600 orders of magnitude", "[softmax][law]") {
  const NamedScores scores{"all magnitudes", all_magnitudes(), 1};
  const SoftmaxSampler<> sampler = sampler_of(scores);
  constexpr Index giants = 297;  // 10⁴ … 10³⁰⁰
  std::vector<double> descending = scores.y;
  std::sort(descending.rbegin(), descending.rend());
  const auto draws = sampler.sample_without_replacement(std::ssize(scores.y), 3);
  REQUIRE(draws.size() == scores.y.size());
  std::vector<Index> drawn;
  for (const auto& draw : draws) drawn.push_back(draw.index);
  for (std::size_t k = 0; k < draws.size(); ++k)
    if (k < giants || k + giants >= draws.size()) CHECK(draws[k].value == descending[k]);
  std::sort(drawn.begin(), drawn.end());
  std::vector<Index> all(drawn.size());
  std::iota(all.begin(), all.end(), Index{0});
  CHECK(drawn == all);

  // Without the giants, softmax of the rest, as of a sampler that has never seen them.
  std::vector<double> rest = scores.y;
  for (double& score : rest)
    if (score >= 1e4) score = -std::numeric_limits<double>::infinity();
  const auto next = for_many_seeds(
      trials(4'000), 1, [&](Seed seed) { return sampler.sample_without_replacement(giants + 1, seed).back().index; });
  check_law(softmax_law(rest), next, 0);
}
