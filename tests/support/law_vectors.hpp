#pragma once

#include <turnstile/core/types.hpp>
#include <turnstile/random/mix_hash.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

// The vectors on which the law of draws and the error of values are tested, as streams of updates.

namespace turnstile::testing {

// Updates y_{indices[k]} += deltas[k], and the y that they leave.
struct VectorStream {
  std::vector<Index> indices;
  std::vector<double> deltas;
  std::vector<double> y;

  template <class Scalar>
  std::vector<Scalar> deltas_as() const {
    std::vector<Scalar> values;
    for (double delta : deltas) values.push_back(static_cast<Scalar>(delta));
    return values;
  }
};

// y_i = entry(i), each by one update; zeros by none.
template <class Entry>
VectorStream stream_of(Index n, Entry entry) {
  VectorStream stream;
  for (Index i = 0; i < n; ++i) {
    const double value = entry(i);
    stream.y.push_back(value);
    if (value == 0) continue;
    stream.indices.push_back(i);
    stream.deltas.push_back(value);
  }
  return stream;
}

inline VectorStream flat(Index n) {
  return stream_of(n, [](Index) { return 1.0; });
}

inline VectorStream harmonic(Index n) {
  return stream_of(n, [](Index i) { return 1 / static_cast<double>(i + 1); });
}

inline VectorStream root_harmonic(Index n) {
  return stream_of(n, [](Index i) { return 1 / std::sqrt(static_cast<double>(i + 1)); });
}

inline VectorStream half_in_one(Index n) {
  return stream_of(n, [n](Index i) { return i == n / 3 ? std::sqrt(static_cast<double>(n - 1)) : 1.0; });
}

// Neighbours that hold 49 % each of ‖y‖².
inline VectorStream two_equal_giants(Index n) {
  const double giant = std::sqrt(24.5 * static_cast<double>(n - 2));
  return stream_of(n, [=](Index i) { return i == n / 2 || i == n / 2 + 1 ? giant : 1.0; });
}

inline VectorStream alternating_signs(Index n) {
  return stream_of(n, [](Index i) { return static_cast<double>(1 + i % 3) * (i % 2 == 0 ? 1 : -1); });
}

inline VectorStream single_nonzero(Index n) {
  return stream_of(n, [n](Index i) { return i == 2 * n / 3 ? -3.0 : 0.0; });
}

// Every coordinate is inserted; then nine in ten, chosen by a hash, are deleted in the opposite order.
inline VectorStream mostly_deleted(Index n) {
  VectorStream stream = stream_of(n, [](Index i) { return static_cast<double>(i % 10) - 9.5; });
  const MixHash chosen(derive_seed(1, "deleted"));
  for (Index i = n; i-- > 0;) {
    if (chosen(static_cast<std::uint64_t>(i)) % 10 == 0) continue;
    double& value = stream.y[static_cast<std::size_t>(i)];
    stream.indices.push_back(i);
    stream.deltas.push_back(-value);
    value = 0;
  }
  return stream;
}

struct VectorFamily {
  const char* name;
  VectorStream (*make)(Index n);
};

inline constexpr std::array<VectorFamily, 8> vector_families{{
    {"flat", flat},
    {"1/i", harmonic},
    {"1/sqrt(i)", root_harmonic},
    {"one entry holds half", half_in_one},
    {"two equal giants", two_equal_giants},
    {"alternating signs", alternating_signs},
    {"a single nonzero", single_nonzero},
    {"left after 90 % deletions", mostly_deleted},
}};

// |y_i|ᵖ/‖y‖ₚᵖ for every i.
inline std::vector<double> exact_law(const std::vector<double>& y, double power = 2) {
  std::vector<double> law;
  for (double value : y) law.push_back(std::pow(std::abs(value), power));
  const double whole = std::accumulate(law.begin(), law.end(), 0.0);
  for (double& share : law) share /= whole;
  return law;
}

}  // namespace turnstile::testing
