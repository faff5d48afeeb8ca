#pragma once

#include <turnstile/core/types.hpp>

#include "support/many_seeds.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

// What games of two players are scored by. Alice holds a secret, Bob a question about it; the bytes of her
// sampler are the only thing that she sends. Seeds and sizes are known to both (public coins).

namespace turnstile::testing {

using Message = std::vector<std::byte>;

struct Round {
  bool won = false;
  std::size_t bytes = 0;  // of Alice's message
};

struct Score {
  long rounds = 0, wins = 0;
  std::size_t bytes = 0;  // of the longest message

  double rate() const { return static_cast<double>(wins) / static_cast<double>(rounds); }
};

// The score of round(first), round(first + 1), …
template <class PlayRound>
Score score_of(long rounds, Seed first, const PlayRound& round) {
  Score score;
  for (const Round& played : for_many_seeds(rounds, first, round)) {
    ++score.rounds;
    score.wins += played.won;
    score.bytes = std::max(score.bytes, played.bytes);
  }
  return score;
}

// What the lower bounds of communication complexity are about (Theorems 4.3 and 6.1 of arXiv 2510.03678).
inline constexpr double target_rate = 0.75;

}  // namespace turnstile::testing
