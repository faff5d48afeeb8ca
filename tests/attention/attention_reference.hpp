#pragma once

#include <turnstile/attention/banded_mask.hpp>
#include <turnstile/attention/heads.hpp>
#include <turnstile/random/mix_hash.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

// Attention as its definition says, in double precision, and heads to try it on.

namespace turnstile::testing {

using FloatMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Entries uniform in (−largest, largest), the same everywhere.
inline FloatMatrix random_rows(Seed seed, Index rows, Index columns, double largest = 1) {
  const MixHash words(seed, 8);
  FloatMatrix matrix(rows, columns);
  for (Index i = 0; i < matrix.size(); ++i) {
    const double unit = static_cast<double>(words(static_cast<std::uint64_t>(i)) >> 11) * 0x1p-52 - 1;
    matrix.data()[i] = static_cast<float>(largest * unit);
  }
  return matrix;
}

// What a query may see by its direction alone.
inline bool sees(Direction direction, Index queries, Index keys, Index query, Index key) {
  return direction == Direction::bidirectional || key <= query + keys - queries;
}

// softmax(scale·q Kᵀ) V for each query of one head, over the keys with keeps(query, key).
template <class Keeps>
Eigen::MatrixXd reference_head(const HeadRows& q, const HeadRows& k, const HeadRows& v, double scale,
                               const Keeps& keeps) {
  const Eigen::MatrixXd values = v.cast<double>(), keys = k.cast<double>();
  Eigen::MatrixXd out(q.rows(), v.cols());
  for (Index i = 0; i < q.rows(); ++i) {
    Eigen::ArrayXd scores = scale * (keys * q.row(i).cast<double>().transpose()).array();
    for (Index j = 0; j < scores.size(); ++j)
      if (!keeps(i, j)) scores[j] = -std::numeric_limits<double>::infinity();
    const Eigen::ArrayXd weights = (scores - scores.maxCoeff()).unaryExpr([](double s) { return std::exp(s); });
    out.row(i) = (weights / weights.sum()).matrix().transpose() * values;
  }
  return out;
}

// All heads side by side.
template <class Keeps>
Eigen::MatrixXd reference_attention(const Heads& q, const Heads& k, const Heads& v, const Keeps& keeps) {
  Eigen::MatrixXd out(q.rows(), q.count() * v.head_size());
  const Index group = q.count() / k.count();
  const double scale = 1 / std::sqrt(static_cast<double>(q.head_size()));
  for (Index h = 0; h < q.count(); ++h)
    out.middleCols(h * v.head_size(), v.head_size()) = reference_head(q[h], k[h / group], v[h / group], scale, keeps);
  return out;
}

// ‖out − reference‖/‖reference‖, Frobenius norms.
inline double relative_error(const FloatMatrix& out, const Eigen::MatrixXd& reference) {
  return (out.cast<double>() - reference).norm() / reference.norm();
}

}  // namespace turnstile::testing
