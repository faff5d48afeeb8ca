/// @file
/// Window, sinks, and stripes of each block of queries.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

struct BlockStripeOptions {
  Index window = 64;  ///< keys nearest to the query
  Index sinks = 4;    ///< first keys, which all queries keep
  Index block = 64;   ///< queries that have their stripes in common
};

/// A window, sinks, and for each block of queries stripes of its own: keys that all its queries keep, as far as the
/// direction lets them see.
///
/// Time: construction O(m log m) of m stripes, then that of BandedMask; a row to hide takes the stripes of its block,
/// if some of them may be in its window. Memory: a word for each stripe of each block; attention gathers a copy of
/// each.
class BlockStripeMask {
 public:
  /// The stripes of each block of queries, in any order. @throws InvalidArgument as BandedMask does; unless 1 ≤ block,
  /// 0 ≤ sinks ≤ n_k, there is a list for each block of queries, and stripes are in [0, n_k)
  BlockStripeMask(Direction direction, Index queries, Index keys, std::vector<std::vector<Index>> stripes,
                  const BlockStripeOptions& options = {})
      : direction_(direction),
        pattern_{false, options.window, detail::first_keys(options.sinks, keys), {}},
        near_(pattern_.mask(direction, queries, keys)),
        block_(options.block),
        columns_(pattern_.columns) {
    detail::check_range(options.block, 1, max_dimension, "size of a block");
    detail::check_same_size(std::ssize(stripes), (queries + block_ - 1) / block_, "list of stripes");
    begins_.push_back(options.sinks);
    for (std::vector<Index>& list : stripes) {
      detail::check_indices(list, keys, "stripe");
      std::sort(list.begin(), list.end());
      const auto end = std::unique(list.begin(), list.end());
      columns_.insert(columns_.end(), std::lower_bound(list.begin(), end, options.sinks), end);
      begins_.push_back(std::ssize(columns_));
    }
  }

  Index queries() const { return near_.queries(); }
  Index keys() const { return near_.keys(); }
  /// The sinks, and behind them the stripes of one block after the other.
  std::span<const Index> columns() const { return columns_; }

  /// See AttentionMask.
  std::vector<KeyTile> tiles(IndexRange block) const {
    std::vector<KeyTile> tiles = near_.tiles(block);
    for (Index b = block.begin / block_; b * block_ < block.end; ++b) {
      const IndexRange rows = detail::intersection(block, {b * block_, (b + 1) * block_});
      const IndexRange places{begins_[static_cast<std::size_t>(b)], begins_[static_cast<std::size_t>(b) + 1]};
      if (!places.empty())
        tiles.push_back({rows, places, true, column(places.end - 1) >= window_of(rows.begin).begin, stripe_part});
    }
    return tiles;
  }

  /// See AttentionMask. What is in the window is not to be kept twice.
  Index hide(Index query, const KeyTile& tile, std::span<float> scores) const {
    if (tile.part != stripe_part) return near_.hide(query, tile, scores);
    const IndexRange window = window_of(query);
    const bool looks_ahead = direction_ == Direction::bidirectional;
    Index left = 0;
    for (Index place = tile.keys.begin; place < tile.keys.end; ++place) {
      const Index key = column(place);
      if (key < window.begin || (looks_ahead && key >= window.end))
        ++left;
      else
        scores[static_cast<std::size_t>(place - tile.keys.begin)] = hidden_score;
    }
    return left;
  }

 private:
  /// The part of a tile of stripes, which no band or gap of the rest has.
  static constexpr std::size_t stripe_part = std::numeric_limits<std::size_t>::max();

  Index column(Index place) const { return columns_[static_cast<std::size_t>(place)]; }
  IndexRange window_of(Index query) const { return pattern_.window_of(direction_, query + keys() - queries(), keys()); }

  Direction direction_;
  HeadPattern pattern_;
  BandedMask near_;
  Index block_;
  std::vector<Index> columns_, begins_;
};
static_assert(AttentionMask<BlockStripeMask>);

}  // namespace turnstile::inline v0
