/// @file
/// The random linear map of a small sketch that only norms are read from.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "turnstile/core/concepts.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/detail/chunks.hpp"
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

  /// As SketchOperator::for_each_row.
  template <class Visit>
  void for_each_row(std::span<const Index> keys, Visit&& visit) const {
    if (keys.size() == 1) return visit_one(keys[0], visit);
    for (std::size_t offset = 0; offset < keys.size(); offset += block)
      visit_block(offset, keys.subspan(offset, std::min(block, keys.size() - offset)), visit);
  }

  std::size_t heap_bytes() const { return detail::heap_bytes_of(hash_); }

 private:
  static constexpr std::size_t block = RowOfCells::most_keys;

  // A word with the bits of a row at its upper end.
  static constexpr std::uint64_t turned(Index row, std::uint64_t word) { return word << (row * row_bits); }
  static constexpr Index cell(Index row, std::uint64_t word) {
    return row * Buckets + static_cast<Index>(turned(row, word) >> (64 - bucket_bits));
  }
  // With the row's sign at bit 31.
  static constexpr std::uint64_t sign_word(Index row, std::uint64_t word) {
    return turned(row, word) >> (32 - bucket_bits);
  }

  template <class Visit>
  void visit_one(Index key, Visit&& visit) const {
    const std::uint64_t word = hash_(static_cast<std::uint64_t>(key));
    for (Index row = 0; row < Rows; ++row) {
      const Index here = cell(row, word);
      const std::uint64_t sign = sign_word(row, word);
      visit(std::size_t{0}, RowOfCells{0, row, {&here, 1}, {&sign, 1}});
    }
  }

  template <class Visit>
  void visit_block(std::size_t offset, std::span<const Index> keys, Visit&& visit) const {
    std::array<std::uint64_t, block> words, signs;
    std::array<Index, block> cells;
    for (std::size_t k = 0; k < keys.size(); ++k)
      words[k] = detail::hash_in_loop(hash_, static_cast<std::uint64_t>(keys[k]));
    for (Index row = 0; row < Rows; ++row)
      detail::for_each_chunk(
          keys.size(), [&](std::size_t at, auto count) { place(row, count, &words[at], &signs[at], &cells[at]); },
          [&](std::size_t at, auto count) {
            visit(offset + at, RowOfCells{0, row, {&cells[at], count}, {&signs[at], count}});
          });
  }

  template <class Count>
  static void place(Index row, Count count, const std::uint64_t* words, std::uint64_t* signs, Index* cells) {
    for (std::size_t k = 0; k < count; ++k) {
      signs[k] = sign_word(row, words[k]);
      cells[k] = cell(row, words[k]);
    }
  }

  Hash hash_;
};

}  // namespace turnstile::inline v0
