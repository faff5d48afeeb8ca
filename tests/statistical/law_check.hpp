#pragma once

#include <turnstile/core/draw.hpp>
#include <turnstile/core/options.hpp>

#include "support/catch.hpp"
#include "support/law_groups.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

// Whether drawn indices follow their law. Quantity: the indices drawn from independent samplers, given
// that they drew. Law: |y_i|ᵖ/‖y‖ₚᵖ (max-stability of exponential variables; Jayaram and Woodruff 2018,
// section 2). One statement, at the level `significance::law`: χ² of all cells, neighbours pooled until
// ten draws are expected, and the heaviest index alone by an exact binomial test.

namespace turnstile::testing {

// The index drawn, or -1.
template <class D>
Index drawn_index(const DrawResult<D>& result) {
  return result ? result->index : Index{-1};
}

// The chance that one of `keys` keys with y_i = 0 that a draw looks at shares most of the winner's buckets,
// so that no sketch can tell the two apart: the law's 1/poly(n). At most 2ᴿ b^{−⌈R/2⌉} a key.
inline double mistaken_identity(Index keys, const SketchShape& shape) {
  const double majority = static_cast<double>(shape.rows / 2 + 1);
  return static_cast<double>(keys) * std::pow(2.0, static_cast<double>(shape.rows)) *
         std::pow(static_cast<double>(shape.buckets), -majority);
}

// TreeRecovery: a beam of 32 prefixes, 32 leaves each.
constexpr Index keys_read_by_tree = 32 * 32;

inline void check_failures(const std::vector<Index>& drawn) {
  const auto failed = std::count(drawn.begin(), drawn.end(), Index{-1});
  INFO(failed << " of " << drawn.size() << " draws failed");
  CHECK(static_cast<double>(failed) <= 0.01 * static_cast<double>(drawn.size()));
}

// Draws of indices outside the law's support are counted apart: as rare as `mistaken`.
inline void check_law(const std::vector<double>& law, const std::vector<Index>& drawn, double mistaken) {
  std::vector<double> counts(law.size(), 0.0);
  long sampled = 0, outside = 0;
  for (Index index : drawn) {
    if (index < 0) continue;
    ++sampled;
    const auto i = static_cast<std::size_t>(index);
    if (law[i] == 0)
      ++outside;
    else
      ++counts[i];
  }
  REQUIRE(sampled > 0);
  INFO(sampled << " draws, " << outside << " of coordinates that are zero");
  CHECK(binomial_upper_tail(outside, sampled, mistaken) >= significance::law);

  const LawGroups groups(law, 10.0 / static_cast<double>(sampled));
  if (groups.size() < 2) return;  // one coordinate has it all, and was drawn
  std::vector<double> observed(groups.size(), 0.0);
  for (std::size_t i = 0; i < law.size(); ++i) observed[groups.of_index[i]] += counts[i];
  const ChiSquare chi = chi_square_test(observed, groups.shares, 5);  // groups expect ten, up to rounding
  INFO("chi-square " << chi.statistic << " on " << chi.cells << " cells, p = " << chi.p_value);
  CHECK(chi.p_value >= significance::each_of(significance::law, 2));

  const auto heaviest = std::max_element(law.begin(), law.end()) - law.begin();
  const auto hits = static_cast<long>(counts[static_cast<std::size_t>(heaviest)]);
  INFO("index " << heaviest << " drawn " << hits << " times, expected "
                << law[static_cast<std::size_t>(heaviest)] * static_cast<double>(sampled - outside));
  CHECK(binomial_two_sided_p(hits, sampled - outside, law[static_cast<std::size_t>(heaviest)]) >=
        significance::each_of(significance::law, 2));
}

}  // namespace turnstile::testing
