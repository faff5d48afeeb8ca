// What cannot be taken is refused by a typed exception that names the value, and changes nothing.

#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/sketch_kinds.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class E = InvalidArgument, class Sketch, class Action>
void check_refused(const Sketch& sketch, Action&& action, const std::string& part) {
  const auto before = sketch.to_bytes();
  const std::string message = message_of_exactly<E>(action);
  CAPTURE(message, part);
  CHECK(contains(message, part));
  CHECK((sketch.to_bytes() == before));
}

template <class Sketch>
Sketch used_sketch() {
  auto sketch = make_sketch<Sketch>();
  sketch.update(4, counter_of<Sketch>(11));
  return sketch;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("an index outside the dimension is refused", "[sketch]", AllSketches) {
  auto sketch = used_sketch<TestType>();
  const auto value = counter_of<TestType>(1);
  for (Index wrong :
       {Index{-1}, TestType::dimension(), std::numeric_limits<Index>::min(), std::numeric_limits<Index>::max()})
    check_refused(
        sketch, [&] { sketch.update(wrong, value); }, "index " + std::to_string(wrong));
  CHECK_NOTHROW(sketch.update(TestType::dimension() - 1, value));
}

TEST_CASE("the dimension of a polynomial hash ends at its field", "[sketch]") {
  CountSketch<double, Polynomial> sketch({3, 8}, 1);
  check_refused(
      sketch, [&] { sketch.update((Index{1} << 61) - 1, 1.0); }, "index 2305843009213693951");
}

TEMPLATE_LIST_TEST_CASE("a value that is not finite is refused", "[sketch]", FloatingSketches) {
  auto sketch = used_sketch<TestType>();
  using Limits = std::numeric_limits<typename TestType::scalar_type>;
  check_refused(
      sketch, [&] { sketch.update(1, Limits::infinity()); }, "inf");
  check_refused(
      sketch, [&] { sketch.update(1, -Limits::infinity()); }, "-inf");
  check_refused(
      sketch, [&] { sketch.update(1, Limits::quiet_NaN()); }, "nan");
}

TEMPLATE_LIST_TEST_CASE("a row with a value that is not finite, or of another width, is refused", "[sketch]",
                        RowSketches) {
  auto sketch = used_sketch<TestType>();
  using Scalar = typename TestType::scalar_type;
  typename TestType::counter_type row = counter_of<TestType>(1);
  row[2] = std::numeric_limits<Scalar>::quiet_NaN();
  check_refused(
      sketch, [&] { sketch.update(1, row); }, "nan");
  row[2] = std::numeric_limits<Scalar>::infinity();
  check_refused(
      sketch, [&] { sketch.update(1, row); }, "inf");
  for (Index width : {0, 2, 4}) {
    row = TestType::counter_type::Ones(width);
    check_refused(
        sketch, [&] { sketch.update(1, row); }, "row has size " + std::to_string(width) + ", expected 3");
  }
}

TEMPLATE_LIST_TEST_CASE("a batch is refused as a whole for its last entry", "[sketch]", AllSketches) {
  auto sketch = used_sketch<TestType>();
  const std::vector<typename TestType::counter_type> values(3, counter_of<TestType>(2));
  const std::vector<Index> keys{1, 2, -3};
  check_refused(
      sketch, [&] { sketch.update(keys, values); }, "index -3");
  const std::vector<Index> few{1, 2};
  check_refused(
      sketch, [&] { sketch.update(few, values); }, "size 3, expected 2");
  if constexpr (std::is_floating_point_v<typename TestType::counter_type>) {
    auto spoilt = values;
    spoilt.back() = std::numeric_limits<typename TestType::scalar_type>::quiet_NaN();
    const std::vector<Index> good{1, 2, 3};
    check_refused(
        sketch, [&] { sketch.update(good, spoilt); }, "nan");
  }
}

TEMPLATE_LIST_TEST_CASE("shapes and widths out of range are refused by name and value", "[sketch]", AllSketches) {
  const auto refusal = [](SketchShape shape, Index width) {
    return message_of_exactly<InvalidArgument>([&] { TestType(shape, 1, width); });
  };
  CHECK(contains(refusal({0, 8}, 1), "number of rows is 0"));
  CHECK(contains(refusal({-1, 8}, 1), "number of rows is -1"));
  CHECK(contains(refusal({64, 8}, 1), "number of rows is 64"));
  CHECK(contains(refusal({3, 0}, 1), "number of buckets is 0"));
  CHECK(contains(refusal({3, (Index{1} << 32) + 1}, 1), "number of buckets is 4294967297"));
  CHECK(contains(refusal({3, 8}, 0), "is 0, outside [1, "));
  CHECK(contains(refusal({3, 8}, -2), "is -2, outside [1, "));
  if constexpr (of_rows<TestType>)
    CHECK(contains(refusal({3, 8}, Index{1} << 60), "1152921504606846976"));
  else
    CHECK(contains(refusal({3, 8}, 2), "width is 2"));
}

TEMPLATE_LIST_TEST_CASE("sketches of another seed, shape or width are not merged, and the field is named", "[sketch]",
                        AllSketches) {
  auto sketch = used_sketch<TestType>();
  const auto check_foreign = [&](const TestType& other, const std::string& part) {
    check_refused<IncompatibleSketch>(
        sketch, [&] { sketch += other; }, part);
    check_refused<IncompatibleSketch>(
        sketch, [&] { sketch -= other; }, part);
  };
  check_foreign(make_sketch<TestType>({3, 8}, 2), "seed is 2, expected 1");
  check_foreign(make_sketch<TestType>({4, 8}), "rows is 4, expected 3");
  check_foreign(make_sketch<TestType>({3, 9}), "buckets is 9, expected 8");
  if constexpr (of_rows<TestType>) check_foreign(TestType({3, 8}, 1, 5), "width is 5, expected 3");
}

TEMPLATE_LIST_TEST_CASE("a CountSketch reads and multiplies only what fits", "[sketch]", ScalarCountSketches) {
  const auto sketch = used_sketch<TestType>();
  check_refused(
      sketch, [&] { sketch.estimate(-1); }, "index -1");
  check_refused(
      sketch, [&] { sketch.estimate(TestType::dimension()); }, std::to_string(TestType::dimension()));
  const auto other = make_sketch<TestType>({3, 8}, 2);
  check_refused<IncompatibleSketch>(
      sketch, [&] { sketch.inner_product(other); }, "seed is 2, expected 1");
}

// Infinity would stay for good, and a state that holds it cannot be read back.
TEMPLATE_LIST_TEST_CASE("a floating counter that could leave its range is refused, by updates and merges", "[sketch]",
                        InexactSketches) {
  const double largest = std::numeric_limits<typename TestType::scalar_type>::max() / (of_rows<TestType> ? 2 : 1);
  auto sketch = make_sketch<TestType>();
  sketch.update(1, counter_of<TestType>(largest / 4));
  const TestType other = sketch;
  sketch += other;
  for (const auto& refused : {std::function<void()>([&] { sketch.update(1, counter_of<TestType>(0.75 * largest)); }),
                              std::function<void()>([&] { sketch += sketch + other; })})
    check_refused<CounterOverflow>(sketch, refused, "range");
  CHECK((TestType::from_bytes(sketch.to_bytes()).to_bytes() == sketch.to_bytes()));
}
