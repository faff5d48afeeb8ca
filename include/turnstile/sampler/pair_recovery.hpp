/// @file
/// How the heaviest entry of a matrix is found, and the policies of a sampler of entries.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "turnstile/sampler/policies.hpp"
#include "turnstile/sampler/sampler_operator.hpp"
#include "turnstile/sampler/search.hpp"
#include "turnstile/sketch/pair_operator.hpp"

namespace turnstile::inline v0 {

/// Looks for the `Beam` heaviest rows of the matrix and its `Beam` heaviest columns, at the levels of a PairOperator
/// that gather them, and estimates the entries where they cross.
///
/// Time of a search: O((n1 + n2 + Beam²)·R). Memory: O(n1 + n2).
template <int Beam>
class PairRecovery {
 public:
  Index key(Index index) const { return index; }
  Index reading_level() const { return leaf; }

  template <class Hash, class Cells>
  std::optional<Candidate> heaviest(const PairOperator<Hash>& op, const Cells& cells) const {
    const std::vector<Index> rows = heaviest_lines(op, cells, Side::left);
    const std::vector<Index> columns = heaviest_lines(op, cells, Side::right);
    Candidate best;
    std::vector<Index> keys(columns.size());
    for (Index row : rows) {
      std::transform(columns.begin(), columns.end(), keys.begin(), [&](Index column) {
        return op.key({Side::left, row}, column);
      });
      detail::keep_heavier(
          op, cells, std::span<const Index>(keys), leaf, [](Index key) { return key; }, best);
    }
    if (best.estimate == 0) return std::nullopt;
    return best;
  }

 private:
  static constexpr Index leaf = 2;

  template <class Hash, class Cells>
  static std::vector<Index> heaviest_lines(const PairOperator<Hash>& op, const Cells& cells, Side side) {
    std::vector<Index> lines(static_cast<std::size_t>(op.size(side)));
    std::iota(lines.begin(), lines.end(), Index{0});
    detail::keep_heaviest(op, cells, PairOperator<Hash>::level_of(side), Beam, lines);
    return lines;
  }
};

namespace detail {

/// The search among pairs that a recovery policy stands for: a beam of the same width; a scan of all of them.
template <class Recovery>
struct PairSearch;

template <int TopBits, int BranchBits, int Beam>
struct PairSearch<PrefixTreeRecovery<TopBits, BranchBits, Beam>> {
  using type = PairRecovery<Beam>;
  static constexpr bool marginals = true;
  static type make(Index, const SamplerOptions&) { return {}; }
};

template <>
struct PairSearch<ScanRecovery> {
  using type = ScanRecovery;
  static constexpr bool marginals = false;
  static type make(Index dimension, const SamplerOptions& options) { return {dimension, options}; }
};

}  // namespace detail

/// The policies P, for the entries of a matrix.
template <class P>
struct PairPolicies : P {
  using recovery_type = typename detail::PairSearch<typename P::recovery_type>::type;
  using table_type = PairOperator<typename P::hash_type>;
  using norm_type = table_type;

  /// Larger than for an index: where Y has rank one, products of signs make the estimate of ‖Y‖² vary about nine
  /// times as much.
  static constexpr SketchShape norm_shape{5, 1024};
};

namespace detail {

/// The linear map of a sampler of entries of an n1 × n2 matrix. @throws InvalidArgument for options out of range
template <class P>
SamplerOperator<PairPolicies<P>> pair_map(Index rows, Index columns, const SamplerOptions& options) {
  using Map = SamplerOperator<PairPolicies<P>>;
  using Table = typename Map::table_type;
  using Search = PairSearch<typename P::recovery_type>;
  check_options(options);
  return {rows * columns, options, Search::make(rows * columns, options),
          Table(rows, columns, options.shape, Map::table_seed(options), Search::marginals),
          Table(rows, columns, PairPolicies<P>::norm_shape, Map::norm_seed(options), false)};
}

/// The number of its counters.
template <class P>
Index pair_map_cells(const SamplerOptions& options) {
  using Table = typename PairPolicies<P>::table_type;
  check_options(options);
  return Table::cells_of(options.shape, PairSearch<typename P::recovery_type>::marginals) +
         Table::cells_of(PairPolicies<P>::norm_shape, false);
}

}  // namespace detail
}  // namespace turnstile::inline v0
