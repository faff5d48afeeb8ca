/// @file
/// The checks of what looks at one head at a time.
#pragma once

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/sampled_rows.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// The queries and keys of one head. @throws InvalidArgument as DenseAttention does; unless there is one head of each,
/// and in a causal head no more queries than keys
template <class Scalar = float>
HeadInputs only_head(Direction direction, const Heads& queries, const Heads& keys,
                     const AttentionOptions& options = {}) {
  const AttentionInputs inputs = checked_inputs<Scalar>(queries, keys, keys, options);
  check_range(queries.count(), 1, 1, "number of heads");
  check_range(queries.rows(), 1, direction == Direction::causal ? keys.rows() : max_dimension, "number of queries");
  return {queries[0], keys[0], inputs.scale, direction};
}

}  // namespace turnstile::inline v0::detail
