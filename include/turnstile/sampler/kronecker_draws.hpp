/// @file
/// Exact draws from Y = A1 X A2ᵀ, one after the other.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "turnstile/core/draw.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/random/variates.hpp"
#include "turnstile/sampler/kronecker_scan.hpp"
#include "turnstile/sampler/row_masses.hpp"

namespace turnstile::inline v0 {

/// Successive draws of one state, each (i, c) with probability Y_ic²/‖Y‖_F² among the entries not taken.
///
/// A draw lays the squares of the entries out as intervals: a node of A1's tree holds those of its rows, a
/// row those of the nodes of A2's tree, a node there those of its entries. Every interval is made longer than
/// what it holds by a bound on rounding, so that the sums need only be upper bounds: a point that
/// falls in no entry's own interval, of exactly Y_ic², is thrown again. So the law is that of the entries
/// themselves, and an entry that is 0 is never drawn.
///
/// Where the bounds exceed 2⁻¹⁰ of ‖Y‖_F² (nearly all that the sums held has cancelled, or Y is tiny beside
/// ‖A1‖‖X‖‖A2‖), or where 64 throws in a row fall on entries taken, all rows are looked at instead.
template <class Scalar>
class KroneckerDraws {
 public:
  using draw_type = PairDraw<Scalar>;

  /// Refers to the factors and their masses.
  KroneckerDraws(const KroneckerFactors<Scalar>& factors, const RowMasses<Scalar>& masses, Seed seed)
      : factors_(&factors), masses_(&masses), words_(derive_seed(seed, "exact Kronecker draws")) {}

  /// None if every entry left is 0.
  std::optional<draw_type> next() {
    if (!scan_ && masses_->resolve(factors_->left, 0x1p-10)) {
      constexpr int patience = 64;
      for (int throws = 0; throws < patience; ++throws)
        if (auto draw = propose(); draw && !taken_.contains({draw->row, draw->col})) return draw;
    }
    if (!scan_) {
      scan_.emplace(*factors_);
      for (const auto& [row, col] : taken_) scan_->take(row, col);
    }
    return scan_->next([this] { return toss(); });
  }

  /// Leaves the entry out from now on.
  void take(const draw_type& draw) {
    taken_.emplace(draw.row, draw.col);
    if (scan_) scan_->take(draw.row, draw.col);
  }

 private:
  double toss() { return uniform_variate(words_(tosses_++)); }

  // A point of the root's interval: the entry on which it falls, if it falls on one.
  std::optional<draw_type> propose() {
    const GramTree<Scalar>& left = factors_->left;
    const auto mass_of_rows = [&](Index node) { return masses_->upper(left, node); };
    double target = toss() * mass_of_rows(GramTree<Scalar>::root);
    const Index block = left.descend(target, mass_of_rows);
    const Eigen::VectorXd rows = masses_->upper_of_rows(left, block);
    for (Index r = 0; r < rows.size(); ++r) {
      if (target < rows[r]) return propose_in_row(left.first_of(block) + r, toss() * rows[r]);
      target -= rows[r];
    }
    return std::nullopt;
  }

  std::optional<draw_type> propose_in_row(Index row, double target) const {
    const GramTree<Scalar>& right = factors_->right;
    const Eigen::VectorXd q = factors_->pulled_row(row);
    const double slack = std::numeric_limits<double>::epsilon() * q.squaredNorm();
    Eigen::VectorXd image(q.size());
    const Index block = right.descend(target, [&](Index node) {
      image.noalias() = right.sum(node) * q;
      return q.dot(image) + slack * right.drift(node);
    });
    for (Index c = right.first_of(block); c < right.end_of(block); ++c) {
      const double value = factors_->entry(q, c);
      if (target < value * value) return draw_type{row, c, static_cast<Scalar>(value), share(value), 0};
      target -= value * value;
    }
    return std::nullopt;
  }

  double share(double value) const {
    return std::min(1.0, value * value / masses_->value(factors_->left, GramTree<Scalar>::root));
  }

  const KroneckerFactors<Scalar>* factors_;
  const RowMasses<Scalar>* masses_;
  MixHash words_;
  std::uint64_t tosses_ = 0;
  std::optional<KroneckerScan<Scalar>> scan_;
  TakenPairs taken_;
};

}  // namespace turnstile::inline v0
