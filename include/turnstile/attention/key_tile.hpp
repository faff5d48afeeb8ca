/// @file
/// The pieces in which a mask gives its keys, and what every mask must tell.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// The integers of [begin, end).
struct IndexRange {
  Index begin = 0, end = 0;

  Index size() const { return end - begin; }
  bool empty() const { return end <= begin; }

  friend bool operator==(const IndexRange&, const IndexRange&) = default;
};

/// Some queries, and keys that they look at.
struct KeyTile {
  IndexRange queries;
  IndexRange keys;        ///< rows of K; of a gathered tile, places in the mask's list of columns
  bool gathered = false;  ///< the keys are some of the mask's columns
  bool partial = false;   ///< not all of these queries keep all of these keys: the mask's `hide` says which
  std::size_t part = 0;   ///< for the mask's own use
};

/// Which keys each query looks at.
///
/// `tiles(block)` covers what the queries of a block keep, no pair of a query and a key more than once.
/// `hide(query, tile, scores)` is asked for the rows of partial tiles, or of parts of their keys: it
/// overwrites by `hidden_score` the scores of keys that the query does not keep and returns how many are
/// left. `columns()` are keys, in any order, that many queries share: they are gathered once, and
/// then read as if they were neighbours. Const members are called from several threads at once.
template <class M>
concept AttentionMask = requires(const M& mask, Index query, IndexRange block, const KeyTile& tile,
                                 std::span<float> scores) {
  { mask.queries() } -> std::same_as<Index>;
  { mask.keys() } -> std::same_as<Index>;
  { mask.columns() } -> std::convertible_to<std::span<const Index>>;
  { mask.tiles(block) } -> std::same_as<std::vector<KeyTile>>;
  { mask.hide(query, tile, scores) } -> std::same_as<Index>;
};

/// The score of a key that a query does not see.
inline constexpr float hidden_score = -std::numeric_limits<float>::infinity();

namespace detail {

inline IndexRange intersection(IndexRange a, IndexRange b) {
  return {std::max(a.begin, b.begin), std::min(a.end, b.end)};
}

/// Hides the scores of a tile's keys outside [kept.begin, kept.end); returns how many are left.
inline Index hide_outside(IndexRange kept, IndexRange keys, std::span<float> scores) {
  const Index first = std::clamp(kept.begin - keys.begin, Index{0}, keys.size());
  const Index last = std::clamp(kept.end - keys.begin, first, keys.size());
  std::fill(scores.begin(), scores.begin() + first, hidden_score);
  std::fill(scores.begin() + last, scores.end(), hidden_score);
  return last - first;
}

}  // namespace detail

}  // namespace turnstile::inline v0
