#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What one search of a sketch leaves to the next changes nothing but the time it takes.

using namespace turnstile;

namespace {

// The default search, starting afresh each time.
class ForgetfulTree {
 public:
  static std::string name() { return "forgetful " + TreeRecovery::name(); }
  ForgetfulTree(Index dimension, const SamplerOptions& options) : tree_(dimension, options) {}

  const std::vector<int>& shifts() const { return tree_.shifts(); }
  Index key(Index index) const { return tree_.key(index); }
  Index reading_level() const { return tree_.reading_level(); }

  template <class Operator, class Cells>
  std::optional<Candidate> heaviest(const Operator& op, const Cells& cells) const {
    return tree_.heaviest(op, cells);
  }

 private:
  TreeRecovery tree_;
};

template <class Policies>
std::vector<Draw<double>> draws_of(Seed seed, Index n, Index k) {
  L2Sampler<double, Policies> sampler(n, {.seed = seed, .shape = SketchShape::for_draws(n, k)});
  std::vector<Index> indices(static_cast<std::size_t>(n));
  std::iota(indices.begin(), indices.end(), Index{0});
  const std::vector<double> y(indices.size(), 1.0);
  sampler.update(indices, y);
  return sampler.sample_without_replacement(k);
}

std::vector<Index> sorted(std::vector<Index> values) {
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

TEST_CASE("Successive draws are those of searches that start afresh", "[verbs]") {
  constexpr Index n = 1 << 16, k = 30;
  for (Seed seed = 1; seed <= 8; ++seed) {
    const auto own = draws_of<DefaultPolicies>(seed, n, k);
    const auto afresh = draws_of<Policies<ExponentialScaling, ForgetfulTree>>(seed, n, k);
    INFO("seed " << seed);
    REQUIRE(own.size() == afresh.size());
    REQUIRE(own.size() > 1);
    for (std::size_t j = 0; j < own.size(); ++j) {
      CHECK(own[j].index == afresh[j].index);
      CHECK(own[j].value == afresh[j].value);
      CHECK(own[j].standard_error == afresh[j].standard_error);
    }
  }
}

// Three prefixes and more to a cell. Turns red: a mass that was not read again although one of its cells changed,
// be it by a key of another prefix.
TEST_CASE("Masses of prefixes that are kept are those that would be read", "[verbs]") {
  constexpr Index prefixes = 1 << 10;
  constexpr int bits_below = 6;
  const SketchOperator<MixHash> op({.rows = 5, .buckets = 300}, 1, {bits_below, 0});
  Counters<double> cells(op.cells());
  const MixHash words(2);
  const auto add = [&](Index key, double value) {
    op.for_each_row(std::span(&key, 1),
                    [&](std::size_t, const RowOfCells& row) { cells.add(row.cell(0), row.negative(0), value); });
  };
  for (Index key = 0; key < (prefixes << bits_below); key += 5)
    add(key, uniform_variate(words(static_cast<std::uint64_t>(key))));

  detail::PrefixMasses<double> kept;
  CHECK(kept.heaviest(op, cells, prefixes, prefixes).size() == static_cast<std::size_t>(prefixes));
  for (std::uint64_t turn = 0; turn < 40; ++turn) {
    for (const Index width : {1, 8, 32, 100, 500}) {
      detail::PrefixMasses<double> fresh;
      INFO("turn " << turn << ", width " << width);
      CHECK(sorted(kept.heaviest(op, cells, prefixes, width)) == sorted(fresh.heaviest(op, cells, prefixes, width)));
    }
    const auto key = static_cast<Index>(words(turn) % (std::uint64_t{prefixes} << bits_below));
    add(key, turn % 2 == 0 ? 300.0 : -20.0);
    kept.changed(key);
  }
}
