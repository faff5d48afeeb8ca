/// @file
/// The exact softmax of some of the queries.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/key_tile.hpp"
#include "turnstile/attention/softmax_weights.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0::detail {

/// One head of queries and its keys.
struct HeadInputs {
  HeadRows queries, keys;
  float scale;
  Direction direction;

  /// The place of a query among the keys.
  Index place(Index query) const { return query + keys.rows() - queries.rows(); }
  /// How many keys a query may see: the first ones.
  Index seen(Index query) const { return direction == Direction::causal ? place(query) + 1 : keys.rows(); }
};

/// softmax(scale·⟨q_i, k_j⟩) over all keys j that query i may see, for some queries i: each a row of weights of
/// sum 1. In groups of 64 rows, each over the keys that its last row sees: queries in ascending order cost a causal
/// head half of what all keys do. Time: 2·d flops for each key of a row. Memory: a float.
template <class Scalar = float>
class SampledRows {
 public:
  using Weights = Eigen::Map<const Eigen::RowVectorX<Scalar>>;

  SampledRows(const HeadInputs& head, std::vector<Index> queries) : queries_(std::move(queries)) {
    for (Index query : queries_) seen_.push_back(head.seen(query));
    for (Index first = 0; first < count(); first += group) groups_.push_back(weigh(head, first));
  }

  Index count() const { return std::ssize(queries_); }
  Index query(Index i) const { return queries_[static_cast<std::size_t>(i)]; }
  /// Of the keys that the query sees.
  Weights weights(Index i) const {
    const RowMajorMatrix<Scalar>& rows = groups_[static_cast<std::size_t>(i / group)];
    return {&rows(i % group, 0), seen(i)};
  }

 private:
  /// Rows that are one product of matrices.
  static constexpr Index group = 64;

  Index seen(Index i) const { return seen_[static_cast<std::size_t>(i)]; }

  RowMajorMatrix<Scalar> weigh(const HeadInputs& head, Index first) const {
    const Index rows = std::min(group, count() - first);
    RowMajorMatrix<Scalar> chosen(rows, head.queries.cols());
    for (Index i = 0; i < rows; ++i) chosen.row(i) = head.scale * head.queries.row(query(first + i));
    const auto seen_here = std::span(seen_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(rows));
    RowMajorMatrix<Scalar> weights(rows, *std::ranges::max_element(seen_here));
    weights.noalias() = chosen * head.keys.topRows(weights.cols()).transpose();
    for (Index i = 0; i < rows; ++i) {
      auto row = weights.row(i).head(seen(first + i)).array();
      to_weights(row, row.maxCoeff());
      row *= 1 / row.sum();
    }
    return weights;
  }

  std::vector<Index> queries_, seen_;
  std::vector<RowMajorMatrix<Scalar>> groups_;
};

/// One query from each of `count` equal parts of the queries, uniformly in its part.
inline std::vector<Index> stratified_queries(Index queries, Index count, Seed seed) {
  const MixHash words(seed);
  std::vector<Index> chosen;
  for (Index part = 0; part < count; ++part) {
    const Index begin = part * queries / count, size = (part + 1) * queries / count - begin;
    chosen.push_back(begin +
                     static_cast<Index>(words(static_cast<std::uint64_t>(part)) % static_cast<std::uint64_t>(size)));
  }
  return chosen;
}

}  // namespace turnstile::inline v0::detail
