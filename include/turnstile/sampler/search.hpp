/// @file
/// The steps that searches of a sketch are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "turnstile/detail/median.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0::detail {

/// Leaves the `width` prefixes of largest mass in the beam, in no order: the mass of a prefix is the median of its
/// |counters| at this level. Time: R and a median a prefix. Memory: a word and a number a prefix.
template <class Operator, class Cells>
void keep_heaviest(const Operator& op, const Cells& cells, Index level, std::size_t width, std::vector<Index>& beam) {
  using Scalar = typename Cells::scalar_type;
  if (beam.size() <= width) return;
  struct Scored {
    Scalar mass;
    Index prefix;
  };
  std::vector<Scored> scored;
  scored.reserve(beam.size());
  std::vector<Scalar> readings(static_cast<std::size_t>(op.shape().rows));
  for (Index prefix : beam) {
    for (Index row = 0; row < op.shape().rows; ++row)
      readings[static_cast<std::size_t>(row)] = std::abs(cells[op.cell(level, row, prefix)]);
    scored.push_back({median(std::span(readings)), prefix});
  }
  std::nth_element(scored.begin(), scored.begin() + static_cast<std::ptrdiff_t>(width), scored.end(),
                   [](const Scored& a, const Scored& b) { return a.mass > b.mass; });
  beam.resize(width);
  for (std::size_t k = 0; k < width; ++k) beam[k] = scored[k].prefix;
}

/// Replaces `best` by the key of largest |estimate| among these, if that is larger; index_of(key) is its index, or
/// -1 if it has none.
template <class Operator, class Cells, class IndexOf>
void keep_heavier(const Operator& op, const Cells& cells, std::span<const Index> keys, Index reading_level,
                  const IndexOf& index_of, Candidate& best) {
  estimate_keys(op, cells, keys, [&](std::size_t k, typename Cells::scalar_type reading) {
    const auto estimate = static_cast<double>(reading);
    if (!(std::abs(estimate) > std::abs(best.estimate))) return;
    if (const Index index = index_of(keys[k]); index >= 0) best = {index, estimate};
  }, reading_level);
}

}  // namespace turnstile::inline v0::detail
