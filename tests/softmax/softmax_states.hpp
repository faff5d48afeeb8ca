#pragma once

#include <turnstile/softmax/bounded_softmax_product_sampler.hpp>
#include <turnstile/softmax/bounded_softmax_sampler.hpp>
#include <turnstile/softmax/softmax_sampler.hpp>

#include "support/states.hpp"

#include <tuple>

// Small states of the softmax samplers; shapes of sketches mean nothing to them.

namespace turnstile::testing {

using SoftmaxStates =
    std::tuple<SoftmaxSampler<double>, SoftmaxSampler<float>, BoundedSoftmaxSampler<double>,
               BoundedSoftmaxSampler<float>, BoundedSoftmaxProductSampler<double>, BoundedSoftmaxProductSampler<float>>;

template <class Scalar>
struct Example<SoftmaxSampler<Scalar>> {
  static SoftmaxSampler<Scalar> of(SketchShape, Seed) {
    return SoftmaxSampler<Scalar>(Eigen::Vector<Scalar, 6>::Zero(), 1.5);
  }
  static void stream(SoftmaxSampler<Scalar>& sampler) {
    sampler.update(3, Scalar(1) / Scalar(3));
    sampler.update(5, Scalar(-20));
  }
};

template <class Scalar>
struct Example<BoundedSoftmaxSampler<Scalar>> {
  static BoundedSoftmaxSampler<Scalar> of(SketchShape, Seed seed) { return {20, 0.5, 0.1, seed}; }
  static void stream(BoundedSoftmaxSampler<Scalar>& sampler) {
    for (Index i = 0; i < 20; ++i) sampler.update(i, Scalar(i) / Scalar(70));
  }
};

template <class Scalar>
struct Example<BoundedSoftmaxProductSampler<Scalar>> {
  static BoundedSoftmaxProductSampler<Scalar> of(SketchShape, Seed seed) { return {20, 2, 0.5, 0.1, seed}; }
  static void stream(BoundedSoftmaxProductSampler<Scalar>& sampler) {
    for (Index i = 0; i < 20; ++i) sampler.update_matrix(i, i % 2, Scalar(i) / Scalar(70));
    sampler.update_vector(1, Scalar(1) / Scalar(3));
  }
};

}  // namespace turnstile::testing
