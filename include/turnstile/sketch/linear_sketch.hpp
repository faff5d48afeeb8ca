/// @file
/// What CountSketch and AmsSketch share: one level of signed counters under a stream of updates.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/concepts.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/sketch/estimates.hpp"
#include "turnstile/sketch/sketch_operator.hpp"
#include "turnstile/sketch/sketch_state.hpp"

namespace turnstile::inline v0 {

/// Φy for a stream of updates y_i += Δ, with R rows of b counters. Derived classes add what they read.
///
/// Counter is `double`, `float`, `std::int64_t` (exact: an update that could overflow is refused), or
/// `RowCounter<double or float>`, where y is a matrix of d columns and Δ a row.
/// Time of an update: R adds of a counter. Memory: R·b counters.
/// Const members may be called from several threads at once.
template <class Derived, class Counter, KeyedHash Hash>
class LinearSketch : public SketchState<Derived, SketchOperator<Hash>, Counter> {
  using Base = SketchState<Derived, SketchOperator<Hash>, Counter>;

 public:
  using counter_type = Counter;
  using typename Base::scalar_type;
  using hash_type = Hash;

  /// @param shape rows and buckets
  /// @param seed all randomness
  /// @param width d, for counters that are rows of ℝᵈ
  /// @throws InvalidArgument for a shape or width out of range
  explicit LinearSketch(SketchShape shape = {}, Seed seed = 0, Index width = 1)
      : Base(seed, SketchOperator<Hash>(shape, derive_seed(seed, Derived::kind)), width) {
    detail::check_range(width, 1, max_width, "width");
  }

  /// y_i += Δ. @throws InvalidArgument if i or Δ is out of range; nothing has changed then.
  void update(Index index, const Counter& delta) { update(std::span(&index, 1), std::span(&delta, 1)); }

  /// y_{i_k} += Δ_k for all k: all of the batch, or nothing. @throws InvalidArgument
  void update(std::span<const Index> indices, std::span<const Counter> deltas) {
    Counters<Counter>& counters = this->counter_array();
    if (counters.admits(checked_mass(indices, deltas))) {
      for_each_add(indices, [&](Index cell, bool negative, std::size_t k) { counters.add(cell, negative, deltas[k]); });
    } else {  // close to the end of the counters' range: each add is looked at, on a copy
      Counters<Counter> trial = counters;
      for_each_add(indices, [&](Index cell, bool negative, std::size_t k) {
        trial.add_checked(cell, negative, deltas[k]);
      });
      counters = std::move(trial);
    }
  }

  /// Of a matrix: A_ij += Δ, R adds of a number. @throws InvalidArgument; nothing has changed then
  void update(Index row, Index column, scalar_type delta) requires(!std::is_arithmetic_v<Counter>) {
    detail::check_index(row, dimension(), "index");
    detail::check_index(column, width(), "column");
    detail::check_finite(delta, "update");
    Counters<Counter>& counters = this->counter_array();
    if (!counters.admits(std::abs(static_cast<double>(delta)))) {
      Counter whole = Counter::Zero(width());
      whole[column] = delta;
      return update(row, whole);
    }
    for_each_add(std::span(&row, 1), [&](Index cell, bool negative, std::size_t) {
      counters.add(cell, column, negative, delta);
    });
  }

  /// An estimate of ‖y‖² (‖y‖²_F of a matrix): the median over rows of the row's sum of squares, each
  /// unbiased with variance at most 2‖y‖⁴/b. Time: O(R·b).
  double squared_norm() const {
    const double norm = detail::median_norm(this->counters(), this->shape().rows);
    return norm * norm;
  }

  Index width() const { return this->counter_array().width(); }
  /// One more than the largest index.
  static constexpr Index dimension() {
    return static_cast<Index>(std::min<std::uint64_t>(Hash::key_limit, std::uint64_t{max_dimension}));
  }

  Identity identity() const {
    SamplerOptions options;
    options.seed = this->seed();
    options.shape = this->shape();
    return {std::string(Derived::kind), std::string(scalar_name<scalar_type>()), Hash::name(), dimension(),
            width(), options, 0};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: the R·b·d counters, row by row.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { writer.put_array(this->counters()); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static Derived from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<Derived>(bytes, Hash::name(), [](io::ByteReader& reader, const Identity& found) {
      const SketchShape& shape = found.options.shape;
      detail::check_shape(shape);
      detail::check_range(found.width, 1, max_width, "width");
      const Index cells = detail::checked_product(shape.rows, shape.buckets, "sketch");
      reader.expect_rest(detail::checked_product(cells, found.width, "sketch"), sizeof(scalar_type), 0);
      Derived sketch(shape, found.options.seed, found.width);
      reader.take_array(sketch.counter_array().flat());
      for (scalar_type counter : sketch.counters()) detail::check_counter(counter);
      return sketch;
    });
  }

  /// Kind, shape, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const Derived& sketch) {
    return out << Derived::kind << '(' << sketch.shape().rows << " x " << sketch.shape().buckets
               << ", seed " << sketch.seed() << ", " << scalar_name<scalar_type>() << " x " << sketch.width()
               << ", " << Hash::name() << "): " << sketch.memory_bytes() << " bytes, norm about "
               << std::sqrt(sketch.squared_norm());
  }

 private:
  static constexpr bool scalar_counters = std::is_arithmetic_v<Counter>;
  static constexpr Index max_width = scalar_counters ? 1 : max_dimension;

  // The sum of the largest |entries| of a batch that has nothing wrong with it.
  double checked_mass(std::span<const Index> indices, std::span<const Counter> deltas) const {
    detail::check_same_size(static_cast<Index>(deltas.size()), static_cast<Index>(indices.size()), "batch of values");
    for (Index index : indices) detail::check_index(index, dimension(), "index");
    double mass = 0;
    for (const Counter& delta : deltas) {
      if constexpr (scalar_counters) {
        detail::check_finite(delta, "update");
        mass += std::abs(static_cast<double>(delta));
      } else {
        detail::check_same_size(delta.size(), width(), "row");
        for (scalar_type value : delta) detail::check_finite(value, "update");
        mass += static_cast<double>(delta.cwiseAbs().maxCoeff());
      }
    }
    return mass;
  }

  template <class Add>
  void for_each_add(std::span<const Index> indices, Add&& add) const {
    this->linear_map().for_each_row(indices, [&](std::size_t offset, const RowOfCells& row) {
      for (std::size_t k = 0; k < row.cells.size(); ++k) add(row.cell(k), row.negative(k), offset + k);
    });
  }
};

}  // namespace turnstile::inline v0
