/// @file
/// The image of a matrix A, row by row, under a sampler's operator.
#pragma once

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/detail/plain_vector.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/random/residue_sums.hpp"
#include "turnstile/sampler/matrix_contraction.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/vector_image.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/sketch/row_blocks.hpp"

namespace turnstile::inline v0 {

/// ΨA ∈ ℝ^{cells × d} for A ∈ ℝⁿˣᵈ, the residues of its columns' fingerprints, and a bound on the
/// rounding in a row of ΨA, as a Euclidean norm. Contracted with x it is the VectorImage of y = A x:
/// Ψ(A x) = (ΨA) x. Linear in A.
template <class Scalar>
struct MatrixImage : MatrixContraction<MatrixImage<Scalar>, Scalar> {
  using scalar_type = Scalar;

  Counters<RowCounter<Scalar>> scaled;  ///< Φ diag(s) A
  Counters<RowCounter<Scalar>> plain;   ///< Π A
  std::vector<std::uint64_t> residues;  ///< Σ_i r_i A_{ij} mod 2⁶¹ − 1, for each column j
  RoundingBound rounding;

  /// A = 0. @throws InvalidArgument for a number of columns out of range
  template <class Policies>
  MatrixImage(const SamplerOperator<Policies>& op, Index columns)
      : scaled(op.table().cells(), columns),
        plain(op.norm().cells(), columns),
        residues(static_cast<std::size_t>(columns)),
        charged_(op.charged_cells()),
        underflow_(static_cast<double>(columns) * std::numeric_limits<Scalar>::denorm_min()) {}

  /// d
  Index width() const { return scaled.width(); }
  /// The cells whose rounding is bounded.
  CellRange charged() const { return charged_; }
  const auto& scaled_rows() const { return scaled.matrix(); }
  const auto& plain_rows() const { return plain.matrix(); }

  /// Must precede changes of rows of A whose largest |entries| sum up to this mass. @throws CounterOverflow
  template <class Policies>
  void reserve(const SamplerOperator<Policies>& op, double mass) {
    detail::require_admitted(scaled, mass * op.largest_scale());
    detail::require_admitted(plain, mass);
  }

  /// Must precede a change of A_ij. @throws InvalidArgument if i, j or the change cannot be taken
  template <class Policies>
  void admit_entry(const SamplerOperator<Policies>& op, Index row, Index column, Scalar delta) {
    detail::check_index(row, op.dimension(), "row");
    detail::check_index(column, width(), "column");
    detail::check_finite(delta, "change");
    reserve(op, std::abs(static_cast<double>(delta)));
  }

  /// Must precede a change of A_{i,:}, which is returned as the counters take it.
  /// @throws InvalidArgument as above
  template <class Policies, class Row>
  RowCounter<Scalar> admit_row(const SamplerOperator<Policies>& op, Index row, const Eigen::MatrixBase<Row>& delta) {
    detail::check_index(row, op.dimension(), "row");
    RowCounter<Scalar> values = detail::plain_row<Scalar>(delta, width(), "row of changes");
    const std::span<const Scalar> entries(values.data(), residues.size());
    detail::check_all_finite(entries, "change");
    reserve(op, detail::largest_magnitude(entries));
    return values;
  }

  /// A_{first + k, :} += block_{k, :}, for arguments already checked. Time: L·R + 3 adds of a row each.
  template <class Policies, class Block>
  void add_rows(const SamplerOperator<Policies>& op, Index first, const Eigen::MatrixBase<Block>& block) {
    std::vector<Index> indices;
    detail::for_each_row_block<Scalar>(block, [&](Index begin, const detail::RowBlock<Scalar>& rows) {
      indices.resize(static_cast<std::size_t>(rows.rows()));
      std::iota(indices.begin(), indices.end(), first + begin);
      const auto row_at = [&](std::size_t k) { return rows.row(static_cast<Index>(k)); };
      op.for_each_row(
          indices,
          [&](std::size_t offset, const RowOfCells& row, std::span<const double> weights) {
            for (std::size_t k = 0; k < row.size(); ++k)
              add_to_row({row.cell(k), row.negative(k), weights[k]}, row_at(offset + k));
          },
          [&](std::size_t offset, const RowOfCells& row) {
            plain.add(row, [&](std::size_t k) { return row_at(offset + k); });
          });
      const std::size_t columns = residues.size();
      for (std::size_t k = 0; k < indices.size(); ++k)
        detail::add_residues61(op.fingerprint_weight(indices[k]),
                               detail::entries_of(rows).subspan(k * columns, columns), std::span(residues));
    });
  }

  /// A_{i,:} += values, already checked. Time: L·R + 3 adds of a row, whose memory is sent for before the first.
  template <class Policies>
  void add_row(const SamplerOperator<Policies>& op, Index row, const RowCounter<Scalar>& values) {
    std::array<PlacedRow, 32> places;
    std::size_t count = 0;
    const auto add_placed = [&] {
      for (const PlacedRow& place : std::span(places).first(count)) add_to_row(place, values);
      count = 0;
    };
    op.for_each_row(
        std::span(&row, 1),
        [&](std::size_t, const RowOfCells& cells, std::span<const double> weights) {
          if (count == places.size()) add_placed();
          scaled.prefetch(cells.cell(0));
          places[count++] = {cells.cell(0), cells.negative(0), weights[0]};
        },
        [&](std::size_t, const RowOfCells& cells) { plain.add(cells.cell(0), cells.negative(0), values); });
    detail::add_residues61(op.fingerprint_weight(row), std::span(values.data(), residues.size()), std::span(residues));
    add_placed();
  }

  /// A_ij += delta, already checked. Time: L·R + 3 adds.
  template <class Policies>
  void add_entry(const SamplerOperator<Policies>& op, Index row, Index column, Scalar delta) {
    const Scalar product = static_cast<Scalar>(op.scale(row)) * delta;
    op.table().scatter(op.recovery().key(row), product,
                       [&](Index cell, Scalar signed_product) { add_to_cell(cell, column, signed_product, delta); });
    op.norm().scatter(row, delta, [&](Index cell, Scalar value) { plain.add(cell, column, value); });
    add_residue(op.fingerprint_weight(row), column, delta);
  }

  /// The same for a sparse block: L·R + 3 adds a nonzero.
  template <class Policies, class Block>
  void add_rows(const SamplerOperator<Policies>& op, Index first, const Eigen::SparseMatrixBase<Block>& block) {
    const Eigen::SparseMatrix<Scalar, Eigen::RowMajor> rows = block.derived().template cast<Scalar>();
    using Entry = typename Eigen::SparseMatrix<Scalar, Eigen::RowMajor>::InnerIterator;
    for (Index k = 0; k < rows.outerSize(); ++k) {
      const Index index = first + k;
      op.for_each_row(
          std::span(&index, 1),
          [&](std::size_t, const RowOfCells& row, std::span<const double> weights) {
            for (Entry entry(rows, k); entry; ++entry)
              add_to_cell(row.cell(0), entry.col(), row.with_sign(0, static_cast<Scalar>(weights[0]) * entry.value()),
                          entry.value());
          },
          [&](std::size_t, const RowOfCells& row) {
            for (Entry entry(rows, k); entry; ++entry)
              plain.add(row.cell(0), entry.col(), row.with_sign(0, entry.value()));
          });
      const std::uint64_t weight = op.fingerprint_weight(index);
      for (Entry entry(rows, k); entry; ++entry) add_residue(weight, entry.col(), entry.value());
    }
  }

  /// @throws CounterOverflow; nothing has changed then
  MatrixImage& operator+=(const MatrixImage& other) {
    plain.check_combination(other.plain, false);
    scaled += other.scaled;
    plain += other.plain;
    for (std::size_t j = 0; j < residues.size(); ++j) residues[j] = detail::add61(residues[j], other.residues[j]);
    return join_rounding(other);
  }
  MatrixImage& operator-=(const MatrixImage& other) {
    plain.check_combination(other.plain, true);
    scaled -= other.scaled;
    plain -= other.plain;
    for (std::size_t j = 0; j < residues.size(); ++j)
      residues[j] = detail::add61(residues[j], detail::negate61(other.residues[j]));
    return join_rounding(other);
  }

  /// Numbers in the counters of an image.
  template <class Policies>
  static Index numbers(const SamplerOperator<Policies>& op, Index columns) {
    return detail::checked_product(op.table().cells() + op.norm().cells(), columns, "sketched matrix");
  }

  /// Bytes of the residues and the rounding bound in the byte format.
  static Index fixed_bytes(Index columns) {
    return detail::checked_product(columns, sizeof(std::uint64_t), "fingerprint") + RoundingBound::bytes;
  }

  /// Back to A = 0.
  void set_zero() {
    scaled.set_zero();
    plain.set_zero();
    std::fill(residues.begin(), residues.end(), 0);
    rounding = {};
  }

  /// Shows d residues, rounding lanes, Φ diag(s) A, Π A, row-major, to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.residues(std::span(self.residues));
    visitor.bounds(self.rounding.values(), [&](double additions) { return self.rounding_after(additions); });
    visitor.numbers(self.scaled.flat());
    visitor.numbers(self.plain.flat());
  }

  /// Order in the byte format: as `for_each_array` shows them.
  void put(io::ByteWriter& writer) const { for_each_array(*this, io::ArrayWriter(writer)); }
  void take(io::ByteReader& reader) { for_each_array(*this, io::ArrayReader(reader)); }

  std::size_t heap_bytes() const {
    return scaled.heap_bytes() + plain.heap_bytes() + residues.capacity() * sizeof(std::uint64_t);
  }

 private:
  static constexpr double unit_roundoff = VectorImage<Scalar>::unit_roundoff;

  template <class Row>
  static double norm(const Row& row) {
    const auto square = static_cast<double>(row.squaredNorm());
    constexpr double safe = 0x1p-100;  // between this and its inverse squares lose nothing, those of floats neither
    return square > safe && square < 1 / safe ? std::sqrt(square) : static_cast<double>(row.stableNorm());
  }

  // Where a row of A goes, and times what.
  struct PlacedRow {
    Index cell;
    bool negative;
    double weight;
  };

  template <class Row>
  void add_to_row(const PlacedRow& place, const Row& values) {
    scaled.add(place.cell, place.negative, static_cast<Scalar>(place.weight) * values);
    if (charged_.holds(place.cell)) charge_product(place.cell, place.weight, norm(values));
  }

  // For the add of weight·v to a cell, ‖v‖ given: below the normal range a product is off by half the smallest
  // number, however small it is, and x may be large.
  void charge_product(Index cell, double weight, double norm_of_values) {
    charge(cell, weight * norm_of_values);
    if (norm_of_values > 0) rounding.charge(cell - charged_.first, underflow_);
  }

  void charge(Index cell, double added) {
    rounding.charge(cell - charged_.first, unit_roundoff * (norm(scaled[cell]) + added));
  }

  // The same of one entry.
  void add_to_cell(Index cell, Index column, Scalar product, Scalar value) {
    scaled.add(cell, column, product);
    if (!charged_.holds(cell)) return;
    rounding.charge(cell - charged_.first, unit_roundoff * (std::abs(static_cast<double>(scaled[cell][column])) +
                                                            std::abs(static_cast<double>(product))));
    if (value != 0) rounding.charge(cell - charged_.first, underflow_);
  }

  // The bounds when the counters took part in so many more additions, in whatever order.
  std::vector<double> rounding_after(double additions) const {
    RoundingBound bound = rounding;
    for (Index cell = charged_.first; cell < charged_.end; ++cell)
      bound.charge(cell - charged_.first, additions * unit_roundoff * norm(scaled[cell]));
    return {bound.values().begin(), bound.values().end()};
  }

  MatrixImage& join_rounding(const MatrixImage& other) {
    rounding += other.rounding;
    for (Index cell = charged_.first; cell < charged_.end; ++cell) charge(cell, 0);
    return *this;
  }

  // weight: r_i of the row
  void add_residue(std::uint64_t weight, Index column, Scalar value) {
    auto& residue = residues[static_cast<std::size_t>(column)];
    residue = detail::add_weighted61(residue, weight, static_cast<double>(value));
  }

  CellRange charged_;
  double underflow_;  // bounds what the underflow of d products adds to a row, as a norm
};

}  // namespace turnstile::inline v0
