/// @file
/// Four words, computed with as with one.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "turnstile/detail/sign.hpp"

namespace turnstile::inline v0::detail {

/// A vector of four words, of which compilers make what the processor has. Always passed by reference: how it travels by
/// value depends on the processor that a file is compiled for.
using Words4 [[gnu::vector_size(32)]] = std::uint64_t;

/// A hash with a class `Four`, of four functions whose words of one key are computed side by side.
template <class Hash>
concept HashedInFours = requires(typename Hash::Four four, const Hash& hash, std::size_t k, std::uint64_t key,
                                 Words4& words) {
  four.set(k, hash);
  four.hash(key, words);
  { four.hash(k, key) } -> std::same_as<std::uint64_t>;
};

inline std::uint64_t lane(const Words4& words, std::size_t k) { return words[k]; }
inline std::uint64_t lane(std::uint64_t word, std::size_t) { return word; }

/// Calls take(k, ±value) for k = 0 … 3, with a minus where the highest bit of signs[k] is set, whose other bits are 0.
template <class T, class Take>
void for_each_sign(const Words4& signs, T value, Take&& take) {
  const auto each = [&]<std::size_t... k>(auto&& with_sign, std::index_sequence<k...>) {
    (take(k, with_sign(k)), ...);
  };
  constexpr std::make_index_sequence<4> four;
  if constexpr (std::same_as<T, double>) {
    const Words4 bits = signs ^ std::bit_cast<std::uint64_t>(value);
    each([&](std::size_t k) { return std::bit_cast<double>(bits[k]); }, four);
  } else {
    each([&](std::size_t k) { return with_sign_bit(value, signs[k]); }, four);
  }
}

/// The same for one sign.
template <class T, class Take>
void for_each_sign(std::uint64_t sign, T value, Take&& take) {
  take(std::size_t{0}, with_sign_bit(value, sign));
}

}  // namespace turnstile::inline v0::detail
