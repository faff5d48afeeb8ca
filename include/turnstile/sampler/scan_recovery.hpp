/// @file
/// Recovery by looking at every key.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sketch/estimates.hpp"

namespace turnstile::inline v0 {

/// Estimates all n keys. One level; a draw takes O(n·R). For small n, and as the reference.
class ScanRecovery {
 public:
  static std::string name() { return "scan"; }

  ScanRecovery(Index dimension, const SamplerOptions&) : dimension_(dimension) {}

  std::vector<int> shifts() const { return {0}; }
  Index key(Index index) const { return index; }
  Index reading_level() const { return 0; }

  template <class Hash, class Cells>
  std::optional<Candidate> heaviest(const SketchOperator<Hash>& op, const Cells& cells) const {
    Candidate best;
    std::array<Index, 256> keys;
    for (Index first = 0; first < dimension_; first += std::ssize(keys)) {
      const auto count = static_cast<std::size_t>(std::min(std::ssize(keys), dimension_ - first));
      std::iota(keys.begin(), keys.end(), first);
      detail::estimate_keys(op, cells, std::span<const Index>(keys).first(count),
                            [&](std::size_t k, typename Cells::scalar_type reading) {
                              const auto estimate = static_cast<double>(reading);
                              if (std::abs(estimate) > std::abs(best.estimate)) best = {keys[k], estimate};
                            }, 0);
    }
    if (best.estimate == 0) return std::nullopt;
    return best;
  }

 private:
  Index dimension_;
};

}  // namespace turnstile::inline v0
