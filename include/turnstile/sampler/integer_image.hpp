/// @file
/// The image of a vector of integers under a sampler's operator: exact.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/core/errors.hpp"
#include "turnstile/io/arrays.hpp"
#include "turnstile/random/mersenne61.hpp"
#include "turnstile/sampler/fixed_point_scaling.hpp"
#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/vector_image.hpp"
#include "turnstile/sketch/estimates.hpp"
#include "turnstile/sketch/exact_counters.hpp"

namespace turnstile::inline v0 {

/// (Φ w, Π y, fingerprint of y) of a vector of integers, w scaled by integers, and the gross mass Σ |Δ| of all
/// changes, which vouches for the rest: it stays within 2⁶², so that |y_i| ≤ 2⁶², every counter of w is at most
/// 2⁶²·2⁵³, and no sum can overflow. Nothing rounds: changes that cancel leave counters of 0, and any order or
/// sharding of a stream gives the same bits.
template <>
struct VectorImage<std::int64_t> {
  using scalar_type = std::int64_t;
  using draw_type = Draw<std::int64_t>;

  static constexpr std::int64_t most_mass = std::int64_t{1} << 62;

  ExactCounters scaled;       ///< Φ w
  ExactCounters plain;        ///< Π y
  std::uint64_t residue = 0;  ///< Σ r_i y_i mod 2⁶¹ − 1
  std::int64_t mass = 0;      ///< Σ |Δ| of all changes, those that were merged or taken away included

  /// y = 0.
  template <class Policies>
  explicit VectorImage(const SamplerOperator<Policies>& op, Index = 1)
      : scaled(op.table().cells()), plain(op.norm().cells()) {}

  Index width() const { return 1; }

  /// Σ |changes|, or 2⁶³ where that is less: what is to be reserved for them.
  static std::uint64_t mass_of(std::span<const std::int64_t> changes) {
    constexpr std::uint64_t most = std::uint64_t{1} << 63;
    std::uint64_t mass = 0;
    for (std::int64_t change : changes) {
      const auto bits = static_cast<std::uint64_t>(change);
      mass += std::min(change < 0 ? 0 - bits : bits, most - mass);
    }
    return mass;
  }
  static std::uint64_t mass_of(std::int64_t change) { return mass_of(std::span(&change, 1)); }

  /// Must precede changes of y of this gross mass. @throws CounterOverflow; nothing has changed then
  template <class Policies>
  void reserve(const SamplerOperator<Policies>&, std::uint64_t more) const {
    if (more > static_cast<std::uint64_t>(most_mass - mass))
      detail::raise<CounterOverflow>("changes of mass ", more, " and those before them, of ", mass, ", pass ",
                                     most_mass);
  }

  /// y_{i_k} += Δ_k, for arguments already checked.
  template <class Policies>
  void add(const SamplerOperator<Policies>& op, std::span<const Index> indices, std::span<const std::int64_t> deltas) {
    op.for_each_row(
        indices,
        [&](std::size_t offset, const RowOfCells& row, std::span<const double> weights) {
          scaled.add(row, [&](std::size_t k) { return product(weights[k], deltas[offset + k]); });
        },
        [&](std::size_t offset, const RowOfCells& row) {
          plain.add(row, [&](std::size_t k) { return detail::int128{deltas[offset + k]}; });
        });
    op.for_each_fingerprint(indices, [&](std::size_t offset, std::span<const std::uint64_t> weights) {
      for (std::size_t k = 0; k < weights.size(); ++k)
        residue = detail::add61(residue, detail::multiply61(weights[k], detail::integer_residue61(deltas[offset + k])));
    });
    mass += static_cast<std::int64_t>(mass_of(deltas));
  }

  /// @throws CounterOverflow; nothing has changed then
  VectorImage& operator+=(const VectorImage& other) {
    const std::uint64_t theirs = other.residue;
    join_mass(other);
    scaled += other.scaled;
    plain += other.plain;
    residue = detail::add61(residue, theirs);
    return *this;
  }
  VectorImage& operator-=(const VectorImage& other) {
    const std::uint64_t theirs = detail::negate61(other.residue);
    join_mass(other);
    scaled -= other.scaled;
    plain -= other.plain;
    residue = detail::add61(residue, theirs);
    return *this;
  }

  /// Whether y = 0: it always says so then, and of another y only where all its counters and its fingerprint vanish.
  bool vanishes() const { return residue == 0 && scaled.all_zero() && plain.all_zero(); }

  /// ŷ_i, the integer next to ŵ_i/s_i.
  template <class Policies>
  std::int64_t estimate(const SamplerOperator<Policies>& op, Index index) const {
    const Index key = op.recovery().key(index);
    return value(op, {index, detail::estimate_key(op.table(), scaled, key, op.recovery().reading_level())});
  }

  /// The draw that a key of estimate ŵ_i stands for, but for its probability.
  template <class Policies>
  Found<draw_type> draw(const SamplerOperator<Policies>& op, const Candidate& candidate, double noise) const {
    const std::int64_t found = value(op, candidate);
    return {{candidate.index, found, 0, noise / op.scale(candidate.index)}, std::abs(static_cast<double>(found))};
  }

  /// Takes ŷ_i out of the counters of w, and leaves no rounding.
  template <class Policies>
  double remove(const SamplerOperator<Policies>& op, const Candidate& candidate) {
    const Index key = op.recovery().key(candidate.index);
    const detail::int128 scaled_value = product(op.scale(candidate.index), value(op, candidate));
    op.table().for_each_row(std::span(&key, 1), [&](std::size_t, const RowOfCells& row) {
      scaled.add(row.cell(0), !row.negative(0), scaled_value);
    });
    return 0;
  }

  /// The standard error of ŵ_i, from the spread of the counters around a key.
  template <class Policies>
  double noise(const SamplerOperator<Policies>& op) const {
    std::vector<double> readings;
    const CellRange cells = op.noise_cells();
    for (Index cell = cells.first; cell < cells.end; ++cell) readings.push_back(scaled[cell]);
    return detail::magnitude_quantile(std::span<const double>(readings), op.noise_probability());
  }

  /// Nothing rounds.
  template <class Policies>
  double rounding_at(const SamplerOperator<Policies>&, Index) const {
    return 0;
  }

  /// What the counters take in the byte format, in words of eight bytes.
  template <class Policies>
  static Index numbers(const SamplerOperator<Policies>& op, Index = 1) {
    return 2 * (op.table().cells() + op.norm().cells());
  }
  /// Bytes of the fingerprint and the mass.
  static constexpr Index fixed_bytes(Index = 1) { return 2 * static_cast<Index>(sizeof(std::uint64_t)); }

  /// Back to y = 0, of mass 0.
  void set_zero() {
    scaled.set_zero();
    plain.set_zero();
    residue = 0;
    mass = 0;
  }

  /// Shows residue, mass, Φ w, Π y to a visitor (`io/arrays.hpp`).
  template <class Self, class Visitor>
  static void for_each_array(Self& self, const Visitor& visitor) {
    visitor.residues(std::span(&self.residue, 1));
    visitor.numbers(std::span(&self.mass, 1));
    visitor.numbers(self.scaled.flat());
    visitor.numbers(self.plain.flat());
  }

  /// Order in the byte format: as `for_each_array` shows them, counters in 16 bytes each, in two's complement.
  void put(io::ByteWriter& writer) const { for_each_array(*this, io::ArrayWriter(writer)); }
  /// @throws CorruptState for counters that no stream of this mass can leave
  void take(io::ByteReader& reader) {
    for_each_array(*this, io::ArrayReader(reader));
    if (mass < 0 || mass > most_mass)
      detail::raise<CorruptState>("the mass ", mass, " is outside [0, ", most_mass, "]");
    if (!plain.all_within(mass) || !scaled.all_within(detail::int128{mass} * FixedPointScaling::largest_factor))
      detail::raise<CorruptState>("a counter is larger than changes of mass ", mass, " can make it");
  }

  std::size_t heap_bytes() const { return scaled.heap_bytes() + plain.heap_bytes(); }

 private:
  static detail::int128 product(double scale, std::int64_t value) {
    return detail::int128{value} * static_cast<std::int64_t>(scale);
  }

  // The integer next to ŵ_i/s_i; noise may pass what y can hold.
  template <class Policies>
  std::int64_t value(const SamplerOperator<Policies>& op, const Candidate& candidate) const {
    const auto most = static_cast<double>(mass);
    return std::llround(std::clamp(candidate.estimate / op.scale(candidate.index), -most, most));
  }

  void join_mass(const VectorImage& other) {
    if (other.mass > most_mass - mass)
      detail::raise<CounterOverflow>("streams of mass ", mass, " and ", other.mass, " pass ", most_mass, " together");
    mass += other.mass;
  }
};

}  // namespace turnstile::inline v0
