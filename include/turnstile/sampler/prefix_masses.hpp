/// @file
/// What successive searches of one sketch need not find out again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "turnstile/sampler/search.hpp"

namespace turnstile::inline v0::detail {

/// The masses of the prefixes of a tree's first level, from one search to the next: a key that is taken out changes R
/// of its cells, and the masses of the few prefixes that one of them belongs to.
/// Memory: a word and a number a prefix.
template <class Scalar>
class PrefixMasses {
 public:
  /// The `width` of largest mass among `count` prefixes, in no order; all if there are no more. Time: R and a median a
  /// prefix at first; later R hashes a prefix for each key that changed.
  template <class Operator, class Cells>
  std::vector<Index> heaviest(const Operator& op, const Cells& cells, Index count, Index width) {
    if (count <= width) return first_prefixes(count);
    if (scored_.empty()) scored_ = score_prefixes(op, cells, 0, first_prefixes(count));
    for (Index key : changed_) read_again(op, cells, key >> op.shift(0));
    changed_.clear();
    return heaviest_of(scored_, static_cast<std::size_t>(width));
  }

  /// Tells that the cells of a key are others than they were at the last search.
  void changed(Index key) {
    if (!scored_.empty()) changed_.push_back(key);
  }

 private:
  static std::vector<Index> first_prefixes(Index count) {
    std::vector<Index> prefixes(static_cast<std::size_t>(count));
    std::iota(prefixes.begin(), prefixes.end(), Index{0});
    return prefixes;
  }

  template <class Operator, class Cells>
  void read_again(const Operator& op, const Cells& cells, Index prefix) {
    for (const ScoredPrefix<Scalar>& scored : score_prefixes(op, cells, 0, sharing(op, prefix)))
      scored_[static_cast<std::size_t>(scored.prefix)] = scored;
  }

  // The prefixes that have a cell in common with this one, itself among them.
  template <class Operator>
  std::vector<Index> sharing(const Operator& op, Index prefix) const {
    std::vector<Index> found;
    for (Index row = 0; row < op.shape().rows; ++row) append_prefixes_of(op, row, op.cell(0, row, prefix), found);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

  // Most blocks have none, which a loop without a branch finds out.
  template <class Operator>
  void append_prefixes_of(const Operator& op, Index row, Index cell, std::vector<Index>& found) const {
    constexpr Index block = 256;
    for (Index first = 0; first < std::ssize(scored_); first += block) {
      const Index end = std::min(first + block, std::ssize(scored_));
      Index any = 0;  // as wide as what is compared, or compilers make no vectors of it
      for (Index prefix = first; prefix < end; ++prefix) any |= static_cast<Index>(op.cell(0, row, prefix) == cell);
      if (any == 0) continue;
      for (Index prefix = first; prefix < end; ++prefix)
        if (op.cell(0, row, prefix) == cell) found.push_back(prefix);
    }
  }

  std::vector<ScoredPrefix<Scalar>> scored_;  // prefix by prefix
  std::vector<Index> changed_;                // keys since the last search
};

}  // namespace turnstile::inline v0::detail
