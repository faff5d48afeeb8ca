#pragma once

#include <turnstile/core/types.hpp>

#include <Eigen/Core>

#include <cmath>
#include <string>

#include "support/catch.hpp"
#include "support/pair_law.hpp"
#include "support/refusal.hpp"

// What samplers of entries of a product have to do whatever engine they are.

namespace turnstile::testing {

// The first draw of a sampler of the entries of y, after checks of its value and share, and that it begins other draws.
template <class S>
auto checked_draw(const S& sampler, const Eigen::MatrixXd& y) {
  const auto draw = sampler.sample();
  REQUIRE(draw);
  const double exact = y(draw->row, draw->col);
  REQUIRE(exact != 0);
  // Six standard errors, of which none is known exactly: the entry is the right one, not another.
  CHECK(std::abs(static_cast<double>(draw->value) - exact) <= 6 * draw->standard_error + 0.02 * std::abs(exact));
  CHECK(draw->probability == Approx(exact * exact / y.squaredNorm()).epsilon(0.6));
  CHECK(sampler.sample_with_replacement(1, 9).front().row == draw->row);
  CHECK(sampler.sample_with_replacement(1, 9).front().col == draw->col);
  CHECK(sampler.sample_without_replacement(1).front().row == draw->row);
  CHECK(sampler.sample_without_replacement(1).front().col == draw->col);
  return *draw;
}

// Cores of sizes that factors of d1 = 4 and d2 = 3 columns do not fit: refused(factors) is the message.
template <class Refused>
void check_core_must_fit(Factors factors, const Refused& refused) {
  factors.core = Eigen::MatrixXd::Ones(5, 3);
  CHECK(contains(refused(factors), "column of X has size 5, expected 4"));
  factors.core = Eigen::MatrixXd::Ones(4, 2);
  CHECK(contains(refused(factors), "row of X has size 2, expected 3"));
}

}  // namespace turnstile::testing
