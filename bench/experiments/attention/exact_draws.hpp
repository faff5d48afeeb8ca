// Draws without replacement by a law that is known in full.
#pragma once

#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/variates.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

namespace bench {

using turnstile::Index;

// The places of the largest of some numbers, the largest first.
inline std::vector<Index> largest(const Eigen::VectorXd& values, Index count) {
  std::vector<Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Index{0});
  std::partial_sort(order.begin(), order.begin() + count, order.end(),
                    [&](Index a, Index b) { return values[a] > values[b]; });
  order.resize(static_cast<std::size_t>(count));
  return order;
}

// `count` successive draws without replacement, in proportion to what is left of some weights.
inline std::vector<Index> drawn_by(const Eigen::VectorXd& weights, Index count, turnstile::Seed seed) {
  const turnstile::MixHash words(seed);
  Eigen::VectorXd arrivals(weights.size());  // their inverses: the first to arrive is the largest
  for (Index i = 0; i < weights.size(); ++i)
    arrivals[i] = weights[i] / turnstile::exponential_variate(words(static_cast<std::uint64_t>(i)));
  return largest(arrivals, count);
}

}  // namespace bench
