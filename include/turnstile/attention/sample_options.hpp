/// @file
/// How SampleAttention samples.
#pragma once

#include <string_view>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

enum class Recipe {
  published,  ///< arXiv 2406.15486, versions 1 and 2: window, sinks and column stripes
  segmented,  ///< its version 3: blocks of columns and of diagonals, from the tails of query segments
  calibrated  ///< diagonals and columns, chosen on some sampled rows and verified on others
};

/// The names and defaults of the publication, and those of the calibrated recipe.
struct SampleOptions {
  Recipe recipe = Recipe::calibrated;
  double mass = 0.95;          ///< α, the share of the softmax mass to keep
  double row_ratio = 0.05;     ///< of the queries, those that are sampled; twice as many to spend a budget
  double window_ratio = 0.08;  ///< published: of the keys, those in the window
  Index sinks = 4;             ///< first keys that are always kept
  double coverage = 0.5;       ///< calibrated: the share of rows that keep `mass`, as they all do on average …
  double confidence = 0.95;    ///< … with at least this probability over the sample
  double budget = 1;           ///< calibrated: the largest density; below 1 no head is dense; 64 keys are always kept
  double column_mass = 0.9;    ///< segmented: α_c, the share of the mass that the kept blocks of columns have …
  double slash_mass = 0.9;     ///< … and α_s, those of diagonals; `mass` is then only what the report judges by
  Seed seed = 0;               ///< of the rows that are sampled
};

namespace detail {

inline void check_share(double share, bool may_be_one, std::string_view what) {
  if (!(share > 0 && (share < 1 || (may_be_one && share == 1))))
    raise(what, " is ", share, ", outside (0, 1", may_be_one ? "]" : ")");
}

inline void check_options(const SampleOptions& options) {
  check_share(options.mass, true, "mass");
  check_share(options.row_ratio, true, "row ratio");
  check_share(options.window_ratio, true, "window ratio");
  check_share(options.budget, true, "budget");
  check_share(options.column_mass, true, "column mass");
  check_share(options.slash_mass, true, "slash mass");
  check_share(options.coverage, false, "coverage");
  check_share(options.confidence, false, "confidence");
  check_range(options.sinks, 0, max_dimension, "number of sinks");
}

}  // namespace detail

}  // namespace turnstile::inline v0
