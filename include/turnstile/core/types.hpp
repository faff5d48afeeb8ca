/// @file
/// The integer types that every part of the library speaks.
#pragma once

#include <Eigen/Core>

#include <cstdint>
#include <limits>

namespace turnstile::inline v0 {

/// Coordinates, dimensions and counts: signed and 64 bits wide.
using Index = Eigen::Index;
static_assert(std::numeric_limits<Index>::digits == 63, "turnstile needs a 64-bit Eigen::Index");

static_assert(EIGEN_VERSION_AT_LEAST(3, 4, 0), "turnstile needs Eigen 3.4 or later");

/// All the randomness of a sketch: equal seeds give equal sketches, on every machine.
using Seed = std::uint64_t;

/// No dimension exceeds this, so that a string hashed to 62 bits is a valid index.
inline constexpr Index max_dimension = Index{1} << 62;

namespace detail {

template <class Scalar>
using RowMajorMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace detail

}  // namespace turnstile::inline v0
