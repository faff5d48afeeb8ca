// Streams for benchmarks.
#pragma once

#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/variates.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

// Keys and changes of a stream that visits every coordinate in a scattered order.
struct Scattered {
  std::vector<turnstile::Index> indices;
  std::vector<double> changes;

  Scattered(turnstile::Index dimension, turnstile::Index length, turnstile::Seed seed = 1)
      : indices(static_cast<std::size_t>(length)), changes(indices.size()) {
    const turnstile::MixHash words(turnstile::derive_seed(seed, "benchmark stream"));
    for (std::size_t k = 0; k < indices.size(); ++k) {
      indices[k] = static_cast<turnstile::Index>(words(k) % static_cast<std::uint64_t>(dimension));
      changes[k] = turnstile::uniform_variate(words(k)) - 0.5;
    }
  }
};

}  // namespace bench
