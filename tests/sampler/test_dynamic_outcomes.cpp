#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"
#include "support/small_samplers.hpp"
#include "support/survivor.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

// zero, failed and sampled told apart for y = A x when both are streams: where A cancels, where x does, where A x does.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = DynamicSampler<>;
using Floats = DynamicSampler<float>;
using Scans = DynamicSampler<float, Scan>;

constexpr Index rows = 300, columns = 9, survivor = 77;
constexpr int seeds = 20;

}  // namespace

TEMPLATE_TEST_CASE("y = A x is zero while A or x is", "[dynamic][outcome]", Doubles, Floats, Scans) {
  using Scalar = typename TestType::scalar_type;
  TestType sampler(rows, columns, options_of(1));
  CHECK(sampler.sample().outcome() == Outcome::zero);
  sampler.update_vector(3, Scalar(0.1));
  CHECK(sampler.sample().outcome() == Outcome::zero);
  sampler.refresh();
  sampler.update_matrix(survivor, 2, Scalar(5));
  CHECK(sampler.sample().outcome() == Outcome::zero);
  sampler.update_matrix(survivor, 3, Scalar(5));
  const auto draw = sampler.sample();
  REQUIRE(draw);
  CHECK(draw->index == survivor);
  CHECK(static_cast<double>(draw->value) == Approx(0.5).epsilon(1e-5));
}

TEMPLATE_TEST_CASE("y = A x is zero when all of A or all of x is taken back", "[dynamic][outcome]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= seeds; ++seed)
    for (const bool of_matrix : {true, false}) {
      TestType sampler(rows, columns, options_of(seed));
      const auto entries = integer_stream<Scalar>(rows * columns, 200, seed);
      const auto changes = integer_stream<Scalar>(columns, 60, seed + 100);
      const auto pass_matrix = [&](const Updates<Scalar>& updates, Scalar factor) {
        for (std::size_t k = 0; k < updates.size(); ++k) {
          if (k % 70 == 50) sampler.refresh();
          sampler.update_matrix(updates.indices[k] / columns, updates.indices[k] % columns, factor * updates.deltas[k]);
        }
      };
      const auto pass_vector = [&](const Updates<Scalar>& updates, Scalar factor) {
        for (std::size_t k = 0; k < updates.size(); ++k) {
          if (k % 30 == 20) sampler.refresh();
          sampler.update_vector(updates.indices[k], factor * updates.deltas[k]);
        }
      };
      // 2⁻⁵ and integers below 2¹⁷: pieces add up exactly, while products with s and sums of x round.
      const Scalar grain = Scalar(1) / Scalar(32);
      pass_matrix(entries, grain);
      pass_vector(changes, grain);
      REQUIRE(sampler.sample().outcome() == Outcome::sampled);
      if (of_matrix)
        pass_matrix(chopped_and_shuffled(entries, seed), -grain);
      else
        pass_vector(chopped_and_shuffled(changes, seed), -grain);
      CHECK(sampler.sample().outcome() == Outcome::zero);
      sampler.refresh();
      CHECK(sampler.sample().outcome() == Outcome::zero);
    }
}

TEMPLATE_TEST_CASE("y = A x is zero where neither A nor x is but A x cancels", "[dynamic][outcome]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType sampler(rows, 3, options_of(seed));
    const auto values = integer_stream<Scalar>(rows, 200, seed);
    sampler.update_vector(Eigen::Vector3<Scalar>(Scalar(0.1), Scalar(0.2), 0));
    sampler.refresh();
    for (std::size_t k = 0; k + 1 < values.size(); k += 2) {
      const Scalar a = values.deltas[k] / Scalar(7), b = values.deltas[k + 1];  // rows (a, b, a + 2b)
      sampler.update_matrix_row(values.indices[k], Eigen::RowVector3<Scalar>(a, b, a));
      for (int time = 0; time < 2; ++time) sampler.update_matrix(values.indices[k], 2, b);
    }
    REQUIRE(sampler.sample().outcome() == Outcome::sampled);
    for (const Scalar change : {Scalar(-0.2), Scalar(0.1), Scalar(0.1)}) sampler.update_vector(1, change);
    sampler.update_vector(2, Scalar(-0.1));
    CHECK(sampler.sample().outcome() == Outcome::zero);
    sampler.refresh();
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEMPLATE_TEST_CASE("What stays when large changes of A and x cancel is found or the draw fails", "[dynamic][outcome]",
                   Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  int sampled = 0, failed = 0;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    const MixHash words(derive_seed(seed, "large changes"));
    const auto real = [&](std::uint64_t k, double size) {
      return static_cast<Scalar>(size * (uniform_variate(words(k)) - 0.5));
    };
    TestType large(rows, 2, options_of(seed));
    large.update_vector(Eigen::Vector2<Scalar>(real(0, 100), real(1, 100)));
    large.refresh();
    for (std::uint64_t k = 0; k < 500; ++k) large.update_matrix(static_cast<Index>(k) % rows, 0, real(9 + k, 1e4));
    for (std::uint64_t k = 500; k-- > 0;) large.update_matrix(static_cast<Index>(k) % rows, 0, -real(9 + k, 1e4));
    large.update_vector(1, -real(1, 100));
    REQUIRE(large.sample().outcome() == Outcome::zero);
    for (int exponent = 3; exponent >= -16; --exponent) {
      auto sampler = large;
      const auto size = static_cast<Scalar>(std::pow(10.0, exponent));
      sampler.update_vector(1, Scalar(0.5));
      sampler.update_matrix(survivor, 1, size);
      if (exponent % 2 == 0) sampler.refresh();
      INFO("seed " << seed);
      const Outcome outcome = check_survivor(sampler, survivor, static_cast<double>(size) / 2);
      ++(outcome == Outcome::sampled ? sampled : failed);
    }
  }
  CHECK((sampled > 0 && failed > 0));
}

TEST_CASE("A y that was out of range and is not any more is read again", "[dynamic][outcome]") {
  Doubles sampler(rows, columns, options_of(1));
  sampler.update_vector(0, 1e160);
  sampler.refresh();
  sampler.update_matrix(survivor, 0, 1e150);
  CHECK(sampler.sample().outcome() == Outcome::failed);
  sampler.update_matrix(survivor, 0, -1e150);
  sampler.update_vector(1, 1.0);
  sampler.update_matrix(survivor, 1, 3.0);
  CHECK(sampler.squared_norm() == Approx(9.0));
}

// 3 + 5 − 8 in units of the smallest number: times a scale factor each rounds to whole units, and they do not cancel
// in the counters. A large x_0 raises what stays far above y, x_1 at index 0, which an error relative to the entries
// alone would not know of.
TEMPLATE_TEST_CASE("Entries of A below the normal range that cancel are no phantom where x is large",
                   "[dynamic][outcome]", double, float) {
  using Row = Eigen::RowVector<TestType, 2>;
  constexpr TestType unit = std::numeric_limits<TestType>::denorm_min();
  constexpr TestType large = std::numeric_limits<TestType>::max() / TestType(1e8), small = TestType(1e-30);
  const auto outcome = [&](auto& sampler, TestType x_0, TestType x_1) {
    sampler.update_vector(0, x_0);
    sampler.update_vector(1, x_1);
    return check_survivor(sampler, 0, static_cast<double>(x_1));
  };
  for (Seed seed = 1; seed <= seeds; ++seed) {
    DynamicSampler<TestType> by_entries(rows, 2, {.seed = seed}), by_rows = by_entries;
    for (Index i = 1; i < rows; ++i)
      for (const TestType part : {TestType(3), TestType(5), TestType(-8)}) {
        by_entries.update_matrix(i, 0, part * unit);
        by_rows.update_matrix_row(i, Row(part * unit, 0));
      }
    for (auto* sampler : {&by_entries, &by_rows}) {
      sampler->update_matrix(0, 1, 1);
      auto moderate = *sampler;
      CHECK(outcome(moderate, 1, 1) == Outcome::sampled);
      outcome(*sampler, large, small);
    }
  }
}
