/// @file
/// What a head attends to, and what is known of the mass that it keeps.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/band.hpp"
#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// A window of keys nearest to the query, diagonals, and columns that every query keeps; or all keys.
struct HeadPattern {
  bool dense = true;
  Index window = 0;                 ///< keys; in a bidirectional head half of them on either side
  std::vector<Index> columns = {};  ///< sinks and stripes, in ascending order
  std::vector<Slash> slashes = {};  ///< diagonals besides the window

  BandedMask mask(Direction direction, Index queries, Index keys) const {
    if (dense) return BandedMask(direction, queries, keys);
    std::vector<Slash> bands = slashes;
    if (window != 0 || slashes.empty()) bands.push_back({nearest(direction, window), window});
    return BandedMask(direction, queries, keys, std::move(bands), columns);
  }

  /// The keys that the query at a place keeps, of n_k, in ascending order.
  /// @throws InvalidArgument if there is no such place, or the columns go beyond n_k
  std::vector<Index> kept(Direction direction, Index place, Index keys) const {
    detail::check_index(place, keys, "place of a query");
    std::vector<IndexRange> ranges;
    if (dense) ranges.push_back({0, direction == Direction::causal ? place + 1 : keys});
    if (!dense && window > 0) ranges.push_back(window_of(direction, place, keys));
    for (const Slash& slash : slashes)
      ranges.push_back(detail::Band{-slash.distance, slash.width}.keys_of(place, keys));
    std::vector<Index> kept;
    for (const IndexRange& range : ranges)
      for (Index key = range.begin; key < range.end; ++key) kept.push_back(key);
    for (Index column : columns) {
      detail::check_index(column, keys, "column");
      if (direction == Direction::bidirectional || column <= place) kept.push_back(column);
    }
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    return kept;
  }

  /// The keys in the window of the query at a place.
  IndexRange window_of(Direction direction, Index place, Index keys) const {
    return detail::Band{-nearest(direction, window), window}.keys_of(place, keys);
  }

  /// The distance at which a window begins.
  static Index nearest(Direction direction, Index window) { return direction == Direction::causal ? 0 : -(window / 2); }
};

namespace detail {

/// The first keys, which are sinks. @throws InvalidArgument unless there are as many
inline std::vector<Index> first_keys(Index count, Index keys) {
  check_range(count, 0, keys, "number of sinks");
  std::vector<Index> first(static_cast<std::size_t>(count));
  std::iota(first.begin(), first.end(), Index{0});
  return first;
}

/// The share of its softmax mass that each sampled row keeps under a pattern. Time: O(m·n_k log n_k) for m rows.
template <class Scalar>
std::vector<double> kept_masses(const HeadInputs& head, const SampledRows<Scalar>& rows, const HeadPattern& pattern) {
  std::vector<double> masses;
  for (Index i = 0; i < rows.count(); ++i) {
    double mass = 0;
    for (Index key : pattern.kept(head.direction, head.place(rows.query(i)), head.keys.rows()))
      mass += double{rows.weights(i)[key]};
    masses.push_back(std::min(mass, 1.0));
  }
  return masses;
}

}  // namespace detail

}  // namespace turnstile::inline v0
