#include <turnstile/core/errors.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

using namespace turnstile;

namespace {

template <class E, class Base>
constexpr bool is_a = std::is_convertible_v<E*, Base*>;

}  // namespace

TEMPLATE_TEST_CASE("every exception of the library is an Error and a runtime_error", "[core]", InvalidArgument,
                   IncompatibleSketch, CorruptState, BadDraw, CounterOverflow) {
  STATIC_REQUIRE(is_a<TestType, Error>);
  STATIC_REQUIRE(is_a<TestType, std::runtime_error>);
  std::string caught;
  try {
    throw TestType("what happened");
  } catch (const Error& error) {
    caught = error.what();
  }
  CHECK(caught == "what happened");
}

TEST_CASE("the kinds of error do not catch each other, but overflow is a bad argument", "[core]") {
  STATIC_REQUIRE(is_a<CounterOverflow, InvalidArgument>);
  STATIC_REQUIRE_FALSE(is_a<CorruptState, InvalidArgument>);
  STATIC_REQUIRE_FALSE(is_a<IncompatibleSketch, InvalidArgument>);
  STATIC_REQUIRE_FALSE(is_a<BadDraw, InvalidArgument>);
  STATIC_REQUIRE_FALSE(is_a<InvalidArgument, CorruptState>);
}
