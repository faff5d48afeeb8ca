/// @file
/// The vertical-slash pattern of MInference.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <limits>
#include <numeric>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/column_choice.hpp"
#include "turnstile/attention/diagonal_choice.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/only_head.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// The budgets of a vertical-slash pattern: fixed numbers, which MInference finds offline for each head of a model.
struct VerticalSlashOptions {
  Index verticals = 1000;  ///< columns that are kept
  Index slashes = 6096;    ///< diagonals that are kept
  Index queries = 64;      ///< the last ones, by which columns and diagonals are judged
  Index sinks = 30;        ///< first keys, which are among the columns
  Index nearest = 30;      ///< diagonals nearest to the query, which are among the diagonals
};

/// The vertical-slash pattern of MInference (Jiang et al., arXiv 2407.02490, Algorithm 2) for one head: of the exact
/// softmax of the last queries, the columns and the diagonals with the largest sums, as many of each as a budget says.
/// Nothing tells what mass they keep of other rows. The publication's kernel widens each diagonal to blocks of 64; here
/// they stay as thin as they are chosen.
///
/// Time: 2·d·n_k flops for each of the last queries, and O(n_k log n_k). Memory: n_k floats for each of them.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
///   const Matrix q = Matrix::Random(500, 32), k = Matrix::Random(500, 32), v = Matrix::Random(500, 32);
///   const auto causal = turnstile::Direction::causal;
///   const auto pattern = turnstile::vertical_slash_pattern(causal, q, k, {.verticals = 40, .slashes = 60});
///   const auto attended = turnstile::sparse_attention(q, k, v, pattern.mask(causal, 500, 500));
///   return pattern.columns.size() == 40 && attended.pairs[0] < 500 * 100 ? 0 : 1;
/// }
/// @endcode
/// @throws InvalidArgument as DenseAttention does; unless there is one head of each, 1 ≤ queries, 0 ≤ sinks ≤
/// verticals, and 1 ≤ nearest ≤ slashes, so that every query keeps a key
template <std::same_as<float> Scalar = float>
HeadPattern vertical_slash_pattern(Direction direction, const Heads& queries, const Heads& keys,
                                   const VerticalSlashOptions& options = {}, const AttentionOptions& attention = {}) {
  const detail::HeadInputs head = detail::only_head<Scalar>(direction, queries, keys, attention);
  detail::check_range(options.queries, 1, max_dimension, "number of last queries");
  detail::check_range(options.sinks, 0, options.verticals, "number of sinks");
  detail::check_range(options.nearest, 1, options.slashes, "number of nearest diagonals");
  std::vector<Index> last(static_cast<std::size_t>(std::min(options.queries, queries.rows())));
  std::iota(last.begin(), last.end(), queries.rows() - std::ssize(last));
  const detail::SampledRows<Scalar> rows(head, std::move(last));

  constexpr double always = std::numeric_limits<double>::infinity();
  Eigen::VectorXd columns = detail::column_masses(head, rows, 0);
  columns.head(std::min(options.sinks, columns.size())).setConstant(always);
  Eigen::VectorXd diagonals = detail::diagonal_masses(head, rows);
  const Index first = detail::nearest_distance(head);
  const Index begin = std::max(HeadPattern::nearest(direction, options.nearest) - first, Index{0});
  diagonals.segment(begin, std::min(options.nearest, diagonals.size() - begin)).setConstant(always);
  return {false, 0, detail::places_of_largest(columns, options.verticals),
          detail::slashes_at(detail::places_of_largest(diagonals, options.slashes), 1, first)};
}

}  // namespace turnstile::inline v0
