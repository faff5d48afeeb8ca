// Why e^y cannot be sketched: a game. Alice and Bob hold a quarter of n items each, and have one in common. Alice
// sends bytes; Bob adds his own items and names one by a draw in proportion to e^y. All of that weight is on the
// common item, so a small message that served would decide whether sets meet, which takes Ω(n) bits (arXiv
// 2510.03678, Theorem 4.4). Here her message is a CountSketch of fewer and of more bytes:
// it wins where it is larger than y.

#include <cmath>
#include <exception>
#include <iostream>
#include <numeric>
#include <string>
#include <turnstile/random/mix_hash.hpp>
#include <turnstile/sketch/count_sketch.hpp>
#include <turnstile/softmax/softmax_sampler.hpp>
#include <utility>
#include <vector>

#include "support/text.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using turnstile::Seed;

constexpr Index n = 1024, held = n / 4;
const double weight = 100 * std::log(static_cast<double>(n));

/// Alice's items begin with the one that both hold; Bob's end there, if they meet.
std::vector<Index> shuffled_items(Seed seed) {
  std::vector<Index> items(static_cast<std::size_t>(n));
  std::iota(items.begin(), items.end(), Index{0});
  const turnstile::MixHash words(turnstile::derive_seed(seed, "items"));
  for (std::size_t k = items.size() - 1; k > 0; --k) std::swap(items[k], items[words(k) % (k + 1)]);
  return items;
}

/// Whether Bob names the item that both hold.
bool play(turnstile::SketchShape shape, Seed seed) {
  const std::vector<Index> items = shuffled_items(seed);
  const auto feed = [&](turnstile::CountSketch<>& sketch, Index first) {
    for (Index k = first; k < first + held; ++k) sketch.update(items[static_cast<std::size_t>(k)], weight);
  };
  turnstile::CountSketch<> alice(shape, seed);
  feed(alice, 0);
  auto bob = turnstile::CountSketch<>::from_bytes(alice.to_bytes());  // all that she says
  feed(bob, held - 1);
  Eigen::VectorXd y(n);
  for (Index i = 0; i < n; ++i) y[i] = bob.estimate(i);
  return turnstile::SoftmaxSampler<>(y).sample(seed)->index == items[static_cast<std::size_t>(held - 1)];
}

}  // namespace

int main() try {
  constexpr int rounds = 40;
  std::cout << "n = " << grouped(n) << "; y itself takes " << bytes_text(8 * n) << '\n';
  print_row(std::cout, {12, 16}, {"message", "rounds won"});
  for (const Index buckets : {8, 64, 512, 4096, 16384}) {
    const turnstile::SketchShape shape{.rows = 11, .buckets = buckets};
    int won = 0;
    for (Seed seed = 0; seed < rounds; ++seed) won += play(shape, seed) ? 1 : 0;
    const auto bytes = static_cast<double>(turnstile::CountSketch<>(shape, 0).to_bytes().size());
    print_row(std::cout, {12, 16}, {bytes_text(bytes), std::to_string(won) + " of " + std::to_string(rounds)});
  }
} catch (const std::exception& error) {
  std::cerr << "softmax_wall: " << error.what() << '\n';
  return 1;
}
