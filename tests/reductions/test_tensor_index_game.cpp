#include <turnstile/turnstile.hpp>

#include "game_checks.hpp"
#include "statistical/law_check.hpp"
#include "support/catch.hpp"
#include "support/trials.hpp"
#include "tensor_index_game.hpp"

#include <cstddef>
#include <iterator>
#include <limits>

// Lemma 6.3 of arXiv 2510.03678, played: the state of a sampler of y = A^{⊗p} x, x a stream that follows A, tells each
// of n bits, so it has Ω(n) of them, whatever p is.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr SketchShape shape{.rows = 5, .buckets = 128};

// Quantity: the rate of rounds won, above 3/4, and 1 but for mistaken identities: y is 0 or has one entry. 400 rounds:
// a loss of one in 100 would be seen. Turns red: a row that a factor leaves out.
template <class Sampler>
void check_enough_bytes(int factors) {
  CAPTURE(factors);
  constexpr Index bits = 16;
  const Score score = TensorIndexGame<Sampler>(bits, bits, factors, shape).play(bits, trials(400), 1);
  check_wins(score);
  check_loses_by_mistake(score, factors * mistaken_identity(bits, shape));
}

// Quantity: the rate of rounds won where n columns share m. Law: ½ + ½ E[1 − (1 − 1/K)ᵖ], see `shared_columns.hpp`, as
// the p indices are drawn independently from K equal ones each. 600 rounds: a rate that is off by .08 would be seen in
// one half of cases. Turns red: one seed for all factors, which draws (j, …, j) only.
template <class Sampler>
void check_starved(int factors) {
  constexpr Index bits = 32;
  const Index shares[] = {8, 4, 2, 1};
  std::size_t last = std::numeric_limits<std::size_t>::max();
  for (Index columns : shares) {
    CAPTURE(factors, columns);
    const Score score = TensorIndexGame<Sampler>(bits, columns, factors, shape).play(1, trials(600), 1);
    const double predicted = shared_columns_win_rate(bits, columns, factors);
    check_on_curve(score, predicted, std::size(shares));
    if (columns == 1) check_loses(score);
    CHECK(score.bytes < last);
    last = score.bytes;
  }
}

}  // namespace

TEST_CASE("A sampler of a product of two or three factors tells any bit of a word", "[reductions][kronecker]") {
  check_enough_bytes<FactoredTensorSampler<>>(2);
  check_enough_bytes<FactoredTensorSampler<>>(3);
  check_enough_bytes<FactoredKroneckerSampler<>>(2);
  check_enough_bytes<ExactKroneckerSampler<>>(2);
}

TEST_CASE("A sampler of a product starved of columns loses as their number predicts", "[reductions][kronecker]") {
  check_starved<FactoredTensorSampler<>>(2);
  check_starved<FactoredTensorSampler<>>(3);
  check_starved<FactoredKroneckerSampler<>>(2);
  check_starved<ExactKroneckerSampler<>>(2);
}
