/// @file
/// ΦA: a CountSketch over the rows of a streamed matrix.
#pragma once

#include <Eigen/Core>

#include "turnstile/sketch/count_sketch.hpp"

namespace turnstile::inline v0 {

/// ΦA for A ∈ ℝⁿˣᵈ under updates of rows, update(i, Δ), of blocks of rows, update_rows(first, block), and of entries,
/// update(i, j, Δ): a CountSketch whose counters are rows of ℝᵈ, of (SketchShape, Seed, d). `squared_norm()` estimates
/// ‖A‖²_F, `inner_product` ⟨A, B⟩_F, `estimate(i)` row i. Memory: R·b·d numbers, whatever n is.
template <class Scalar = double, KeyedHash Hash = MixHash>
using SketchedMatrix = CountSketch<RowCounter<Scalar>, Hash>;

}  // namespace turnstile::inline v0
