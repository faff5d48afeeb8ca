#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"
#include "support/small_samplers.hpp"
#include "support/special_values.hpp"

#include <limits>
#include <string>

// DynamicSampler refuses what it cannot take; nothing changes.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = DynamicSampler<>;
using Floats = DynamicSampler<float>;

constexpr Index rows = 300, columns = 9;

template <class S = Doubles>
S some_sampler() {
  S sampler(rows, columns, options_of(1));
  sampler.update_matrix(3, 1, 5);
  sampler.update_vector(1, 2);
  sampler.refresh();
  sampler.update_matrix_row(9, Eigen::RowVectorXd::LinSpaced(columns, 1, columns));
  return sampler;
}

}  // namespace

TEST_CASE("Samplers of both streams have rows and columns in range", "[dynamic][bad input]") {
  const auto refused = [](Index n, Index d, const SamplerOptions& options = {}) {
    return message_of<InvalidArgument>([&] { Doubles sampler(n, d, options); });
  };
  CHECK(contains(refused(0, 3), "dimension is 0"));
  CHECK(contains(refused(-5, 3), "dimension is -5"));
  CHECK(contains(refused(3, 0), "columns is 0"));
  CHECK(contains(refused(3, -2), "columns is -2"));
  CHECK(contains(refused(3, std::numeric_limits<Index>::max()), "9223372036854775807"));
  CHECK(contains(refused(3, 3, {.epsilon = 1}), "epsilon 1 "));
}

TEST_CASE("Entries of A and x out of range are refused", "[dynamic][bad input]") {
  auto sampler = some_sampler();
  for (Index row : {Index{-1}, rows, std::numeric_limits<Index>::max()}) {
    const std::string text = "row " + std::to_string(row) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_matrix(row, 0, 1.0); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_matrix_row(row, Eigen::VectorXd::Ones(columns)); }), text));
  }
  for (Index column : {Index{-1}, columns, std::numeric_limits<Index>::min()}) {
    const std::string text = "column " + std::to_string(column) + " ";
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_matrix(0, column, 1.0); }), text));
    CHECK(contains(refusal(sampler, [&](auto& s) { s.update_vector(column, 1.0); }), text));
  }
}

TEST_CASE("Changes of A and x that are not finite or lead out of range are refused", "[dynamic][bad input]") {
  auto sampler = some_sampler();
  const auto entry = [&](double delta) { return refusal(sampler, [&](auto& s) { s.update_matrix(1, 1, delta); }); };
  CHECK(contains(entry(not_a_number), "nan"));
  CHECK(contains(entry(-infinity), "-inf"));
  CHECK(contains(entry(1e307), "pass the range of 1.797"));
  const auto row = [&](double last) {
    Eigen::RowVectorXd delta = Eigen::RowVectorXd::Ones(columns);
    delta[columns - 1] = last;
    return refusal(sampler, [&](auto& s) { s.update_matrix_row(1, delta); });
  };
  CHECK(contains(row(not_a_number), "nan"));
  CHECK(contains(row(infinity), "inf"));
  CHECK(contains(row(-1e307), "pass the range of 1.797"));
  Doubles full = sampler;
  full.update_vector(2, std::numeric_limits<double>::max());
  for (const double delta : {not_a_number, infinity, std::numeric_limits<double>::max()}) {
    CHECK(contains(refusal(full, [&](auto& s) { s.update_vector(2, delta); }), "x_2"));
    Eigen::VectorXd whole = Eigen::VectorXd::Ones(columns);
    whole[2] = delta;
    CHECK(contains(refusal(full, [&](auto& s) { s.update_vector(whole); }), "x_2"));
  }
  CHECK(contains(refusal(full, [&](auto& s) { s.merge_vector(full); }), "x_2"));
  CHECK(contains(refusal(full, [&](auto& s) { s += full; }), "x_2"));
  auto floats = some_sampler<Floats>();
  CHECK(contains(refusal(floats, [](auto& s) { s.update_matrix(1, 1, 3e38F); }), "pass the range of 3.402"));
}

TEST_CASE("Changes of other sizes are refused", "[dynamic][bad input]") {
  auto sampler = some_sampler();
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_vector(Eigen::Vector2d(1, 2)); }), "size 2, expected 9"));
  CHECK(contains(refusal(sampler, [](auto& s) { s.update_vector(Eigen::VectorXd()); }), "size 0, expected 9"));
  const Eigen::Vector2d two(1, 2);
  CHECK(contains(refusal(sampler, [&](auto& s) { s.update_matrix_row(0, two); }), "size 2, expected 9"));
  CHECK(
      contains(refusal(sampler, [](auto& s) { s.update_matrix_row(0, Eigen::RowVectorXd()); }), "size 0, expected 9"));
}

TEST_CASE("Samplers of another seed, size or shape are neither added nor merged", "[dynamic][bad input]") {
  auto sampler = some_sampler();
  const auto refused = [&](const Doubles& other, const std::string& field) {
    const auto check = [&](const auto& action) {
      const std::string message = refusal<IncompatibleSketch>(sampler, action);
      INFO(message);
      CHECK(contains(message, field));
    };
    check_not_joined(sampler, other, field);
    check([&](auto& s) { s.merge_matrix(other); });
    check([&](auto& s) { s.merge_vector(other); });
  };
  refused(Doubles(rows, columns, options_of(2)), "seed is 2, expected 1");
  refused(Doubles(rows + 1, columns, options_of(1)), "dimension is 301, expected 300");
  refused(Doubles(rows, columns - 1, options_of(1)), "width is 8, expected 9");
  refused(Doubles(rows, columns, {.seed = 1, .shape = {.rows = 3, .buckets = 128}}), "buckets is 128, expected 256");
}

TEST_CASE("Adding a sampler whose A does not fit changes neither A nor x", "[dynamic][bad input]") {
  Doubles sampler(rows, columns, options_of(1));
  sampler.update_matrix(77, 0, 1e299);
  sampler.update_vector(0, 1.0);
  std::string message = "(nothing was thrown)";
  for (int doubling = 0; doubling < 40 && message == "(nothing was thrown)"; ++doubling)
    message = message_of<InvalidArgument>([&] { sampler.merge_matrix(sampler); });
  REQUIRE(contains(message, "pass the range of 1.797"));
  const auto join = [&](auto& s) { s += Doubles(sampler); };
  CHECK(contains(refusal(sampler, join), "pass the range of 1.797"));
}
