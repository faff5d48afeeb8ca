/// @file
/// The arrays of a state, as its bytes hold them.
///
/// States that add up have `for_each_array(self, visitor)`: it shows every array that is summed when streams
/// are, by one of
///
/// | call                     | what the array is, and how it adds up                                       |
/// |--------------------------|-----------------------------------------------------------------------------|
/// | `numbers(span)`          | counters and the like: as numbers of their type                             |
/// | `residues(span)`         | exact fingerprints: modulo 2⁶¹ − 1                                          |
/// | `bounds(span, after)`    | bounds on rounding: as numbers, and what the additions of numbers round by; |
/// |                          | `after(k)` are the bounds when these numbers took part in k more additions  |
///
/// The spans of a state that is const are of const numbers; of one that is not they may be changed.
#pragma once

#include <cstdint>
#include <span>

#include "turnstile/io/byte_format.hpp"
#include "turnstile/random/mersenne61.hpp"

namespace turnstile::inline v0::io {

/// Puts the arrays behind one another.
class ArrayWriter {
 public:
  explicit ArrayWriter(ByteWriter& writer) : writer_(writer) {}

  template <class T>
  void numbers(std::span<const T> values) const {
    writer_.put_array(values);
  }
  void residues(std::span<const std::uint64_t> values) const { writer_.put_array(values); }
  template <class... After>
  void bounds(std::span<const double> values, const After&...) const {
    writer_.put_array(values);
  }

 private:
  ByteWriter& writer_;
};

/// Takes what ArrayWriter put. @throws CorruptState for a number that no state holds at this place
class ArrayReader {
 public:
  explicit ArrayReader(ByteReader& reader) : reader_(reader) {}

  template <class T>
  void numbers(std::span<T> values) const {
    reader_.take_array(values);
  }
  void residues(std::span<std::uint64_t> values) const {
    reader_.take_array(values);
    for (std::uint64_t residue : values)
      if (residue >= turnstile::detail::mersenne61)
        turnstile::detail::raise<CorruptState>("the fingerprint ", residue, " is no residue");
  }
  template <class... After>
  void bounds(std::span<double> values, const After&...) const {
    reader_.take_array(values);
    for (double bound : values)
      if (bound < 0) turnstile::detail::raise<CorruptState>("the rounding bound ", bound, " is negative");
  }

 private:
  ByteReader& reader_;
};

}  // namespace turnstile::inline v0::io
