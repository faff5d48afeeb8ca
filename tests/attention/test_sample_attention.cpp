#include <turnstile/attention/dense_attention.hpp>
#include <turnstile/attention/sample_attention.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "attention/attention_reference.hpp"
#include "attention/mask_pairs.hpp"
#include "attention/planted_head.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

SampleAttention attention_of(Recipe recipe, Seed seed = 0) {
  return SampleAttention(Direction::causal, {.recipe = recipe, .seed = seed});
}

// The share of its mass that each query of a head keeps under a pattern, from the exact softmax of all.
std::vector<double> true_masses(const PlantedHead& head, const HeadPattern& pattern) {
  std::vector<Index> all(static_cast<std::size_t>(head.q.rows()));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Index>(i);
  const Heads q(head.q), k(head.k);
  const detail::HeadInputs inputs{q[0], k[0], 1 / std::sqrt(static_cast<float>(head.q.cols())), Direction::causal};
  return detail::kept_masses(inputs, detail::SampledRows(inputs, all), pattern);
}

TEST_CASE("Both recipes find the stripes of a head that has some, and leave the rest out") {
  const PlantedHead head(2000, 32, {40, 333, 700, 701, 1100});
  for (const Recipe recipe : {Recipe::published, Recipe::calibrated}) {
    const SampleAttention attention(Direction::causal, {.recipe = recipe, .mass = 0.99});
    const SampledAttention sampled = attention(head.q, head.k, head.v);
    const HeadReport& report = sampled.heads[0];
    REQUIRE_FALSE(report.pattern.dense);
    for (const Index stripe : head.stripes)
      CHECK(std::binary_search(report.pattern.columns.begin(), report.pattern.columns.end(), stripe));
    CHECK(report.density < 0.6);
    const FloatMatrix dense = DenseAttention()(head.q, head.k, head.v);
    CHECK(relative_error(sampled.output, dense.cast<double>()) < 0.1);
  }
}

TEST_CASE("Both recipes keep the sinks, though they weigh no more than others") {
  const PlantedHead head(2000, 32, {40, 333, 700, 701, 1100});
  for (const Recipe recipe : {Recipe::published, Recipe::calibrated}) {
    const auto sinks_kept = [&](Index sinks) {
      const SampleAttention attention(Direction::causal, {.recipe = recipe, .sinks = sinks});
      const HeadPattern pattern = attention(head.q, head.k, head.v).heads[0].pattern;
      REQUIRE_FALSE(pattern.dense);
      return std::count_if(pattern.columns.begin(), pattern.columns.end(), [](Index column) { return column < 12; });
    };
    CHECK(sinks_kept(12) == 12);
    CHECK(sinks_kept(0) < 12);
  }
}

TEST_CASE("The output is exactly the sparse attention of the patterns that are reported") {
  const PlantedHead head(1500, 16, {100, 500});
  for (const Recipe recipe : {Recipe::published, Recipe::calibrated}) {
    const SampledAttention sampled = attention_of(recipe)(head.q, head.k, head.v);
    const Attended again =
        sparse_attention(head.q, head.k, head.v, sampled.heads[0].pattern.mask(Direction::causal, 1500, 1500));
    CHECK((sampled.output == again.output));
    CHECK(sampled.density() == Approx(static_cast<double>(again.pairs[0]) / (1500.0 * 1501 / 2)));
  }
}

TEST_CASE("The published recipe keeps the mean mass that it is asked for, of the rows that it looks at") {
  // With every row sampled, the sampled rows are all rows: their mean mass is at least α by construction, and
  // without the lightest column that it took, which is not one of the sinks, it would be less.
  const PlantedHead head(600, 16, {30, 200});
  const SampleAttention attention(Direction::causal,
                                  {.recipe = Recipe::published, .mass = 0.9, .row_ratio = 1, .sinks = 0});
  HeadPattern pattern = attention(head.q, head.k, head.v).heads[0].pattern;
  const auto mean = [&] {
    const auto masses = true_masses(head, pattern);
    return std::accumulate(masses.begin(), masses.end(), 0.0) / static_cast<double>(masses.size());
  };
  CHECK(pattern.window == 48);
  CHECK(mean() >= 0.9 - 1e-6);
  REQUIRE(!pattern.columns.empty());
  const std::vector<Index> columns = pattern.columns;
  double least_loss = 1;
  const double kept = mean();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    pattern.columns = columns;
    pattern.columns.erase(pattern.columns.begin() + static_cast<std::ptrdiff_t>(c));
    least_loss = std::min(least_loss, kept - mean());
  }
  CHECK(kept - least_loss < 0.9);
}

TEST_CASE("The bound of the calibrated recipe on the rows that keep the mass holds as often as it says", "[long]") {
  // Quantity: the share of all rows that keep the mass, against the bound reported, over independent samples of
  // rows. Law: each bound fails with probability at most 1 − 0.95 = 0.05 (Chernoff; the order of the tests is
  // fixed). In 60 trials, more than 9 failures have probability Pr[Bin(60, .05) > 9] < 10⁻³.
  const PlantedHead head(1200, 16, {30, 200, 480}, 4);
  int failures = 0, sparse = 0;
  for (Seed seed = 0; seed < 60; ++seed) {
    const HeadReport report = attention_of(Recipe::calibrated, seed)(head.q, head.k, head.v).heads[0];
    const auto masses = true_masses(head, report.pattern);
    const auto covered = std::count_if(masses.begin(), masses.end(), [](double mass) { return mass >= 0.95; });
    failures += static_cast<double>(covered) / static_cast<double>(masses.size()) < report.mass.covered_bound;
    sparse += !report.pattern.dense;
  }
  CHECK(failures <= 9);
  CHECK(sparse >= 50);
}

TEST_CASE("A head in which each query has a key of its own is computed densely") {
  // Query i's score of one key, any of 0 … i, is 20, of all others within ±4 or so: a row has its mass in that one. The
  // columns of the rows that choose hold all of their mass, and that of hardly any other row, so that a recipe which
  // judges by its choosers takes a sparse pattern.
  const Index n = 1200;
  const MixHash words(47);
  const FloatMatrix k = random_rows(48, n, 32), v = random_rows(49, n, 32);
  FloatMatrix q(n, 32);
  for (Index i = 0; i < n; ++i) {
    const auto own = words(static_cast<std::uint64_t>(i)) % static_cast<std::uint64_t>(i + 1);
    q.row(i) = 20 / (32.0f / 3) * std::sqrt(32.0f) * k.row(static_cast<Index>(own));
  }
  for (Seed seed = 0; seed < 3; ++seed) CHECK(attention_of(Recipe::calibrated, seed)(q, k, v).heads[0].pattern.dense);
}

TEST_CASE("The patterns of the calibrated recipe are nested, and keep of a row what their levels say") {
  const PlantedHead head(700, 16, {100, 300});
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const FloatMatrix queries = head.q.bottomRows(600);
    const Heads rows(queries), k(head.k);
    const detail::HeadInputs inputs{rows[0], k[0], 0.25f, direction};
    const detail::SampledRows choosing(inputs, {5, 150, 290, 444, 599}), judging(inputs, {0, 77, 333, 598});
    const detail::NestedPatterns nested(inputs, choosing, 2);
    double last_density = 0;
    for (std::size_t level = 0; level < detail::NestedPatterns<>::levels; level += 99) {
      const HeadPattern pattern = nested.pattern(level);
      const auto masses = detail::kept_masses(inputs, judging, pattern);
      for (Index i = 0; i < judging.count(); ++i)
        CHECK(nested.kept(judging, i)[level] == Approx(masses[static_cast<std::size_t>(i)]).margin(1e-6));
      const double all = pairs_of(BandedMask(direction, 600, 700)).sum();
      const double density = pairs_of(pattern.mask(direction, 600, 700)).sum() / all;
      CHECK(nested.density(level) == Approx(density));
      CHECK(density >= last_density);
      CHECK(nested.levels_within(density + 1e-9) > level);
      CHECK(nested.levels_within(density - 1e-9) <= level);
      last_density = density;
    }
  }
}

TEST_CASE("Diagonals far from the query are found and kept") {
  // Query i's score of key i − 640 is 20, of all others within ±3: a window holds nothing of it.
  const Index n = 1500, shift = 640;
  FloatMatrix q = random_rows(44, n, 32), k(n, 32);
  k << q.bottomRows(n - shift), random_rows(45, shift, 32);
  const FloatMatrix v = random_rows(46, n, 32);
  q *= 20 / (32.0f / 3) * std::sqrt(32.0f);
  const HeadReport report = attention_of(Recipe::calibrated)(q.bottomRows(n - shift), k, v).heads[0];
  REQUIRE_FALSE(report.pattern.dense);
  CHECK(report.density < 0.2);
  CHECK(report.mass.mean > 0.95);
}

TEST_CASE("A budget bounds the density, and the report says what is kept within it") {
  const PlantedHead head(1500, 16, {100, 500}, 4);
  double last = 0;
  for (const double budget : {0.1, 0.25, 0.6}) {
    const SampleAttention attention(Direction::causal, {.mass = 1, .budget = budget});
    const HeadReport report = attention(head.q, head.k, head.v).heads[0];
    CHECK_FALSE(report.pattern.dense);
    CHECK(report.density <= budget);
    CHECK(report.mass.mean > last);
    const auto masses = true_masses(head, report.pattern);
    const double mean = std::accumulate(masses.begin(), masses.end(), 0.0) / static_cast<double>(masses.size());
    CHECK(std::abs(report.mass.mean - mean) < 4 * report.mass.standard_error);
    last = report.mass.mean;
  }
  const SampleAttention least(Direction::causal, {.sinks = 1, .budget = 1e-6});
  const HeadPattern pattern = least(head.q, head.k, head.v).heads[0].pattern;
  REQUIRE(pattern.slashes.size() == 1);
  CHECK(pattern.slashes[0].width == 64);
  CHECK(pattern.columns.front() == 0);
}

TEST_CASE("A head whose weights are spread evenly is computed densely, and says so") {
  const FloatMatrix q = random_rows(41, 1000, 16), k = random_rows(42, 1000, 16), v = random_rows(43, 1000, 16);
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const SampledAttention sampled = SampleAttention(direction)(q, k, v);
    CHECK(sampled.heads[0].pattern.dense);
    CHECK(sampled.density() == 1);
    CHECK((sampled.output == DenseAttention(direction)(q, k, v)));
  }
}

TEST_CASE("Each head finds its own pattern and is attended under it, the same for any number of threads") {
  const PlantedHead a(900, 16, {100, 200}), b(900, 16, {400, 50}, 0.5, 77);
  FloatMatrix q(900, 32), k(900, 32), v(900, 32);
  q << a.q, b.q;
  k << a.k, b.k;
  v << a.v, b.v;
  const auto run = [&](Index threads) {
    return SampleAttention(Direction::causal, {.seed = 5}, {.threads = threads})({q, 2}, {k, 2}, {v, 2});
  };
  const SampledAttention one = run(1), three = run(3);
  CHECK((one.output == three.output));
  CHECK(one.heads[0].pattern.columns == three.heads[0].pattern.columns);
  CHECK(one.heads[1].pattern.columns == three.heads[1].pattern.columns);
  CHECK(one.heads[0].pattern.columns != one.heads[1].pattern.columns);
  std::vector<BandedMask> masks;
  for (const HeadReport& head : one.heads) masks.push_back(head.pattern.mask(Direction::causal, 900, 900));
  CHECK((sparse_attention({q, 2}, {k, 2}, {v, 2}, masks).output == one.output));
}

TEST_CASE("A step of decoding is the last rows of the attention under the same patterns") {
  const PlantedHead head(800, 16, {100, 300});
  const SampleAttention attention;
  const auto heads = attention(head.q, head.k, head.v).heads;
  REQUIRE_FALSE(heads[0].pattern.dense);
  FloatMatrix k(830, 16), v(830, 16);
  k << head.k, random_rows(51, 30, 16);
  v << head.v, random_rows(52, 30, 16);
  const FloatMatrix q = random_rows(53, 3, 16);
  const Attended expected = sparse_attention(q, k, v, heads[0].pattern.mask(Direction::causal, 3, 830));
  CHECK(relative_error(attention.decode(q, k, v, heads), expected.output.cast<double>()) < 2e-6);
  const std::vector<HeadReport> all(1);
  CHECK(relative_error(attention.decode(q, k, v, all), DenseAttention()(q, k, v).cast<double>()) < 2e-6);
}

TEST_CASE("Sampled attention refuses shares that are none, and what dense attention refuses") {
  const auto refused = [](const SampleOptions& options) {
    return message_of<InvalidArgument>([&] { SampleAttention(Direction::causal, options); });
  };
  CHECK(refused({.mass = 0}) == "mass is 0, outside (0, 1]");
  CHECK(refused({.mass = 1.5}) == "mass is 1.5, outside (0, 1]");
  CHECK(refused({.row_ratio = -1}) == "row ratio is -1, outside (0, 1]");
  CHECK(refused({.window_ratio = 0}) == "window ratio is 0, outside (0, 1]");
  CHECK(refused({.budget = 0}) == "budget is 0, outside (0, 1]");
  CHECK(refused({.coverage = 1}) == "coverage is 1, outside (0, 1)");
  CHECK(refused({.confidence = std::numeric_limits<double>::quiet_NaN()}) == "confidence is nan, outside (0, 1)");
  CHECK(contains(refused({.sinks = -1}), "number of sinks is -1, outside [0, "));
  const FloatMatrix m = random_rows(61, 30, 4), none(0, 4);
  const SampleAttention attention;
  CHECK(contains(message_of<InvalidArgument>([&] { attention(none, m, m); }), "number of queries is 0"));
  CHECK(message_of<InvalidArgument>([&] { attention(m, m.topRows(20), m.topRows(20)); }) ==
        "number of queries is 30, outside [1, 20]");
  const std::vector<HeadReport> two(2), far{{{false, 4, {35}, {}}, 1, {}}};
  CHECK(message_of<InvalidArgument>([&] { attention.decode(m, m, m, two); }) ==
        "list of patterns has size 2, expected 1");
  CHECK(message_of<InvalidArgument>([&] { attention.decode(m, m, m, far); }) == "column 35 is outside [0, 30)");
  CHECK(message_of<InvalidArgument>([&] { attention.decode(m, m.topRows(20), m.topRows(20), far); }) ==
        "place of a query -10 is outside [0, 20)");
}

}  // namespace
