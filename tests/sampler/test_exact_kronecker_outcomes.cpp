#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/pair_law.hpp"

#include <cmath>

// When ExactKroneckerSampler finds Y = 0, and what it makes of a Y that is nearly so.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Doubles = ExactKroneckerSampler<>;

constexpr FactorSizes sizes{.n1 = 70, .n2 = 45, .d1 = 5, .d2 = 3};

Doubles sampler_of(const Factors& factors) { return Doubles(factors.left, factors.right, factors.core); }

void check_zero(const Doubles& sampler) {
  CHECK(sampler.sample().outcome() == Outcome::zero);
  CHECK(sampler.sample_with_replacement(3, 1).empty());
  CHECK(sampler.sample_without_replacement(3, 1).empty());
  CHECK(sampler.squared_norm() == 0);
}

// `passing` came to every entry of A1 and went again; `staying` times the factors' own A1 is left.
Doubles nearly_cancelled(const Factors& factors, double passing, double staying) {
  Doubles sampler(Eigen::MatrixXd::Zero(sizes.n1, sizes.d1), factors.right, factors.core);
  for (const double sign : {1.0, -1.0})
    for (Index i = 0; i < sizes.n1; ++i)
      for (Index j = 0; j < sizes.d1; ++j) sampler.update_left(i, j, sign * (passing + static_cast<double>(i % 7)));
  for (Index i = 0; i < sizes.n1; ++i) sampler.update_left_row(i, staying * factors.left.row(i));
  return sampler;
}

}  // namespace

TEST_CASE("Y is zero where any factor is", "[exact kronecker][outcome]") {
  const Factors factors = integer_factors(sizes);
  const auto none = [](const Eigen::MatrixXd& matrix) { return Eigen::MatrixXd::Zero(matrix.rows(), matrix.cols()); };
  check_zero(sampler_of({none(factors.left), factors.core, factors.right}));
  check_zero(sampler_of({factors.left, none(factors.core), factors.right}));
  check_zero(sampler_of({factors.left, factors.core, none(factors.right)}));
}

TEST_CASE("Y is zero where all of it has gone again, and not before", "[exact kronecker][outcome]") {
  Doubles sampler(Eigen::MatrixXd::Zero(40, 3), Eigen::MatrixXd::Zero(30, 2), Eigen::MatrixXd::Zero(3, 2));
  const auto pass = [&](double sign) {
    sampler.update_left(33, 2, sign * 0.1);
    check_zero(sampler);
    sampler.update_core(2, 0, sign * 1e3);
    check_zero(sampler);
    sampler.update_right(7, 0, sign * 1e-5);
  };
  pass(1);
  REQUIRE(sampler.sample());
  CHECK((sampler.sample()->row == 33 && sampler.sample()->col == 7));
  CHECK(sampler.sample()->value == Approx(1e-3));
  sampler.update_right(7, 0, -1e-5);
  check_zero(sampler);
  sampler.refresh();
  check_zero(sampler);
}

// Rows of A1 are orthogonal to the columns of X by terms that are rounded: entries come out as 10⁻¹⁷ or
// so, and are 0.
TEST_CASE("Y is zero where its terms cancel, whatever is left by rounding", "[exact kronecker][outcome]") {
  const Eigen::VectorXd scales = pow(2.0, Eigen::ArrayXd::LinSpaced(20, 1, 20));
  const Eigen::MatrixXd some = integer_matrix(20, 4, 3) / 7;
  long rounded = 0;
  for (int k = 1; k <= 40; ++k) {
    const Eigen::RowVector3d a(0.1 * k, 0.3, 0.7), x(0.9, 1.1 / k, -1.3 * k);
    Eigen::RowVector<double, 6> left, core;
    left << a, a;
    core << x, -x;
    const Doubles sampler(scales * left, some, core.transpose() * Eigen::RowVector4d(1, 0.3, -2, 5));
    rounded += sampler.estimate(3, 4) != 0;
    check_zero(sampler);
  }
  CHECK(rounded > 0);  // otherwise this tests nothing
}

TEST_CASE("Orthogonal coordinates give a zero Y", "[exact kronecker][outcome]") {
  Factors factors = integer_factors(sizes);
  factors.left.col(0).setZero();
  factors.core.bottomRows(sizes.d1 - 1).setZero();
  check_zero(sampler_of(factors));
}

// A sum of squares kept by updates alone says 10⁻⁴ here for 10⁻¹⁴.
TEST_CASE("The norm is right where a million has cancelled to a hundred-millionth", "[exact kronecker][outcome]") {
  const Factors factors = integer_factors(sizes);
  for (const double passing : {1e6, 1e3, 1.0})
    for (const double staying : {1e-8, 1e-3, 1.0}) {
      CAPTURE(passing, staying);
      Doubles sampler = nearly_cancelled(factors, passing, staying);
      const double exact = (sampler.left() * sampler.core() * sampler.right().transpose()).squaredNorm();
      REQUIRE(exact == Approx(staying * staying * factors.product().squaredNorm()));
      CHECK(sampler.squared_norm() == Approx(exact).epsilon(1e-6));
      CHECK(sampler.sample()->probability <= 1);
      sampler.refresh();
      CHECK(sampler.squared_norm() == Approx(exact).epsilon(1e-12));
    }
}

TEST_CASE("The norm is right after a long stream that cancels", "[exact kronecker][outcome]") {
  const Factors factors = integer_factors(sizes);
  Doubles sampler = sampler_of({1e-8 * factors.left, factors.core, 1e-8 * factors.right});
  const double exact = sampler.squared_norm();
  for (Index k = 0; k < 20'000; ++k) {
    const double sign = k % 2 == 0 ? 1.0 : -1.0;  // powers of two, of which nothing is left behind
    sampler.update_left(k / 2 % sizes.n1, k / 2 % sizes.d1, sign * 0x1p-27);
    sampler.update_right(k / 2 % sizes.n2, k / 2 % sizes.d2, sign * 0x1p-27);
  }
  CHECK(sampler.squared_norm() == Approx(exact).epsilon(1e-6));
  const Eigen::MatrixXd y = sampler.left() * sampler.core() * sampler.right().transpose();
  CHECK(sampler.squared_norm() == Approx(y.squaredNorm()).epsilon(1e-10));
}

// Squares of the entries, 10⁻³⁶⁰, are below all doubles.
TEST_CASE("Entries whose squares underflow are drawn nevertheless", "[exact kronecker][outcome]") {
  const Factors factors = integer_factors(sizes);
  const Doubles sampler = sampler_of({1e-60 * factors.left, 1e-60 * factors.core, 1e-60 * factors.right});
  const Eigen::MatrixXd y = factors.product();
  for (const auto& draw : sampler.sample_with_replacement(20, 1)) {
    CHECK(draw.value == Approx(1e-180 * y(draw.row, draw.col)));
    CHECK(draw.probability == Approx(y(draw.row, draw.col) * y(draw.row, draw.col) / y.squaredNorm()));
  }
  CHECK(sampler.sample());
}

// Rows of A1 near the kernel of Xᵀ: ‖Y‖ is 10⁻⁹ of ‖A1‖‖X‖‖A2‖, where a Gram matrix is blind.
TEST_CASE("A Y that is tiny beside its factors is drawn by its own squares", "[exact kronecker][outcome]") {
  Factors factors = integer_factors(sizes);
  factors.core.row(0) *= 1e9;
  factors.left.col(0).setZero();
  const Doubles sampler = sampler_of(factors);
  const Eigen::MatrixXd y = factors.product();
  CHECK(sampler.squared_norm() == Approx(y.squaredNorm()).epsilon(1e-6));
  const auto draws = sampler.sample_with_replacement(50, 1);
  REQUIRE(draws.size() == 50);
  for (const auto& draw : draws) CHECK(draw.value == Approx(y(draw.row, draw.col)).epsilon(1e-6));
}
