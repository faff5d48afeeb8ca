#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"
#include "support/small_samplers.hpp"
#include "support/survivor.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>

// zero, failed and sampled told apart for y = A x with a fixed x: where A cancels, and where A x does.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = FixedVectorSampler<>;
using Floats = FixedVectorSampler<float>;
using DeepTrees = FixedVectorSampler<double, DeepTreePolynomial>;

constexpr Index rows = 900, columns = 7, survivor = 77;
constexpr int seeds = 20;

const Eigen::VectorXd real_x{{0.1, -1 / 3.0, 1e-3, 700 / 9.0, 2, -1e4 / 7, 0.7}};

// A_{i / columns, i % columns} += Δ for updates (i, Δ).
template <class S>
void feed(S& sampler, const Updates<typename S::scalar_type>& entries) {
  for (std::size_t k = 0; k < entries.size(); ++k)
    sampler.update(entries.indices[k] / columns, entries.indices[k] % columns, entries.deltas[k]);
}

}  // namespace

TEMPLATE_TEST_CASE("y = A x is zero before the first update and when all of A is taken back", "[vector][outcome]",
                   Doubles, Floats, DeepTrees) {
  using Scalar = typename TestType::scalar_type;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType sampler(rows, real_x, options_of(seed));
    CHECK(sampler.sample().outcome() == Outcome::zero);
    const auto stream = integer_stream<Scalar>(rows * columns, 300, seed);
    feed(sampler, stream);
    sampler.update_row(5, real_x.template cast<Scalar>());
    REQUIRE(sampler.sample().outcome() == Outcome::sampled);
    feed(sampler, negated(chopped_and_shuffled(stream, seed)));
    CHECK(sampler.sample().outcome() != Outcome::zero);
    for (Index j = columns; j-- > 0;) sampler.update(5, j, -static_cast<Scalar>(real_x[j]));
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEMPLATE_TEST_CASE("y = A x is zero where A is not but A x cancels", "[vector][outcome]", Doubles, Floats) {
  using Scalar = typename TestType::scalar_type;
  const Eigen::Vector3d x(0.1, 2 * 0.1, -0.1);  // (a, b, a + 2b) x = 0
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType sampler(rows, x, options_of(seed));
    const auto stream = integer_stream<Scalar>(rows, 200, seed);
    for (std::size_t k = 0; k + 1 < stream.size(); k += 2) {
      const Index row = stream.indices[k];
      const Scalar a = stream.deltas[k] / Scalar(7), b = stream.deltas[k + 1];
      sampler.update(row, 0, a);
      sampler.update_row(row, Eigen::Vector3<Scalar>(0, b, 0));
      sampler.update(row, 2, a);
      for (int time = 0; time < 2; ++time) sampler.update(row, 2, b);
    }
    CHECK(sampler.sample().outcome() == Outcome::zero);
    sampler.update(survivor, 1, Scalar(1));
    CHECK(sampler.sample().outcome() != Outcome::zero);
  }
}

TEST_CASE("With x = 0 every A gives zero", "[vector][outcome]") {
  FixedVectorSampler<> sampler(rows, Eigen::Vector2d(0, 0), options_of(1));
  sampler.update(3, 1, 1e10);
  sampler.update_row(4, Eigen::RowVector2d(5, -6));
  CHECK(sampler.sample().outcome() == Outcome::zero);
}

// The entries of rows cancel against the same entries one by one, whose products round differently.

TEMPLATE_TEST_CASE("What stays when large rows of A cancel is found or the draw fails", "[vector][outcome]", Doubles,
                   Floats) {
  using Scalar = typename TestType::scalar_type;
  int sampled = 0, failed = 0;
  for (Seed seed = 1; seed <= seeds; ++seed) {
    TestType large(rows, real_x, options_of(seed));
    const MixHash words(seed);
    for (std::uint64_t k = 0; k < 500; ++k) {
      const auto row = static_cast<Index>(words(k) % std::uint64_t{rows});
      Eigen::VectorX<Scalar> delta(columns);
      for (Index j = 0; j < columns; ++j)
        delta[j] = static_cast<Scalar>(2e4 * uniform_variate(words(500 + k * columns + static_cast<std::uint64_t>(j))));
      large.update_row(row, delta);
      for (Index j = 0; j < columns; ++j) large.update(row, j, -delta[j]);
    }
    REQUIRE(large.sample().outcome() == Outcome::zero);
    for (int exponent = 3; exponent >= -16; --exponent) {
      auto sampler = large;
      const auto size = static_cast<Scalar>(std::pow(10.0, exponent));
      sampler.update(survivor, 4, size);
      INFO("seed " << seed);
      const Outcome outcome = check_survivor(sampler, survivor, 2 * static_cast<double>(size));
      ++(outcome == Outcome::sampled ? sampled : failed);
    }
  }
  CHECK((sampled > 0 && failed > 0));
}

// Two products that differ by 2⁻⁴⁹ about the middle between two floats: they round to both sides.

TEST_CASE("Products that cancel but for their rounding leave no phantom", "[vector][outcome]") {
  const double middle = 1 + 0x1p-24, little = 0x1p-50;
  for (Seed seed = 1; seed <= 1000; ++seed) {
    const SamplerOptions options{.seed = seed, .shape = {.rows = 1, .buckets = 64}};
    FixedVectorSampler<float> entries(10, Eigen::Vector2d(middle + little, -(middle - little)), options);
    entries.update(0, 0, 1.0F);
    entries.update(0, 1, 1.0F);
    CHECK(entries.sample().outcome() == Outcome::failed);
    FixedVectorSampler<float> whole_rows(10, Eigen::Vector2d(1, 1), options);
    whole_rows.update_row(0, Eigen::RowVector2d(middle, little));
    whole_rows.update_row(0, Eigen::RowVector2d(-middle, little));
    CHECK(whole_rows.sample().outcome() == Outcome::failed);
  }
}

// The terms of a row's product are far larger than what is left of them, which a double sum gets wrong.
TEST_CASE("What is left of the large terms of a row of changes is not guessed at", "[vector][outcome]") {
  constexpr Index terms = 64;
  int wrong_sums = 0;
  for (Seed seed = 1; seed <= 100; ++seed) {
    const MixHash words(derive_seed(seed, "large terms"));
    Eigen::VectorXd delta(terms);
    long double exact = 0;  // of multiples of 2⁻⁵³ below 64
    for (Index j = 0; j + 1 < terms; ++j) {
      delta[j] = uniform_variate(words(static_cast<std::uint64_t>(j)));
      exact += static_cast<long double>(delta[j]);
    }
    delta[terms - 1] = -static_cast<double>(exact);
    exact += static_cast<long double>(delta[terms - 1]);
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(terms);
    const double left = static_cast<double>(exact);
    wrong_sums += std::abs(delta.dot(ones) - left) > 0.1 * std::abs(left);
    Doubles sampler(rows, ones, options_of(seed));
    sampler.update_row(survivor, delta);
    INFO("seed " << seed);
    if (left == 0)
      CHECK(sampler.sample().outcome() == Outcome::zero);
    else
      check_survivor(sampler, survivor, left);
  }
  CHECK(wrong_sums > 0);
}
