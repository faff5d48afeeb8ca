/// @file
/// Numbers as bytes, lowest first, whatever the order of the machine.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/detail/wide.hpp"

namespace turnstile::inline v0::io {

/// A number as its unsigned image of the same width, and back.
template <class T>
using Image = std::conditional_t<
    sizeof(T) == 16, turnstile::detail::uint128,
    std::conditional_t<sizeof(T) == 8, std::uint64_t, std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint8_t>>>;

/// Writes a number's bytes, lowest first, whatever the order of the machine.
template <class T>
void store_little(std::byte* to, T value) {
  auto image = std::bit_cast<Image<T>>(value);
  for (std::size_t k = 0; k < sizeof(T); ++k) to[k] = static_cast<std::byte>(image >> (8 * k) & 0xff);
}

/// Reads what `store_little` wrote.
template <class T>
T load_little(const std::byte* from) {
  Image<T> image = 0;
  for (std::size_t k = 0; k < sizeof(T); ++k)
    image = static_cast<Image<T>>(image | (static_cast<Image<T>>(from[k]) << (8 * k)));
  return std::bit_cast<T>(image);
}

/// The same of many numbers, one behind the other. Machine: the order of its bytes; where it is the format's own, they
/// are copied.
template <std::endian Machine = std::endian::native, class T>
void load_little(const std::byte* from, std::span<T> values) {
  if constexpr (Machine == std::endian::little) {
    if (!values.empty()) std::memcpy(values.data(), from, values.size_bytes());
  } else {
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = load_little<T>(from + k * sizeof(T));
  }
}

/// Puts many numbers behind the bytes that are there.
template <std::endian Machine = std::endian::native, class T>
void append_little(std::vector<std::byte>& to, std::span<const T> values) {
  if constexpr (Machine == std::endian::little) {
    const auto raw = std::as_bytes(values);
    to.insert(to.end(), raw.begin(), raw.end());
  } else {
    std::size_t at = to.size();
    to.resize(at + values.size_bytes());
    for (T value : values) store_little(to.data() + std::exchange(at, at + sizeof(T)), value);
  }
}

}  // namespace turnstile::inline v0::io
