#pragma once

#include <cstddef>

// The false-alarm budget of the whole suite, in one place.
//
// Every statistical test computes a p-value and compares it with one of the levels below; no
// critical value is typed in. Seeds are fixed, so a green suite stays green until code or a seed is
// changed. What the levels bound is the chance that a correct library, newly seeded, shows any red
// at all:
//
//   level     | one statement is                                      | statements | expected alarms
//   law       | "the drawn indices follow y_i²/‖y‖²" and the like     |   <= 260   |   <= 0.26
//   component | "this hash, variate or sketch has the stated moment"  |   <= 230   |   <= 0.023
//
// A table of many comparisons that must all hold is one statement: it compares each of its p-values
// with each_of(level, comparisons), Bonferroni's bound. A test that turns red after a change of
// seed alone is run with further seeds before the library is believed; its level is never widened.

namespace turnstile::testing::significance {

inline constexpr double law = 1e-3;
inline constexpr double component = 1e-4;

// The level of each of `comparisons` that make up one statement of the given level.
constexpr double each_of(double level, std::size_t comparisons) { return level / static_cast<double>(comparisons); }

}  // namespace turnstile::testing::significance
