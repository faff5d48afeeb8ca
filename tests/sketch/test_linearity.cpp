// Sketches are linear: whatever the split, the order and the chopping of a stream, its parts add
// up. Streams of small integers make every sum exact, in float and double too, so equality is of
// bytes.

#include <cstdint>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/sketch_kinds.hpp"
#include "support/streams.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index dimension = 500;
constexpr std::size_t length = 400;

template <class Sketch>
Stream<typename Sketch::counter_type> test_stream(Seed seed) {
  const auto numbers = whole_number_stream<double>(seed, length, dimension);
  Stream<typename Sketch::counter_type> stream;
  stream.indices = numbers.indices;
  for (double x : numbers.deltas) stream.deltas.push_back(counter_of<Sketch>(x));
  return stream;
}

template <class Sketch, class Counter>
Sketch sketch_of(const Stream<Counter>& stream) {
  Sketch sketch = make_sketch<Sketch>();
  sketch.update(stream.keys(), stream.changes());
  return sketch;
}

template <class Sketch>
bool same(const Sketch& a, const Sketch& b) {
  return a.to_bytes() == b.to_bytes();
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("the sketches of a stream's parts add up to the sketch of the whole", "[sketch]", AllSketches) {
  for (Seed seed = 1; seed <= 20; ++seed) {
    const auto stream = test_stream<TestType>(seed);
    const std::size_t cut = below(MixHash(seed)(0), length + 1);
    const auto whole = sketch_of<TestType>(stream);
    const auto head = sketch_of<TestType>(stream.part(0, cut)),
               tail = sketch_of<TestType>(stream.part(cut, length - cut));
    CAPTURE(seed, cut);
    CHECK(same(head + tail, whole));
    CHECK(same(tail + head, whole));
    CHECK(same(whole - tail, head));
    CHECK(same(whole - head, tail));
  }
}

TEMPLATE_LIST_TEST_CASE("the order of a stream leaves no trace", "[sketch]", AllSketches) {
  for (Seed seed = 1; seed <= 20; ++seed) {
    const auto stream = test_stream<TestType>(seed);
    CHECK(same(sketch_of<TestType>(shuffled(stream, seed)), sketch_of<TestType>(stream)));
  }
}

TEMPLATE_LIST_TEST_CASE("a stream chopped into batches or single updates gives the same state", "[sketch]",
                        AllSketches) {
  for (Seed seed = 1; seed <= 5; ++seed) {
    const auto stream = test_stream<TestType>(seed);
    TestType chopped = make_sketch<TestType>(), single = make_sketch<TestType>();
    std::size_t at = 0;
    for (std::size_t count : random_lengths(length, 130, seed)) {
      chopped.update(stream.keys().subspan(at, count), stream.changes().subspan(at, count));
      at += count;
    }
    for (std::size_t k = 0; k < length; ++k) single.update(stream.indices[k], stream.deltas[k]);
    const auto whole = sketch_of<TestType>(stream);
    CHECK(same(chopped, whole));
    CHECK(same(single, whole));
  }
}

// Here sums are rounded, so the counters must meet their values in the same order.
TEMPLATE_LIST_TEST_CASE("a batch of any size equals its single updates, bit for bit", "[sketch]", FloatingSketches) {
  for (std::size_t size : std::initializer_list<std::size_t>{0, 1, 2, 63, 64, 65, 128, 200, 1000}) {
    const auto stream = rounded_stream<typename TestType::counter_type>(size, size, dimension);
    TestType single = make_sketch<TestType>();
    for (std::size_t k = 0; k < size; ++k) single.update(stream.indices[k], stream.deltas[k]);
    CAPTURE(size);
    CHECK(same(sketch_of<TestType>(stream), single));
  }
}

TEMPLATE_LIST_TEST_CASE("a stream and its inverse leave the state as it was", "[sketch]", AllSketches) {
  const auto first = test_stream<TestType>(1), second = test_stream<TestType>(2);
  TestType sketch = make_sketch<TestType>();
  const auto empty = sketch.to_bytes();
  const auto undo = [&](const auto& stream) {
    for (std::size_t k = 0; k < stream.size(); ++k) {
      const typename TestType::counter_type inverse = -stream.deltas[k];
      sketch.update(stream.indices[k], inverse);
    }
  };
  sketch.update(first.keys(), first.changes());
  const auto before = sketch.to_bytes();
  CHECK(before != empty);
  sketch.update(second.keys(), second.changes());
  undo(second);
  CHECK((sketch.to_bytes() == before));
  undo(first);
  for (auto counter : sketch.counters()) REQUIRE(counter == 0);
  CHECK(sketch.squared_norm() == 0);
}

TEMPLATE_LIST_TEST_CASE("a multiple of a stream has the multiple of its sketch", "[sketch]", AllSketches) {
  auto stream = test_stream<TestType>(3);
  const auto once = sketch_of<TestType>(stream);
  for (auto& delta : stream.deltas) delta *= 3;
  const auto thrice = sketch_of<TestType>(stream);
  for (std::size_t k = 0; k < once.counters().size(); ++k) REQUIRE(thrice.counters()[k] == 3 * once.counters()[k]);
}

TEMPLATE_LIST_TEST_CASE("a sketch adds to itself and subtracts from itself", "[sketch]", AllSketches) {
  auto sketch = sketch_of<TestType>(test_stream<TestType>(4));
  const auto once = sketch;
  const auto& itself = sketch;
  sketch += itself;
  CHECK(same(sketch, once + once));
  sketch -= itself;
  CHECK(same(sketch, make_sketch<TestType>()));
}

TEMPLATE_LIST_TEST_CASE("clear forgets the stream and nothing else", "[sketch]", AllSketches) {
  auto sketch = sketch_of<TestType>(test_stream<TestType>(5));
  sketch.clear();
  CHECK(same(sketch, make_sketch<TestType>()));
  const auto again = test_stream<TestType>(6);
  sketch.update(again.keys(), again.changes());
  CHECK(same(sketch, sketch_of<TestType>(again)));
}

TEMPLATE_LIST_TEST_CASE("copies are independent, moved-from states give their counters away", "[sketch]", AllSketches) {
  const auto original = sketch_of<TestType>(test_stream<TestType>(7));
  const auto bytes = original.to_bytes();
  TestType copy = original;
  copy.update(1, counter_of<TestType>(5));
  CHECK(original.to_bytes() == bytes);
  CHECK(copy.to_bytes() != bytes);
  copy = original;
  const TestType moved = std::move(copy);
  CHECK(moved.to_bytes() == bytes);
  copy = moved;
  CHECK(copy.to_bytes() == bytes);
}

// The counters of every kind agree on a stream of integers, so what is shown of double holds of
// all.
TEMPLATE_TEST_CASE("counters of all types hold the same numbers", "[sketch]", MixHash, Polynomial) {
  const auto numbers = whole_number_stream<double>(8, length, dimension);
  const SketchShape shape{5, 16};
  CountSketch<double, TestType> doubles(shape, 9);
  CountSketch<float, TestType> floats(shape, 9);
  CountSketch<std::int64_t, TestType> integers(shape, 9);
  SketchedMatrix<double, TestType> rows(shape, 9, 2);
  for (std::size_t k = 0; k < length; ++k) {
    const Index index = numbers.indices[k];
    const double x = numbers.deltas[k];
    doubles.update(index, x);
    floats.update(index, static_cast<float>(x));
    integers.update(index, static_cast<std::int64_t>(x));
    rows.update(index, Eigen::RowVector2d(x, -x));
  }
  for (std::size_t k = 0; k < doubles.counters().size(); ++k) {
    REQUIRE(static_cast<double>(floats.counters()[k]) == doubles.counters()[k]);
    REQUIRE(static_cast<double>(integers.counters()[k]) == doubles.counters()[k]);
    REQUIRE(rows.counters()[2 * k] == doubles.counters()[k]);
    REQUIRE(rows.counters()[2 * k + 1] == -doubles.counters()[k]);
  }
  for (Index index : {Index{0}, Index{17}, Index{499}}) {
    CHECK(static_cast<double>(floats.estimate(index)) == doubles.estimate(index));
    CHECK(static_cast<double>(integers.estimate(index)) == doubles.estimate(index));
    CHECK(rows.estimate(index) == Eigen::RowVector2d(doubles.estimate(index), -doubles.estimate(index)));
  }
}
