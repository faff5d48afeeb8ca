/// @file
/// Draws at a glance, for logs, tests and debuggers. Samplers and sketches bring an `operator<<` of their own.
#pragma once

#include <cstddef>
#include <ostream>

#include "turnstile/core/draw.hpp"

namespace turnstile::inline v0 {

/// The outcome as a word.
inline std::ostream& operator<<(std::ostream& out, Outcome outcome) { return out << to_string(outcome); }

/// "y[7] = 4 +- 0.1, p = 0.64"
template <class S>
std::ostream& operator<<(std::ostream& out, const Draw<S>& draw) {
  return out << "y[" << draw.index << "] = " << draw.value << " +- " << draw.standard_error
             << ", p = " << draw.probability;
}

/// "Y[7, 2] = 4 +- 0.1, p = 0.64"
template <class S>
std::ostream& operator<<(std::ostream& out, const PairDraw<S>& draw) {
  return out << "Y[" << draw.row << ", " << draw.col << "] = " << draw.value << " +- " << draw.standard_error
             << ", p = " << draw.probability;
}

/// "Y[7, 2, 5] = 4 +- 0.1, p = 0.64"
template <class S>
std::ostream& operator<<(std::ostream& out, const TensorDraw<S>& draw) {
  out << "Y[";
  for (std::size_t k = 0; k < draw.indices.size(); ++k) out << (k > 0 ? ", " : "") << draw.indices[k];
  return out << "] = " << draw.value << " +- " << draw.standard_error << ", p = " << draw.probability;
}

/// "A[7] of 3 entries, norm 5, p = 0.64"
template <class S>
std::ostream& operator<<(std::ostream& out, const RowDraw<S>& draw) {
  return out << "A[" << draw.index << "] of " << draw.row.size() << " entries, norm " << draw.row.norm()
             << ", p = " << draw.probability;
}

/// The draw, or why there is none.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::L2Sampler<> sampler(1000, {.seed = 1});
///   std::cout << sampler.sample() << '\n';  // zero
///   sampler.update(42, 3.0);
///   std::cout << sampler.sample() << '\n';  // y[42] = 3 +- 0, p = 1
/// }
/// @endcode
template <class D>
std::ostream& operator<<(std::ostream& out, const DrawResult<D>& result) {
  if (!result) return out << result.outcome();
  return out << *result;
}

}  // namespace turnstile::inline v0
