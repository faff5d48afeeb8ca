/// @file
/// Choosing the diagonals of a head from sampled rows.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <numeric>
#include <vector>

#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// The least distance of a key before its query's place: negative where queries look ahead.
inline Index nearest_distance(const HeadInputs& head) {
  return head.direction == Direction::causal ? 0 : head.place(0) - head.keys.rows() + 1;
}

/// For each distance, from the nearest on, the mass that the sampled rows have there, summed. Time: O(m·n_k), m rows.
template <class Scalar>
Eigen::VectorXd diagonal_masses(const HeadInputs& head, const SampledRows<Scalar>& rows) {
  const Index nearest = nearest_distance(head), farthest = head.place(head.queries.rows() - 1);
  Eigen::VectorXd masses = Eigen::VectorXd::Zero(farthest - nearest + 1);
  for (Index i = 0; i < rows.count(); ++i) {
    const auto weights = rows.weights(i);
    masses.segment(head.place(rows.query(i)) - weights.size() + 1 - nearest, weights.size()) +=
        weights.reverse().transpose().template cast<double>();
  }
  return masses;
}

/// The sums of blocks of `size` neighbours; the last may have fewer.
inline Eigen::VectorXd block_sums(const Eigen::VectorXd& values, Index size) {
  Eigen::VectorXd sums = Eigen::VectorXd::Zero((values.size() + size - 1) / size);
  for (Index i = 0; i < values.size(); ++i) sums[i / size] += values[i];
  return sums;
}

/// The places of the `count` largest values, of equal ones the first; in ascending order.
inline std::vector<Index> places_of_largest(const Eigen::VectorXd& values, Index count) {
  std::vector<Index> places(static_cast<std::size_t>(values.size()));
  std::iota(places.begin(), places.end(), Index{0});
  const auto end = places.begin() + std::min(count, values.size());
  std::partial_sort(places.begin(), end, places.end(),
                    [&](Index a, Index b) { return values[a] != values[b] ? values[a] > values[b] : a < b; });
  places.erase(end, places.end());
  std::sort(places.begin(), places.end());
  return places;
}

/// Diagonals of `width` at some places, in ascending order, from a distance on; neighbours become one.
inline std::vector<Slash> slashes_at(const std::vector<Index>& places, Index width, Index nearest) {
  std::vector<Slash> slashes;
  for (Index place : places) {
    const Index distance = nearest + place * width;
    if (!slashes.empty() && slashes.back().distance + slashes.back().width == distance)
      slashes.back().width += width;
    else
      slashes.push_back({distance, width});
  }
  return slashes;
}

}  // namespace turnstile::inline v0::detail
