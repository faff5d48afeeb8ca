#pragma once

#include <turnstile/sampler/exact_kronecker_sampler.hpp>
#include <turnstile/sampler/factored_kronecker_sampler.hpp>
#include <turnstile/sampler/factored_tensor_sampler.hpp>
#include <turnstile/sampler/pairwise_kronecker_sampler.hpp>
#include <turnstile/sampler/sampler_bank.hpp>
#include <turnstile/sketch/tensor_sketch.hpp>

#include "softmax/softmax_states.hpp"
#include "support/states.hpp"

#include <array>
#include <cstdint>
#include <tuple>

// Small states of every kind, those included that `AllStates` leaves out for their size or their lack of a
// shape.

namespace turnstile::testing {

template <class Scalar, class Hash>
struct Example<TensorSketch<Scalar, Hash>> {
  static TensorSketch<Scalar, Hash> of(SketchShape shape, Seed seed) {
    return TensorSketch<Scalar, Hash>({6, 5, 4}, shape.rows * shape.buckets, shape.rows, seed);
  }
  static void stream(TensorSketch<Scalar, Hash>& sketch) {
    sketch.update({3, 4, 1}, Scalar(1) / Scalar(3));
    sketch.update({5, 0, 2}, Scalar(-20));
  }
};

template <class Scalar, class Policies>
struct Example<FactoredTensorSampler<Scalar, Policies>> {
  static FactoredTensorSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return {{4, 3, 2}, {2, 1, 2}, {.seed = seed, .shape = shape}};
  }
  static void stream(FactoredTensorSampler<Scalar, Policies>& sampler) {
    for (Index k = 0; k < 3; ++k) sampler.update(k, 1, 0, Scalar(1) / Scalar(3));
    sampler.update_row(0, 3, Eigen::RowVector2d(1, 7));
    sampler.update_core(std::array<Index, 3>{1, 0, 1}, Scalar(5));
    sampler.update_core(std::array<Index, 3>{0, 0, 0}, Scalar(0.1));
  }
};

template <class Scalar, class Policies>
struct Example<FactoredKroneckerSampler<Scalar, Policies>> {
  static FactoredKroneckerSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return {4, 3, Eigen::Matrix2d{{1, 0.1}, {-2, 0}}, {.seed = seed, .shape = shape}};
  }
  static void stream(FactoredKroneckerSampler<Scalar, Policies>& sampler) {
    sampler.update_left(1, 0, Scalar(1) / Scalar(3));
    sampler.update_right_row(2, Eigen::RowVector2d(1, 7));
    sampler.update_core(1, 1, Scalar(5));
  }
};

// Of A1 ∈ ℝ^{4×2} and A2 ∈ ℝ^{3×2}, both 0 to begin with, and X.
template <class Sampler>
Sampler of_whole_factors(const SamplerOptions& options) {
  const Eigen::MatrixXd left = Eigen::MatrixXd::Zero(4, 2), right = Eigen::MatrixXd::Zero(3, 2);
  return {left, right, Eigen::Matrix2d{{1, 0.1}, {-2, 0}}, options};
}

template <class Scalar>
struct Example<ExactKroneckerSampler<Scalar>> {
  static ExactKroneckerSampler<Scalar> of(SketchShape, Seed seed) {
    return of_whole_factors<ExactKroneckerSampler<Scalar>>({.seed = seed});
  }
  static void stream(ExactKroneckerSampler<Scalar>& sampler) {
    sampler.update_left(1, 0, Scalar(1) / Scalar(3));
    sampler.update_right_row(2, Eigen::RowVector2d(1, 7));
    sampler.update_core(1, 1, Scalar(5));
  }
};

template <class Scalar, class Policies>
struct Example<PairwiseKroneckerSampler<Scalar, Policies>> {
  static PairwiseKroneckerSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return of_whole_factors<PairwiseKroneckerSampler<Scalar, Policies>>({.seed = seed, .shape = shape});
  }
  static void stream(PairwiseKroneckerSampler<Scalar, Policies>& sampler) {
    sampler.update_left(1, 0, Scalar(1) / Scalar(3));
    sampler.update_right_row(2, Eigen::RowVector2d(1, 7));
    sampler.update_left_row(3, Eigen::RowVector2d(-2, 0.1));
  }
};

template <>
struct Example<SamplerBank<L2Sampler<>>> {
  static SamplerBank<L2Sampler<>> of(SketchShape shape, Seed seed) {
    return {2, {.seed = seed, .shape = shape}, Index{6}};
  }
  static void stream(SamplerBank<L2Sampler<>>& bank) {
    bank.update(Index{3}, 1.0 / 3);
    bank.update(Index{5}, -20.0);
  }
};

template <>
struct Example<SamplerBank<DynamicSampler<>>> {
  static SamplerBank<DynamicSampler<>> of(SketchShape shape, Seed seed) {
    return {2, {.seed = seed, .shape = shape}, Index{6}, Index{2}};
  }
  static void stream(SamplerBank<DynamicSampler<>>& bank) {
    bank.update_matrix(Index{3}, Index{1}, 1.0 / 3);
    bank.update_vector(Index{1}, 2.0);
  }
};

using FactoredStates = std::tuple<TensorSketch<double>, TensorSketch<float>, FactoredTensorSampler<double>,
                                  FactoredKroneckerSampler<double>, FactoredKroneckerSampler<float>>;
using Banks = std::tuple<SamplerBank<L2Sampler<>>, SamplerBank<DynamicSampler<>>>;
using WholeFactorStates =
    std::tuple<ExactKroneckerSampler<double>, ExactKroneckerSampler<float>, PairwiseKroneckerSampler<double>>;

using IntegerStates = std::tuple<L2Sampler<std::int64_t, IntegerPolicies>>;

using EveryLinearState = Joined<AllStates, SoftmaxStates, FactoredStates, Banks>;
using EveryState = Joined<EveryLinearState, WholeFactorStates, IntegerStates>;
// All but banks, whose bytes hold those of their samplers, each under a checksum of its own.
using EveryStateOfOneChecksum = Joined<AllStates, SoftmaxStates, FactoredStates, WholeFactorStates, IntegerStates>;

}  // namespace turnstile::testing
