#include <turnstile/sampler/gram_tree.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/streams.hpp"

#include <cstdint>
#include <limits>
#include <vector>

// GramTree: every node's sum is the Gram matrix of the rows below it, within the bound that it names.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index root = GramTree<double>::root;
constexpr double epsilon = std::numeric_limits<double>::epsilon();

// Σ a aᵀ of the rows below a node.
template <class Scalar>
Eigen::MatrixXd recomputed(const GramTree<Scalar>& tree, Index node) {
  if (!tree.is_block(node)) return recomputed(tree, 2 * node) + recomputed(tree, 2 * node + 1);
  const Eigen::MatrixXd rows = tree.block_rows(node);
  return rows.transpose() * rows;
}

// All nodes: ½(N + Nᵀ) is the sum of the rows within ε·drift, and the size bounds what it says it bounds.
template <class Scalar>
void check_sums(const GramTree<Scalar>& tree) {
  long off = 0, too_small = 0;
  for (Index node = root; node < tree.node_count(); ++node) {
    const Eigen::MatrixXd kept = tree.sum(node), exact = recomputed(tree, node);
    off += !(((kept + kept.transpose()) / 2 - exact).norm() <= epsilon * tree.drift(node));
    too_small += !(tree.size(node) >= (1 - 1e-12) * exact.trace() && tree.size(node) >= (1 - 1e-12) * kept.norm());
  }
  CHECK(off == 0);
  CHECK(too_small == 0);
}

// `count` updates of random entries, and of a random row for every tenth.
template <class Scalar>
void update_at_random(GramTree<Scalar>& tree, std::uint64_t count) {
  const MixHash words(derive_seed(1, "updates of a Gram tree"));
  for (std::uint64_t k = 0; k < count; ++k) {
    const auto row = static_cast<Index>(below(words(3 * k), static_cast<std::size_t>(tree.rows())));
    const auto column = static_cast<Index>(below(words(3 * k + 1), static_cast<std::size_t>(tree.cols())));
    const auto delta = static_cast<Scalar>(small_integer(words(3 * k + 2), 1000)) / Scalar(7);
    if (k % 10 == 9)
      tree.update_row(row, Eigen::RowVector<Scalar, Eigen::Dynamic>::LinSpaced(tree.cols(), delta, -delta));
    else
      tree.update(row, column, delta);
  }
}

struct Size {
  Index rows, columns;
};

// Below one block, at its edges, numbers of blocks that are and are not powers of two, blocks of 16 and more.
const std::vector<Size> sizes{{1, 1}, {3, 5}, {16, 2}, {17, 2}, {100, 7}, {64, 4}, {333, 1}, {210, 70}};

}  // namespace

TEMPLATE_TEST_CASE("Sums of a Gram tree are those of its rows, built and updated", "[gram tree]", double, float) {
  for (const Size& size : sizes) {
    CAPTURE(size.rows, size.columns);
    GramTree<TestType> tree(integer_matrix(size.rows, size.columns, 1).cast<TestType>());
    check_sums(tree);
    update_at_random(tree, 50);
    check_sums(tree);
    update_at_random(tree, 1000);
    check_sums(tree);
    tree.refresh();
    check_sums(tree);
  }
}

TEST_CASE("The rows of a Gram tree are those of the matrix under the same updates", "[gram tree]") {
  Eigen::MatrixXd matrix = integer_matrix(50, 3, 2);
  GramTree<double> tree(matrix);
  for (Index k = 0; k < 200; ++k) {
    const Eigen::RowVector3d change(0.1 * static_cast<double>(k), -1.0 / 3, 1e-9);
    tree.update(k % 50, k % 3, change[0]);
    matrix(k % 50, k % 3) += change[0];
    tree.update_row(k * 7 % 50, change);
    matrix.row(k * 7 % 50) += change;
  }
  CHECK((tree.matrix().array() == matrix.array()).all());
}

TEST_CASE("Blocks of a Gram tree hold every row once", "[gram tree]") {
  for (const Size& size : sizes) {
    CAPTURE(size.rows, size.columns);
    const GramTree<double> tree(Eigen::MatrixXd::Zero(size.rows, size.columns));
    std::vector<Index> times(static_cast<std::size_t>(size.rows), 0);
    for (Index node = root; node < tree.node_count(); ++node) {
      if (!tree.is_block(node)) continue;
      for (Index i = tree.first_of(node); i < tree.end_of(node); ++i) {
        ++times[static_cast<std::size_t>(i)];
        CHECK(tree.block_of(i) == node);
      }
    }
    CHECK(times == std::vector<Index>(times.size(), 1));
  }
}

// A node's mass is its number of rows, so that row r of a block is at [r, r + 1) of the block's interval: all
// points k + ½ together name every row once.
TEST_CASE("Going down a Gram tree finds the block in whose interval a point falls", "[gram tree]") {
  for (const Size& size : sizes) {
    CAPTURE(size.rows, size.columns);
    const GramTree<double> tree(Eigen::MatrixXd::Ones(size.rows, 1));
    const auto mass = [&](Index node) { return tree.sum(node)(0, 0); };
    REQUIRE(mass(root) == static_cast<double>(size.rows));
    std::vector<Index> times(static_cast<std::size_t>(size.rows), 0);
    for (Index k = 0; k < size.rows; ++k) {
      double target = static_cast<double>(k) + 0.5;
      const Index row = tree.first_of(tree.descend(target, mass)) + static_cast<Index>(target);
      REQUIRE((row >= 0 && row < size.rows));
      ++times[static_cast<std::size_t>(row)];
    }
    CHECK(times == std::vector<Index>(times.size(), 1));
    double beyond = static_cast<double>(size.rows) + 0.5;
    const Index last = tree.descend(beyond, mass);
    CHECK(beyond >= static_cast<double>(tree.end_of(last) - tree.first_of(last)));
  }
}

TEST_CASE("A block is summed up afresh after sixteen updates for each column", "[gram tree]") {
  constexpr Index columns = 5;
  GramTree<double> tree(integer_matrix(100, columns, 3));
  for (int round = 0; round < 3; ++round)
    for (Index k = 1; k <= 16 * columns; ++k)
      CHECK(tree.update(20 + k % 12, k % columns, 1e6).afresh == (k == 16 * columns));
  const Index block = tree.block_of(20);
  CHECK(tree.size(block) == Approx(tree.block_rows(block).squaredNorm()));
}

// What cancels leaves its rounding in a block, 10¹²·ε here, but no longer than until the refresh.
TEST_CASE("A refresh leaves nothing of what has cancelled", "[gram tree]") {
  GramTree<double> tree(Eigen::MatrixXd::Zero(40, 6));
  for (const double sign : {1.0, -1.0})
    for (Index j = 0; j < 6; ++j) tree.update(17, j, sign * (1e6 + 0.1 * static_cast<double>(j)));
  for (Index j = 0; j < 6; ++j) tree.update(17, j, 1e-8);
  check_sums(tree);
  CHECK(tree.size(root) > 1e12);
  tree.refresh();
  check_sums(tree);
  CHECK(tree.size(root) == Approx(6e-16));
  CHECK(tree.sum(root)(2, 3) == Approx(1e-16));
}

TEST_CASE("A refresh leaves sums alone of which little has cancelled", "[gram tree]") {
  GramTree<double> tree(integer_matrix(40, 6, 4));
  tree.update(17, 2, 30.0);
  const double drift = tree.drift(root);
  tree.refresh();
  CHECK(tree.drift(root) == drift);
}

TEST_CASE("A Gram tree takes about five numbers for each of its matrix", "[gram tree]") {
  for (const Size& size : {Size{4096, 64}, Size{1000, 16}, Size{1000, 200}}) {
    const GramTree<double> tree(Eigen::MatrixXd::Zero(size.rows, size.columns));
    const double numbers = static_cast<double>(tree.heap_bytes()) / sizeof(double);
    const auto n = static_cast<double>(size.rows), d = static_cast<double>(size.columns);
    CHECK(numbers >= n * d);
    CHECK(numbers <= 5 * n * d + 2 * d * d + n / 2);  // n/2: two sizes for each node, a count for each block
  }
}
