#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/pair_checks.hpp"
#include "support/pair_law.hpp"
#include "support/refused_unchanged.hpp"
#include "support/special_values.hpp"

#include <array>
#include <cmath>
#include <string>
#include <vector>

// FactoredKroneckerSampler and FactoredTensorSampler: what they read, how they add up, what they refuse.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = FactoredKroneckerSampler<>;
using Floats = FactoredKroneckerSampler<float>;
using DeepTrees =
    FactoredKroneckerSampler<double, Policies<ExponentialScaling, PrefixTreeRecovery<4, 3, 16>, PolynomialHash<4>>>;

constexpr FactorSizes sizes{60, 40, 4, 3};

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 5, .buckets = 512}}; }

template <class S>
S sampler_of(const Factors& factors, Seed seed) {
  return S(factors.left, factors.right, factors.core, options_of(seed));
}

}  // namespace

TEMPLATE_TEST_CASE("A drawn pair comes with its entry and its share", "[kronecker]", Doubles, Floats, DeepTrees) {
  const Factors factors = dominant_row(sizes);
  const Eigen::MatrixXd y = factors.product();
  for (Seed seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const auto sampler = sampler_of<TestType>(factors, seed);
    const auto draw = checked_draw(sampler, y);
    CHECK(sampler.squared_norm() == Approx(y.squaredNorm()).epsilon(0.6));
    CHECK(static_cast<double>(sampler.estimate(draw.row, draw.col)) == Approx(y(draw.row, draw.col)).epsilon(0.6));
  }
}

// Integers: the counters of Π and all residues are exact, so the order of updates leaves no trace in them.

TEMPLATE_TEST_CASE("All three factors may change in any order and in pieces", "[kronecker]", Doubles, Floats,
                   DeepTrees) {
  const Factors factors = integer_factors(sizes);
  const auto at_once = sampler_of<TestType>(factors, 1);
  TestType pieces(sizes.n1, sizes.n2, Eigen::MatrixXd::Zero(sizes.d1, sizes.d2), options_of(1));
  using Scalar = typename TestType::scalar_type;
  for (Index j = 0; j < sizes.d2; ++j)
    for (Index i = sizes.n2; i-- > 0;) pieces.update_right(i, j, static_cast<Scalar>(factors.right(i, j) - 5));
  for (Index j = 0; j < sizes.d1; ++j) {
    for (Index k = 0; k < sizes.d2; ++k) pieces.update_core(j, k, static_cast<Scalar>(2 * factors.core(j, k)));
    for (Index i = 0; i < sizes.n1; ++i) pieces.update_left(i, j, static_cast<Scalar>(factors.left(i, j)));
  }
  for (Index i = 0; i < sizes.n2; ++i) pieces.update_right_row(i, Eigen::RowVectorXd::Constant(sizes.d2, 5));
  for (Index j = 0; j < sizes.d1; ++j)
    for (Index k = 0; k < sizes.d2; ++k) pieces.update_core(j, k, static_cast<Scalar>(-factors.core(j, k)));
  for (Index k = 0; k < 2; ++k) {
    CHECK(pieces.tensor().factor(k).streamed().residues == at_once.tensor().factor(k).streamed().residues);
    CHECK(pieces.tensor().factor(k).streamed().plain.matrix() == at_once.tensor().factor(k).streamed().plain.matrix());
  }
  CHECK(pieces.tensor().core().values() == at_once.tensor().core().values());
  CHECK(pieces.sample()->row == at_once.sample()->row);
  CHECK(pieces.sample()->col == at_once.sample()->col);
}

TEMPLATE_TEST_CASE("A product that vanishes is zero, whichever factor made it so", "[kronecker][outcome]", Doubles,
                   Floats) {
  using Scalar = typename TestType::scalar_type;
  const Factors factors = integer_factors(sizes);
  for (Seed seed = 1; seed <= 5; ++seed) {
    auto sampler = sampler_of<TestType>(factors, seed);
    REQUIRE(sampler.sample());
    auto no_core = sampler, no_left = sampler, no_right = sampler;
    for (Index j = 0; j < sizes.d1; ++j)
      for (Index k = 0; k < sizes.d2; ++k) no_core.update_core(j, k, static_cast<Scalar>(-factors.core(j, k)));
    for (Index i = 0; i < sizes.n1; ++i) no_left.update_left_row(i, -factors.left.row(i));
    for (Index i = 0; i < sizes.n2; ++i) no_right.update_right_row(i, -factors.right.row(i));
    for (const TestType* empty : {&no_core, &no_left, &no_right}) {
      CHECK(empty->sample().outcome() == Outcome::zero);
      CHECK(empty->sample_with_replacement(3, 1).empty());
      CHECK(empty->squared_norm() == Approx(0).margin(1e-3));
    }
    // None of the three is zero, but their product is: A1 sees the first coordinate, A2 the second.
    TestType apart(sizes.n1, sizes.n2, Eigen::Matrix2d::Identity(), options_of(seed));
    apart.update_left(3, 0, Scalar(0.1));
    apart.update_right(4, 1, Scalar(0.3));
    CHECK(apart.sample().outcome() == Outcome::zero);
    apart.update_core(0, 1, Scalar(2));
    REQUIRE(apart.sample());
    CHECK(static_cast<double>(apart.sample()->value) == Approx(0.06));
  }
}

TEST_CASE("What rounding leaves of X is no draw", "[kronecker][outcome]") {
  for (Seed seed = 1; seed <= 20; ++seed) {
    auto sampler = sampler_of<Doubles>(integer_factors(sizes), seed);
    const MixHash words(seed);
    for (std::uint64_t round = 0; round < 2; ++round)
      for (std::uint64_t k = 0; k < 3000; ++k) {
        const auto at = static_cast<Index>(words(k) % 12);
        const double delta = 1e6 * (uniform_variate(words(k + 10'000)) - 0.5);
        sampler.update_core(at / sizes.d2, at % sizes.d2, round == 0 ? delta : -delta);
      }
    for (Index j = 0; j < sizes.d1; ++j)
      for (Index k = 0; k < sizes.d2; ++k) sampler.update_core(j, k, -integer_factors(sizes).core(j, k));
    INFO("seed " << seed);
    REQUIRE(sampler.tensor().core().values().norm() > 0);  // the residue of rounding
    CHECK(sampler.sample().outcome() == Outcome::zero);
  }
}

TEMPLATE_TEST_CASE("Samplers of a product add each stream to its own, and travel", "[kronecker]", Doubles, Floats,
                   DeepTrees) {
  const Factors a = integer_factors(sizes), b = low_rank(sizes);
  const auto first = sampler_of<TestType>(a, 3), second = sampler_of<TestType>(b, 3);
  const auto same_images = [](const TestType& x, const TestType& y) {
    for (Index k = 0; k < 2; ++k)
      CHECK(x.tensor().factor(k).streamed().plain.matrix() == y.tensor().factor(k).streamed().plain.matrix());
    CHECK(x.tensor().core().values() == y.tensor().core().values());
  };
  auto sum = first;
  sum += second;
  same_images(sum, sampler_of<TestType>({a.left + b.left, a.core + b.core, a.right + b.right}, 3));
  sum -= second;
  same_images(sum, first);
  auto merged = first;
  merged.merge_left(second);
  same_images(merged, sampler_of<TestType>({a.left + b.left, a.core, a.right}, 3));
  merged = first;
  merged.merge_right(second);
  same_images(merged, sampler_of<TestType>({a.left, a.core, a.right + b.right}, 3));
  merged = first;
  merged.merge_core(second);
  same_images(merged, sampler_of<TestType>({a.left, a.core + b.core, a.right}, 3));

  const auto loaded = TestType::from_bytes(first.to_bytes());
  CHECK((loaded.to_bytes() == first.to_bytes()));
  CHECK(loaded.sample()->row == first.sample()->row);
  CHECK(loaded.sample()->value == first.sample()->value);
  auto cleared = first;
  cleared.clear();
  CHECK(cleared.sample().outcome() == Outcome::zero);
}

TEST_CASE("Entries of a tensor of three factors are drawn and read", "[kronecker]") {
  for (Seed seed = 1; seed <= 10; ++seed) {
    FactoredTensorSampler<> sampler({50, 30, 20}, {3, 2, 4}, options_of(seed));
    const Eigen::MatrixXd a = integer_matrix(50, 3, 1), b = integer_matrix(30, 2, 2), c = integer_matrix(20, 4, 3);
    const Eigen::MatrixXd core = integer_matrix(6, 4, 4);  // X_{jk,l}
    for (Index i = 0; i < 50; ++i) sampler.update_row(0, i, (i == 7 ? 30 : 1) * a.row(i));
    for (Index i = 0; i < 30; ++i) sampler.update_row(1, i, (i == 3 ? 30 : 1) * b.row(i));
    for (Index i = 0; i < 20; ++i) sampler.update_row(2, i, c.row(i));
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < 2; ++k)
        for (Index l = 0; l < 4; ++l) sampler.update_core(std::array{j, k, l}, core(2 * j + k, l));
    const auto exact = [&](const std::vector<Index>& index) {
      const Eigen::RowVectorXd x = (index[0] == 7 ? 30 : 1) * a.row(index[0]),
                               z = (index[1] == 3 ? 30 : 1) * b.row(index[1]);
      double sum = 0;
      for (Index j = 0; j < 3; ++j)
        for (Index k = 0; k < 2; ++k) sum += x[j] * z[k] * core.row(2 * j + k).dot(c.row(index[2]));
      return sum;
    };
    const auto draw = sampler.sample();
    INFO("seed " << seed);
    REQUIRE(draw);
    REQUIRE(draw->indices.size() == 3);
    const double value = exact(draw->indices);
    REQUIRE(value != 0);
    CHECK(std::abs(draw->value - value) <= 6 * draw->standard_error + 0.05 * std::abs(value));
    CHECK(sampler.estimate(draw->indices) == Approx(value).epsilon(0.6));
    CHECK((FactoredTensorSampler<>::from_bytes(sampler.to_bytes()).to_bytes() == sampler.to_bytes()));
  }
}

TEST_CASE("The state of a factored sampler grows with the levels of recovery only", "[kronecker]") {
  const auto bytes = [](Index n) { return Doubles(n, n, Eigen::Matrix4d::Identity(), {}).memory_bytes(); };
  const double growth = static_cast<double>(bytes(1'000'000)) / static_cast<double>(bytes(1'000));
  INFO("bytes at 10^3: " << bytes(1'000) << ", at 10^6: " << bytes(1'000'000));
  CHECK(growth <= 2.1);  // two levels for one, and the norm sketch
}

TEST_CASE("Sizes and changes of factors that do not fit are refused", "[kronecker][bad input]") {
  const Factors factors = integer_factors(sizes);
  const auto made = [&](const auto& left, const auto& right, const auto& core) {
    return message_of<InvalidArgument>([&] { Doubles sampler(left, right, core, options_of(1)); });
  };
  CHECK(contains(made(factors.left.leftCols(3).eval(), factors.right, factors.core),
                 "column of X has size 4, expected 3"));
  CHECK(
      contains(made(factors.left, factors.right.leftCols(2).eval(), factors.core), "row of X has size 3, expected 2"));
  const auto sized = [](Index n1, Index n2, const SamplerOptions& options = {}) {
    return message_of<InvalidArgument>([&] { Doubles sampler(n1, n2, Eigen::Matrix2d::Identity(), options); });
  };
  CHECK(contains(sized(0, 3), "number of rows or columns is 0"));
  CHECK(contains(sized(Index{1} << 40, Index{1} << 40), "Y would be 1099511627776 x 1099511627776"));
  CHECK(contains(sized(3, 3, {.power = 1}), "power is 1, expected 2"));
  CHECK(contains(message_of<InvalidArgument>([] { FactoredTensorSampler<> sampler({3}, {2}); }),
                 "number of factors is 1"));
  CHECK(contains(message_of<InvalidArgument>([] {
                   FactoredTensorSampler<> sampler({3, 3}, {2, 2, 2});
                 }),
                 "size 2, expected 3"));

  auto sampler = sampler_of<Doubles>(factors, 1);
  const auto says = [&](const auto& action, const std::string& text) {
    const std::string message = refusal(sampler, action);
    INFO(message);
    CHECK(contains(message, text));
  };
  says([](auto& s) { s.update_left(60, 0, 1.0); }, "row 60 is outside [0, 60)");
  says([](auto& s) { s.update_left(0, 4, 1.0); }, "column 4 is outside [0, 4)");
  says([](auto& s) { s.update_right(-1, 0, 1.0); }, "row -1 is outside [0, 40)");
  says([](auto& s) { s.update_right(0, 3, 1.0); }, "column 3 is outside [0, 3)");
  says([](auto& s) { s.update_core(4, 0, 1.0); }, "index into X 4 is outside [0, 4)");
  says([](auto& s) { s.update_core(0, 3, 1.0); }, "index into X 3 is outside [0, 3)");
  says([](auto& s) { s.update_core(0, 0, not_a_number); }, "nan");
  says([](auto& s) { s.update_left(0, 0, not_a_number); }, "nan");
  says([](auto& s) { s.update_right_row(0, Eigen::RowVector2d::Ones()); }, "size 2, expected 3");
  says([](auto& s) { (void)s.estimate(60, 0); }, "index 60 is outside");
  const auto other = [&](const Doubles& s, const std::string& text) {
    const std::string message = refusal<IncompatibleSketch>(sampler, [&](auto& to) { to += s; });
    INFO(message);
    CHECK(contains(message, text));
  };
  other(sampler_of<Doubles>(factors, 2), "seed is 2");
  other(Doubles(sizes.n2, sizes.n1, factors.core, options_of(1)), "fixed operand");  // n1 and n2 exchanged
}

TEST_CASE("Damaged states of a product are refused", "[kronecker][bad input]") {
  Doubles sampler(3, 2, Eigen::Matrix2d::Identity(), {.seed = 1, .shape = {1, 2}});
  sampler.update_left(1, 0, 3);
  const auto bytes = sampler.to_bytes();
  for (std::size_t length = 0; length < bytes.size(); length += 7)
    CHECK_THROWS_AS(Doubles::from_bytes(std::span(bytes).first(length)), CorruptState);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto damaged = bytes;
    damaged[at] ^= std::byte{0x10};
    CHECK_THROWS_AS(Doubles::from_bytes(damaged), CorruptState);
  }
  FactoredTensorSampler<> three({2, 2, 2}, {1, 1, 1}, {.seed = 1, .shape = {1, 2}});
  CHECK(contains(message_of<CorruptState>([&] { Doubles::from_bytes(three.to_bytes()); }), "3 factors, expected 2"));
}
