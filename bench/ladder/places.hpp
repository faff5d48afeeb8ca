// The limits of the ladder: adds and loads at places that were computed before, in memory of the size of a state.
#pragma once

#include <benchmark/benchmark.h>

#include <turnstile/core/types.hpp>
#include <turnstile/detail/large_pages.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scattered.hpp"

namespace bench {

// A stream is long enough that no branch predictor learns its signs, and short enough to stay in the second cache.
inline constexpr turnstile::Index stream_length = 1 << 14;

// A table of rows of `width` numbers, in pages as large as those of a state, and for every item of a stream its places
// there: pass after pass, each of all items.
class Places {
 public:
  Places(turnstile::Index table_rows, turnstile::Index passes, turnstile::Index items = stream_length,
         turnstile::Index width = 1)
      : items_(static_cast<std::size_t>(items)),
        width_(static_cast<std::size_t>(width)),
        table_(static_cast<std::size_t>(table_rows * width)),
        places_(static_cast<std::size_t>(passes * items)) {
    std::ranges::transform(Scattered(table_rows, passes * items, 3).indices, places_.begin(),
                           [](turnstile::Index place) { return static_cast<std::uint32_t>(place); });
  }

  // values[k] to all places of item k.
  void add(const std::vector<double>& values) {
    for (std::size_t first = 0; first < places_.size(); first += items_)
      for (std::size_t k = 0; k < items_; ++k) table_[places_[first + k]] += values[k];
    benchmark::DoNotOptimize(table_.data());
    benchmark::ClobberMemory();
  }

  // The same where the table and the values are made of rows.
  void add_rows(const double* values) {
    for (std::size_t first = 0; first < places_.size(); first += items_)
      for (std::size_t k = 0; k < items_; ++k) {
        double* to = &table_[width_ * places_[first + k]];
        const double* from = values + width_ * k;
        for (std::size_t j = 0; j < width_; ++j) to[j] += from[j];
      }
    benchmark::DoNotOptimize(table_.data());
    benchmark::ClobberMemory();
  }

  // The sum of what is at the places of an item, for each.
  void load() const {
    for (std::size_t k = 0; k < items_; ++k) {
      double sum = 0;
      for (std::size_t at = k; at < places_.size(); at += items_) sum += table_[places_[at]];
      benchmark::DoNotOptimize(sum);
    }
  }

 private:
  std::size_t items_, width_;
  turnstile::detail::LargeArray<double> table_;
  std::vector<std::uint32_t> places_;
};

}  // namespace bench
