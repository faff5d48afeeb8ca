/// @file
/// The byte format of every state, and the only code that reads or writes bytes.
///
/// All numbers are little-endian; floating-point numbers are IEEE 754.
///
/// | bytes       | content                                                                   |
/// |-------------|---------------------------------------------------------------------------|
/// | 0 … 7       | magic: the letters `turnstil`                                             |
/// | 8 … 11      | version of the format, now 2; version 1, which is read too, differs in    |
/// |             | the checksum only                                                         |
/// | 12 … 15     | zero                                                                      |
/// | 16 … 23     | number of bytes of the whole                                              |
/// | 24 … 31     | checksum of all bytes but these eight (`io/checksum.hpp`)                 |
/// | 32 … I      | the identity of the linear map (`io/identity.hpp`)                        |
/// | I … end     | the arrays of the kind of state, one behind the other, with no lengths:   |
/// |             | their sizes follow from the identity, so damage cannot name a size        |
///
/// What each kind keeps in its arrays is said at its `to_bytes`.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/detail/large_pages.hpp"
#include "turnstile/io/checksum.hpp"
#include "turnstile/io/little_endian.hpp"

namespace turnstile::inline v0::io {

inline constexpr std::uint32_t format_version = 2, oldest_version = 1;
inline constexpr std::string_view magic = "turnstil";
inline constexpr std::size_t size_at = 16, header_bytes = 32;

/// Collects a state's bytes.
class ByteWriter {
 public:
  ByteWriter() {
    for (char c : magic) bytes_.push_back(static_cast<std::byte>(c));
    put(format_version);
    bytes_.resize(header_bytes);
  }

  template <class T>
  void put(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.resize(bytes_.size() + sizeof(T));
    store_little(bytes_.data() + bytes_.size() - sizeof(T), value);
  }

  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    for (char c : text) bytes_.push_back(static_cast<std::byte>(c));
  }

  template <class T>
  void put_array(std::span<const T> values) {
    make_room(values.size_bytes());
    append_little(bytes_, values);
  }

  /// Fills in size and checksum.
  std::vector<std::byte> finish() && {
    store_little(bytes_.data() + size_at, static_cast<std::uint64_t>(bytes_.size()));
    store_little(bytes_.data() + checksum_at, checksum(bytes_, format_version));
    return std::move(bytes_);
  }

 private:
  // And a little more, for the small arrays that follow a large one.
  void make_room(std::size_t bytes) {
    const std::size_t needed = bytes_.size() + bytes, held = bytes_.capacity();
    if (needed <= held) return;
    bytes_.reserve(std::max(needed + needed / 8, held + held / 2));
    detail::prefer_large_pages(bytes_.data() + bytes_.size(), bytes_.capacity() - bytes_.size());
  }

  std::vector<std::byte> bytes_;
};

/// Reads a state's bytes; every step is checked, and throws CorruptState with the place.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {
    if (bytes.size() < header_bytes)
      detail::raise<CorruptState>(bytes.size(), " bytes are fewer than a header's ", header_bytes);
    if (std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
      detail::raise<CorruptState>("these bytes are no state: they do not begin with '", magic, "'");
    at_ = magic.size();
    const auto version = take<std::uint32_t>();
    if (version < oldest_version || version > format_version)
      detail::raise<CorruptState>("format version ", version, " is unknown; this library reads ", oldest_version,
                                  " to ", format_version);
    if (const auto zero = take<std::uint32_t>(); zero != 0)
      detail::raise<CorruptState>("bytes 12 to 15 hold ", zero, ", not zero");
    const auto size = take<std::uint64_t>();
    if (size != bytes.size())
      detail::raise<CorruptState>("the state names a size of ", size, " bytes, but has ", bytes.size());
    if (load_little<std::uint64_t>(bytes.data() + checksum_at) != checksum(bytes, version))
      detail::raise<CorruptState>("the checksum does not match: the bytes are damaged");
    at_ = header_bytes;
  }

  template <class T>
  T take() {
    static_assert(std::is_arithmetic_v<T>);
    need(sizeof(T));
    at_ += sizeof(T);
    return load_little<T>(bytes_.data() + at_ - sizeof(T));
  }

  std::string take_text() {
    const auto length = take<std::uint32_t>();
    need(length);
    std::string text(length, '\0');
    if (length > 0) std::memcpy(text.data(), bytes_.data() + at_, length);
    at_ += length;
    return text;
  }

  /// Fills an array; numbers that are not finite are damage.
  template <class T>
  void take_array(std::span<T> values) {
    need(values.size_bytes());
    constexpr std::size_t at_once = 1024;  // what is looked at is still near
    for (; !values.empty(); values = values.subspan(std::min(at_once, values.size())))
      take_some(values.first(std::min(at_once, values.size())));
  }

  /// To be called before allocating: the rest must have exactly this many numbers of each size.
  void expect_rest(Index numbers, std::size_t bytes_each, Index more_bytes) const {
    const auto rest = static_cast<Index>(bytes_.size() - at_);
    if (rest < more_bytes || (rest - more_bytes) % static_cast<Index>(bytes_each) != 0 ||
        (rest - more_bytes) / static_cast<Index>(bytes_each) != numbers)
      detail::raise<CorruptState>("the arrays take ", rest, " bytes, but the identity asks for ", numbers,
                                  " numbers of ", bytes_each, " bytes and ", more_bytes, " bytes");
  }

 private:
  template <class T>
  void take_some(std::span<T> values) {
    load_little(bytes_.data() + at_, values);
    if constexpr (std::is_floating_point_v<T>)
      if (!detail::all_finite(std::span<const T>(values))) refuse_infinite(std::span<const T>(values));
    at_ += values.size_bytes();
  }

  template <class T>
  [[noreturn]] void refuse_infinite(std::span<const T> values) const {
    const auto bad = std::find_if_not(values.begin(), values.end(), [](T value) { return std::isfinite(value); });
    const auto at = at_ + static_cast<std::size_t>(bad - values.begin()) * sizeof(T);
    detail::raise<CorruptState>("byte ", at, " holds ", *bad, ", not a finite number");
  }

  void need(std::size_t count) const {
    if (bytes_.size() - at_ < count)
      detail::raise<CorruptState>("the state ends at byte ", bytes_.size(), ", but ", count, " more were expected at ",
                                  at_);
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

}  // namespace turnstile::inline v0::io
