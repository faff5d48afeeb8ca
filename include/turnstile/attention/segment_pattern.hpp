/// @file
/// Column and diagonal blocks found from the tails of query segments.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <vector>

#include "turnstile/attention/column_choice.hpp"
#include "turnstile/attention/diagonal_choice.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/sample_options.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// The pattern of SampleAttention's version 3 (arXiv 2406.15486). The queries are cut into segments, of which the last
/// 32 queries are computed exactly; their masses are summed in blocks of 128 columns, and of 128 diagonals; in either
/// direction, whatever the other one holds, the heaviest blocks are kept until they have the share α_c or α_s of all
/// mass. The diagonals next to the query are kept as well, so that no query is left without keys.
///
/// Each head has one pattern, from the sums over its segments. Time: 2·d·n_k flops for each row computed. Memory: n_k
/// floats for each row of one segment.
template <class Scalar = float>
class SegmentPattern {
 public:
  static constexpr Index block = 128, tail = 32;

  SegmentPattern(const HeadInputs& head, const SampleOptions& options)
      : head_(head),
        options_(options),
        columns_(Eigen::VectorXd::Zero(head.keys.rows())),
        diagonals_(Eigen::VectorXd::Zero(head.place(head.queries.rows() - 1) - nearest_distance(head) + 1)) {
    const Index queries = head.queries.rows();
    const auto wanted = static_cast<Index>(options.row_ratio * static_cast<double>(queries) / double{tail});
    const Index segments = std::max(wanted, Index{1});
    for (Index s = 0; s < segments; ++s) add_tail(s * queries / segments, (s + 1) * queries / segments);
  }

  HeadPattern operator()() const {
    HeadPattern pattern{false, 0, {}, {}};
    const Eigen::VectorXd by_column = block_sums(columns_, block), by_diagonal = block_sums(diagonals_, block);
    for (Index b : heaviest_columns(by_column, options_.column_mass * by_column.sum()))
      for (Index key = b * block; key < std::min((b + 1) * block, columns_.size()); ++key)
        pattern.columns.push_back(key);
    const Index nearest = nearest_distance(head_);
    pattern.slashes =
        slashes_at(heaviest_columns(by_diagonal, options_.slash_mass * by_diagonal.sum()), block, nearest);
    pattern.slashes.push_back({HeadPattern::nearest(head_.direction, block), block});
    return pattern;
  }

 private:
  void add_tail(Index begin, Index end) {
    std::vector<Index> queries;
    for (Index query = std::max(begin, end - tail); query < end; ++query) queries.push_back(query);
    const SampledRows<Scalar> rows(head_, std::move(queries));
    columns_ += column_masses(head_, rows, 0);
    diagonals_ += diagonal_masses(head_, rows);
  }

  HeadInputs head_;
  SampleOptions options_;
  Eigen::VectorXd columns_, diagonals_;
};

}  // namespace turnstile::inline v0::detail
