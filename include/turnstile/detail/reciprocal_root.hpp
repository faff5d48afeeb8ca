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
inline void take_reciprocal_roots(std::span<double> values) {
  std::size_t k = 0;
#if defined(__AVX__)
  for (; k + 4 <= values.size(); k += 4)
    _mm256_storeu_pd(&values[k], _mm256_div_pd(_mm256_set1_pd(1), _mm256_sqrt_pd(_mm256_loadu_pd(&values[k]))));
#elif defined(__SSE2__)
  for (; k + 2 <= values.size(); k += 2)
    _mm_storeu_pd(&values[k], _mm_div_pd(_mm_set1_pd(1), _mm_sqrt_pd(_mm_loadu_pd(&values[k]))));
#endif
  for (; k < values.size(); ++k) values[k] = 1 / std::sqrt(values[k]);
}

}  // namespace turnstile::inline v0::detail
