/// @file
/// The indices of an entry of a product of streams, drawn one after the other.
#pragma once

#include <Eigen/Core>
#include <Eigen/QR>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/draw.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/detail/median.hpp"
#include "turnstile/sampler/core_tensor.hpp"
#include "turnstile/sampler/row_sampler.hpp"

namespace turnstile::inline v0 {

/// An index that has been drawn: its row, as recovered, and what its readings say of it.
struct FactoredStep {
  Index index;
  Eigen::VectorXd row;
  Eigen::MatrixXd readings;
};

/// The indices drawn so far, and what they leave to do.
struct FactoredPath {
  std::vector<FactoredStep> steps;
  Eigen::VectorXd rest;    ///< X contracted with the rows
  double error = 0;        ///< bounds what rounding left in it, as a Euclidean norm
  double probability = 1;  ///< of the indices
};

/// How an index of Y = X ×₁ A1 ×₂ A2 … is drawn once those before it are (see `FactoredTensorSampler`), and what a
/// drawn index leaves to the next. Refers to the factors and the core.
template <class Scalar, class Policies>
class FactoredPaths {
  using Matrix = typename detail::InDoubles<Scalar>::Matrix;
  using Vector = typename detail::InDoubles<Scalar>::Vector;

 public:
  using draw_type = TensorDraw<Scalar>;

  FactoredPaths(std::span<const RowSampler<Scalar, Policies>> factors, const CoreTensor<double>& core)
      : factors_(factors), core_(&core) {
    for (const auto& factor : factors.subspan(1)) embedded_.push_back(triangle(factor.embedding()));
  }

  /// No index is drawn.
  FactoredPath start() const { return {{}, core_->values(), core_->rounding(), 1}; }

  /// Whether but the last index is drawn.
  bool nearly_complete(const FactoredPath& path) const { return path.steps.size() + 1 == factors_.size(); }

  /// read(view) of the next index, which is not the last: a view of the rows of its factor in the norm ‖Y_{…,i,…}‖.
  /// Without an answer if that leaves the range of a double, and nothing can be trusted.
  template <class Read>
  void with_rows(const FactoredPath& path, const Read& read) const {
    const std::size_t k = path.steps.size();
    const Matrix factor = norm_factor(path.rest, k);
    if (factor.allFinite()) read(factors_[k].mapped_by(factor));
  }

  /// read(view) of the last index: a view of the entries Y_{…,i}. Without an answer as above.
  template <class Read>
  void with_entries(const FactoredPath& path, const Read& read) const {
    if (path.rest.allFinite()) read(factors_.back().times(path.rest, path.error));
  }

  /// F with ‖Y_{…,i,…}‖ ≈ ‖F a_i‖ for the k-th factor, once all before it are contracted away.
  Matrix norm_factor(Vector rest, std::size_t k) const {
    Index outer = factors_[k].columns();
    for (std::size_t l = k + 1; l < factors_.size(); ++l) {
      rest = detail::multiply_middle(rest, outer, embedded_[l - 1]);
      outer *= embedded_[l - 1].rows();
    }
    const Index columns = factors_[k].columns();
    const Matrix factor = Eigen::Map<const Matrix>(rest.data(), rest.size() / columns, columns);
    return triangle(factor);
  }

  /// The path with a draw of its next index, from that image.
  FactoredPath extended(const FactoredPath& path, const RowImage<Scalar>& image, const RowDraw<Scalar>& draw) const {
    const auto& op = factors_[path.steps.size()].linear_map();
    FactoredPath next = path;
    next.steps.push_back({draw.index, as_vector(draw.row),
                          image.readings(op, draw.index).template cast<double>() / op.scale(draw.index)});
    const Vector& row = next.steps.back().row;
    const double terms = static_cast<double>(row.size() + 2);
    next.error = path.error * row.stableNorm() +
                 path.rest.stableNorm() * (image.row_error(op, draw.index) + terms * 0x1p-53 * row.stableNorm());
    next.rest = detail::contract_first(path.rest, row);
    next.probability *= draw.probability;
    return next;
  }

  /// The draw of an entry, the last index of which is this one.
  draw_type completed(const FactoredPath& path, const Draw<Scalar>& last) const {
    draw_type draw{{}, last.value, path.probability * last.probability, last.standard_error};
    for (const FactoredStep& step : path.steps) draw.indices.push_back(step.index);
    draw.indices.push_back(last.index);
    mend(path, as_vector(factors_.back().estimate(last.index)), draw);
    return draw;
  }

 private:
  template <class Row>
  static Vector as_vector(const Row& row) {
    return row.transpose().template cast<double>();
  }

  // The value was read for the rows as recovered, each one reading of its own. In the direction that counts
  // for this entry, the median of the readings is the better estimate, and their spread is its error.
  void mend(const FactoredPath& path, const Vector& last_row, draw_type& draw) const {
    double value = static_cast<double>(draw.value), variance = draw.standard_error * draw.standard_error;
    for (std::size_t k = 0; k < path.steps.size(); ++k) {
      const Vector direction = gradient(path, last_row, k);
      Vector readings = path.steps[k].readings * direction;
      const std::span<double> all(readings.data(), static_cast<std::size_t>(readings.size()));
      const double middle = detail::median(all);
      readings = (readings.array() - middle).abs();
      // 1.4826 takes the median deviation to the standard one, √(π/2R) that to a median's (normal law).
      const auto count = static_cast<double>(all.size());
      const double error = 1.4826 * detail::median(all) * std::sqrt(std::numbers::pi / 2 / count);
      value += middle - path.steps[k].row.dot(direction);
      variance += error * error;
    }
    draw.value = static_cast<Scalar>(value);
    draw.standard_error = std::sqrt(variance);
  }

  // g with Y = g·a_k, all other rows being those of the path and the last one.
  Vector gradient(const FactoredPath& path, const Vector& last_row, std::size_t k) const {
    Vector rest = detail::contract_last(core_->values(), last_row);
    for (std::size_t l = path.steps.size(); l-- > k + 1;) rest = detail::contract_last(rest, path.steps[l].row);
    for (std::size_t l = 0; l < k; ++l) rest = detail::contract_first(rest, path.steps[l].row);
    return rest;
  }

  // R of M = Q R: the same norms ‖M a‖ from fewer rows.
  static Matrix triangle(const Matrix& matrix) {
    if (matrix.rows() <= matrix.cols()) return matrix;
    const Eigen::HouseholderQR<Matrix> qr(matrix);
    return qr.matrixQR().topRows(matrix.cols()).template triangularView<Eigen::Upper>();
  }

  std::span<const RowSampler<Scalar, Policies>> factors_;
  const CoreTensor<double>* core_;
  std::vector<Matrix> embedded_;  // R of S A_k, of all factors but the first
};

}  // namespace turnstile::inline v0
