#include <turnstile/sketch/sketched_matrix.hpp>

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"
#include "support/sketch_kinds.hpp"
#include "support/streams.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 200, columns = 4;

Eigen::MatrixXd integer_matrix(Seed seed) {
  const MixHash words(seed);
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&](Index i, Index j) {
    return small_integer(words(static_cast<std::uint64_t>(i * columns + j)), 20);
  });
}

template <class Hash>
SketchedMatrix<double, Hash> sketch_of(const Eigen::MatrixXd& matrix, SketchShape shape = {3, 16}, Seed seed = 5) {
  SketchedMatrix<double, Hash> sketch(shape, seed, matrix.cols());
  for (Index i = 0; i < matrix.rows(); ++i) sketch.update(i, matrix.row(i));
  return sketch;
}

template <class Sketch>
auto as_matrix(const Sketch& sketch) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Index cells = sketch.shape().rows * sketch.shape().buckets;
  return Eigen::Map<const RowMajor>(sketch.counters().data(), cells, sketch.width());
}

}  // namespace

TEMPLATE_TEST_CASE("a sketched matrix times x is the sketch of A x", "[sketch]", MixHash, Polynomial) {
  const Eigen::MatrixXd a = integer_matrix(1);
  const auto sketched = sketch_of<TestType>(a);
  for (const Eigen::Vector4d& x : {Eigen::Vector4d(1, 0, 0, 0), Eigen::Vector4d(3, -1, 2, 7)}) {
    const Eigen::VectorXd y = a * x, contracted = as_matrix(sketched) * x;
    CountSketch<double, TestType> direct({3, 16}, 5);
    for (Index i = 0; i < rows; ++i) direct.update(i, y[i]);
    CHECK(contracted == Eigen::Map<const Eigen::VectorXd>(direct.counters().data(), contracted.size()));
  }
}

TEST_CASE("a row of a sketched matrix is recovered in many buckets", "[sketch]") {
  const Eigen::MatrixXd a = integer_matrix(2);
  const auto sketched = sketch_of<MixHash>(a, {7, 8192});
  for (Index i = 0; i < rows; ++i) REQUIRE(sketched.estimate(i) == a.row(i));
}

TEST_CASE("each column of an estimated row is the estimate of that column's sketch", "[sketch]") {
  const Eigen::MatrixXd a = integer_matrix(3);
  for (SketchShape shape : {SketchShape{3, 16}, SketchShape{4, 16}}) {
    const auto sketched = sketch_of<MixHash>(a, shape);
    for (Index j = 0; j < columns; ++j) {
      CountSketch<> column(shape, 5);
      for (Index i = 0; i < rows; ++i) column.update(i, a(i, j));
      for (Index i = 0; i < rows; i += 7) REQUIRE(sketched.estimate(i)[j] == column.estimate(i));
    }
  }
}

TEST_CASE("the squared norm of a sketched matrix is the median of its rows' Frobenius norms", "[sketch]") {
  const auto sketched = sketch_of<MixHash>(integer_matrix(4));
  const auto counters = as_matrix(sketched);
  Eigen::Vector3d squares;
  for (Index r = 0; r < 3; ++r) squares[r] = counters.middleRows(16 * r, 16).squaredNorm();
  std::sort(squares.begin(), squares.end());
  CHECK(sketched.squared_norm() == Approx(squares[1]).epsilon(1e-14));
}

TEST_CASE("norms and inner products of sketched matrices in many buckets are Frobenius's", "[sketch]") {
  const Eigen::MatrixXd a = integer_matrix(5), b = integer_matrix(6);
  const SketchShape shape{9, 1 << 16};
  const auto sketched_a = sketch_of<MixHash>(a, shape), sketched_b = sketch_of<MixHash>(b, shape);
  CHECK(sketched_a.squared_norm() == Approx(a.squaredNorm()).epsilon(1e-12));
  CHECK(sketched_a.inner_product(sketched_b) == Approx(a.cwiseProduct(b).sum()).epsilon(1e-12));
}

TEST_CASE("a batch of rows equals its single updates", "[sketch]") {
  const Eigen::MatrixXd a = integer_matrix(7) / 3;
  std::vector<Index> indices;
  std::vector<RowCounter<double>> batch;
  for (Index i = 0; i < rows; ++i) {
    indices.push_back(i);
    batch.push_back(a.row(i));
  }
  SketchedMatrix<double> sketch({3, 16}, 5, columns);
  sketch.update(indices, batch);
  CHECK(sketch.to_bytes() == sketch_of<MixHash>(a).to_bytes());
}

TEST_CASE("updates of entries equal updates of their rows", "[sketch]") {
  const Eigen::MatrixXd a = integer_matrix(8);
  SketchedMatrix<double> sketch({3, 16}, 5, columns);
  for (Index j = 0; j < columns; ++j)
    for (Index i = rows; i-- > 0;) sketch.update(i, j, a(i, j) + 3);
  for (Index i = 0; i < rows; ++i)
    for (Index j = 0; j < columns; ++j) sketch.update(i, j, -3.0);
  CHECK(sketch.to_bytes() == sketch_of<MixHash>(a).to_bytes());
}

TEST_CASE("entries that a sketched matrix cannot take are refused", "[sketch]") {
  SketchedMatrix<double> sketch({3, 16}, 5, columns);
  sketch.update(7, 1, 1e308);
  const auto says = [&](Index row, Index column, double delta, const std::string& text) {
    const std::string message = refusal(sketch, [&](auto& s) { s.update(row, column, delta); });
    INFO(message);
    CHECK(contains(message, text));
  };
  says(-1, 0, 1, "index -1 is outside");
  says(0, columns, 1, "column 4 is outside [0, 4)");
  says(0, -1, 1, "column -1 is outside [0, 4)");
  says(0, 0, std::nan(""), "nan");
  says(7, 1, 1e308, "counter would be");
  sketch.update(7, 1, -1e308);
  CHECK(sketch.to_bytes() == SketchedMatrix<double>({3, 16}, 5, columns).to_bytes());
}

// 300 rows at once are more than a block of the loop over them takes.
TEMPLATE_TEST_CASE("blocks of rows are their rows", "[sketch]", MixHash, Polynomial) {
  const Eigen::MatrixXd a = integer_matrix(5);
  const auto single = sketch_of<TestType>(a);
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows = a;
  const auto counters_of = [&](auto&& feed) {
    SketchedMatrix<double, TestType> sketch({3, 16}, 5, columns);
    feed(sketch);
    return as_matrix(sketch).eval();
  };
  CHECK(counters_of([&](auto& sketch) { sketch.update_rows(0, a); }) == as_matrix(single));
  CHECK(counters_of([&](auto& sketch) { sketch.update_rows(0, by_rows); }) == as_matrix(single));
  CHECK(counters_of([&](auto& sketch) {
          for (Index first = 0, count = 1; first < rows; first += count, ++count)
            sketch.update_rows(first, a.middleRows(first, std::min(count, rows - first)));
        }) == as_matrix(single));
  CHECK(counters_of([&](auto& sketch) {
          sketch.update_rows(0, (2 * a).eval());
          sketch.update_rows(0, -by_rows);
          sketch.update_rows(7, a.topRows(0));
        }) == as_matrix(single));

  Eigen::MatrixXd taller(rows + 400, columns);
  taller << Eigen::MatrixXd::Zero(200, columns), a, Eigen::MatrixXd::Zero(200, columns);
  SketchedMatrix<double, TestType> shifted({3, 16}, 5, columns);
  shifted.update_rows(1000, taller);
  for (Index i = 0; i < rows; ++i) shifted.update(1200 + i, -a.row(i));
  CHECK(shifted.squared_norm() == 0);
}

TEST_CASE("a block of rows is taken whole or not at all", "[sketch]") {
  auto sketch = sketch_of<MixHash>(integer_matrix(6));
  const Eigen::MatrixXd a = integer_matrix(7);
  Eigen::MatrixXd with_nan = a;
  with_nan(rows - 1, 2) = std::nan("");
  const auto says = [&](Index first, const Eigen::MatrixXd& block) {
    return refusal(sketch, [&](auto& s) { s.update_rows(first, block); });
  };
  CHECK(contains(says(0, a.leftCols(3)), "row has size 3, expected 4"));
  CHECK(contains(says(-1, a), "first row is -1"));
  CHECK(contains(says(sketch.dimension() - rows + 1, a), "number of rows of the block is 200"));
  CHECK(contains(says(0, with_nan), "not a finite number"));

  sketch.update(rows - 1, 1, 1e308);
  Eigen::MatrixXd large = a;
  large(rows - 1, 1) = 1e308;
  CHECK(contains(refusal<CounterOverflow>(sketch, [&](auto& s) { s.update_rows(0, large); }), "counter would be"));
}
