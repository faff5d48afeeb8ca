/// @file
/// What samplers share that keep the image of y itself.
#pragma once

#include <cstddef>

#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

/// Holds the linear map and the image of y under it; a derived sampler says what an update of its
/// stream means for y.
template <class Derived, class Scalar, class Policies>
class ImageSampler : public SamplingVerbs<Derived, Scalar> {
 public:
  using policies_type = Policies;

  /// Adds the other stream, as if its updates had come here. @throws IncompatibleSketch
  Derived& operator+=(const Derived& other) {
    require_same(other, "add samplers");
    image_ += other.image();
    return self();
  }
  /// Takes the other stream away. @throws IncompatibleSketch
  Derived& operator-=(const Derived& other) {
    require_same(other, "subtract samplers");
    image_ -= other.image();
    return self();
  }

  /// Back to the empty stream, y = 0.
  void clear() { image_ = VectorImage<Scalar>(operator_); }

  std::size_t memory_bytes() const { return sizeof(Derived) + operator_.heap_bytes() + image_.heap_bytes(); }

  /// The linear map, and what is kept of y under it.
  const SamplerOperator<Policies>& linear_map() const { return operator_; }
  const VectorImage<Scalar>& image() const { return image_; }

 protected:
  ImageSampler(Index dimension, const SamplerOptions& options) : operator_(dimension, options), image_(operator_) {}

  VectorImage<Scalar>& mutable_image() { return image_; }

 private:
  Derived& self() { return static_cast<Derived&>(*this); }

  void require_same(const Derived& other, std::string_view action) {
    detail::require_same<IncompatibleSketch>(self().identity(), other.identity(), action);
  }

  SamplerOperator<Policies> operator_;
  VectorImage<Scalar> image_;
};

}  // namespace turnstile::inline v0
