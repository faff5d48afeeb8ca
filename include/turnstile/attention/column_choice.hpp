/// @file
/// Choosing the columns of a head from sampled rows.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// For each column, its mass outside the window of `window` keys, summed over the sampled rows.
template <class Scalar>
Eigen::VectorXd column_masses(const HeadInputs& head, const SampledRows<Scalar>& rows, Index window) {
  const HeadPattern pattern{false, window, {}, {}};
  const Index keys = head.keys.rows();
  Eigen::VectorX<Scalar> masses = Eigen::VectorX<Scalar>::Zero(keys);
  for (Index i = 0; i < rows.count(); ++i) {
    const auto weights = rows.weights(i).transpose();
    const IndexRange inside = pattern.window_of(head.direction, head.place(rows.query(i)), keys);
    const Index behind = weights.size() - inside.end;
    masses.head(inside.begin) += weights.head(inside.begin);
    masses.segment(inside.end, behind) += weights.tail(behind);
  }
  return masses.template cast<double>();
}

/// The smallest set of columns whose sums reach what is wanted; in ascending order.
inline std::vector<Index> heaviest_columns(const Eigen::VectorXd& sums, double wanted) {
  std::vector<std::pair<double, Index>> order;
  for (Index j = 0; j < sums.size(); ++j) order.emplace_back(-sums[j], j);
  std::sort(order.begin(), order.end());
  std::vector<Index> columns;
  for (double reached = 0; reached < wanted && std::ssize(columns) < sums.size(); reached += sums[columns.back()])
    columns.push_back(order[columns.size()].second);
  std::sort(columns.begin(), columns.end());
  return columns;
}

}  // namespace turnstile::inline v0::detail
