#include <turnstile/core/checks.hpp>

#include <limits>
#include <string>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using turnstile::testing::contains;
using turnstile::testing::message_of_exactly;

TEST_CASE("an index is refused outside its range, by name, value and bound", "[core]") {
  CHECK_NOTHROW(detail::check_index(0, 5, "index"));
  CHECK_NOTHROW(detail::check_index(4, 5, "index"));
  for (Index wrong : {Index{-1}, Index{5}, std::numeric_limits<Index>::min(), std::numeric_limits<Index>::max()}) {
    const std::string message = message_of_exactly<InvalidArgument>([&] { detail::check_index(wrong, 5, "row"); });
    CHECK(message == "row " + std::to_string(wrong) + " is outside [0, 5)");
  }
}

TEST_CASE("a number is refused outside its closed range, by name, value and both bounds", "[core]") {
  CHECK_NOTHROW(detail::check_range(2, 2, 9, "count"));
  CHECK_NOTHROW(detail::check_range(9, 2, 9, "count"));
  for (Index wrong : {Index{1}, Index{10}}) {
    const std::string message = message_of_exactly<InvalidArgument>([&] { detail::check_range(wrong, 2, 9, "count"); });
    CHECK(message == "count is " + std::to_string(wrong) + ", outside [2, 9]");
  }
}

TEST_CASE("sizes that differ are refused with both of them", "[core]") {
  CHECK_NOTHROW(detail::check_same_size(3, 3, "batch"));
  const std::string message = message_of_exactly<InvalidArgument>([] { detail::check_same_size(3, 4, "batch"); });
  CHECK(message == "batch has size 3, expected 4");
}

TEMPLATE_TEST_CASE("what is not a finite number is refused, by name and value", "[core]", float, double) {
  using Limits = std::numeric_limits<TestType>;
  for (TestType fine : {TestType(0), -TestType(0), Limits::max(), Limits::lowest(), Limits::denorm_min()})
    CHECK_NOTHROW(detail::check_finite(fine, "update"));
  const auto message = [](TestType value) {
    return message_of_exactly<InvalidArgument>([&] { detail::check_finite(value, "update"); });
  };
  CHECK(message(Limits::infinity()) == "update is inf, not a finite number");
  CHECK(message(-Limits::infinity()) == "update is -inf, not a finite number");
  CHECK(contains(message(Limits::quiet_NaN()), "nan"));
}

TEST_CASE("integers are always finite", "[core]") {
  CHECK_NOTHROW(detail::check_finite(std::numeric_limits<std::int64_t>::min(), "update"));
}

TEST_CASE("a refused double is named with all its digits", "[core]") {
  const double value = 0.1 + 0.2;
  const std::string message = message_of_exactly<InvalidArgument>([&] { detail::raise("value ", value); });
  CHECK(std::stod(message.substr(6)) == value);
}

TEST_CASE("a product of sizes is exact, or refused before anything is allocated", "[core]") {
  constexpr Index largest = std::numeric_limits<std::ptrdiff_t>::max() / 64;
  CHECK(detail::checked_product(0, 0, "sketch") == 0);
  CHECK(detail::checked_product(largest, 0, "sketch") == 0);
  CHECK(detail::checked_product(0, largest, "sketch") == 0);
  CHECK(detail::checked_product(6, 7, "sketch") == 42);
  CHECK(detail::checked_product(largest, 1, "sketch") == largest);
  CHECK(detail::checked_product(1, largest, "sketch") == largest);

  struct Pair {
    Index a, b;
  };
  // The third wraps around to 0 in 64 bits, the fourth to 16.
  for (const Pair wrong : {Pair{largest + 1, 1}, Pair{1, largest + 1}, Pair{Index{1} << 32, Index{1} << 32},
                           Pair{(Index{1} << 62) + 4, 4}, Pair{-1, 1}, Pair{1, -1}}) {
    const std::string message =
        message_of_exactly<InvalidArgument>([&] { detail::checked_product(wrong.a, wrong.b, "sketch"); });
    CAPTURE(message);
    CHECK(contains(message, "sketch would hold " + std::to_string(wrong.a) + " x " + std::to_string(wrong.b)));
    CHECK(contains(message, std::to_string(largest)));
  }
}
