#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"
#include "support/small_samplers.hpp"
#include "support/special_values.hpp"

#include <limits>
#include <string>
#include <vector>

// FixedVectorSampler refuses what it cannot take; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = FixedVectorSampler<>;

constexpr Index rows = 900, columns = 7;
const Eigen::VectorXd integer_x{{3, -1, 0, 2, 9, -7, 1}};

template <class Scalar = double>
FixedVectorSampler<Scalar> some_sampler() {
  FixedVectorSampler<Scalar> sampler(rows, integer_x, options_of(1));
  sampler.update(3, 1, Scalar(5));
  sampler.update_row(9, integer_x);
  return sampler;
}

}  // namespace

TEST_CASE("Samplers of another x, seed or size are not added", "[vector][bad input]") {
  auto sampler = some_sampler();
  Eigen::VectorXd other = integer_x;
  other[2] = 0x1p-60;
  check_not_joined(sampler, Doubles(rows, other, options_of(1)), "fixed operand is ");
  check_not_joined(sampler, Doubles(rows, integer_x.reverse(), options_of(1)), "fixed operand is ");
  check_not_joined(sampler, Doubles(rows, -integer_x, options_of(1)), "fixed operand is ");
  check_not_joined(sampler, Doubles(rows, integer_x.head(6), options_of(1)), "width is 6, expected 7");
  check_not_joined(sampler, Doubles(rows, integer_x, options_of(2)), "seed is 2, expected 1");
  check_not_joined(sampler, Doubles(rows + 1, integer_x, options_of(1)), "dimension is 901, expected 900");
  CHECK_NOTHROW(sampler += Doubles(rows, integer_x.transpose(), options_of(1)));
}

TEST_CASE("An x that is another by a power of two is another x", "[vector][bad input]") {
  auto sampler = some_sampler();
  const Doubles other(rows, 0x1p61 * integer_x, options_of(1));
  CHECK(contains(refusal<IncompatibleSketch>(sampler, [&](auto& s) { s += other; }), "fixed operand is "));
}

TEST_CASE("An x that is empty or not finite is refused", "[vector][bad input]") {
  const auto refused = [](const Eigen::VectorXd& x, Index n = rows, const SamplerOptions& options = {}) {
    return message_of<InvalidArgument>([&] { Doubles sampler(n, x, options); });
  };
  CHECK(contains(refused(Eigen::VectorXd()), "size of x is 0"));
  CHECK(contains(refused(Eigen::Vector3d(1, not_a_number, 1)), "entry of x is nan"));
  CHECK(contains(refused(Eigen::Vector2d(1, -infinity)), "entry of x is -inf"));
  CHECK(contains(refused(integer_x, 0), "dimension is 0"));
  CHECK(contains(refused(integer_x, rows, {.power = 3}), "power 3 "));
}

TEST_CASE("Rows and columns out of range are refused", "[vector][bad input]") {
  auto sampler = some_sampler();
  for (Index row : {Index{-1}, rows, std::numeric_limits<Index>::max()}) {
    const std::string text = "row " + std::to_string(row) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update(row, 0, 1.0); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_row(row, integer_x); }), text));
  }
  for (Index column : {Index{-1}, columns, std::numeric_limits<Index>::min()}) {
    const std::string text = "column " + std::to_string(column) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update(0, column, 1.0); }), text));
  }
  CHECK(contains(refusal(sampler, [](auto& s) { s.estimate(rows); }), "index 900 "));
}

TEST_CASE("Changes of A that y cannot take are refused", "[vector][bad input]") {
  auto sampler = some_sampler();
  const auto entry = [&](double delta) { return refusal(sampler, [&](auto& s) { s.update(5, 4, delta); }); };
  CHECK(contains(entry(not_a_number), "nan"));
  CHECK(contains(entry(-infinity), "-inf"));
  CHECK(contains(entry(1e308), "inf"));  // times nine
  CHECK(contains(entry(1e307), "pass the range of 1.797"));
  const auto row = [&](double first, double second) {
    const Eigen::VectorXd delta{{first, second, 0, 0, 0, 0, 0}};
    return refusal(sampler, [&](auto& s) { s.update_row(5, delta); });
  };
  CHECK(contains(row(1, not_a_number), "nan"));
  CHECK(contains(row(infinity, 1), "inf"));
  CHECK(contains(row(1e308, 1), "inf"));
  CHECK(contains(row(1e306, 1), "pass the range of 1.797"));
  auto floats = some_sampler<float>();
  CHECK(contains(refusal(floats, [](auto& s) { s.update(5, 4, 3e38F); }), "pass the range of 3.402"));
  CHECK_NOTHROW(sampler.update(5, 4, 1e290));
}

TEST_CASE("A row of changes whose terms leave the range of a double is refused", "[vector][bad input]") {
  FixedVectorSampler<> sampler(rows, Eigen::Vector2d(1, 1), options_of(1));
  const auto change = [](auto& s) { s.update_row(5, Eigen::RowVector2d(1.5e308, -1.5e308)); };
  CHECK(contains(refusal(sampler, change), "pass the range of 1.797"));
}

TEST_CASE("A batch of entries with one bad one is refused as a whole", "[vector][bad input]") {
  auto sampler = some_sampler();
  const auto batch = [&](std::vector<Index> i, std::vector<Index> j, std::vector<double> deltas) {
    return refusal(sampler, [&](auto& s) { s.update(i, j, deltas); });
  };
  CHECK(contains(batch({1, 2, rows}, {0, 1, 3}, {1, 1, 1}), "row 900 "));
  CHECK(contains(batch({1, 2, 3}, {0, 1, columns}, {1, 1, 1}), "column 7 "));
  CHECK(contains(batch({1, 2, 3}, {0, 1, 3}, {1, 1, not_a_number}), "nan"));
  CHECK(contains(batch({1, 2, 3}, {0, 1, 3}, {1, 1, 1e307}), "pass the range of 1.797"));
  CHECK(contains(batch({1, 2, 3}, {0, 1}, {1, 1, 1}), "size 2, expected 3"));
  CHECK(contains(batch({1, 2, 3}, {0, 1, 3}, {1, 1}), "size 2, expected 3"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_row(1, Eigen::Vector2d(1, 1)); }), "size 2, expected 7"));
}
