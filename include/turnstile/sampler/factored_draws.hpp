/// @file
/// How entries of a product of streams are drawn with replacement.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "turnstile/core/draw.hpp"
#include "turnstile/random/mix_hash.hpp"
#include "turnstile/sampler/factored_paths.hpp"

namespace turnstile::inline v0 {

/// Draws with replacement from Y = X ×₁ A1 ×₂ A2 … as `FactoredTensorSampler` describes them: an urn of rows, and for
/// every row in it one of the entries in that row, which each visit to the row asks for its next draw.
template <class Scalar, class Policies>
class FactoredDraws {
 public:
  using draw_type = TensorDraw<Scalar>;

  explicit FactoredDraws(FactoredPaths<Scalar, Policies> paths) : paths_(std::move(paths)) {}

  /// Up to `count` draws; the first does not depend on the coins.
  std::vector<draw_type> draw(Index count, Seed coins) const { return extend(paths_.start(), count, coins); }

 private:
  // The draws of one row, of which so many are asked for and so many handed out.
  struct Visits {
    Index asked = 0;
    std::size_t taken = 0;
    std::vector<draw_type> draws;
  };

  // Draws whose first indices are those of the path.
  std::vector<draw_type> extend(const FactoredPath& path, Index count, Seed coins) const {
    const Seed own = derive_seed(coins, "index", path.steps.size());
    std::vector<draw_type> draws;
    if (paths_.nearly_complete(path))
      paths_.with_entries(path, [&](const auto& view) {
        for (const auto& last : view.sample_with_replacement(count, own)) draws.push_back(paths_.completed(path, last));
      });
    else
      paths_.with_rows(path, [&](const auto& view) {
        const auto rows = view.sample_with_replacement(count, own);
        std::map<Index, Visits> visited;
        for (const auto& row : rows) ++visited[row.index].asked;
        for (const auto& row : rows) {
          Visits& visits = visited[row.index];
          if (visits.taken == 0)
            visits.draws = extend(paths_.extended(path, view.image(), row), visits.asked,
                                  derive_seed(coins, "row", static_cast<std::uint64_t>(row.index)));
          if (visits.taken == visits.draws.size()) return;
          draws.push_back(std::move(visits.draws[visits.taken++]));
        }
      });
    return draws;
  }

  FactoredPaths<Scalar, Policies> paths_;
};

}  // namespace turnstile::inline v0
