// How much of the softmax mass of its rows a mask keeps.
#pragma once

#include <turnstile/attention/key_tile.hpp>
#include <turnstile/attention/sampled_rows.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace bench {

using turnstile::Index;

// What a query keeps: its mass, and whether the key that it weighs most is there.
struct Kept {
  double mass = 0;
  float heaviest = 0;
  bool argmax = false;
};

// What each of the queries of a block keeps.
template <turnstile::AttentionMask Mask>
std::vector<Kept> block_recall(const turnstile::detail::HeadInputs& head, const Mask& mask,
                               turnstile::IndexRange block) {
  std::vector<Index> queries(static_cast<std::size_t>(block.size()));
  std::iota(queries.begin(), queries.end(), block.begin);
  const turnstile::detail::SampledRows rows(head, queries);
  std::vector<Kept> kept(queries.size());
  std::vector<float> weights;
  for (const turnstile::KeyTile& tile : mask.tiles(block)) {
    for (Index query = tile.queries.begin; query < tile.queries.end; ++query) {
      const Index row = query - block.begin;
      const auto seen = rows.weights(row);
      weights.clear();
      for (Index place = tile.keys.begin; place < tile.keys.end; ++place) {
        const Index key = tile.gathered ? mask.columns()[static_cast<std::size_t>(place)] : place;
        weights.push_back(key < seen.size() ? seen[key] : 0);
      }
      if (tile.partial) mask.hide(query, tile, weights);
      Kept& own = kept[static_cast<std::size_t>(row)];
      for (const float weight : weights) own.mass += std::max(double{weight}, 0.0);
      for (const float weight : weights) own.heaviest = std::max(own.heaviest, weight);
    }
  }
  for (std::size_t i = 0; i < kept.size(); ++i)
    kept[i].argmax = kept[i].heaviest == rows.weights(static_cast<Index>(i)).maxCoeff();
  return kept;
}

struct Recall {
  double mean, one_percent, tenth;  // of the rows, and the quantiles below which 1 % and 10 % of them lie
  double argmax;                    // the share of rows that keep the key that they weigh most
};

// Of blocks of 64 queries, `stride` blocks apart.
template <turnstile::AttentionMask Mask>
Recall recall_of(const turnstile::detail::HeadInputs& head, const Mask& mask, Index stride) {
  std::vector<double> all;
  double argmax = 0;
  for (Index begin = 0; begin < mask.queries(); begin += 64 * stride) {
    for (const Kept& kept : block_recall(head, mask, {begin, std::min(begin + 64, mask.queries())})) {
      all.push_back(kept.mass);
      argmax += kept.argmax;
    }
  }
  std::sort(all.begin(), all.end());
  const auto count = static_cast<double>(all.size());
  const auto quantile = [&](double share) { return all[static_cast<std::size_t>(share * count)]; };
  return {std::accumulate(all.begin(), all.end(), 0.0) / count, quantile(0.01), quantile(0.1), argmax / count};
}

}  // namespace bench
