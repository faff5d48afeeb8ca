/// @file
/// Exact draws from Y = A1 X A2ᵀ while all three factors are streams.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "turnstile/core/checks.hpp"
#include "turnstile/core/draw.hpp"
#include "turnstile/core/options.hpp"
#include "turnstile/io/identity.hpp"
#include "turnstile/sampler/kronecker_checks.hpp"
#include "turnstile/sampler/kronecker_draws.hpp"
#include "turnstile/sampler/kronecker_state.hpp"

namespace turnstile::inline v0 {

/// Draws (i1, i2) with probability y²/‖Y‖_F² exactly, y = Y_{i1,i2} = a_{i1}ᵀ X b_{i2}, from Y = A1 X A2ᵀ (the tensor
/// product of arXiv 2510.03678, section 7) while entries of A1 ∈ ℝ^{n1×d1}, X ∈ ℝ^{d1×d2} and A2 ∈ ℝ^{n2×d2} change:
/// for those who can afford to keep the three. A tree of Gram sums over the rows of A1 and one over those
/// of A2 give the sum of y² over any block of rows, and of any block within a row. Here y is the number
/// that `estimate` returns: a product of doubles, with its rounding.
///
/// As many independent draws as asked for; never `failed`. `zero` exactly where Y = 0 for the factors as they
/// are (a Y ≠ 0 below all rounding passes for 0 with probability 2⁻⁶⁰, one whose entries all underflow always).
///
/// Time, with d = max(d1, d2), n = max(n1, n2): an update of an entry of A1 or A2 O(d log(n/d)), of a row d times
/// that, of X O(1). A change of A2 or X leaves the masses of A1's rows behind; `refresh()`, O(d³ + n1·d), brings
/// them up to date. A draw takes O(d² log(n/d)) then, and O(d³) more before. There is no hidden state: const
/// members may be called from several threads at once. Where what is left is tiny beside what has cancelled
/// (A1 held 10⁶, and now holds 10⁻⁸), draws are as exact but take O(n d²), until `refresh()`; where ‖Y‖ is
/// below some 10⁻⁵ of ‖A1‖‖X‖‖A2‖, they always do. Memory: about 5(n1·d1 + n2·d2) numbers.
///
/// What it does not have: `+=` (Y is trilinear in what it keeps: add the factors, and build another), and
/// `heaviest` (the largest of all inner products, for which sums of squares give no exact search below n1·n2).
/// @code
/// #include <turnstile/turnstile.hpp>
/// #include <iostream>
/// int main() {
///   const Eigen::MatrixXd a1 = Eigen::MatrixXd::Identity(3, 2), a2 = Eigen::MatrixXd::Identity(4, 2);
///   turnstile::ExactKroneckerSampler<> sampler(a1, a2, Eigen::MatrixXd::Zero(2, 2));
///   sampler.update_core(0, 1, 5.0);   // Y_01 = 5
///   sampler.update_left(2, 0, -1.0);  // and Y_21 = -5
///   for (const auto& draw : sampler.sample_with_replacement(4, 7))
///     std::cout << draw.row << ' ' << draw.col << ' ' << draw.value << '\n';
/// }
/// @endcode
template <class Scalar = double>
class ExactKroneckerSampler {
  using Tree = GramTree<Scalar>;
  using Matrices = FactorMatrices<Scalar>;

 public:
  using scalar_type = Scalar;
  using draw_type = PairDraw<Scalar>;
  using matrix_type = detail::RowMajorMatrix<Scalar>;
  static constexpr std::string_view kind = "ExactKroneckerSampler";

  /// A1, A2 and X. Of the options, the seed is that of `sample()`; the power must be 2. Time: O(n d²).
  /// @throws InvalidArgument for sizes that do not fit, n1·n2 > 2⁶², entries that are not finite or whose products'
  /// squares pass the range of doubles, or bad options
  template <class A1, class A2, class X>
  ExactKroneckerSampler(const Eigen::MatrixBase<A1>& left, const Eigen::MatrixBase<A2>& right,
                        const Eigen::MatrixBase<X>& core, const SamplerOptions& options = {})
      : options_(checked(options)), factors_(factors_of(left, right, core)), core_size_(squares_of(factors_.core)) {
    squares().template check<Scalar>();
    refresh();
  }

  /// (A1)_ij += Δ. @throws InvalidArgument if i or j is out of range, or Δ cannot be taken; nothing changes then
  void update_left(Index row, Index column, Scalar delta) {
    detail::check_change<Scalar>(factors_.left.matrix(), row, column, delta, "A1");
    reserve(growth(factors_.left, std::abs(static_cast<double>(delta))), 0, 0);
    const auto change = factors_.left.update(row, column, delta);
    if (masses_) masses_->follow(factors_.left, change, row, column);
  }

  /// (A2)_ij += Δ. @throws InvalidArgument as above
  void update_right(Index row, Index column, Scalar delta) {
    detail::check_change<Scalar>(factors_.right.matrix(), row, column, delta, "A2");
    reserve(0, 0, growth(factors_.right, std::abs(static_cast<double>(delta))));
    masses_.reset();
    factors_.right.update(row, column, delta);
  }

  /// (A1)_{i,:} += Δ ∈ ℝ^{d1}. @throws InvalidArgument as above, and for another size
  template <class Row>
  void update_left_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    const auto values = detail::row_of_changes<Scalar>(factors_.left.matrix(), row, delta, "A1");
    reserve(growth(factors_.left, values.template cast<double>().norm()), 0, 0);
    const Index block = factors_.left.update_row(row, values);
    if (masses_) masses_->follow(factors_.left, block);
  }

  /// (A2)_{i,:} += Δ ∈ ℝ^{d2}. @throws InvalidArgument as above
  template <class Row>
  void update_right_row(Index row, const Eigen::MatrixBase<Row>& delta) {
    const auto values = detail::row_of_changes<Scalar>(factors_.right.matrix(), row, delta, "A2");
    reserve(0, 0, growth(factors_.right, values.template cast<double>().norm()));
    masses_.reset();
    factors_.right.update_row(row, values);
  }

  /// X_{j1 j2} += Δ. @throws InvalidArgument as above
  void update_core(Index row, Index column, Scalar delta) {
    detail::check_change<Scalar>(factors_.core, row, column, delta, "X");
    const double change = std::abs(static_cast<double>(delta));
    const double grown = detail::square_growth(std::abs(static_cast<double>(factors_.core(row, column))), change);
    reserve(0, grown, 0);
    masses_.reset();
    factors_.core(row, column) += delta;
    core_size_ += grown;
  }

  /// Brings the masses of A1's rows up to date with A2 and X, and sums afresh what has nearly cancelled. Y stays.
  void refresh() {
    factors_.left.refresh();
    factors_.right.refresh();
    core_size_ = squares_of(factors_.core);
    masses_ = tabulated_masses();
  }

  /// A draw of the options' seed: same state, same answer.
  DrawResult<draw_type> sample() const { return sample(options_.seed); }

  /// A draw; those of different seeds are independent.
  DrawResult<draw_type> sample(Seed seed) const {
    return with_masses(1, [&](const RowMasses<Scalar>& masses) -> DrawResult<draw_type> {
      const auto draw = KroneckerDraws(factors_, masses, seed).next();
      return draw ? DrawResult<draw_type>(*draw) : Outcome::zero;
    });
  }

  /// k independent draws, the first being sample(seed); none if Y = 0. @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_with_replacement(Index k, Seed seed) const {
    return draws(k, seed, [](KroneckerDraws<Scalar>&, const draw_type&) {});
  }

  /// Successive draws, each in proportion to y² among the entries not drawn before; the first is sample(seed). Shorter
  /// than k only where all other entries are 0. `probability` is y²/‖Y‖_F² for all of them.
  ///
  /// Draws are repeated while they fall on entries drawn before; when 64 in a row do, these hold nearly all
  /// of ‖Y‖_F², and the rest is drawn by looking at every row: O(n d²) once and O(n d) for each further draw.
  /// @throws InvalidArgument for k < 0
  std::vector<draw_type> sample_without_replacement(Index k, Seed seed) const {
    return draws(k, seed, [](KroneckerDraws<Scalar>& urn, const draw_type& draw) { urn.take(draw); });
  }
  std::vector<draw_type> sample_without_replacement(Index k) const {
    return sample_without_replacement(k, options_.seed);
  }

  /// y = a_{i1}ᵀ X b_{i2}. Time: O(d²). @throws InvalidArgument if i1 or i2 is out of range
  Scalar estimate(Index row, Index col) const {
    detail::check_index(row, rows(), "row");
    detail::check_index(col, cols(), "column");
    return static_cast<Scalar>(factors_.entry(factors_.pulled_row(row), col));
  }

  /// ‖Y‖_F², within a millionth of it: O(1) after `refresh()`, else O(d³); O(n d²) where nearly all has cancelled.
  double squared_norm() const {
    return with_masses(1, [&](const RowMasses<Scalar>& masses) {
      return masses.resolve(factors_.left, 0x1p-20) ? masses.value(factors_.left, Tree::root)
                                                    : KroneckerScan<Scalar>(factors_).squared_norm();
    });
  }

  Index rows() const { return factors_.left.rows(); }                   ///< n1
  Index cols() const { return factors_.right.rows(); }                  ///< n2
  Index dimension() const { return rows() * cols(); }                   ///< n1·n2, the number of entries of Y
  const matrix_type& left() const { return factors_.left.matrix(); }    ///< A1
  const matrix_type& right() const { return factors_.right.matrix(); }  ///< A2
  const matrix_type& core() const { return factors_.core; }             ///< X
  const SamplerOptions& options() const { return options_; }

  /// Back to A1 = 0, A2 = 0 and X = 0.
  void clear() {
    const auto zero = [](const matrix_type& matrix) { return matrix_type::Zero(matrix.rows(), matrix.cols()); };
    *this = ExactKroneckerSampler(zero(left()), zero(right()), zero(core()), options_);
  }

  std::size_t memory_bytes() const {
    return sizeof(*this) + factors_.heap_bytes() + (masses_ ? masses_->heap_bytes() : 0);
  }

  /// dimension is n1·n2, width d1·d2.
  Identity identity() const {
    return {std::string(kind), std::string(scalar_name<Scalar>()), "exact", dimension(), core().size(), options_, 0};
  }

  /// The state in the format of `io/byte_format.hpp`. Arrays: n1, d1, then A1, A2 and X by rows. The sums are not
  /// in it: they are made anew by `from_bytes`, with other roundings.
  std::vector<std::byte> to_bytes() const {
    return io::save_state(identity(), [&](io::ByteWriter& writer) { Matrices::put(writer, left(), core(), right()); });
  }

  /// Reads what `to_bytes` wrote. @throws CorruptState for anything else
  static ExactKroneckerSampler from_bytes(std::span<const std::byte> bytes) {
    return io::load_state<ExactKroneckerSampler>(bytes, "exact", [](io::ByteReader& reader, const Identity& found) {
      const auto factors = Matrices::take(reader, found, 0, 0);
      return ExactKroneckerSampler(factors.left, factors.right, factors.core, found.options);
    });
  }

  /// Kind, sizes, seed, bytes and state at a glance.
  friend std::ostream& operator<<(std::ostream& out, const ExactKroneckerSampler& sampler) {
    out << kind << '(';
    Matrices::describe(out, sampler.left(), sampler.core(), sampler.right());
    return out << ", seed " << sampler.options_.seed << "): " << sampler.memory_bytes() << " bytes, norm of Y "
               << std::sqrt(sampler.squared_norm());
  }

 private:
  static const SamplerOptions& checked(const SamplerOptions& options) {
    detail::check_product_options(options);
    return options;
  }

  template <class A1, class A2, class X>
  static KroneckerFactors<Scalar> factors_of(const A1& left, const A2& right, const X& core) {
    auto factors = Matrices::checked(left, right, core);
    return {Tree(std::move(factors.left)), std::move(factors.core), Tree(std::move(factors.right))};
  }

  static double squares_of(const matrix_type& matrix) { return matrix.template cast<double>().squaredNorm(); }

  static double growth(const Tree& tree, double change) {
    return detail::square_growth(std::sqrt(tree.size(Tree::root)), change);
  }
  detail::FactorSquares squares() const {
    return {factors_.left.size(Tree::root), core_size_, factors_.right.size(Tree::root)};
  }

  // Makes sure that the factors' squares may grow so. What has cancelled is left out before anything is refused.
  void reserve(double left, double core, double right) {
    const auto grown = [&] {
      const auto now = squares();
      return detail::FactorSquares{now.left + left, now.core + core, now.right + right};
    };
    if (!grown().template fit<Scalar>()) refresh();
    grown().template check<Scalar>();
  }

  RowMasses<Scalar> tabulated_masses() const {
    RowMasses<Scalar> masses(factors_);
    masses.tabulate(factors_.left);
    return masses;
  }

  // read(masses), these made for `draws` draws if those kept are not up to date.
  template <class Read>
  auto with_masses(Index draws, const Read& read) const {
    if (masses_) return read(*masses_);
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a tree has a block at least
    if (draws > factors_.left.node_count() / factors_.left.height()) return read(tabulated_masses());
    return read(RowMasses<Scalar>(factors_));
  }

  template <class After>
  std::vector<draw_type> draws(Index k, Seed seed, const After& after) const {
    detail::check_range(k, 0, max_dimension, "number of draws");
    return with_masses(k, [&](const RowMasses<Scalar>& masses) {
      KroneckerDraws<Scalar> urn(factors_, masses, seed);
      std::vector<draw_type> drawn;
      while (std::ssize(drawn) < k) {
        const auto draw = urn.next();
        if (!draw) break;
        drawn.push_back(*draw);
        after(urn, drawn.back());
      }
      return drawn;
    });
  }

  SamplerOptions options_;
  KroneckerFactors<Scalar> factors_;
  double core_size_;                         // at least Σ X², for the range alone
  std::optional<RowMasses<Scalar>> masses_;  // unless A2 or X changed since refresh()
};

}  // namespace turnstile::inline v0
