/// @file
/// The recipes by which a head finds its pattern.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "turnstile/attention/column_choice.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/mass_estimate.hpp"
#include "turnstile/attention/nested_patterns.hpp"
#include "turnstile/attention/sample_options.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/attention/segment_pattern.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0::detail {

struct FoundPattern {
  HeadPattern pattern;
  MassEstimate mass;
};

/// Finds a pattern for one head.
template <class Scalar = float>
class PatternSearch {
 public:
  PatternSearch(const HeadInputs& head, const SampleOptions& options, Seed seed)
      : head_(head), options_(options), seed_(seed) {}

  /// The mass is estimated from rows drawn apart from those that choose.
  FoundPattern operator()() const {
    if (options_.recipe == Recipe::calibrated) return calibrated();
    HeadPattern pattern =
        options_.recipe == Recipe::published ? published() : SegmentPattern<Scalar>(head_, options_)();
    add_sinks(pattern);
    const MassEstimate mass = verified(sample("verify", rows_at_once), pattern);
    return {std::move(pattern), mass};
  }

 private:
  using Nested = NestedPatterns<Scalar>;
  using ByLevel = typename Nested::ByLevel;

  /// Rows that are held at a time where no more are needed at once.
  static constexpr Index rows_at_once = 64;
  /// Fewer pairs than this share must do, or the head is computed densely: gathering and masks cost the rest.
  static constexpr double densest = 0.5;

  Index keys() const { return head_.keys.rows(); }
  Index queries() const { return head_.queries.rows(); }
  Index share_of_keys(double ratio) const {
    return std::max(Index{1}, static_cast<Index>(std::ceil(ratio * static_cast<double>(keys()))));
  }
  SampledRows<Scalar> sample(const char* purpose, Index count) const {
    const Index rows = std::clamp(count, Index{1}, queries());
    return {head_, stratified_queries(queries(), rows, derive_seed(seed_, purpose))};
  }
  MassEstimate judged(const std::vector<double>& masses) const {
    return estimate_of(masses, options_.mass, options_.confidence);
  }
  MassEstimate verified(const SampledRows<Scalar>& rows, const HeadPattern& pattern) const {
    return judged(kept_masses(head_, rows, pattern));
  }
  bool enough(const MassEstimate& mass) const {
    return mass.covered_bound >= options_.coverage && mass.mean >= options_.mass;
  }

  /// Stage 1: every (1/row_ratio)-th row. Stage 2: the heaviest columns outside the window that, with the
  /// window, bring the sampled rows' mean mass to α.
  HeadPattern published() const {
    const Index stride = std::max(Index{1}, static_cast<Index>(std::llround(1 / options_.row_ratio)));
    const Index window = share_of_keys(options_.window_ratio);
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(keys());
    const Index count = std::max(Index{1}, queries() / stride);
    for (Index first = 0; first < count; first += rows_at_once) {
      std::vector<Index> chosen;
      for (Index i = first; i < std::min(first + rows_at_once, count); ++i)
        chosen.push_back(std::min((i + 1) * stride, queries()) - 1);
      sums += column_masses<Scalar>(head_, {head_, std::move(chosen)}, window);
    }
    const double in_window = static_cast<double>(count) - sums.sum();
    const double wanted = options_.mass * static_cast<double>(count) - in_window;
    return {false, window, heaviest_columns(sums, wanted), {}};
  }

  void add_sinks(HeadPattern& pattern) const {
    for (Index sink = 0; sink < std::min(options_.sinks, keys()); ++sink) pattern.columns.push_back(sink);
    std::sort(pattern.columns.begin(), pattern.columns.end());
    pattern.columns.erase(std::unique(pattern.columns.begin(), pattern.columns.end()), pattern.columns.end());
  }

  bool budgeted() const { return options_.budget < 1; }

  Index calibrating_rows(double ratio) const {
    return std::clamp(static_cast<Index>(ratio * static_cast<double>(queries())), Index{128}, Index{768});
  }

  FoundPattern calibrated() const {
    if (budgeted()) return within_budget(calibrating_rows(2 * options_.row_ratio));
    if (hopeless(sample("look", 16))) return {};
    return sparse_if_reached(calibrating_rows(options_.row_ratio));
  }

  /// A budget is spent in two rankings, of diagonals and columns together and of columns alone. How well depends on how
  /// many keys the rows that rank have seen; a third as many choose one of the two, and others verify it.
  FoundPattern within_budget(Index rows) const {
    const SampledRows<Scalar> choosing = sample("choose", rows), comparing = sample("compare", rows / 3);
    Nested nested(head_, choosing, options_.sinks), columns = nested;
    columns.prefer_columns(choosing, options_.sinks, options_.budget);
    nested.spend(options_.budget);
    columns.spend(options_.budget);
    const bool better = mass_within_budget(columns, comparing) > mass_within_budget(nested, comparing);
    const Nested& chosen = better ? columns : nested;
    return sparsest(chosen, sample("verify", rows / 3), chosen.last_within(options_.budget) + 1);
  }

  /// Diagonals and columns ranked on two thirds of the rows, and the density chosen on the other third. Where the
  /// densest pattern does not even do for the rows that chose it, or not for those that verify, the head is dense, and
  /// what it takes to tell the others apart is saved.
  FoundPattern sparse_if_reached(Index rows) const {
    const SampledRows<Scalar> choosing = sample("choose", rows - rows / 3);
    const Nested nested(head_, choosing, options_.sinks);
    const std::size_t candidates = nested.levels_within(densest);
    const auto reached = [&](const SampledRows<Scalar>& judges) {
      return candidates > 0 && enough(judged(nested.masses(judges, candidates - 1)));
    };
    if (!reached(choosing)) return {};
    const SampledRows<Scalar> verifying = sample("verify", rows / 3);
    return reached(verifying) ? sparsest(nested, verifying, candidates) : FoundPattern{};
  }

  double mass_within_budget(const Nested& nested, const SampledRows<Scalar>& rows) const {
    const std::size_t last = nested.last_within(options_.budget);
    double sum = 0;
    for (Index i = 0; i < rows.count(); ++i) sum += nested.kept(rows, i)[last];
    return sum;
  }

  /// From the densest candidate on, as long as the bound on the share of rows that keep the mass is what is wanted.
  /// Tests in a fixed order that stop at the first failure need no correction for their number, so that the confidence
  /// is that of one.
  FoundPattern sparsest(const Nested& nested, const SampledRows<Scalar>& verifying, std::size_t candidates) const {
    std::vector<ByLevel> kept;
    for (Index i = 0; i < verifying.count(); ++i) kept.push_back(nested.kept(verifying, i));
    std::size_t chosen = Nested::levels;  // none
    MassEstimate known;
    for (std::size_t level = candidates; level-- > 0;) {
      std::vector<double> masses;
      for (const ByLevel& row : kept) masses.push_back(row[level]);
      const MassEstimate mass = judged(masses);
      const bool needed = budgeted() && chosen == Nested::levels;  // the densest that the budget allows
      if (enough(mass) || needed) {
        chosen = level;
        known = mass;
      }
      if (!enough(mass)) break;
    }
    if (chosen == Nested::levels) return {};
    HeadPattern pattern = nested.pattern(chosen);
    // The bound holds for rows that stopped the search, but their mean does not: it stopped where that was just enough.
    const MassEstimate fresh = verified(sample("judge", rows_at_once), pattern);
    known.mean = fresh.mean;
    known.standard_error = fresh.standard_error;
    known.mean_bound = fresh.mean_bound;
    return {std::move(pattern), known};
  }

  /// Whether too many rows do not reach the mass even with those keys, as many as the densest pattern has,
  /// that are the heaviest of each. Looks at no more rows than decide it.
  bool hopeless(const SampledRows<Scalar>& rows) const {
    const double wanted = options_.coverage * static_cast<double>(rows.count());
    Index reaching = 0;
    for (Index i = 0; i < rows.count() && static_cast<double>(reaching) < wanted; ++i) {
      if (static_cast<double>(reaching + rows.count() - i) < wanted) return true;
      Eigen::VectorX<Scalar> weights = rows.weights(i);
      const auto kept = static_cast<std::ptrdiff_t>(std::ceil(densest * static_cast<double>(weights.size())));
      std::nth_element(weights.begin(), weights.begin() + kept - 1, weights.end(), std::greater<>());
      if (double{weights.head(kept).sum()} >= options_.mass) ++reaching;
    }
    return static_cast<double>(reaching) < wanted;
  }

  HeadInputs head_;
  SampleOptions options_;
  Seed seed_;
};

}  // namespace turnstile::inline v0::detail
