#include <turnstile/sketch/count_sketch.hpp>

#include <cmath>
#include <cstdint>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/sketch_kinds.hpp"
#include "support/streams.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class T>
constexpr bool is_state = LinearState<T>&& std::is_nothrow_move_constructible_v<T>;

static_assert(is_state<CountSketch<double>> && is_state<CountSketch<float>> && is_state<CountSketch<std::int64_t>>);
static_assert(is_state<SketchedMatrix<double>> && is_state<SketchedMatrix<float>>);
static_assert(is_state<CountSketch<double, PolynomialHash<4>>>);
static_assert(std::is_same_v<CountSketch<>, CountSketch<double, MixHash>>);
static_assert(std::is_same_v<SketchedMatrix<float>, CountSketch<RowCounter<float>>>);
static_assert(!LinearState<double>);

}  // namespace

TEMPLATE_LIST_TEST_CASE("a single key is recovered exactly, whatever its index", "[sketch]", ScalarCountSketches) {
  for (SketchShape shape : {SketchShape{1, 1}, SketchShape{2, 3}, SketchShape{5, 64}})
    for (Index index : {Index{0}, Index{1}, Index{12345}, TestType::dimension() - 1}) {
      TestType sketch(shape, 3);
      sketch.update(index, 7);
      sketch.update(index, -12);
      CAPTURE(shape.rows, shape.buckets, index);
      CHECK(sketch.estimate(index) == -5);
      CHECK(sketch.squared_norm() == Approx(25));
    }
}

// Rows with and without a formula of their own for the median, and more than one key's table holds; batches with a last
// block that is not full.
TEMPLATE_LIST_TEST_CASE("many estimates at once are those of one key at a time", "[sketch]", ScalarCountSketches) {
  using Counter = typename TestType::counter_type;
  for (Index rows : {1, 2, 4, 5, 9, 33}) {
    TestType sketch({rows, 16}, 3);
    std::vector<Index> keys;
    for (Index k = 0; k < 150; ++k) {
      keys.push_back(k * k);
      sketch.update(k * k, static_cast<Counter>(k % 7 - 3));
    }
    std::vector<Counter> estimates(keys.size());
    sketch.estimate(keys, estimates);
    CAPTURE(rows);
    for (std::size_t k = 0; k < keys.size(); ++k) REQUIRE(estimates[k] == sketch.estimate(keys[k]));
  }
}

TEST_CASE("many estimates of rows are those of one row at a time", "[sketch]") {
  SketchedMatrix<> sketch({3, 8}, 1, 2);
  const std::vector<Index> keys{5, 9, 14};
  for (Index key : keys) sketch.update(key, Eigen::RowVector2d(static_cast<double>(key), -1));
  std::vector<RowCounter<double>> estimates(keys.size());
  sketch.estimate(keys, estimates);
  for (std::size_t k = 0; k < keys.size(); ++k) CHECK(estimates[k] == sketch.estimate(keys[k]));
}

TEST_CASE("a batch of estimates that cannot be answered writes none", "[sketch]") {
  const CountSketch<> sketch({3, 16}, 1);
  const std::vector<Index> keys{4, -1};
  std::vector<double> estimates{7, 7}, one{7};
  CHECK(message_of<InvalidArgument>([&] { sketch.estimate(keys, estimates); }) ==
        "index -1 is outside [0, 4611686018427387904)");
  CHECK(message_of<InvalidArgument>([&] { sketch.estimate(keys, one); }) == "span of estimates has size 1, expected 2");
  CHECK(estimates == std::vector<double>{7, 7});
  CHECK(one == std::vector<double>{7});
}

TEMPLATE_LIST_TEST_CASE("a new sketch is of the zero vector", "[sketch]", AllSketches) {
  const auto sketch = make_sketch<TestType>({4, 6});
  CHECK(sketch.counters().size() == static_cast<std::size_t>(24 * sketch.width()));
  for (auto counter : sketch.counters()) REQUIRE(counter == 0);
  CHECK(sketch.squared_norm() == 0);
}

TEST_CASE("a few keys in many buckets are recovered exactly", "[sketch]") {
  CountSketch<std::int64_t> sketch({7, 4096}, 5);
  for (Index i = 0; i < 50; ++i) sketch.update(1000 * i, i - 25);
  for (Index i = 0; i < 50; ++i) REQUIRE(sketch.estimate(1000 * i) == i - 25);
}

TEST_CASE("the seed decides the map, and equal seeds give equal sketches", "[sketch]") {
  const auto counters_with = [](Seed seed) {
    CountSketch<> sketch({3, 16}, seed);
    const auto stream = whole_number_stream<double>(1, 200, 1000);
    sketch.update(stream.keys(), stream.changes());
    return std::vector<double>(sketch.counters().begin(), sketch.counters().end());
  };
  CHECK(counters_with(1) == counters_with(1));
  CHECK(counters_with(1) != counters_with(2));
  CHECK(counters_with(0) != counters_with(Seed{1} << 63));
}

TEST_CASE("a sketch tells its shape, seed, width and dimension", "[sketch]") {
  const CountSketch<double, Polynomial> sketch({3, 20}, 77);
  CHECK(sketch.shape() == SketchShape{3, 20});
  CHECK(sketch.seed() == 77);
  CHECK(sketch.width() == 1);
  CHECK(sketch.dimension() == (Index{1} << 61) - 1);
  CHECK(CountSketch<>::dimension() == max_dimension);
  CHECK(CountSketch<>().shape() == SketchShape{5, 1024});
  CHECK(SketchedMatrix<>({2, 2}, 0, 9).width() == 9);
}

TEST_CASE("memory is that of the counters and little more", "[sketch]") {
  const std::size_t little = 1024;
  const auto check = [&](std::size_t bytes, std::size_t counters) {
    CHECK(bytes >= counters);
    CHECK(bytes <= counters + little);
  };
  check(CountSketch<double>({5, 2048}).memory_bytes(), 5 * 2048 * sizeof(double));
  check(CountSketch<float>({5, 2048}).memory_bytes(), 5 * 2048 * sizeof(float));
  check(SketchedMatrix<float>({5, 64}, 0, 100).memory_bytes(), 5 * 64 * 100 * sizeof(float));
}

TEST_CASE("a printed sketch names kind, shape, seed, counters, hash and bytes", "[sketch]") {
  std::ostringstream out;
  const SketchedMatrix<float> sketch({3, 20}, 77, 4);
  out << sketch;
  for (const std::string& part :
       {std::string("CountSketch"), std::string("3 x 20"), std::string("seed 77"), std::string("float32 x 4"),
        std::string("mix"), std::to_string(sketch.memory_bytes()) + " bytes"}) {
    CAPTURE(out.str(), part);
    CHECK(contains(out.str(), part));
  }
}

TEST_CASE("an inner product with disjoint keys in many buckets is exact", "[sketch]") {
  CountSketch<> a({5, 4096}, 5), b({5, 4096}, 5);
  a.update(1, 3.0);
  a.update(2, 5.0);
  b.update(2, -2.0);
  b.update(3, 7.0);
  CHECK(a.inner_product(b) == -10);
  CHECK(b.inner_product(a) == -10);
  CHECK(a.inner_product(a) == Approx(a.squared_norm()));
}

TEST_CASE("the standard error follows its formula", "[sketch]") {
  const auto with_rows = [](Index rows) {
    CountSketch<> sketch({rows, 100}, 5);
    sketch.update(3, 40.0);
    return sketch.standard_error();
  };
  CHECK(with_rows(1) == Approx(4));
  CHECK(with_rows(5) == Approx(4 * std::sqrt(std::acos(-1) / 2 / 5)));
}
