#pragma once

#include <turnstile/core/types.hpp>

#include "support/catch.hpp"
#include "support/many_seeds.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"

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

// Whether the rate is above 3/4: were it 3/4, so many wins would have at most the probability `law`.
inline void check_wins(const Score& score) {
  INFO(score.wins << " of " << score.rounds << " rounds won with " << score.bytes << " bytes");
  CHECK(binomial_upper_tail(score.wins, score.rounds, target_rate) <= significance::law);
}

// Whether it is below 3/4, likewise.
inline void check_loses(const Score& score) {
  INFO(score.wins << " of " << score.rounds << " rounds won with " << score.bytes << " bytes");
  CHECK(binomial_lower_tail(score.wins, score.rounds, target_rate) <= significance::law);
}

// Whether rounds are lost only where a sketch takes one key for another, which has at most the given probability.
inline void check_loses_by_mistake(const Score& score, double mistaken) {
  INFO(score.wins << " of " << score.rounds << " rounds won with " << score.bytes << " bytes");
  CHECK(binomial_upper_tail(score.rounds - score.wins, score.rounds, mistaken) >= significance::law);
}

// Whether the rate is the predicted one, from both sides: one of `points` that make up a statement.
inline void check_on_curve(const Score& score, double predicted, std::size_t points) {
  INFO(score.wins << " of " << score.rounds << " rounds won with " << score.bytes << " bytes: " << score.rate()
                  << ", predicted " << predicted);
  CHECK(binomial_two_sided_p(score.wins, score.rounds, predicted) >= significance::each_of(significance::law, points));
}

}  // namespace turnstile::testing
