#include <turnstile/turnstile.hpp>

#include "game_checks.hpp"
#include "recovered_softmax_law.hpp"
#include "set_disjointness_game.hpp"
#include "sketched_softmax.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/significance.hpp"
#include "support/trials.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>

// Theorem 4.4 of arXiv 2510.03678, played: who draws in proportion to e^{y_i} tells whether two sets meet, and has
// sent Ω(n) bits.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class Scalar>
SoftmaxSampler<Scalar> flat_scores(Index n) {
  return SoftmaxSampler<Scalar>(Eigen::VectorX<Scalar>::Zero(n));
}

// Draws that are off from e^{y_i}/Σ e^{y_j} by factors up to n, as the theorem allows: y_i is ½ ln n more or less.
SoftmaxSampler<> distorted_scores(Index n, Seed seed) {
  const MixHash signs(derive_seed(seed, "distortion"));
  const double most = std::log(static_cast<double>(n)) / 2;
  return SoftmaxSampler<>(Eigen::VectorXd::NullaryExpr(n, [&](Index i) {
                            return (signs(static_cast<std::uint64_t>(i)) >> 63) != 0 ? most : -most;
                          }).eval());
}

// A protocol has to be right about either kind of pair.
template <class Game>
Score check_wins_both(const Game& game, long rounds) {
  check_wins(game.play(0, rounds, 1));
  const Score score = game.play(1, rounds, 1);
  check_wins(score);
  return score;
}

constexpr Index elements = 256;

SetDisjointnessGame<SketchedSoftmax> sketch_game(SketchShape shape) {
  return {elements, [shape](Seed seed) { return SketchedSoftmax(elements, shape, seed); }};
}

}  // namespace

// Quantity: the rate of rounds won, above 3/4 for pairs that meet as for pairs that do not. The exact law leaves
// e^{−400} to lose by. 400 rounds: a rate of .82 would be seen to be above 3/4 in one half of cases. Turns red: Bob's
// sampler without Alice's scores; draws by any bounded power of y.
TEMPLATE_TEST_CASE("Softmax draws tell whether two sets meet", "[reductions][softmax]", double, float) {
  for (Index n : {Index{64}, Index{1024}}) {
    CAPTURE(n);
    const SetDisjointnessGame<SoftmaxSampler<TestType>> game(n, [n](Seed) { return flat_scores<TestType>(n); });
    const Score score = check_wins_both(game, trials(400));
    CHECK(score.bytes == flat_scores<TestType>(n).to_bytes().size());
    CHECK(score.bytes >= static_cast<std::size_t>(n) * sizeof(TestType));
  }
}

TEST_CASE("Softmax draws off by factors up to n still tell whether two sets meet", "[reductions][softmax]") {
  for (Index n : {Index{64}, Index{1024}}) {
    CAPTURE(n);
    const SetDisjointnessGame<SoftmaxSampler<>> game(n, [n](Seed seed) { return distorted_scores(n, seed); });
    check_wins_both(game, trials(400));
  }
}

// Quantity: the rate of rounds won of pairs that meet, from half of y's bytes to thirty times as many. Law:
// recovered_softmax_hit_rate, whose one approximation is within .01 of 40,000 rounds at these shapes. Pairs that do not
// meet are never said to meet, so that the rate over both kinds falls to a coin's toss. 1000 rounds: a rate that is off
// by .06 would be seen in one half of cases. Turns red: the mean of a key's readings for their median; one hash for all
// rows.
TEST_CASE("Softmax draws from a sketch lose as its size predicts", "[reductions][softmax]") {
  const Index shapes[] = {1024, 512, 256, 128, 64, 32, 16};
  const long rounds = trials(1000);
  double last = 1;
  for (Index buckets : shapes) {
    const SketchShape shape{.rows = 7, .buckets = buckets};
    const auto game = sketch_game(shape);
    const Index ones = 2 * game.set_size() - 2;
    const double predicted = recovered_softmax_hit_rate(ones, elements - 1 - ones, shape);
    CAPTURE(buckets);
    CHECK(predicted < last);
    last = predicted;
    check_on_curve(game.play(1, rounds, 1), predicted, std::size(shapes));
    const Score disjoint = game.play(0, trials(400), 1);
    CHECK(disjoint.wins == disjoint.rounds);
  }
}

// The wall: at the bytes of y the sketch loses. It wins only with many times more.
TEST_CASE("A sketch needs more bytes than y itself to tell whether two sets meet", "[reductions][softmax]") {
  const std::size_t exact = flat_scores<double>(elements).to_bytes().size();
  const Score starved = sketch_game({.rows = 7, .buckets = 32}).play(1, trials(400), 1);
  check_loses(starved);
  CHECK(starved.bytes <= exact);
  const Score fed = check_wins_both(sketch_game({.rows = 7, .buckets = 1024}), trials(400));
  CHECK(fed.bytes > exact);
}

// Draws by y_i² know nothing of the wall, and do not do its work: the common element holds 4 of 4 + (2n/4 − 2) parts.
// Quantity: the rate of rounds won of pairs that meet. 1000 rounds: a rate of .05 for .031 would be seen in one half of
// cases.
TEST_CASE("Draws by squares do not tell whether two sets meet", "[reductions]") {
  const auto empty = [](Seed seed) { return L2Sampler<>(elements, {.seed = seed}); };
  const SetDisjointnessGame<L2Sampler<>> game(elements, empty);
  const auto ones = static_cast<double>(2 * game.set_size() - 2);
  const Score score = game.play(1, trials(1000), 1);
  check_on_curve(score, 4 / (4 + ones), 1);
  check_loses(score);
}

// It passes below the wall only where scores are bounded: at 200·ln n there is no number of positions.
TEST_CASE("A bounded softmax sampler does not play for scores as large as the wall's", "[reductions][softmax]") {
  const double largest = 2 * sketch_game({}).weight();
  const std::string message = message_of<InvalidArgument>([&] { BoundedSoftmaxSampler<>(elements, largest, 0.25); });
  INFO(message);
  CHECK(contains(message, "positions"));
}
