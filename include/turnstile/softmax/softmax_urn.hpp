/// @file
/// An urn of coordinates, each drawn in proportion to the exponential of its score.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "turnstile/core/types.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/variates.hpp"
#include "turnstile/softmax/log_sum_tree.hpp"

namespace turnstile::inline v0::detail {

/// The coordinates of y that have not been taken out yet. Looks at the scores and their tree, which must
/// outlive it unchanged; what is different from them is kept apart.
///
/// Time: a draw, a search for the largest or a removal O(log n). Memory: O(log n) for each removal.
template <class Scalar>
class SoftmaxUrn {
 public:
  SoftmaxUrn(const LogSumTree& tree, std::span<const Scalar> scores) : tree_(tree), scores_(scores) {}

  /// i with probability exp(y_i/T)/Σ_j exp(y_j/T) over what is left, by one coin for each level of the
  /// tree and one in the block. Something must be left.
  Index draw(const MixHash& words) const {
    std::uint64_t toss = 0;
    const Index block = descend([&](const LogSum& left, const LogSum& right) {
      const double top = std::max(left.top, right.top);
      const double left_weight = relative_weight(left, top, tree_.temperature());
      const double right_weight = relative_weight(right, top, tree_.temperature());
      return uniform_variate(words(toss++)) * (left_weight + right_weight) < left_weight;
    });
    const LogSum whole = (*this)[block];
    double place = uniform_variate(words(toss)) * whole.sum;
    Index drawn = -1;
    for (Index i = tree_.first_of(block); i < tree_.end_of(block) && place >= 0; ++i) {
      const double weight = relative_weight(score(i), whole.top, tree_.temperature());
      if (weight == 0) continue;
      drawn = i;  // also where rounding carries the place past the last weight
      place -= weight;
    }
    return drawn;
  }

  /// A coordinate of the largest score. Something must be left.
  Index largest() const {
    const Index block = descend([](const LogSum& left, const LogSum& right) { return left.top >= right.top; });
    Index i = tree_.first_of(block);
    while (score(i) != (*this)[block].top) ++i;
    return i;
  }

  void remove(Index index) {
    removed_.insert(index);
    Index node = tree_.block_of(index);
    changed_[node] = tree_.sum_of_block(node, [this](Index i) { return score(i); });
    while ((node /= 2) > 0) changed_[node] = tree_.joined(node, *this);
  }

  /// A node of the tree, of what is left.
  LogSum operator[](Index node) const {
    const auto found = changed_.find(node);
    return found == changed_.end() ? tree_[node] : found->second;
  }

 private:
  double score(Index i) const {
    return removed_.contains(i) ? -std::numeric_limits<double>::infinity()
                                : static_cast<double>(scores_[static_cast<std::size_t>(i)]);
  }

  // From the root to a block; goes_left says where to turn.
  template <class GoesLeft>
  Index descend(GoesLeft goes_left) const {
    Index node = 1;
    while (!tree_.is_block(node)) node = 2 * node + (goes_left((*this)[2 * node], (*this)[2 * node + 1]) ? 0 : 1);
    return node;
  }

  const LogSumTree& tree_;
  std::span<const Scalar> scores_;
  std::unordered_map<Index, LogSum> changed_;
  std::unordered_set<Index> removed_;
};

}  // namespace turnstile::inline v0::detail
