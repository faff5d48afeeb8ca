/// @file
/// K-wise independent hashing.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "turnstile/core/concepts.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0 {

/// h(k) = c_{K−1} k^{K−1} + … + c₁ k + c₀ mod 2⁶¹ − 1, shifted to the top of the word: K-wise
/// independent (Wegman and Carter 1981), so buckets and signs read off one word are jointly K-wise
/// independent. CountSketch needs 2-wise buckets and 4-wise signs, AMS 4-wise signs: K = 4 gives both.
///
/// Keys are field elements, so they stay below 2⁶¹ − 1. The coefficients come from `MixHash`.
/// Time: K − 1 modular multiplications, about 5 ns for K = 4. Memory: K words.
template <int K>
class PolynomialHash {
  static_assert(K >= 2, "a polynomial hash of fewer than two coefficients is constant");

 public:
  static constexpr std::uint64_t key_limit = detail::mersenne61;
  static std::string name() { return "polynomial" + std::to_string(K); }

  constexpr explicit PolynomialHash(Seed seed = 0) {
    for (int k = 0; k < K; ++k) coefficients_[static_cast<std::size_t>(k)] = field_element(seed, k);
  }

  constexpr std::uint64_t operator()(std::uint64_t key) const { return value(key, detail::product61); }
  /// The same in a loop over many keys.
  constexpr std::uint64_t in_loop(std::uint64_t key) const { return value(key, detail::product61_in_loop); }

 private:
  // By Horner's rule, reduced by halves but for the end.
  template <class Product>
  constexpr std::uint64_t value(std::uint64_t key, Product&& product) const {
    std::uint64_t sum = coefficients_[K - 1];
    for (std::size_t k = K - 1; k-- > 0;) sum = detail::fold61(product(sum, key) + coefficients_[k]);
    return detail::reduce61(sum) << 3;
  }

  // Uniform on the field: 61 bits of a word, drawn again in the one case in 2⁶¹ that is not in it.
  static constexpr std::uint64_t field_element(Seed seed, int k) {
    const MixHash words(derive_seed(seed, "polynomial coefficient", static_cast<std::uint64_t>(k)));
    for (std::uint64_t attempt = 0;; ++attempt) {
      const std::uint64_t candidate = words(attempt) >> 3;
      if (candidate < detail::mersenne61) return candidate;
    }
  }

  std::array<std::uint64_t, K> coefficients_{};
};
static_assert(KeyedHash<PolynomialHash<4>>);

}  // namespace turnstile::inline v0
