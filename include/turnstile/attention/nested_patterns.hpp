/// @file
/// Ranking the diagonals and the columns of a head by what sampled rows have there.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/diagonal_choice.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Patterns of diagonals and columns, each level a part of the next: a diagonal or column belongs to a level by
/// its rate, the softmax mass that sampled rows have in it for each pair of a query and a key, which is the
/// order in which a budget of pairs is best spent.
///
/// Where the two cross, mass must not count twice: columns are rated outside the best diagonals, and then
/// diagonals outside the best columns. Diagonals are taken 64 at a time, as bands that products of matrices can
/// make use of. Time: three passes over the m·n_k weights of m rows. Memory: two bytes for each column and band.
template <class Scalar = float>
class NestedPatterns {
 public:
  using Level = std::uint16_t;
  static constexpr std::size_t levels = 1000;
  /// A number for each level, of all that belongs to it or to a level before.
  using ByLevel = std::array<double, levels>;

  NestedPatterns(const HeadInputs& head, const SampledRows<Scalar>& rows, Index sinks)
      : head_(head), columns_(count(head.keys.rows()), never), bands_(count(last_band() - first_band() + 1), never) {
    rate_bands(rows, never);
    const Level best = level_of_share(0.2);
    rate_columns(rows, best);
    rate_bands(rows, best);
    prefer_neighbours();
    keep_always(sinks);
  }

  /// Ranks anew for a budget: columns outside the very best bands, and bands outside the columns that there are when
  /// the budget is spent. That is better where weights are spread evenly, and columns, thinner, fit more closely.
  void prefer_columns(const SampledRows<Scalar>& rows, Index sinks, double budget) {
    rate_bands(rows, never);
    const Level best = level_of_share(0.01);
    rate_columns(rows, best);
    rate_bands(rows, best);
    prefer_neighbours();
    for (int pass = 0; pass < 2; ++pass) {
      rate_bands(rows, static_cast<Level>(last_within(budget)));
      prefer_neighbours();
    }
    keep_always(sinks);
  }

  /// Keeps no more bands than the budget has room for, a band being too much for what is left of it, which columns may
  /// still use.
  void spend(double budget) {
    const std::size_t last = last_within(budget);
    for (Level& band : bands_)
      if (band > last) band = never;
  }

  HeadPattern pattern(std::size_t level) const {
    HeadPattern pattern{false, 0, {}, {}};
    for (Index column = 0; column < keys(); ++column)
      if (columns_[count(column)] <= level) pattern.columns.push_back(column);
    for (Index band = first_band(); band <= last_band(); ++band)
      if (level_of_band(band) <= level) pattern.slashes.push_back({band * width, width});
    return pattern;
  }

  /// Pairs of a query and a key that a level keeps, of all that the direction allows. Time: O(n_q + n_k).
  double density(std::size_t level) const {
    const Index first = head_.place(0), last = head_.place(head_.queries.rows() - 1), least = nearest_distance(head_);
    std::vector<Index> free(count(last - least + 2), 0);  // before each distance, how many lie in no band
    double pairs = 0, all = 0;
    for (Index distance = least; distance <= last; ++distance) {
      const bool kept = level_of_band(band_of(distance)) <= level;
      const auto queries = static_cast<double>(std::min(last, keys() - 1 + distance) - std::max(first, distance) + 1);
      all += queries;
      pairs += kept ? queries : 0;
      free[count(distance - least + 1)] = free[count(distance - least)] + (kept ? 0 : 1);
    }
    for (Index key = 0; key < keys(); ++key)
      if (columns_[count(key)] <= level)
        pairs += static_cast<double>(free[count(last - key - least + 1)] -
                                     free[count(std::max(first - key, least) - least)]);
    return pairs / all;
  }

  /// How many levels have no more than a share of the pairs. Time: O((n_q + n_k) log levels).
  std::size_t levels_within(double share) const {
    std::size_t low = 0, high = levels;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (density(middle) <= share)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }
  /// The last of them; the first level if there is none.
  std::size_t last_within(double share) const { return std::max<std::size_t>(levels_within(share), 1) - 1; }

  /// The mass that each sampled row keeps at one level.
  std::vector<double> masses(const SampledRows<Scalar>& rows, std::size_t level) const {
    const Eigen::VectorX<Scalar> outside = columns_outside(static_cast<Level>(level));
    std::vector<double> masses;
    for (Index i = 0; i < rows.count(); ++i) {
      double lost = 0;
      for_each_band(rows.query(i), [&](Index band, IndexRange range) {
        if (level_of_band(band) > level) lost += mass_outside(rows, i, range, outside);
      });
      masses.push_back(1 - lost);
    }
    return masses;
  }

  /// The mass that a sampled row keeps, level by level.
  ByLevel kept(const SampledRows<Scalar>& rows, Index row) const {
    std::array<double, levels + 1> mass{};
    for_each_band(rows.query(row), [&](Index band, IndexRange range) {
      const Level along = level_of_band(band);
      for (Index key = range.begin; key < range.end; ++key)
        mass[std::min(along, columns_[count(key)])] += double{rows.weights(row)[key]};
    });
    ByLevel kept;
    std::partial_sum(mass.begin(), mass.end() - 1, kept.begin());
    return kept;
  }

 private:
  static constexpr Index width = 64;
  static constexpr Level never = levels;
  static constexpr double step = 1.0073;  // from the rate of one level to that of the level before
  static std::size_t count(Index size) { return static_cast<std::size_t>(size); }

  Index keys() const { return head_.keys.rows(); }
  /// The band of a distance, which is negative where a query looks ahead.
  static Index band_of(Index distance) { return (distance >= 0 ? distance : distance - width + 1) / width; }
  Index first_band() const { return head_.direction == Direction::causal ? 0 : band_of(head_.place(0) - keys() + 1); }
  Index last_band() const { return band_of(head_.place(head_.queries.rows() - 1)); }
  Level& level_of_band(Index band) { return bands_[count(band - first_band())]; }
  Level level_of_band(Index band) const { return bands_[count(band - first_band())]; }

  /// Level 0 begins at 64 times the rate of one unit spread evenly over all keys, each further one at 1/1.0073 of it.
  Level level_of_rate(double rate) const {
    const double steps = std::log(64 / (rate * static_cast<double>(keys()))) / std::log(step);
    return static_cast<Level>(std::clamp(std::ceil(steps), 0.0, static_cast<double>(never)));
  }

  /// Calls with each band and the keys that a query has in it.
  template <class Action>
  void for_each_band(Index query, const Action& action) const {
    const Index place = head_.place(query), seen = head_.seen(query);
    for (Index end = seen; end > 0;) {
      const Index band = band_of(place - (end - 1));
      const Index begin = std::max(place - (band + 1) * width + 1, Index{0});
      action(band, IndexRange{begin, end});
      end = begin;
    }
  }

  /// 1 for the columns that a level does not keep, 0 for those that it does.
  Eigen::VectorX<Scalar> columns_outside(Level level) const {
    Eigen::VectorX<Scalar> outside(keys());
    for (Index j = 0; j < keys(); ++j) outside[j] = level == never || columns_[count(j)] > level ? 1.0f : 0.0f;
    return outside;
  }
  static double mass_outside(const SampledRows<Scalar>& rows, Index row, IndexRange keys,
                             const Eigen::VectorX<Scalar>& outside) {
    const auto weights = rows.weights(row).segment(keys.begin, keys.size());
    return double{weights.dot(outside.segment(keys.begin, keys.size()))};
  }

  /// Rates bands by what lies outside the columns up to a level.
  void rate_bands(const SampledRows<Scalar>& rows, Level best) {
    const Eigen::VectorX<Scalar> outside = columns_outside(best);
    std::vector<Index> before(count(keys() + 1), 0);  // each key, how many columns lie outside
    for (Index j = 0; j < keys(); ++j) before[count(j + 1)] = before[count(j)] + (outside[j] > 0);
    Eigen::VectorXd mass = Eigen::VectorXd::Zero(std::ssize(bands_)), pairs = mass;
    for (Index i = 0; i < rows.count(); ++i) {
      for_each_band(rows.query(i), [&](Index band, IndexRange range) {
        mass[band - first_band()] += mass_outside(rows, i, range, outside);
        pairs[band - first_band()] += static_cast<double>(before[count(range.end)] - before[count(range.begin)]);
      });
    }
    for (Index b = 0; b < mass.size(); ++b) bands_[count(b)] = level_of_rate(mass[b] / (pairs[b] + double{width}));
  }

  /// Products are computed in vain at both edges of a band, about half a band's worth together, but not between
  /// neighbours: a band costs half as much more alone, and half as much less where it joins two.
  void prefer_neighbours() {
    const int twofold = static_cast<int>(std::log(2) / std::log(step));
    const int half_more = static_cast<int>(std::log(1.5) / std::log(step));
    const std::vector<Level> own = bands_;
    for (std::size_t b = 1; b + 1 < own.size(); ++b) {
      const int level = own[b], one = std::min(own[b - 1], own[b + 1]), both = std::max(own[b - 1], own[b + 1]);
      const int best = std::min({std::max(both, level - twofold), std::max(one, level), level + half_more});
      bands_[b] = static_cast<Level>(std::min(best, int{never}));
    }
  }

  /// Rates columns by what lies outside the bands up to a level. The row more by which the mass is divided keeps
  /// a column that few rows see from being rated by the luck of one.
  void rate_columns(const SampledRows<Scalar>& rows, Level best) {
    Eigen::ArrayX<Scalar> mass = Eigen::ArrayX<Scalar>::Zero(keys()), pairs = mass;
    for (Index i = 0; i < rows.count(); ++i) {
      for_each_band(rows.query(i), [&](Index band, IndexRange range) {
        if (level_of_band(band) <= best) return;
        mass.segment(range.begin, range.size()) += rows.weights(i).segment(range.begin, range.size()).array();
        pairs.segment(range.begin, range.size()) += 1;
      });
    }
    for (Index j = 0; j < keys(); ++j) columns_[count(j)] = level_of_rate(double{mass[j]} / (double{pairs[j]} + 1));
  }

  void keep_always(Index sinks) {
    for (Index sink = 0; sink < std::min(sinks, keys()); ++sink) columns_[count(sink)] = 0;
    for (Index near = first_band() < 0 ? -1 : 0; near <= 0; ++near) level_of_band(near) = 0;
  }

  /// The first level up to which the bands hold a share of all.
  Level level_of_share(double share) const {
    std::vector<Level> sorted(bands_);
    const auto place = sorted.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size()));
    std::nth_element(sorted.begin(), place, sorted.end());
    return *place;
  }

  HeadInputs head_;
  std::vector<Level> columns_, bands_;
};

}  // namespace turnstile::inline v0::detail
