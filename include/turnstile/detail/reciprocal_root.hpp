/// @file
/// 1/√x of many numbers, correctly rounded twice as IEEE 754 has it.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace turnstile::inline v0::detail {

/// x → 1/√x for positive x, the same bits as `1 / std::sqrt(x)`. std::sqrt must set errno, which keeps compilers from
/// vectorising a loop of it; the instructions of x86 are therefore named.
template <std::size_t Extent>
void take_reciprocal_roots(std::span<double, Extent> values) {
#if defined(__AVX__)
  constexpr std::size_t lanes = 4;
  const std::size_t whole = values.size() - values.size() % lanes;
  for (std::size_t k = 0; k < whole; k += lanes)
    _mm256_storeu_pd(&values[k], _mm256_div_pd(_mm256_set1_pd(1), _mm256_sqrt_pd(_mm256_loadu_pd(&values[k]))));
#elif defined(__SSE2__)
  constexpr std::size_t lanes = 2;
  const std::size_t whole = values.size() - values.size() % lanes;
  for (std::size_t k = 0; k < whole; k += lanes)
    _mm_storeu_pd(&values[k], _mm_div_pd(_mm_set1_pd(1), _mm_sqrt_pd(_mm_loadu_pd(&values[k]))));
#else
  constexpr std::size_t whole = 0;
#endif
  for (std::size_t k = whole; k < values.size(); ++k) values[k] = 1 / std::sqrt(values[k]);
}

}  // namespace turnstile::inline v0::detail
