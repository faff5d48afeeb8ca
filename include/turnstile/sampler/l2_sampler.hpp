/// @file
/// Draws from a vector under signed updates of its coordinates.
#pragma once

#include <Eigen/Core>

#include <concepts>
#include <cstdint>
#include <span>

#include "turnstile/core/concepts.hpp"
#include "turnstile/sampler/image_sampler.hpp"
#include "turnstile/sampler/integer_image.hpp"
#include "turnstile/sampler/policies.hpp"

namespace turnstile::inline v0 {

/// Draws index i of y ∈ ℝⁿ with probability |y_i|ᵖ/‖y‖ₚᵖ (p = 2 by default) while y changes by updates
/// y_i += Δ of either sign, from a state of L levels of R × b counters: 120 KiB at the default shape
/// for n = 2²⁰, where y takes 8 MiB. L = 1 + ⌈(log₂ n − 10)/5⌉.
///
/// The heaviest coordinate of w = diag(s) y, s_i = e_i^{−1/p}, found in a sketch of w (arXiv
/// 2510.03678, section 5.1, with exponential variables for the uniform ones of its Algorithm 1, which
/// makes every state give a draw instead of one in O(log n/ε)).
///
/// Time: an update L·R + 3 adds; a draw O(log n) bucket readings with TreeRecovery. A batch is the
/// fast path of updates. Scalar: double or float, the type of the counters; or std::int64_t with
/// `IntegerPolicies`, for streams of integers, which takes twice the memory: counters are then exact, and an
/// update is refused where Σ |Δ| of all that came before would pass 2⁶².
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   turnstile::L2Sampler<> sampler(1'000'000, {.seed = 1});
///   sampler.update(42, 3.0);
///   sampler.update(7, 1.0);
///   sampler.update(7, -1.0);  // gone again
///   if (auto draw = sampler.sample()) std::cout << draw->index << ' ' << draw->value << '\n';  // 42 3
/// }
/// @endcode
template <class Scalar = double, class Policies = DefaultPolicies>
class L2Sampler : public ImageSampler<L2Sampler<Scalar, Policies>, Scalar, Policies> {
  using Base = ImageSampler<L2Sampler, Scalar, Policies>;
  using Image = VectorImage<Scalar>;
  static_assert(std::same_as<Scalar, std::int64_t> == IntegerScaling<typename Policies::scaling_type>,
                "a sampler of std::int64_t takes IntegerPolicies, and no other sampler does");

 public:
  static constexpr std::string_view kind = "L2Sampler";

  /// y = 0 in ℝⁿ. @throws InvalidArgument for a dimension outside [1, 2⁶²] or bad options
  explicit L2Sampler(Index dimension, const SamplerOptions& options = {}) : Base(dimension, options) {}

  /// y_i += Δ.
  /// @throws InvalidArgument if i is outside [0, n), or Δ is not finite or so large that its counter
  /// would overflow; y is unchanged then
  void update(Index index, Scalar delta) {
    admit(index, delta);
    this->mutable_image().add(this->linear_map(), std::span(&index, 1), std::span(&delta, 1));
  }

  /// y_{i_k} += Δ_k for all k, in that order: the whole batch, or (on an exception) nothing of it.
  void update(std::span<const Index> indices, std::span<const Scalar> deltas) {
    admit(indices, deltas);
    this->mutable_image().add(this->linear_map(), indices, deltas);
  }

  /// The same with Eigen vectors.
  template <class Indices, class Deltas>
  void update(const Eigen::MatrixBase<Indices>& indices, const Eigen::MatrixBase<Deltas>& deltas) {
    with_spans(indices, deltas, [&](auto i, auto d) { update(i, d); });
  }

  /// Refuses what `update` of these arguments would refuse, and leaves y as it is; after it that update does
  /// not throw. So that several samplers take a change, or none.
  void admit(Index index, Scalar delta) {
    detail::check_index(index, this->dimension(), "index");
    this->mutable_image().reserve(this->linear_map(), Image::mass_of(delta));
  }
  void admit(std::span<const Index> indices, std::span<const Scalar> deltas) {
    detail::check_same_size(std::ssize(deltas), std::ssize(indices), "batch of changes");
    detail::check_indices(indices, this->dimension(), "index");
    this->mutable_image().reserve(this->linear_map(), Image::mass_of(deltas));
  }
  template <class Indices, class Deltas>
  void admit(const Eigen::MatrixBase<Indices>& indices, const Eigen::MatrixBase<Deltas>& deltas) {
    with_spans(indices, deltas, [&](auto i, auto d) { admit(i, d); });
  }

 private:
  friend StreamedImage<L2Sampler, Image, Policies>;
  using Base::Base;

  template <class Indices, class Deltas, class Take>
  static void with_spans(const Eigen::MatrixBase<Indices>& indices, const Eigen::MatrixBase<Deltas>& deltas,
                         Take&& take) {
    static_assert(Indices::IsVectorAtCompileTime && Deltas::IsVectorAtCompileTime,
                  "update takes a vector of indices and a vector of changes");
    const Eigen::Vector<Index, Eigen::Dynamic> i = indices.reshaped().template cast<Index>();
    const Eigen::Vector<Scalar, Eigen::Dynamic> d = deltas.reshaped();
    take(std::span<const Index>(i.data(), static_cast<std::size_t>(i.size())),
         std::span<const Scalar>(d.data(), static_cast<std::size_t>(d.size())));
  }
};

}  // namespace turnstile::inline v0
