/// @file
/// Updates that arrive one at a time, handed on in batches.
#pragma once

#include <concepts>
#include <cstddef>
#include <ostream>
#include <span>
#include <type_traits>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// A state that takes updates y_{i_k} += Δ_k of numbers in batches.
template <class T>
concept BatchUpdated = requires(T& state, std::span<const Index> indices,
                                std::span<const typename T::scalar_type> deltas) {
  requires std::is_arithmetic_v<typename T::scalar_type>;
  { state.dimension() } -> std::convertible_to<Index>;
  state.update(indices, deltas);
};

/// Collects updates y_i += Δ for a state and gives it them in batches, in the order they came: the state is that of
/// the same updates made by itself, for less time where a batch is the fast path (built for AVX-512 an L2Sampler takes
/// 3.3 times less, a CountSketch 1.4 times; built for plain x86-64 the one 1.8 times less, the other a third more). The
/// state has what is pending after `flush`, which the destructor calls too; read it then.
///
/// What could refuse an update is asked for each when it comes, but for the range of the counters, which only the
/// state knows: `flush` throws then, the state is unchanged and the updates stay pending. A destructor has nobody to
/// tell, and ends the program instead of losing them.
///
/// Time: a check and two stores, and its part of a batch. Memory: 16 bytes an update of the capacity. Belongs, with
/// its state, to one thread at a time; the state must outlive it and stay where it is.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::L2Sampler<> sampler(1'000'000, {.seed = 1});
///   turnstile::UpdateBuffer buffer(sampler);
///   for (turnstile::Index i = 0; i < 1'000'000; ++i) buffer.update(i, i == 42 ? 1e6 : 1.0);
///   buffer.flush();
///   return sampler.sample()->index == 42 ? 0 : 1;
/// }
/// @endcode
template <BatchUpdated State>
class UpdateBuffer {
 public:
  using scalar_type = typename State::scalar_type;

  /// @throws InvalidArgument for a capacity outside [1, 2²⁰]
  explicit UpdateBuffer(State& state, Index capacity = 512) : state_(state) {
    detail::check_range(capacity, 1, Index{1} << 20, "capacity");
    indices_.resize(static_cast<std::size_t>(capacity));
    deltas_.resize(static_cast<std::size_t>(capacity));
  }
  UpdateBuffer(const UpdateBuffer&) = delete;
  UpdateBuffer& operator=(const UpdateBuffer&) = delete;
  ~UpdateBuffer() { flush(); }

  /// y_i += Δ, pending. @throws InvalidArgument if i or Δ is out of range, and what `flush` throws where the buffer is
  /// full: this update is not taken then
  void update(Index index, scalar_type delta) {
    detail::check_index(index, state_.dimension(), "index");
    detail::check_finite(delta, "update");
    if (pending_ == indices_.size()) flush();
    indices_[pending_] = index;
    deltas_[pending_] = delta;
    ++pending_;
  }

  /// Hands the state what is pending. @throws what its `update` throws; nothing has changed then
  void flush() {
    if (pending_ == 0) return;
    state_.update(std::span<const Index>(indices_).first(pending_),
                  std::span<const scalar_type>(deltas_).first(pending_));
    pending_ = 0;
  }

  /// Forgets what is pending.
  void discard() { pending_ = 0; }

  /// Updates that the state does not have yet.
  Index pending() const { return static_cast<Index>(pending_); }
  Index capacity() const { return std::ssize(indices_); }

  /// How full, and for what.
  friend std::ostream& operator<<(std::ostream& out, const UpdateBuffer& buffer) {
    return out << "UpdateBuffer(" << buffer.pending() << " of " << buffer.capacity() << " pending) of "
               << buffer.state_;
  }

 private:
  State& state_;
  std::vector<Index> indices_;
  std::vector<scalar_type> deltas_;
  std::size_t pending_ = 0;
};

}  // namespace turnstile::inline v0
