#pragma once

#include "support/every_state.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

// One small state of every kind that travels as bytes, and the file that holds its bytes.

namespace turnstile::testing {

using GoldenStates =
    std::tuple<CountSketch<double>, CountSketch<float>, CountSketch<std::int64_t>, CountSketch<double, Polynomial>,
               SketchedMatrix<double>, AmsSketch<double>, TensorSketch<double>, L2Sampler<double>, L2Sampler<float>,
               L2Sampler<double, ScanPolicies>, L2Sampler<std::int64_t, IntegerPolicies>, FixedVectorSampler<double>,
               FixedMatrixBuilder<double>, FixedMatrixSampler<double>, DynamicSampler<double>, RowSampler<double>,
               FactoredTensorSampler<double>, FactoredKroneckerSampler<double>, ExactKroneckerSampler<double>,
               PairwiseKroneckerSampler<double>, SamplerBank<L2Sampler<>>, SoftmaxSampler<double>,
               BoundedSoftmaxSampler<double>, BoundedSoftmaxProductSampler<double>>;

template <class State>
State golden_state() {
  return used_state<State>({1, 2}, 2510);
}

// Class, scalar, number of columns and policies.
template <class State>
std::string golden_name() {
  const Identity identity = golden_state<State>().identity();
  std::string name = std::string(State::kind) + "-" + identity.scalar + "-" + std::to_string(identity.width) + "-" +
                     identity.policies + ".state";
  std::ranges::replace(name, ' ', '_');
  std::ranges::replace(name, '/', '_');
  return name;
}

inline Bytes read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  const std::vector<char> text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline void write_bytes(const std::filesystem::path& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  if (!file) throw std::runtime_error(path.string() + ": cannot be written");
}

}  // namespace turnstile::testing
