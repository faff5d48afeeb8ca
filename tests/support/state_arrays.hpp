#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace turnstile::testing {

// The arrays of a state as plain numbers.
struct Arrays {
  std::vector<double> numbers, bounds, bounds_after;
  std::vector<std::uint64_t> residues;

  // additions: those that `bounds_after` is asked for
  template <class State>
  static Arrays of(const State& state, double additions) {
    Arrays arrays;
    State::for_each_array(state, Collector{arrays, additions});
    return arrays;
  }

 private:
  struct Collector {
    Arrays& arrays;
    double additions;

    template <class T>
    void numbers(std::span<const T> values) const {
      for (T value : values) arrays.numbers.push_back(static_cast<double>(value));
    }
    void residues(std::span<const std::uint64_t> values) const {
      std::ranges::copy(values, std::back_inserter(arrays.residues));
    }
    template <class After>
    void bounds(std::span<const double> values, const After& after) const {
      const std::vector<double> later = after(additions);
      std::ranges::copy(values, std::back_inserter(arrays.bounds));
      std::ranges::copy(later, std::back_inserter(arrays.bounds_after));
    }
  };
};

}  // namespace turnstile::testing
