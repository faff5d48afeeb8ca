/// @file
/// The calls of MPI that sums over ranks are made of, checked and with types.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/random/mersenne61.hpp"

namespace turnstile::inline v0::detail {

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
  if constexpr (std::is_same_v<T, double>) return MPI_DOUBLE;
  else if constexpr (std::is_same_v<T, float>) return MPI_FLOAT;
  else if constexpr (std::is_same_v<T, std::int64_t>) return MPI_INT64_T;
  else return MPI_UINT64_T;
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
      const MPI_Datatype type = mpi_type<std::remove_const_t<T>>();
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
    std::uint64_t found = condition;
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

}  // namespace turnstile::inline v0::detail
