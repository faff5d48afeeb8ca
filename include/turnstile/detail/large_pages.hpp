/// @file
/// Memory for large arrays.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

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

/// An array of a fixed number of zeros, that may be large: all of it in such pages, and not written before it is used,
/// since what the system hands out is zero.
template <class T>
class LargeArray {
  static_assert(std::is_arithmetic_v<T> || std::same_as<T, int128>, "numbers, of which all bits zero are 0");

 public:
  /// @throws std::bad_alloc
  explicit LargeArray(std::size_t size) : LargeArray(std::calloc(std::max(size, std::size_t{1}), sizeof(T)), size) {}
  LargeArray(const LargeArray& other)
      : LargeArray(std::malloc(std::max(other.size_, std::size_t{1}) * sizeof(T)), other.size_) {
    std::copy(other.begin(), other.end(), data());
  }
  LargeArray(LargeArray&& other) noexcept : numbers_(std::move(other.numbers_)), size_(std::exchange(other.size_, 0)) {}
  LargeArray& operator=(const LargeArray& other) {
    if (size_ != other.size_) return *this = LargeArray(other);
    std::copy(other.begin(), other.end(), data());
    return *this;
  }
  LargeArray& operator=(LargeArray&& other) noexcept {
    numbers_ = std::move(other.numbers_);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  std::size_t size() const { return size_; }
  T* data() { return numbers_.get(); }
  const T* data() const { return numbers_.get(); }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  T& operator[](std::size_t k) { return numbers_[k]; }
  const T& operator[](std::size_t k) const { return numbers_[k]; }

  std::size_t heap_bytes() const { return size_ * sizeof(T); }

 private:
  struct Free {
    void operator()(T* memory) const { std::free(memory); }
  };

  LargeArray(void* memory, std::size_t size) : numbers_(static_cast<T*>(memory)), size_(size) {
    if (memory == nullptr) throw std::bad_alloc();
    prefer_large_pages(memory, heap_bytes());
  }

  std::unique_ptr<T[], Free> numbers_;
  std::size_t size_;
};

}  // namespace turnstile::inline v0::detail
