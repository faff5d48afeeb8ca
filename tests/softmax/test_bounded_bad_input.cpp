#include <turnstile/softmax/bounded_softmax_product_sampler.hpp>
#include <turnstile/softmax/bounded_softmax_sampler.hpp>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/refused_unchanged.hpp"

#include <limits>
#include <string>

// Bounded softmax samplers refuse what they cannot take with a typed exception that names the value; nothing
// changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest = std::numeric_limits<double>::max();
using Bounded = BoundedSoftmaxSampler<>;
using Product = BoundedSoftmaxProductSampler<>;

std::string refusal_of(Index n, double bound, double failure) {
  const std::string message = message_of<InvalidArgument>([&] { Bounded sampler(n, bound, failure, 1); });
  CHECK(message == message_of<InvalidArgument>([&] { Product sampler(n, 3, bound, failure, 1); }));
  return message;
}

// Of ten coordinates these samplers keep all.
Bounded some_sampler() {
  Bounded sampler(10, 1, 1e-6, 1);
  REQUIRE(sampler.kept().size() == 10);
  sampler.update(3, 0.5);
  return sampler;
}

Product some_product() {
  Product sampler(10, 2, 1, 1e-6, 1);
  sampler.update_matrix(3, 1, 0.5);
  sampler.update_vector(1, 1.0);
  return sampler;
}

template <class S, class Other>
void check_not_added(S& sampler, const Other& other, const std::string& text) {
  CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s += other; }), text));
  CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s -= other; }), text));
}

}  // namespace

TEST_CASE("Dimensions, bounds and failures out of range are refused", "[softmax][bad input]") {
  for (Index n : {Index{0}, Index{-1}, max_dimension + 1})
    CHECK(contains(refusal_of(n, 1, 0.1), "dimension is " + std::to_string(n)));
  CHECK(contains(refusal_of(10, -0.5, 0.1), "bound -0.5 is"));
  CHECK(contains(refusal_of(10, not_a_number, 0.1), "bound nan is"));
  CHECK(contains(refusal_of(10, infinity, 0.1), "bound inf is"));
  for (double failure : {0.0, 1.0, -0.1, not_a_number})
    CHECK(contains(refusal_of(10, 1, failure), "is outside (0, 1)"));
  for (Index columns : {Index{0}, Index{-3}})
    CHECK(contains(message_of<InvalidArgument>([&] { Product sampler(10, columns, 1, 0.1, 1); }),
                   "number of columns is " + std::to_string(columns)));
  CHECK(contains(message_of<InvalidArgument>([] { Product sampler(10, Index{1} << 60, 1, 0.1, 1); }), "would hold"));
}

TEST_CASE("A bound that asks for more positions than anyone would keep is refused", "[softmax][bad input]") {
  for (double bound : {9.0, 30.0, 400.0, 1e300}) {
    const std::string message = refusal_of(10, bound, 0.01);
    CHECK(contains(message, "failure probability 0.01"));
    CHECK(contains(message, "positions, more than 67108864"));
  }
  CHECK(Bounded::positions_for(8, 0.01) < Bounded::most_positions);
}

TEST_CASE("Updates that bounded samplers cannot take are refused", "[softmax][bad input]") {
  auto sampler = some_sampler();
  for (Index index : {Index{-1}, Index{10}, std::numeric_limits<Index>::min()})
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update(index, 1.0); }),
                   "index " + std::to_string(index) + " is outside [0, 10)"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(3, not_a_number); }), "nan"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update(3, -infinity); }), "-inf"));
  sampler.update(3, 1e308);
  CHECK(contains(refusal<CounterOverflow>(sampler, [](auto& s) { s.update(3, largest); }), "range of 1.797"));

  Bounded elsewhere(max_dimension, 1, 0.1, 1);
  REQUIRE(elsewhere.kept().front() != 3);
  CHECK(contains(refusal(elsewhere, [](auto& s) { s.update(3, infinity); }), "inf"));
}

TEST_CASE("Updates that bounded product samplers cannot take are refused", "[softmax][bad input]") {
  auto sampler = some_product();
  const auto refused = [&](const auto& action) { return refusal(sampler, action); };
  CHECK(contains(refused([](auto& s) { s.update_matrix(10, 0, 1.0); }), "row 10 is outside [0, 10)"));
  CHECK(contains(refused([](auto& s) { s.update_matrix(-1, 0, 1.0); }), "row -1 is"));
  CHECK(contains(refused([](auto& s) { s.update_matrix(0, 2, 1.0); }), "column 2 is outside [0, 2)"));
  CHECK(contains(refused([](auto& s) { s.update_matrix(0, 0, not_a_number); }), "nan"));
  CHECK(contains(refused([](auto& s) { s.update_matrix(3, 1, largest); }), "could pass the range of 1.797"));
  CHECK(contains(refused([](auto& s) { s.update_matrix_row(10, Eigen::Vector2d(1, 2)); }), "row 10 is"));
  CHECK(contains(refused([](auto& s) { s.update_matrix_row(3, Eigen::Vector3d(1, 2, 3)); }), "size 3, expected 2"));
  CHECK(contains(refused([](auto& s) { s.update_matrix_row(3, Eigen::Vector2d(1, infinity)); }), "inf"));
  CHECK(contains(refused([](auto& s) { s.update_matrix_row(3, Eigen::Vector2d(1, largest)); }), "could pass"));
  CHECK(contains(refused([](auto& s) { s.update_vector(2, 1.0); }), "column 2 is"));
  CHECK(contains(refused([](auto& s) { s.update_vector(0, not_a_number); }), "nan"));
  sampler.update_vector(0, largest);
  CHECK(contains(refused([](auto& s) { s.update_vector(0, largest); }), "range of 1.797"));
}

TEST_CASE("A kept score beyond the bound makes a draw refuse, by name", "[softmax][bad input]") {
  auto sampler = some_sampler();
  CHECK_NOTHROW(sampler.sample());
  for (double score : {1.25, -1.25}) {
    sampler.update(3, score - 0.5);
    const std::string text = score > 0 ? "score 1.25" : "score -1.25";
    CHECK(contains(refusal(sampler, [](auto& s) { s.sample(); }), text + " of coordinate 3 is outside the bound of 1"));
    sampler.update(3, 0.5 - score);
  }
  CHECK_NOTHROW(sampler.sample());

  auto product = some_product();
  product.update_vector(1, 3.0);
  CHECK(contains(refusal(product, [](auto& s) { s.sample(); }), "score 2 of coordinate 3 is outside the bound of 1"));
  product.update_matrix(3, 0, 1e300);
  product.update_vector(0, 1e300);
  CHECK(contains(refusal(product, [](auto& s) { s.sample(); }), "score inf of coordinate 3"));
}

TEST_CASE("Bounded samplers that differ are not added", "[softmax][bad input]") {
  auto sampler = some_sampler();
  check_not_added(sampler, Bounded(11, 1, 1e-6, 1), "dimension is 11, expected 10");
  check_not_added(sampler, Bounded(10, 1.5, 1e-6, 1), "bound is 1.5, expected 1");
  check_not_added(sampler, Bounded(10, 1, 1e-5, 1), "epsilon is 1");
  check_not_added(sampler, Bounded(10, 1, 1e-6, 2), "seed is 2, expected 1");
  auto product = some_product();
  check_not_added(product, Product(10, 3, 1, 1e-6, 1), "width is 3, expected 2");
  check_not_added(product, Product(10, 2, 2, 1e-6, 1), "bound is 2, expected 1");
  const Product other(10, 2, 1, 1e-6, 2);
  CHECK(contains(refusal<IncompatibleSketch>(product, [&](auto& s) { s.merge_matrix(other); }), "seed is 2"));
  CHECK(contains(refusal<IncompatibleSketch>(product, [&](auto& s) { s.merge_vector(other); }), "seed is 2"));
}

TEST_CASE("Sums of bounded samplers that overflow are refused as a whole", "[softmax][bad input]") {
  auto sampler = some_sampler();
  sampler.update(3, 1e308);
  CHECK(contains(refusal<CounterOverflow>(sampler, [](auto& s) { s += Bounded(s); }), "range of 1.797"));
  auto large_matrix = some_product(), large_vector = some_product();
  large_matrix.update_matrix(5, 0, 1e308);
  large_vector.update_vector(0, 1e308);
  for (auto product : {large_matrix, large_vector})
    CHECK(contains(refusal<CounterOverflow>(product, [](auto& s) { s += Product(s); }), "range of 1.797"));
}
