// Ways to do the same thing, timed in turns, so that what else the machine does hits all of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <ctime>
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

// Seconds that this thread has been given a processor since it was made: what else the machine does at the same time
// takes caches and memory from it, but not these. For work of a single thread.
class ProcessorTime {
 public:
  double seconds() const { return now() - start_; }

 private:
  static double now() {
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  double start_ = now();
};

template <class Watch = examples::Stopwatch>
void take_turns(std::vector<Way>& ways, int rounds) {
  std::uint64_t k = 0;
  for (int round = 0; round < rounds; ++round)
    for (Way& way : ways) {
      const Watch watch;
      for (long call = 0; call < way.calls; ++call) way.action(k++);
      way.microseconds.push_back(1e6 * watch.seconds() / static_cast<double>(way.calls));
    }
}

// As many rounds as begin within so many seconds, but `least`, after one that warms up and does not count.
template <class Watch = examples::Stopwatch>
void take_turns_for(std::vector<Way>& ways, double seconds, int least) {
  take_turns<Watch>(ways, 1);
  for (Way& way : ways) way.microseconds.clear();
  const examples::Stopwatch watch;
  for (int round = 0; round < least || watch.seconds() < seconds; ++round) take_turns<Watch>(ways, 1);
}

}  // namespace bench
