#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"
#include "support/special_values.hpp"

#include <limits>
#include <string>

// FixedMatrixSampler and its builder refuse what they cannot take; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 20, columns = 3;

const Eigen::MatrixXd matrix =
    Eigen::MatrixXd::NullaryExpr(rows, columns, [](Index i, Index j) { return static_cast<double>(i - 2 * j); });

FixedMatrixSampler<> some_sampler() {
  FixedMatrixSampler<> sampler(matrix, {.seed = 1});
  sampler.update(1, 2.0);
  return sampler;
}

FixedMatrixBuilder<> some_builder() {
  FixedMatrixBuilder<> builder(rows, columns, {.seed = 1});
  builder.add_rows(0, matrix.topRows(5));
  return builder;
}

template <class A>
std::string refusal_of(const A& a, const SamplerOptions& options = {}) {
  return message_of<InvalidArgument>([&] { FixedMatrixSampler<> sampler(a, options); });
}

Eigen::MatrixXd with_entry(double value) {
  Eigen::MatrixXd a = matrix;
  a(7, 2) = value;
  return a;
}

Eigen::SparseMatrix<double> sparse(const Eigen::MatrixXd& a) { return a.sparseView(); }

}  // namespace

TEST_CASE("An empty A is refused, dense or sparse", "[bad input][matrix]") {
  CHECK(contains(refusal_of(Eigen::MatrixXd(0, 3)), "is 0"));
  CHECK(contains(refusal_of(Eigen::MatrixXd(3, 0)), "is 0"));
  CHECK(contains(refusal_of(Eigen::MatrixXd()), "is 0"));
  CHECK(contains(refusal_of(Eigen::SparseMatrix<double>(0, 3)), "is 0"));
  CHECK(contains(refusal_of(Eigen::SparseMatrix<double>(3, 0)), "is 0"));
}

TEST_CASE("An A with an entry that is not finite is refused, and the entry is named", "[bad input][matrix]") {
  for (const double value : {not_a_number, infinity, -infinity}) {
    CHECK(contains(refusal_of(with_entry(value)), "entry (7, 2)"));
    CHECK(contains(refusal_of(sparse(with_entry(value))), "entry (7, 2)"));
  }
  CHECK(contains(refusal_of(with_entry(1e308)), "could pass the range of 1.797"));
  const auto floats = [] { FixedMatrixSampler<float> sampler(with_entry(1e38)); };
  CHECK(contains(message_of<InvalidArgument>(floats), "could pass the range of 3.402"));
}

TEST_CASE("Bad options are refused with a matrix as without", "[bad input][matrix]") {
  CHECK(contains(refusal_of(matrix, {.power = 2.5}), "power 2.5 "));
  CHECK(contains(refusal_of(matrix, {.shape = {.rows = 0}}), "rows is 0"));
  CHECK(contains(refusal_of(matrix, {.shape = {.buckets = 0}}), "buckets is 0"));
  // 2³² buckets of 2⁴⁰ columns: refused before any memory is asked for.
  const auto huge = [] { FixedMatrixBuilder<> builder(10, Index{1} << 40, {.shape = {.buckets = Index{1} << 32}}); };
  CHECK(contains(message_of<InvalidArgument>(huge), "1099511627776"));
}

TEST_CASE("A column out of range is refused", "[bad input][matrix]") {
  auto sampler = some_sampler();
  for (Index column : {Index{-1}, columns, std::numeric_limits<Index>::max()}) {
    const std::string text = "column " + std::to_string(column) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update(column, 1.0); }), text));
  }
  CHECK(contains(refusal(sampler, [](auto& s) { s.estimate(rows); }), "index 20 "));
  CHECK(contains(refusal(sampler, [](auto& s) { s.estimate(-1); }), "index -1 "));
}

TEST_CASE("A change of x that is not finite or leads beyond is refused", "[bad input][matrix]") {
  auto sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(0, not_a_number); }), "nan"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(0, infinity); }), "inf"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(Eigen::Vector3d(1, not_a_number, 2)); }), "nan"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(Eigen::Vector3d(1, 2, -infinity)); }), "inf"));
  sampler.update(0, std::numeric_limits<double>::max());
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(0, std::numeric_limits<double>::max()); }), "x_0"));
  auto other = sampler;
  CHECK(contains(refusal(sampler, [&](auto& s) { s += other; }), "x_0"));
}

TEST_CASE("A change of x of another size is refused", "[bad input][matrix]") {
  auto sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(Eigen::Vector4d(1, 2, 3, 4)); }), "size 4, expected 3"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(Eigen::RowVector2d(1, 2)); }), "size 2, expected 3"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(Eigen::VectorXd()); }), "size 0, expected 3"));
}

TEST_CASE("A negative number of draws of y = A x is refused", "[bad input][matrix]") {
  auto sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.sample_without_replacement(-1); }), "-1"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.sample_with_replacement(-2, 1); }), "-2"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.heaviest(-3); }), "-3"));
}

TEST_CASE("Blocks of rows that do not fit are refused", "[bad input][matrix]") {
  auto builder = some_builder();
  const auto block = [&](Index first, const Eigen::MatrixXd& values) {
    const std::string dense = refusal(builder, [&](auto& b) { b.add_rows(first, values); });
    CHECK(refusal(builder, [&](auto& b) { b.add_rows(first, sparse(values)); }) == dense);
    return dense;
  };
  CHECK(contains(block(-1, matrix.topRows(2)), "first row is -1"));
  CHECK(contains(block(rows + 1, matrix.topRows(2)), "first row is 21"));
  CHECK(contains(block(rows - 1, matrix.topRows(2)), "rows of the block is 2"));
  CHECK(contains(block(std::numeric_limits<Index>::max(), matrix.topRows(2)), "first row is 9223372036854775807"));
  CHECK(contains(block(0, matrix.leftCols(2)), "size 2, expected 3"));
  CHECK(contains(block(0, Eigen::MatrixXd::Zero(2, 4)), "size 4, expected 3"));
  CHECK(contains(block(0, with_entry(not_a_number)), "entry (7, 2)"));
  CHECK(contains(block(5, with_entry(infinity).topRows(10)), "entry (12, 2)"));
  const auto before = builder.to_bytes();
  builder.add_rows(rows, Eigen::MatrixXd(0, columns));
  CHECK(builder.to_bytes() == before);
}

TEST_CASE("Builders of no rows, no columns or bad options are refused", "[bad input][matrix]") {
  const auto refused = [](Index n, Index d, const SamplerOptions& options = {}) {
    return message_of<InvalidArgument>([&] { FixedMatrixBuilder<> builder(n, d, options); });
  };
  CHECK(contains(refused(0, 3), "is 0"));
  CHECK(contains(refused(-5, 3), "is -5"));
  CHECK(contains(refused(3, 0), "is 0"));
  CHECK(contains(refused(3, -2), "is -2"));
  CHECK(contains(refused(3, std::numeric_limits<Index>::max()), "9223372036854775807"));
  CHECK(contains(refused(3, 3, {.epsilon = 1}), "epsilon 1 "));
}

TEST_CASE("Samplers of another A, seed, size or power are not added", "[bad input][matrix]") {
  auto sampler = some_sampler();
  check_not_joined(sampler, FixedMatrixSampler<>(with_entry(100), {.seed = 1}), "fixed operand is ");
  check_not_joined(sampler, FixedMatrixSampler<>(matrix, {.seed = 2}), "seed is 2, expected 1");
  check_not_joined(sampler, FixedMatrixSampler<>(matrix.topRows(10), {.seed = 1}), "dimension is 10, expected 20");
  check_not_joined(sampler, FixedMatrixSampler<>(matrix.leftCols(2), {.seed = 1}), "width is 2, expected 3");
  check_not_joined(sampler, FixedMatrixSampler<>(matrix, {.seed = 1, .power = 1}), "power is 1, expected 2");
  check_not_joined(sampler, FixedMatrixSampler<>(matrix, {.seed = 1, .shape = {.rows = 3}}), "rows is 3, expected 5");
}

TEST_CASE("Shards of another seed or size are not joined", "[bad input][matrix]") {
  auto builder = some_builder();
  check_not_joined(builder, FixedMatrixBuilder<>(rows, columns, {.seed = 2}), "seed is 2, expected 1");
  check_not_joined(builder, FixedMatrixBuilder<>(rows + 1, columns, {.seed = 1}), "dimension is 21, expected 20");
  check_not_joined(builder, FixedMatrixBuilder<>(rows, columns + 1, {.seed = 1}), "width is 4, expected 3");
}
