/// @file
/// The random linear map behind TensorSketch: one CountSketch map for each factor, joined by addition of
/// buckets and multiplication of signs.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/hashed_keys.hpp"
#include "turnstile/sketch/sketch_operator.hpp"

namespace turnstile::inline v0 {

/// √s·S for the TensorSparse map S of tensors of q factors: s blocks of b = m/s buckets; in block r the
/// key (i_1, …, i_q) goes to bucket Σ_k h_k(i_k, r) mod b with sign Π_k σ_k(i_k, r). The operator holds
/// no counters: it is its parameters.
///
/// Time: q·s hashes a key. Memory: q·s hash functions.
template <KeyedHash Hash>
class TensorOperator {
 public:
  static constexpr Index max_degree = 62;  // from there on, 2 in each dimension pass 2⁶²

  /// @param dimensions n_1, …, n_q with a product of at most 2⁶²
  /// @param buckets m in all; a multiple of s @param nonzeros s
  TensorOperator(std::vector<Index> dimensions, Index buckets, Index nonzeros, Seed seed)
      : dimensions_(std::move(dimensions)), shape_(checked_shape(degree(), buckets, nonzeros)), size_(checked_size()) {
    for (std::size_t k = 0; k < dimensions_.size(); ++k)
      factors_.emplace_back(shape_, derive_seed(seed, "tensor factor", k));
  }

  const std::vector<Index>& dimensions() const { return dimensions_; }
  /// q
  Index degree() const { return static_cast<Index>(dimensions_.size()); }
  /// n_1⋯n_q
  Index size() const { return size_; }
  /// s rows of m/s buckets.
  const SketchShape& shape() const { return shape_; }
  Index cells() const { return shape_.rows * shape_.buckets; }

  /// @throws InvalidArgument unless there are q indices, each below its dimension
  void check_key(std::span<const Index> key) const {
    detail::check_same_size(static_cast<Index>(key.size()), degree(), "list of indices");
    for (std::size_t k = 0; k < key.size(); ++k) detail::check_index(key[k], dimensions_[k], "index");
  }

  /// @throws InvalidArgument unless q factors have these sizes
  void check_sizes(std::span<const Index> sizes) const {
    detail::check_same_size(static_cast<Index>(sizes.size()), degree(), "list of factors");
    for (std::size_t k = 0; k < sizes.size(); ++k) detail::check_same_size(sizes[k], dimensions_[k], "factor");
  }

  /// Calls visit(cell, negative) for each of the key's s cells.
  template <class Visit>
  void for_each_cell(std::span<const Index> key, Visit&& visit) const {
    std::array<Index, max_nonzeros> bucket{};
    std::array<bool, max_nonzeros> negative{};
    for (std::size_t k = 0; k < key.size(); ++k)
      factors_[k].for_each_row(key.subspan(k, 1), [&](std::size_t, const RowOfCells& row) {
        const auto r = static_cast<std::size_t>(row.row);
        bucket[r] += row.cell(0) - row.row * shape_.buckets;
        negative[r] ^= row.negative(0);
      });
    for (std::size_t r = 0; r < static_cast<std::size_t>(shape_.rows); ++r)
      visit(static_cast<Index>(r) * shape_.buckets + bucket[r] % shape_.buckets, negative[r]);
  }

  /// h_k and σ_k of these keys, in every block.
  detail::HashedKeys hashed(std::size_t factor, std::span<const Index> keys) const { return {factors_[factor], keys}; }

  /// The same of all keys of the factor, 0, …, n_k − 1.
  detail::HashedKeys hashed(std::size_t factor) const {
    std::vector<Index> keys(static_cast<std::size_t>(dimensions_[factor]));
    std::iota(keys.begin(), keys.end(), Index{0});
    return hashed(factor, keys);
  }

  std::size_t heap_bytes() const {
    std::size_t bytes = dimensions_.capacity() * sizeof(Index) + factors_.capacity() * sizeof(SketchOperator<Hash>);
    for (const SketchOperator<Hash>& factor : factors_) bytes += factor.heap_bytes();
    return bytes;
  }

 private:
  static constexpr std::size_t max_nonzeros = 63;

  static SketchShape checked_shape(Index degree, Index buckets, Index nonzeros) {
    detail::check_range(degree, 2, max_degree, "number of factors");
    detail::check_range(nonzeros, 1, max_nonzeros, "number of nonzeros");
    // Transforms have lengths below 2³¹.
    detail::check_range(buckets, nonzeros, nonzeros * ((Index{1} << 30) / degree), "number of buckets");
    if (buckets % nonzeros != 0)
      detail::raise("number of buckets is ", buckets, ", not a multiple of ", nonzeros, ", the number of nonzeros");
    return {nonzeros, buckets / nonzeros};
  }

  Index checked_size() const {
    const Index most = static_cast<Index>(std::min<std::uint64_t>(Hash::key_limit, std::uint64_t{max_dimension}));
    Index size = 1;
    for (Index dimension : dimensions_) {
      detail::check_range(dimension, 1, most, "dimension of a factor");
      if (size > max_dimension / dimension)
        detail::raise("a tensor of ", size, " x ", dimension, " entries has more than ", max_dimension);
      size *= dimension;
    }
    return size;
  }

  std::vector<Index> dimensions_;
  SketchShape shape_;
  Index size_;
  std::vector<SketchOperator<Hash>> factors_;
};

}  // namespace turnstile::inline v0
