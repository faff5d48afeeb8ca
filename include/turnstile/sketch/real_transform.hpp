/// @file
/// Fourier transforms of real vectors of one length, by Eigen's FFT module.
#pragma once

#include <Eigen/Core>
#include <unsupported/Eigen/FFT>

#include <complex>
#include <memory>
#include <mutex>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

/// FFTW makes and destroys plans in one thread at a time only (its manual, "Thread safety"); Eigen's own
/// transforms need no lock.
inline std::unique_lock<std::mutex> lock_planner() {
#ifdef EIGEN_FFTW_DEFAULT
  static std::mutex planner;
  return std::unique_lock(planner);
#else
  return {};
#endif
}

/// A real vector, the lower half of its spectrum, and the way between them: Eigen's default backend, or
/// FFTW where EIGEN_FFTW_DEFAULT is defined (CMake: TURNSTILE_WITH_FFTW).
///
/// Real is double: a template, as all that includes this would pay for the transforms otherwise.
///
/// Time: O(L log L) for a length L without prime factors above 5. Memory: about 6L doubles.
template <class Real>
class RealTransform {
 public:
  /// The one that this thread keeps: of the length it asked for last, as a plan costs several transforms.
  static std::shared_ptr<RealTransform> of_this_thread(Index length) {
    thread_local std::shared_ptr<RealTransform> kept;
    if (!kept || kept->length() != length) kept = std::make_shared<RealTransform>(length);
    return kept;
  }

  /// Plans both directions, so that none is planned later. @param length at least 4
  explicit RealTransform(Index length)
      : real(Eigen::ArrayX<Real>::Zero(length)), spectrum(Eigen::ArrayX<std::complex<Real>>::Zero(length / 2 + 1)) {
    const auto lock = lock_planner();
    fft_.SetFlag(Fft::HalfSpectrum);
    fft_.SetFlag(Fft::Unscaled);
    forward();
    inverse();
  }
  RealTransform(const RealTransform&) = delete;
  RealTransform& operator=(const RealTransform&) = delete;
  ~RealTransform() {
    const auto lock = lock_planner();
    fft_.impl().clear();
  }

  Index length() const { return real.size(); }
  /// spectrum[w] = Σ_t real[t]·exp(−2πi·wt/L)
  void forward() { fft_.fwd(spectrum.data(), real.data(), length()); }
  /// real = L times the vector of this spectrum.
  void inverse() { fft_.inv(real.data(), spectrum.data(), length()); }

  Eigen::ArrayX<Real> real;
  Eigen::ArrayX<std::complex<Real>> spectrum;

 private:
  using Fft = Eigen::FFT<Real>;
  Fft fft_;
};

}  // namespace turnstile::inline v0::detail
