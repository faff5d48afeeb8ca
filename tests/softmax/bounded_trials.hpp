#pragma once

#include <turnstile/softmax/bounded_softmax_sampler.hpp>

#include "support/many_seeds.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

// Draws of many independent BoundedSoftmaxSamplers.

namespace turnstile::testing {

// A sampler that has seen y. Updates elsewhere than at kept() leave it as it is (which is a test of its own),
// so these are left out: a stream costs s updates and not n.
inline BoundedSoftmaxSampler<> bounded_sampler(const std::vector<double>& y, double bound, double failure, Seed seed) {
  BoundedSoftmaxSampler<> sampler(std::ssize(y), bound, failure, seed);
  for (Index i : std::vector<Index>(sampler.kept().begin(), sampler.kept().end()))
    sampler.update(i, y[static_cast<std::size_t>(i)]);
  return sampler;
}

// The index drawn by each of `count` samplers of successive seeds, or −1.
inline std::vector<Index> bounded_draws(const std::vector<double>& y, double bound, double failure, long count) {
  return for_many_seeds(count, 1, [&](Seed seed) {
    const auto draw = bounded_sampler(y, bound, failure, seed).sample();
    return draw ? draw->index : Index{-1};
  });
}

// The exact probability that a sampler does not draw: a position is accepted with the mean of e^{y_i − B}, and
// the s positions and their coins are independent.
inline double failure_of(const std::vector<double>& y, double bound, Index positions) {
  double accepted = 0;
  for (double score : y) accepted += std::exp(score - bound) / static_cast<double>(y.size());
  return std::pow(1 - accepted, static_cast<double>(positions));
}

}  // namespace turnstile::testing
