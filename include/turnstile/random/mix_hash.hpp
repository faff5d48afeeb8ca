/// @file
/// The default hash, and the derivation of seeds by name.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "turnstile/core/concepts.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/words4.hpp"

namespace turnstile::inline v0 {

/// A keyed hash that mixes fully: two multiplications and three shifts of SplitMix64's output
/// function (Steele, Lea and Flood 2014, with the constants of Stafford's variant 13), one key
/// added before the first and one between them, so that two seeds never give shifted copies of one
/// function. The analysis treats it as a random oracle.
///
/// Time: about a nanosecond; the loop over a block of keys vectorises. Memory: two words.
class MixHash {
 public:
  static constexpr std::uint64_t key_limit = std::numeric_limits<std::uint64_t>::max();
  static std::string name() { return "mix"; }

  constexpr explicit MixHash(Seed seed = 0) : MixHash(seed, 0) {}
  /// The function number `stream` of the family that `seed` selects.
  constexpr MixHash(Seed seed, std::uint64_t stream)
      : before_(finish(seed + golden)), between_(finish(before_ ^ finish(stream + 2 * golden))) {
    before_ ^= between_ >> 7;
  }

  constexpr std::uint64_t operator()(std::uint64_t key) const {
    std::uint64_t word = key + before_;
    mix(word, between_);
    return word;
  }

  /// Four functions, whose words of one key are computed side by side.
  class Four {
   public:
    /// Function k is to be `hash`; at first all are the same.
    void set(std::size_t k, const MixHash& hash) {
      before_[k] = hash.before_;
      between_[k] = hash.between_;
    }
    /// words[k] = function k of the key
    void hash(std::uint64_t key, detail::Words4& words) const {
      words = key + before_;
      mix(words, between_);
    }
    /// One of them.
    std::uint64_t hash(std::size_t k, std::uint64_t key) const {
      std::uint64_t word = key + before_[k];
      mix(word, between_[k]);
      return word;
    }

   private:
    detail::Words4 before_{};
    detail::Words4 between_{};
  };

 private:
  static constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;  // 2⁶⁴ divided by the golden ratio

  // Of a word, or of four. Inlined whatever else a function holds, as the one expression that it is.
  template <class Word>
  [[gnu::always_inline]] static constexpr void mix(Word& x, const Word& between) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x ^= between;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    x ^= x >> 31;
  }

  static constexpr std::uint64_t finish(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }

  std::uint64_t before_;
  std::uint64_t between_;
};
static_assert(KeyedHash<MixHash>);

namespace detail {

/// A word for a name (FNV-1a), to be mixed before use.
constexpr std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace detail

/// The seed of one purpose: a function of the user's seed, the purpose's name and a number (a row, a
/// level). Distinct names or numbers give unrelated seeds; arithmetic on seeds, the classical way to
/// correlate a sketch's buckets with its signs, is never done.
constexpr Seed derive_seed(Seed seed, std::string_view purpose, std::uint64_t number = 0) {
  return MixHash(seed, detail::hash_name(purpose))(number);
}

}  // namespace turnstile::inline v0
