// What one does who keeps y: reads all of it and draws an index.
#pragma once

#include <Eigen/Core>

#include <turnstile/core/types.hpp>

#include <algorithm>
#include <span>
#include <vector>

namespace bench {

// The one of `count` intervals, laid end to end, in which the target falls; the target is left at its place there.
// Length: of interval k.
template <class Length>
turnstile::Index interval_of(turnstile::Index count, double& target, const Length& length) {
  turnstile::Index k = 0;
  for (; k + 1 < count && target >= length(k); ++k) target -= length(k);
  return k;
}

// The index of a block of y in whose interval of squares the target falls.
inline turnstile::Index square_of(std::span<const double> block, double target) {
  return interval_of(std::ssize(block), target, [&](turnstile::Index k) {
    const double value = block[static_cast<std::size_t>(k)];
    return value * value;
  });
}

inline double squared_norm(std::span<const double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), std::ssize(values)).squaredNorm();
}

// Index i with probability y_i²/‖y‖², for a coin uniform on [0, 1): one pass that sums squares up by blocks, then the
// block in which the coin falls.
inline turnstile::Index exact_draw(std::span<const double> y, double coin) {
  constexpr std::size_t length = 1024;
  std::vector<double> masses;
  masses.reserve(y.size() / length + 1);
  double total = 0;
  for (std::size_t first = 0; first < y.size(); first += length) {
    masses.push_back(squared_norm(y.subspan(first, std::min(length, y.size() - first))));
    total += masses.back();
  }
  double target = coin * total;
  const auto block = static_cast<std::size_t>(
      interval_of(std::ssize(masses), target, [&](turnstile::Index b) { return masses[static_cast<std::size_t>(b)]; }));
  const auto here = y.subspan(block * length, std::min(length, y.size() - block * length));
  return static_cast<turnstile::Index>(block * length) + square_of(here, target);
}

}  // namespace bench
