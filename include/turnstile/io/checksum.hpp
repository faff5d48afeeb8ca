/// @file
/// The checksum of a state's bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "turnstile/io/little_endian.hpp"
#include "turnstile/random/mix_hash.hpp"

namespace turnstile::inline v0 {

namespace io {

/// Where a state holds the checksum of all its other bytes.
inline constexpr std::size_t checksum_at = 24;

}  // namespace io

namespace detail {

inline constexpr MixHash checksum_mix(hash_name("turnstile checksum"));

/// Version 1: one chain of bijections.
inline std::uint64_t chained_checksum(std::span<const std::byte> bytes) {
  std::uint64_t sum = checksum_mix(bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    if (at == io::checksum_at) continue;
    std::array<std::byte, 8> word{};
    std::memcpy(word.data(), bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    sum = checksum_mix(sum ^ io::load_little<std::uint64_t>(word.data()));
  }
  return sum;
}

/// Version 2: word k joins lane k mod 32, each a chain of bijections of its own, so that many words are taken at once;
/// the lanes are then chained.
class LaneChecksum {
 public:
  static constexpr std::size_t lanes = 32, block_bytes = 8 * lanes;

  /// So many blocks of 256 bytes.
  void take(const std::byte* at, std::size_t blocks = 1) {
    std::array<std::uint64_t, lanes> sums = sums_;
    for (; blocks > 0; --blocks, at += block_bytes)
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        std::uint64_t word = 0;
        io::load_little(at + 8 * lane, std::span(&word, 1));
        const std::uint64_t product = (sums[lane] ^ word) * odd;
        sums[lane] = product ^ (product >> 32);
      }
    sums_ = sums;
  }

  std::uint64_t of_size(std::size_t bytes) const {
    std::uint64_t sum = checksum_mix(bytes);
    for (std::uint64_t lane : sums_) sum = checksum_mix(sum ^ lane);
    return sum;
  }

 private:
  static constexpr std::uint64_t odd = 0x9fb21c651e98df25;

  std::array<std::uint64_t, lanes> sums_{};
};

}  // namespace detail

namespace io {

/// The checksum of a whole state in that version of the format: a change within one word of eight bytes is always
/// seen, any other but for a chance of about 2⁻⁶⁴. Time: that of reading the bytes (version 1: 4 ns a word).
inline std::uint64_t checksum(std::span<const std::byte> bytes, std::uint32_t version) {
  if (version == 1) return detail::chained_checksum(bytes);
  using Lanes = detail::LaneChecksum;
  Lanes sum;
  std::array<std::byte, Lanes::block_bytes> block{};  // for the first bytes, without the checksum, and the last
  std::memcpy(block.data(), bytes.data(), std::min(block.size(), bytes.size()));
  std::fill_n(block.begin() + checksum_at, 8, std::byte{0});
  sum.take(block.data());
  std::size_t at = block.size();
  if (const std::size_t whole = bytes.size() / block.size(); whole > 1) {
    sum.take(bytes.data() + at, whole - 1);
    at = whole * block.size();
  }
  if (at < bytes.size()) {
    block = {};
    std::memcpy(block.data(), bytes.data() + at, bytes.size() - at);
    sum.take(block.data());
  }
  return sum.of_size(bytes.size());
}

}  // namespace io
}  // namespace turnstile::inline v0
