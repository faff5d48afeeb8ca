#pragma once

#include <turnstile/core/options.hpp>

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "streams.hpp"

// Vectors that sketches are tried on. Entries are integers, so that sums of squares are exact.

namespace turnstile::testing {

struct NamedVector {
  const char* name;
  std::vector<double> y;

  double power_sum(int power) const {
    double sum = 0;
    for (double value : y) sum += std::pow(value, power);
    return sum;
  }
};

// Entries of about one size: 100 and up to 50 more or less, so that no sum of them is a lattice.
inline NamedVector nearly_flat(Index n) {
  NamedVector vector{"nearly flat", {}};
  const MixHash words(21);
  for (Index i = 0; i < n; ++i) vector.y.push_back(100 + small_integer(words(static_cast<std::uint64_t>(i)), 50));
  return vector;
}

// About 1/i, every third entry negative.
inline NamedVector skewed(Index n) {
  NamedVector vector{"skewed", {}};
  for (Index i = 0; i < n; ++i) vector.y.push_back(static_cast<double>((i % 3 == 2 ? -1 : 1) * (1000 / (i + 1))));
  return vector;
}

// Ones and two giants.
inline NamedVector two_giants(Index n) {
  NamedVector vector{"two giants", std::vector<double>(static_cast<std::size_t>(n), 1.0)};
  vector.y[1] = 50;
  vector.y[static_cast<std::size_t>(n) - 1] = -50;
  return vector;
}

// A sketch of the vector.
template <class Sketch>
Sketch sketch_of(const NamedVector& vector, SketchShape shape, Seed seed) {
  std::vector<Index> keys;
  for (std::size_t i = 0; i < vector.y.size(); ++i) keys.push_back(static_cast<Index>(i));
  Sketch sketch(shape, seed);
  sketch.update(std::span<const Index>(keys), std::span<const double>(vector.y));
  return sketch;
}

}  // namespace turnstile::testing
