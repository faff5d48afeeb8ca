/// @file
/// Keys at a fixed distance from their query.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <vector>

#include "turnstile/attention/key_tile.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Query q keeps the `width` keys that end with key q + offset, as far as there are such keys.
struct Band {
  Index offset, width;

  /// The keys of a query, of n_k.
  IndexRange keys_of(Index query, Index key_count) const {
    const Index end = std::clamp(query + offset + 1, Index{0}, key_count);
    return {std::clamp(query + offset + 1 - width, Index{0}, end), end};
  }
};

/// What the first query of a block keeps and what the last does, both ends growing from query to query, cut
/// into what all of them keep and the edges that only some do; empty pieces are left out.
struct RangePiece {
  IndexRange range;
  bool partial;
};
inline std::vector<RangePiece> shared_and_edges(IndexRange first, IndexRange last) {
  const IndexRange shared = intersection(first, last);
  const std::array<RangePiece, 3> pieces =
      shared.empty() ? std::array<RangePiece, 3>{{{{first.begin, last.end}, true}, {{}, true}, {{}, true}}}
                     : std::array<RangePiece, 3>{
                           {{{first.begin, shared.begin}, true}, {shared, false}, {{shared.end, last.end}, true}}};
  std::vector<RangePiece> result;
  std::copy_if(pieces.begin(), pieces.end(), std::back_inserter(result),
               [](const RangePiece& piece) { return !piece.range.empty(); });
  return result;
}

/// Keys at the ends of a band are taken in pieces of this many, so that few pairs are computed in vain.
inline constexpr Index band_edge = 32;

/// Partial tiles of some keys: each with those queries of the block that the band may lead to it.
inline void add_edge(const Band& band, IndexRange block, IndexRange range, std::size_t part,
                     std::vector<KeyTile>& tiles) {
  for (Index begin = range.begin; begin < range.end; begin += band_edge) {
    const IndexRange keys{begin, std::min(begin + band_edge, range.end)};
    const IndexRange reaching{keys.begin - band.offset, keys.end - 1 - band.offset + band.width};
    const IndexRange queries = intersection(block, reaching);
    if (!queries.empty()) tiles.push_back({queries, keys, false, true, part});
  }
}

/// Partial tiles of a band so narrow that no key is kept by all queries of the block: a few queries each.
inline void add_narrow(const Band& band, IndexRange block, Index key_count, std::size_t part,
                       std::vector<KeyTile>& tiles) {
  for (Index begin = block.begin; begin < block.end; begin += band_edge) {
    const IndexRange queries{begin, std::min(begin + band_edge, block.end)};
    IndexRange keys{band.keys_of(begin, key_count).begin, band.keys_of(queries.end - 1, key_count).end};
    if (keys.empty()) continue;
    keys.begin = std::max(keys.end - (keys.size() + 15) / 16 * 16, Index{0});  // whole registers of a product
    tiles.push_back({queries, keys, false, true, part});
  }
}

/// The tiles of a band for a block of queries.
inline void add_band(const Band& band, IndexRange block, Index key_count, std::size_t part,
                     std::vector<KeyTile>& tiles) {
  const IndexRange first = band.keys_of(block.begin, key_count), last = band.keys_of(block.end - 1, key_count);
  if (intersection(first, last).empty()) return add_narrow(band, block, key_count, part, tiles);
  for (const auto& [range, partial] : shared_and_edges(first, last)) {
    if (partial)
      add_edge(band, block, range, part, tiles);
    else
      tiles.push_back({block, range, false, false, part});
  }
}

}  // namespace turnstile::inline v0::detail
