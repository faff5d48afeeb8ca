#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace turnstile::testing {

// The factor on the number of trials, from the environment: slow builds (sanitizers) run fewer.
inline double trials_factor() {
  const char* text = std::getenv("TURNSTILE_TRIALS");
  if (text == nullptr) return 1.0;
  char* end = nullptr;
  const double factor = std::strtod(text, &end);
  if (end == text || *end != '\0' || !std::isfinite(factor) || factor <= 0.0) {
    throw std::invalid_argument("TURNSTILE_TRIALS is not a positive number: " + std::string(text));
  }
  return factor;
}

// How often a statistical test repeats its experiment: `full` times the factor, but not so seldom
// that asymptotic critical values lose their meaning.
inline long trials(long full) {
  static const double factor = trials_factor();
  const long minimum = std::min(full, 200L);
  return std::max(static_cast<long>(std::floor(static_cast<double>(full) * factor)), minimum);
}

}  // namespace turnstile::testing
