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

/// softmax(scale·⟨q_i, k_j⟩) over all keys j that query i may see, for some queries i: m × n_k weights, each
/// row of sum 1. Time: 2·m·n_k·d flops. Memory: m·n_k floats.
template <class Scalar = float>
class SampledRows {
 public:
  SampledRows(const HeadInputs& head, std::vector<Index> queries)
      : queries_(std::move(queries)), weights_(std::ssize(queries_), head.keys.rows()) {
    RowMajorMatrix<Scalar> chosen(std::ssize(queries_), head.queries.cols());
    for (Index i = 0; i < count(); ++i) chosen.row(i) = head.scale * head.queries.row(query(i));
    weights_.noalias() = chosen * head.keys.transpose();
    for (Index i = 0; i < count(); ++i) {
      const Index seen = head.seen(query(i));
      auto row = weights_.row(i).head(seen).array();
      to_weights(row, row.maxCoeff());
      row *= 1 / row.sum();
      weights_.row(i).tail(weights_.cols() - seen).setZero();
    }
  }

  Index count() const { return std::ssize(queries_); }
  Index query(Index i) const { return queries_[static_cast<std::size_t>(i)]; }
  const RowMajorMatrix<Scalar>& weights() const { return weights_; }

 private:
  std::vector<Index> queries_;
  RowMajorMatrix<Scalar> weights_;
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
