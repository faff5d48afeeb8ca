/// @file
/// An image with the verbs that read it.
#pragma once

#include <utility>

#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/sampling_verbs.hpp"

namespace turnstile::inline v0 {

/// What a sampler keeps, seen in one way at one moment: a RowImage or VectorImage made for a question that
/// was asked only then, with the verbs of all samplers. Refers to the sampler, which must outlive it.
template <class Image, class Policies>
class ImageView : public SamplingVerbs<ImageView<Image, Policies>, typename Image::draw_type> {
 public:
  using scalar_type = typename Image::scalar_type;
  using policies_type = Policies;

  ImageView(const SamplerOperator<Policies>& op, Image image) : operator_(op), image_(std::move(image)) {}

  const SamplerOperator<Policies>& linear_map() const { return operator_; }
  const Image& image() const { return image_; }

 private:
  const SamplerOperator<Policies>& operator_;
  Image image_;
};

}  // namespace turnstile::inline v0
