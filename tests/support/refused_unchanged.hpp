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

// Checks that the state refuses to add or subtract another, naming the field in which the two differ.
template <class S>
void check_not_joined(S& state, const S& other, const std::string& field) {
  const auto check = [&](const auto& join) {
    const std::string message = refusal<IncompatibleSketch>(state, join);
    INFO(message);
    CHECK(contains(message, field));
  };
  check([&](S& s) { s += other; });
  check([&](S& s) { s -= other; });
}

}  // namespace turnstile::testing
