#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace turnstile::testing {

// Cells of neighbouring indices, for laws with more indices than there are draws to test them: a cell
// is closed as soon as it holds `least` of the law, and what is left at the end joins the last one.
struct LawGroups {
  std::vector<std::size_t> of_index;
  std::vector<double> shares;  // of each cell

  LawGroups(std::span<const double> law, double least) {
    double open = 0;
    for (double share : law) {
      of_index.push_back(shares.size());
      open += share;
      if (open < least) continue;
      shares.push_back(open);
      open = 0;
    }
    if (shares.empty()) shares.push_back(0);
    shares.back() += open;
    for (std::size_t& group : of_index) group = std::min(group, shares.size() - 1);
  }

  std::size_t size() const { return shares.size(); }
};

}  // namespace turnstile::testing
