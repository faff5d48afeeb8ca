/// @file
/// Pieces of work that do not depend on each other, by several threads.
#pragma once

#include <algorithm>
#include <exception>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// Hands out 0, 1, … until there are no more, or one has failed.
class WorkList {
 public:
  explicit WorkList(Index count) : count_(count) {}

  std::optional<Index> next() {
    const std::lock_guard lock(mutex_);
    if (taken_ == count_ || failure_) return std::nullopt;
    return taken_++;
  }

  /// Remembers the failure of the first item that fails. All before it have been handed out, so it is the
  /// same one for any number of threads.
  void fail(Index item, std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (item < failed_) failure_ = std::move(failure);
    failed_ = std::min(failed_, item);
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  Index count_, taken_ = 0, failed_ = std::numeric_limits<Index>::max();
  std::exception_ptr failure_;
};

/// Each thread makes a worker of its own and calls it for one item after the other; one thread is the caller.
/// @throws what the first item that failed threw; std::system_error where a thread cannot be started
template <class MakeWorker>
void share_work(Index count, Index threads, const MakeWorker& make_worker) {
  WorkList list(count);
  const auto work = [&] {
    std::optional<Index> item = list.next();
    if (!item) return;
    try {
      auto worker = make_worker();
      for (; item; item = list.next()) worker(*item);
    } catch (...) {
      list.fail(*item, std::current_exception());
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (Index k = 1; k < std::min(threads, count); ++k) helpers.emplace_back(work);
    work();
  }
  list.rethrow();
}

}  // namespace turnstile::inline v0::detail
