#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/pair_checks.hpp"
#include "support/pair_law.hpp"
#include "support/refused_unchanged.hpp"
#include "support/special_values.hpp"

#include <limits>
#include <string>

// ExactKroneckerSampler refuses what it cannot take; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = ExactKroneckerSampler<>;
using Floats = ExactKroneckerSampler<float>;

constexpr FactorSizes sizes{.n1 = 20, .n2 = 9, .d1 = 4, .d2 = 3};

template <class S = Doubles>
S some_sampler() {
  const Factors factors = integer_factors(sizes);
  return S(factors.left, factors.right, factors.core);
}

std::string refused_factors(const Factors& factors, const SamplerOptions& options = {}) {
  return message_of<InvalidArgument>([&] { Doubles(factors.left, factors.right, factors.core, options); });
}

// One of the three factors, as updates see it.
struct Part {
  const char* name;
  Index rows, columns;
  void (*update)(Doubles& sampler, Index row, Index column, double delta);
};

const Part parts[] = {
    {"A1", sizes.n1, sizes.d1, [](Doubles& s, Index i, Index j, double delta) { s.update_left(i, j, delta); }},
    {"A2", sizes.n2, sizes.d2, [](Doubles& s, Index i, Index j, double delta) { s.update_right(i, j, delta); }},
    {"X", sizes.d1, sizes.d2, [](Doubles& s, Index i, Index j, double delta) { s.update_core(i, j, delta); }},
};

}  // namespace

TEST_CASE("Factors of sizes that do not fit are refused", "[exact kronecker][bad input]") {
  Factors factors = integer_factors(sizes);
  check_core_must_fit(factors, [](const Factors& wrong) { return refused_factors(wrong); });
  factors.left.resize(0, sizes.d1);
  CHECK(contains(refused_factors(factors), "number of rows or columns is 0"));
  CHECK(contains(refused_factors({Eigen::MatrixXd(3, 0), Eigen::MatrixXd(0, 3), factors.right}), "columns is 0"));
}

TEST_CASE("Factors with more pairs of rows than can be numbered are refused", "[exact kronecker][bad input]") {
  constexpr Index many = Index{1} << 32;
  const auto refused = [](Index n1, Index n2) {
    return message_of<InvalidArgument>(
        [&] { Doubles(Eigen::MatrixXd::Zero(n1, 1), Eigen::MatrixXd::Zero(n2, 1), Eigen::MatrixXd::Ones(1, 1)); });
  };
  CHECK(contains(refused(many, many), "4294967296 x 4294967296, more than 4611686018427387904"));
  CHECK(contains(refused(Index{1} << 60, 2), "A1 would hold"));
  CHECK(contains(refused(2, Index{1} << 60), "A2 would hold"));
}

TEST_CASE("Factors that are not finite or too large are refused", "[exact kronecker][bad input]") {
  for (const double value : {not_a_number, infinity, -infinity}) {
    Factors factors = integer_factors(sizes);
    factors.left(2, 1) = value;
    CHECK(contains(refused_factors(factors), "A1(2, 1) is "));
    factors = integer_factors(sizes);
    factors.core(3, 2) = value;
    CHECK(contains(refused_factors(factors), "X(3, 2) is "));
    factors = integer_factors(sizes);
    factors.right(0, 0) = value;
    CHECK(contains(refused_factors(factors), "A2(0, 0) is "));
  }
  for (const double value : {1e200, 1e149}) {
    Factors factors = integer_factors(sizes);
    factors.left(2, 1) = value;
    CHECK(contains(refused_factors(factors), "would pass the range"));
  }
  const Factors factors = integer_factors(sizes);
  CHECK(contains(refused_factors({1e60 * factors.left, 1e60 * factors.core, 1e60 * factors.right}), "pass the range"));
  CHECK(contains(refused_factors(factors, {.power = 1}), "power is 1"));
  CHECK(contains(refused_factors(factors, {.epsilon = 2}), "epsilon 2 "));
}

TEST_CASE("Entries out of range are refused", "[exact kronecker][bad input]") {
  Doubles sampler = some_sampler();
  for (const Part& part : parts) {
    INFO(part.name);
    const auto change = [&](Index i, Index j) { return refusal(sampler, [&](auto& s) { part.update(s, i, j, 1.0); }); };
    for (Index row : {Index{-1}, part.rows, std::numeric_limits<Index>::max()})
      CHECK(contains(change(row, 0), "row " + std::to_string(row) + " "));
    for (Index column : {Index{-1}, part.columns, std::numeric_limits<Index>::min()})
      CHECK(contains(change(0, column), "column " + std::to_string(column) + " "));
  }
  for (Index row : {Index{-1}, sizes.n1}) {
    const std::string text = "row " + std::to_string(row) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_left_row(row, Eigen::Vector4d::Ones()); }), text));
    CHECK(contains(message_of<InvalidArgument>([&] { (void)sampler.estimate(row, 0); }), text));
  }
  CHECK(contains(refusal(sampler, [&](auto& s) { s.update_right_row(sizes.n2, Eigen::Vector3d::Ones()); }), "row 9 "));
  CHECK(contains(message_of<InvalidArgument>([&] { (void)sampler.estimate(0, sizes.n2); }), "column 9 "));
}

TEST_CASE("Changes of factors that are not finite or too large are refused", "[exact kronecker][bad input]") {
  Doubles sampler = some_sampler();
  for (const Part& part : parts) {
    INFO(part.name);
    const auto change = [&](double delta) { return refusal(sampler, [&](auto& s) { part.update(s, 1, 1, delta); }); };
    CHECK(contains(change(not_a_number), "change is "));
    CHECK(contains(change(-infinity), "change is -inf"));
    CHECK(contains(change(1e160), "would pass the range"));
    CHECK(contains(change(1e300), "would pass the range"));
  }
  Eigen::Vector4d row = Eigen::Vector4d::Ones();
  for (const double value : {not_a_number, infinity, 1e160}) {
    row[3] = value;
    const std::string text = std::isfinite(value) ? "pass the range" : "change is";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_left_row(1, row); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_right_row(1, row.tail(3)); }), text));
  }
  Floats floats = some_sampler<Floats>();
  CHECK(contains(refusal(floats, [](auto& s) { s.update_left(1, 1, 3e38F); }), "would pass the range"));
}

TEST_CASE("Rows of changes of other sizes are refused", "[exact kronecker][bad input]") {
  Doubles sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_left_row(1, Eigen::Vector2d(1, 2)); }), "size 2, expected 4"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_right_row(1, Eigen::VectorXd()); }), "size 0, expected 3"));
}

TEST_CASE("Numbers of exact draws out of range are refused", "[exact kronecker][bad input]") {
  const Doubles sampler = some_sampler();
  CHECK(contains(message_of<InvalidArgument>([&] { (void)sampler.sample_with_replacement(-1, 1); }), "draws is -1"));
  CHECK(contains(message_of<InvalidArgument>([&] { (void)sampler.sample_without_replacement(-2, 1); }), "draws is -2"));
}

TEST_CASE("A change is not refused for what has gone again", "[exact kronecker][bad input]") {
  Doubles sampler = some_sampler();
  for (const double sign : {1.0, -1.0}) sampler.update_left(1, 1, sign * 1e140);
  const auto entry = sampler.left()(1, 1);
  sampler.update_core(1, 1, 1e120);
  CHECK(sampler.left()(1, 1) == entry);
  CHECK(sampler.sample()->probability > 0);
}
