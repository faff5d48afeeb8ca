/// @file
/// Counts of draws beside the exact law: a table, a test, files and a picture.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "chi_square.hpp"
#include "exact_law.hpp"
#include "gnuplot.hpp"
#include "text.hpp"

namespace examples {

/// Counts draws in cells of equal probability, for the test, and in cells that grow with the rank,
/// for the picture.
class LawReport {
 public:
  explicit LawReport(const ExactLaw& law)
      : law_(law), cells_(cells_of_equal_mass(law, 20)), curve_(cells_of_growing_size(law, 16, 1.5)) {}

  void count(Eigen::Index drawn_index) {
    count_draw(cells_, law_.rank(drawn_index));
    count_draw(curve_, law_.rank(drawn_index));
    ++draws_;
  }

  /// The cells of equal probability, and Pearson's test of all of them at once.
  void print(std::ostream& out) const {
    const std::vector<int> widths = {12, 12, 10, 10, 14};
    print_row(out, widths, {"from rank", "to rank", "exact", "drawn", "drawn / exact"});
    for (const RankCell& cell : cells_) {
      const double drawn = cell.drawn / draws_;
      print_row(out, widths,
                {grouped(cell.first), grouped(cell.last), fixed(cell.probability, 4), fixed(drawn, 4),
                 fixed(drawn / cell.probability, 2)});
    }
    out << "  chi-square " << fixed(statistic(), 1) << " with " << degrees()
        << " degrees of freedom: p = " << fixed(p_value(), 3) << '\n';
  }

  double statistic() const { return chi_square_statistic(cells_, draws_); }
  int degrees() const { return static_cast<int>(cells_.size()) - 1; }
  double p_value() const { return chi_square_tail(statistic(), degrees()); }

  /// Writes law_cells.csv and law_curve.csv, and law.svg by `script` (bench/plots/plot.gp) if gnuplot
  /// is there: returns whether it is.
  bool write(const std::filesystem::path& folder, const std::string& script) const {
    write_csv(folder / "law_cells.csv", cells_);
    write_csv(folder / "law_curve.csv", curve_);
    return run_gnuplot(script, {"law", folder, folder / "law.svg"});
  }

 private:
  void write_csv(const std::filesystem::path& path, const std::vector<RankCell>& cells) const {
    std::ofstream file(path);
    file << "first_rank,last_rank,probability,drawn,draws\n";
    for (const RankCell& cell : cells)
      file << cell.first << ',' << cell.last << ',' << cell.probability << ',' << cell.drawn << ',' << draws_ << '\n';
    if (!file) throw std::runtime_error(path.string() + ": cannot be written");
  }

  const ExactLaw& law_;
  std::vector<RankCell> cells_, curve_;
  double draws_ = 0;
};

}  // namespace examples
