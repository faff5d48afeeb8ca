/// @file
/// The image of a vector y under a sampler's operator.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/random/residue_sums.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/rounding_bound.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sketch/counters.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0 {

/// (Φ w, Π y, fingerprint of y) and a bound on the rounding in them: all that a draw reads. Linear in y.
template <class Scalar>
struct VectorImage {
  using scalar_type = Scalar;
  using draw_type = Draw<Scalar>;

  Counters<Scalar> scaled;    ///< Φ w
  Counters<Scalar> plain;     ///< Π y
  std::uint64_t residue = 0;  ///< Σ r_i y_i mod 2⁶¹ − 1, exact whatever the counters rounded
  RoundingBound rounding;

  static constexpr double unit_roundoff = std::numeric_limits<Scalar>::epsilon() / 2;

  /// y = 0.
  template <class Policies>
  explicit VectorImage(const SamplerOperator<Policies>& op, Index = 1)
      : scaled(op.table().cells()), plain(op.norm().cells()), charged_(op.charged_cells()) {}

  Index width() const { return 1; }

  /// y_{i_k} += Δ_k, for arguments already checked.
  template <class Policies>
  void add(const SamplerOperator<Policies>& op, std::span<const Index> indices, std::span<const Scalar> deltas) {
    add_to_counters(op, indices, deltas);
    op.for_each_fingerprint(indices, [&](std::size_t offset, std::span<const std::uint64_t> weights) {
      const auto values = deltas.subspan(offset, weights.size());
      residue = detail::add61(residue, detail::residue_sum61(weights, values));
    });
  }

  /// The part of `add` that rounds.
  template <class Policies>
  void add_to_counters(const SamplerOperator<Policies>& op, std::span<const Index> indices,
                       std::span<const Scalar> deltas) {
    if (indices.size() == 1) return add_one_to_counters(op, indices[0], deltas[0]);
    op.scatter(
        indices, deltas,
        [&](const RowOfAdds<Scalar>& row) {
          if (charged_.holds(row.first_cell))
            add_charged(row);
          else
            scaled.add(row);
        },
        [&](const RowOfAdds<Scalar>& row) { plain.add(row); });
  }

  /// The part of `add` that is exact: the residue of what y_i changes by.
  template <class Policies>
  void add_to_residue(const SamplerOperator<Policies>& op, Index index, std::uint64_t change) {
    residue = detail::add61(residue, detail::multiply61(op.fingerprint_weight(index), change));
  }

  /// Tells the bound that a change of y_i was itself off by this much.
  template <class Policies>
  void charge_error(const SamplerOperator<Policies>& op, Index index, double error) {
    rounding.charge(bucket_of(op, index), op.scale(index) * error);
  }

  /// @throws CounterOverflow; nothing has changed then
  VectorImage& operator+=(const VectorImage& other) {
    plain.check_combination(other.plain, false);
    scaled += other.scaled;
    plain += other.plain;
    return join(other, other.residue);
  }
  VectorImage& operator-=(const VectorImage& other) {
    plain.check_combination(other.plain, true);
    scaled -= other.scaled;
    plain -= other.plain;
    return join(other, detail::negate61(other.residue));
  }

  /// Whether y = 0: it always says so then, and of another y with a probability of about 2⁻⁶¹.
  bool vanishes() const { return residue == 0; }

  /// ŷ_i = ŵ_i/s_i, the median of the readings of index i.
  template <class Policies>
  Scalar estimate(const SamplerOperator<Policies>& op, Index index) const {
    const Index key = op.recovery().key(index);
    const Scalar estimated = detail::estimate_key(op.table(), scaled, key, op.recovery().reading_level());
    return static_cast<Scalar>(static_cast<double>(estimated) / op.scale(index));
  }

  /// The draw that a key of estimate ŵ_i stands for, but for its probability.
  template <class Policies>
  Found<draw_type> draw(const SamplerOperator<Policies>& op, const Candidate& candidate, double noise) const {
    const double scale = op.scale(candidate.index);
    const auto value = static_cast<Scalar>(candidate.estimate / scale);
    return {{candidate.index, value, 0, noise / scale}, std::abs(static_cast<double>(value))};
  }

  /// Takes ŵ_i out of the counters of w. Returns a bound on the rounding that leaves in a key's.
  template <class Policies>
  double remove(const SamplerOperator<Policies>& op, const Candidate& candidate) {
    const Index key = op.recovery().key(candidate.index);
    const auto value = static_cast<Scalar>(candidate.estimate);
    op.table().for_each_row(std::span(&key, 1), [&](std::size_t, const RowOfCells& row) {
      scaled.add(row.cell(0), !row.negative(0), value);
    });
    constexpr double roundings = 4;  // its product, and an add in each of two rows it meets
    return roundings * unit_roundoff * std::abs(candidate.estimate);
  }

  /// The standard error of ŵ_i. The spread of the counters around a key is the law of its readings'
  /// errors; the median of m readings stays, in 68 % of cases, within the central interval of that law
  /// which `noise_probability` names. No normal law is assumed, which a sum of 1/√e would not obey.
  template <class Policies>
  double noise(const SamplerOperator<Policies>& op) const {
    return detail::magnitude_quantile(op.noise_cells().of(scaled.flat()), op.noise_probability());
  }

  /// The bound on what rounding left in the counters that key's estimate is read from.
  template <class Policies>
  double rounding_at(const SamplerOperator<Policies>& op, Index index) const {
    return rounding[bucket_of(op, index)];
  }

  /// What is to be reserved for changes of y. @throws InvalidArgument for one that is not finite
  static double mass_of(Scalar change) {
    detail::check_finite(change, "change");
    return std::abs(static_cast<double>(change));
  }
  static double mass_of(std::span<const Scalar> changes) { return detail::checked_mass(changes, "change"); }

  /// Whether changes of y of this total |mass| surely leave all counters in range.
  template <class Policies>
  bool admits(const SamplerOperator<Policies>& op, double mass) {
    return scaled.admits(mass * op.largest_scale()) && plain.admits(mass);
  }

  /// Must precede changes of y of this total |mass|. @throws CounterOverflow
  template <class Policies>
  void reserve(const SamplerOperator<Policies>& op, double mass) {
    detail::require_admitted(scaled, mass * op.largest_scale());
    detail::require_admitted(plain, mass);
  }

  /// Counters of an image.
  template <class Policies>
  static Index numbers(const SamplerOperator<Policies>& op, Index = 1) {
    return op.table().cells() + op.norm().cells();
  }
  /// Bytes of the fingerprint and the rounding bound in the byte format.
  static constexpr Index fixed_bytes(Index = 1) {
    return static_cast<Index>(sizeof(std::uint64_t)) + RoundingBound::bytes;
  }

  /// Back to y = 0.
  void set_zero() {
    scaled.set_zero();
    plain.set_zero();
    residue = 0;
    rounding = {};
  }

  /// Shows residue, rounding lanes, Φ w, Π y to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.residues(std::span(&self.residue, 1));
    visitor.bounds(self.rounding.values(), [&](double additions) { return self.rounding_after(additions); });
    visitor.numbers(self.scaled.flat());
    visitor.numbers(self.plain.flat());
  }

  /// Order in the byte format: as `for_each_array` shows them.
  void put(io::ByteWriter& writer) const { for_each_array(*this, io::ArrayWriter(writer)); }
  void take(io::ByteReader& reader) { for_each_array(*this, io::ArrayReader(reader)); }

  std::size_t heap_bytes() const { return scaled.heap_bytes() + plain.heap_bytes(); }

 private:
  template <class Policies>
  Index bucket_of(const SamplerOperator<Policies>& op, Index index) const {
    return op.table().cell(op.table().leaf(), 0, op.recovery().key(index)) - charged_.first;
  }

  static double rounding_of(Scalar sum, Scalar added) {
    return unit_roundoff * (std::abs(static_cast<double>(sum)) + 2 * std::abs(static_cast<double>(added)));
  }

  void charge(Index cell, Scalar added) { rounding.charge(cell - charged_.first, rounding_of(scaled[cell], added)); }

  // Of one key, whose places are found faster by themselves.
  template <class Policies>
  void add_one_to_counters(const SamplerOperator<Policies>& op, Index index, Scalar delta) {
    op.scatter(
        index, delta,
        [this](Index cell, Scalar value) {
          scaled.add(cell, value);
          if (charged_.holds(cell)) charge(cell, value);
        },
        [this](Index cell, Scalar value) { plain.add(cell, value); });
  }

  // As scaled.add, and charges every add.
  void add_charged(const RowOfAdds<Scalar>& row) {
    row.for_each([&](Index cell, Scalar value) {
      scaled.add(cell, value);
      charge(cell, value);
    });
  }

  // The bounds when the counters took part in so many more additions, in whatever order.
  std::vector<double> rounding_after(double additions) const {
    RoundingBound bound = rounding;
    for (Index cell = charged_.first; cell < charged_.end; ++cell)
      bound.charge(cell - charged_.first, additions * unit_roundoff * std::abs(static_cast<double>(scaled[cell])));
    return {bound.values().begin(), bound.values().end()};
  }

  VectorImage& join(const VectorImage& other, std::uint64_t other_residue) {
    residue = detail::add61(residue, other_residue);
    rounding += other.rounding;
    for (Index cell = charged_.first; cell < charged_.end; ++cell) charge(cell, Scalar(0));
    return *this;
  }

  CellRange charged_;  // the leaf level's first row, whose traffic stands for every row's
};

}  // namespace turnstile::inline v0
