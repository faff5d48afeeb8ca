/// @file
/// Memory for large arrays.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "turnstile/detail/wide.hpp"

namespace turnstile::inline v0::detail {

/// Asks the system for pages of 2 MiB where an array is about to be written for the first time. It then clears and maps
/// 512 times fewer pages, which is most of the time that a large new array takes, and adds at random places miss the
/// processor's table of pages less often. A hint, on Linux alone: whether it is followed changes no result.
inline void prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t page = std::uintptr_t{1} << 21;
  const std::size_t before = (page - reinterpret_cast<std::uintptr_t>(memory) % page) % page;
  if (before + page <= bytes)
    madvise(static_cast<std::byte*>(memory) + before, (bytes - before) / page * page, MADV_HUGEPAGE);
#endif
}

/// An allocator that does so, of memory that is zero: what the system hands out is, and need not be written once more.
template <class T>
struct ZeroedLargePages {
  static_assert(std::is_arithmetic_v<T> || std::same_as<T, int128>, "numbers, of which all bits zero are 0");
  using value_type = T;

  ZeroedLargePages() = default;
  template <class U>
  ZeroedLargePages(const ZeroedLargePages<U>&) {}

  T* allocate(std::size_t count) {
    void* const memory = std::calloc(count, sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    prefer_large_pages(memory, count * sizeof(T));
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }

  void construct(T*) {}  // is 0 already, in an array that never grows
  void construct(T* place, const T& value) { std::construct_at(place, value); }

  friend bool operator==(const ZeroedLargePages&, const ZeroedLargePages&) { return true; }
};

/// An array of a fixed number of zeros, that may be large.
template <class T>
using LargeArray = std::vector<T, ZeroedLargePages<T>>;

}  // namespace turnstile::inline v0::detail
