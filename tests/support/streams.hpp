#pragma once

#include <turnstile/core/types.hpp>
#include <turnstile/random/mix_hash.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

// Streams of updates that tests feed, reproducible anywhere: words of the library's own hash.

namespace turnstile::testing {

template <class Counter>
struct Stream {
  std::vector<Index> indices;
  std::vector<Counter> deltas;

  std::size_t size() const { return indices.size(); }
  std::span<const Index> keys() const { return indices; }
  std::span<const Counter> changes() const { return deltas; }

  Stream part(std::size_t first, std::size_t count) const {
    const auto at = static_cast<std::ptrdiff_t>(first), end = static_cast<std::ptrdiff_t>(first + count);
    return {{indices.begin() + at, indices.begin() + end}, {deltas.begin() + at, deltas.begin() + end}};
  }
};

// A number below `bound`, from a word.
inline std::size_t below(std::uint64_t word, std::size_t bound) { return static_cast<std::size_t>(word % bound); }

// An integer in [−largest, largest], from a word: sums of few of them are exact in float and
// double.
inline int small_integer(std::uint64_t word, int largest) {
  return static_cast<int>(below(word >> 8, 2 * static_cast<std::size_t>(largest) + 1)) - largest;
}

// `length` updates of indices below `dimension` by integers.
template <class Counter>
Stream<Counter> whole_number_stream(Seed seed, std::size_t length, Index dimension, int largest = 100) {
  const MixHash keys(seed, 1), values(seed, 2);
  Stream<Counter> stream;
  for (std::size_t k = 0; k < length; ++k) {
    stream.indices.push_back(static_cast<Index>(below(keys(k), static_cast<std::size_t>(dimension))));
    stream.deltas.push_back(static_cast<Counter>(small_integer(values(k), largest)));
  }
  return stream;
}

// The same by numbers whose sums are rounded.
template <class Counter>
Stream<Counter> rounded_stream(Seed seed, std::size_t length, Index dimension) {
  auto stream = whole_number_stream<Counter>(seed, length, dimension, 1'000'000);
  for (Counter& delta : stream.deltas) delta /= Counter(7);
  return stream;
}

// The stream in another order (Fisher and Yates).
template <class Counter>
Stream<Counter> shuffled(Stream<Counter> stream, Seed seed) {
  const MixHash words(seed, 3);
  for (std::size_t k = stream.size(); k > 1; --k) {
    const std::size_t other = below(words(k), k);
    std::swap(stream.indices[k - 1], stream.indices[other]);
    std::swap(stream.deltas[k - 1], stream.deltas[other]);
  }
  return stream;
}

// Lengths that add up to `total`, each in [0, longest].
inline std::vector<std::size_t> random_lengths(std::size_t total, std::size_t longest, Seed seed) {
  const MixHash words(seed, 4);
  std::vector<std::size_t> lengths;
  for (std::uint64_t k = 0; total > 0; ++k) {
    lengths.push_back(std::min(total, below(words(k), longest + 1)));
    total -= lengths.back();
  }
  return lengths;
}

}  // namespace turnstile::testing
