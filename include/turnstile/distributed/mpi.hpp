/// @file
/// Sums of states over the ranks of an MPI program. Not part of the umbrella header, and nothing else needs it:
/// link `turnstile::mpi` (CMake: TURNSTILE_WITH_MPI) or compile with the MPI compiler.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <sstream>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/sketch/counters.hpp"

namespace turnstile::inline v0 {

namespace detail {

/// @throws Error with MPI's own words, where the communicator returns errors and does not end the program
inline void check_mpi(int code, std::string_view call) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  raise<Error>(call, ": ", std::string_view(text.data(), static_cast<std::size_t>(length)));
}

/// The name that MPI has for a type of numbers.
template <class T>
MPI_Datatype mpi_type() {
  if constexpr (std::is_same_v<T, double>)
    return MPI_DOUBLE;
  else if constexpr (std::is_same_v<T, float>)
    return MPI_FLOAT;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return MPI_INT64_T;
  else {
    static_assert(std::is_same_v<T, std::uint64_t>, "MPI has no name for these numbers: add up such states by +=");
    return MPI_UINT64_T;
  }
}

/// Addition modulo 2⁶¹ − 1 as an operation of MPI.
class ResidueAddition {
 public:
  ResidueAddition() { check_mpi(MPI_Op_create(&add, 1, &operation_), "MPI_Op_create"); }
  ResidueAddition(const ResidueAddition&) = delete;
  ResidueAddition& operator=(const ResidueAddition&) = delete;
  ~ResidueAddition() { MPI_Op_free(&operation_); }
  MPI_Op operation() const { return operation_; }

 private:
  // NOLINTNEXTLINE(readability-non-const-parameter): MPI asks for this type
  static void add(void* from, void* to, int* count, MPI_Datatype*) {
    const auto* residues = static_cast<const std::uint64_t*>(from);
    auto* sums = static_cast<std::uint64_t*>(to);
    for (int k = 0; k < *count; ++k) sums[k] = add61(sums[k], residues[k]);
  }

  MPI_Op operation_{};
};

/// The ranks that add up their states: all receive the sum, or one does.
class Ranks {
 public:
  /// Numbers handed to MPI at once; it counts them by `int`.
  static constexpr std::size_t longest_call = std::size_t{1} << 30;

  /// @param root the rank that receives; all do if there is none @throws InvalidArgument for a root that is no rank
  explicit Ranks(MPI_Comm communicator, std::optional<int> root = {}, std::size_t longest = longest_call)
      : communicator_(communicator), root_(root), longest_(longest) {
    check_mpi(MPI_Comm_rank(communicator, &rank_), "MPI_Comm_rank");
    check_mpi(MPI_Comm_size(communicator, &size_), "MPI_Comm_size");
    if (root) check_range(*root, 0, size_ - 1, "root");
  }

  int size() const { return size_; }
  bool receives() const { return !root_ || *root_ == rank_; }

  /// Sums up (or what else the operation does) in place where this rank receives; elsewhere the values are const.
  template <class T>
  void reduce(std::span<T> values, MPI_Op operation) const {
    for (std::size_t at = 0; at < values.size(); at += longest_) {
      const auto part = values.subspan(at, std::min(longest_, values.size() - at));
      const auto count = static_cast<int>(part.size());
      MPI_Datatype type = mpi_type<std::remove_const_t<T>>();
      if constexpr (std::is_const_v<T>)
        check_mpi(MPI_Reduce(part.data(), nullptr, count, type, operation, *root_, communicator_), "MPI_Reduce");
      else if (root_)
        check_mpi(MPI_Reduce(MPI_IN_PLACE, part.data(), count, type, operation, *root_, communicator_), "MPI_Reduce");
      else
        check_mpi(MPI_Allreduce(MPI_IN_PLACE, part.data(), count, type, operation, communicator_), "MPI_Allreduce");
    }
  }

  /// The sum over all ranks, on all of them.
  void sum_everywhere(std::span<double> values) const { Ranks(communicator_).reduce(values, MPI_SUM); }
  /// Whether it holds on one rank at least; the same answer on all.
  bool on_any(bool condition) const {
    std::uint64_t found = condition ? 1 : 0;
    Ranks(communicator_).reduce(std::span(&found, 1), MPI_MAX);
    return found != 0;
  }
  /// The words of all ranks, on all of them.
  std::vector<std::uint64_t> gather(std::uint64_t word) const {
    std::vector<std::uint64_t> words(static_cast<std::size_t>(size_));
    check_mpi(MPI_Allgather(&word, 1, MPI_UINT64_T, words.data(), 1, MPI_UINT64_T, communicator_), "MPI_Allgather");
    return words;
  }
  /// The bytes that one rank has, on all of them.
  std::vector<std::byte> broadcast(std::vector<std::byte> bytes, int from) const {
    std::uint64_t size = bytes.size();
    check_mpi(MPI_Bcast(&size, 1, MPI_UINT64_T, from, communicator_), "MPI_Bcast");
    bytes.resize(size);
    check_mpi(MPI_Bcast(bytes.data(), static_cast<int>(size), MPI_BYTE, from, communicator_), "MPI_Bcast");
    return bytes;
  }

 private:
  MPI_Comm communicator_;
  std::optional<int> root_;
  int rank_ = 0, size_ = 0;
  std::size_t longest_;
};

/// Finds the first rank whose identity is not that of rank 0, by their checksums, and says on every rank in what
/// the two differ. @throws IncompatibleSketch, on all ranks or none
inline void require_same_on_all(const Ranks& ranks, const Identity& identity) {
  const std::vector<std::byte> bytes = io::save_state(identity, [](io::ByteWriter&) {});
  const auto sums = ranks.gather(io::checksum(bytes, io::format_version));
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
  if (ranks.receives())
    State::for_each_array(state, sum);
  else
    State::for_each_array(std::as_const(state), sum);
}

}  // namespace detail

namespace mpi {

/// Gives every rank the sum of the states of all: what `+=` of all of them would give, as far as the order of
/// additions allows: integer counters and fingerprints to the last bit, floating-point ones within the rounding
/// that the sum's bounds account for. A collective call: every rank of the communicator makes it, from one thread,
/// while no other uses the state or the communicator.
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
