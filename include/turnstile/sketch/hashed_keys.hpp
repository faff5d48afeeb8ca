/// @file
/// Where the keys of one factor of a tensor go, for sketching many vectors over the same keys.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/detail/sign.hpp"
#include "turnstile/sketch/sketch_operator.hpp"
#include "turnstile/sketch/sparse_terms.hpp"

namespace turnstile::inline v0::detail {

/// Bucket h(i, r) and sign σ(i, r) of each of n keys i in each of s blocks r.
/// Time to build: n·s hashes. Memory: 2n·s words.
class HashedKeys {
 public:
  template <class Hash>
  HashedKeys(const SketchOperator<Hash>& op, std::span<const Index> keys)
      : count_(keys.size()),
        buckets_per_block_(op.shape().buckets),
        buckets_(static_cast<std::size_t>(op.shape().rows) * count_),
        signs_(buckets_.size()) {
    op.for_each_row(keys, [&](std::size_t offset, const RowOfCells& row) {
      const std::size_t at = first_of(row.row) + offset;
      for (std::size_t k = 0; k < row.cells.size(); ++k) {
        buckets_[at + k] = row.cell(k) - op.first_cell(row.level, row.row);
        signs_[at + k] = with_sign(1.0, row.negative(k));
      }
    });
  }

  /// The CountSketch, in block r, of the vector with values[k] at key k.
  void sketch(Index block, std::span<const double> values, SparseTerms& sketched) const {
    const std::size_t at = first_of(block);
    sketched.assign(count_, [&](std::size_t k) { return buckets_[at + k]; },
                    [&](std::size_t k) { return signs_[at + k] * values[k]; });
  }

  /// The CountSketches, in block r, of the columns of a matrix, dense or sparse, with row k at key k.
  /// @throws InvalidArgument for an entry that is not finite
  template <class Matrix>
  Eigen::MatrixXd sketch_columns(Index block, const Matrix& matrix) const {
    checked_product(buckets_per_block_, matrix.cols(), "sketched factor");
    Eigen::MatrixXd sketched = Eigen::MatrixXd::Zero(buckets_per_block_, matrix.cols());
    for_each_nonzero(matrix, "entry of a factor", [&](Index i, Index j, double value) {
      const std::size_t k = first_of(block) + static_cast<std::size_t>(i);
      sketched(buckets_[k], j) += signs_[k] * value;
    });
    return sketched;
  }

 private:
  std::size_t first_of(Index block) const { return static_cast<std::size_t>(block) * count_; }

  std::size_t count_;
  Index buckets_per_block_;
  std::vector<Index> buckets_;  // block by block
  std::vector<double> signs_;
};

}  // namespace turnstile::inline v0::detail
