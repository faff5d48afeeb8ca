/// @file
/// The rows of a matrix that changes, and a tree of their Gram sums.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/in_doubles.hpp"
#include "turnstile/sampler/kronecker_checks.hpp"

namespace turnstile::inline v0 {

/// Keeps A ∈ ℝⁿˣᵈ and, for every node of a binary tree over blocks of its rows, the sum M = Σ a aᵀ of the
/// rows below: what ‖A_node q‖² = qᵀM q and Σ aᵀG a = ⟨G, M⟩ of all these rows need, whatever q and G.
/// Node 1 is the root, node k has the children 2k and 2k + 1, the last ⌈n/B⌉ nodes are the blocks of
/// B = max(16, ⌈d/2⌉) rows, which keeps the sums within 4nd + 2d² numbers.
///
/// M is stored one-sided, as an N with M = ½(N + Nᵀ): an update of a_j changes row j of N alone, and
/// qᵀN q = qᵀM q, ⟨G, N⟩ = ⟨G, M⟩ for a symmetric G.
///
/// Rounding. A node above the blocks is the rounded sum of its two children at every moment, so it
/// keeps nothing of what has cancelled below it. A block does, since its sum is updated: it is summed up
/// afresh from its rows after 16 d updates (which adds (B + log₂(n/B))·d/16 multiplications to each), and
/// by `refresh` where far more went through it than it holds. In between ‖N − N_exact‖_F ≤ ε·drift(node), ε = 2⁻⁵².
///
/// Time: an update of an entry d adds at each of 1 + log₂(n/B) levels; of a row that for each entry.
/// Memory: 5nd + O(d²) numbers. Scalar is the type of A; sums are doubles.
template <class Scalar>
class GramTree {
 public:
  using Rows = detail::RowMajorMatrix<Scalar>;
  using Sum = typename detail::InDoubles<Scalar>::RowMajorMatrix;
  using SumMap = Eigen::Map<const Sum, 0, Eigen::OuterStride<>>;

  static constexpr Index root = 1;

  /// What an update did, for those who keep values of ⟨G, M⟩ in step.
  struct Change {
    Index block = 0;      ///< the node of the block of rows
    double delta = 0;     ///< by how much the entry changed, after rounding
    bool afresh = false;  ///< whether the block was summed up afresh
  };

  /// Time: O(n d²). @throws InvalidArgument for an empty matrix, or one whose sums no memory can hold
  explicit GramTree(Rows rows)
      : block_size_(std::max<Index>(16, (rows.cols() + 1) / 2)),
        blocks_((rows.rows() + block_size_ - 1) / block_size_),
        rows_(std::move(rows)) {
    const Index numbers = detail::checked_product(cols(), cols(), "a Gram sum");
    sums_.resize(detail::checked_product(node_count(), numbers, "Gram sums"));
    loads_.resize(static_cast<std::size_t>(node_count()));
    updates_.resize(static_cast<std::size_t>(blocks_));
    for (Index node = blocks_; node < node_count(); ++node) sum_block(node);
    for (Index node = blocks_; node-- > 1;) add_children(node);
  }

  Index rows() const { return rows_.rows(); }
  Index cols() const { return rows_.cols(); }
  const Rows& matrix() const { return rows_; }

  /// A_ij += Δ, where the result must be finite.
  Change update(Index i, Index j, Scalar delta) {
    const Index block = block_of(i);
    const auto after = static_cast<Scalar>(rows_(i, j) + delta);
    const double change = static_cast<double>(after) - static_cast<double>(rows_(i, j));
    pass(block, std::abs(change), row(i).norm());
    auto sums = sum_row(block, j);
    sums += 2 * change * row(i);
    sums[j] += change * change;
    rows_(i, j) = after;
    const bool afresh = renew(block);
    if (!afresh) climb(block, [&](Index node) { add_children(node, j), add_loads(node); });
    return {block, change, afresh};
  }

  /// A_{i,:} += Δ, a row of ℝᵈ, where the result must be finite. Returns the block.
  Index update_row(Index i, const Eigen::RowVector<Scalar, Eigen::Dynamic>& delta) {
    const Index block = block_of(i);
    const RowVector before = row(i);
    rows_.row(i) += delta;
    const RowVector change = row(i) - before, both = row(i) + before;
    pass(block, change.norm(), before.norm());
    for (Index j = 0; j < cols(); ++j)
      if (change[j] != 0) sum_row(block, j) += change[j] * both;
    if (!renew(block)) climb(block, [&](Index node) { add_children(node); });
    return block;
  }

  /// Sums up afresh the blocks through which 1024 times more squares went than they hold.
  void refresh() {
    for (Index block = blocks_; block < node_count(); ++block)
      if (load(block).size > 1024 * block_rows(block).squaredNorm()) sum_path(block);
  }

  bool is_block(Index node) const { return node >= blocks_; }
  /// About log₂(n/B) + 1, the number of nodes from the root to a block.
  Index height() const { return static_cast<Index>(std::bit_width(static_cast<std::size_t>(blocks_))); }
  /// One more than the number of the last node.
  Index node_count() const { return 2 * blocks_; }
  Index block_of(Index i) const { return blocks_ + i / block_size_; }
  Index first_of(Index block) const { return (block - blocks_) * block_size_; }
  Index end_of(Index block) const { return std::min(first_of(block) + block_size_, rows()); }

  /// Row i and the rows of a block, as doubles.
  auto row(Index i) const { return rows_.row(i).template cast<double>(); }
  auto block_rows(Index block) const {
    return rows_.middleRows(first_of(block), end_of(block) - first_of(block)).template cast<double>();
  }

  /// The node's N.
  SumMap sum(Index node) const { return {sums_.data() + offset(node, 0), cols(), cols(), stride()}; }
  /// At least Σ‖a‖² of the rows below, and at least ‖N‖_F.
  double size(Index node) const { return load(node).size; }
  /// Bounds the error of N, of qᵀN q/‖q‖² and of ⟨G, N⟩/‖G‖_F as evaluated in doubles, in units of ε.
  double drift(Index node) const { return load(node).drift; }

  /// The block in which `target` falls when every node is an interval as long as mass(node), its
  /// children side by side in it; `target` is left as the place within the block, which may be beyond its end.
  template <class Mass>
  Index descend(double& target, const Mass& mass) const {
    Index node = root;
    while (!is_block(node)) {
      node *= 2;
      const double left = mass(node);
      if (target < left) continue;
      target -= left;
      ++node;
    }
    return node;
  }

  std::size_t heap_bytes() const {
    return static_cast<std::size_t>(rows_.size()) * sizeof(Scalar) +
           static_cast<std::size_t>(sums_.size()) * sizeof(double) + loads_.capacity() * sizeof(Load) +
           updates_.capacity() * sizeof(Index);
  }

 private:
  using Matrix = typename detail::InDoubles<Scalar>::Matrix;
  using Vector = typename detail::InDoubles<Scalar>::Vector;
  using RowVector = typename detail::InDoubles<Scalar>::RowVector;

  // size: the squares that a block held when it was summed up, and all that went through it since.
  struct Load {
    double size = 0, drift = 0;
  };

  // Row j of a node and row j of its sibling are neighbours: they are read together.
  Index stride() const { return 2 * cols(); }
  Index offset(Index node, Index j) const { return (node / 2 * cols() + j) * stride() + node % 2 * cols(); }
  Eigen::Map<RowVector> sum_row(Index node, Index j) { return {sums_.data() + offset(node, j), cols()}; }

  Load& load(Index node) { return loads_[static_cast<std::size_t>(node)]; }
  const Load& load(Index node) const { return loads_[static_cast<std::size_t>(node)]; }
  Index& updates_of(Index block) { return updates_[static_cast<std::size_t>(block - blocks_)]; }

  // The roundings of a block's sum, of those above it and of the evaluation of a product with it.
  double roundings() const { return static_cast<double>(block_size_ + 4 * cols() + 64); }

  void sum_block(Index block) {
    const Matrix rows = block_rows(block);
    Eigen::Map<Sum, 0, Eigen::OuterStride<>>(sums_.data() + offset(block, 0), cols(), cols(), stride()).noalias() =
        rows.transpose() * rows;
    updates_of(block) = 0;
    const double size = rows.squaredNorm();
    load(block) = {size, size * roundings()};
  }

  // An update of a row of norm `norm` passes through its block.
  void pass(Index block, double change, double norm) {
    const double size = load(block).size + change * (2 * norm + change);
    load(block) = {size, size * (roundings() + static_cast<double>(++updates_of(block)))};
  }

  void add_children(Index node, Index j) { sum_row(node, j) = sum_row(2 * node, j) + sum_row(2 * node + 1, j); }

  void add_children(Index node) {
    for (Index j = 0; j < cols(); ++j) add_children(node, j);
    add_loads(node);
  }

  void add_loads(Index node) {
    const Load &left = load(2 * node), &right = load(2 * node + 1);
    load(node) = {left.size + right.size, left.drift + right.drift};
  }

  // Calls add(node) for all nodes above the block, from below.
  template <class Add>
  static void climb(Index block, const Add& add) {
    for (Index node = block / 2; node >= root; node /= 2) add(node);
  }

  // Sums the block up afresh if its time has come; whether it did.
  bool renew(Index block) {
    if (updates_of(block) < 16 * cols()) return false;
    sum_path(block);
    return true;
  }

  void sum_path(Index block) {
    sum_block(block);
    climb(block, [&](Index node) { add_children(node); });
  }

  Index block_size_, blocks_;
  Rows rows_;
  Vector sums_;
  std::vector<Load> loads_;
  std::vector<Index> updates_;  // of each block since it was summed up
};

}  // namespace turnstile::inline v0
