#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "../support/catch.hpp"
#include "support/exact_law.hpp"

using namespace examples;
using Index = Eigen::Index;

namespace {

/// The cells hold every rank once, in order, and each the probability of its ranks.
void check_partition(const ExactLaw& law, const std::vector<RankCell>& cells) {
  Index next = 1;
  for (const RankCell& cell : cells) {
    CHECK(cell.first == next);
    REQUIRE(cell.last >= cell.first);
    double mass = 0;
    for (Index rank = cell.first; rank <= cell.last; ++rank) mass += law.probability(law.at_rank(rank));
    CHECK(cell.probability == Approx(mass));
    CHECK(cell.drawn == 0);
    next = cell.last + 1;
  }
  CHECK(next == law.y().size() + 1);
}

}  // namespace

TEST_CASE("the exact law is that of the squares, and ranks go by size", "[examples]") {
  const ExactLaw law(Eigen::VectorXd{{1, -4, 0, 2, 2}});
  CHECK(law.probability(0) == Approx(1 / 25.0));
  CHECK(law.probability(1) == Approx(16 / 25.0));
  CHECK(law.probability(2) == 0);
  CHECK(law.rank(1) == 1);
  CHECK(law.rank(0) == 4);
  CHECK(law.rank(2) == 5);
  CHECK(law.rank(3) + law.rank(4) == 2 + 3);
  double whole = 0;
  for (Index i = 0; i < law.y().size(); ++i) {
    CHECK(law.at_rank(law.rank(i)) == i);
    whole += law.probability(i);
  }
  CHECK(whole == Approx(1));
}

TEST_CASE("cells of equal probability differ by no more than a rank holds", "[examples]") {
  for (const Index n : {20, 21, 1000}) {
    const ExactLaw law(Eigen::VectorXd::LinSpaced(n, 1, 3));
    const auto cells = cells_of_equal_mass(law, 20);
    check_partition(law, cells);
    REQUIRE(cells.size() == 20);
    const double largest = law.probability(law.at_rank(1));
    for (const RankCell& cell : cells) CHECK(std::abs(cell.probability - 1 / 20.0) <= largest);
  }
}

TEST_CASE("a rank that holds more than its share is a cell of its own", "[examples]") {
  Eigen::VectorXd y = Eigen::VectorXd::Ones(100);
  y[17] = 100;
  const ExactLaw law(y);
  const auto cells = cells_of_equal_mass(law, 4);
  check_partition(law, cells);
  CHECK(cells.front().last == 1);
  CHECK(cells.size() <= 4);
}

TEST_CASE("cells of growing size end behind the start times powers of the ratio", "[examples]") {
  const ExactLaw law(Eigen::VectorXd::LinSpaced(100, 1, 2));
  const auto cells = cells_of_growing_size(law, 16, 1.5);
  check_partition(law, cells);
  std::vector<Index> ends;
  for (const RankCell& cell : cells) ends.push_back(cell.last);
  CHECK(ends == std::vector<Index>{16, 24, 36, 54, 81, 100});
}

TEST_CASE("a draw is counted in the cell of its rank", "[examples]") {
  const ExactLaw law(Eigen::VectorXd::LinSpaced(100, 1, 2));
  auto cells = cells_of_growing_size(law, 16, 1.5);
  for (const Index rank : {1, 16, 17, 24, 25, 100, 100}) count_draw(cells, rank);
  std::vector<double> drawn;
  for (const RankCell& cell : cells) drawn.push_back(cell.drawn);
  CHECK(drawn == std::vector<double>{2, 2, 1, 0, 0, 2});
}

TEST_CASE("Pearson's statistic is the sum of squares over expectations", "[examples]") {
  // 100 draws of a law of three cells: (28 - 30)²/30 + (33 - 30)²/30 + (39 - 40)²/40.
  const std::vector<RankCell> cells{{1, 3, 0.3, 28}, {4, 6, 0.3, 33}, {7, 10, 0.4, 39}};
  CHECK(chi_square_statistic(cells, 100) == Approx(4 / 30.0 + 9 / 30.0 + 1 / 40.0));
}
