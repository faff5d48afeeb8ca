/// @file
/// What a sampler will take, before it is built.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>

#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/product_sampler.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/streamed_image.hpp"
#include "turnstile/sampler/vector_image.hpp"

namespace turnstile::inline v0 {

/// Bytes of a state.
struct StateBytes {
  std::size_t memory;      ///< its `memory_bytes()`, but for spare room of containers, which a copy has not
  std::size_t serialized;  ///< its `to_bytes().size()`, exactly
};

namespace detail {

template <class S, class Image>
concept StreamsImage = std::derived_from<S, StreamedImage<S, Image, typename S::policies_type>>;
/// Keeps the image of y.
template <class S>
concept KeepsVector = StreamsImage<S, VectorImage<typename S::scalar_type>>;
/// Keeps the image of a matrix, and nothing else.
template <class S>
concept KeepsRows = StreamsImage<S, MatrixImage<typename S::scalar_type>>;
/// Keeps the image of a matrix, x, and the image of their product.
template <class S>
concept KeepsProduct = requires(S& sampler) {
  []<class Image>(ProductSampler<S, typename S::scalar_type, typename S::policies_type, Image>&) {}(sampler);
};

/// Bytes of a state's arrays in the byte format.
template <class S>
Index array_bytes(const SamplerOperator<typename S::policies_type>& op, Index columns) {
  using Scalar = typename S::scalar_type;
  constexpr Index each = sizeof(Scalar);
  if constexpr (KeepsVector<S>) {
    constexpr bool keeps_x = requires(const S& sampler) { sampler.vector(); };
    return each * VectorImage<Scalar>::numbers(op) + VectorImage<Scalar>::fixed_bytes() +
           (keeps_x ? checked_product(columns, sizeof(double), "x") : 0);
  } else if constexpr (KeepsRows<S>) {
    return each * MatrixImage<Scalar>::numbers(op, columns) + MatrixImage<Scalar>::fixed_bytes(columns);
  } else {
    return each * MatrixImage<Scalar>::numbers(op, columns) + ProductImage<MatrixImage<Scalar>>::fixed_bytes(columns);
  }
}

/// Those of them that are kept in the object itself.
template <class S>
Index bytes_in_place() {
  return KeepsVector<S> ? VectorImage<typename S::scalar_type>::fixed_bytes() : RoundingBound::bytes;
}

}  // namespace detail

/// What an S of dimension n and d columns will take with these options: L levels of R × b counters, a norm
/// sketch of 3 × 256, both d times over where counters are rows, and the hash functions.
/// For an L2Sampler, leave `columns` out. Nothing of that size is allocated to find out.
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   const turnstile::Index n = 1 << 20;
///   const turnstile::SamplerOptions options{.shape = turnstile::SketchShape::for_draws(n, 10)};
///   std::cout << turnstile::state_bytes<turnstile::L2Sampler<float>>(n, options).memory << '\n';
///   std::cout << turnstile::state_bytes<turnstile::DynamicSampler<>>(n, 100, options).memory << '\n';
/// }
/// @endcode
/// @throws InvalidArgument for dimensions or options out of range, or more numbers than a memory holds
template <class S>
requires(detail::KeepsVector<S> || detail::KeepsRows<S> || detail::KeepsProduct<S>) StateBytes
    state_bytes(Index dimension, Index columns, const SamplerOptions& options) {
  using Scalar = typename S::scalar_type;
  using Policies = typename S::policies_type;
  detail::check_range(columns, 1, max_dimension, "number of columns");
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): a copy has no spare room
  const SamplerOperator<Policies> built(dimension, options), op(built);
  const Index arrays = detail::array_bytes<S>(op, columns);
  Index heap = arrays - detail::bytes_in_place<S>();
  if constexpr (detail::KeepsProduct<S>) heap += static_cast<Index>(sizeof(Scalar)) * VectorImage<Scalar>::numbers(op);
  const Identity identity{
      std::string(S::kind), std::string(scalar_name<Scalar>()), Policies::name(), dimension, columns, options, 0};
  const std::size_t header = io::save_state(identity, [](io::ByteWriter&) {}).size();
  return {sizeof(S) + op.heap_bytes() + static_cast<std::size_t>(heap), header + static_cast<std::size_t>(arrays)};
}

/// The same for states of one column.
template <class S>
requires detail::KeepsVector<S> StateBytes state_bytes(Index dimension, const SamplerOptions& options = {}) {
  return state_bytes<S>(dimension, 1, options);
}

}  // namespace turnstile::inline v0
