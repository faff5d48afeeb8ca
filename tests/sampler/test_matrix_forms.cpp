#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"

#include <cmath>
#include <vector>

// One A, however it is written and in whatever pieces it is read, is one operand: states add up.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 300, columns = 7;
using RowMajorMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

const SamplerOptions options{.seed = 1, .shape = {.rows = 5, .buckets = 64}};

Eigen::MatrixXd matrix() { return integer_matrix(rows, columns, 1); }

// The same identity, exactly the same fingerprint of y, and the same draw.
template <class S, class Other>
void check_same(const S& sampler, const Other& other) {
  CHECK(sampler.identity() == other.identity());
  CHECK(sampler.operand() == other.operand());
  S a = sampler, b = other;
  for (S* state : {&a, &b}) state->update(Eigen::VectorX<typename S::scalar_type>::LinSpaced(columns, 1, columns));
  CHECK(a.image().residue == b.image().residue);
  const auto draw = a.sample(), same = b.sample();
  REQUIRE((draw && same));
  CHECK(draw->index == same->index);
  CHECK(static_cast<double>(draw->value) == Approx(static_cast<double>(same->value)).epsilon(1e-6));
  CHECK_NOTHROW(a += b);
}

template <class Step>
FixedMatrixSampler<> built(const Step& step) {
  FixedMatrixBuilder<> builder(rows, columns, options);
  step(builder);
  return std::move(builder).build();
}

}  // namespace

TEST_CASE("Dense A of any storage order, expression or fixed size is the same A", "[matrix]") {
  const Eigen::MatrixXd a = matrix();
  const FixedMatrixSampler<> sampler(a, options);
  check_same(sampler, FixedMatrixSampler<>(RowMajorMatrix(a), options));
  check_same(sampler, FixedMatrixSampler<>(2 * a - a, options));
  Eigen::MatrixXd large = Eigen::MatrixXd::Constant(rows + 5, columns + 3, 99);
  large.block(2, 1, rows, columns) = a;
  check_same(sampler, FixedMatrixSampler<>(large.block(2, 1, rows, columns), options));
  check_same(sampler, FixedMatrixSampler<>(RowMajorMatrix(a.transpose()).transpose(), options));
  const Eigen::Matrix<double, rows, columns> fixed = a;
  check_same(sampler, FixedMatrixSampler<>(fixed, options));
  check_same(sampler, FixedMatrixSampler<>(Eigen::Map<const Eigen::MatrixXd>(a.data(), rows, columns), options));
}

TEST_CASE("Numbers of other types make the same A", "[matrix]") {
  const Eigen::MatrixXd a = matrix();
  const FixedMatrixSampler<> sampler(a, options);
  check_same(sampler, FixedMatrixSampler<>(a.cast<float>(), options));
  check_same(sampler, FixedMatrixSampler<>(a.cast<int>(), options));
  const FixedMatrixSampler<float> floats(a.cast<float>(), options);
  check_same(floats, FixedMatrixSampler<float>(a, options));
}

TEST_CASE("Sparse A of either storage order is the same A", "[matrix]") {
  const Eigen::MatrixXd a = matrix();
  const FixedMatrixSampler<> sampler(a, options);
  const Eigen::SparseMatrix<double, Eigen::RowMajor> by_rows = a.sparseView();
  const Eigen::SparseMatrix<double, Eigen::ColMajor> by_columns = a.sparseView();
  check_same(sampler, FixedMatrixSampler<>(by_rows, options));
  check_same(sampler, FixedMatrixSampler<>(by_columns, options));
  check_same(sampler, FixedMatrixSampler<>(2 * by_rows - by_rows, options));
  const Eigen::SparseMatrix<float> floats = a.cast<float>().sparseView();
  check_same(sampler, FixedMatrixSampler<>(floats, options));
}

TEST_CASE("Blocks of rows in any order, dense or sparse, build the same A", "[matrix]") {
  const Eigen::MatrixXd a = matrix();
  const FixedMatrixSampler<> sampler(a, options);
  for (const Index size : {Index{1}, Index{63}, Index{64}, Index{65}, rows}) {
    INFO("blocks of " << size);
    std::vector<Index> firsts;
    for (Index first = 0; first < rows; first += size) firsts.insert(firsts.begin(), first);
    check_same(sampler, built([&](auto& builder) {
                 for (Index first : firsts) builder.add_rows(first, a.middleRows(first, std::min(size, rows - first)));
               }));
    check_same(sampler, built([&](auto& builder) {
                 for (Index first : firsts) {
                   const Eigen::MatrixXd block = a.middleRows(first, std::min(size, rows - first));
                   if (first % 2 == 0) {
                     const Eigen::SparseMatrix<double> sparse = block.sparseView();
                     builder.add_rows(first, sparse);
                   } else {
                     builder.add_rows(first, block);
                   }
                 }
               }));
  }
}

TEST_CASE("Rows that are given twice add up, and shards are joined and parted", "[matrix]") {
  const Eigen::MatrixXd a = matrix(), half = (a.array() / 2).matrix();
  const FixedMatrixSampler<> sampler(a, options);
  check_same(sampler, built([&](auto& builder) {
               builder.add_rows(0, half);
               builder.add_rows(0, half);
             }));
  check_same(sampler, built([&](auto& builder) {
               FixedMatrixBuilder<> upper(rows, columns, options), extra(rows, columns, options);
               upper.add_rows(0, a.topRows(100));
               extra.add_rows(100, 3 * a.bottomRows(rows - 100));
               builder += upper;
               builder += extra;
               extra.clear();
               extra.add_rows(100, 2 * a.bottomRows(rows - 100));
               builder -= extra;
             }));
}

TEST_CASE("A builder that is saved, loaded and continued builds the same A", "[matrix]") {
  const Eigen::MatrixXd a = matrix();
  FixedMatrixBuilder<> builder(rows, columns, options);
  builder.add_rows(0, a.topRows(100));
  auto loaded = FixedMatrixBuilder<>::from_bytes(builder.to_bytes());
  for (auto* state : {&builder, &loaded}) state->add_rows(100, a.bottomRows(rows - 100));
  CHECK(loaded.to_bytes() == builder.to_bytes());
  check_same(std::move(builder).build(), std::move(loaded).build());
}

TEST_CASE("Another A is another operand", "[matrix]") {
  Eigen::MatrixXd a = matrix();
  const FixedMatrixSampler<> sampler(a, options);
  a(17, 4) = std::nextafter(a(17, 4), 100.0);
  CHECK(FixedMatrixSampler<>(a, options).operand() != sampler.operand());
  CHECK(FixedMatrixSampler<>(matrix().colwise().reverse(), options).operand() != sampler.operand());
  CHECK(FixedMatrixSampler<>(matrix().rowwise().reverse(), options).operand() != sampler.operand());
}
