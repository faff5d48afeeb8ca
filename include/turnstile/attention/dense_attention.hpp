/// @file
/// Exact attention over all keys.
#pragma once

#include <concepts>
#include <utility>

#include "turnstile/attention/attention_inputs.hpp"
#include "turnstile/attention/banded_mask.hpp"
#include "turnstile/attention/heads.hpp"
#include "turnstile/attention/sparse_attention.hpp"
#include "turnstile/core/types.hpp"

namespace turnstile::inline v0 {

/// softmax(scale·Q Kᵀ) V for each head, causal or not: the sparse attention of a mask that keeps everything,
/// and what the others are compared with. Against a reference in double precision its relative error is at
/// most 2·10⁻⁶ (tested on random heads; it grows with the size of the scores).
///
/// Time: 4·d flops for each pair of a query and a key that it may see. Memory: the output and 300 KiB to
/// 600 KiB a thread; the n_q × n_k scores are never held. Const members may be called from several threads at once, on
/// the same queries, keys and values too.
/// @code
/// #include <turnstile/turnstile.hpp>
/// int main() {
///   using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
///   const Matrix q = Matrix::Random(500, 8 * 32), k = Matrix::Random(500, 2 * 32), v = Matrix::Random(500, 2 * 32);
///   const turnstile::DenseAttention attention(turnstile::Direction::causal);
///   const Matrix out = attention({q, 8}, {k, 2}, {v, 2});  // query heads 0 … 3 share key head 0
///   return out.cols() == 8 * 32 ? 0 : 1;
/// }
/// @endcode
class DenseAttention {
 public:
  explicit DenseAttention(Direction direction = Direction::causal, const AttentionOptions& options = {})
      : direction_(direction), options_(options) {}

  /// The attention of all heads, n_q × (H_q·d_v), side by side.
  /// @throws InvalidArgument for empty or mismatched shapes, head sizes above 256, numbers that are not finite,
  /// scores that might not be; more queries than keys in a causal attention
  // A template, and so are the others of this folder, so that only programs that call it compile its products.
  template <std::same_as<float> Scalar = float>
  detail::RowMajorMatrix<Scalar> operator()(const Heads& queries, const Heads& keys, const Heads& values) const {
    const auto inputs = detail::checked_inputs<Scalar>(queries, keys, values, options_);
    const BandedMask mask(direction_, queries.rows(), keys.rows());
    return std::move(detail::attend(inputs, [&](Index) -> const BandedMask& { return mask; }).output);
  }

  Direction direction() const { return direction_; }
  const AttentionOptions& options() const { return options_; }

 private:
  Direction direction_;
  AttentionOptions options_;
};

}  // namespace turnstile::inline v0
