/// @file
/// Exponentials of scores.
#pragma once

#include <Eigen/Core>

namespace turnstile::inline v0::detail {

/// scores ← e^{scores − largest}; exactly 0 where a score is hidden. Eigen's exponential never returns 0, not
/// even of −∞; e⁻⁸⁰ < 2·10⁻³⁵ is below the rounding of any sum that holds the largest weight, 1.
template <class Scores>
void to_weights(Scores&& scores, float largest) {
  scores = ((scores - largest).max(-80.0f).exp() - 2e-35f).max(0.0f);
}

}  // namespace turnstile::inline v0::detail
