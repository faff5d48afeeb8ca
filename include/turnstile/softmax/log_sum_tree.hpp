/// @file
/// Sums of exponentials of any size, over the blocks of a vector and over a tree above them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Σ_j exp(y_j/T) over some coordinates j, kept as top = max y_j and sum = Σ_j exp((y_j − top)/T), which
/// is in [1, number of them]: nothing overflows, whatever the scores. Of no coordinates: sum = 0.
struct LogSum {
  double top = -std::numeric_limits<double>::infinity();
  double sum = 0;
};

/// exp((score − top)/T) for score ≤ top, where score may be −∞ and score − top out of range.
inline double relative_weight(double score, double top, double temperature) {
  const double gap = score - top;
  return std::exp(std::isfinite(gap) ? gap / temperature : 2 * ((score / 2 - top / 2) / temperature));
}

/// The weight of a part relative to a whole of the given top.
inline double relative_weight(const LogSum& part, double top, double temperature) {
  return part.sum == 0 ? 0 : part.sum * relative_weight(part.top, top, temperature);
}

inline LogSum join(const LogSum& a, const LogSum& b, double temperature) {
  const double top = std::max(a.top, b.top);
  return {top, relative_weight(a, top, temperature) + relative_weight(b, top, temperature)};
}

/// The sums of blocks of 16 coordinates of y ∈ ℝⁿ, and a binary tree of joins above them: node 1 is the
/// root, node k has the children 2k and 2k + 1, the last ⌈n/16⌉ nodes are the blocks.
///
/// A node is a function of the scores below it alone: a change is followed by new joins along its path,
/// never by a subtraction. So no rounding stays behind, the tree is bit for bit the one built from the
/// scores as they are, and a maximum may move anywhere.
///
/// Time: a change 16 + log₂(n/16) exponentials. Memory: 2·⌈n/16⌉ pairs of doubles, 2n bytes. (Larger
/// blocks make changes slower, smaller ones the tree larger; a flat √n × √n table makes both worse.)
class LogSumTree {
 public:
  static constexpr Index block_size = 16;

  /// score_at(i) is y_i, for i < n. Time: O(n).
  template <class ScoreAt>
  LogSumTree(Index dimension, double temperature, ScoreAt score_at)
      : dimension_(dimension),
        temperature_(temperature),
        blocks_((dimension + block_size - 1) / block_size),
        nodes_(static_cast<std::size_t>(2 * blocks_)) {
    for (Index node = 2 * blocks_; node-- > 1;)
      at(node) = is_block(node) ? sum_of_block(node, score_at) : joined(node, *this);
  }

  /// To be called when y_i has changed.
  template <class ScoreAt>
  void refresh(Index index, ScoreAt score_at) {
    Index node = block_of(index);
    at(node) = sum_of_block(node, score_at);
    while ((node /= 2) > 0) at(node) = joined(node, *this);
  }

  double temperature() const { return temperature_; }
  const LogSum& operator[](Index node) const { return nodes_[static_cast<std::size_t>(node)]; }
  bool is_block(Index node) const { return node >= blocks_; }
  Index block_of(Index index) const { return blocks_ + index / block_size; }
  /// The coordinates [first, end) of a block.
  Index first_of(Index block) const { return (block - blocks_) * block_size; }
  Index end_of(Index block) const { return std::min(first_of(block) + block_size, dimension_); }

  /// What a block holds where y_i is score_at(i); −∞ stands for a coordinate that is not there.
  template <class ScoreAt>
  LogSum sum_of_block(Index block, ScoreAt score_at) const {
    LogSum result;
    for (Index i = first_of(block); i < end_of(block); ++i) result.top = std::max(result.top, double{score_at(i)});
    if (std::isinf(result.top)) return {};
    for (Index i = first_of(block); i < end_of(block); ++i)
      result.sum += relative_weight(score_at(i), result.top, temperature_);
    return result;
  }

  /// The join of a node's children, where node k holds nodes[k].
  template <class Nodes>
  LogSum joined(Index node, const Nodes& nodes) const {
    return join(nodes[2 * node], nodes[2 * node + 1], temperature_);
  }

  std::size_t heap_bytes() const { return nodes_.capacity() * sizeof(LogSum); }

 private:
  LogSum& at(Index node) { return nodes_[static_cast<std::size_t>(node)]; }

  Index dimension_;
  double temperature_;
  Index blocks_;
  std::vector<LogSum> nodes_;
};

}  // namespace turnstile::inline v0::detail
