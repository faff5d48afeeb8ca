#pragma once

#include <turnstile/io/identity.hpp>
#include <turnstile/sampler/dynamic_sampler.hpp>
#include <turnstile/sampler/fixed_matrix_builder.hpp>
#include <turnstile/sampler/fixed_matrix_sampler.hpp>
#include <turnstile/sampler/fixed_vector_sampler.hpp>
#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sampler/row_sampler.hpp>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "sketch_kinds.hpp"

// Small states of every kind that travels as bytes, and how to take their bytes apart.

namespace turnstile::testing {

using Bytes = std::vector<std::byte>;

using ScanPolicies = Policies<ExponentialScaling, ScanRecovery, Polynomial>;
using SamplerStates = std::tuple<L2Sampler<double>, L2Sampler<float>, L2Sampler<double, ScanPolicies>,
                                 FixedMatrixBuilder<double>, FixedMatrixBuilder<float>, FixedMatrixSampler<double>,
                                 FixedMatrixSampler<float>, FixedMatrixSampler<double, ScanPolicies>,
                                 FixedVectorSampler<double>, DynamicSampler<double>, RowSampler<double>>;
using AllStates = Joined<AllSketches, SamplerStates>;

// How a state of each kind is made and goes on; `of` is empty.
template <class Sketch>
struct Example {
  static Sketch of(SketchShape shape, Seed seed) { return make_sketch<Sketch>(shape, seed); }
  static void stream(Sketch& sketch) {
    sketch.update(4, counter_of<Sketch>(11));
    sketch.update(1'000'003, counter_of<Sketch>(-6));
  }
};

template <class Scalar, class Policies>
struct Example<L2Sampler<Scalar, Policies>> {
  static L2Sampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return L2Sampler<Scalar, Policies>(6, {.seed = seed, .shape = shape});
  }
  static void stream(L2Sampler<Scalar, Policies>& sampler) {
    sampler.update(3, Scalar(1) / Scalar(3));  // 0, of integers
    sampler.update(5, Scalar(-20));
  }
};

template <class Scalar, class Policies>
struct Example<FixedMatrixBuilder<Scalar, Policies>> {
  static FixedMatrixBuilder<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return FixedMatrixBuilder<Scalar, Policies>(6, 2, {.seed = seed, .shape = shape});
  }
  static void stream(FixedMatrixBuilder<Scalar, Policies>& builder) {
    builder.add_rows(1, Eigen::Matrix2d{{0.1, 2}, {-3, 4}});
  }
};

template <class Scalar, class Policies>
struct Example<FixedMatrixSampler<Scalar, Policies>> {
  static FixedMatrixSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    const Eigen::MatrixXd a{{1, 2}, {0.1, -4}, {5, 0}};
    return FixedMatrixSampler<Scalar, Policies>(a, {.seed = seed, .shape = shape});
  }
  static void stream(FixedMatrixSampler<Scalar, Policies>& sampler) {
    sampler.update(0, Scalar(1) / Scalar(3));
    sampler.refresh();
    sampler.update(1, Scalar(-7));
  }
};

template <class Scalar, class Policies>
struct Example<FixedVectorSampler<Scalar, Policies>> {
  static FixedVectorSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return FixedVectorSampler<Scalar, Policies>(6, Eigen::Vector2d(0.5, -3), {.seed = seed, .shape = shape});
  }
  static void stream(FixedVectorSampler<Scalar, Policies>& sampler) {
    sampler.update(3, 0, Scalar(1) / Scalar(3));
    sampler.update_row(5, Eigen::RowVector2d(1, 7));
  }
};

template <class Scalar, class Policies>
struct Example<DynamicSampler<Scalar, Policies>> {
  static DynamicSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return DynamicSampler<Scalar, Policies>(6, 2, {.seed = seed, .shape = shape});
  }
  static void stream(DynamicSampler<Scalar, Policies>& sampler) {
    sampler.update_matrix(3, 1, Scalar(1) / Scalar(3));
    sampler.update_vector(1, Scalar(2));
    sampler.refresh();
    sampler.update_matrix_row(5, Eigen::RowVector2d(1, 7));
    sampler.update_vector(0, Scalar(-7));
  }
};

template <class Scalar, class Policies>
struct Example<RowSampler<Scalar, Policies>> {
  static RowSampler<Scalar, Policies> of(SketchShape shape, Seed seed) {
    return RowSampler<Scalar, Policies>(6, 2, {.seed = seed, .shape = shape});
  }
  static void stream(RowSampler<Scalar, Policies>& sampler) {
    sampler.update(3, 1, Scalar(1) / Scalar(3));
    sampler.update_row(5, Eigen::RowVector2d(1, 7));
  }
};

template <class State>
State empty_state(SketchShape shape = {1, 2}, Seed seed = 1) {
  return Example<State>::of(shape, seed);
}

template <class State>
State used_state(SketchShape shape = {1, 2}, Seed seed = 1) {
  State state = empty_state<State>(shape, seed);
  Example<State>::stream(state);
  return state;
}

// The bytes with the checksum that fits them.
inline Bytes repaired(Bytes bytes) {
  io::store_little(bytes.data() + io::checksum_at, io::checksum(bytes, io::format_version));
  return bytes;
}

// What follows the identity in a state's bytes begins here.
inline std::size_t arrays_at(const Identity& identity) {
  return io::save_state(identity, [](io::ByteWriter&) {}).size();
}

// The state's bytes with a number written over those at a place, and the checksum repaired.
template <class State, class Number>
Bytes with_number(const State& state, std::size_t at, Number number) {
  Bytes bytes = state.to_bytes();
  io::store_little(bytes.data() + at, number);
  return repaired(bytes);
}

// The state's arrays behind another identity.
template <class State>
Bytes with_identity(const State& state, const Identity& identity) {
  const Bytes bytes = state.to_bytes();
  const auto arrays = std::span<const std::byte>(bytes).subspan(arrays_at(state.identity()));
  return io::save_state(identity, [&](io::ByteWriter& writer) { writer.put_array(arrays); });
}

// Whether the bytes are refused as CorruptState; if they are taken, they are taken as they are.
template <class State>
bool refused(const Bytes& bytes) {
  try {
    const State state = State::from_bytes(bytes);
    if (state.to_bytes() != bytes) throw std::logic_error("bytes were read as something else");
    return false;
  } catch (const CorruptState&) {
    return true;
  }
}

}  // namespace turnstile::testing
