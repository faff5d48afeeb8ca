/// @file
/// The linear map that every sampler keeps the image of.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/detail/median.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/sketch_operator.hpp"

namespace turnstile::inline v0 {

/// Cells [first, end) of a sketch.
struct CellRange {
  Index first = 0;
  Index end = 0;

  bool holds(Index cell) const { return cell >= first && cell < end; }

  /// The values of these cells among those of all.
  template <class T>
  std::span<const T> of(std::span<const T> all) const {
    return all.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
  }
};

/// y ↦ (Φ diag(s) y, Π y, Σ r_i y_i mod 2⁶¹ − 1): the scaled vector w = diag(s) y in the levels that
/// recovery searches; y itself in a small norm sketch, for ‖w‖ says nothing about ‖y‖; and an exact
/// fingerprint, zero iff y = 0 but for a chance of 2⁻⁶¹. Applied to a vector it makes a VectorImage, to
/// the rows of a matrix a MatrixImage. A function of (n, options) alone; immutable.
template <class Policies>
class SamplerOperator {
 public:
  using hash_type = typename Policies::hash_type;
  using recovery_type = typename Policies::recovery_type;
  using table_type = typename Policies::table_type;
  using norm_type = typename Policies::norm_type;

  /// @throws InvalidArgument for a dimension, shape, power or ε out of range
  SamplerOperator(Index dimension, const SamplerOptions& options)
      : SamplerOperator(dimension, options, recovery_type(checked_dimension(dimension, options), options)) {}

  /// For keys that are more than an index: with a search, and with Φ and Π made for them.
  SamplerOperator(Index dimension, const SamplerOptions& options, recovery_type recovery, table_type table,
                  norm_type norm)
      : dimension_(checked_dimension(dimension, options)),
        options_(options),
        recovery_(std::move(recovery)),
        scaling_(options),
        scaling_hash_(derive_seed(options.seed, "scaling")),
        fingerprint_hash_(derive_seed(options.seed, "zero fingerprint")),
        table_(std::move(table)),
        norm_(std::move(norm)),
        noise_probability_(detail::central_probability(
            (table_.levels() - recovery_.reading_level()) * options.shape.rows, one_standard_error)) {}

  Index dimension() const { return dimension_; }
  const SamplerOptions& options() const { return options_; }
  const recovery_type& recovery() const { return recovery_; }
  static Seed table_seed(const SamplerOptions& options) { return derive_seed(options.seed, "scaled sketch"); }
  static Seed norm_seed(const SamplerOptions& options) { return derive_seed(options.seed, "norm sketch"); }
  /// Φ, of w.
  const table_type& table() const { return table_; }
  /// Π, of y.
  const norm_type& norm() const { return norm_; }

  /// s_i
  double scale(Index index) const { return scaling_(scaling_hash_(static_cast<std::uint64_t>(index))); }
  double largest_scale() const { return scaling_.largest(); }
  /// r_i, a field element.
  std::uint64_t fingerprint_weight(Index index) const {
    return detail::reduce61(fingerprint_hash_(static_cast<std::uint64_t>(index)));
  }
  /// The cells whose traffic the rounding bound follows: the first row of the leaves.
  CellRange charged_cells() const {
    const Index first = table_.first_cell(table_.leaf(), 0);
    return {first, first + options_.shape.buckets};
  }
  /// The cells that tell the noise: of these at most 2¹³, which tell a quantile to about one percent of the cells.
  CellRange noise_cells() const {
    constexpr Index enough = Index{1} << 13;
    const CellRange row = charged_cells();
    return {row.first, row.first + std::min(enough, options_.shape.buckets)};
  }
  /// An estimate's standard error is this quantile of the |counters| of these cells.
  double noise_probability() const { return noise_probability_; }

  /// The one loop over a stream: calls scaled(offset, row, weights) for every row of Φ and
  /// plain(offset, row) for every row of Π, in blocks; key k of a row is indices[offset + k], with
  /// weights[k] = s of that index.
  template <class Scaled, class Plain>
  void for_each_row(std::span<const Index> indices, Scaled&& scaled, Plain&& plain) const {
    for_each_block(indices, [&](std::size_t offset, const Block& here) {
      table_.for_each_row(here.keys, [&](std::size_t at, const RowOfCells& row) {
        scaled(offset + at, row, here.weights.subspan(at));
      });
      norm_.for_each_row(here.indices, [&](std::size_t at, const RowOfCells& row) { plain(offset + at, row); });
    });
  }

  /// The same for changes that are numbers: calls scaled(RowOfAdds) for what y_{indices[k]} += changes[k] for all k
  /// adds to every row of Φ w, and plain(RowOfAdds) for what it adds to every row of Π y.
  template <class Scalar, class Scaled, class Plain>
  void scatter(std::span<const Index> indices, std::span<const Scalar> changes, Scaled&& scaled, Plain&& plain) const {
    std::array<Scalar, detail::block_size> products;
    for_each_block(indices, [&](std::size_t offset, const Block& here) {
      const auto count = here.keys.size();
      for (std::size_t k = 0; k < count; ++k)
        products[k] = static_cast<Scalar>(static_cast<double>(changes[offset + k]) * here.weights[k]);
      table_.scatter(here.keys, std::span<const Scalar>(products).first(count), scaled);
      norm_.scatter(here.indices, changes.subspan(offset, count), plain);
    });
  }

  /// The same for one change: calls scaled(cell, value) for every counter of Φ w that it adds to, and plain(cell, value)
  /// for every one of Π y.
  template <class Scalar, class Scaled, class Plain>
  void scatter(Index index, Scalar change, Scaled scaled, Plain plain) const {
    table_.scatter(recovery_.key(index), static_cast<Scalar>(static_cast<double>(change) * scale(index)), scaled);
    norm_.scatter(index, change, plain);
  }

  /// Calls visit(offset, weights) in blocks of indices, with weights[k] = r of indices[offset + k], below 2⁶¹ + 8 and
  /// not reduced.
  template <class Visit>
  void for_each_fingerprint(std::span<const Index> indices, Visit&& visit) const {
    std::array<std::uint64_t, detail::block_size> weights;
    detail::for_each_block(indices.size(), [&](std::size_t at, std::size_t count) {
      const auto weights_here = std::span(weights).first(count);
      hash_block(fingerprint_hash_, indices.subspan(at, count), weights_here, detail::fold61);
      visit(at, std::span<const std::uint64_t>(weights_here));
    });
  }

  std::size_t heap_bytes() const {
    return detail::heap_bytes_of(scaling_hash_) + detail::heap_bytes_of(fingerprint_hash_) + table_.heap_bytes() +
           norm_.heap_bytes();
  }

 private:
  static constexpr double one_standard_error = 0.6827;

  // Some indices, the keys that Φ takes them by, and their s.
  struct Block {
    std::span<const Index> indices, keys;
    std::span<const double> weights;
  };

  template <class Visit>
  void for_each_block(std::span<const Index> indices, Visit&& visit) const {
    std::array<Index, detail::block_size> keys;
    std::array<double, detail::block_size> weights;
    detail::for_each_block(indices.size(), [&](std::size_t at, std::size_t count) {
      const auto here = indices.subspan(at, count);
      for (std::size_t k = 0; k < count; ++k) keys[k] = recovery_.key(here[k]);
      scales(here, std::span(weights).first(count));
      visit(at, Block{here, std::span<const Index>(keys).first(count), std::span<const double>(weights).first(count)});
    });
  }

  // words[k] = take(the word of indices[k]), for a block.
  template <class Take = std::identity>
  static void hash_block(const hash_type& hash, std::span<const Index> indices, std::span<std::uint64_t> words,
                         Take take = {}) {
    for (std::size_t k = 0; k < indices.size(); ++k)
      words[k] = take(detail::hash_in_loop(hash, static_cast<std::uint64_t>(indices[k])));
  }

  // weights[k] = s of indices[k], for a block.
  void scales(std::span<const Index> indices, std::span<double> weights) const {
    if (indices.size() == 1) return void(weights[0] = scale(indices[0]));
    std::array<std::uint64_t, detail::block_size> words;
    const auto words_here = std::span(words).first(indices.size());
    hash_block(scaling_hash_, indices, words_here);
    if constexpr (requires { scaling_(std::span<const std::uint64_t>(words_here), weights); }) {
      scaling_(std::span<const std::uint64_t>(words_here), weights);
    } else {
      for (std::size_t k = 0; k < indices.size(); ++k) weights[k] = scaling_(words[k]);
    }
  }

  SamplerOperator(Index dimension, const SamplerOptions& options, recovery_type recovery)
      : SamplerOperator(dimension, options, recovery, table_type(options.shape, table_seed(options), recovery.shifts()),
                        norm_type(norm_seed(options))) {}

  static Index checked_dimension(Index dimension, const SamplerOptions& options) {
    detail::check_range(dimension, 1,
                        static_cast<Index>(std::min<std::uint64_t>(hash_type::key_limit, std::uint64_t{max_dimension})),
                        "dimension");
    detail::check_options(options);
    return dimension;
  }

  Index dimension_;
  SamplerOptions options_;
  recovery_type recovery_;
  typename Policies::scaling_type scaling_;
  hash_type scaling_hash_;
  hash_type fingerprint_hash_;
  table_type table_;
  norm_type norm_;
  double noise_probability_;
};

}  // namespace turnstile::inline v0
