/// @file
/// Masks made of diagonals and columns: dense, causal, windows, sinks, stripes, slashes.
#pragma once

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/band.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// Neighbouring diagonals: a query keeps the `width` keys that end `distance` before its own place.
/// {0, w} is a window of the last w keys, {−w/2, w} one around the query.
struct Slash {
  Index distance = 0, width = 1;
};

/// Each query keeps some diagonals, and some columns: keys that all queries keep, as far as the direction
/// lets them see. The place of query q of n_q is q + n_k − n_q.
///
/// StreamingLLM's mask (arXiv 2309.17453) is a window and the columns 0 … s − 1; that of SampleAttention
/// (arXiv 2406.15486) a window and stripes; that of MInference (arXiv 2407.02490) diagonals and stripes.
///
/// Time: construction O(m log m) of m diagonals and columns, then O(diagonals + log columns) for a block of
/// queries and O(log columns) for a row to hide. Memory: a word for each column.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   using turnstile::BandedMask, turnstile::Direction;
///   const BandedMask mask(Direction::causal, 1000, 1000, {{0, 64}}, {0, 1, 2, 3, 250, 500});
///   return mask.columns().size() == 6 && mask.tiles({900, 1000}).front().keys.end == 900 ? 0 : 1;
/// }
/// @endcode
class BandedMask {
 public:
  /// All keys that the direction lets a query see. @throws InvalidArgument as below
  BandedMask(Direction direction, Index queries, Index keys)
      : BandedMask(direction, queries, keys, {{nearest(direction, queries, keys), 2 * (queries + keys)}}, {}) {}

  /// The slashes, which may overlap, and the columns, in any order.
  /// @throws InvalidArgument unless there is a query and a key, widths are positive, columns are in [0, n_k),
  /// and in a causal mask, no query looks ahead: n_q ≤ n_k, distances from 0
  BandedMask(Direction direction, Index queries, Index keys, std::vector<Slash> slashes, std::vector<Index> columns)
      : queries_(queries), keys_(keys), columns_(std::move(columns)) {
    check_sizes(direction);
    for (const Slash& slash : slashes) check_slash(slash, direction);
    detail::check_indices(columns_, keys, "column");
    std::sort(columns_.begin(), columns_.end());
    columns_.erase(std::unique(columns_.begin(), columns_.end()), columns_.end());
    std::sort(slashes.begin(), slashes.end(), [](const Slash& a, const Slash& b) { return a.distance < b.distance; });
    join(slashes, nearest(direction, queries, keys));
  }

  Index queries() const { return queries_; }
  Index keys() const { return keys_; }
  std::span<const Index> columns() const { return columns_; }

  /// See AttentionMask.
  std::vector<KeyTile> tiles(IndexRange block) const {
    std::vector<KeyTile> tiles;
    for (std::size_t b = 0; b < bands_.size(); ++b) detail::add_band(bands_[b], block, keys_, b, tiles);
    for (std::size_t g = 0; g < gaps_.size() && !columns_.empty(); ++g) {
      const IndexRange first = columns_in_gap(g, block.begin), last = columns_in_gap(g, block.end - 1);
      for (const auto& [range, partial] : detail::shared_and_edges(first, last))
        tiles.push_back({block, range, true, partial, g});
    }
    return tiles;
  }

  /// See AttentionMask.
  Index hide(Index query, const KeyTile& tile, std::span<float> scores) const {
    const IndexRange kept = tile.gathered ? columns_in_gap(tile.part, query) : bands_[tile.part].keys_of(query, keys_);
    return detail::hide_outside(kept, tile.keys, scores);
  }

 private:
  static constexpr Index longest = max_dimension / 8;  // so that no sum of a few leaves the range of an Index

  /// The distance at which what a query may see begins.
  static Index nearest(Direction direction, Index queries, Index keys) {
    return direction == Direction::causal ? 0 : -(queries + keys);
  }

  void check_sizes(Direction direction) const {
    detail::check_range(keys_, 1, longest, "number of keys");
    detail::check_range(queries_, 1, direction == Direction::causal ? keys_ : longest, "number of queries");
  }

  void check_slash(const Slash& slash, Direction direction) const {
    detail::check_range(slash.distance, nearest(direction, queries_, keys_), longest, "distance of a slash");
    detail::check_range(slash.width, 1, longest, "width of a slash");
  }

  /// Turns sorted slashes into disjoint bands, and what lies between them into gaps.
  void join(const std::vector<Slash>& slashes, Index nearest_seen) {
    Index seen = nearest_seen;
    for (const Slash& slash : slashes) {
      const Index begin = std::max(slash.distance, seen), end = std::max(slash.distance + slash.width, seen);
      if (begin > seen) gaps_.push_back(band(seen, begin - seen));
      if (begin > seen || bands_.empty())
        bands_.push_back(band(begin, end - begin));
      else
        bands_.back().width += end - begin;
      seen = end;
    }
    gaps_.push_back(band(seen, 2 * (queries_ + keys_)));
  }
  detail::Band band(Index distance, Index width) const { return {keys_ - queries_ - distance, width}; }

  /// The places in the list of columns of those that a query keeps for not lying in a band.
  IndexRange columns_in_gap(std::size_t gap, Index query) const {
    const IndexRange keys = gaps_[gap].keys_of(query, keys_);
    return {place_of(keys.begin), place_of(keys.end)};
  }
  Index place_of(Index key) const { return std::lower_bound(columns_.begin(), columns_.end(), key) - columns_.begin(); }

  Index queries_, keys_;
  std::vector<Index> columns_;
  std::vector<detail::Band> bands_, gaps_;
};
static_assert(AttentionMask<BandedMask>);

}  // namespace turnstile::inline v0
