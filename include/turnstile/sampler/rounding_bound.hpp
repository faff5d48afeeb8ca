/// @file
/// How much rounding can have left in a counter.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// Every add to a counter c is off by at most u·|c| after it, u the unit roundoff, and the value added
/// by 2u times itself (scaled, and perhaps a product before). The sum of these over the first leaf row bounds
/// the error that a long stream of updates which cancel leaves behind; it is kept in 64 lanes of buckets, so
/// that a key is charged for the traffic near it and not for the whole stream's. Deterministic, first order in u.
class RoundingBound {
 public:
  static constexpr std::size_t lanes = 64;

  void charge(Index bucket, double error) { lanes_[lane(bucket)] += error; }
  double operator[](Index bucket) const { return lanes_[lane(bucket)]; }

  /// At least this for the bucket's lane.
  void cover(Index bucket, double error) { lanes_[lane(bucket)] = std::max(lanes_[lane(bucket)], error); }

  RoundingBound& operator*=(double factor) {
    for (double& bound : lanes_) bound *= factor;
    return *this;
  }
  RoundingBound& operator+=(const RoundingBound& other) {
    for (std::size_t k = 0; k < lanes; ++k) lanes_[k] += other.lanes_[k];
    return *this;
  }

  std::span<const double> values() const { return lanes_; }
  std::span<double> values() { return lanes_; }

  static constexpr Index bytes = static_cast<Index>(lanes * sizeof(double));

 private:
  static std::size_t lane(Index bucket) { return static_cast<std::size_t>(bucket) % lanes; }

  std::array<double, lanes> lanes_{};
};

}  // namespace turnstile::inline v0
