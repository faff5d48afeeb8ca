// Ways to do the same thing, timed in turns, so that what else the machine does hits all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "support/stopwatch.hpp"

namespace bench {

// One way: `calls` calls of action(k) make a round.
struct Way {
  std::string name;
  long calls;
  std::function<void(std::uint64_t)> action;
  std::vector<double> microseconds = {};  // of a call, round by round

  double median() {
    std::sort(microseconds.begin(), microseconds.end());
    return microseconds[microseconds.size() / 2];
  }
};

inline void take_turns(std::vector<Way>& ways, int rounds) {
  std::uint64_t k = 0;
  for (int round = 0; round < rounds; ++round)
    for (Way& way : ways) {
      const examples::Stopwatch watch;
      for (long call = 0; call < way.calls; ++call) way.action(k++);
      way.microseconds.push_back(1e6 * watch.seconds() / static_cast<double>(way.calls));
    }
}

}  // namespace bench
