/// @file
/// Sums of circular convolutions, each by the cheaper of two ways.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <memory>
#include <span>

#include "turnstile/core/types.hpp"
#include "turnstile/sketch/real_transform.hpp"
#include "turnstile/sketch/sparse_terms.hpp"

namespace turnstile::inline v0::detail {

/// The sum over its `add`s of a₁ ∗ … ∗ a_q, (a ∗ c)[t] = Σ_{u+v ≡ t mod b} a[u]·c[v].
///
/// Each summand goes the way that takes fewer operations. *Scattering* the products of nonzeros, one
/// factor after the other, takes Σ_{k≥2} min(b, |a₁|⋯|a_{k−1}|)·|a_k| of them (|a| nonzeros in a) and is
/// exact for small integers; *transforming* takes q transforms, and one more for the sum, of
/// L log₂ L steps at `transform_step` each. L is b if b has no prime factor above 5, else a power of
/// two with room for the linear convolution, which is folded mod b.
///
/// Memory: 3b doubles, and about 8L once something was transformed, of which the thread keeps the
/// transform itself for the next sum of the same length. Real is double.
template <class Real>
class CircularConvolution {
 public:
  /// A step of a transform, in products scattered: measured at L = 1024 … 4096.
#ifdef EIGEN_FFTW_DEFAULT
  static constexpr double transform_step = 0.25;
#else
  static constexpr double transform_step = 1;
#endif

  /// @param length b ≥ 1 @param degree q ≥ 2, with q·b ≤ 2³⁰
  CircularConvolution(Index length, Index degree)
      : length_(length),
        transform_length_(is_smooth(length) ? length : padded(length, degree)),
        transform_cost_(transform_step * static_cast<double>(transform_length_) *
                        std::log2(static_cast<double>(transform_length_))),
        linear_(Eigen::ArrayX<Real>::Zero(2 * length)),
        result_(length) {}

  /// Adds a₁ ∗ … ∗ a_q; places are in [0, b).
  void add(std::span<const SparseTerms> factors) {
    if (std::any_of(factors.begin(), factors.end(), [](const SparseTerms& a) { return a.empty(); })) return;
    if (scatters(factors))
      scatter(factors);
    else
      transform(factors);
  }

  /// Whether these factors are scattered rather than transformed.
  bool scatters(std::span<const SparseTerms> factors) const {
    const auto count = [](const SparseTerms& a) { return static_cast<double>(a.size()); };
    double nonzeros = count(factors.front()), products = 0;
    for (const SparseTerms& factor : factors.subspan(1)) {
      nonzeros = std::min(nonzeros, static_cast<double>(length_)) * count(factor);
      products += nonzeros;
    }
    return products <= static_cast<double>(factors.size() + 1) * transform_cost_;
  }

  /// The sum so far, of b entries that hold until the next call; begins again at zero.
  const Eigen::ArrayX<Real>& take() {
    if (transformed_) transform_back();
    if (transformed_ && scattered_)
      result_ += linear_.head(length_) + linear_.tail(length_);
    else if (!transformed_)
      result_ = linear_.head(length_) + linear_.tail(length_);
    if (scattered_) linear_.setZero();
    transformed_ = scattered_ = false;
    return result_;
  }

 private:
  static bool is_smooth(Index length) {
    if (length < 4) return false;
    for (Index prime : {2, 3, 5})
      while (length % prime == 0) length /= prime;
    return length == 1;
  }

  static Index padded(Index length, Index degree) {
    const Index linear = degree * (length - 1) + 1;
    return std::max<Index>(4, static_cast<Index>(std::bit_ceil(static_cast<std::size_t>(linear))));
  }

  // to[u + v] += a[u]·c[v], not folded: the inner loop does no arithmetic on places.
  static void scatter_products(const SparseTerms& a, const SparseTerms& c, double* to) {
    const auto places = c.places();
    const auto values = c.values();
    for (std::size_t i = 0; i < a.size(); ++i) {
      double* const shifted = to + a.places()[i];
      const double value = a.values()[i];
      for (std::size_t j = 0; j < places.size(); ++j) shifted[places[j]] += value * values[j];
    }
  }

  void scatter(std::span<const SparseTerms> factors) {
    const SparseTerms* product = &factors.front();
    for (const SparseTerms& factor : factors.subspan(1, factors.size() - 2)) {
      Eigen::ArrayX<Real> linear = Eigen::ArrayX<Real>::Zero(2 * length_);
      scatter_products(*product, factor, linear.data());
      linear.head(length_) += linear.tail(length_);
      product_.assign(
          static_cast<std::size_t>(length_), [](std::size_t t) { return static_cast<Index>(t); },
          [&](std::size_t t) { return linear[static_cast<Index>(t)]; });
      product = &product_;
    }
    scatter_products(*product, factors.back(), linear_.data());
    scattered_ = true;
  }

  // Spectra change hands instead of being copied.
  void transform(std::span<const SparseTerms> factors) {
    if (!transform_) {
      transform_ = RealTransform<Real>::of_this_thread(transform_length_);
      spectrum_ = sum_ = transform_->spectrum;
    }
    Eigen::ArrayX<std::complex<Real>>& spectrum = transform_->spectrum;
    for (const SparseTerms& factor : factors) {
      transform_->real.setZero();
      for (std::size_t k = 0; k < factor.size(); ++k) transform_->real[factor.places()[k]] += factor.values()[k];
      spectrum_.swap(spectrum);
      transform_->forward();
      if (&factor != &factors.front()) spectrum *= spectrum_;
    }
    if (transformed_)
      sum_ += spectrum;
    else
      sum_.swap(spectrum);
    transformed_ = true;
  }

  void transform_back() {
    transform_->spectrum.swap(sum_);
    transform_->inverse();
    const double scale = 1 / static_cast<double>(transform_length_);
    result_ = transform_->real.head(length_) * scale;
    for (Index at = length_; at < transform_length_; at += length_) {
      const Index count = std::min(length_, transform_length_ - at);
      result_.head(count) += transform_->real.segment(at, count) * scale;
    }
  }

  Index length_, transform_length_;
  double transform_cost_;                         // of one, in products scattered
  Eigen::ArrayX<Real> linear_;                    // what was scattered: of length 2b, to be folded
  Eigen::ArrayX<std::complex<Real>> sum_;         // what was transformed
  bool scattered_ = false, transformed_ = false;  // whether these hold something
  Eigen::ArrayX<Real> result_;
  SparseTerms product_;
  std::shared_ptr<RealTransform<Real>> transform_;
  Eigen::ArrayX<std::complex<Real>> spectrum_;
};

}  // namespace turnstile::inline v0::detail
