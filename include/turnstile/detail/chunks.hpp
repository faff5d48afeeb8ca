/// @file
/// Loops over arrays in chunks of a size that compilers know, which they vectorise and unroll.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

namespace turnstile::inline v0::detail {

#ifdef __clang__
// Clang unrolls a loop of few rounds before it could vectorise it.
inline constexpr std::integral_constant<std::size_t, 256> chunk_size;
#else
// A few vectors: what processors look ahead covers one chunk in preparation and one in use.
inline constexpr std::integral_constant<std::size_t, 32> chunk_size;
#endif

/// As much as one block.
inline constexpr std::size_t block_size = 256;

/// No chunk is longer, whichever compiler it was made by: a program may be linked of what several have compiled.
inline constexpr std::size_t longest_chunk = block_size;
static_assert(chunk_size <= longest_chunk);

/// Calls visit(at, count) for each block [at, at + count) of `size` items, of 256 but for the last: what is computed
/// for a block stays in the nearest cache.
template <class Visit>
constexpr void for_each_block(std::size_t size, Visit&& visit) {
  for (std::size_t at = 0; at < size; at += block_size) visit(at, size - at < block_size ? size - at : block_size);
}

/// The same for two spans of one size: calls visit(first's block, second's block).
template <class A, class B, class Visit>
constexpr void for_each_block(std::span<A> first, std::span<B> second, Visit&& visit) {
  for_each_block(first.size(), [&](std::size_t at, std::size_t count) {
    visit(first.subspan(at, count), second.subspan(at, count));
  });
}

/// Calls prepare(at, count) and then use(at, count) for each chunk [at, at + count) of `size` items; count is
/// `chunk_size`, but for a last chunk of fewer. One chunk is prepared ahead of the one in use: a processor starts on
/// its arithmetic while it waits for memory, or for a division, on behalf of the other.
template <class Prepare, class Use>
constexpr void for_each_chunk(std::size_t size, Prepare&& prepare, Use&& use) {
  const std::size_t whole = size - size % chunk_size;
  // Each is called in one place, to be inlined there.
  for (std::size_t at = 0; whole > 0 && at <= whole; at += chunk_size) {
    if (at < whole) prepare(at, chunk_size);
    if (at > 0) use(at - chunk_size, chunk_size);
  }
  if (whole == size) return;
  prepare(whole, size - whole);
  use(whole, size - whole);
}

/// A chunk of a span: of static extent, but for the last.
template <class T, class Count>
constexpr auto chunk_of(std::span<T> all, std::size_t at, Count count) {
  if constexpr (std::is_same_v<Count, std::size_t>)
    return all.subspan(at, count);
  else
    return all.subspan(at).template first<Count::value>();
}

}  // namespace turnstile::inline v0::detail
