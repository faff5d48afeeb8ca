#pragma once

#include <turnstile/core/types.hpp>
#include <turnstile/sketch/count_sketch.hpp>

#include "support/statistics.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

// What is asked of every hash of the library: bits of its words as sketches read them, and the
// variance of a sketch that uses it.

namespace turnstile::testing {

inline constexpr std::size_t bucket_count = 16, sign_count = 2;

inline std::size_t bucket_of(std::uint64_t word) { return static_cast<std::size_t>(word >> 60); }
inline std::size_t sign_of(std::uint64_t word) { return static_cast<std::size_t>(word >> 31 & 1); }

// Bucket and sign as one cell of 32.
inline std::size_t bucket_and_sign(std::uint64_t word) { return bucket_of(word) * sign_count + sign_of(word); }

// Pearson's test of cell(0), …, cell(count − 1) against the uniform law on `cells` cells.
template <class Cell>
ChiSquare uniformity(std::size_t cells, long count, const Cell& cell) {
  std::vector<double> observed(cells);
  for (long trial = 0; trial < count; ++trial) ++observed[cell(static_cast<std::uint64_t>(trial))];
  return chi_square_test(observed, std::vector<double>(cells, 1.0));
}

// The same of `bits` bits, from `shift` on, of the words of all the keys under one seed; the trials are
// seeds. Tests that as many words are independent as there are keys.
template <class Hash>
double joint_p_value(std::initializer_list<std::uint64_t> keys, int bits, int shift, long seeds) {
  const std::size_t values = std::size_t{1} << bits;
  std::size_t cells = 1;
  for (std::size_t k = 0; k < keys.size(); ++k) cells *= values;
  return uniformity(cells, seeds,
                    [&](std::uint64_t seed) {
                      const Hash hash(seed);
                      std::size_t cell = 0;
                      for (std::uint64_t key : keys)
                        cell = cell * values + static_cast<std::size_t>(hash(key) >> shift) % values;
                      return cell;
                    })
      .p_value;
}

// Σ_i (ŷ_i − y_i)² of a CountSketch of one row and b buckets, divided by its expectation (n − 1)‖y‖²/b,
// for successive seeds: y_{keys[k]} = values[k]. Expectation 1 where any three words are independent.
template <class Hash>
std::vector<double> relative_squared_errors(std::span<const Index> keys, std::span<const double> values, Index buckets,
                                            long seeds) {
  double squares = 0;
  for (double value : values) squares += value * value;
  const double expected = static_cast<double>(keys.size() - 1) * squares / static_cast<double>(buckets);
  std::vector<double> errors;
  for (long seed = 0; seed < seeds; ++seed) {
    CountSketch<double, Hash> sketch({.rows = 1, .buckets = buckets}, static_cast<Seed>(seed));
    sketch.update(keys, values);
    double error = 0;
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const double off = sketch.estimate(keys[k]) - values[k];
      error += off * off;
    }
    errors.push_back(error / expected);
  }
  return errors;
}

}  // namespace turnstile::testing
