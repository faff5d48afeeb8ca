/// @file
/// The random linear map of a small sketch that only norms are read from.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "turnstile/core/concepts.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/detail/chunks.hpp"
#include "turnstile/sketch/row_of_adds.hpp"
#include "turnstile/sketch/row_of_cells.hpp"

namespace turnstile::inline v0 {

/// Π: R rows of b = 2ᵐ buckets, as a SketchOperator of one level, but with one hash word a key: from its highest bit on
/// each row takes m bits for the bucket and one for the sign.
///
/// Bits of a word that are independent, as those of MixHash and TabulationHash are, make rows that are. Of
/// PolynomialHash each row is K-wise independent by itself, which gives its sum of squares the variance 2‖y‖⁴/b, but
/// the rows are not independent of each other: their median then fails at most 3/2 times as often as one of three rows.
///
/// Time: a hash and R places a key. Memory: a hash function.
template <KeyedHash Hash, Index Rows, Index Buckets>
class NormOperator {
  static constexpr int bucket_bits = std::countr_zero(static_cast<std::uint64_t>(Buckets));
  static constexpr int row_bits = bucket_bits + 1;
  static_assert(std::has_single_bit(static_cast<std::uint64_t>(Buckets)), "buckets are a power of two");
  static_assert(Rows * row_bits <= 61,
                "all rows fit into one word, whose last three bits a field element leaves empty");

 public:
  explicit NormOperator(Seed seed) : hash_(seed) {}

  /// Enters the identity of every state that keeps such a sketch.
  static std::string name() { return "norm-" + std::to_string(Rows) + '-' + std::to_string(Buckets); }

  static constexpr SketchShape shape() { return {Rows, Buckets}; }
  static constexpr Index cells() { return Rows * Buckets; }

  /// As SketchOperator::for_each_row, but key by key, each with all its rows: one word tells them all, and adds to a
  /// row follow each other at a distance, which matters where it has so few counters that they often meet.
  template <class Visit>
  void for_each_row(std::span<const Index> keys, Visit&& visit) const {
    std::array<std::uint64_t, detail::block_size> words;
    detail::for_each_block(keys.size(), [&](std::size_t at, std::size_t count) {
      hash_block(keys.subspan(at, count), words);
      for (std::size_t k = 0; k < count; ++k) visit_key(at + k, words[k], visit);
    });
  }

  /// As SketchOperator::scatter.
  template <class T, class Add>
  void scatter(std::span<const Index> keys, std::span<const T> values, Add&& add) const {
    detail::for_each_block(keys, values, [&](auto here, auto values_here) { scatter_block(here, values_here, add); });
  }

  template <class T, class Add>
  void scatter(Index key, T value, Add add) const {
    visit_key(0, hash_(static_cast<std::uint64_t>(key)),
              [&](std::size_t, const RowOfCells& row) { add(row.cell(0), row.with_sign(0, value)); });
  }

  std::size_t heap_bytes() const { return detail::heap_bytes_of(hash_); }

 private:
  // A word with the bits of a row at its upper end.
  static constexpr std::uint64_t turned(Index row, std::uint64_t word) { return word << (row * row_bits); }
  static constexpr std::uint64_t bucket(Index row, std::uint64_t word) {
    return turned(row, word) >> (64 - bucket_bits);
  }
  // With the row's sign at bit 31.
  static constexpr std::uint64_t sign_word(Index row, std::uint64_t word) {
    return turned(row, word) >> (32 - bucket_bits);
  }

  void hash_block(std::span<const Index> keys, std::span<std::uint64_t> words) const {
    for (std::size_t k = 0; k < keys.size(); ++k)
      words[k] = detail::hash_in_loop(hash_, static_cast<std::uint64_t>(keys[k]));
  }

  template <class T, class Add>
  void scatter_block(std::span<const Index> keys, std::span<const T> values, Add&& add) const {
    std::array<std::uint64_t, detail::block_size> words;
    std::array<std::uint32_t, detail::block_size> buckets;
    std::array<T, detail::block_size> with_signs;
    hash_block(keys, words);
    for (Index row = 0; row < Rows; ++row)
      detail::for_each_chunk(
          keys.size(),
          [&](std::size_t at, auto count) {
            for (std::size_t k = at; k < at + count; ++k) {
              buckets[k] = static_cast<std::uint32_t>(bucket(row, words[k]));
              with_signs[k] = detail::with_sign_bit(values[k], RowOfCells::sign_bit(sign_word(row, words[k]), 0));
            }
          },
          [&](std::size_t at, auto count) {
            add(RowOfAdds<T>{0, row, row * Buckets, {&buckets[at], count}, {&with_signs[at], count}});
          });
  }

  template <class Visit>
  static void visit_key(std::size_t k, std::uint64_t word, Visit&& visit) {
    for (Index row = 0; row < Rows; ++row) {
      const Index here = row * Buckets + static_cast<Index>(bucket(row, word));
      const std::uint64_t sign = sign_word(row, word);
      visit(k, RowOfCells{0, row, {&here, 1}, {&sign, 1}});
    }
  }

  Hash hash_;
};

}  // namespace turnstile::inline v0
