/// @file
/// Nisan's pseudorandom generator, block by block.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "turnstile/core/concepts.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/polynomial_hash.hpp"

namespace turnstile::inline v0 {

/// Block number `key` of Nisan's generator G_m(x; h₁, …, h_m), m = 62 (Nisan 1992), shifted to the
/// top of the word. A block is an element of the field of 2⁶¹ − 1; the h_j(x) = a_j x + b_j are
/// independent and each pairwise independent (`PolynomialHash<2>`), and
///
///   G₀(x) = x,   G_j(x) = G_{j−1}(x) · G_{j−1}(h_j(x)),   · being concatenation:
///
/// block t is x after the h_j of all set bits 2^{j−1} of t, the highest bit first and h₁ last. It does
/// not depend on h_j with 2^{j−1} > t, so the first 2ᵏ blocks are G_k(x).
///
/// This is the construction that derandomizes the sampler of arXiv 2510.03678 (Theorem 7.3), not its
/// guarantee: to fool a state of S bits, blocks must have Θ(S) bits; these have 61, and all of it is
/// filled from a 64-bit seed by `MixHash`. What uniform x, a_j, b_j do give, whatever S is: any five
/// blocks are independent and uniform up to a distance of 2m/(2⁶¹ − 1) < 2⁻⁵⁴, so the variances of all
/// sketches hold; six need not be. (By induction on m. Of five blocks at most two are both argument and
/// value of h₁, which makes the two pairs independent; every other value has an argument of its own.)
///
/// Keys: below 2⁶², the largest dimension. Time: a modular multiplication for each set bit of the key,
/// one after the other: about 35 ns a word for keys below 2²⁰, 80–120 ns for keys of 62 bits. For
/// fidelity, not for hot paths. Memory: 2m + 1 words.
class NisanGenerator {
 public:
  static constexpr std::size_t depth = 62;  // m
  static constexpr std::uint64_t key_limit = std::uint64_t{1} << depth;
  static std::string name() { return "nisan"; }

  constexpr explicit NisanGenerator(Seed seed = 0) : first_(Hash(derive_seed(seed, "nisan start"))(0)) {
    for (std::size_t j = 1; j <= depth; ++j) hashes_[j - 1] = Hash(derive_seed(seed, "nisan hash", j));
  }

  constexpr std::uint64_t operator()(std::uint64_t key) const {
    std::uint64_t word = first_;
    for (; key != 0; key -= std::bit_floor(key)) word = hashes_[top_bit(key)](word >> 3);
    return word;
  }

 private:
  using Hash = PolynomialHash<2>;

  static constexpr std::size_t top_bit(std::uint64_t key) { return static_cast<std::size_t>(std::bit_width(key)) - 1; }

  std::uint64_t first_;             // x, shifted to the top
  std::array<Hash, depth> hashes_;  // h₁ first
};
static_assert(KeyedHash<NisanGenerator>);

}  // namespace turnstile::inline v0
