#include <turnstile/attention/sample_attention.hpp>
#include <turnstile/attention/vertical_slash_pattern.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "attention/attention_reference.hpp"
#include "attention/mask_pairs.hpp"
#include "attention/planted_head.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Softmax weights of some queries, as their definition says.
Eigen::MatrixXd reference_weights(Direction direction, const FloatMatrix& q, const FloatMatrix& k, Index first) {
  Eigen::MatrixXd weights = Eigen::MatrixXd::Zero(q.rows(), k.rows());
  const double scale = 1 / std::sqrt(static_cast<double>(q.cols()));
  for (Index i = first; i < q.rows(); ++i) {
    for (Index j = 0; j < k.rows(); ++j)
      if (sees(direction, q.rows(), k.rows(), i, j))
        weights(i, j) = std::exp(scale * q.row(i).cast<double>().dot(k.row(j).cast<double>()));
    weights.row(i) /= weights.row(i).sum();
  }
  return weights;
}

// The mass of a diagonal.
double diagonal_mass(const Eigen::MatrixXd& weights, Index distance) {
  double mass = 0;
  for (Index i = 0; i < weights.rows(); ++i) {
    const Index j = i + weights.cols() - weights.rows() - distance;
    if (j >= 0 && j < weights.cols()) mass += weights(i, j);
  }
  return mass;
}

bool has_distance(const HeadPattern& pattern, Index distance) {
  return std::any_of(pattern.slashes.begin(), pattern.slashes.end(), [&](const Slash& slash) {
    return slash.distance <= distance && distance < slash.distance + slash.width;
  });
}

TEST_CASE("A vertical-slash pattern has the columns and diagonals that the last queries weigh most") {
  const Index queries = 150, keys = 180;
  const FloatMatrix q = random_rows(91, queries, 12, 4), k = random_rows(92, keys, 12, 2);
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const VerticalSlashOptions options{.verticals = 20, .slashes = 25, .queries = 16, .sinks = 3, .nearest = 5};
    const HeadPattern pattern = vertical_slash_pattern(direction, q, k, options);
    const auto weights = reference_weights(direction, q, k, queries - 16);
    REQUIRE(pattern.columns.size() == 20);
    CHECK(std::is_sorted(pattern.columns.begin(), pattern.columns.end()));
    double least_kept = 1e9, most_left = 0;
    for (Index j = 3; j < keys; ++j) {
      const bool kept = std::binary_search(pattern.columns.begin(), pattern.columns.end(), j);
      double& bound = kept ? least_kept : most_left;
      const double mass = weights.col(j).sum();
      bound = kept ? std::min(bound, mass) : std::max(bound, mass);
    }
    CHECK(least_kept > most_left);
    for (Index sink = 0; sink < 3; ++sink) CHECK(pattern.columns[static_cast<std::size_t>(sink)] == sink);

    const Index near = direction == Direction::causal ? 0 : -2;  // five diagonals around the query, or up to it
    const Index first = direction == Direction::causal ? 0 : 1 - queries;
    Index count = 0;
    least_kept = 1e9, most_left = 0;
    for (Index distance = first; distance < keys; ++distance) {
      const bool kept = has_distance(pattern, distance);
      count += kept;
      if (distance >= near && distance < near + 5) {
        CHECK(kept);
        continue;
      }
      double& bound = kept ? least_kept : most_left;
      const double mass = diagonal_mass(weights, distance);
      bound = kept ? std::min(bound, mass) : std::max(bound, mass);
    }
    CHECK(count == 25);
    CHECK(least_kept > most_left);
  }
}

TEST_CASE("A vertical-slash pattern with budgets for everything is dense") {
  const FloatMatrix q = random_rows(93, 40, 8), k = random_rows(94, 50, 8);
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const HeadPattern pattern = vertical_slash_pattern(direction, q, k);
    CHECK((pairs_of(pattern.mask(direction, 40, 50)) == pairs_of(BandedMask(direction, 40, 50))));
  }
}

TEST_CASE("A vertical-slash pattern refuses budgets that leave a query without keys, and more than one head") {
  const FloatMatrix m = random_rows(95, 30, 4);
  const auto refused = [&](const VerticalSlashOptions& options) {
    return message_of<InvalidArgument>([&] { vertical_slash_pattern(Direction::causal, m, m, options); });
  };
  CHECK(contains(refused({.queries = 0}), "number of last queries is 0, outside [1, "));
  CHECK(refused({.verticals = 10}) == "number of sinks is 30, outside [0, 10]");
  CHECK(refused({.slashes = 10}) == "number of nearest diagonals is 30, outside [1, 10]");
  CHECK(refused({.nearest = 0}) == "number of nearest diagonals is 0, outside [1, 6096]");
  CHECK(refused({.sinks = -1}) == "number of sinks is -1, outside [0, 1000]");
  CHECK(message_of<InvalidArgument>([&] {
          vertical_slash_pattern(Direction::causal, {m, 2}, {m, 2});
        }) == "number of heads is 2, outside [1, 1]");
  CHECK(message_of<InvalidArgument>([&] { vertical_slash_pattern(Direction::causal, m, m.topRows(20)); }) ==
        "number of queries is 30, outside [1, 20]");
}

TEST_CASE("The segmented recipe keeps the shares that it is asked for, of the tails of its segments") {
  // Each direction by itself: what its blocks have of the rows that it looks at is the share asked for or more, and no
  // longer so without the lightest block of them.
  const PlantedHead head(1500, 16, {100, 500}, 4);
  const Index block = detail::SegmentPattern<>::block, tail = detail::SegmentPattern<>::tail;
  const SampleOptions options{
      .recipe = Recipe::segmented, .row_ratio = 0.1, .sinks = 0, .column_mass = 0.7, .slash_mass = 0.8};
  const HeadPattern pattern = SampleAttention(Direction::causal, options)(head.q, head.k, head.v).heads[0].pattern;
  Eigen::MatrixXd weights = reference_weights(Direction::causal, head.q, head.k, 0);
  const Index segments = 4;  // 150 rows are four tails of 32
  for (Index s = 0; s < segments; ++s) {
    const Index begin = s * 1500 / segments, end = (s + 1) * 1500 / segments;
    weights.middleRows(begin, end - begin - tail).setZero();
  }
  const double all = static_cast<double>(segments * tail);
  CHECK(weights.sum() == Approx(all));
  const auto check = [&](const auto& kept_mass_of_block, Index blocks, double share) {
    double kept = 0, lightest = 1e9, heaviest_left = 0;
    for (Index b = 0; b < blocks; ++b) {
      const auto [is_kept, mass] = kept_mass_of_block(b);
      if (is_kept)
        kept += mass, lightest = std::min(lightest, mass);
      else
        heaviest_left = std::max(heaviest_left, mass);
    }
    CHECK(kept >= share * all * (1 - 1e-5));
    CHECK(kept - lightest < share * all);
    CHECK(lightest > heaviest_left);
  };
  const Index blocks = (1500 + block - 1) / block;
  check(
      [&](Index b) {
        const Index size = std::min(block, 1500 - b * block);
        const bool kept = std::binary_search(pattern.columns.begin(), pattern.columns.end(), b * block);
        for (Index j = b * block; j < b * block + size; ++j)
          CHECK(std::binary_search(pattern.columns.begin(), pattern.columns.end(), j) == kept);
        return std::pair(kept, weights.middleCols(b * block, size).sum());
      },
      blocks, 0.7);
  check(
      [&](Index b) {
        double mass = 0;
        for (Index t = b * block; t < std::min((b + 1) * block, Index{1500}); ++t) mass += diagonal_mass(weights, t);
        return std::pair(has_distance(pattern, b * block), mass);
      },
      blocks, 0.8);
}

TEST_CASE("The segmented recipe leaves no query without keys, finds stripes, and reports what it computed") {
  const PlantedHead head(2000, 32, {40, 333, 1100});
  for (const Direction direction : {Direction::causal, Direction::bidirectional}) {
    const SampleOptions options{.recipe = Recipe::segmented};
    const SampledAttention sampled = SampleAttention(direction, options)(head.q, head.k, head.v);
    const HeadReport& report = sampled.heads[0];
    CHECK(report.density < 1);
    CHECK(report.mass.mean > 0.8);
    CHECK(report.mass.rows == 64);
    for (const Index stripe : head.stripes)
      CHECK(std::binary_search(report.pattern.columns.begin(), report.pattern.columns.end(), stripe));
    const Attended again = sparse_attention(head.q, head.k, head.v, report.pattern.mask(direction, 2000, 2000));
    CHECK((sampled.output == again.output));
    const SampleOptions least{.recipe = Recipe::segmented, .sinks = 0, .column_mass = 1e-9, .slash_mass = 1e-9};
    const HeadReport smallest = SampleAttention(direction, least)(head.q, head.k, head.v).heads[0];
    CHECK(has_distance(smallest.pattern, 0));
    CHECK(smallest.density < 0.3);
  }
}

TEST_CASE("The segmented recipe refuses shares that are none") {
  const auto refused = [](const SampleOptions& options) {
    return message_of<InvalidArgument>([&] { SampleAttention(Direction::causal, options); });
  };
  CHECK(refused({.column_mass = 0}) == "column mass is 0, outside (0, 1]");
  CHECK(refused({.slash_mass = 1.5}) == "slash mass is 1.5, outside (0, 1]");
}

}  // namespace
