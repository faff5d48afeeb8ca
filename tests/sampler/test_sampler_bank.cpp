#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/integer_stream.hpp"
#include "support/many_seeds.hpp"
#include "support/refusal.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

// SamplerBank: independent samplers of one stream.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index count = 4, rows = 60, columns = 3;
const SamplerOptions options{.seed = 9, .shape = {.rows = 3, .buckets = 64}};
const Eigen::Vector3d x(1, -2, 0.5);

// Feeds bank and lone samplers with the seeds of the bank's the same: their bytes must be the same.
template <class S, class Make, class Feed>
void check_equals_lone_samplers(SamplerBank<S> bank, const Make& make, const Feed& feed) {
  feed(bank);
  REQUIRE(bank.size() == count);
  for (Index k = 0; k < count; ++k) {
    SamplerOptions own = options;
    own.seed = bank[k].options().seed;
    S lone = make(own);
    feed(lone);
    CHECK((bank[k].to_bytes() == lone.to_bytes()));
  }
}

SamplerBank<L2Sampler<>> bank_of(const Updates<double>& updates, const SamplerOptions& with = options,
                                 Index size = count) {
  SamplerBank<L2Sampler<>> bank(size, with, rows);
  bank.update(updates.indices, updates.deltas);
  return bank;
}

// The bytes of all samplers.
template <class S>
std::vector<std::vector<std::byte>> states_of(const SamplerBank<S>& bank) {
  std::vector<std::vector<std::byte>> states;
  for (const S& sampler : bank) states.push_back(sampler.to_bytes());
  return states;
}

template <class E, class S, class Action>
std::string refusal(SamplerBank<S>& bank, const Action& action) {
  const auto before = states_of(bank);
  const std::string message = message_of<E>([&] { action(bank); });
  CHECK((states_of(bank) == before));
  return message;
}

// Draws of y = (1, 2, 3, 4, 5) by banks of two, seed by seed: the first sampler's and the second's.
constexpr std::size_t small = 5;
using Pair = std::array<std::size_t, 2>;

std::vector<Pair> pairs_drawn(long banks) {
  return for_many_seeds(banks, 1, [](Seed seed) {
    SamplerBank<L2Sampler<>> bank(2, {.seed = seed, .shape = {.rows = 3, .buckets = 64}}, Index{small});
    for (Index i = 0; i < Index{small}; ++i) bank.update(i, static_cast<double>(i + 1));
    Pair pair{small, small};
    const auto draws = bank.draws();
    for (std::size_t k = 0; k < 2; ++k)
      if (draws[k]) pair[k] = static_cast<std::size_t>(draws[k]->index);
    return pair;
  });
}

// χ² of the pairs' cells against the product of the law |y_i|²/‖y‖² with itself.
double independence_p_value(const std::vector<Pair>& pairs) {
  std::vector<double> observed(small * small), expected;
  for (const Pair& pair : pairs)
    if (pair[0] < small && pair[1] < small) ++observed[pair[0] * small + pair[1]];
  for (std::size_t i = 1; i <= small; ++i)
    for (std::size_t j = 1; j <= small; ++j) expected.push_back(static_cast<double>(i * i * j * j));
  return chi_square_test(observed, expected).p_value;
}

}  // namespace

TEST_CASE("The seeds of a bank are derived, and shared with no other bank", "[bank]") {
  std::set<Seed> seen;
  for (Seed seed = 0; seed < 50; ++seed) {
    const SamplerBank<L2Sampler<>> bank(8, {.seed = seed, .shape = {1, 1}}, Index{1});
    for (Index k = 0; k < bank.size(); ++k) {
      CHECK(bank[k].options().seed == derive_seed(seed, "sampler bank", static_cast<std::uint64_t>(k)));
      seen.insert(bank[k].options().seed);
    }
    CHECK(bank.options().seed == seed);
  }
  CHECK(seen.size() == 50 * 8);
}

TEST_CASE("A bank's updates reach every sampler as if it stood alone", "[bank]") {
  const auto stream = integer_stream<double>(rows, 100, 1);
  check_equals_lone_samplers<L2Sampler<>>(
      {count, options, rows}, [](const SamplerOptions& own) { return L2Sampler<>(rows, own); },
      [&](auto& target) {
        target.update(Index{5}, 2.5);
        target.update(stream.indices, stream.deltas);
        target.update(std::span<const Index>(stream.indices), std::span<const double>(stream.deltas));
        target.update(Eigen::Vector2<Index>(1, 2), Eigen::Vector2d(3, 4));
      });
  check_equals_lone_samplers<FixedVectorSampler<>>(
      {count, options, rows, x}, [](const SamplerOptions& own) { return FixedVectorSampler<>(rows, x, own); },
      [](auto& target) {
        target.update(Index{5}, Index{1}, 2.5);
        target.update(std::vector<Index>{1, 2}, std::vector<Index>{0, 2}, std::vector<double>{3, 4});
        target.update_row(Index{7}, Eigen::RowVector3d(1, 2, 3));
      });
  const Eigen::MatrixXd a = integer_matrix(rows, columns, 1);
  check_equals_lone_samplers<FixedMatrixSampler<>>(
      {count, options, a}, [&](const SamplerOptions& own) { return FixedMatrixSampler<>(a, own); },
      [](auto& target) {
        target.update(Index{1}, 2.5);
        target.update(x);
      });
  check_equals_lone_samplers<DynamicSampler<>>(
      {count, options, rows, columns}, [](const SamplerOptions& own) { return DynamicSampler<>(rows, columns, own); },
      [](auto& target) {
        target.update_matrix(Index{5}, Index{1}, 2.5);
        target.update_matrix_row(Index{6}, Eigen::RowVector3d(1, 2, 3));
        target.update_vector(Index{2}, 4.0);
        target.update_vector(x);
      });
  const Eigen::Matrix3d core = Eigen::Matrix3d::Identity();
  check_equals_lone_samplers<FactoredKroneckerSampler<>>(
      {count, options, rows, rows, core},
      [&](const SamplerOptions& own) { return FactoredKroneckerSampler<>(rows, rows, core, own); },
      [](auto& target) {
        target.update_left(Index{5}, Index{1}, 2.5);
        target.update_left_row(Index{6}, Eigen::RowVector3d(1, 2, 3));
        target.update_right(Index{7}, Index{2}, -1.5);
        target.update_right_row(Index{8}, Eigen::RowVector3d(3, 2, 1));
        target.update_core(Index{0}, Index{2}, 4.0);
      });
}

TEST_CASE("A bank returns one draw a sampler, and the first as its own", "[bank]") {
  const auto bank = bank_of(integer_stream<double>(rows, 100, 2));
  const auto draws = bank.draws();
  REQUIRE(draws.size() == std::size_t{count});
  std::size_t k = 0;
  for (const auto& sampler : bank) {
    REQUIRE(draws[k]);
    CHECK(draws[k]->index == sampler.sample()->index);
    CHECK(draws[k]->value == sampler.sample()->value);
    ++k;
  }
  CHECK(bank.sample()->index == draws[0]->index);
}

// One row of one bucket: nothing stands above its noise, but for a y of one coordinate.
TEST_CASE("A bank fails when all its samplers do, and not when one draws", "[bank]") {
  SamplerBank<L2Sampler<>> hopeless(count, {.seed = 1, .shape = {1, 1}}, rows);
  CHECK(hopeless.sample().outcome() == Outcome::zero);
  for (Index i = 0; i < rows; ++i) hopeless.update(i, 1.0);
  CHECK(hopeless.sample().outcome() == Outcome::failed);

  using Repeated = L2Sampler<double, Policies<UniformScaling, TreeRecovery, MixHash, ThresholdAcceptance>>;
  SamplerBank<Repeated> rare(200, {.seed = 1, .epsilon = 0.5}, rows);
  rare.update(Index{17}, -3.0);
  const auto draws = rare.draws();
  const auto first = std::find_if(draws.begin(), draws.end(), [](const auto& draw) { return bool(draw); });
  REQUIRE((first != draws.begin() && first != draws.end()));
  CHECK(rare.sample()->index == 17);
  CHECK(rare.sample()->value == (*first)->value);
}

TEST_CASE("Banks are added and subtracted sampler by sampler", "[bank]") {
  const auto stream = integer_stream<double>(rows, 100, 3);
  const auto first = bank_of(stream.part(0, 40)), second = bank_of(stream.part(40, 100)), whole = bank_of(stream);
  auto sum = first;
  sum += second;
  for (Index k = 0; k < count; ++k) {
    auto lone = first[k];
    lone += second[k];
    CHECK((sum[k].to_bytes() == lone.to_bytes()));
    CHECK(sum[k].sample()->index == whole[k].sample()->index);
  }
  sum -= whole;
  for (const auto& result : sum.draws()) CHECK(result.outcome() == Outcome::zero);
  CHECK(sum.sample().outcome() == Outcome::zero);
  auto cleared = whole;
  cleared.clear();
  CHECK((states_of(cleared) == states_of(bank_of({}))));
}

TEST_CASE("Banks of another count, seed, dimension or operand are not added", "[bank][bad input]") {
  auto bank = bank_of(integer_stream<double>(rows, 50, 4));
  const auto refused = [](auto& to, const auto& other, const std::string& field) {
    for (const bool plus : {true, false}) {
      const std::string message = refusal<IncompatibleSketch>(to, [&](auto& b) { plus ? b += other : b -= other; });
      INFO(message);
      CHECK(contains(message, field));
    }
  };
  SamplerOptions other_seed = options;
  other_seed.seed = 10;
  refused(bank, bank_of({}, options, count + 1), "fixed operand is ");
  refused(bank, bank_of({}, options, count - 1), "fixed operand is ");
  refused(bank, bank_of({}, other_seed), "seed is 10, expected 9");
  refused(bank, SamplerBank<L2Sampler<>>(count, options, rows + 1), "dimension is 61, expected 60");
  SamplerBank<FixedVectorSampler<>> of_x(count, options, rows, x);
  refused(of_x, SamplerBank<FixedVectorSampler<>>(count, options, rows, (-x).eval()), "fixed operand is ");
}

TEST_CASE("Banks without samplers, or with too many or bad ones, are refused", "[bank][bad input]") {
  const auto refused = [](Index size, Index n) {
    return message_of<InvalidArgument>([&] { SamplerBank<L2Sampler<>> bank(size, options, n); });
  };
  CHECK(contains(refused(0, rows), "number of samplers is 0"));
  CHECK(contains(refused(-1, rows), "number of samplers is -1"));
  CHECK(contains(refused(std::numeric_limits<Index>::max(), rows), "number of samplers is 9223372036854775807"));
  CHECK(contains(refused(3, 0), "dimension is 0"));
  const auto bank = bank_of({});
  CHECK(contains(message_of<InvalidArgument>([&] { bank[count]; }), "sampler 4 "));
  CHECK(contains(message_of<InvalidArgument>([&] { bank[-1]; }), "sampler -1 "));
}

TEST_CASE("An update that no sampler takes changes no sampler of a bank", "[bank][bad input]") {
  auto bank = bank_of(integer_stream<double>(rows, 50, 5));
  CHECK(contains(refusal<InvalidArgument>(bank, [](auto& b) { b.update(rows, 1.0); }), "index 60 "));
  CHECK(contains(refusal<InvalidArgument>(bank, [](auto& b) { b.update(Index{1}, 1e308); }), "pass the range of"));
  SamplerBank<FixedVectorSampler<>> of_x(count, options, rows, x);
  const auto short_row = [](auto& b) { b.update_row(Index{1}, Eigen::Vector2d(1, 1)); };
  CHECK(contains(refusal<InvalidArgument>(of_x, short_row), "size 2, expected 3"));
}

TEST_CASE("A bank knows its memory and describes itself", "[bank]") {
  const auto bank = bank_of({});
  CHECK(bank.memory_bytes() >= count * bank[0].memory_bytes());
  CHECK(bank.memory_bytes() <= count * bank[0].memory_bytes() + 1024);
  std::ostringstream text;
  text << bank;
  CHECK(contains(text.str(), "SamplerBank of 4"));
  CHECK(bank.identity().kind == "SamplerBank of L2Sampler");
}

// Quantity: pairs of indices drawn from y = (1, 2, 3, 4, 5) by two samplers of a bank, and by the first
// samplers of banks of successive seeds. Law: independent, each y_i²/‖y‖². χ² on 25 cells, 20 000 pairs of
// each kind. Seen: a correlation of 4 % (noncentrality 20 000·0.04² = 32 on 24 degrees). Turns red: every
// sampler with the bank's own seed; seeds options.seed + k, which successive banks share.
TEST_CASE("Draws of a bank's samplers are independent", "[bank][law]") {
  const auto pairs = pairs_drawn(trials(20'000));
  const auto failed =
      std::ranges::count_if(pairs, [](const Pair& pair) { return pair[0] == small || pair[1] == small; });
  CHECK(static_cast<double>(failed) <= 0.01 * static_cast<double>(pairs.size()));
  CHECK(independence_p_value(pairs) >= significance::each_of(significance::law, 2));

  std::vector<Pair> neighbours;  // the second of a bank, the first of the next
  for (std::size_t k = 0; k + 1 < pairs.size(); ++k) neighbours.push_back({pairs[k][1], pairs[k + 1][0]});
  CHECK(independence_p_value(neighbours) >= significance::each_of(significance::law, 2));
}
