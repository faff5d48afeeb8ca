/// @file
/// Simple tabulation hashing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "turnstile/core/concepts.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0 {

/// h(k) = T₀[k₀] ⊕ T₁[k₁] ⊕ … ⊕ T₇[k₇], k_c the bytes of the key and T_c tables of random words filled
/// by `MixHash`: 3-wise independent (Wegman and Carter 1981), and loads of buckets concentrate as
/// Chernoff's bound says (Pătraşcu and Thorup 2012).
///
/// Three-wise words give CountSketch its variance, on any keys. They are not 4-wise: the words of the
/// keys (a, c), (a, d), (b, c), (b, d), two values each of two bytes, add up to 0. So of a flat y on all
/// values of c bytes the variance of AmsSketch is (3ᶜ − 1)/2 times that with 4-wise signs, nearly; and a
/// few heavy keys on such a rectangle are not drawn by their law: four with y = 1, .9, .8, .7 are drawn
/// with probability .36, .28, .21, .14, not .34, .28, .22, .17. `PolynomialHash<4>` has no such keys.
///
/// Keys: all 64-bit words. Time: eight loads, about 2 ns while the tables are in the first cache, where
/// those of two functions fit. Memory: 16 KiB of tables on the heap, 288 KiB for the 18 functions of a
/// sampler of three levels. Copies share them and cost a pointer; `heap_bytes` counts them for each.
class TabulationHash {
 public:
  static constexpr std::uint64_t key_limit = std::numeric_limits<std::uint64_t>::max();
  static std::string name() { return "tabulation"; }

  explicit TabulationHash(Seed seed = 0) : tables_(std::make_shared<const Tables>(random_tables(seed))) {}

  std::uint64_t operator()(std::uint64_t key) const {
    std::uint64_t word = 0;
    for (const Table& table : *tables_) {
      word ^= table[key & 0xff];
      key >>= 8;
    }
    return word;
  }

  static constexpr std::size_t heap_bytes() { return sizeof(Tables); }

 private:
  using Table = std::array<std::uint64_t, 256>;
  using Tables = std::array<Table, 8>;

  // T_c[v] is word 256·c + v of one stream.
  static Tables random_tables(Seed seed) {
    const MixHash words(derive_seed(seed, "tabulation tables"));
    Tables tables;
    std::uint64_t number = 0;
    for (Table& table : tables)
      for (std::uint64_t& word : table) word = words(number++);
    return tables;
  }

  std::shared_ptr<const Tables> tables_;
};
static_assert(KeyedHash<TabulationHash>);

}  // namespace turnstile::inline v0
