#pragma once

#include <turnstile/io/byte_format.hpp>
#include <turnstile/sketch/count_sketch.hpp>
#include <turnstile/softmax/softmax_sampler.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace turnstile::testing {

// What Theorem 4.4 says cannot be small and right: an exponential-weight draw from a CountSketch of y ∈ ℝⁿ, by
// the softmax of all n recovered scores.
class SketchedSoftmax {
 public:
  using scalar_type = double;

  SketchedSoftmax(Index dimension, SketchShape shape, Seed seed) : dimension_(dimension), sketch_(shape, seed) {}

  void update(Index index, double delta) { sketch_.update(index, delta); }

  DrawResult<Draw<double>> sample(Seed seed) const {
    const auto recovered = Eigen::VectorXd::NullaryExpr(dimension_, [this](Index i) { return sketch_.estimate(i); });
    return SoftmaxSampler<>(recovered.eval()).sample(seed);
  }

  // The bytes of the sketch, and n behind them.
  std::vector<std::byte> to_bytes() const {
    std::vector<std::byte> bytes = sketch_.to_bytes();
    bytes.resize(bytes.size() + sizeof(Index));
    io::store_little(&bytes[bytes.size() - sizeof(Index)], dimension_);
    return bytes;
  }
  static SketchedSoftmax from_bytes(std::span<const std::byte> bytes) {
    const auto dimension = io::load_little<Index>(bytes.last(sizeof(Index)).data());
    return {dimension, CountSketch<>::from_bytes(bytes.first(bytes.size() - sizeof(Index)))};
  }

 private:
  SketchedSoftmax(Index dimension, CountSketch<> sketch) : dimension_(dimension), sketch_(std::move(sketch)) {}

  Index dimension_;
  CountSketch<> sketch_;
};

}  // namespace turnstile::testing
