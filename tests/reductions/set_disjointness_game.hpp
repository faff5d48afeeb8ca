#pragma once

#include <turnstile/core/draw.hpp>
#include <turnstile/random/mix_hash.hpp>

#include "game_score.hpp"
#include "support/streams.hpp"

#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

namespace turnstile::testing {

// SetDisj_n through a sampler of e^{y_i}, the proof of Theorem 4.4 of arXiv 2510.03678: Alice feeds
// 100·C·ln n · 1_A and sends the state, Bob adds 100·C·ln n · 1_B and draws i. He tells her i and whether it is in
// B, which takes log₂ n + 1 bits more: the sets meet if i is in both. C = 1.
//
// The promise is that |A ∩ B| is 0 or 1, with A_i = B_i = 1 at the common element (the proof's A_i = B_i = 0 is a
// slip). Here |A| = |B| = n/4, placed at random, as in the bound's proof (Razborov 1992).
//
// Sampler: update(i, Δ), sample() or sample(coins), to_bytes() and from_bytes().
template <class Sampler>
class SetDisjointnessGame {
 public:
  using Set = std::set<Index>;

  // `empty` makes the sampler of y = 0 ∈ ℝⁿ for a seed.
  SetDisjointnessGame(Index n, std::function<Sampler(Seed)> empty) : n_(n), empty_(std::move(empty)) {}

  // |A| = |B|
  Index set_size() const { return n_ / 4; }
  // 100·C·ln n
  double weight() const { return 100 * std::log(static_cast<double>(n_)); }

  // Rounds with |A ∩ B| = common.
  Score play(Index common, long rounds, Seed first) const {
    return score_of(rounds, first, [&](Seed seed) {
      const auto [a, b] = sets(common, seed);
      const Message message = state_of(a, seed);
      const Index drawn = draw(message, b, seed);
      return Round{(a.contains(drawn) && b.contains(drawn)) == (common > 0), message.size()};
    });
  }

  // All that Alice sends.
  Message state_of(const Set& a, Seed seed) const {
    Sampler sampler = empty_(seed);
    feed(sampler, a);
    return sampler.to_bytes();
  }

  // Bob's index, or −1.
  Index draw(const Message& message, const Set& b, Seed seed) const {
    Sampler sampler = Sampler::from_bytes(message);
    feed(sampler, b);
    const auto result = [&] {
      if constexpr (requires { sampler.sample(seed); })
        return sampler.sample(derive_seed(seed, "Bob's coins"));
      else
        return sampler.sample();
    }();
    return result ? result->index : Index{-1};
  }

  std::pair<Set, Set> sets(Index common, Seed seed) const {
    const auto size = static_cast<std::size_t>(n_);
    Stream<double> elements{std::vector<Index>(size), std::vector<double>(size)};
    std::iota(elements.indices.begin(), elements.indices.end(), Index{0});
    elements = shuffled(std::move(elements), derive_seed(seed, "sets"));
    const auto first = elements.indices.begin(), second = first + set_size() - common;
    return {Set(first, first + set_size()), Set(second, second + set_size())};
  }

 private:
  void feed(Sampler& sampler, const Set& set) const {
    for (Index i : set) sampler.update(i, static_cast<typename Sampler::scalar_type>(weight()));
  }

  Index n_;
  std::function<Sampler(Seed)> empty_;
};

}  // namespace turnstile::testing
