/// @file
/// The exact ℓ2 law of a vector that is known, and counts of draws beside it.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace examples {

/// P(i) = y_i² / ‖y‖², with the indices ordered by |y_i|.
class ExactLaw {
 public:
  using Index = Eigen::Index;

  explicit ExactLaw(Eigen::VectorXd y)
      : y_(std::move(y)), squared_norm_(y_.squaredNorm()), by_size_(y_.size()), rank_(y_.size()) {
    std::iota(by_size_.begin(), by_size_.end(), Index{0});
    std::sort(by_size_.begin(), by_size_.end(), [&](Index a, Index b) { return std::abs(y_[a]) > std::abs(y_[b]); });
    for (Index k = 0; k < y_.size(); ++k) rank_[by_size_[k]] = k + 1;
  }

  const Eigen::VectorXd& y() const { return y_; }
  double value(Index i) const { return y_[i]; }
  double probability(Index i) const { return y_[i] * y_[i] / squared_norm_; }

  /// The place of index i when the largest |y_i| is first; from 1.
  Index rank(Index i) const { return rank_[i]; }
  Index at_rank(Index rank) const { return by_size_[rank - 1]; }

 private:
  Eigen::VectorXd y_;
  double squared_norm_;
  Eigen::VectorX<Index> by_size_, rank_;
};

/// The indices of some successive ranks, with their probability and the number of draws among them.
struct RankCell {
  Eigen::Index first, last;
  double probability;
  double drawn;
};

/// Cuts the ranks into cells. A cell ends behind `rank` where ends(rank, mass, cells) is true:
/// `mass` is the probability of all ranks so far, `cells` how many cells are complete.
template <class Ends>
std::vector<RankCell> cut_ranks(const ExactLaw& law, const Ends& ends) {
  std::vector<RankCell> cells;
  double mass = 0, mass_before = 0;
  Eigen::Index first = 1;
  for (Eigen::Index rank = 1; rank <= law.y().size(); ++rank) {
    mass += law.probability(law.at_rank(rank));
    if (rank < law.y().size() && !ends(rank, mass, std::ssize(cells))) continue;
    cells.push_back({first, rank, mass - mass_before, 0});
    first = rank + 1;
    mass_before = mass;
  }
  return cells;
}

/// About `count` cells of about equal probability.
inline std::vector<RankCell> cells_of_equal_mass(const ExactLaw& law, Eigen::Index count) {
  return cut_ranks(law, [&](Eigen::Index, double mass, Eigen::Index cells) {
    return cells + 1 < count && mass >= static_cast<double>(cells + 1) / static_cast<double>(count);
  });
}

/// Cells that grow by `ratio`, after a first one of `start` ranks.
inline std::vector<RankCell> cells_of_growing_size(const ExactLaw& law, double start, double ratio) {
  return cut_ranks(law, [&](Eigen::Index rank, double, Eigen::Index cells) {
    return static_cast<double>(rank) >= start * std::pow(ratio, static_cast<double>(cells));
  });
}

inline void count_draw(std::vector<RankCell>& cells, Eigen::Index rank) {
  const auto cell = std::partition_point(cells.begin(), cells.end(), [&](const RankCell& c) { return c.last < rank; });
  ++cell->drawn;
}

/// Pearson's statistic Σ (drawn − expected)² / expected.
inline double chi_square_statistic(const std::vector<RankCell>& cells, double draws) {
  double statistic = 0;
  for (const RankCell& cell : cells) {
    const double expected = draws * cell.probability;
    statistic += (cell.drawn - expected) * (cell.drawn - expected) / expected;
  }
  return statistic;
}

}  // namespace examples
