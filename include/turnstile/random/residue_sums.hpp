/// @file
/// Sums of weighted residues: what a fingerprint of a vector, or of the columns of a matrix, is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "turnstile/random/mersenne61.hpp"

namespace turnstile::inline v0::detail {

/// A number below 2⁶³ of the residue of w·v, for a loop over many: who adds it up reduces the sum.
constexpr std::uint64_t weighted_residue61(std::uint64_t weight, double value) {
  return product61_in_loop(weight, unreduced_residue61(value));
}

/// sum + w·v mod p.
constexpr std::uint64_t add_weighted61(std::uint64_t sum, std::uint64_t weight, double value) {
  return reduce61(sum + weighted_residue61(weight, value));
}

/// Σ_k w_k·v_k mod p, of at most 2³² terms.
template <class Scalar>
constexpr std::uint64_t residue_sum61(std::span<const std::uint64_t> weights, std::span<const Scalar> values) {
  std::uint64_t low = 0, high = 0;  // in halves, which no 2³² terms overflow: a plain sum, which vectorises
  for (std::size_t k = 0; k < values.size(); ++k) {
    const std::uint64_t term = weighted_residue61(weights[k], static_cast<double>(values[k]));
    low += term & HalfProducts::half;
    high += term >> 32;
  }
  return add61(reduce61(low), multiply61(reduce61(high), std::uint64_t{1} << 32));
}

/// sums_j += w·v_j mod p.
template <class Scalar>
constexpr void add_residues61(std::uint64_t weight, std::span<const Scalar> values, std::span<std::uint64_t> sums) {
  for (std::size_t j = 0; j < values.size(); ++j)
    sums[j] = add_weighted61(sums[j], weight, static_cast<double>(values[j]));
}

}  // namespace turnstile::inline v0::detail
