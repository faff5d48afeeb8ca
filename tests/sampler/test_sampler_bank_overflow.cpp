#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/refused_unchanged.hpp"

#include <algorithm>
#include <limits>
#include <vector>

// Updates of a SamplerBank at the end of the counters' range, where samplers of some seeds take a change and
// others do not.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index count = 4, rows = 60, columns = 3;

SamplerOptions options_of(Seed seed) { return {.seed = seed, .shape = {1, 1}}; }

// What holds the counters that change: of a product of factors, the sampler of the one that is not zero.
template <class S>
const auto& changing(const S& sampler) {
  if constexpr (requires { sampler.tensor(); })
    return sampler.tensor().factor(sampler.tensor().factor(0).streamed().scaled.largest() > 0 ? 0 : 1);
  else
    return sampler;
}

template <class S>
double largest_counter(const S& sampler) {
  if constexpr (requires { changing(sampler).streamed(); })
    return changing(sampler).streamed().scaled.largest();
  else
    return sampler.image().scaled.largest();  // with x = e_0 the image of column 0
}

// Doubles the state, where two factors are streams that of one.
template <class Bank>
void double_up(Bank& bank) {
  if constexpr (requires { bank.merge_matrix(bank); })
    bank.merge_matrix(bank);
  else
    bank += bank;
}

// Banks whose state is doubled by merges until they hold no more, and which then are given changes of |mass|
// that their first sampler would take, but not the one with the largest counter: make(seed) is a bank, feed(bank,
// change) updates it.
template <class Make, class Feed>
void check_all_or_nothing(const Make& make, const Feed& feed) {
  int seen = 0;
  for (Seed seed = 1; seed <= 20; ++seed) {
    auto bank = make(seed);
    feed(bank, 1.0F);
    while (message_of<CounterOverflow>([&] { double_up(bank); }) == "(nothing was thrown)") continue;
    const double first = largest_counter(bank[0]);
    double most = 0;
    for (const auto& sampler : bank) most = std::max(most, largest_counter(sampler));
    if (!(first < 0.9 * most)) continue;
    ++seen;
    const double room = std::numeric_limits<float>::max() - (first + most) / 2;
    const auto change = static_cast<float>(room / changing(bank[0]).linear_map().largest_scale());
    auto lone = bank[0];
    REQUIRE_NOTHROW(feed(lone, change));
    CHECK(contains(refusal<CounterOverflow>(bank, [&](auto& b) { feed(b, change); }), "could pass the range of"));
    CHECK_NOTHROW(feed(bank, change * static_cast<float>((std::numeric_limits<float>::max() - most) / room / 2)));
  }
  CHECK(seen >= 5);
}

}  // namespace

TEST_CASE("A bank of samplers of a vector takes an update in all of them, or in none", "[bank][bad input]") {
  const auto make = [](Seed seed) { return SamplerBank<L2Sampler<float>>(count, options_of(seed), rows); };
  check_all_or_nothing(make, [](auto& bank, float change) { bank.update(Index{7}, change); });
  check_all_or_nothing(make, [](auto& bank, float change) {
    bank.update(std::vector<Index>{7, 7}, std::vector<float>{change / 2, change / 2});
  });
  check_all_or_nothing(make, [](auto& bank, float change) {
    bank.update(Eigen::Vector2<Index>(7, 7), Eigen::Vector2f(change / 2, change / 2));
  });
}

TEST_CASE("A bank of samplers of a product takes an update in all of them, or in none", "[bank][bad input]") {
  const auto fixed = [](Seed seed) {
    return SamplerBank<FixedVectorSampler<float>>(count, options_of(seed), rows, Eigen::Vector3d(1, 0, 0));
  };
  check_all_or_nothing(fixed, [](auto& bank, float change) { bank.update(Index{7}, Index{0}, change); });
  check_all_or_nothing(fixed, [](auto& bank, float change) {
    bank.update(std::vector<Index>{7}, std::vector<Index>{0}, std::vector<float>{change});
  });
  check_all_or_nothing(fixed,
                       [](auto& bank, float change) { bank.update_row(Index{7}, Eigen::RowVector3f(change, 0, 0)); });
  const auto dynamic = [](Seed seed) {
    SamplerBank<DynamicSampler<float>> bank(count, options_of(seed), rows, columns);
    bank.update_vector(Index{0}, 1.0F);
    return bank;
  };
  check_all_or_nothing(dynamic, [](auto& bank, float change) { bank.update_matrix(Index{7}, Index{0}, change); });
  check_all_or_nothing(
      dynamic, [](auto& bank, float change) { bank.update_matrix_row(Index{7}, Eigen::RowVector3f(change, 0, 0)); });
}

TEST_CASE("A bank of samplers of rows takes an update in all of them, or in none", "[bank][bad input]") {
  const auto make = [](Seed seed) { return SamplerBank<RowSampler<float>>(count, options_of(seed), rows, columns); };
  check_all_or_nothing(make, [](auto& bank, float change) { bank.update(Index{7}, Index{1}, change); });
  check_all_or_nothing(make,
                       [](auto& bank, float change) { bank.update_row(Index{7}, Eigen::RowVector3f(0, change, 0)); });
}

TEST_CASE("A bank of samplers of two factors takes an update in all of them, or in none", "[bank][bad input]") {
  const auto make = [](Seed seed) {
    return SamplerBank<FactoredKroneckerSampler<float>>(count, options_of(seed), rows, rows, Eigen::Matrix3d::Zero());
  };
  check_all_or_nothing(make, [](auto& bank, float change) { bank.update_left(Index{7}, Index{1}, change); });
  check_all_or_nothing(make, [](auto& bank, float change) { bank.update_right(Index{7}, Index{1}, change); });
  check_all_or_nothing(
      make, [](auto& bank, float change) { bank.update_left_row(Index{7}, Eigen::RowVector3f(0, change, 0)); });
  check_all_or_nothing(
      make, [](auto& bank, float change) { bank.update_right_row(Index{7}, Eigen::RowVector3f(0, change, 0)); });
}
