/// @file
/// What samplers share that keep the image of y itself.
#pragma once

#include "turnstile/core/draw.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"
#include "turnstile/sampler/streamed_image.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

/// A streamed VectorImage, and the verbs that read it.
template <class Derived, class Scalar, class Policies>
class ImageSampler : public StreamedImage<Derived, VectorImage<Scalar>, Policies>,
                     public SamplingVerbs<Derived, Draw<Scalar>> {
  using Base = StreamedImage<Derived, VectorImage<Scalar>, Policies>;

 public:
  /// What draws are read from.
  const VectorImage<Scalar>& image() const { return this->streamed(); }

 protected:
  ImageSampler(Index dimension, const SamplerOptions& options) : Base(dimension, 1, options) {}
  using Base::Base;
};

}  // namespace turnstile::inline v0
