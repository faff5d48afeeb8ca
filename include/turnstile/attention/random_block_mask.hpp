/// @file
/// Window, sinks and random blocks of keys.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0 {

struct RandomBlockOptions {
  Index window = 192;  ///< keys nearest to the query
  Index sinks = 64;    ///< first keys, which all queries keep
  Index block = 64;    ///< keys, and queries, in a block
  Index blocks = 3;    ///< random ones for each block of queries
  Seed seed = 0;
};

/// The pattern of BigBird (Zaheer et al., arXiv 2007.14062): a window, global keys, and for each block of
/// queries some whole blocks of keys, drawn without replacement from those that all its queries may see and
/// that hold no key of a window or sink; all of them where there are no more. Its global tokens are keys only:
/// they are seen by all queries, but do not see all keys themselves.
///
/// Time and memory: construction O((n_q/b)·(n_k/b)), then that of BandedMask.
class RandomBlockMask {
 public:
  /// @throws InvalidArgument as BandedMask does; unless there are 1 ≤ block keys in a block and 0 ≤ blocks
  RandomBlockMask(Direction direction, Index queries, Index keys, const RandomBlockOptions& options = {})
      : RandomBlockMask(direction, queries, keys, options,
                        HeadPattern{false, options.window, detail::first_keys(options.sinks, keys), {}}) {}

  Index queries() const { return near_.queries(); }
  Index keys() const { return near_.keys(); }
  std::span<const Index> columns() const { return near_.columns(); }

  /// See AttentionMask.
  std::vector<KeyTile> tiles(IndexRange block) const {
    std::vector<KeyTile> tiles = near_.tiles(block);
    for (Index b = block.begin / size_; b * size_ < block.end; ++b) {
      const IndexRange rows = detail::intersection(block, {b * size_, (b + 1) * size_});
      for (Index key_block : drawn_[static_cast<std::size_t>(b)])
        tiles.push_back({rows, {key_block * size_, (key_block + 1) * size_}, false, false, 0});
    }
    return tiles;
  }

  /// See AttentionMask. Random blocks are never partial.
  Index hide(Index query, const KeyTile& tile, std::span<float> scores) const {
    return near_.hide(query, tile, scores);
  }

 private:
  RandomBlockMask(Direction direction, Index queries, Index keys, const RandomBlockOptions& options,
                  const HeadPattern& pattern)
      : near_(pattern.mask(direction, queries, keys)), size_(options.block) {
    detail::check_range(options.block, 1, max_dimension, "size of a block");
    detail::check_range(options.blocks, 0, max_dimension, "number of random blocks");
    for (Index b = 0; b * size_ < queries; ++b) {
      const Index first = b * size_ + keys - queries, last = std::min((b + 1) * size_, queries) - 1 + keys - queries;
      const IndexRange near{pattern.window_of(direction, first, keys).begin,
                            pattern.window_of(direction, last, keys).end};
      const Index seen = direction == Direction::causal ? first + 1 : keys;
      std::vector<Index> free;
      for (Index k = (options.sinks + size_ - 1) / size_; (k + 1) * size_ <= seen; ++k)
        if ((k + 1) * size_ <= near.begin || k * size_ >= near.end) free.push_back(k);
      const Seed seed = derive_seed(options.seed, "block", static_cast<std::uint64_t>(b));
      drawn_.push_back(some_of(std::move(free), options.blocks, seed));
    }
  }

  /// The first steps of a Fisher-Yates shuffle.
  static std::vector<Index> some_of(std::vector<Index> free, Index count, Seed seed) {
    const MixHash words(seed);
    const std::size_t wanted = std::min(static_cast<std::size_t>(count), free.size());
    for (std::size_t i = 0; i < wanted; ++i) std::swap(free[i], free[i + words(i) % (free.size() - i)]);
    free.resize(wanted);
    return free;
  }

  BandedMask near_;
  Index size_;
  std::vector<std::vector<Index>> drawn_;
};
static_assert(AttentionMask<RandomBlockMask>);

}  // namespace turnstile::inline v0
