// std::int64_t counters are exact: an update that could carry one out of its range is refused.

#include <turnstile/sketch/counters.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/sketch_kinds.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Limits = std::numeric_limits<std::int64_t>;
constexpr std::int64_t quarter = std::int64_t{1} << 61, half = std::int64_t{1} << 62;

template <class Sketch, class Action>
void check_overflow(const Sketch& sketch, Action&& action, const std::string& part) {
  const auto before = sketch.to_bytes();
  const std::string message = message_of_exactly<CounterOverflow>(action);
  CAPTURE(message);
  CHECK(contains(message, part));
  CHECK((sketch.to_bytes() == before));
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("an integer counter keeps every digit beyond the 53 of a double", "[sketch]", ExactSketches) {
  auto sketch = make_sketch<TestType>({1, 1});
  sketch.update(5, quarter);
  for (int k = 0; k < 1000; ++k) sketch.update(5, 1);
  sketch.update(5, -quarter);
  REQUIRE(sketch.counters().size() == 1);
  CHECK(std::abs(sketch.counters()[0]) == 1000);
}

TEMPLATE_LIST_TEST_CASE("an update beyond half the range of its counter is refused and changes nothing", "[sketch]",
                        ExactSketches) {
  auto sketch = make_sketch<TestType>();
  sketch.update(1, quarter);
  for (std::int64_t wrong : {Limits::max(), Limits::min(), half, half - quarter + 1})
    check_overflow(
        sketch, [&] { sketch.update(1, wrong); }, "range of ");
  sketch.update(1, quarter);
  check_overflow(
      sketch, [&] { sketch.update(1, quarter); }, "range of 4.6116860184273879e+18");  // 2⁶²
}

TEMPLATE_LIST_TEST_CASE("refusal is about the counters as they are, not about the stream behind them", "[sketch]",
                        ExactSketches) {
  auto sketch = make_sketch<TestType>();
  for (int k = 0; k < 1000; ++k) {
    sketch.update(7, quarter);
    sketch.update(7, -quarter);
  }
  CHECK((sketch.to_bytes() == make_sketch<TestType>().to_bytes()));
}

TEMPLATE_LIST_TEST_CASE("a batch that could overflow is refused as a whole", "[sketch]", ExactSketches) {
  auto sketch = make_sketch<TestType>();
  sketch.update(3, 12);
  const std::vector<Index> keys{1, 2, 2};
  const std::vector<std::int64_t> deltas{1, half, quarter};
  check_overflow(
      sketch, [&] { sketch.update(keys, deltas); }, "range of ");
}

TEMPLATE_LIST_TEST_CASE("a merge that could overflow is refused and changes nothing", "[sketch]", ExactSketches) {
  auto a = make_sketch<TestType>(), b = make_sketch<TestType>();
  a.update(1, half - 1);
  b.update(1, half - 1);
  check_overflow(
      a, [&] { a += b; }, "range of ");
  check_overflow(
      a, [&] { a += a; }, "range of ");
  b.clear();
  b.update(1, -1);
  CHECK_NOTHROW(a += b);
}

TEMPLATE_LIST_TEST_CASE("merges up to the range are exact", "[sketch]", ExactSketches) {
  auto a = make_sketch<TestType>({1, 1}), b = make_sketch<TestType>({1, 1});
  a.update(1, quarter + 1);
  b.update(1, quarter - 3);
  a += b;
  CHECK(std::abs(a.counters()[0]) == half - 2);
  a.clear();
  a.update(1, quarter + 1);
  a -= b;
  CHECK(std::abs(a.counters()[0]) == 4);
}

TEMPLATE_LIST_TEST_CASE("copies, loaded and cleared states know their range", "[sketch]", ExactSketches) {
  auto sketch = make_sketch<TestType>();
  sketch.update(1, half);
  TestType copy = sketch;
  check_overflow(
      copy, [&] { copy.update(1, quarter); }, "range of ");
  TestType loaded = TestType::from_bytes(sketch.to_bytes());
  check_overflow(
      loaded, [&] { loaded.update(1, quarter); }, "range of ");
  sketch.clear();
  CHECK_NOTHROW(sketch.update(1, half));
}

TEST_CASE("the estimate of an integer sketch is exact at the end of its range", "[sketch]") {
  for (Index rows : {1, 2, 5})
    for (std::int64_t value : {half - 1, -(half - 1)}) {
      CountSketch<std::int64_t> sketch({rows, 8}, 1);
      sketch.update(9, value);
      CHECK(sketch.estimate(9) == value);
    }
}

// Linearity at the end of the range: what was taken can be taken back.
TEMPLATE_LIST_TEST_CASE("the inverse of every update that was taken is taken", "[sketch]", ExactSketches) {
  for (std::int64_t value : {quarter, quarter + quarter / 2, half - 1}) {
    auto sketch = make_sketch<TestType>();
    sketch.update(3, value);
    CAPTURE(value);
    REQUIRE_NOTHROW(sketch.update(3, -value));
    CHECK((sketch.to_bytes() == make_sketch<TestType>().to_bytes()));
  }
}

// A counter that one update brought to its end must be known to the next, whichever key it is of.
TEMPLATE_LIST_TEST_CASE("no two updates or merges that were taken pass the range", "[sketch]", ExactSketches) {
  const std::vector<std::int64_t> values{half, half - 1, quarter, quarter / 4, -half, -quarter};
  for (std::int64_t first : values)
    for (std::int64_t second : values) {
      auto sketch = make_sketch<TestType>({1, 64});
      sketch.update(3, first);
      message_of<CounterOverflow>([&] { sketch.update(3, second); });
      message_of<CounterOverflow>([&] { sketch.update(9, second); });
      message_of<CounterOverflow>([&] { sketch += TestType(sketch); });
      CAPTURE(first, second);
      for (std::int64_t counter : sketch.counters()) REQUIRE(std::abs(counter) <= half);
    }
}
