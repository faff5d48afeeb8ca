/// @file
/// The random linear map of a sketch whose keys are the entries of a matrix.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/concepts.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/detail/sign.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sketch/hashed_keys.hpp"
#include "turnstile/sketch/sketch_operator.hpp"

namespace turnstile::inline v0 {

/// One of the two factors that an entry (i, c) of Y = A1 X A2ᵀ comes from: i is a row of the left one, c of the right.
enum class Side : std::size_t { left = 0, right = 1 };

constexpr Side opposite(Side side) { return side == Side::left ? Side::right : Side::left; }

/// Row `index` of Y (left) or its column (right): what a change of a row of that factor changes.
struct MatrixLine {
  Side side = Side::left;
  Index index = 0;
};

/// Φ for an n1 × n2 matrix, made of one map for its rows (h1, σ1) and one for its columns (h2, σ2) as in TensorSketch
/// (arXiv 2510.03678, section 7): in row r of the sketch the entry (i, c) goes to bucket h1(i) + h2(c) mod b with
/// sign σ1(i)·σ2(c). Above these leaves there may be two levels by which heavy entries are found, with the same
/// signs: bucket h1(i), which gathers whole rows of the matrix, and h2(c), which gathers its columns.
///
/// A line of the matrix is therefore sketched for all levels by *one* sum S = Σ_c σ2(c) v_c e_{h2(c)}: the leaves
/// take S turned by h1(i) places, the level of columns S as it is, that of rows its total at h1(i), all
/// times σ1(i). Two columns that collide do so in every row of the matrix; only more rows of the sketch help.
///
/// The key of (i, c) is i·n2 + c; counters are numbered level by level, row by row, as a SketchOperator's.
/// Time: R adds an entry of a line, and O(levels·R·b) a line. Memory: 4R(n1 + n2) bytes, for tables of h and σ.
template <KeyedHash Hash>
class PairOperator {
 public:
  /// @param marginals whether there are levels of the rows and of the columns
  /// @throws InvalidArgument for more than 2³⁰ buckets
  PairOperator(Index rows, Index columns, const SketchShape& shape, Seed seed, bool marginals)
      : shape_(shape),
        levels_(levels_for(marginals)),
        cells_(cells_of(shape, marginals)),
        columns_(columns),
        sides_{keys_of(rows, seed, Side::left), keys_of(columns, seed, Side::right)} {}

  /// The number of its counters.
  static Index cells_of(const SketchShape& shape, bool marginals) {
    return detail::checked_product(levels_for(marginals) * shape.rows, shape.buckets, "sketch");
  }

  const SketchShape& shape() const { return shape_; }
  Index levels() const { return levels_; }
  Index leaf() const { return levels_ - 1; }
  Index cells() const { return cells_; }
  Index first_cell(Index level, Index row) const { return (level * shape_.rows + row) * shape_.buckets; }

  /// The level whose buckets gather the lines of a side.
  static constexpr Index level_of(Side side) { return static_cast<Index>(side); }
  /// n1 or n2
  Index size(Side side) const { return keys(side).size(); }
  /// The entry of a line at place k.
  Index key(const MatrixLine& line, Index k) const {
    return line.side == Side::left ? line.index * columns_ + k : k * columns_ + line.index;
  }

  /// The counter of a line of the matrix at the level of its side, of an entry's key at the leaves.
  Index cell(Index level, Index row, Index prefix) const {
    if (level == leaf())
      return first_cell(level, row) +
             turned(bucket(Side::left, row, prefix / columns_), bucket(Side::right, row, prefix % columns_));
    return first_cell(level, row) + bucket(static_cast<Side>(level), row, prefix);
  }

  /// The bucket of the leaves' row r that the entry of a line at place k goes to.
  Index leaf_bucket(const MatrixLine& line, Index row, Index k) const {
    return turned(bucket(line.side, row, line.index), bucket(opposite(line.side), row, k));
  }

  /// As SketchOperator::for_each_row.
  template <class Visit>
  void for_each_row(std::span<const Index> keys, Visit&& visit, Index first_level = 0) const {
    detail::for_each_block(keys.size(), [&](std::size_t at, std::size_t count) {
      visit_block(keys.subspan(at, count), first_level, [&](const RowOfCells& row) { visit(at, row); });
    });
  }

  /// Adds to `sums`, b numbers for row r of the sketch, the S of a line's entries from place `first` on.
  void gather(const MatrixLine& line, Index row, Index first, std::span<const double> values,
              std::span<double> sums) const {
    keys(opposite(line.side)).add_sketch(row, first, values, sums);
  }

  /// Calls add(cell, negative, value) for what a line whose S is `sums` adds to row r of every level.
  template <class Add>
  void spread(const MatrixLine& line, Index row, std::span<const double> sums, Add&& add) const {
    const bool negative = keys(line.side).negative(row, line.index);
    const Index turn = bucket(line.side, row, line.index), leaves = first_cell(leaf(), row);
    for (Index k = 0; k < shape_.buckets; ++k)
      add(leaves + turned(turn, k), negative, sums[static_cast<std::size_t>(k)]);
    if (levels_ == 1) return;
    const Index across = first_cell(level_of(opposite(line.side)), row);
    for (Index k = 0; k < shape_.buckets; ++k) add(across + k, negative, sums[static_cast<std::size_t>(k)]);
    add(first_cell(level_of(line.side), row) + turn, negative, std::accumulate(sums.begin(), sums.end(), 0.0));
  }

  std::size_t heap_bytes() const { return sides_[0].heap_bytes() + sides_[1].heap_bytes(); }

 private:
  static constexpr Index levels_for(bool marginals) { return marginals ? 3 : 1; }

  detail::HashedKeys keys_of(Index count, Seed seed, Side side) const {
    std::vector<Index> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), Index{0});
    const SketchOperator<Hash> op(shape_, derive_seed(seed, "side of a matrix", static_cast<std::uint64_t>(side)));
    return {op, all};
  }

  const detail::HashedKeys& keys(Side side) const { return sides_[static_cast<std::size_t>(side)]; }
  Index bucket(Side side, Index row, Index line) const { return keys(side).bucket(row, line); }

  // The sum of two buckets modulo b.
  Index turned(Index a, Index b) const {
    const Index sum = a + b;
    return sum < shape_.buckets ? sum : sum - shape_.buckets;
  }

  template <class Visit>
  void visit_block(std::span<const Index> keys_here, Index first_level, Visit&& visit) const {
    std::array<std::array<Index, detail::block_size>, 2> lines;
    std::array<std::uint64_t, detail::block_size> signs;
    std::array<Index, detail::block_size> cells;
    const std::size_t count = keys_here.size();
    for (std::size_t k = 0; k < count; ++k) {
      lines[0][k] = keys_here[k] / columns_;
      lines[1][k] = keys_here[k] % columns_;
    }
    for (Index row = 0; row < shape_.rows; ++row) {
      for (std::size_t k = 0; k < count; ++k)  // one sign for all levels: every bit
        signs[k] = keys(Side::left).negative(row, lines[0][k]) != keys(Side::right).negative(row, lines[1][k])
                       ? ~std::uint64_t{0}
                       : 0;
      for (Index level = leaf(); level >= first_level; --level) {
        for (std::size_t k = 0; k < count; ++k)
          cells[k] = cell(level, row, level == leaf() ? keys_here[k] : lines[static_cast<std::size_t>(level)][k]);
        visit(RowOfCells{level, row, {cells.data(), count}, {signs.data(), count}});
      }
    }
  }

  SketchShape shape_;
  Index levels_;
  Index cells_;
  Index columns_;
  std::array<detail::HashedKeys, 2> sides_;
};

}  // namespace turnstile::inline v0
