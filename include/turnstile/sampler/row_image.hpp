/// @file
/// The image of a matrix A, read row by row in a norm.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "turnstile/core/draw.hpp"
#include "turnstile/sampler/matrix_image.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/rounding_bound.hpp"
#include "turnstile/sampler/row_norm.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0 {

/// The norms of counters that are rows: what a search for the heaviest row looks at. They have no sign.
class CellNorms {
 public:
  using scalar_type = double;

  explicit CellNorms(std::vector<double> norms) : norms_(std::move(norms)) {}

  double operator[](Index cell) const { return norms_[static_cast<std::size_t>(cell)]; }
  void read(const RowOfCells& row, std::span<double> readings) const {
    for (std::size_t k = 0; k < row.size(); ++k) readings[k] = (*this)[row.cell(k)];
  }
  void set(Index cell, double norm) { norms_[static_cast<std::size_t>(cell)] = norm; }
  std::span<const double> flat() const { return norms_; }

 private:
  std::vector<double> norms_;
};

/// What draws of rows read: ΨA, with every counter c measured as ‖R c‖ for a k × d factor R; without one
/// as ‖c‖. As c ↦ R c is linear, this is the image of A Rᵀ under Ψ, seen by its norms.
///
/// A row is recovered as the medoid of its R readings at the leaves (see `RowNorm::medoid`).
///
/// Time to make: O(cells·d), with a factor O(cells·d·k). Memory: the counters of ΨA once more.
template <class Scalar>
class RowImage {
 public:
  using scalar_type = Scalar;
  using draw_type = RowDraw<Scalar>;

  CellNorms scaled;           ///< of Φ diag(s) A
  CellNorms plain;            ///< of Π A
  std::uint64_t residue = 0;  ///< 0 iff A or R is, but for a chance of 2⁻⁶¹

  template <class Policies>
  RowImage(const SamplerOperator<Policies>& op, const MatrixImage<Scalar>& image, RowNorm norm = {})
      : scaled(cell_norms(image.scaled, norm)),
        plain(cell_norms(image.plain, norm)),
        norm_(std::move(norm)),
        rows_(image.scaled),
        row_rounding_(image.rounding),
        rounding_(image.rounding),
        charged_(op.charged_cells()) {
    if (norm_.stretch() != 0)
      for (std::uint64_t word : image.residues) residue |= word;
    rounding_ *= norm_.stretch();
    if (!norm_.euclidean()) charge_factor();
  }

  /// Whether A = 0 or the norm is 0 everywhere: it always says so then, and of another A with a probability of
  /// about 2⁻⁶¹.
  bool vanishes() const { return residue == 0; }

  /// The readings of row i at the leaves, R × d, in units of w.
  template <class Policies>
  auto readings(const SamplerOperator<Policies>& op, Index index) const {
    return detail::row_readings(op.table(), rows_, op.recovery().key(index));
  }

  /// â_i, the medoid of the readings of row i.
  template <class Policies>
  RowCounter<Scalar> estimate(const SamplerOperator<Policies>& op, Index index) const {
    return medoid(op, index) / static_cast<Scalar>(op.scale(index));
  }

  /// The draw that a key stands for, but for its probability.
  template <class Policies>
  Found<draw_type> draw(const SamplerOperator<Policies>& op, const Candidate& candidate, double) const {
    RowCounter<Scalar> row = estimate(op, candidate.index);
    const double magnitude = norm_(row)[0];
    return {{candidate.index, std::move(row), 0}, magnitude};
  }

  /// Takes the row that was recovered out of the counters. Returns a bound on the rounding that leaves.
  template <class Policies>
  double remove(const SamplerOperator<Policies>& op, const Candidate& candidate) {
    const RowCounter<Scalar> row = medoid(op, candidate.index);
    const Index key = op.recovery().key(candidate.index);
    op.table().for_each_row(std::span(&key, 1), [&](std::size_t, const RowOfCells& cells) {
      rows_.add(cells.cell(0), !cells.negative(0), row);
      scaled.set(cells.cell(0), norm_(rows_[cells.cell(0)])[0]);
    });
    constexpr double roundings = 4;  // its product, and an add in each of two rows it meets
    return roundings * unit_roundoff * norm_.stretch() * static_cast<double>(row.stableNorm());
  }

  /// The standard error of a norm read off the counters. The errors are rows, and their norms gather
  /// about a median m however many columns there are; the median of the readings is off by less, as for
  /// one column, where the share `noise_probability` of a law that is flat about 0 reaches 2·share·m.
  template <class Policies>
  double noise(const SamplerOperator<Policies>& op) const {
    return 2 * op.noise_probability() * detail::magnitude_quantile(op.noise_cells().of(scaled.flat()), 0.5);
  }

  /// The bound on what rounding left in the norms that the index is read from.
  template <class Policies>
  double rounding_at(const SamplerOperator<Policies>& op, Index index) const {
    return rounding_[bucket_of(op, index)];
  }

  /// The bound on what rounding left in the row that is recovered, as a Euclidean norm.
  template <class Policies>
  double row_error(const SamplerOperator<Policies>& op, Index index) const {
    return row_rounding_[bucket_of(op, index)] / op.scale(index);
  }

 private:
  static constexpr double unit_roundoff = VectorImage<Scalar>::unit_roundoff;

  template <class Policies>
  Index bucket_of(const SamplerOperator<Policies>& op, Index index) const {
    return op.table().cell(op.table().leaf(), 0, op.recovery().key(index)) - charged_.first;
  }

  static CellNorms cell_norms(const Counters<RowCounter<Scalar>>& counters, const RowNorm& norm) {
    std::vector<double> all(static_cast<std::size_t>(counters.size()));
    constexpr Index step = 256;
    for (Index first = 0; first < counters.size(); first += step) {
      const Index count = std::min(step, counters.size() - first);
      Eigen::Map<Eigen::VectorXd>(all.data() + first, count) = norm(counters.matrix().middleRows(first, count));
    }
    return CellNorms(std::move(all));
  }

  // |error of ‖R c‖| ≤ u(d + 2)·‖R‖·‖c‖
  void charge_factor() {
    const double error = unit_roundoff * static_cast<double>(rows_.width() + 2) * norm_.stretch();
    RoundingBound products;
    for (Index cell = charged_.first; cell < charged_.end; ++cell)
      products.cover(cell - charged_.first, error * static_cast<double>(rows_[cell].stableNorm()));
    rounding_ += products;
  }

  // In units of w.
  template <class Policies>
  RowCounter<Scalar> medoid(const SamplerOperator<Policies>& op, Index index) const {
    return norm_.medoid(readings(op, index));
  }

  RowNorm norm_;
  Counters<RowCounter<Scalar>> rows_;
  RoundingBound row_rounding_;  // of the counters
  RoundingBound rounding_;      // of their norms
  CellRange charged_;
};

}  // namespace turnstile::inline v0
