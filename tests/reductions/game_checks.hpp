#pragma once

#include "game_score.hpp"
#include "support/catch.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"

#include <cstddef>

// What tests ask of the score of a game.

namespace turnstile::testing {

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
