#pragma once

#include <concepts>
#include <string>
#include <typeinfo>

// What an operation that must be refused says.

namespace turnstile::testing {

// The message of the exception of type E, or of one derived from it, that the action throws; a text
// that holds no value of any test if it throws nothing. Other exceptions pass through.
template <class E, std::invocable Action>
std::string message_of(Action&& action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "(nothing was thrown)";
}

// The same, where the type of the exception must be E itself.
template <class E, std::invocable Action>
std::string message_of_exactly(Action&& action) {
  try {
    action();
  } catch (const E& error) {
    return typeid(error) == typeid(E) ? error.what() : "(a derived exception was thrown)";
  }
  return "(nothing was thrown)";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace turnstile::testing
