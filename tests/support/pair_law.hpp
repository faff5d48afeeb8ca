#pragma once

#include <turnstile/core/draw.hpp>

#include "support/integer_matrix.hpp"
#include "support/law_vectors.hpp"

#include <Eigen/Core>
#include <Eigen/QR>

#include <array>
#include <cmath>
#include <vector>

// The law of pairs drawn from Y = A1 X A2ᵀ, and the factors on which it is tested. Pairs are numbered by
// rows, row·n2 + col, and then tested as indices are (`check_law`).

namespace turnstile::testing {

// Y_ic²/‖Y‖_F² for every pair.
inline std::vector<double> pair_law(const Eigen::MatrixXd& y) {
  const Eigen::VectorXd by_rows = y.transpose().reshaped();
  return exact_law({by_rows.begin(), by_rows.end()});
}

// The number of a drawn pair, or -1 if there is none.
template <class D>
Index drawn_pair(const DrawResult<D>& draw, Index cols) {
  return draw ? draw->row * cols + draw->col : Index{-1};
}

template <class D>
std::vector<Index> drawn_pairs(const std::vector<D>& draws, Index cols) {
  std::vector<Index> pairs;
  for (const D& draw : draws) pairs.push_back(draw.row * cols + draw.col);
  return pairs;
}

struct Factors {
  Eigen::MatrixXd left, core, right;

  Eigen::MatrixXd product() const { return left * core * right.transpose(); }
};

struct FactorSizes {
  Index n1, n2, d1, d2;
};

// Integers: products are exact, and an entry of Y that is 0 is 0 as computed.
inline Factors integer_factors(const FactorSizes& size) {
  return {integer_matrix(size.n1, size.d1, 1), integer_matrix(size.d1, size.d2, 2),
          integer_matrix(size.n2, size.d2, 3)};
}

// X with singular values from 1 down to 10⁻⁶.
inline Factors ill_conditioned(const FactorSizes& size) {
  Factors factors = integer_factors(size);
  const Index rank = std::min(size.d1, size.d2);
  const auto orthogonal = [rank](Index d, Seed seed) -> Eigen::MatrixXd {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(integer_matrix(d, d, seed));
    return qr.householderQ() * Eigen::MatrixXd::Identity(d, rank);
  };
  const Eigen::VectorXd values = pow(10.0, Eigen::ArrayXd::LinSpaced(rank, 0, -6));
  factors.core = orthogonal(size.d1, 4) * values.asDiagonal() * orthogonal(size.d2, 5).transpose();
  return factors;
}

// A2 of rank 2, or 1 if d2 = 1.
inline Factors low_rank(const FactorSizes& size) {
  Factors factors = integer_factors(size);
  const Index rank = std::min<Index>(2, size.d2);
  factors.right = integer_matrix(size.n2, rank, 6) * integer_matrix(rank, size.d2, 7);
  return factors;
}

// One row holds about nine tenths of ‖Y‖_F².
inline Factors dominant_row(const FactorSizes& size) {
  Factors factors = integer_factors(size);
  const Eigen::MatrixXd y = factors.product();
  const Index row = size.n1 / 3;
  const double others = y.squaredNorm() - y.row(row).squaredNorm();
  factors.left.row(row) *= std::ceil(3 * std::sqrt(others / y.row(row).squaredNorm()));
  return factors;
}

// One entry holds about nine tenths of ‖Y‖_F²: it alone has the last coordinates of both factors.
inline Factors dominant_entry(const FactorSizes& size) {
  Factors factors = integer_factors(size);
  factors.left.rightCols(1).setZero();
  factors.right.rightCols(1).setZero();
  factors.core.rightCols(1).setZero();
  factors.core.bottomRows(1).setZero();
  const double others = factors.product().norm();
  factors.core(size.d1 - 1, size.d2 - 1) = 1;
  factors.left(size.n1 / 3, size.d1 - 1) = std::ceil(3 * others);
  factors.right(size.n2 / 2, size.d2 - 1) = 1;
  return factors;
}

// Two blocks on the diagonal, half of the rows and of the columns each, and zeros outside of them.
inline Factors block_diagonal(const FactorSizes& size) {
  Factors factors = integer_factors(size);
  const auto clear_outside = [](Eigen::MatrixXd& matrix) {
    const Index rows = matrix.rows() / 2, columns = matrix.cols() / 2;
    matrix.topRightCorner(rows, matrix.cols() - columns).setZero();
    matrix.bottomLeftCorner(matrix.rows() - rows, columns).setZero();
  };
  for (Eigen::MatrixXd* matrix : {&factors.left, &factors.core, &factors.right}) clear_outside(*matrix);
  return factors;
}

struct FactorFamily {
  const char* name;
  Factors (*make)(const FactorSizes& size);
};

inline constexpr std::array<FactorFamily, 6> factor_families{{
    {"integers", integer_factors},
    {"X of condition 10^6", ill_conditioned},
    {"A2 of low rank", low_rank},
    {"one row holds nine tenths", dominant_row},
    {"one entry holds nine tenths", dominant_entry},
    {"block-diagonal Y", block_diagonal},
}};

}  // namespace turnstile::testing
