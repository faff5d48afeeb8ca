/// @file
/// How long things take.
#pragma once

#include <chrono>

namespace examples {

/// Seconds since it was made.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Milliseconds of one call, from as many calls as fit into a fifth of a second.
template <class Action>
double milliseconds(const Action& action) {
  const Stopwatch watch;
  int calls = 0;
  for (; watch.seconds() < 0.2; ++calls) action();
  return 1000 * watch.seconds() / calls;
}

}  // namespace examples
