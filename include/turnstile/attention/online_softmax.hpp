/// @file
/// The attention of a block of queries, one tile of keys after the other.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/attention/softmax_weights.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Keys and their values: all of a head, or its gathered columns.
struct KeyValues {
  HeadRows keys, values;
};

/// Queries are taken in blocks of this many, and the keys of a tile in steps of this many: enough to make up
/// for packing the operands of the products, and the scores, 256 KiB, stay in a core's second cache.
inline constexpr Index query_block = 256;
inline constexpr Index key_step = 256;

/// out_i = Σ_j e^{s_ij} v_j / Σ_j e^{s_ij} over the keys that query i keeps, s_ij = scale·⟨q_i, k_j⟩, for a
/// block of queries. Sums are kept relative to the largest score so far and rescaled when it grows (Milakov
/// and Gimelshein, arXiv 1805.02867), so that no score overflows; both products are matrix products of a
/// tile.
///
/// Scores must be so small that differences are finite, which `checked_inputs` sees to. Scalar is float.
template <class Scalar>
class OnlineSoftmax {
 public:
  using Out = Eigen::Ref<RowMajorMatrix<Scalar>, 0, Eigen::OuterStride<>>;

  /// Begins with a block of queries; `out` receives their attention.
  void start(const RowsOf<Scalar>& queries, IndexRange block, Scalar scale, Out out) {
    block_ = block;
    queries_.noalias() = scale * queries.middleRows(block.begin, block.size());
    const auto rows = static_cast<std::size_t>(block.size());
    largest_.assign(rows, lowest);
    weight_.assign(rows, 0.0);
    kept_.assign(rows, 0);
    scores_.resize(checked_product(query_block, key_step, "scores"));
    out.setZero();
  }

  /// Adds the keys of a tile.
  template <AttentionMask Mask>
  void add(const Mask& mask, const KeyTile& tile, const KeyValues& source, Out out) {
    for (Index begin = tile.keys.begin; begin < tile.keys.end; begin += key_step) {
      KeyTile step = tile;
      step.keys = {begin, std::min(begin + key_step, tile.keys.end)};
      add_step(mask, step, source, out);
    }
  }

  /// Divides by the sums of weights. Returns how many pairs of a query and a key were kept.
  /// @throws InvalidArgument if a query kept none
  Index finish(Out out) const {
    Index pairs = 0;
    for (Index i = 0; i < block_.size(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      if (kept_[row] == 0) raise("the mask hides all keys from query ", block_.begin + i, "; it must leave one");
      out.row(i) *= static_cast<Scalar>(1 / weight_[row]);
      pairs += kept_[row];
    }
    return pairs;
  }

 private:
  /// Below every score, and its distance to any is finite.
  static constexpr Scalar lowest = -std::numeric_limits<Scalar>::max() / 2;

  template <AttentionMask Mask>
  void add_step(const Mask& mask, const KeyTile& step, const KeyValues& source, Out& out) {
    const Index first = step.queries.begin - block_.begin, rows = step.queries.size(), keys = step.keys.size();
    Eigen::Map<RowMajorMatrix<Scalar>> scores(scores_.data(), rows, keys);
    scores.noalias() = queries_.middleRows(first, rows) * source.keys.middleRows(step.keys.begin, keys).transpose();
    for (Index i = 0; i < rows; ++i) {
      const std::span<Scalar> row(scores.row(i).data(), static_cast<std::size_t>(keys));
      if (i < keys) prefetch(source, step.keys.begin + i);
      kept_[static_cast<std::size_t>(first + i)] += step.partial ? mask.hide(step.queries.begin + i, step, row) : keys;
      weigh(first + i, row, out);
    }
    out.middleRows(first, rows).noalias() += scores * source.values.middleRows(step.keys.begin, keys);
  }

  /// Asks for a value that the step's second product reads, and a key of the first product of the step after it: both
  /// copy these rows in an order that the processor does not foresee.
  static void prefetch(const KeyValues& source, Index key) {
    prefetch_row(source.values, key);
    if (key + key_step < source.keys.rows()) prefetch_row(source.keys, key + key_step);
  }
  static void prefetch_row(const HeadRows& rows, Index i) {
    constexpr Index line = 64 / sizeof(Scalar);
    for (Index j = 0; j < rows.cols(); j += line) __builtin_prefetch(&rows.coeffRef(i, j));
  }

  /// Turns the scores of a query into weights relative to its largest score, and rescales what it has so far.
  void weigh(Index query, std::span<Scalar> row, Out& out) {
    const auto q = static_cast<std::size_t>(query);
    Eigen::Map<Eigen::ArrayX<Scalar>> scores(row.data(), std::ssize(row));
    if (const Scalar largest = scores.maxCoeff(); largest > largest_[q]) {
      const Scalar factor = std::exp(largest_[q] - largest);
      out.row(query) *= factor;
      weight_[q] *= double{factor};
      largest_[q] = largest;
    }
    to_weights(scores, largest_[q]);
    weight_[q] += double{scores.sum()};
  }

  IndexRange block_;
  RowMajorMatrix<Scalar> queries_;
  std::vector<Scalar> largest_;
  std::vector<double> weight_;
  std::vector<Index> kept_;
  Eigen::VectorX<Scalar> scores_;
};

}  // namespace turnstile::inline v0::detail
