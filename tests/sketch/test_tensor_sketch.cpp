// TensorSketch is the map of Definition 3.1 (arXiv 2510.03678), whichever way a tensor comes in, and it
// is linear.

#include <turnstile/random/polynomial_hash.hpp>
#include <turnstile/sketch/tensor_sketch.hpp>

#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/refusal.hpp"
#include "support/sketch_kinds.hpp"
#include "support/streams.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Key = std::vector<Index>;
using TensorKinds = std::tuple<TensorSketch<double>, TensorSketch<float>, TensorSketch<double, Polynomial>>;

static_assert(LinearState<TensorSketch<double>> && LinearState<TensorSketch<float>> &&
              LinearState<TensorSketch<double, Polynomial>>);

// Every key of a tensor, in the order of its entries.
std::vector<Key> keys_of(const std::vector<Index>& dimensions) {
  std::vector<Key> keys{{}};
  for (Index dimension : dimensions) {
    std::vector<Key> longer;
    for (const Key& key : keys)
      for (Index i = 0; i < dimension; ++i) {
        longer.push_back(key);
        longer.back().push_back(i);
      }
    keys = std::move(longer);
  }
  return keys;
}

// Where a key goes in one block.
struct Place {
  Index bucket = 0;
  int sign = 0;
};

// In every block, read off the sketch of the key alone; a second nonzero in a block fails the test.
template <class Sketch>
std::vector<Place> places_of(Sketch sketch, const Key& key) {
  sketch.clear();
  sketch.update(key, 1);
  const Index length = sketch.buckets() / sketch.nonzeros();
  std::vector<Place> places(static_cast<std::size_t>(sketch.nonzeros()));
  for (Index cell = 0; cell < sketch.buckets(); ++cell) {
    const auto counter = sketch.counters()[static_cast<std::size_t>(cell)];
    if (counter == 0) continue;
    Place& place = places[static_cast<std::size_t>(cell / length)];
    REQUIRE((place.sign == 0 && std::abs(counter) == 1));
    place = {cell % length, counter > 0 ? 1 : -1};
  }
  for (const Place& place : places) REQUIRE(place.sign != 0);
  return places;
}

template <class Scalar>
Eigen::VectorX<Scalar> integer_vector(Index size, Seed seed) {
  return integer_matrix(size, 1, seed).template cast<Scalar>();
}

// The sketch with every entry of a rank-one tensor added by an update of its own.
template <class Sketch, class Vectors>
Sketch entry_by_entry(Sketch sketch, const Vectors& factors) {
  for (const Key& key : keys_of(sketch.dimensions())) {
    typename Sketch::scalar_type value = 1;
    for (std::size_t k = 0; k < key.size(); ++k) value *= factors[k][key[k]];
    sketch.update(key, value);
  }
  return sketch;
}

template <class Sketch>
double largest_difference(const Sketch& a, const Sketch& b) {
  double most = 0;
  for (std::size_t c = 0; c < a.counters().size(); ++c)
    most = std::max(most, std::abs(static_cast<double>(a.counters()[c]) - static_cast<double>(b.counters()[c])));
  return most;
}

template <class Sketch>
bool same(const Sketch& a, const Sketch& b) {
  return a.to_bytes() == b.to_bytes();
}

}  // namespace

// Turned red by: a bucket or a sign hashed from the whole key instead of its factors.
TEMPLATE_LIST_TEST_CASE("a key has one nonzero a block, where the sum of its factors' buckets says", "[sketch][tensor]",
                        TensorKinds) {
  for (const std::vector<Index>& dimensions : {Key{5, 7}, Key{3, 4, 5}, Key{2, 3, 2, 3}})
    for (Index nonzeros : {1, 3}) {
      const TestType sketch(dimensions, 33, nonzeros, 4);
      const Index length = 33 / nonzeros;
      const Key origin(dimensions.size(), 0);
      const auto at_origin = places_of(sketch, origin);
      for (const Key& key : keys_of(dimensions)) {
        const auto places = places_of(sketch, key);
        std::vector<Place> joined = at_origin;
        for (std::size_t k = 0; k < key.size(); ++k) {
          Key axis = origin;
          axis[k] = key[k];
          const auto along = places_of(sketch, axis);
          for (std::size_t r = 0; r < joined.size(); ++r) {
            joined[r].bucket += along[r].bucket - at_origin[r].bucket;
            joined[r].sign *= along[r].sign * at_origin[r].sign;
          }
        }
        for (std::size_t r = 0; r < joined.size(); ++r) {
          REQUIRE((joined[r].bucket - places[r].bucket) % length == 0);
          REQUIRE(joined[r].sign == places[r].sign);
        }
      }
    }
}

TEST_CASE("factors, blocks and seeds have maps of their own", "[sketch][tensor]") {
  const TensorSketch<> sketch({40, 40}, 2048, 2, 4), other({40, 40}, 2048, 2, 5);
  int blocks = 0, factors = 0, seeds = 0;
  for (Index i = 0; i < 40; ++i) {
    const Key along{i, 0}, across{0, i};
    blocks += places_of(sketch, along)[0].bucket == places_of(sketch, along)[1].bucket;
    factors += places_of(sketch, along)[0].bucket == places_of(sketch, across)[0].bucket;
    seeds += places_of(sketch, along)[0].bucket == places_of(other, along)[0].bucket;
  }
  CHECK(blocks < 5);  // of 40, each equal with probability 1/1024; (0, 0) is the same key
  CHECK(factors < 5);
  CHECK(seeds < 5);
}

// Integers, scattered: equality is exact. Turned red by: a convolution that does not wrap.
TEMPLATE_LIST_TEST_CASE("a rank-one tensor is the sum of its entries", "[sketch][tensor]", TensorKinds) {
  using Scalar = typename TestType::scalar_type;
  for (const std::vector<Index>& dimensions : {Key{6, 4}, Key{1, 9}, Key{3, 5, 2}, Key{2, 3, 2, 4}})
    for (auto [buckets, nonzeros] : {std::pair<Index, Index>{64, 1}, {93, 3}, {202, 2}, {2048, 32}}) {
      std::vector<Eigen::VectorX<Scalar>> factors;
      for (std::size_t k = 0; k < dimensions.size(); ++k)
        factors.push_back(integer_vector<Scalar>(dimensions[k], k + 1));
      const TestType empty(dimensions, buckets, nonzeros, 7);
      TestType sketch = empty;
      sketch.add_rank_one(factors);
      CAPTURE(dimensions, buckets, nonzeros);
      CHECK(same(sketch, entry_by_entry(empty, factors)));
    }
}

// Transformed: equal but for rounding of the transforms, some units in the last place of the largest spectrum.
TEMPLATE_LIST_TEST_CASE("a rank-one tensor of large factors is the sum of its entries but for rounding",
                        "[sketch][tensor]", TensorKinds) {
  using Scalar = typename TestType::scalar_type;
  for (const std::vector<Index>& dimensions : {Key{90, 110}, Key{20, 30, 25}})
    for (auto [buckets, nonzeros] : {std::pair<Index, Index>{64, 1}, {101, 1}, {150, 3}}) {
      std::vector<Eigen::VectorX<Scalar>> factors;
      double mass = 1;
      for (std::size_t k = 0; k < dimensions.size(); ++k) {
        factors.push_back(integer_vector<Scalar>(dimensions[k], k + 1));
        mass *= static_cast<double>(factors.back().template lpNorm<1>());
      }
      const TestType empty(dimensions, buckets, nonzeros, 7);
      TestType sketch = empty;
      sketch.add_rank_one(factors);
      const double off = largest_difference(sketch, entry_by_entry(empty, factors));
      CAPTURE(dimensions, buckets, nonzeros, off);
      CHECK(off <= 64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) * mass);
      sketch.add_rank_one(std::vector<Eigen::VectorX<Scalar>>(factors));
      CHECK(largest_difference(sketch, entry_by_entry(entry_by_entry(empty, factors), factors)) <=
            128 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) * mass);
    }
}

TEST_CASE("factors may be dense or sparse, rows or columns, expressions, of any scalar", "[sketch][tensor]") {
  const Eigen::VectorXd a = integer_vector<double>(20, 1), b = integer_vector<double>(30, 2);
  TensorSketch<> columns({20, 30}, 256, 2, 3), rows = columns, sparse = columns, mixed = columns;
  columns.add_rank_one(a, b);
  rows.add_rank_one(a.transpose(), b.transpose());
  const Eigen::SparseVector<double> sparse_a = a.sparseView(), sparse_b = b.sparseView();
  sparse.add_rank_one(sparse_a, sparse_b);
  mixed.add_rank_one((2 * a).cast<float>(), sparse_b);
  CHECK(same(rows, columns));
  CHECK(same(sparse, columns));
  CHECK(same(mixed, columns + columns));
}

TEMPLATE_LIST_TEST_CASE("a row's features are the sketch of its power", "[sketch][tensor]", TensorKinds) {
  using Scalar = typename TestType::scalar_type;
  for (Index degree : {2, 3})
    for (Index size : {8, 120})
      for (auto [buckets, nonzeros] : {std::pair<Index, Index>{96, 1}, {96, 3}}) {
        const TestType empty(Key(static_cast<std::size_t>(degree), size), buckets, nonzeros, 2);
        const Eigen::MatrixX<Scalar> rows = integer_matrix(5, size, 6).template cast<Scalar>();
        const auto features = empty.features(rows);
        REQUIRE((features.rows() == 5 && features.cols() == buckets));
        for (Index i = 0; i < rows.rows(); ++i) {
          const std::vector<Eigen::VectorX<Scalar>> factors(static_cast<std::size_t>(degree), rows.row(i).transpose());
          TestType sketch = empty;
          sketch.add_rank_one(factors);
          const double root = std::sqrt(static_cast<double>(nonzeros));
          for (Index t = 0; t < buckets; ++t)
            REQUIRE(static_cast<double>(features(i, t)) ==
                    Approx(static_cast<double>(sketch.counters()[static_cast<std::size_t>(t)]) / root)
                        .margin(1e-6 * static_cast<double>(features.row(i).norm())));
          CHECK(static_cast<double>(features.row(i).squaredNorm()) == Approx(sketch.squared_norm()));
        }
        CHECK(same(empty, TestType(empty.dimensions(), buckets, nonzeros, 2)));
      }
}

// Scattered and transformed columns; X joins the right factor where d1 <= d2, else the left one. The bound is
// that of a sum of d transformed convolutions; integers of this size, scattered, are exact.
TEMPLATE_LIST_TEST_CASE("a product of factors is the sum of its entries", "[sketch][tensor]", TensorKinds) {
  using Scalar = typename TestType::scalar_type;
  struct Sizes {
    Index n1, n2, d1, d2;
  };
  for (const Sizes& n : {Sizes{6, 4, 2, 3}, {6, 4, 3, 2}, {1, 5, 1, 1}, {80, 90, 3, 5}, {90, 70, 4, 3}, {7, 8, 0, 2}})
    for (auto [buckets, nonzeros] : {std::pair<Index, Index>{64, 1}, {93, 3}}) {
      const Eigen::MatrixXd left = integer_matrix(n.n1, n.d1, 1), core = integer_matrix(n.d1, n.d2, 2),
                            right = integer_matrix(n.n2, n.d2, 3), y = left * core * right.transpose();
      TestType sketch({n.n1, n.n2}, buckets, nonzeros, 5), sparse = sketch, entries = sketch;
      sketch.add_product(left, core, right);
      sparse.add_product(Eigen::SparseMatrix<double, Eigen::RowMajor>(left.sparseView()), core,
                         Eigen::SparseMatrix<double>(right.sparseView()));
      for (Index i = 0; i < n.n1; ++i)
        for (Index j = 0; j < n.n2; ++j) entries.update({i, j}, static_cast<Scalar>(y(i, j)));
      CAPTURE(n.n1, n.n2, n.d1, n.d2, buckets, nonzeros);
      const double bound = 64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) *
                           (left.cwiseAbs() * core.cwiseAbs() * right.transpose().cwiseAbs()).sum();
      CHECK(largest_difference(sketch, entries) <= (n.n1 < 10 ? 0 : bound));
      CHECK(same(sketch, sparse));
    }
}

// What the sketch is for: A1 and A2 change in turn, each change a rank-one update of Y.
TEST_CASE("a product whose factors stream has the sketch of the product that is left", "[sketch][tensor]") {
  Eigen::MatrixXd left = integer_matrix(30, 3, 1), right = integer_matrix(20, 4, 3);
  const Eigen::MatrixXd core = integer_matrix(3, 4, 2);
  TensorSketch<> streamed({30, 20}, 256, 2, 5), left_over = streamed;
  streamed.add_product(left, core, right);
  const auto changes = whole_number_stream<double>(9, 200, 50, 9);
  for (std::size_t k = 0; k < changes.size(); ++k) {
    const Index row = changes.indices[k], column = static_cast<Index>(k) % 3;
    if (row < 30) {
      streamed.add_rank_one(Eigen::VectorXd::Unit(30, row) * changes.deltas[k], right * core.row(column).transpose());
      left(row, column) += changes.deltas[k];
    } else {
      streamed.add_rank_one(left * core.col(column), Eigen::VectorXd::Unit(20, row - 30) * changes.deltas[k]);
      right(row - 30, column) += changes.deltas[k];
    }
  }
  left_over.add_product(left, core, right);
  CHECK(largest_difference(streamed, left_over) <= 1e-12 * std::sqrt(left_over.squared_norm()));
}

TEMPLATE_LIST_TEST_CASE("streams of a tensor's entries add up, cancel and travel", "[sketch][tensor]", TensorKinds) {
  using Scalar = typename TestType::scalar_type;
  const TestType empty({9, 5, 4}, 60, 3, 8);
  const auto stream = whole_number_stream<Scalar>(3, 300, 9 * 5 * 4);
  const auto feed = [&](TestType& sketch, std::size_t first, std::size_t end, Scalar factor) {
    for (std::size_t k = first; k < end; ++k) {
      const Index entry = stream.indices[k];
      sketch.update({entry / 20, entry / 4 % 5, entry % 4}, factor * stream.deltas[k]);
    }
  };
  TestType whole = empty, head = empty, tail = empty;
  feed(whole, 0, 300, 1);
  feed(head, 0, 120, 1);
  feed(tail, 120, 300, 1);
  CHECK_FALSE(same(whole, head));
  CHECK(same(head + tail, whole));
  CHECK(same(whole - tail, head));
  TestType sum = head;
  sum += tail;
  CHECK(same(sum, whole));
  sum -= head;
  CHECK(same(sum, tail));
  sum += std::as_const(sum);
  CHECK(same(sum, tail + tail));
  feed(whole, 0, 300, -1);
  CHECK(same(whole, empty));
  CHECK(whole.squared_norm() == 0);
  const TestType loaded = TestType::from_bytes(head.to_bytes());
  CHECK(same(loaded, head));
  CHECK(loaded.dimensions() == Key{9, 5, 4});
  CHECK(same(loaded + tail, head + tail));
  head.clear();
  CHECK(same(head, empty));
}

TEST_CASE("reads are those of the map", "[sketch][tensor]") {
  TensorSketch<> y({50, 40}, 120, 3, 1), z = y;
  y.add_rank_one(integer_vector<double>(50, 1), integer_vector<double>(40, 2));
  z.add_rank_one(integer_vector<double>(50, 3), integer_vector<double>(40, 4));
  using Counters = Eigen::Map<const Eigen::VectorXd>;
  const Counters a(y.counters().data(), 120), b(z.counters().data(), 120);
  CHECK(y.squared_norm() == Approx(a.squaredNorm() / 3));
  CHECK(y.inner_product(z) == Approx(a.dot(b) / 3));
  TensorSketch<> unit({50, 40}, 120, 3, 1);
  unit.update({7, 9}, 1.0);
  CHECK(y.estimate({7, 9}) == Approx(y.inner_product(unit)));
  CHECK(unit.estimate({7, 9}) == 1);
  CHECK(unit.squared_norm() == Approx(1));
}

TEST_CASE("norms of huge and of tiny counters are neither infinite nor zero", "[sketch][tensor]") {
  TensorSketch<> sketch({3, 3}, 6, 3, 1);
  sketch.update({1, 1}, 1e153);
  CHECK(sketch.squared_norm() == Approx(1e306));
  sketch.clear();
  sketch.update({1, 1}, 1e-150);
  CHECK(sketch.squared_norm() == Approx(1e-300));
}

TEST_CASE("accessors and text say what was constructed", "[sketch][tensor]") {
  const TensorSketch<float, Polynomial> sketch({20, 30, 4}, 2048, 4, 77);
  CHECK(sketch.dimensions() == Key{20, 30, 4});
  CHECK((sketch.degree() == 3 && sketch.buckets() == 2048 && sketch.nonzeros() == 4 && sketch.seed() == 77));
  CHECK(sketch.shape() == SketchShape{4, 512});
  CHECK(sketch.memory_bytes() >= 2048 * sizeof(float));
  CHECK(sketch.memory_bytes() <= 2048 * sizeof(float) + 3 * 4 * sizeof(Polynomial) + 1024);
  std::ostringstream out;
  out << sketch;
  for (const std::string& part : {std::string("TensorSketch"), std::string("20 x 30 x 4"), std::string("2048"),
                                  std::string("4 nonzeros"), std::string("seed 77"), std::string("float32"),
                                  std::string("polynomial4"), std::to_string(sketch.memory_bytes()) + " bytes"}) {
    CAPTURE(out.str(), part);
    CHECK(contains(out.str(), part));
  }
}
