#include <turnstile/core/draw.hpp>

#include <string>
#include <type_traits>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using turnstile::testing::contains;
using turnstile::testing::message_of_exactly;

namespace {

using Result = DrawResult<Draw<double>>;
static_assert(std::is_same_v<Result::draw_type, Draw<double>>);
static_assert(!std::is_convertible_v<Result, bool>, "a result is no number");
static_assert(std::is_nothrow_move_constructible_v<Result>);

}  // namespace

TEST_CASE("a result with a draw gives it in every way", "[core]") {
  const Result result = Draw<double>{.index = 7, .value = -2.5, .probability = 0.25, .standard_error = 0.1};
  CHECK(static_cast<bool>(result));
  CHECK(result.outcome() == Outcome::sampled);
  CHECK(result->index == 7);
  CHECK((*result).value == -2.5);
  CHECK(result.value().probability == 0.25);
  CHECK(result->standard_error == 0.1);
}

TEST_CASE("a result without a draw says why, and throws BadDraw when it is read", "[core]") {
  for (Outcome why : {Outcome::failed, Outcome::zero}) {
    const Result result = why;
    CHECK_FALSE(static_cast<bool>(result));
    CHECK(result.outcome() == why);
    const std::string word = to_string(why);
    CHECK(contains(message_of_exactly<BadDraw>([&] { result.value(); }), word));
    CHECK(contains(message_of_exactly<BadDraw>([&] { *result; }), word));
    CHECK(contains(message_of_exactly<BadDraw>([&] { return result->index; }), word));
  }
}

TEST_CASE("a sampled outcome without a draw is refused", "[core]") {
  CHECK(contains(message_of_exactly<InvalidArgument>([] { Result{Outcome::sampled}; }), "sampled"));
}

TEST_CASE("the three outcomes have three names", "[core]") {
  CHECK(std::string(to_string(Outcome::sampled)) == "sampled");
  CHECK(std::string(to_string(Outcome::failed)) == "failed");
  CHECK(std::string(to_string(Outcome::zero)) == "zero");
}

TEST_CASE("a draw of a row owns its row", "[core]") {
  RowDraw<double> draw{.index = 3, .row = Eigen::RowVector3d(1, 2, 3), .probability = 0.5};
  const DrawResult<RowDraw<double>> result = draw;
  draw.row.setZero();
  CHECK(result->row == Eigen::RowVectorXd(Eigen::RowVector3d(1, 2, 3)));
}
