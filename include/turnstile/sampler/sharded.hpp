/// @file
/// Ingestion of a stream in shards, by several threads.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/share_work.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// Adds up the states of shards in the order of the shards, whoever makes them.
template <class State>
class ShardSum {
 public:
  ShardSum(const State& empty, Index shards) : sum_(empty), waiting_(static_cast<std::size_t>(shards)) {}

  /// Takes the state of a shard, and adds those whose turn it is.
  void add(Index shard, State state) {
    const std::lock_guard lock(mutex_);
    waiting_[static_cast<std::size_t>(shard)] = std::move(state);
    for (; added_ < std::ssize(waiting_) && waiting_[static_cast<std::size_t>(added_)]; ++added_) {
      auto& next = waiting_[static_cast<std::size_t>(added_)];
      sum_ += *next;
      next.reset();
    }
  }

  /// The sum, when all have been added.
  const State& get() const { return sum_; }

 private:
  std::mutex mutex_;
  State sum_;
  std::vector<std::optional<State>> waiting_;
  Index added_ = 0;
};

}  // namespace detail

/// Adds a stream to a state by several threads: feed(shard, s) puts the part s of the stream, 0 ≤ s < shards,
/// into an empty state of the same identity. The shards are made by whichever thread is free and added up in
/// their order, so that the state is the same to the last bit for any number of threads; it depends on the
/// number of shards, as far as sums of floating-point numbers depend on their order.
///
/// Time: that of the stream over the number of threads, and one addition of states a shard. Memory: one state
/// a thread, and those that wait for an earlier one. A program that calls this links its system's thread
/// library (Threads::Threads in CMake); feed is called from several threads at once.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <vector>
/// int main() {
///   const std::vector<double> y(1'000'000, 1.0);
///   turnstile::L2Sampler<> sampler(1'000'000, {.seed = 1});
///   constexpr turnstile::Index shards = 8, threads = 2, length = 1'000'000 / shards;
///   turnstile::ingest_in_shards(sampler, shards, threads, [&](turnstile::L2Sampler<>& part, turnstile::Index s) {
///     for (turnstile::Index i = s * length; i < (s + 1) * length; ++i) part.update(i, y[static_cast<std::size_t>(i)]);
///   });
///   return sampler.sample() ? 0 : 1;
/// }
/// @endcode
/// @throws InvalidArgument unless there are 1 to 2²⁰ shards and 1 to 2¹⁰ threads; what feed throws (of the
/// first shard that does, though later ones may have run); CounterOverflow where the sum is refused;
/// std::system_error where a thread cannot be started. The state is unchanged then.
template <LinearState State, class Feed>
requires std::invocable<const Feed&, State&, Index>
void ingest_in_shards(State& state, Index shards, Index threads, const Feed& feed) {
  detail::check_range(shards, 1, Index{1} << 20, "number of shards");
  detail::check_range(threads, 1, Index{1} << 10, "number of threads");
  State empty = state;
  empty.clear();
  detail::ShardSum<State> sum(empty, shards);
  detail::share_work(shards, threads, [&] {
    return [&](Index shard) {
      State part = empty;
      feed(part, shard);
      sum.add(shard, std::move(part));
    };
  });
  state += sum.get();
}

}  // namespace turnstile::inline v0
