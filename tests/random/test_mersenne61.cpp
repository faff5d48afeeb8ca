#include <turnstile/random/mersenne61.hpp>
#include <turnstile/random/mix_hash.hpp>

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using namespace turnstile;
using namespace turnstile::detail;

namespace {

__extension__ using Wide = unsigned __int128;

std::uint64_t remainder(Wide value) { return static_cast<std::uint64_t>(value % mersenne61); }

// Words at the ends of the range and beside powers of two, and some at random.
std::vector<std::uint64_t> telling_words() {
  std::vector<std::uint64_t> words{
      0, 1, 2, 3, mersenne61 - 1, mersenne61, mersenne61 + 1, 2 * mersenne61, 8 * mersenne61, ~std::uint64_t{0}};
  for (unsigned bit = 1; bit < 64; bit += 3)
    for (std::uint64_t off = 0; off < 3; ++off) words.push_back((std::uint64_t{1} << bit) + off - 1);
  const MixHash random(1);
  for (std::uint64_t k = 0; k < 200; ++k) words.push_back(random(k));
  return words;
}

std::vector<std::uint64_t> telling_residues() {
  std::vector<std::uint64_t> residues;
  for (std::uint64_t word : telling_words()) residues.push_back(word % mersenne61);
  return residues;
}

}  // namespace

TEST_CASE("reduction modulo 2^61 - 1 agrees with division", "[random]") {
  CHECK(mersenne61 == 2305843009213693951);
  for (std::uint64_t word : telling_words()) REQUIRE(reduce61(word) == word % mersenne61);
}

TEST_CASE("sums, negatives and products modulo 2^61 - 1 agree with division", "[random]") {
  const auto residues = telling_residues();
  for (std::uint64_t a : residues) {
    REQUIRE(negate61(a) == remainder(Wide{mersenne61} - a));
    REQUIRE(add61(a, negate61(a)) == 0);
    for (std::uint64_t b : residues) {
      REQUIRE(add61(a, b) == remainder(Wide{a} + b));
      REQUIRE(multiply61(a, b) == remainder(Wide{a} * b));
    }
  }
}

TEST_CASE("products that are not reduced stay below 2^63, for a factor reduced by half", "[random]") {
  for (std::uint64_t word : telling_words()) {
    const std::uint64_t a = fold61(word);
    REQUIRE(a < (std::uint64_t{1} << 61) + 8);
    for (std::uint64_t b : telling_residues())
      for (std::uint64_t product : {product61(a, b), product61_by_halves(a, b)}) {
        REQUIRE(product < std::uint64_t{1} << 63);
        REQUIRE(product % mersenne61 == remainder(Wide{a} * b));
      }
  }
}

TEST_CASE("multiplying by a power of two modulo 2^61 - 1 is a rotation", "[random]") {
  for (std::uint64_t a : telling_residues())
    for (unsigned e = 0; e < 61; ++e) REQUIRE(rotate61(a, e) == remainder(Wide{a} << e));
}
