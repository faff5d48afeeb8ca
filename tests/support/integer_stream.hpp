#pragma once

#include <turnstile/core/types.hpp>
#include <turnstile/random/mix_hash.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

// Streams of integer updates, for properties that hold exactly, and what they may be chopped into.

namespace turnstile::testing {

template <class Scalar>
struct Updates {
  std::vector<Index> indices;
  std::vector<Scalar> deltas;

  void push(Index index, Scalar delta) {
    indices.push_back(index);
    deltas.push_back(delta);
  }
  std::size_t size() const { return indices.size(); }

  // Updates [first, end).
  Updates part(std::size_t first, std::size_t end) const {
    const auto at = [](const auto& values, std::size_t k) { return values.begin() + static_cast<std::ptrdiff_t>(k); };
    return {{at(indices, first), at(indices, end)}, {at(deltas, first), at(deltas, end)}};
  }
};

// Random indices, half of them among the first twenty, and random integers of at most 1000 in size.
template <class Scalar>
Updates<Scalar> integer_stream(Index n, std::size_t count, Seed seed) {
  const MixHash words(derive_seed(seed, "integer stream"));
  Updates<Scalar> updates;
  for (std::uint64_t k = 0; k < count; ++k) {
    const Index range = words(3 * k) % 2 == 0 ? std::min<Index>(n, 20) : n;
    const auto index = static_cast<Index>(words(3 * k + 1) % static_cast<std::uint64_t>(range));
    const auto delta = static_cast<std::int64_t>(words(3 * k + 2) % 2001) - 1000;
    updates.push(index, static_cast<Scalar>(delta));
  }
  return updates;
}

template <class Scalar>
Updates<Scalar> negated(Updates<Scalar> updates) {
  for (Scalar& delta : updates.deltas) delta = -delta;
  return updates;
}

// In another order (Fisher and Yates), which words(first), words(first + 1), … decide.
template <class Scalar>
Updates<Scalar> shuffled(Updates<Scalar> updates, const MixHash& words, std::uint64_t first = 0) {
  for (std::size_t k = updates.size(); k-- > 1;) {
    const std::size_t other = words(first + k) % (k + 1);
    std::swap(updates.indices[k], updates.indices[other]);
    std::swap(updates.deltas[k], updates.deltas[other]);
  }
  return updates;
}

// The updates that undo others, in a shuffled order.
template <class Scalar>
Updates<Scalar> undoing(const Updates<Scalar>& updates, Seed seed) {
  return shuffled(negated(updates), MixHash(derive_seed(seed, "undo")));
}

// The same stream, every update split in two and everything in another order.
template <class Scalar>
Updates<Scalar> chopped_and_shuffled(const Updates<Scalar>& updates, Seed seed) {
  const MixHash words(derive_seed(seed, "chop"));
  Updates<Scalar> pieces;
  for (std::size_t k = 0; k < updates.size(); ++k) {
    const auto piece = static_cast<Scalar>(static_cast<std::int64_t>(words(k) % 100));
    pieces.push(updates.indices[k], piece);
    pieces.push(updates.indices[k], updates.deltas[k] - piece);
  }
  return shuffled(pieces, words, updates.size());
}

}  // namespace turnstile::testing
