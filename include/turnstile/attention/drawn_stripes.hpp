/// @file
/// Stripes drawn by the sampler.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/block_stripe_mask.hpp"
#include "turnstile/attention/head_pattern.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/only_head.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/attention/streaming_key_selector.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"
#include "turnstile/detail/in_doubles.hpp"

namespace turnstile::inline v0 {

struct DrawnStripeOptions {
  BlockStripeOptions near = {};      ///< what is kept without draws, and the size of a block
  Index askers = 4;                  ///< queries of each block that draw for it, evenly spaced
  Index draws = 64;                  ///< keys that each of them draws
  KeySelectorOptions selector = {};  ///< order m, seed and shape of the sketch
};

/// The ℓ2 sampler's pattern for one head: the keys that have left the window are in a StreamingKeySelector, into which
/// they come as the window moves on; some queries of each block draw from it, in proportion to (q·k)^{2m}, and what
/// they drew are the stripes of all queries of their block. In a bidirectional head all keys are there from the start.
/// Sinks never enter. No key is looked at but to be added to the sketch.
///
/// Time: that of the selector, n_k keys that enter and askers·n_q/block queries that draw. Memory: that of the
/// selector, and a word for each stripe.
/// @throws InvalidArgument as DenseAttention, BlockStripeMask and StreamingKeySelector do; unless there is one head of
/// each, 1 ≤ askers ≤ block and 0 ≤ draws
template <std::same_as<float> Scalar = float>
BlockStripeMask drawn_stripes(Direction direction, const Heads& queries, const Heads& keys,
                              const DrawnStripeOptions& options = {}) {
  const detail::HeadInputs head = detail::only_head<Scalar>(direction, queries, keys);
  detail::check_range(options.near.block, 1, max_dimension, "size of a block");
  detail::check_range(options.near.window, 1, max_dimension, "window");
  detail::check_range(options.near.sinks, 0, keys.rows(), "number of sinks");
  detail::check_range(options.askers, 1, options.near.block, "number of askers");
  const HeadPattern window{false, options.near.window, {}, {}};
  BasicStreamingKeySelector<typename detail::InDoubles<Scalar>::Real> selector(keys.rows(), keys.head_size(),
                                                                               options.selector);
  std::vector<std::vector<Index>> stripes;
  for (Index begin = 0, entered = options.near.sinks; begin < queries.rows(); begin += options.near.block) {
    const Index left = window.window_of(direction, head.place(begin), keys.rows()).begin;
    const Index outside = direction == Direction::causal ? left : keys.rows();
    for (; entered < outside; ++entered) selector.enter(entered, keys[0].row(entered));
    const Index size = std::min(options.near.block, queries.rows() - begin);
    std::vector<Index> drawn;
    for (Index asker = 0; asker < std::min(options.askers, size); ++asker) {
      selector.ask(queries[0].row(begin + (2 * asker + 1) * size / (2 * options.askers)));
      const std::vector<Index> found = selector.stripes(options.draws);
      drawn.insert(drawn.end(), found.begin(), found.end());
    }
    stripes.push_back(std::move(drawn));
  }
  return {direction, queries.rows(), keys.rows(), std::move(stripes), options.near};
}

}  // namespace turnstile::inline v0
