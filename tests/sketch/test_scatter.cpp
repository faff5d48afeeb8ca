#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/polynomial_hash.hpp>
#include <turnstile/sketch/norm_operator.hpp>
#include <turnstile/sketch/rows_in_fours.hpp>
#include <turnstile/sketch/sketch_operator.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/places.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// What is added, and to which cell, in order; row after row of level after level.
template <class T>
using Adds = std::vector<std::vector<std::pair<Index, T>>>;

template <class T, class Operator>
Adds<T> adds_by_places(const Operator& op, Index levels, std::span<const Index> keys, std::span<const T> values) {
  Adds<T> adds(static_cast<std::size_t>(levels * op.shape().rows));
  op.for_each_row(keys, [&](std::size_t offset, const RowOfCells& row) {
    for (std::size_t k = 0; k < row.size(); ++k)
      adds[static_cast<std::size_t>(row.level * op.shape().rows + row.row)].emplace_back(
          row.cell(k), row.with_sign(k, values[offset + k]));
  });
  return adds;
}

template <class T, class Operator>
Adds<T> adds_of_scatter(const Operator& op, Index levels, std::span<const Index> keys, std::span<const T> values) {
  Adds<T> adds(static_cast<std::size_t>(levels * op.shape().rows));
  op.scatter(keys, values, [&](const RowOfAdds<T>& row) {
    auto& here = adds[static_cast<std::size_t>(row.level * op.shape().rows + row.row)];
    row.for_each([&](Index cell, T value) { here.emplace_back(cell, value); });
  });
  return adds;
}

template <class T, class Operator>
void check_scatter(const Operator& op, Index levels) {
  const auto keys = scattered_keys(600);
  std::vector<T> values(keys.size());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = static_cast<T>(k + 1);
  const std::size_t counts[] = {0, 1, 2, 31, 32, 33, 64, 65, 255, 256, 257, 600};  // of chunks, blocks and parts
  for (const std::size_t count : counts) {
    INFO(count << " keys");
    const auto first_keys = std::span<const Index>(keys).first(count);
    const auto first_values = std::span<const T>(values).first(count);
    REQUIRE(adds_of_scatter(op, levels, first_keys, first_values) ==
            adds_by_places(op, levels, first_keys, first_values));
  }
}

// Of one key, cell by cell, as scatter(key, value, add) gives them.
template <class T, class Scatter>
std::vector<std::pair<Index, T>> adds_of_one(Index key, T value, const Scatter& scatter) {
  std::vector<std::pair<Index, T>> adds;
  scatter(key, value, [&](Index cell, T with_sign) { adds.emplace_back(cell, with_sign); });
  std::sort(adds.begin(), adds.end());
  return adds;
}

template <class T, class Operator>
void check_one_key(const Operator& op, Index levels) {
  INFO(op.shape().rows << " rows, " << levels << " levels");
  for (const Index key : scattered_keys(40)) {
    const T value = T(7);
    std::vector<std::pair<Index, T>> expected;
    for (const auto& row : adds_by_places(op, levels, std::span(&key, 1), std::span(&value, 1)))
      expected.insert(expected.end(), row.begin(), row.end());
    REQUIRE(expected.size() == static_cast<std::size_t>(levels * op.shape().rows));
    const auto scatter = [&](auto... arguments) { op.scatter(arguments...); };
    REQUIRE(adds_of_one(key, value, scatter) == expected);  // cells grow from row to row
  }
}

// Both ways, whichever is the faster one here, against hashes one by one.
template <class T>
void check_rows_in_fours(const SketchShape& shape, const std::vector<int>& shifts) {
  INFO(shape.rows << " rows, " << shifts.size() << " levels");
  std::vector<MixHash> hashes;
  for (std::uint64_t k = 0; k < shifts.size() * static_cast<std::size_t>(shape.rows); ++k) hashes.emplace_back(1, k);
  const RowsInFours<MixHash> fours(hashes, shape, shifts);
  const auto rows = static_cast<std::size_t>(shape.rows), leaves = hashes.size() - rows;
  for (const Index key : scattered_keys(40)) {
    const auto word = static_cast<std::uint64_t>(key);
    std::vector<std::pair<Index, T>> expected;
    for (std::size_t k = 0; k < hashes.size(); ++k) {
      const std::size_t level = k / rows;
      const auto bucket = ((hashes[k](word >> shifts[level]) >> 32) * static_cast<std::uint64_t>(shape.buckets)) >> 32;
      const bool negative = (hashes[leaves + k % rows](word) >> (31 - level)) % 2 == 1;
      expected.emplace_back(static_cast<Index>(k) * shape.buckets + static_cast<Index>(bucket), T(negative ? -7 : 7));
    }
    const auto side_by_side = [&](auto... arguments) { fours.scatter<true>(arguments...); };
    const auto one_by_one = [&](auto... arguments) { fours.scatter<false>(arguments...); };
    REQUIRE(adds_of_one(key, T(7), side_by_side) == expected);
    REQUIRE(adds_of_one(key, T(7), one_by_one) == expected);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("scattered values go where single keys go, with their signs, in order", "[sketch]", double, float,
                   std::int64_t) {
  check_scatter<TestType>(SketchOperator<MixHash>({5, 300}, 1), 1);
  check_scatter<TestType>(SketchOperator<MixHash>({3, 64}, 1, {20, 9, 0}), 3);
  check_scatter<TestType>(SketchOperator<PolynomialHash<4>>({3, 64}, 1, {7, 0}), 2);
  check_scatter<TestType>(NormOperator<MixHash, 3, 256>(1), 1);
}

TEMPLATE_TEST_CASE("one key goes to the same places with the same signs however many rows there are", "[sketch]",
                   double, float, std::int64_t) {
  for (Index rows = 1; rows <= 9; ++rows) {
    check_rows_in_fours<TestType>({rows, 300}, {0});
    check_rows_in_fours<TestType>({rows, 64}, {20, 9, 0});
    check_one_key<TestType>(SketchOperator<MixHash>({rows, 64}, 1, {20, 9, 0}), 3);
  }
  check_one_key<TestType>(SketchOperator<PolynomialHash<4>>({3, 64}, 1, {7, 0}), 2);
  check_one_key<TestType>(NormOperator<MixHash, 3, 256>(1), 1);
}
