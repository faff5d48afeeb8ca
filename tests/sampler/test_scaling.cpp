#include <turnstile/random/mix_hash.hpp>
#include <turnstile/sampler/scaling.hpp>

#include "support/catch.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

// UniformScaling, word by word. (What a word gives ExponentialScaling is tested by the law of what it draws, and by its
// golden states.)

using namespace turnstile;

namespace {

constexpr double precision = 0x1p-24;  // relative, of powers other than 1 and 2

// Words of all sizes, so that variates come from all over (0, 1).
std::vector<std::uint64_t> words_of_all_sizes() {
  std::vector<std::uint64_t> words{1, ~std::uint64_t{0}};
  for (std::uint64_t k = 0; k < 1000; ++k) words.push_back(MixHash(5)(k) >> (k % 58));
  return words;
}

}  // namespace

TEST_CASE("Uniform factors are u^(-1/p), u the word's upper 58 bits, for every power", "[scaling]") {
  for (double power : {2.0, 1.0, 0.5, 1.37}) {
    const UniformScaling scaling({.power = power});
    CAPTURE(power);
    for (std::uint64_t word : words_of_all_sizes()) {
      const double variate = std::max(static_cast<double>(word >> 6), 1.0) * 0x1p-58;
      CAPTURE(word);
      REQUIRE(scaling(word) == Approx(std::pow(variate, -1 / power)).epsilon(precision));
    }
  }
}

TEST_CASE("Exponential factors of many words are those of one word at a time, for every power", "[scaling]") {
  const std::vector<std::uint64_t> words = words_of_all_sizes();  // more than a block, the last one not full
  for (double power : {2.0, 1.0, 0.5, 1.37}) {
    const ExponentialScaling scaling({.power = power});
    CAPTURE(power);
    std::vector<double> factors(words.size());
    scaling(words, factors);
    for (std::size_t k = 0; k < words.size(); ++k) REQUIRE(factors[k] == scaling(words[k]));
  }
}

TEST_CASE("No factor is larger than the largest, and the uniform one of the word 0 is as large", "[scaling]") {
  for (double power : {2.0, 1.0, 0.5, 1.37}) {
    const UniformScaling scaling({.power = power});
    CAPTURE(power);
    CHECK(std::isfinite(scaling(0)));
    CHECK(scaling(0) == scaling.largest());
    const ExponentialScaling exponential({.power = power});
    for (std::uint64_t word : words_of_all_sizes()) {
      REQUIRE(scaling(word) <= scaling.largest());
      REQUIRE(exponential(word) <= exponential.largest());
    }
  }
}
