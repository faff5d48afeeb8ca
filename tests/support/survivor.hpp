#pragma once

#include <turnstile/core/draw.hpp>

#include "support/catch.hpp"

#include <cmath>

namespace turnstile::testing {

// What y has at one index alone, after much that cancelled, is found there within a tenth, or the draw
// fails; it is never zero.
template <class S>
Outcome check_survivor(const S& sampler, Index index, double exact) {
  const auto draw = sampler.sample();
  INFO("y = " << exact << " at " << index << ": " << to_string(draw.outcome()));
  CHECK(draw.outcome() != Outcome::zero);
  if (draw) {
    INFO("index " << draw->index << ", value " << draw->value << ", standard error " << draw->standard_error);
    CHECK(draw->index == index);
    CHECK(std::abs(static_cast<double>(draw->value) - exact) <= 0.1 * std::abs(exact));
  }
  return draw.outcome();
}

}  // namespace turnstile::testing
