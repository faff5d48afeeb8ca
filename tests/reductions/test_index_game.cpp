#include <turnstile/turnstile.hpp>

#include "game_checks.hpp"
#include "index_game.hpp"
#include "statistical/law_check.hpp"
#include "support/catch.hpp"
#include "support/trials.hpp"

#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <vector>

// Lemma 6.2 of arXiv 2510.03678, played: the state of a sampler of y = A x, x a stream that follows A, tells each of d
// bits, so it has Ω(d) of them.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index bits = 32;
constexpr SketchShape shape{.rows = 5, .buckets = 128};

// ½ + (m/d)(1 − 2^{−d/m})
double closed_form(Index columns) {
  const double share = static_cast<double>(columns) / static_cast<double>(bits);
  return 0.5 + share * (1 - std::exp2(-1 / share));
}

}  // namespace

// Quantity: the rate of rounds won, above 3/4, and 1 but for mistaken identities: the law leaves 10⁻²⁰ to lose by. 400
// rounds: a loss of one in 100 would be seen. Turns red: a column that a draw leaves out.
TEMPLATE_TEST_CASE("A sampler of A x tells any bit of a word", "[reductions]", DynamicSampler<>, DynamicSampler<float>,
                   FixedMatrixSampler<>, FixedMatrixSampler<float>) {
  const Score score = IndexGame<TestType>(bits, bits, shape).play(bits, trials(400), 1);
  check_wins(score);
  check_loses_by_mistake(score, mistaken_identity(bits + 1, shape));
  CHECK(score.bytes == state_bytes<TestType>(bits + 1, bits, {.shape = shape}).serialized);
}

// Quantity: the rate of rounds won where d columns share m. Law: ½ + (m/d)(1 − 2^{−d/m}), see `shared_columns.hpp`, as
// equal entries of y are drawn equally often. Bob asks for the first bit, so that a preference for small indices shows.
// 1000 rounds: a rate that is off by .06 would be seen in one half of cases. Turns red: scalings that do not depend on
// the seed.
TEMPLATE_TEST_CASE("A sampler of A x starved of columns loses as their number predicts", "[reductions]",
                   DynamicSampler<>, FixedMatrixSampler<>) {
  const Index shares[] = {16, 8, 4, 2, 1};
  std::size_t last = std::numeric_limits<std::size_t>::max();
  for (Index columns : shares) {
    CAPTURE(columns);
    REQUIRE(shared_columns_win_rate(bits, columns, 1) == Approx(closed_form(columns)).epsilon(1e-12));
    const Score score = IndexGame<TestType>(bits, columns, shape).play(1, trials(1000), 1);
    check_on_curve(score, closed_form(columns), std::size(shares));
    if (16 * columns <= bits) check_loses(score);
    CHECK(score.bytes == state_bytes<TestType>(bits + 1, columns, {.shape = shape}).serialized);
    CHECK(score.bytes < last);
    last = score.bytes;
  }
}

// Every bit of one message, which so carries d: i if v_i = 1, else the last row, though it is 10¹⁰ times smaller than
// what was fed beside it. A key that shares most buckets with the winner may be drawn for it, with a probability of
// some 10⁻³ for all of these draws (mistaken_identity).
TEST_CASE("One state of a DynamicSampler tells every bit of a word", "[reductions]") {
  constexpr Index length = 256;
  const IndexGame<DynamicSampler<>> game(length, length, {});
  for (Seed seed = 1; seed <= 2; ++seed) {
    CAPTURE(seed);
    const Word v = random_word(length, seed);
    const Message message = game.state_of(v, seed);
    std::vector<Index> expected;
    for (Index i = 0; i < length; ++i) expected.push_back(v[static_cast<std::size_t>(i)] ? i : length);
    CHECK((game.draw_all(message) == expected));
    CHECK(8 * message.size() >= v.size());
  }
}
