// The wall of Theorem 4.4 (arXiv 2510.03678) measured: who draws in proportion to e^{y_i} tells whether two sets meet,
// and needs Ω(n) bits for it; who draws by y_i² does not. Streams are those of the theorem's proof (see
// tests/reductions/set_disjointness_game.hpp): Alice feeds her set, sends her state, Bob adds his and draws. The sets
// share one element; of sets that share none nobody says that they do, as Alice and Bob look at the draw.
//
//   sketch      e^{y_i} by the softmax of all scores recovered from a CountSketch; a round is won if the draw is the
//               element that the sets share. R = 2 log₂ n − 5 rows: by the law of the recovered scores
//               (tests/reductions/recovered_softmax_law.hpp) those that win three rounds in four with the fewest bytes
//   polynomial  L2Sampler; a round is won if the draw does its own task: an element of one of the sets, its value
//               within a tenth
//   bounded     BoundedSoftmaxSampler of y_i ∈ {−B, 0, B} (in none, one or both of the sets), built to fail at most
//               once in four rounds, for B = ½ ln n, ¼ ln n and 1; a round is won if there is a draw, whose law is
//               exact then
//
// Bytes are those of Alice's message. The bytes that 3/4 take are read off between two sizes, both logarithmic and
// linear in the rate; of the bounded sampler they are those it has. The exponent of n in them is fitted by least
// squares, with the standard error of its residuals.
//
// Usage: experiment_softmax_wall [FOLDER]    (writes softmax_wall_rates.csv, _needed.csv and _exponents.csv there)

#include <turnstile/turnstile.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "machine.hpp"
#include "reductions/set_disjointness_game.hpp"
#include "reductions/sketched_softmax.hpp"
#include "support/progress.hpp"
#include "support/text.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::Row;
using examples::fixed;
using testing::Message;
using testing::Round;
using testing::Score;

constexpr int least_log = 8, largest_log = 16;
constexpr double within = 0.1;

using SketchGame = testing::SetDisjointnessGame<testing::SketchedSoftmax>;
using PolynomialGame = testing::SetDisjointnessGame<L2Sampler<>>;
using BoundedGame = testing::SetDisjointnessGame<BoundedSoftmaxSampler<>>;

// ---- who plays ------------------------------------------------------------------------------------

Score play_sketch(Index n, SketchShape shape, long rounds) {
  return SketchGame(n, [=](Seed seed) { return testing::SketchedSoftmax(n, shape, seed); }).play(1, rounds, 1);
}

Score play_polynomial(Index n, SketchShape shape, long rounds) {
  const PolynomialGame game(n, [=](Seed seed) { return L2Sampler<>(n, {.seed = seed, .shape = shape}); });
  return testing::score_of(rounds, 1, [&](Seed seed) {
    const auto [a, b] = game.sets(1, seed);
    const Message message = game.state_of(a, seed);
    auto sampler = L2Sampler<>::from_bytes(message);
    for (Index i : b) sampler.update(i, game.weight());
    const auto draw = sampler.sample();
    if (!draw) return Round{false, message.size()};
    const double exact = game.weight() * static_cast<double>(a.count(draw->index) + b.count(draw->index));
    return Round{exact > 0 && std::abs(draw->value - exact) <= within * exact, message.size()};
  });
}

Score play_bounded(Index n, double bound, long rounds) {
  constexpr double failure = 1 - testing::target_rate;
  const BoundedGame game(n, [=](Seed seed) { return BoundedSoftmaxSampler<>(n, bound, failure, seed); });
  return testing::score_of(rounds, 1, [&](Seed seed) {
    const auto [a, b] = game.sets(1, seed);
    BoundedSoftmaxSampler<> alice(n, bound, failure, seed);
    for (Index i = 0; i < n; ++i) alice.update(i, -bound);
    for (Index i : a) alice.update(i, bound);
    const Message message = alice.to_bytes();
    auto bob = BoundedSoftmaxSampler<>::from_bytes(message);
    for (Index i : b) bob.update(i, bound);
    return Round{static_cast<bool>(bob.sample()), message.size()};
  });
}

// ---- what they need -------------------------------------------------------------------------------

struct Needed {
  double n, bytes;
};

// Bytes for the target rate, from the two neighbours among scores of growing size that enclose it; NaN if none do.
double bytes_at_target(const std::vector<Score>& scores) {
  for (std::size_t k = 1; k < scores.size(); ++k) {
    const Score &small = scores[k - 1], &large = scores[k];
    if (small.rate() >= testing::target_rate || large.rate() < testing::target_rate) continue;
    const double share = (testing::target_rate - small.rate()) / (large.rate() - small.rate());
    return static_cast<double>(small.bytes) *
           std::pow(static_cast<double>(large.bytes) / static_cast<double>(small.bytes), share);
  }
  return std::nan("");
}

struct Slope {
  double value, standard_error;
};

// Of the line of least squares through (ln n, ln bytes − less·ln ln n).
Slope exponent(const std::vector<Needed>& points, double less) {
  Eigen::MatrixXd basis(std::ssize(points), 2);
  Eigen::VectorXd values(basis.rows());
  for (Index k = 0; k < basis.rows(); ++k) {
    const Needed& point = points[static_cast<std::size_t>(k)];
    basis.row(k) << 1, std::log(point.n);
    values[k] = std::log(point.bytes) - less * std::log(std::log(point.n));
  }
  const Eigen::Matrix2d inverse = (basis.transpose() * basis).inverse();
  const Eigen::Vector2d line = inverse * basis.transpose() * values;
  const double variance = (values - basis * line).squaredNorm() / static_cast<double>(basis.rows() - 2);
  return {line[1], std::sqrt(variance * inverse(1, 1))};
}

// ---- the tables -----------------------------------------------------------------------------------

class Tables {
 public:
  void add_score(const std::string& who, Index n, const std::string& size, const Score& score) {
    rates_.push_back({who, std::to_string(n), size, std::to_string(score.bytes), std::to_string(score.rounds),
                      std::to_string(score.wins), fixed(score.rate(), 4)});
  }

  void add_needed(const std::string& who, const std::vector<Needed>& points) {
    for (const Needed& point : points)
      needed_.push_back({who, fixed(point.n, 0), fixed(point.bytes, 0), fixed(point.bytes / point.n, 2)});
    const Slope power = exponent(points, 0), power_less_log = exponent(points, 1);
    exponents_.push_back({who, fixed(power.value, 3), fixed(power.standard_error, 3), fixed(power_less_log.value, 3),
                          fixed(power_less_log.standard_error, 3)});
  }

  bool print_and_write(const std::string& path, const std::string& note) const {
    bench::print("Rounds won", rates_);
    bench::print("Bytes for three rounds in four", needed_);
    bench::print("Exponent of n in these bytes, and in bytes / ln n", exponents_);
    return bench::write_csv(path + "_rates.csv", rates_, note) &&
           bench::write_csv(path + "_needed.csv", needed_, note) &&
           bench::write_csv(path + "_exponents.csv", exponents_, note);
  }

 private:
  std::vector<Row> rates_{{"who", "n", "size", "bytes", "rounds", "wins", "rate"}};
  std::vector<Row> needed_{{"who", "n", "bytes", "bytes_per_n"}};
  std::vector<Row> exponents_{{"who", "exponent", "standard_error", "exponent_less_log", "standard_error_less_log"}};
};

constexpr Index dimension(int log) { return Index{1} << log; }
// Fewer where a round takes long: the rate is steep in the bytes there.
constexpr long rounds_for(int log) { return log <= 12 ? 400 : log <= 14 ? 200 : 100; }

// Rates of growing shapes for each n, and what they say is needed.
template <class Play, class Shapes>
void sweep(const std::string& who, const Play& play, const Shapes& shapes_for, Tables& tables) {
  std::vector<Needed> needed;
  examples::Progress progress(who, (largest_log - least_log) / 2 + 1);
  for (int log = least_log; log <= largest_log; log += 2, progress.advance()) {
    const Index n = dimension(log);
    std::vector<Score> scores;
    for (const SketchShape& shape : shapes_for(log)) {
      scores.push_back(play(n, shape, rounds_for(log)));
      tables.add_score(who, n, std::to_string(shape.rows) + " x " + std::to_string(shape.buckets), scores.back());
    }
    needed.push_back({static_cast<double>(n), bytes_at_target(scores)});
  }
  tables.add_needed(who, needed);
}

// The bounded sampler with B = share·ln n + constant: its promise is what it needs.
void sweep_bounded(const std::string& who, double share, double constant, Tables& tables) {
  std::vector<Needed> needed;
  for (int log = least_log; log <= largest_log; log += 2) {
    const auto n = static_cast<double>(dimension(log));
    const double bound = share * std::log(n) + constant;
    const Score score = play_bounded(dimension(log), bound, rounds_for(log));
    tables.add_score(who, dimension(log), "B = " + fixed(bound, 3), score);
    needed.push_back({n, static_cast<double>(score.bytes)});
  }
  tables.add_needed(who, needed);
}

std::vector<SketchShape> sketch_shapes(int log) {
  std::vector<SketchShape> shapes;
  for (const double share : {0.25, 0.5, 0.707, 1.0, 1.189, 1.414})
    shapes.push_back({.rows = 2 * log - 5, .buckets = std::lround(share * static_cast<double>(dimension(log)))});
  return shapes;
}

std::vector<SketchShape> polynomial_shapes(int) {
  std::vector<SketchShape> shapes;
  for (Index buckets = 16; buckets <= 1024; buckets *= 2) shapes.push_back({.rows = 5, .buckets = buckets});
  return shapes;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".", note = bench::machine_line();
  Tables tables;
  sweep("sketch", play_sketch, sketch_shapes, tables);
  sweep("polynomial", play_polynomial, polynomial_shapes, tables);
  sweep_bounded("bounded by ln(n)/2", 0.5, 0, tables);
  sweep_bounded("bounded by ln(n)/4", 0.25, 0, tables);
  sweep_bounded("bounded by 1", 0, 1, tables);
  return tables.print_and_write(folder + "/softmax_wall", note) ? 0 : 1;
}
