/// @file
/// How far a long loop is, on stderr.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <iostream>
#include <mutex>
#include <string>
#include <utility>

#include "stopwatch.hpp"

namespace examples {

/// Counts the finished steps of `total` from any thread. A terminal sees one line that is rewritten
/// and goes away at the end; a file or a pipe gets a line every few seconds.
class Progress {
 public:
  Progress(std::string label, std::int64_t total) : label_(std::move(label)), total_(total) {}
  ~Progress() {
    if (terminal_ && shown_) std::cerr << "\r\033[K" << std::flush;
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::int64_t steps = 1) {
    const std::lock_guard lock(mutex_);
    done_ += steps;
    if (since_shown_.seconds() < (terminal_ ? 0.1 : 5.0)) return;
    since_shown_ = Stopwatch();
    shown_ = true;
    std::cerr << (terminal_ ? "\r\033[K" : "") << "  " << label_ << ": " << 100 * done_ / total_ << " %"
              << (terminal_ ? "" : "\n") << std::flush;
  }

 private:
  const std::string label_;
  const std::int64_t total_;
  const bool terminal_ = isatty(STDERR_FILENO) != 0;
  std::mutex mutex_;
  std::int64_t done_ = 0;
  bool shown_ = false;
  Stopwatch since_shown_;
};

}  // namespace examples
