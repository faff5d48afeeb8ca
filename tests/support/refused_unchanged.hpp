#pragma once

#include <string>

#include "catch.hpp"
#include "refusal.hpp"

namespace turnstile::testing {

// What the action's exception says, having checked that the state it was refused by is as before.
template <class E = InvalidArgument, class S, class Action>
std::string refusal(S& state, const Action& action) {
  const auto before = state.to_bytes();
  const std::string message = message_of<E>([&] { action(state); });
  CHECK((state.to_bytes() == before));
  return message;
}

}  // namespace turnstile::testing
