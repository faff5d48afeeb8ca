/// @file
/// The steps that searches of a sketch are made of.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "turnstile/detail/column_medians.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0::detail {

/// readings[k] = |the counter of prefixes[k]| in one row of a level.
template <class Operator, class Cells, class Readings>
void read_prefixes(const Operator& op, const Cells& cells, Index level, Index row, std::span<const Index> prefixes,
                   Readings& readings) {
  std::array<Index, std::tuple_size_v<Readings>> at;
  for (std::size_t k = 0; k < prefixes.size(); ++k) at[k] = op.cell(level, row, prefixes[k]);
  for (std::size_t k = 0; k < prefixes.size(); ++k) readings[k] = std::abs(cells[at[k]]);
}

template <class Scalar>
struct ScoredPrefix {
  Scalar mass;
  Index prefix;
};

/// The prefixes with their masses: the median of a prefix's |counters| at this level. Time: R and a median a prefix.
template <class Operator, class Cells>
auto score_prefixes(const Operator& op, const Cells& cells, Index level, std::span<const Index> prefixes) {
  using Scalar = typename Cells::scalar_type;
  using Table = ColumnMedians<Scalar>;
  std::vector<ScoredPrefix<Scalar>> scored;
  scored.reserve(prefixes.size());
  const auto rows = static_cast<std::size_t>(op.shape().rows);
  Table table(rows);
  for (std::size_t offset = 0; offset < prefixes.size(); offset += Table::width) {
    const auto here = prefixes.subspan(offset, std::min(Table::width, prefixes.size() - offset));
    for (std::size_t row = 0; row < rows; ++row)
      read_prefixes(op, cells, level, static_cast<Index>(row), here, table[row]);
    const auto& masses = table.of_first(rows);
    for (std::size_t k = 0; k < here.size(); ++k) scored.push_back({masses[k], here[k]});
  }
  return scored;
}

/// Those that can be among the `width` of largest mass: most others are weeded out, without a branch, by the mass that
/// about twice as many surpass in a sample.
template <class Scalar>
std::vector<ScoredPrefix<Scalar>> weeded(const std::vector<ScoredPrefix<Scalar>>& scored, std::size_t width) {
  constexpr std::size_t stride = 16, slack = 4;
  if (scored.size() < 4 * stride * slack || scored.size() < 8 * width) return scored;
  std::vector<Scalar> sample;
  for (std::size_t k = 0; k < scored.size(); k += stride) sample.push_back(scored[k].mass);
  const auto rank = sample.begin() + static_cast<std::ptrdiff_t>(2 * width / stride + slack);
  std::nth_element(sample.begin(), rank, sample.end(), std::greater<>());
  std::vector<ScoredPrefix<Scalar>> left(scored.size());
  std::size_t count = 0;
  for (const ScoredPrefix<Scalar>& one : scored) {
    left[count] = one;
    count += static_cast<std::size_t>(one.mass >= *rank);
  }
  left.resize(count);
  return count >= width ? left : scored;
}

/// The `width` prefixes of largest mass, in no order.
template <class Scalar>
std::vector<Index> heaviest_of(const std::vector<ScoredPrefix<Scalar>>& scored, std::size_t width) {
  auto left = weeded(scored, width);
  std::nth_element(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(width), left.end(),
                   [](const auto& a, const auto& b) { return a.mass > b.mass; });
  std::vector<Index> prefixes(width);
  for (std::size_t k = 0; k < width; ++k) prefixes[k] = left[k].prefix;
  return prefixes;
}

/// Leaves the `width` prefixes of largest mass in the beam, in no order. Time: R and a median a prefix. Memory: a word
/// and a number a prefix.
template <class Operator, class Cells>
void keep_heaviest(const Operator& op, const Cells& cells, Index level, std::size_t width, std::vector<Index>& beam) {
  if (beam.size() > width) beam = heaviest_of(score_prefixes(op, cells, level, beam), width);
}

/// Replaces `best` by the key of largest |estimate| among these, if that is larger; index_of(key) is its index, or
/// -1 if it has none.
template <class Operator, class Cells, class IndexOf>
void keep_heavier(const Operator& op, const Cells& cells, std::span<const Index> keys, Index reading_level,
                  const IndexOf& index_of, Candidate& best) {
  estimate_keys(
      op, cells, keys,
      [&](std::size_t k, typename Cells::scalar_type reading) {
        const auto estimate = static_cast<double>(reading);
        if (!(std::abs(estimate) > std::abs(best.estimate))) return;
        if (const Index index = index_of(keys[k]); index >= 0) best = {index, estimate};
      },
      reading_level);
}

}  // namespace turnstile::inline v0::detail
