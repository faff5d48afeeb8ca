#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/pair_law.hpp"
#include "support/refusal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

// Several draws of one FactoredKroneckerSampler or FactoredTensorSampler: with and without replacement, the heaviest.

using namespace turnstile;
using namespace turnstile::testing;

static_assert(Sampler<FactoredKroneckerSampler<>> && Sampler<FactoredTensorSampler<float>>);

namespace {

using Pair = std::pair<Index, Index>;

constexpr FactorSizes small{6, 5, 3, 2};

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {.rows = 5, .buckets = 512}}; }

FactoredKroneckerSampler<> sampler_of(const Factors& factors, Seed seed) {
  return {factors.left, factors.right, factors.core, options_of(seed)};
}

template <class D>
std::vector<Pair> pairs_of(const std::vector<D>& draws) {
  std::vector<Pair> pairs;
  for (const D& draw : draws) pairs.emplace_back(draw.row, draw.col);
  return pairs;
}

std::set<Pair> support_of(const Eigen::MatrixXd& y) {
  std::set<Pair> support;
  for (Index i = 0; i < y.rows(); ++i)
    for (Index c = 0; c < y.cols(); ++c)
      if (y(i, c) != 0) support.emplace(i, c);
  return support;
}

// When the entries of Y arrive: in each row, waits are counted from that row's first.
Eigen::MatrixXd arrival_times(const FactoredKroneckerSampler<>& sampler, const Eigen::MatrixXd& y) {
  const auto arrival = [](double magnitude, double scale) { return 1 / std::pow(magnitude * scale, 2); };
  Eigen::MatrixXd times(y.rows(), y.cols());
  for (Index i = 0; i < y.rows(); ++i) {
    for (Index c = 0; c < y.cols(); ++c)
      times(i, c) = arrival(std::abs(y(i, c)), sampler.tensor().factor(1).linear_map().scale(c));
    const double first = times.row(i).minCoeff();
    times.row(i).array() += arrival(y.row(i).norm(), sampler.tensor().factor(0).linear_map().scale(i)) - first;
  }
  return times;
}

}  // namespace

TEST_CASE("Pairs without replacement exhaust a small support, each once", "[kronecker][verbs]") {
  for (const FactorFamily& family : {factor_families[0], factor_families[4], factor_families[5]}) {
    INFO(family.name);
    const Factors factors = family.make(small);
    const Eigen::MatrixXd y = factors.product();
    const auto support = support_of(y);
    for (Seed seed = 1; seed <= 10; ++seed) {
      INFO("seed " << seed);
      const auto sampler = sampler_of(factors, seed);
      const auto draws = sampler.sample_without_replacement(10 + std::ssize(support));
      const auto pairs = pairs_of(draws);
      CHECK(draws.size() == support.size());
      CHECK((std::set<Pair>(pairs.begin(), pairs.end()) == support));
      for (const auto& draw : draws) {
        const double exact = y(draw.row, draw.col);
        CHECK(static_cast<double>(draw.value) == Approx(exact));
        CHECK(draw.probability == Approx(exact * exact / y.squaredNorm()).epsilon(0.6));
      }
      const auto first = sampler.sample();
      REQUIRE(first);
      CHECK((pairs.front() == Pair(first->row, first->col)));
      CHECK(draws.front().value == first->value);
      CHECK(draws.front().probability == first->probability);
    }
  }
}

// A row's share is off by the norm sketch's error, of standard deviation √(2/768) at the most; five of those.
TEST_CASE("Pairs without replacement come in the order of their arrival", "[kronecker][verbs]") {
  const Factors factors = integer_factors(small);
  const Eigen::MatrixXd y = factors.product();
  const double tolerance = 1 - 5 * std::sqrt(2.0 / 768);
  for (Seed seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    const auto sampler = sampler_of(factors, seed);
    const Eigen::MatrixXd times = arrival_times(sampler, y);
    double latest = 0;
    for (const auto& draw : sampler.sample_without_replacement(y.size())) {
      const double time = times(draw.row, draw.col);
      CHECK(time >= tolerance * latest);
      latest = std::max(latest, time);
    }
  }
}

TEST_CASE("A shorter list of draws is the beginning of a longer one", "[kronecker][verbs]") {
  const auto sampler = sampler_of(integer_factors({60, 40, 4, 3}), 3);
  const auto all = pairs_of(sampler.sample_without_replacement(30));
  REQUIRE(all.size() == 30);
  for (Index k : {0, 1, 2, 7, 29}) {
    const auto draws = pairs_of(sampler.sample_without_replacement(k));
    CHECK((draws == std::vector<Pair>(all.begin(), all.begin() + k)));
  }
}

TEST_CASE("The heaviest pairs are the largest entries, largest first", "[kronecker][verbs]") {
  const Factors factors = integer_factors(small);
  const Eigen::MatrixXd y = factors.product();
  std::vector<double> sizes;
  for (const auto& [i, c] : support_of(y)) sizes.push_back(std::abs(y(i, c)));
  std::sort(sizes.rbegin(), sizes.rend());
  for (Seed seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    const auto sampler = sampler_of(factors, seed);
    const auto found = sampler.heaviest(y.size());  // all of them
    REQUIRE(found.size() == sizes.size());
    for (std::size_t k = 0; k < sizes.size(); ++k) CHECK(std::abs(found[k].value) == Approx(sizes[k]));
    CHECK(sampler.heaviest(3).size() == 3);
    CHECK(sampler.heaviest(0).empty());
    const auto giant = sampler_of(dominant_entry({60, 40, 4, 3}), seed).heaviest(1);
    REQUIRE(giant.size() == 1);
    CHECK((pairs_of(giant).front() == Pair(60 / 3, 40 / 2)));
  }
}

TEST_CASE("Nothing is drawn without replacement where nothing can be", "[kronecker][verbs][outcome]") {
  auto sampler = sampler_of(integer_factors(small), 1);
  sampler.clear();
  CHECK(sampler.sample_without_replacement(5).empty());
  CHECK(sampler.heaviest(5).empty());
  const Factors factors = integer_factors({60, 40, 4, 3});
  const FactoredKroneckerSampler<> hopeless(factors.left, factors.right, factors.core, {.seed = 1, .shape = {1, 1}});
  REQUIRE(hopeless.sample().outcome() == Outcome::failed);
  CHECK(hopeless.sample_without_replacement(5).empty());
  CHECK(hopeless.sample_with_replacement(5, 1).empty());
}

// 600 rows of like size in 256 buckets: some ten of them stand above the noise.
TEST_CASE("Draws without replacement end where the next cannot be trusted", "[kronecker][verbs][outcome]") {
  const Factors factors = integer_factors({600, 500, 4, 3});
  for (Seed seed = 1; seed <= 20; ++seed) {
    const FactoredKroneckerSampler<> sampler(factors.left, factors.right, factors.core,
                                             {.seed = seed, .shape = {5, 256}});
    const auto draws = sampler.sample_without_replacement(200);
    CHECK(draws.empty() == !sampler.sample());
    CHECK(draws.size() < 50);
    CHECK(sampler.sample_without_replacement(1000).size() == draws.size());
  }
}

TEST_CASE("Draws with replacement come back to their rows, and find others there", "[kronecker][verbs]") {
  const Factors factors = integer_factors(small);
  long returns = 0, others = 0;
  for (Seed seed = 1; seed <= 20; ++seed) {
    const auto sampler = sampler_of(factors, seed);
    const auto draws = pairs_of(sampler.sample_with_replacement(40, seed));
    REQUIRE(draws.size() == 40);
    CHECK((draws.front() == pairs_of(sampler.sample_without_replacement(1)).front()));
    CHECK((draws == pairs_of(sampler.sample_with_replacement(40, seed))));
    std::map<Index, Pair> last;  // of each row
    for (std::size_t k = 0; k < draws.size(); ++k) {
      const auto [place, first] = last.try_emplace(draws[k].first, draws[k]);
      if (!first && draws[k - 1].first != draws[k].first) ++returns;
      if (!first && place->second != draws[k]) ++others;
      place->second = draws[k];
    }
  }
  CHECK(returns > 20);
  CHECK(others > 20);
}

TEST_CASE("Entries of a tensor are drawn without replacement, each once", "[kronecker][verbs]") {
  const Eigen::MatrixXd a = integer_matrix(4, 2, 1), b = integer_matrix(3, 2, 2), c = integer_matrix(5, 2, 3);
  const Eigen::MatrixXd core = integer_matrix(4, 2, 4);  // X_{jk,l}
  for (Seed seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    FactoredTensorSampler<> sampler({4, 3, 5}, {2, 2, 2}, options_of(seed));
    for (Index i = 0; i < 4; ++i) sampler.update_row(0, i, a.row(i));
    for (Index i = 0; i < 3; ++i) sampler.update_row(1, i, b.row(i));
    for (Index i = 0; i < 5; ++i) sampler.update_row(2, i, c.row(i));
    for (Index j = 0; j < 4; ++j)
      for (Index l = 0; l < 2; ++l) sampler.update_core(std::array{j / 2, j % 2, l}, core(j, l));
    double largest = 0;
    std::set<std::vector<Index>> support, drawn;
    for (Index i = 0; i < 4; ++i)
      for (Index j = 0; j < 3; ++j)
        for (Index k = 0; k < 5; ++k) {
          const double y =
              Eigen::RowVector4d(a(i, 0) * b(j, 0), a(i, 0) * b(j, 1), a(i, 1) * b(j, 0), a(i, 1) * b(j, 1)) * core *
              c.row(k).transpose();
          if (y != 0) support.insert({i, j, k});
          largest = std::max(largest, std::abs(y));
        }
    const auto draws = sampler.sample_without_replacement(100);
    for (const auto& draw : draws) drawn.insert(draw.indices);
    CHECK(draws.size() == support.size());
    CHECK((drawn == support));
    CHECK(draws.front().indices == sampler.sample()->indices);
    CHECK(std::abs(sampler.heaviest(60).front().value) == Approx(largest));
  }
}

TEST_CASE("A negative number of draws of a product is refused", "[kronecker][verbs][bad input]") {
  const auto sampler = sampler_of(integer_factors(small), 1);
  const auto says = [](const auto& action) { return message_of<InvalidArgument>(action); };
  CHECK(contains(says([&] { (void)sampler.sample_without_replacement(-1); }), "number of draws is -1"));
  CHECK(contains(says([&] { (void)sampler.sample_with_replacement(-1, 1); }), "number of draws is -1"));
  CHECK(contains(says([&] { (void)sampler.heaviest(-1); }), "number of coordinates is -1"));
  CHECK(contains(says([&] { (void)sampler.heaviest(max_dimension); }), "number of coordinates is"));
}
