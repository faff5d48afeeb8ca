#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/polynomial_hash.hpp>
#include <turnstile/random/tabulation_hash.hpp>
#include <turnstile/sketch/norm_operator.hpp>

#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/places.hpp"
#include "support/significance.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 4, buckets = 16;

}  // namespace

TEST_CASE("a norm operator has the cells of its shape, and a name that tells it", "[sketch]") {
  using Operator = NormOperator<MixHash, 3, 256>;
  static_assert(Operator::shape() == SketchShape{3, 256} && Operator::cells() == 768);
  CHECK(Operator::name() == "norm-3-256");
}

TEST_CASE("keys of a batch go where each goes by itself", "[sketch]") {
  const NormOperator<MixHash, rows, buckets> op(1);
  const auto keys = first_keys(600);  // two blocks and a part of one
  const auto together = places_of(op, 1, keys);
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const auto alone = places_of(op, 1, std::span(keys).subspan(k, 1));
    for (std::size_t row = 0; row < together.size(); ++row) REQUIRE(together[row][k] == alone[row][0]);
  }
}

TEST_CASE("norm operators of different seeds have different places", "[sketch]") {
  const auto keys = first_keys(100);
  CHECK(places_of(NormOperator<MixHash, rows, buckets>(1), 1, keys) !=
        places_of(NormOperator<MixHash, rows, buckets>(2), 1, keys));
}

// Quantity: over 40 000 keys, counts of (bucket, sign) of a row and of two, of (bucket, bucket) and (sign, sign) of
// two. Law: uniform, chi-square. Significance: component, over all pairs of rows. Sees: a cell off by 20 %, so rows
// that share bits of their word. Turned red by: a row that takes one bit of its neighbour's.
TEMPLATE_TEST_CASE("the rows of one word are uniform and unrelated", "[sketch]", MixHash, PolynomialHash<4>,
                   TabulationHash) {
  const auto places = places_of(NormOperator<TestType, rows, buckets>(1), 1, scattered_keys(40'000));
  CHECK(least_p_value(places, buckets) > significance::each_of(significance::component, 3 * rows * rows));
}
