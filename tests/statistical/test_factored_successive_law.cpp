#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/many_seeds.hpp"
#include "support/pair_law.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

// Two draws from one FactoredKroneckerSampler, without and with replacement. Quantity: the first pair (i, c), and of
// the second its row r, and its column if r = i. (Its column in another row sees the same random numbers as c, and
// has no such law.) Law: y_ic²/‖Y‖² for the first. Without replacement, (‖Y_r‖² − [r = i] y_ic²)/(‖Y‖² − y_ic²) for
// the row, and y_ic'²/(‖Y_i‖² − y_ic²) for the column, as exponential waits have no memory; with replacement,
// ‖Y_r‖²/‖Y‖² and y_ic'²/‖Y_i‖² (the urn of Cohen 2015, of rows and in each of them of entries). χ² of the cells,
// those that expect fewer than ten pooled; significance `significance::law`. Y is 4 × 3. With 20 000 samplers a
// probability of 0.2 that the second draw stays in its row is seen to be off by 0.02. Turns red: waits within a
// row counted from 0 and not from the row's first entry; a row's entry found again at each visit.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr FactorSizes sizes{4, 3, 3, 2};

// Cells: the first pair, the second's row, and a column (0 unless that row is the first's).
std::size_t cell(Index row, Index col, Index next_row, Index next_col) {
  const Index kept = next_row == row ? next_col : 0;
  return static_cast<std::size_t>(((row * sizes.n2 + col) * sizes.n1 + next_row) * sizes.n2 + kept);
}

std::vector<double> law_of(const Eigen::MatrixXd& y, bool replaced) {
  const double all = y.squaredNorm();
  std::vector<double> law(static_cast<std::size_t>(y.size() * y.size()), 0.0);
  for (Index i = 0; i < y.rows(); ++i)
    for (Index c = 0; c < y.cols(); ++c) {
      const double first = y(i, c) * y(i, c);
      for (Index r = 0; r < y.rows(); ++r)
        for (Index k = 0; k < y.cols(); ++k)
          if (replaced || r != i || k != c)
            law[cell(i, c, r, k)] += first / all * y(r, k) * y(r, k) / (replaced ? all : all - first);
    }
  return law;
}

void check_law_of(const FactorFamily& family, bool replaced, long samplers) {
  INFO(family.name);
  const Factors factors = family.make(sizes);
  const auto cells = for_many_seeds(samplers, 1, [&](Seed seed) {
    const FactoredKroneckerSampler<> sampler(factors.left, factors.right, factors.core,
                                             {.seed = seed, .shape = {.rows = 3, .buckets = 128}});
    const auto draws = replaced ? sampler.sample_with_replacement(2, seed) : sampler.sample_without_replacement(2);
    return draws.size() == 2 ? static_cast<Index>(cell(draws[0].row, draws[0].col, draws[1].row, draws[1].col)) : -1;
  });
  const auto missing = std::count(cells.begin(), cells.end(), Index{-1});
  CHECK(static_cast<double>(missing) <= 0.01 * static_cast<double>(samplers));
  const std::vector<double> law = law_of(factors.product(), replaced);
  std::vector<double> observed(law.size(), 0.0);
  for (Index at : cells)
    if (at >= 0) ++observed[static_cast<std::size_t>(at)];
  const ChiSquare chi = chi_square_test(observed, law);
  INFO("chi-square " << chi.statistic << " on " << chi.cells << " cells, p = " << chi.p_value);
  CHECK(chi.p_value >= significance::law);
}

}  // namespace

TEST_CASE("Two pairs without replacement follow their law", "[law][kronecker]") {
  for (std::size_t family = 0; family < 3; ++family) check_law_of(factor_families[family], false, trials(20'000));
}

TEST_CASE("Two pairs with replacement follow their law", "[law][kronecker]") {
  for (std::size_t family = 0; family < 3; ++family) check_law_of(factor_families[family], true, trials(20'000));
}
