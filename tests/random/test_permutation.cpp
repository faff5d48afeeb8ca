#include <turnstile/random/mix_hash.hpp>
#include <turnstile/random/permutation.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/significance.hpp"
#include "support/statistics.hpp"
#include "support/trials.hpp"

using namespace turnstile;
using namespace turnstile::testing;
using turnstile::detail::KeyedPermutation;

namespace {

bool is_bijection(const KeyedPermutation& permutation, std::uint64_t size) {
  std::vector<bool> seen(size);
  for (std::uint64_t x = 0; x < size; ++x) {
    const std::uint64_t image = permutation(x);
    if (image >= size || seen[image] || permutation.inverse(image) != x) return false;
    seen[image] = true;
  }
  return true;
}

constexpr std::uint64_t mask_of(int bits) { return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1; }

}  // namespace

TEST_CASE("a keyed permutation is a bijection, and its inverse undoes it", "[random]") {
  for (int bits = 1; bits <= 16; ++bits)
    for (Seed seed = 0; seed < 4; ++seed) {
      CAPTURE(bits, seed);
      REQUIRE(is_bijection(KeyedPermutation(bits, seed), std::uint64_t{1} << bits));
    }
}

TEST_CASE("the inverse undoes a keyed permutation of up to 64 bits, both ways", "[random]") {
  const MixHash random(6);
  for (int bits = 17; bits <= 64; ++bits) {
    const KeyedPermutation permutation(bits, static_cast<Seed>(bits));
    const std::uint64_t mask = mask_of(bits);
    for (std::uint64_t k = 0; k < 200; ++k) {
      const std::uint64_t x = k == 0 ? 0 : k == 1 ? mask : random(k) & mask;
      REQUIRE(permutation(x) <= mask);
      REQUIRE(permutation.inverse(permutation(x)) == x);
      REQUIRE(permutation(permutation.inverse(x)) == x);
    }
  }
}

TEST_CASE("different seeds give different permutations", "[random]") {
  const KeyedPermutation a(20, 1), b(20, 2);
  int equal = 0;
  for (std::uint64_t x = 0; x < 1000; ++x) equal += a(x) == b(x);
  CHECK(equal < 5);  // of a thousand, each equal with probability 2⁻²⁰
}

// Quantity: how often two indices at a given distance share the first ten bits, over seeds.
// Law: Bin(trials, (2^(k−10) − 1)/(2^k − 1)), that of a random permutation. Trials: 200 000 seeds a
// distance. Significance: component, over all distances and widths. Sees: 40 % more or fewer than
// 2⁻¹⁰. Turned red by: leaving the multiplication out, which keeps neighbours together.
TEST_CASE("a keyed permutation sends neighbours to unrelated prefixes", "[random]") {
  const long count = trials(200'000);
  const std::vector<std::uint64_t> distances{1, 2, 3, 16, 100};
  const std::vector<int> widths{16, 20, 31};
  const double level = significance::each_of(significance::component, distances.size() * widths.size());
  const MixHash random(7);
  for (int bits : widths)
    for (std::uint64_t distance : distances) {
      long together = 0;
      for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(count); ++seed) {
        const KeyedPermutation permutation(bits, seed);
        const std::uint64_t x = random(seed) & mask_of(bits), y = (x + distance) & mask_of(bits);
        together += permutation(x) >> (bits - 10) == permutation(y) >> (bits - 10);
      }
      const double law = (std::ldexp(1.0, bits - 10) - 1) / (std::ldexp(1.0, bits) - 1);
      CAPTURE(bits, distance, together, static_cast<double>(count) * law);
      CHECK(binomial_two_sided_p(together, count, law) > level);
    }
}

// Quantity: how often three indices at equal distances share the first eight bits, over seeds. Law: Bin(trials,
// (m − 1)(m − 2)/((n − 1)(n − 2))), m = 2^(k−8), n = 2^k, that of a random permutation. Trials: 200 000 seeds a
// distance. Significance: component, over all distances and widths. Sees: five times as many as 2⁻¹⁶. Turned
// red by: one round for three, or no shifts, which sends equal distances to equal distances: pairs are as
// they should be, but where two share a prefix so does the third, half of the time.
TEST_CASE("a keyed permutation sends three equidistant indices to unrelated prefixes", "[random]") {
  const long count = trials(200'000);
  const std::vector<std::uint64_t> distances{1, 3, 64, 1000};
  const std::vector<int> widths{16, 20, 31};
  const double level = significance::each_of(significance::component, distances.size() * widths.size());
  const MixHash random(8);
  for (int bits : widths)
    for (std::uint64_t distance : distances) {
      long together = 0;
      for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(count); ++seed) {
        const KeyedPermutation permutation(bits, seed);
        const auto prefix = [&](std::uint64_t x) { return permutation(x & mask_of(bits)) >> (bits - 8); };
        const std::uint64_t x = random(seed);
        together += prefix(x) == prefix(x + distance) && prefix(x) == prefix(x + 2 * distance);
      }
      const double m = std::ldexp(1.0, bits - 8), n = std::ldexp(1.0, bits);
      const double law = (m - 1) * (m - 2) / ((n - 1) * (n - 2));
      CAPTURE(bits, distance, together, static_cast<double>(count) * law);
      CHECK(binomial_two_sided_p(together, count, law) > level);
    }
}
