/// @file
/// CountSketch: point estimates, norms and inner products of a streamed vector or matrix.
#pragma once

#include <cmath>
#include <span>
#include <string_view>
#include <type_traits>

#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/linear_sketch.hpp"

namespace turnstile::inline v0 {

/// CountSketch (Charikar, Chen and Farach-Colton 2004) of y under updates y_i += Δ.
///
/// Row r keeps c_r[h_r(i)] += s_r(i)·Δ; ŷ_i is the median over rows of s_r(i)·c_r[h_r(i)]. One row is
/// unbiased with variance (‖y‖² − y_i²)/b; the median of R is off by more than 3‖y‖/√b with a
/// probability that falls exponentially in R. Needs 2-wise buckets and 4-wise signs, as
/// `PolynomialHash<4>` gives.
///
/// Time: an update R adds, an estimate R loads. Memory: R·b counters. See `LinearSketch` for updates,
/// merging, bytes and what counters can be.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   turnstile::CountSketch<> sketch({.rows = 5, .buckets = 256}, 1);
///   sketch.update(42, 3.0);
///   sketch.update(42, -1.0);
///   return sketch.estimate(42) == 2.0 ? 0 : 1;
/// }
/// @endcode
template <class Counter = double, KeyedHash Hash = MixHash>
class CountSketch : public LinearSketch<CountSketch<Counter, Hash>, Counter, Hash> {
  using Base = LinearSketch<CountSketch, Counter, Hash>;

 public:
  static constexpr std::string_view kind = "CountSketch";
  using Base::Base;

  /// ŷ_i, a number or (of a matrix) a row, coordinate by coordinate. @throws InvalidArgument
  Counter estimate(Index index) const {
    detail::check_index(index, Base::dimension(), "index");
    if constexpr (std::is_arithmetic_v<Counter>) {
      return detail::estimate_key(this->linear_map(), this->counter_array(), index, 0);
    } else {
      return detail::estimate_row(this->linear_map(), this->counter_array(), index);
    }
  }

  /// The same for many keys, of numbers in less than half the time each: estimates[k] of ŷ at indices[k].
  /// @throws InvalidArgument for an index out of range or sizes that differ; nothing has been written then
  void estimate(std::span<const Index> indices, std::span<Counter> estimates) const {
    detail::check_same_size(std::ssize(estimates), std::ssize(indices), "span of estimates");
    detail::check_indices(indices, Base::dimension(), "index");
    if constexpr (std::is_arithmetic_v<Counter>) {
      detail::estimate_keys(
          this->linear_map(), this->counter_array(), indices,
          [&](std::size_t k, Counter value) { estimates[k] = value; }, 0);
    } else {
      for (std::size_t k = 0; k < indices.size(); ++k)
        estimates[k] = detail::estimate_row(this->linear_map(), this->counter_array(), indices[k]);
    }
  }

  /// The error that estimate(i) stays below in about 68 % of keys of a flat vector: the variance
  /// formula ‖y‖/√b times the spread of a median of R normal readings, about 1.25/√R.
  double standard_error() const {
    const double spread = std::sqrt(std::acos(-1.0) / 2 / static_cast<double>(this->shape().rows));
    return std::sqrt(this->squared_norm() / static_cast<double>(this->shape().buckets)) *
           (this->shape().rows == 1 ? 1.0 : spread);
  }

  /// An estimate of ⟨y, z⟩ for the stream z of another sketch of the same identity, with variance at
  /// most 2‖y‖²‖z‖²/b a row. Time: O(R·b). @throws IncompatibleSketch
  double inner_product(const CountSketch& other) const {
    detail::require_same<IncompatibleSketch>(this->identity(), other.identity(), "multiply sketches");
    return detail::median_inner_product(this->counters(), other.counters(), this->shape().rows);
  }
};

}  // namespace turnstile::inline v0
