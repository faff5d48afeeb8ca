#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/pair_law.hpp"
#include "support/states.hpp"

#include <cmath>
#include <concepts>
#include <cstddef>
#include <set>
#include <span>
#include <sstream>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

// What ExactKroneckerSampler says of Y = A1 X A2ᵀ, beside Y itself.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = ExactKroneckerSampler<>;

static_assert(std::same_as<Doubles::draw_type, PairDraw<double>> && std::copyable<Doubles>);
static_assert(std::is_nothrow_move_constructible_v<Doubles>);

constexpr FactorSizes sizes{.n1 = 70, .n2 = 45, .d1 = 5, .d2 = 3};

Doubles sampler_of(const Factors& factors, Seed seed = 1) {
  return Doubles(factors.left, factors.right, factors.core, {.seed = seed});
}

template <class Scalar>
Eigen::MatrixXd product_of(const ExactKroneckerSampler<Scalar>& sampler) {
  return sampler.left().template cast<double>() * sampler.core().template cast<double>() *
         sampler.right().template cast<double>().transpose();
}

// Norm, entries and draws are those of the product of the sampler's factors.
template <class Scalar>
void check_against_product(const ExactKroneckerSampler<Scalar>& sampler) {
  const Eigen::MatrixXd y = product_of(sampler);
  const double precision = std::is_same_v<Scalar, float> ? 1e-6 : 1e-12;
  CHECK(sampler.squared_norm() == Approx(y.squaredNorm()).epsilon(1e-10));
  for (const auto& draw : sampler.sample_with_replacement(20, 3)) {
    const double value = y(draw.row, draw.col);
    CHECK(value != 0);
    CHECK(static_cast<double>(draw.value) == Approx(value).epsilon(precision));
    CHECK(draw.value == sampler.estimate(draw.row, draw.col));
    CHECK(draw.probability == Approx(value * value / y.squaredNorm()).epsilon(1e-9));
    CHECK(draw.standard_error == 0);
  }
}

template <class D>
std::vector<std::pair<Index, Index>> pairs_of(const std::vector<D>& draws) {
  std::vector<std::pair<Index, Index>> pairs;
  for (const D& draw : draws) pairs.emplace_back(draw.row, draw.col);
  return pairs;
}

}  // namespace

TEMPLATE_TEST_CASE("Norm, entries and draws are those of the product, whatever changed", "[exact kronecker]", double,
                   float) {
  const Factors factors = integer_factors(sizes);
  ExactKroneckerSampler<TestType> sampler(factors.left, factors.right, factors.core);
  check_against_product(sampler);
  for (Index k = 0; k < 400; ++k) {
    const auto delta = static_cast<TestType>(k % 13 - 6) / TestType(7);
    sampler.update_left(k * 11 % sizes.n1, k % sizes.d1, delta);
    if (k % 4 == 1) sampler.update_right(k * 7 % sizes.n2, k % sizes.d2, delta);
    if (k % 50 == 2) sampler.update_core(k % sizes.d1, k % sizes.d2, delta);
    if (k % 50 == 3) sampler.update_left_row(k % sizes.n1, Eigen::RowVector<double, 5>::LinSpaced(-1, 2));
    if (k % 50 == 4) sampler.update_right_row(k % sizes.n2, Eigen::Vector3d(1, -2, 0.1));
    if (k % 20 == 5) sampler.refresh();
    if (k % 20 == 5 || k % 20 == 15) check_against_product(sampler);
  }
}

TEST_CASE("Masses follow updates of A1 for as long as A2 and X stay", "[exact kronecker]") {
  Doubles sampler = sampler_of(integer_factors(sizes));
  for (Index k = 0; k < 5000; ++k) {
    sampler.update_left(k * 31 % sizes.n1, k % sizes.d1, k % 2 == 0 ? 1e3 : -1e3);
    if (k % 100 == 0) sampler.update_left_row(k % sizes.n1, Eigen::RowVectorXd::Ones(sizes.d1));
    if (k % 500 == 499) check_against_product(sampler);
  }
}

TEST_CASE("The same seed gives the same draw, kept masses or not", "[exact kronecker]") {
  Doubles sampler = sampler_of(integer_factors(sizes), 9);
  sampler.update_core(1, 1, 4.0);
  const Doubles pending = sampler;
  sampler.refresh();
  for (Seed seed = 0; seed < 50; ++seed) {
    const auto draw = sampler.sample(seed);
    REQUIRE(draw);
    CHECK(pairs_of(std::vector{*draw}) == pairs_of(std::vector{*pending.sample(seed)}));
    CHECK(pairs_of(std::vector{*draw}) == pairs_of(sampler.sample_with_replacement(1, seed)));
    CHECK(pairs_of(std::vector{*draw}) == pairs_of(sampler.sample_without_replacement(1, seed)));
  }
  CHECK(sampler.sample()->row == sampler.sample(9)->row);
  CHECK(pairs_of(sampler.sample_without_replacement(9)) == pairs_of(sampler.sample_without_replacement(9, 9)));
  CHECK(pairs_of(sampler.sample_with_replacement(200, 4)) == pairs_of(pending.sample_with_replacement(200, 4)));
  CHECK(pairs_of(sampler.sample_with_replacement(9, 4)) != pairs_of(sampler.sample_with_replacement(9, 5)));
}

TEST_CASE("Draws without replacement name every entry that is not zero once, and no other", "[exact kronecker]") {
  const FactorSizes small{.n1 = 9, .n2 = 20, .d1 = 4, .d2 = 2};
  for (const FactorFamily& family : factor_families) {
    INFO(family.name);
    const Factors factors = family.make(small);
    const Doubles sampler = sampler_of(factors);
    Index entries = 0;
    for (Index i = 0; i < small.n1; ++i)
      for (Index c = 0; c < small.n2; ++c) entries += sampler.estimate(i, c) != 0;
    const auto draws = sampler.sample_without_replacement(entries + 10, 1);
    CHECK(std::ssize(draws) == entries);
    const auto pairs = pairs_of(draws);
    CHECK(std::ssize(std::set(pairs.begin(), pairs.end())) == entries);
    double whole = 0;
    for (const auto& draw : draws) whole += draw.probability;
    CHECK(whole == Approx(1));
  }
}

// All other entries together hold 10⁻²⁸ of ‖Y‖_F²: no number of draws with replacement finds one.
TEST_CASE("Draws without replacement go on behind an entry that has it all", "[exact kronecker]") {
  Factors factors = dominant_entry(sizes);
  factors.left(sizes.n1 / 3, sizes.d1 - 1) *= 1e14;
  const auto draws = sampler_of(factors).sample_without_replacement(30, 1);
  REQUIRE(draws.size() == 30);
  CHECK(pairs_of(draws)[0] == std::pair(sizes.n1 / 3, sizes.n2 / 2));
  const auto pairs = pairs_of(draws);
  CHECK(std::set(pairs.begin(), pairs.end()).size() == 30);
  const Eigen::MatrixXd y = factors.product();
  for (const auto& draw : draws) CHECK(draw.value == Approx(y(draw.row, draw.col)));
}

TEST_CASE("No draws are no draws", "[exact kronecker]") {
  const Doubles sampler = sampler_of(integer_factors(sizes));
  CHECK(sampler.sample_with_replacement(0, 1).empty());
  CHECK(sampler.sample_without_replacement(0, 1).empty());
}

TEST_CASE("A product of one number by one number is drawn", "[exact kronecker]") {
  const Eigen::Matrix<double, 1, 1> one(1.0);
  const Doubles sampler(2 * one, 3 * one, -one);
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK((draw->row == 0 && draw->col == 0 && draw->value == -6 && draw->probability == 1));
}

TEST_CASE("Factors may be any expressions", "[exact kronecker]") {
  const Factors factors = integer_factors(sizes);
  const Doubles sampler(factors.left.transpose().eval().transpose(), 2 * factors.right.cast<float>().cast<double>(),
                        factors.core.block(0, 0, sizes.d1, sizes.d2));
  CHECK(sampler.estimate(3, 4) == Approx(2 * factors.product()(3, 4)));
}

TEST_CASE("An exact Kronecker sampler is cleared to zero and copied by value", "[exact kronecker]") {
  Doubles sampler = sampler_of(integer_factors(sizes), 5);
  const Doubles copy = sampler;
  sampler.clear();
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK((sampler.rows() == sizes.n1 && sampler.cols() == sizes.n2 && sampler.dimension() == sizes.n1 * sizes.n2));
  CHECK((sampler.core().isZero() && sampler.left().isZero() && sampler.right().isZero()));
  CHECK(sampler.options().seed == 5);
  check_against_product(copy);
}

TEMPLATE_TEST_CASE("An exact Kronecker sampler travels as bytes", "[exact kronecker][io]", double, float) {
  const Factors factors = integer_factors(sizes);
  ExactKroneckerSampler<TestType> sampler(factors.left, factors.right, factors.core, {.seed = 11});
  sampler.update_left(3, 2, TestType(1) / TestType(3));
  sampler.update_core(1, 0, TestType(0.1));
  const Bytes bytes = sampler.to_bytes();
  const auto loaded = ExactKroneckerSampler<TestType>::from_bytes(bytes);
  CHECK(loaded.to_bytes() == bytes);
  CHECK(loaded.left() == sampler.left());
  CHECK(loaded.core() == sampler.core());
  CHECK(loaded.right() == sampler.right());
  CHECK(loaded.options() == sampler.options());
  CHECK(pairs_of(loaded.sample_with_replacement(20, 1)) == pairs_of(sampler.sample_with_replacement(20, 1)));
}

TEST_CASE("Damaged bytes of an exact Kronecker sampler are refused", "[exact kronecker][io]") {
  const Doubles sampler = sampler_of(integer_factors({.n1 = 3, .n2 = 2, .d1 = 2, .d2 = 4}));
  const Bytes bytes = sampler.to_bytes();
  const std::size_t at = arrays_at(sampler.identity());
  for (std::size_t size = 0; size < bytes.size(); size += 5)
    CHECK(refused<Doubles>(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
  for (const Index n1 : {Index{0}, Index{-3}, Index{2}, Index{4}, Index{6}, Index{1} << 62})
    CHECK(refused<Doubles>(with_number(sampler, at, n1)));
  for (const Index d1 : {Index{0}, Index{-2}, Index{1}, Index{3}, Index{8}, Index{1} << 62})
    CHECK(refused<Doubles>(with_number(sampler, at + sizeof(Index), d1)));
  CHECK(refused<Doubles>(with_number(sampler, at + 2 * sizeof(Index), std::nan(""))));
  CHECK(refused<Doubles>(with_number(sampler, at + 2 * sizeof(Index), 1e160)));
  CHECK(refused<ExactKroneckerSampler<float>>(bytes));
  Identity other = sampler.identity();
  other.dimension = Index{1} << 61;
  CHECK(refused<Doubles>(with_identity(sampler, other)));
}

TEST_CASE("An exact Kronecker sampler says what it is and what it takes", "[exact kronecker]") {
  const Doubles sampler = sampler_of(integer_factors({.n1 = 4096, .n2 = 500, .d1 = 32, .d2 = 16}), 3);
  std::ostringstream text;
  text << sampler;
  for (const char* part : {"4096 x 32", "32 x 16", "500 x 16", "float64", "seed 3"})
    CHECK(text.str().find(part) != std::string::npos);
  const double numbers = static_cast<double>(sampler.memory_bytes()) / sizeof(double);
  CHECK(numbers >= 4096 * 32 + 500 * 16 + 32 * 16);
  CHECK(numbers <= 5 * (4096 * 32 + 500 * 16) + 4 * 32 * 32 + 4096);
}

TEST_CASE("Exact draws from two threads at once equal those made one after the other", "[exact kronecker][threads]") {
  Doubles sampler = sampler_of(integer_factors(sizes));
  sampler.update_right(1, 1, 5.0);  // pending
  const auto expected = pairs_of(sampler.sample_with_replacement(50, 1));
  std::vector<std::vector<std::pair<Index, Index>>> found(2);
  {
    std::vector<std::jthread> pool;
    for (auto& pairs : found)
      pool.emplace_back([&sampler, &pairs] { pairs = pairs_of(sampler.sample_with_replacement(50, 1)); });
  }
  for (const auto& pairs : found) CHECK(pairs == expected);
}
