// Policies of one's own. A sampler hashes and scales as its policies say: here with a hash that some other system
// already uses, and with the textbook formula for the scale factor. What a policy must be is a concept;
// the rest of the library neither knows nor asks. Ten thousand samplers draw from one vector, whose law is known.

#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <limits>
#include <string>
#include <turnstile/random/mix_hash.hpp>
#include <turnstile/sampler/l2_sampler.hpp>

#include "support/text.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using turnstile::Seed;

/// Both halves of a 128-bit product, folded twice.
class FoldedHash {
 public:
  static constexpr std::uint64_t key_limit = std::numeric_limits<std::uint64_t>::max();
  static std::string name() { return "folded"; }  // enters the identity of every state

  explicit FoldedHash(Seed seed) : seed_(turnstile::derive_seed(seed, "folded hash")) {}
  std::uint64_t operator()(std::uint64_t key) const {
    return fold(fold(key ^ seed_, 0x9e3779b97f4a7c15) ^ (seed_ >> 1), 0xd6e8feb86659fd93);
  }

 private:
  static std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  std::uint64_t seed_;
};

/// (−ln u)^{−1/p}. The law of the default; not its bits, which no mathematical library decides.
class TextbookScaling {
 public:
  static std::string name() { return "textbook"; }
  explicit TextbookScaling(const turnstile::SamplerOptions& options) : power_(options.power) {}

  double operator()(std::uint64_t word) const { return std::pow(-std::log(uniform(word)), -1 / power_); }
  double largest() const { return std::pow(-std::log1p(-0x1p-53), -1 / power_); }

 private:
  static double uniform(std::uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }
  double power_;
};

using Mine = turnstile::Policies<TextbookScaling, turnstile::TreeRecovery, FoldedHash>;

}  // namespace

int main() try {
  constexpr std::array y = {1.0, -2.0, 3.0, 4.0};  // ‖y‖² = 30
  constexpr int samplers = 10000;
  std::array<int, y.size()> drawn{};
  for (Seed seed = 0; seed < samplers; ++seed) {
    turnstile::L2Sampler<double, Mine> sampler(1000, {.seed = seed, .shape = {.rows = 5, .buckets = 64}});
    for (std::size_t k = 0; k < y.size(); ++k) sampler.update(static_cast<Index>(100 * k), y[k]);
    if (const auto draw = sampler.sample()) ++drawn[static_cast<std::size_t>(draw->index / 100)];
  }
  std::cout << Mine::name() << '\n';
  print_row(std::cout, {8, 10, 10}, {"y_i", "drawn", "law"});
  for (std::size_t k = 0; k < y.size(); ++k)
    print_row(std::cout, {8, 10, 10},
              {fixed(y[k], 0), fixed(100.0 * drawn[k] / samplers, 1) + " %", fixed(100 * y[k] * y[k] / 30, 1) + " %"});
} catch (const std::exception& error) {
  std::cerr << "own_policies: " << error.what() << '\n';
  return 1;
}
