#include <cmath>

#include "../support/catch.hpp"
#include "support/chi_square.hpp"

TEST_CASE("the chi-square tail has its known values", "[examples]") {
  using examples::chi_square_tail;
  // Quantiles of Abramowitz and Stegun, table 26.8.
  CHECK(std::abs(chi_square_tail(3.84146, 1) - 0.05) < 1e-6);
  CHECK(std::abs(chi_square_tail(43.8202, 19) - 0.001) < 1e-6);
  CHECK(std::abs(chi_square_tail(45.3147, 20) - 0.001) < 1e-6);
  CHECK(std::abs(chi_square_tail(8.26040, 20) - 0.99) < 1e-6);
  // Two degrees of freedom are an exponential distribution.
  CHECK(std::abs(chi_square_tail(5.0, 2) / std::exp(-2.5) - 1) < 1e-14);
  CHECK(chi_square_tail(0.0, 7) == 1);
}
