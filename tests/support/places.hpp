#pragma once

#include <turnstile/random/mix_hash.hpp>
#include <turnstile/sketch/row_of_cells.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/statistics.hpp"

// Where an operator puts keys.

namespace turnstile::testing {

inline std::vector<Index> first_keys(Index count) {
  std::vector<Index> keys(static_cast<std::size_t>(count));
  std::iota(keys.begin(), keys.end(), Index{0});
  return keys;
}

// Keys as different as hashed strings.
inline std::vector<Index> scattered_keys(Index count) {
  const MixHash spread(2);
  std::vector<Index> keys = first_keys(count);
  for (Index& key : keys) key = static_cast<Index>(spread(static_cast<std::uint64_t>(key)) >> 4);
  return keys;
}

// Where a key goes in one row of one level.
struct Place {
  std::size_t bucket, sign;

  friend bool operator==(const Place&, const Place&) = default;
};

// places[level · rows + row][key]
template <class Operator>
std::vector<std::vector<Place>> places_of(const Operator& op, Index levels, std::span<const Index> keys) {
  const auto [rows, buckets] = op.shape();
  std::vector<std::vector<Place>> places(static_cast<std::size_t>(levels * rows), std::vector<Place>(keys.size()));
  op.for_each_row(keys, [&, rows = rows, buckets = buckets](std::size_t offset, const RowOfCells& row) {
    const Index at = row.level * rows + row.row;
    for (std::size_t k = 0; k < row.size(); ++k) {
      const Index bucket = row.cell(k) - at * buckets;
      REQUIRE((bucket >= 0 && bucket < buckets));
      places[static_cast<std::size_t>(at)][offset + k] = {static_cast<std::size_t>(bucket), row.negative(k) ? 1U : 0U};
    }
  });
  return places;
}

// Over keys: of one coordinate of their places in a and one of those in b, on cells_a × cells_b cells, against
// uniformity.
inline double joint_p_value(const std::vector<std::vector<Place>>& places, std::size_t a, std::size_t b,
                            std::size_t cells_a, std::size_t cells_b, std::size_t Place::*first,
                            std::size_t Place::*second) {
  std::vector<double> observed(cells_a * cells_b);
  for (std::size_t k = 0; k < places[a].size(); ++k) ++observed[places[a][k].*first * cells_b + places[b][k].*second];
  return chi_square_test(observed, std::vector<double>(observed.size(), 1.0)).p_value;
}

// That of the least likely of all pairs of rows: (bucket, sign) of one and of two, (bucket, bucket) and (sign, sign).
inline double least_p_value(const std::vector<std::vector<Place>>& places, std::size_t buckets) {
  double least = 1;
  for (std::size_t a = 0; a < places.size(); ++a)
    for (std::size_t b = 0; b < places.size(); ++b) {
      least = std::min(least, joint_p_value(places, a, b, buckets, 2, &Place::bucket, &Place::sign));
      if (a == b) continue;
      least = std::min(least, joint_p_value(places, a, b, buckets, buckets, &Place::bucket, &Place::bucket));
      least = std::min(least, joint_p_value(places, a, b, 2, 2, &Place::sign, &Place::sign));
    }
  return least;
}

}  // namespace turnstile::testing
