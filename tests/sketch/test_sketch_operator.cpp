#include <turnstile/random/polynomial_hash.hpp>
#include <turnstile/sketch/sketch_operator.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "support/catch.hpp"
#include "support/places.hpp"
#include "support/refusal.hpp"
#include "support/significance.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 3, buckets = 16;

}  // namespace

TEST_CASE("cells are numbered level by level and row by row", "[sketch]") {
  const SketchOperator<MixHash> op({rows, buckets}, 1, {10, 5, 0});
  CHECK(op.levels() == 3);
  CHECK(op.leaf() == 2);
  CHECK(op.shift(0) == 10);
  CHECK(op.cells() == 3 * rows * buckets);
  CHECK(op.first_cell(0, 0) == 0);
  CHECK(op.first_cell(1, 2) == (rows + 2) * buckets);
}

TEST_CASE("every level buckets a key by its prefix, and cell() names the same counter", "[sketch]") {
  const SketchOperator<MixHash> op({rows, buckets}, 1, {8, 3, 0});
  const auto keys = first_keys(1000);
  std::size_t visits = 0;
  op.for_each_row(keys, [&](std::size_t offset, const RowOfCells& row) {
    for (std::size_t k = 0; k < row.cells.size(); ++k, ++visits)
      REQUIRE(row.cell(k) == op.cell(row.level, row.row, keys[offset + k] >> op.shift(row.level)));
  });
  CHECK(visits == 3 * rows * keys.size());
}

TEST_CASE("visiting from a level on leaves out the levels above it and changes nothing else", "[sketch]") {
  const SketchOperator<MixHash> op({rows, buckets}, 1, {8, 3, 0});
  const auto keys = first_keys(100);
  const auto all = places_of(op, 3, keys);
  std::size_t visits = 0;
  op.for_each_row(
      keys,
      [&](std::size_t offset, const RowOfCells& row) {
        REQUIRE(row.level >= 1);
        const auto& places = all[static_cast<std::size_t>(row.level * rows + row.row)];
        for (std::size_t k = 0; k < row.cells.size(); ++k, ++visits)
          REQUIRE(places[offset + k].sign == (row.negative(k) ? 1U : 0U));
      },
      1);
  CHECK(visits == 2 * rows * keys.size());
}

TEST_CASE("the leaf level of an operator does not depend on how many levels are above it", "[sketch]") {
  const auto keys = first_keys(200);
  const SketchOperator<MixHash> one({rows, buckets}, 1), three({rows, buckets}, 1, {8, 3, 0});
  for (Index row = 0; row < rows; ++row)
    for (Index key : keys) REQUIRE(one.cell(0, row, key) == three.cell(2, row, key) - three.first_cell(2, 0));
}

// Quantity: over 40 000 keys, counts of (bucket, sign) of a row, of (bucket, sign) and (bucket,
// bucket) of different rows, of (sign, sign) of different rows and levels. Law: uniform,
// chi-square. Significance: component, over all pairs of rows of all levels. Sees: a cell off by 20
// %, so any sign or bucket that is a function of another. Turned red by: related seeds of buckets
// and signs or of two rows.
TEMPLATE_TEST_CASE("buckets and signs of all rows and levels are uniform and unrelated", "[sketch]", MixHash,
                   PolynomialHash<4>) {
  // Prefixes of a level must be many for its buckets to be uniform: keys 2²⁰ apart.
  const auto keys = scattered_keys(40'000);
  const auto places = places_of(SketchOperator<TestType>({rows, buckets}, 1, {20, 10, 0}), 3, keys);
  const std::size_t count = places.size();
  const double level = significance::each_of(significance::component, 3 * count * count);
  CHECK(least_p_value(places, buckets) > level);
}

// Quantity: how many of 1000 keys have a minus sign. Law: Bin(1000, 1/2). Significance: component,
// over all levels. Turned red by: a sign bit that the hash does not fill.
TEMPLATE_TEST_CASE("every level of the tallest operator has signs of both kinds", "[sketch]", MixHash,
                   PolynomialHash<4>) {
  std::vector<int> shifts(40);
  std::iota(shifts.rbegin(), shifts.rend(), 0);
  // As many levels as the operator takes.
  while (message_of<InvalidArgument>([&] {
           SketchOperator<TestType>({1, buckets}, 1, shifts);
         }) != "(nothing was thrown)")
    shifts.erase(shifts.begin());
  const SketchOperator<TestType> op({1, buckets}, 1, shifts);
  CHECK(op.levels() >= 12);  // what 2⁶² keys take in steps of five bits
  const auto places = places_of(op, op.levels(), first_keys(1000));
  for (std::size_t level = 0; level < places.size(); ++level) {
    long negatives = 0;
    for (const Place& place : places[level]) negatives += place.sign == 1;
    CAPTURE(level, negatives);
    CHECK(binomial_two_sided_p(negatives, 1000, 0.5) > significance::each_of(significance::component, places.size()));
  }
}

TEST_CASE("an operator's memory counts its hashes, and those in fours", "[sketch]") {
  constexpr std::size_t words_of_four = 3 * 4;  // of a group: keys of two kinds, and first cells
  const auto bytes = [](Index rows_of_a_level, std::size_t levels) {
    const auto all_rows = static_cast<std::size_t>(rows_of_a_level);
    return levels *
           (all_rows * sizeof(MixHash) + (all_rows + 3) / 4 * words_of_four * sizeof(std::uint64_t) + 2 * sizeof(int));
  };
  CHECK(SketchOperator<MixHash>({4, 8}, 1).heap_bytes() == bytes(4, 1));
  CHECK(SketchOperator<MixHash>({5, 8}, 1, {9, 0}).heap_bytes() == bytes(5, 2));
  CHECK(SketchOperator<PolynomialHash<4>>({5, 8}, 1).heap_bytes() == 5 * sizeof(PolynomialHash<4>) + sizeof(int));
}

TEST_CASE("an operator refuses shapes out of range by name and value", "[sketch]") {
  const auto refusal = [](SketchShape shape) {
    return message_of_exactly<InvalidArgument>([&] { SketchOperator<MixHash>(shape, 1); });
  };
  CHECK(contains(refusal({0, 8}), "number of rows is 0"));
  CHECK(contains(refusal({64, 8}), "number of rows is 64"));
  CHECK(contains(refusal({3, 0}), "number of buckets is 0"));
  CHECK(contains(refusal({3, -1}), "number of buckets is -1"));
}
