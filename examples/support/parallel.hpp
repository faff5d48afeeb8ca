/// @file
/// A loop over independent pieces of work.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace examples {

/// Calls body(0) … body(count − 1), each once, on all processors. The calls must not depend on each
/// other, and body must not throw.
template <class Body>
void parallel_for(std::int64_t count, const Body& body) {
  std::atomic<std::int64_t> next{0};
  const auto work = [&] {
    for (std::int64_t k = next++; k < count; k = next++) body(k);
  };
  std::vector<std::jthread> helpers(std::max(std::thread::hardware_concurrency(), 1u) - 1);
  for (std::jthread& helper : helpers) helper = std::jthread(work);
  work();
}

}  // namespace examples
