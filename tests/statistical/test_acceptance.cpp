#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

// When a draw is accepted, and what that does to its law: Algorithm 1 (arXiv 2510.03678) as printed, the
// default, and the test of the gap between the two best.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using AlgorithmOne = L2Sampler<double, Policies<UniformScaling, TreeRecovery, MixHash, ThresholdAcceptance>>;
constexpr double epsilon = 0.5;

// T² = C ln n/ε with C = 2.
double squared_threshold(Index n) { return 2 * std::log(static_cast<double>(n)) / epsilon; }

// About so many successes of independent samplers; -1 for each failure.
std::vector<Index> draws_of_algorithm_one(const VectorStream& stream, long successes) {
  const Index n = std::ssize(stream.y);
  const auto samplers = std::lround(static_cast<double>(successes) * squared_threshold(n));
  return for_many_seeds(samplers, 1, [&](Seed seed) {
    AlgorithmOne sampler(n, {.seed = seed, .shape = SketchShape::for_draws(n), .epsilon = epsilon});
    sampler.update(stream.indices, stream.deltas);
    return drawn_index(sampler.sample());
  });
}

// Quantity: how often Algorithm 1 accepts. Law: 1/T² = ε/(C ln n) for exact norms, less a share below
// 1/(2T²) where two indices pass at once; Ŷ, whose square is off by 7 % or so, adds about its variance.
// Hence 5 % to either side. 5 000 successes have a standard error of 1.4 %, 2 000 of 2.2 %: seen is what is
// off by 10 % or 12 %.
// Turns red: u^{−1} for u^{−1/2}; C or ln n left out of T; Ẑ not freed of its largest entries.
void check_success_rate(const std::vector<Index>& drawn, Index n) {
  const auto samplers = std::ssize(drawn);
  const long successes = samplers - std::ranges::count(drawn, Index{-1});
  const double rate = 1 / squared_threshold(n);
  INFO(successes << " successes, " << rate * static_cast<double>(samplers) << " expected");
  CHECK(binomial_lower_tail(successes, samplers, 0.95 * rate) >= significance::each_of(significance::law, 6));
  CHECK(binomial_upper_tail(successes, samplers, 1.05 * rate) >= significance::each_of(significance::law, 6));
}

// The law given success: y_i²/‖y‖² but for a factor within 1 ± 1/(2T²), below 3 % here, by which an index
// loses to others that pass as well; 5 000 draws see 2.4 % of all where one index holds half.
void check_algorithm_one(Index n, long successes) {
  for (const VectorFamily& family : {vector_families[0], vector_families[1], vector_families[3]}) {
    INFO(family.name << ", n = " << n);
    const VectorStream stream = family.make(n);
    const auto drawn = draws_of_algorithm_one(stream, successes);
    check_success_rate(drawn, n);
    check_law(exact_law(stream.y), drawn, mistaken_identity(n, SketchShape::for_draws(n)));
  }
}

// What two policies made of one state, and the index of the largest |w_i|.
struct Comparison {
  Index largest, by_noise, by_gap;
};

template <class Acceptance>
using Accepting = L2Sampler<double, Policies<ExponentialScaling, TreeRecovery, MixHash, Acceptance>>;

Comparison compare(const VectorStream& stream, const SamplerOptions& options) {
  const Index n = std::ssize(stream.y);
  Accepting<NoiseAcceptance> by_noise(n, options);
  Accepting<GapAcceptance> by_gap(n, options);
  by_noise.update(stream.indices, stream.deltas);
  by_gap.update(stream.indices, stream.deltas);
  Index largest = 0;
  double most = 0;
  for (Index i = 0; i < n; ++i) {
    const double scaled = std::abs(stream.y[static_cast<std::size_t>(i)]) * by_noise.linear_map().scale(i);
    if (scaled > most) most = scaled, largest = i;
  }
  return {largest, drawn_index(by_noise.sample()), drawn_index(by_gap.sample())};
}

// Two independent standard normal variates from two words (Box and Muller 1958).
std::pair<double, double> normal_pair(std::uint64_t first, std::uint64_t second) {
  const double radius = std::sqrt(2 * exponential_variate(first));
  const double angle = 2 * std::numbers::pi * uniform_variate(second);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// A reading of counters that hold normal noise of deviation 1, and w_index = height.
template <class P>
std::optional<Found<Draw<double>>> draw_from_noise(const SamplerOperator<P>& op, Seed seed, Index index,
                                                   double height) {
  VectorImage<double> image(op);
  const MixHash words(derive_seed(seed, "normal noise"));
  const auto counters = image.scaled.flat();
  for (std::size_t k = 0; k + 1 < counters.size(); k += 2)
    std::tie(counters[k], counters[k + 1]) = normal_pair(words(k), words(k + 1));
  const Index key = op.recovery().key(index);
  op.table().for_each_row(std::span(&key, 1), [&](std::size_t, const RowOfCells& row) {
    image.scaled.add(row.cell(0), row.negative(0), height);
  });
  return Reading(op, image).next();
}

}  // namespace

TEST_CASE("Algorithm 1 accepts as often as it should, and draws by the law of the squares", "[acceptance]") {
  check_algorithm_one(100, trials(2000));
}

TEST_CASE("Algorithm 1 of a longer vector draws by the law of the squares", "[acceptance][long]") {
  check_algorithm_one(1000, trials(5000));
}

// Quantity: banks of `repetitions` copies of which none accepts. Bound: `failure`. 1 500 banks: seen in one
// half of cases is a failure of 0.125 for the promised 0.1. Turns red: repetitions for half of T².
TEST_CASE("Repetitions of Algorithm 1 keep a bank's failures below their bound", "[acceptance]") {
  constexpr Index n = 100;
  constexpr double failure = 0.1;
  const Index copies = ThresholdAcceptance::repetitions(n, epsilon, failure);
  CHECK(static_cast<double>(copies) == Approx(squared_threshold(n) * std::log(10.0)).margin(1));
  const VectorStream stream = root_harmonic(n);
  const SamplerOptions options{.shape = SketchShape::for_draws(n), .epsilon = epsilon};
  const auto failed = for_many_seeds(trials(1500), 1, [&](Seed seed) {
    SamplerOptions own = options;
    own.seed = seed;
    SamplerBank<AlgorithmOne> bank(copies, own, n);
    bank.update(stream.indices, stream.deltas);
    return bank.sample().outcome() == Outcome::failed;
  });
  const auto failures = std::ranges::count(failed, true);
  INFO(failures << " of " << failed.size() << " banks of " << copies << " failed");
  CHECK(binomial_upper_tail(failures, std::ssize(failed), failure) >= significance::law);
}

// Quantity: draws that are not argmax |w_i|, among those that the gap test takes and those that it refuses
// while the default takes them; 1 500 states of n = 1000 in 128 buckets, few enough for wrong winners. Law:
// the refused are wrong more often than the taken, at the level of `significance::law` for each vector. Turns
// red: a runner-up that is the winner itself (everything is refused), or always zero (nothing is).
TEST_CASE("The gap test returns fewer wrong winners and fails more often than the default", "[acceptance]") {
  constexpr Index n = 1000;
  for (const VectorFamily& family : {vector_families[0], vector_families[1], vector_families[2]}) {
    INFO(family.name);
    const VectorStream stream = family.make(n);
    const auto compared = for_many_seeds(
        1500, 1, [&](Seed seed) { return compare(stream, {.seed = seed, .shape = {.rows = 5, .buckets = 128}}); });
    long taken = 0, taken_wrong = 0, refused = 0, refused_wrong = 0, others = 0;
    for (const Comparison& one : compared) {
      const bool wrong = one.by_noise != one.largest;
      if (one.by_gap >= 0) {
        others += one.by_gap != one.by_noise;
        ++taken, taken_wrong += wrong;
      } else if (one.by_noise >= 0) {
        ++refused, refused_wrong += wrong;
      }
    }
    CHECK(others == 0);  // the gap test only refuses
    REQUIRE((taken > 0 && refused > 0));
    INFO("wrong: " << taken_wrong << " of " << taken << " taken, " << refused_wrong << " of " << refused << " refused");
    const double wrong_rate = std::max(1.0, static_cast<double>(taken_wrong)) / static_cast<double>(taken);
    CHECK(binomial_upper_tail(refused_wrong, refused, wrong_rate) <= significance::law);
    CHECK(taken > 2 * refused);
  }
}

// Quantity: draws from counters that hold nothing but normal noise, at n = 2²⁰. Bound: below 1 % are taken;
// 1 000 searches show it at the level of `significance::law` if at most one takes something. Turns red: five
// standard errors for seven.
TEST_CASE("What a search finds in nothing but noise is refused", "[acceptance]") {
  constexpr Index n = Index{1} << 20, index = 123'456;
  constexpr long searches = 1000;
  const SamplerOperator<DefaultPolicies> op(n, {.seed = 1, .shape = SketchShape::for_draws(n)});
  const auto taken =
      for_many_seeds(searches, 1, [&](Seed seed) { return draw_from_noise(op, seed, index, 0).has_value(); });
  const long wrong = std::ranges::count(taken, true);
  INFO(wrong << " of " << searches << " searches of noise returned something");
  CHECK(binomial_lower_tail(wrong, searches, 0.01) <= significance::law);

  // The same noise hides nothing that stands twenty deviations above it.
  const auto found = for_many_seeds(searches, 1, [&](Seed seed) {
    const auto draw = draw_from_noise(op, seed, index, 20);
    return draw && draw->draw.index == index;
  });
  CHECK(binomial_lower_tail(searches - std::ranges::count(found, true), searches, 0.01) <= significance::law);
}
