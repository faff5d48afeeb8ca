/// @file
/// Masks that list the keys of each query, and the list of those that matter most.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/attention/only_head.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// Each query keeps the keys of a list of its own: any mask at all. Scores are computed for all keys between
/// the first and the last that a block of queries keeps, and then hidden, so that it is a means of comparison
/// and not of saving time. Memory: a word for each pair that is kept.
class KeyListMask {
 public:
  /// The list of each query, in any order. @throws InvalidArgument unless there is a key and a query, and keys
  /// are in [0, n_k)
  KeyListMask(Index keys, std::vector<std::vector<Index>> lists) : keys_(keys), lists_(std::move(lists)) {
    detail::check_range(keys, 1, max_dimension, "number of keys");
    detail::check_range(std::ssize(lists_), 1, max_dimension, "number of queries");
    for (std::vector<Index>& list : lists_) {
      detail::check_indices(list, keys, "key");
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
  }

  Index queries() const { return std::ssize(lists_); }
  Index keys() const { return keys_; }
  std::span<const Index> columns() const { return {}; }
  /// The keys of a query, in ascending order.
  const std::vector<Index>& keys_of(Index query) const { return lists_[static_cast<std::size_t>(query)]; }

  /// See AttentionMask.
  std::vector<KeyTile> tiles(IndexRange block) const {
    IndexRange range{keys_, 0};
    for (Index query = block.begin; query < block.end; ++query) {
      if (keys_of(query).empty()) continue;
      range = {std::min(range.begin, keys_of(query).front()), std::max(range.end, keys_of(query).back() + 1)};
    }
    if (range.empty()) return {};
    return {{block, range, false, true, 0}};
  }

  /// See AttentionMask.
  Index hide(Index query, const KeyTile& tile, std::span<float> scores) const {
    const std::vector<Index>& list = keys_of(query);
    const auto first = std::lower_bound(list.begin(), list.end(), tile.keys.begin);
    const auto last = std::lower_bound(first, list.end(), tile.keys.end);
    auto hidden = scores.begin();  // all before it is settled
    for (auto key = first; key != last; ++key) {
      const auto kept = scores.begin() + (*key - tile.keys.begin);
      std::fill(hidden, kept, hidden_score);
      hidden = kept + 1;
    }
    std::fill(hidden, scores.end(), hidden_score);
    return last - first;
  }

 private:
  Index keys_;
  std::vector<std::vector<Index>> lists_;
};
static_assert(AttentionMask<KeyListMask>);

/// The oracle that no sampler can beat: each query of one head keeps those `count` of the keys it may see that
/// have its largest scores, of equal ones any. Time: that of all scores, O(n_q·n_k·d).
/// @throws InvalidArgument as DenseAttention does; unless there is one head of each and count ≥ 1
template <std::same_as<float> Scalar = float>
KeyListMask heaviest_keys(Direction direction, const Heads& queries, const Heads& keys, Index count) {
  const detail::HeadInputs head = detail::only_head<Scalar>(direction, queries, keys);
  detail::check_range(count, 1, max_dimension, "number of keys to keep");
  const detail::RowsOf<Scalar> query_rows = queries[0], key_rows = keys[0];
  std::vector<std::vector<Index>> lists;
  for (Index query = 0; query < queries.rows(); ++query) {
    const Index seen = head.seen(query);
    const Eigen::VectorX<Scalar> scores = key_rows.topRows(seen) * query_rows.row(query).transpose() * head.scale;
    std::vector<Index> order(static_cast<std::size_t>(seen));
    std::iota(order.begin(), order.end(), Index{0});
    const auto end = order.begin() + std::min(count, seen);
    std::nth_element(order.begin(), end - 1, order.end(), [&](Index a, Index b) { return scores[a] > scores[b]; });
    lists.emplace_back(order.begin(), end);
  }
  return {keys.rows(), std::move(lists)};
}

}  // namespace turnstile::inline v0
