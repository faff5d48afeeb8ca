#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/integer_stream.hpp"
#include "support/refusal.hpp"
#include "support/survivor.hpp"

#include <cmath>
#include <functional>
#include <vector>

// zero, failed and sampled told apart for y = A x: where x cancels, where A x cancels, where A does.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index rows = 2000, columns = 8, survivor = 77;
constexpr int seeds = 20;

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 5, .buckets = 512}}; }

// Reals in (-size/2, size/2) that fill the mantissa.
Eigen::MatrixXd real_matrix(double size, Seed seed) {
  const MixHash words(derive_seed(seed, "real matrix"));
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&](Index i, Index j) {
    return (uniform_variate(words(static_cast<std::uint64_t>(i * columns + j))) - 0.5) * size;
  });
}

// Calls check(seed, size) for the sizes 10^first, …, 10^last, the first of which every seed must find.
// Whether some seed failed at the last one.
bool for_sizes(int first, int last, const std::function<Outcome(Seed, double)>& check) {
  bool failed = false;
  for (Seed seed = 1; seed <= seeds; ++seed)
    for (int exponent = first; exponent >= last; --exponent) {
      INFO("seed " << seed << ", size 1e" << exponent);
      const Outcome outcome = check(seed, std::pow(10.0, exponent));
      if (exponent == first) CHECK(outcome == Outcome::sampled);
      if (exponent == last) failed = failed || outcome == Outcome::failed;
    }
  return failed;
}

}  // namespace

TEMPLATE_TEST_CASE("y = A x is zero before the first update", "[outcome][matrix]", double, float) {
  const FixedMatrixSampler<TestType> sampler(integer_matrix(rows, columns, 1), options_of(1));
  const auto result = sampler.sample();
  CHECK(result.outcome() == Outcome::zero);
  CHECK(contains(message_of<BadDraw>([&] { *result; }), "zero"));
  CHECK(sampler.sample_without_replacement(3).empty());
  CHECK(sampler.sample_with_replacement(3, 1).empty());
}

TEMPLATE_TEST_CASE("y = A x is zero when all of x is taken back", "[outcome][matrix]", double, float) {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    FixedMatrixSampler<TestType> sampler(real_matrix(10, seed), options_of(seed));
    const auto updates = integer_stream<TestType>(columns, 300, seed);
    for (std::size_t k = 0; k < updates.size(); ++k)
      sampler.update(updates.indices[k], updates.deltas[k] / TestType(7));
    REQUIRE(sampler.sample().outcome() == Outcome::sampled);
    sampler.refresh();
    for (std::size_t k = updates.size(); k-- > 0;)
      sampler.update(updates.indices[(7 * k) % 300], -updates.deltas[(7 * k) % 300] / TestType(7));
    CHECK(sampler.sample().outcome() == Outcome::zero);
    sampler.refresh();
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEMPLATE_TEST_CASE("y = A x is zero where x is not but A x cancels", "[outcome][matrix]", double, float) {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    Eigen::MatrixXd a = integer_matrix(rows, columns, seed);
    a.col(7) = a.col(0) - 2 * a.col(1) + 3 * a.col(2);
    FixedMatrixSampler<TestType> sampler(a, options_of(seed));
    sampler.update(0, TestType(0.1));
    sampler.update(1, TestType(-2) * TestType(0.1));
    CHECK(sampler.sample().outcome() == Outcome::sampled);
    sampler.update(7, TestType(-0.1));
    // 3 · 0.1 rounds; three adds of 0.1 do not, in the fingerprint.
    for (int time = 0; time < 3; ++time) sampler.update(2, TestType(0.1));
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEST_CASE("A zero matrix gives zero whatever x is", "[outcome][matrix]") {
  FixedMatrixSampler<> sampler(Eigen::MatrixXd::Zero(rows, columns), options_of(1));
  sampler.update(3, 1e10);
  CHECK(sampler.sample().outcome() == Outcome::zero);
}

TEST_CASE("What stays when large changes of x cancel is found or the draw fails", "[outcome][matrix]") {
  CHECK(for_sizes(0, -10, [](Seed seed, double size) {
    Eigen::MatrixXd a = real_matrix(1, seed);
    a.col(3).setZero();
    a(survivor, 3) = 1;
    FixedMatrixSampler<> sampler(a, options_of(seed));
    const MixHash words(seed);
    const auto change = [&](std::uint64_t k, double sign) {
      const auto column = static_cast<Index>(words(2 * k) % std::uint64_t{columns});
      sampler.update(column, sign * (uniform_variate(words(2 * k + 1)) - 0.5) * 2e5);
    };
    for (std::uint64_t k = 0; k < 2000; ++k) change(k, 1);
    sampler.update(3, size);
    sampler.refresh();
    for (std::uint64_t k = 0; k < 2000; ++k) change(7 * k % 2000, -1);
    return check_survivor(sampler, survivor, size);
  }));
}

TEST_CASE("What stays when two columns cancel is found or the draw fails", "[outcome][matrix]") {
  CHECK(for_sizes(0, -11, [](Seed seed, double size) {
    Eigen::MatrixXd a = real_matrix(2e5, seed);
    a.col(1) = a.col(0);
    a(survivor, 0) = 0;
    a(survivor, 1) = size;
    FixedMatrixSampler<> sampler(a, options_of(seed));
    sampler.update(0, -3.3);
    sampler.update(1, 3.3);
    return check_survivor(sampler, survivor, 3.3 * size);
  }));
}

TEST_CASE("What stays when rows given to a builder cancel is found or the draw fails", "[outcome][matrix]") {
  CHECK(for_sizes(0, -11, [](Seed seed, double size) {
    const Eigen::MatrixXd a = real_matrix(2e5, seed);
    FixedMatrixBuilder<> builder(rows, columns, options_of(seed));
    builder.add_rows(0, a);
    builder.add_rows(survivor, Eigen::RowVectorXd::Constant(columns, size));
    for (Index i = rows; i-- > 0;) builder.add_rows(i, -a.row(i));
    FixedMatrixSampler<> sampler = std::move(builder).build();
    sampler.update(1, 1.0);
    return check_survivor(sampler, survivor, size);
  }));
}

TEST_CASE("Traffic of one row that cancels in a builder leaves no phantom", "[outcome][matrix]") {
  CHECK(for_sizes(-3, -12, [](Seed seed, double size) {
    const MixHash words(seed);
    const auto entry = [](double value) { return Eigen::MatrixXd::Constant(1, 1, value).eval(); };
    FixedMatrixBuilder<> builder(rows, 1, options_of(seed)), shard(rows, 1, options_of(seed));
    for (std::uint64_t k = 0; k < 1000; ++k) builder.add_rows(5, entry(uniform_variate(words(k)) * 1e5));
    builder.add_rows(survivor, entry(size));
    for (std::uint64_t k = 0; k < 1000; ++k) shard.add_rows(5, entry(uniform_variate(words(7 * k % 1000)) * 1e5));
    builder -= shard;
    FixedMatrixSampler<> sampler = std::move(builder).build();
    sampler.update(0, 1.0);
    return check_survivor(sampler, survivor, size);
  }));
}

TEST_CASE("The same traffic as nonzeros of sparse blocks leaves no phantom", "[outcome][matrix]") {
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const auto entry = [](double value) {
      Eigen::SparseMatrix<double> block(1, 1);
      block.insert(0, 0) = value;
      return block;
    };
    FixedMatrixBuilder<> builder(rows, 1, options_of(seed));
    for (int k = 0; k < 10'000; ++k) builder.add_rows(5, entry(0.1));
    builder.add_rows(5, entry(-1000.0));
    FixedMatrixSampler<> sampler = std::move(builder).build();
    sampler.update(0, 1.0);
    // The exact y_5 is 5.55e-14, ten thousand times what 0.1 is off by.
    check_survivor(sampler, 5, 1e4 * static_cast<double>(static_cast<long double>(0.1) - 0.1L));
  }
}

TEST_CASE("y beyond the range of the counters fails", "[outcome][matrix]") {
  FixedMatrixSampler<float> floats(Eigen::MatrixXf::Ones(100, 2), options_of(1));
  for (int time = 0; time < 3; ++time) floats.update(0, 3e38F);
  CHECK(floats.sample().outcome() == Outcome::failed);
  CHECK(floats.sample_without_replacement(2).empty());
  FixedMatrixSampler<> doubles(Eigen::MatrixXd::Constant(100, 2, 1e200), options_of(1));
  doubles.update(0, 1e200);
  CHECK(doubles.sample().outcome() == Outcome::failed);
  CHECK(doubles.sample_with_replacement(2, 1).empty());
}

TEST_CASE("Rows of A whose squares leave the range of a double are read, and their rounding is known",
          "[outcome][matrix]") {
  for (const double size : {1e200, 1e-200}) {
    INFO("entries of A of size " << size);
    FixedMatrixSampler<> sampler(Eigen::MatrixXd::Constant(100, 2, size), options_of(1));
    sampler.update(0, 1 / size);
    const auto draw = sampler.sample();
    CHECK(draw.outcome() == Outcome::sampled);
    if (draw) CHECK(draw->value == Approx(1.0).epsilon(0.1));

    // x_0 is exactly zero, and rounding has left something in its place.
    Eigen::MatrixXd a = Eigen::MatrixXd::Zero(rows, 2);
    a(5, 0) = a(survivor, 1) = size;
    FixedMatrixSampler<> cancelled(a, options_of(1));
    const MixHash words(1);
    for (std::uint64_t k = 0; k < 1000; ++k) cancelled.update(0, uniform_variate(words(k)));
    for (std::uint64_t k = 0; k < 1000; ++k) cancelled.update(0, -uniform_variate(words(7 * k % 1000)));
    REQUIRE(cancelled.vector()[0] != 0);
    cancelled.update(1, 1e-3 * std::abs(cancelled.vector()[0]));
    const auto other = cancelled.sample();
    INFO(to_string(other.outcome()));
    if (other) CHECK(other->index == survivor);
  }
}
