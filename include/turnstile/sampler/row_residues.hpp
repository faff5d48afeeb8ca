/// @file
/// Exact fingerprints of factors, and of a product of three.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "turnstile/core/types.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/residue_sums.hpp"

namespace turnstile::inline v0 {

/// Σ_i u_i A_i modulo 2⁶¹ − 1, of the rows of a matrix of dyadic rationals, for hashed weights u: d residues.
class RowResidues {
 public:
  /// A = 0. The weights are derived from the seed.
  RowResidues(Index columns, Seed seed) : values_(static_cast<std::size_t>(columns)), weights_(seed) {}

  /// A_i += row, or −= row. Time: O(d).
  template <class Row>
  void add(Index i, const Eigen::MatrixBase<Row>& row, bool negative = false) {
    std::uint64_t weight = detail::reduce61(weights_(static_cast<std::uint64_t>(i)));
    if (negative) weight = detail::negate61(weight);
    for (Index j = 0; j < row.size(); ++j) {
      auto& sum = values_[static_cast<std::size_t>(j)];
      sum = detail::add_weighted61(sum, weight, static_cast<double>(row[j]));
    }
  }

  std::span<const std::uint64_t> values() const { return values_; }
  std::size_t heap_bytes() const { return values_.capacity() * sizeof(std::uint64_t); }

 private:
  std::vector<std::uint64_t> values_;
  MixHash weights_;
};

/// Σ u_i v_c Y_ic modulo 2⁶¹ − 1 for Y = A1 X A2ᵀ: 0 if Y is, and otherwise with probability below 2⁻⁶⁰ (Schwartz
/// and Zippel). Time: O(d1·d2).
template <class Core>
std::uint64_t product_residue(const RowResidues& left, const Eigen::MatrixBase<Core>& core, const RowResidues& right) {
  std::uint64_t sum = 0;
  for (Index j = 0; j < core.rows(); ++j)
    for (Index k = 0; k < core.cols(); ++k) {
      const std::uint64_t outer =
          detail::multiply61(left.values()[static_cast<std::size_t>(j)], right.values()[static_cast<std::size_t>(k)]);
      sum = detail::add61(sum, detail::multiply61(outer, detail::residue61(static_cast<double>(core(j, k)))));
    }
  return sum;
}

}  // namespace turnstile::inline v0
