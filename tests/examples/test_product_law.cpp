#include <turnstile/turnstile.hpp>

#include <Eigen/Core>
#include <stdexcept>
#include <vector>

#include "../support/catch.hpp"
#include "small_text.hpp"
#include "support/exact_law.hpp"
#include "support/product_law.hpp"

using namespace examples;
using Index = Eigen::Index;

TEST_CASE("the law of a product is that of all its entries, whose ranks go by size", "[examples]") {
  // 150 rows, so that blocks of rows are cut short. The vectors are small integers: every sum is exact.
  const auto left = small_text<double>(0, 150).vectors, right = small_text<double>(0, 20).vectors;
  const Eigen::MatrixXd product = left * right.transpose();
  const ExactLaw whole(product.reshaped<Eigen::RowMajor>());
  std::vector<turnstile::Draw<double>> draws;
  for (Index row = 0; row < product.rows(); row += 7)
    draws.push_back(row_by_row(turnstile::PairDraw<double>{row, row % 20, -1.5, 0.25, 0.5}, product.cols()));
  const ProductLaw<double> law(left, right, draws);
  CHECK(law.squared_norm() == product.squaredNorm());
  for (const auto& draw : draws) {
    CAPTURE(draw.index);
    CHECK(draw.index == draw.index / 20 * 20 + draw.index / 20 % 20);
    CHECK(draw.value == -1.5);
    CHECK(draw.probability == 0.25);
    CHECK(draw.standard_error == 0.5);
    CHECK(law.value(draw.index) == whole.value(draw.index));
    CHECK(law.probability(draw.index) == Approx(whole.probability(draw.index)));
    const double size = std::abs(whole.value(draw.index));
    CHECK(law.rank(draw.index) == 1 + (whole.y().array().abs() > size).count());
  }
  CHECK_THROWS_AS(law.rank(product.size()), std::out_of_range);
}

TEST_CASE("a pair that was not drawn stays so as an entry of a vector", "[examples]") {
  using Pair = turnstile::DrawResult<turnstile::PairDraw<double>>;
  CHECK(row_by_row(Pair(turnstile::Outcome::failed), 4).outcome() == turnstile::Outcome::failed);
  CHECK(row_by_row(Pair(turnstile::Outcome::zero), 4).outcome() == turnstile::Outcome::zero);
  CHECK(row_by_row(Pair({2, 3, 1.0, 0.5, 0.0}), 4).value().index == 11);
}
