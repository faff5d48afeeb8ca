/// @file
/// What an attention is given, and the checks of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "turnstile/attention/heads.hpp"
#include "turnstile/core/checks.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// Which keys a query may look at.
enum class Direction {
  causal,        ///< query i of n_q those up to its own place, i + n_k − n_q: the queries are the last tokens
  bidirectional  ///< all
};

struct AttentionOptions {
  std::optional<float> scale = {};  ///< of the scores q·k; 1/√d if none is given
  Index threads = 1;                ///< that share the work; the result is the same for any number
};

namespace detail {

inline constexpr Index max_head_size = 256;

/// The key head that a query head reads: H_q/H_k successive query heads share one.
inline Index key_head_of(Index query_head, const Heads& queries, const Heads& keys) {
  return query_head / (queries.count() / keys.count());
}

/// Queries, keys and values that fit together.
struct AttentionInputs {
  Heads queries, keys, values;
  float scale;
  Index threads;

  Index key_head(Index query_head) const { return key_head_of(query_head, queries, keys); }
};

/// The largest norm of a row. @throws InvalidArgument if a number is not finite
template <class Scalar = float>
double largest_norm(const Heads& heads, std::string_view what) {
  double largest = 0;
  for (Index h = 0; h < heads.count(); ++h) {
    const HeadRows rows = heads[h];
    for (Index i = 0; i < rows.rows(); ++i) {
      const double norm = rows.row(i).template cast<double>().norm();  // no square of a float leaves its range
      if (!std::isfinite(norm)) raise(what, " ", i, " of head ", h, " is not finite: its norm is ", norm);
      largest = std::max(largest, norm);
    }
  }
  return largest;
}

inline void check_shapes(const Heads& queries, const Heads& keys, const Heads& values) {
  check_range(queries.rows(), 1, max_dimension, "number of queries");
  check_range(keys.rows(), 1, max_dimension, "number of keys");
  check_range(queries.head_size(), 1, max_head_size, "head size of the queries");
  check_range(values.head_size(), 1, max_head_size, "head size of the values");
  check_same_size(keys.head_size(), queries.head_size(), "head of keys");
  check_same_size(values.rows(), keys.rows(), "list of values");
  check_same_size(values.count(), keys.count(), "list of value heads");
  if (queries.count() % keys.count() != 0)
    raise("number of query heads ", queries.count(), " is not a multiple of the number of key heads ", keys.count());
}

/// |q·k|·scale ≤ ‖q‖·‖k‖·scale is far from the largest float, so that every score and every difference of two
/// is finite.
template <class Scalar = float>
void check_scores(const Heads& queries, const Heads& keys, Scalar scale) {
  check_finite(scale, "scale");
  const double bound =
      largest_norm<Scalar>(queries, "query") * largest_norm<Scalar>(keys, "key") * std::abs(double{scale});
  constexpr double limit = std::numeric_limits<Scalar>::max() / 8;
  if (!(bound <= limit)) raise("scores may reach ", bound, " and not be finite; the limit is ", limit);
}

/// @throws InvalidArgument unless the shapes agree, every number is finite and so is every score
template <class Scalar = float>
AttentionInputs checked_inputs(const Heads& queries, const Heads& keys, const Heads& values,
                               const AttentionOptions& options) {
  check_shapes(queries, keys, values);
  check_range(options.threads, 1, Index{1} << 10, "number of threads");
  const Scalar scale = options.scale.value_or(1 / std::sqrt(static_cast<Scalar>(queries.head_size())));
  check_scores(queries, keys, scale);
  largest_norm<Scalar>(values, "value");
  return {queries, keys, values, scale, options.threads};
}

}  // namespace detail

}  // namespace turnstile::inline v0
