#pragma once

#include <turnstile/attention/key_tile.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <vector>

// What a mask keeps, read off its tiles as the attention reads them.

namespace turnstile::testing {

// How often each pair of a query and a key is kept: 0 or 1 if the mask is as it ought to be. Blocks are not those
// that the attention asks for, so that no mask relies on them.
template <AttentionMask Mask>
Eigen::MatrixXi pairs_of(const Mask& mask, Index block_size = 100) {
  Eigen::MatrixXi pairs = Eigen::MatrixXi::Zero(mask.queries(), mask.keys());
  std::vector<float> scores;
  for (Index begin = 0; begin < mask.queries(); begin += block_size) {
    for (const KeyTile& tile : mask.tiles({begin, std::min(begin + block_size, mask.queries())})) {
      for (Index query = tile.queries.begin; query < tile.queries.end; ++query) {
        scores.assign(static_cast<std::size_t>(tile.keys.size()), 0.0f);
        if (tile.partial) mask.hide(query, tile, scores);
        for (std::size_t t = 0; t < scores.size(); ++t) {
          const Index place = tile.keys.begin + static_cast<Index>(t);
          const Index key = tile.gathered ? mask.columns()[static_cast<std::size_t>(place)] : place;
          pairs(query, key) += scores[t] == 0.0f;
        }
      }
    }
  }
  return pairs;
}

}  // namespace turnstile::testing
