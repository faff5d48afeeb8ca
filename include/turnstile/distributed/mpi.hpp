/// @file
/// Sums of states over the ranks of an MPI program. Not part of the umbrella header, and nothing else needs it:
/// link `turnstile::mpi` (CMake: TURNSTILE_WITH_MPI) or compile with the MPI compiler.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <sstream>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/distributed/ranks.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sketch/counters.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// Finds the first rank whose identity is not that of rank 0, by their checksums, and says on every rank in what
/// the two differ. @throws IncompatibleSketch, on all ranks or none
inline void require_same_on_all(const Ranks& ranks, const Identity& identity) {
  const std::vector<std::byte> bytes = io::save_state(identity, [](io::ByteWriter&) {});
  const auto sums = ranks.gather(io::checksum(bytes));
  const auto other = std::ranges::find_if(sums, [&](std::uint64_t sum) { return sum != sums.front(); });
  if (other == sums.end()) return;
  const auto identity_of = [&](std::ptrdiff_t rank) {
    const std::vector<std::byte> theirs = ranks.broadcast(bytes, static_cast<int>(rank));
    io::ByteReader reader(theirs);
    return io::take_identity(reader);
  };
  const Identity first = identity_of(0), differing = identity_of(other - sums.begin());
  std::ostringstream action;
  action << "add the state of rank " << other - sums.begin() << " to that of rank 0";
  require_same<IncompatibleSketch>(first, differing, action.str());
}

/// Looks for the largest number of each array.
struct LargestNumbers {
  std::vector<double>& largest;
  std::vector<double>& limits;

  template <class T>
  void numbers(std::span<const T> values) const {
    largest.push_back(largest_magnitude(values));
    limits.push_back(static_cast<double>(counter_limit<T>()));
  }
  void residues(std::span<const std::uint64_t>) const {}
  template <class After>
  void bounds(std::span<const double>, const After&) const {}
};

/// @throws CounterOverflow, on all ranks or none, unless the largest numbers of all ranks add up within the range
template <class State>
void require_room_on_all(const Ranks& ranks, const State& state) {
  const double rounded = 1 - 0x1p-20 * ranks.size();  // room for the roundings of this sum, and of the counters'
  std::vector<double> sums, limits;
  State::for_each_array(state, LargestNumbers{sums, limits});
  ranks.sum_everywhere(sums);
  std::size_t k = 0;
  while (k < sums.size() && sums[k] <= limits[k] * rounded) ++k;
  if (ranks.on_any(k < sums.size())) {
    k = std::min(k, sums.size() - 1);
    raise<CounterOverflow>("the largest counters of all ranks, ", sums[k], " in sum, could pass the range of ",
                           limits[k]);
  }
}

/// Adds up the arrays of a state over ranks.
class ArraySum {
 public:
  explicit ArraySum(const Ranks& ranks) : ranks_(ranks) {}

  template <class T>
  void numbers(std::span<T> values) const {
    ranks_.reduce(values, MPI_SUM);
  }
  template <class T>
  void residues(std::span<T> values) const {
    ranks_.reduce(values, residue_addition_.operation());
  }
  /// In whatever order numbers are added, each is in size − 1 additions at most.
  template <class T, class After>
  void bounds(std::span<T> values, const After& after) const {
    const std::vector<double> addends = after(ranks_.size() - 1);
    if constexpr (std::is_const_v<T>) {
      ranks_.reduce(std::span(addends), MPI_SUM);
    } else {
      std::ranges::copy(addends, values.begin());
      ranks_.reduce(values, MPI_SUM);
    }
  }

 private:
  const Ranks& ranks_;
  ResidueAddition residue_addition_;
};

template <class State>
void sum_over(const Ranks& ranks, State& state) {
  require_same_on_all(ranks, state.identity());
  require_room_on_all(ranks, std::as_const(state));
  const ArraySum sum(ranks);
  if (ranks.receives()) State::for_each_array(state, sum);
  else State::for_each_array(std::as_const(state), sum);
}

}  // namespace detail

namespace mpi {

/// Gives every rank the sum of the states of all: what `+=` of all of them would give, as far as the order of
/// additions allows: integer counters and fingerprints to the last bit, floating-point ones within the rounding
/// that the sum's bounds account for. A collective call: every rank of the communicator makes it.
///
/// The state's own arrays are reduced in place; nothing is copied through bytes, and nothing but what MPI itself
/// needs is allocated. Samplers of y = A x are refreshed. Time: that of MPI_Allreduce of the arrays. Arrays of more
/// than 2³⁰ numbers are reduced in parts.
///
/// Where a rank dies, MPI ends the others: what they had is in the bytes (`to_bytes`) that each saved, and a
/// restart adds them up with `+=`, on any number of ranks.
/// @code
/// #include <mpi.h>
/// #include <turnstile/distributed/mpi.hpp>
/// #include <turnstile/turnstile.hpp>
/// int main(int count, char** words) {
///   MPI_Init(&count, &words);
///   int rank = 0;
///   MPI_Comm_rank(MPI_COMM_WORLD, &rank);
///   turnstile::L2Sampler<> sampler(1000, {.seed = 1});  // the same seed on every rank
///   sampler.update(rank, 1.0 + rank);
///   turnstile::mpi::all_reduce(sampler, MPI_COMM_WORLD);
///   const bool drawn(sampler.sample());  // the same draw on every rank
///   MPI_Finalize();
///   return drawn ? 0 : 1;
/// }
/// @endcode
/// @throws IncompatibleSketch unless the states of all ranks have one identity; CounterOverflow where the largest
/// |counters| of all ranks, whichever they are, add up past the range (so that no order of additions can leave
/// it). Every rank throws, or none, and nothing has changed. Error where MPI reports one of its own: the state is
/// then to be thrown away.
template <LinearState State>
void all_reduce(State& state, MPI_Comm communicator) {
  detail::sum_over(detail::Ranks(communicator), state);
}

/// The same sum for one rank, the root; the states of the others stay as they are. Every rank names the same root.
/// @throws as `all_reduce`, and InvalidArgument on every rank for a root that is none of them
template <LinearState State>
void reduce(State& state, int root, MPI_Comm communicator) {
  detail::sum_over(detail::Ranks(communicator, root), state);
}

}  // namespace mpi

}  // namespace turnstile::inline v0
