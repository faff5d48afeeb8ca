/// @file
/// Where the keys of one factor of a tensor go, for sketching many vectors over the same keys.
#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/detail/sign.hpp"
#include "turnstile/sketch/sketch_operator.hpp"
#include "turnstile/sketch/sparse_terms.hpp"

namespace turnstile::inline v0::detail {

/// Bucket h(i, r) and sign σ(i, r) of each of n keys i in each of s blocks r, of at most 2³⁰ buckets.
/// Time to build: n·s hashes. Memory: 4n·s bytes.
class HashedKeys {
 public:
  static constexpr Index most_buckets = Index{1} << 30;

  template <class Hash>
  HashedKeys(const SketchOperator<Hash>& op, std::span<const Index> keys)
      : count_(keys.size()),
        buckets_per_block_(op.shape().buckets),
        words_(static_cast<std::size_t>(op.shape().rows) * count_) {
    check_range(buckets_per_block_, 1, most_buckets, "number of buckets");
    op.for_each_row(keys, [&](std::size_t offset, const RowOfCells& row) {
      const std::size_t at = first_of(row.row) + offset;
      for (std::size_t k = 0; k < row.cells.size(); ++k) {
        const Index bucket = row.cell(k) - op.first_cell(row.level, row.row);
        words_[at + k] = 2 * static_cast<std::uint32_t>(bucket) + static_cast<std::uint32_t>(row.negative(k));
      }
    });
  }

  /// n
  Index size() const { return static_cast<Index>(count_); }
  /// h of the k-th key in block r.
  Index bucket(Index block, Index k) const { return bucket_of(word(block, static_cast<std::size_t>(k))); }
  /// Whether σ of the k-th key in block r is −1.
  bool negative(Index block, Index k) const { return negative_of(word(block, static_cast<std::size_t>(k))); }

  /// Adds to `sums` the CountSketch, in block r, of the vector with values[k] at key first + k.
  void add_sketch(Index block, Index first, std::span<const double> values, std::span<double> sums) const {
    const auto words = std::span(words_).subspan(first_of(block) + static_cast<std::size_t>(first), values.size());
    for (std::size_t k = 0; k < values.size(); ++k)
      sums[static_cast<std::size_t>(bucket_of(words[k]))] += with_sign(values[k], negative_of(words[k]));
  }

  /// The CountSketch, in block r, of the vector with values[k] at key k, as a list.
  void sketch(Index block, std::span<const double> values, SparseTerms& sketched) const {
    sketched.assign(
        count_, [&](std::size_t k) { return bucket_of(word(block, k)); },
        [&](std::size_t k) { return with_sign(values[k], negative_of(word(block, k))); });
  }

  /// The CountSketches, in block r, of the columns of a matrix, dense or sparse, with row k at key k.
  /// @throws InvalidArgument for an entry that is not finite
  template <class Matrix>
  Eigen::MatrixXd sketch_columns(Index block, const Matrix& matrix) const {
    checked_product(buckets_per_block_, matrix.cols(), "sketched factor");
    using Sketched = typename InDoubles<typename Matrix::Scalar>::Matrix;
    Sketched sketched = Sketched::Zero(buckets_per_block_, matrix.cols());
    for_each_nonzero(matrix, "entry of a factor", [&](Index i, Index j, double value) {
      sketched(bucket(block, i), j) += with_sign(value, negative(block, i));
    });
    return sketched;
  }

  std::size_t heap_bytes() const { return words_.capacity() * sizeof(std::uint32_t); }

 private:
  static Index bucket_of(std::uint32_t word) { return static_cast<Index>(word >> 1); }
  static bool negative_of(std::uint32_t word) { return (word & 1) != 0; }

  std::size_t first_of(Index block) const { return static_cast<std::size_t>(block) * count_; }
  std::uint32_t word(Index block, std::size_t k) const { return words_[first_of(block) + k]; }

  std::size_t count_;
  Index buckets_per_block_;
  std::vector<std::uint32_t> words_;  // block by block: twice the bucket, and a one for a minus
};

}  // namespace turnstile::inline v0::detail
