/// @file
/// What the rows of Y = A1 X A2ᵀ weigh, block by block.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/sampler/kronecker_factors.hpp"

namespace turnstile::inline v0 {

/// ‖Y_{i,:}‖² = a_iᵀG a_i with G = X (A2ᵀA2) Xᵀ, summed over the rows below a node of A1's tree: ⟨G, M_node⟩.
/// Belongs to one version of A2 and X. Each value comes with a bound on its rounding, the slack; value + slack
/// is at least the sum of the squares below, and at least the same of the node's children together.
///
/// Time: O(d³) to make, O(d²) a value; after `tabulate`, which takes O(n1·d), O(1) a value, and the table
/// follows an update of an entry of A1 in O(d + log n1). Memory: d1² numbers, and 2·n1/B in the table.
template <class Scalar>
class RowMasses {
  static constexpr double epsilon = std::numeric_limits<double>::epsilon();
  static constexpr Index root = GramTree<Scalar>::root;
  using Matrix = typename detail::InDoubles<Scalar>::Matrix;
  using Vector = typename detail::InDoubles<Scalar>::Vector;

 public:
  explicit RowMasses(const KroneckerFactors<Scalar>& factors) {
    const auto& right = factors.right;
    const Matrix core = factors.core.template cast<double>();
    const auto one_sided = right.sum(root);
    const Matrix sum = (one_sided + one_sided.transpose()) / 2;
    gram_ = core * sum * core.transpose();
    const double roundings = 4.0 * static_cast<double>(core.rows() + core.cols());
    const double unit = epsilon * core.squaredNorm();
    size_slack_ = unit * (right.drift(root) + roundings * right.size(root));
    drift_slack_ = unit * right.size(root);
    least_size_ = std::min(core.squaredNorm(), right.size(root));
  }

  bool tabulated() const { return !table_.empty(); }

  /// Keeps the value of every node.
  void tabulate(const GramTree<Scalar>& left) {
    table_.resize(static_cast<std::size_t>(left.node_count()));
    for (Index node = left.node_count(); node-- > root;)
      entry(node) = left.is_block(node) ? product(left, node) : entry(2 * node) + entry(2 * node + 1);
  }

  /// To be called when A1_ij has changed; the table must be there.
  void follow(const GramTree<Scalar>& left, const typename GramTree<Scalar>::Change& change, Index i, Index j) {
    if (change.afresh) return follow(left, change.block);
    const double grown = 2 * left.row(i).dot(gram_.row(j)) - change.delta * gram_(j, j);
    entry(change.block) += change.delta * grown;
    climb(change.block);
  }

  /// To be called when a row of the block has changed. Time: O(d²).
  void follow(const GramTree<Scalar>& left, Index block) {
    entry(block) = product(left, block);
    climb(block);
  }

  /// ⟨G, M_node⟩, off by at most the node's slack.
  double value(const GramTree<Scalar>& left, Index node) const {
    return tabulated() ? table_[static_cast<std::size_t>(node)] : product(left, node);
  }
  double slack(const GramTree<Scalar>& left, Index node) const {
    return drift_slack_ * left.drift(node) + size_slack_ * left.size(node);
  }
  double upper(const GramTree<Scalar>& left, Index node) const { return value(left, node) + slack(left, node); }

  /// Whether ‖Y‖_F² is known within a fraction `tolerance` of it, and no square on the way has underflowed.
  bool resolve(const GramTree<Scalar>& left, double tolerance) const {
    constexpr double least = 0x1p-900;
    const double whole = value(left, root);
    return std::min({whole, left.size(root), least_size_}) > least && slack(left, root) <= tolerance * whole;
  }

  /// value + slack of the single rows of a block. Time: O(B d²).
  Vector upper_of_rows(const GramTree<Scalar>& left, Index block) const {
    const auto& rows = left.block_rows(block).eval();
    return (rows * gram_).cwiseProduct(rows).rowwise().sum() + size_slack_ * rows.rowwise().squaredNorm();
  }

  std::size_t heap_bytes() const {
    return static_cast<std::size_t>(gram_.size()) * sizeof(double) + table_.capacity() * sizeof(double);
  }

 private:
  double& entry(Index node) { return table_[static_cast<std::size_t>(node)]; }

  double product(const GramTree<Scalar>& left, Index node) const {
    return gram_.cwiseProduct(left.sum(node)).rowwise().sum().sum();
  }

  void climb(Index block) {
    for (Index node = block / 2; node >= root; node /= 2) entry(node) = entry(2 * node) + entry(2 * node + 1);
  }

  typename GramTree<Scalar>::Sum gram_;
  double size_slack_, drift_slack_, least_size_;
  std::vector<double> table_;
};

}  // namespace turnstile::inline v0
