/// @file
/// The three factors of Y = A1 X A2ᵀ as they are kept where Y is to be read exactly.
#pragma once

#include <Eigen/Core>

#include <cstddef>

#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sampler/gram_tree.hpp"
#include "turnstile/sampler/kronecker_checks.hpp"
#include "turnstile/sampler/row_residues.hpp"

namespace turnstile::inline v0 {

/// A1 and A2 with their Gram sums, and X: Y_{i1,i2} = a_{i1}ᵀ X b_{i2}.
template <class Scalar>
struct KroneckerFactors {
  using Matrix = detail::RowMajorMatrix<Scalar>;

  GramTree<Scalar> left;
  Matrix core;
  GramTree<Scalar> right;

  /// q = Xᵀ a_i, with which Y_{i,:} = A2 q. Time: O(d1·d2).
  Eigen::VectorXd pulled_row(Index i) const {
    return core.template cast<double>().transpose() * left.row(i).transpose();
  }

  /// Y_ic from q = Xᵀ a_i. Everything that speaks of an entry of Y means this number.
  double entry(const Eigen::VectorXd& pulled, Index c) const { return right.row(c).dot(pulled.transpose()); }

  /// Whether Y = 0 for the factors as they are, exactly: Σ u_i v_c Y_ic modulo 2⁶¹ − 1 for hashed u and v, where
  /// the factors are taken for the dyadic rationals that they are. A Y ≠ 0 is taken for 0 with probability
  /// 2⁻⁶⁰ (Schwartz and Zippel). Time: O((n1 + n2)·d) modular products.
  bool product_is_zero() const {
    return product_residue(residues(left.matrix(), derive_seed(0, "left fingerprint")), core,
                           residues(right.matrix(), derive_seed(0, "right fingerprint"))) == 0;
  }

  std::size_t heap_bytes() const {
    return left.heap_bytes() + static_cast<std::size_t>(core.size()) * sizeof(Scalar) + right.heap_bytes();
  }

 private:
  static RowResidues residues(const Matrix& rows, Seed seed) {
    RowResidues sums(rows.cols(), seed);
    for (Index i = 0; i < rows.rows(); ++i) sums.add(i, rows.row(i));
    return sums;
  }
};

}  // namespace turnstile::inline v0
