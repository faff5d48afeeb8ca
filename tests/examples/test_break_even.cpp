#include <Eigen/Core>
#include <cmath>

#include "../support/catch.hpp"
#include "support/break_even.hpp"

namespace {

using Index = Eigen::Index;

/// The first n from which on the state is smaller than its data up to `most`, by looking at each.
template <class StateBytes>
Index by_looking(Index most, double bytes_per_row, const StateBytes& state_bytes) {
  Index n = most;
  while (n > 1 && static_cast<double>(state_bytes(n - 1)) < static_cast<double>(n - 1) * bytes_per_row) --n;
  return n;
}

}  // namespace

TEST_CASE("a state of fixed size breaks even where the data outgrow it", "[examples]") {
  const auto thousand = [](Index) { return 1000.0; };
  CHECK(examples::break_even(100'000, 8, thousand) == 126);  // 125 rows take 1000 bytes, no less
  CHECK(examples::break_even(100'000, 7, thousand) == 143);  // 142 take 994, 143 take 1001
  CHECK(examples::break_even(126, 8, thousand) == 126);
  CHECK(examples::break_even(100'000, 2000, thousand) == 1);
}

TEST_CASE("a state that grows with n breaks even where a look at each n says", "[examples]") {
  const auto like_a_logarithm = [](Index n) { return 300.0 * std::log2(static_cast<double>(n)) + 5000; };
  const auto in_steps = [](Index n) { return 4096.0 * static_cast<double>(1 + n / 5000); };
  for (const double bytes_per_row : {1.0, 2.0, 7.5, 64.0, 400.0}) {
    CAPTURE(bytes_per_row);
    CHECK(examples::break_even(100'000, bytes_per_row, like_a_logarithm) ==
          by_looking(100'000, bytes_per_row, like_a_logarithm));
    CHECK(examples::break_even(100'000, bytes_per_row, in_steps) == by_looking(100'000, bytes_per_row, in_steps));
  }
}
