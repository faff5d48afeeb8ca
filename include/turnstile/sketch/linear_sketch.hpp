/// @file
/// What CountSketch and AmsSketch share: one level of signed counters under a stream of updates.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
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
#include "turnstile/sketch/row_blocks.hpp"
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
  void update(Index index, const Counter& delta) {
    detail::check_index(index, dimension(), "index");
    if constexpr (scalar_counters)
      add_one(index, delta);
    else
      add(
          std::span(&index, 1), [&](std::size_t) -> const Counter& { return delta; }, checked_mass(delta));
  }

  /// y_{i_k} += Δ_k for all k: all of the batch, or nothing. @throws InvalidArgument
  void update(std::span<const Index> indices, std::span<const Counter> deltas) {
    detail::check_same_size(static_cast<Index>(deltas.size()), static_cast<Index>(indices.size()), "batch of values");
    detail::check_indices(indices, dimension(), "index");
    add_all(indices, deltas, checked_mass(deltas));
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
    this->linear_map().scatter(row, delta, [&](Index cell, scalar_type value) { counters.add(cell, column, value); });
  }

  /// Of a matrix: A_{first + k, :} += block_{k, :} for all k, in one pass over the block: all of it, or nothing.
  /// Memory while it works: the counters once more. @throws InvalidArgument
  template <class Block>
  void update_rows(Index first, const Eigen::MatrixBase<Block>& block) requires(!std::is_arithmetic_v<Counter>) {
    const detail::MatrixRef<Block> values(block.derived());
    detail::check_same_size(values.cols(), width(), "row");
    detail::check_range(first, 0, dimension(), "first row");
    detail::check_range(values.rows(), 0, dimension() - first, "number of rows of the block");
    LinearSketch trial = *this;
    std::vector<Index> indices;
    detail::for_each_row_block<scalar_type>(values, [&](Index begin, const detail::RowBlock<scalar_type>& rows) {
      indices.resize(static_cast<std::size_t>(rows.rows()));
      std::iota(indices.begin(), indices.end(), first + begin);
      const double mass = detail::checked_mass(detail::entries_of(rows), "update");  // at least Σ largest |entry|
      trial.add(
          indices, [&](std::size_t k) { return rows.row(static_cast<Index>(k)); }, mass);
    });
    *this = std::move(trial);
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
    return {std::string(Derived::kind),
            std::string(scalar_name<scalar_type>()),
            Hash::name(),
            dimension(),
            width(),
            options,
            0};
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
      detail::check_counters(sketch.counters());
      return sketch;
    });
  }

  /// Kind, shape, seed and bytes at a glance.
  friend std::ostream& operator<<(std::ostream& out, const Derived& sketch) {
    return out << Derived::kind << '(' << sketch.shape().rows << " x " << sketch.shape().buckets << ", seed "
               << sketch.seed() << ", " << scalar_name<scalar_type>() << " x " << sketch.width() << ", " << Hash::name()
               << "): " << sketch.memory_bytes() << " bytes, norm about " << std::sqrt(sketch.squared_norm());
  }

 private:
  static constexpr bool scalar_counters = std::is_arithmetic_v<Counter>;
  static constexpr Index max_width = scalar_counters ? 1 : max_dimension;

  // The largest |entry| of an update that has nothing wrong with it.
  double checked_mass(const Counter& delta) const {
    if constexpr (scalar_counters) {
      detail::check_finite(delta, "update");
      return std::abs(static_cast<double>(delta));
    } else {
      detail::check_same_size(delta.size(), width(), "row");
      for (scalar_type value : delta) detail::check_finite(value, "update");
      return static_cast<double>(delta.cwiseAbs().maxCoeff());
    }
  }

  // The sum of that over a batch.
  double checked_mass(std::span<const Counter> deltas) const {
    if constexpr (scalar_counters) {
      return detail::checked_mass(deltas, "update");
    } else {
      return std::accumulate(deltas.begin(), deltas.end(), 0.0,
                             [&](double mass, const Counter& delta) { return mass + checked_mass(delta); });
    }
  }

  // y_{i_k} += delta(k), rows already checked, of this mass.
  template <class Delta>
  void add(std::span<const Index> indices, const Delta& delta, double mass) {
    Counters<Counter>& counters = this->counter_array();
    if (!counters.admits(mass)) return add_checked(indices, delta);
    this->linear_map().for_each_row(indices, [&](std::size_t offset, const RowOfCells& row) {
      counters.add(row, [&](std::size_t k) -> decltype(auto) { return delta(offset + k); });
    });
  }

  // The same of numbers, which are added faster: many, and one.
  void add_all(std::span<const Index> indices, std::span<const Counter> deltas, double mass) {
    const auto delta = [&](std::size_t k) -> const Counter& { return deltas[k]; };
    if constexpr (scalar_counters) {
      Counters<Counter>& counters = this->counter_array();
      if (!counters.admits(mass)) return add_checked(indices, delta);
      this->linear_map().scatter(indices, deltas, [&](const RowOfAdds<Counter>& row) { counters.add(row); });
    } else {
      add(indices, delta, mass);
    }
  }
  // No counters admit what is not finite, so that only what they do not admit is looked at.
  void add_one(Index index, Counter delta) requires scalar_counters {
    Counters<Counter>& counters = this->counter_array();
    if (!counters.admits(std::abs(static_cast<double>(delta)))) return add_one_checked(index, delta);
    this->linear_map().scatter(index, delta, [&counters](Index cell, Counter value) { counters.add(cell, value); });
  }

  // Close to the end of the counters' range each add is looked at, on a copy.
  template <class Delta>
  void add_checked(std::span<const Index> indices, const Delta& delta) {
    Counters<Counter> trial = this->counter_array();
    this->linear_map().for_each_row(indices, [&](std::size_t offset, const RowOfCells& row) {
      for (std::size_t k = 0; k < row.size(); ++k) trial.add_checked(row.cell(k), row.negative(k), delta(offset + k));
    });
    this->counter_array() = std::move(trial);
  }
  [[gnu::noinline]] void add_one_checked(Index index, Counter delta) requires scalar_counters {
    detail::check_finite(delta, "update");
    add_checked(std::span(&index, 1), [&](std::size_t) { return delta; });
  }
};

}  // namespace turnstile::inline v0
