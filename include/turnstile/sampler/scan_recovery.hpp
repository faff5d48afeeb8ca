/// @file
/// Recovery by looking at every key.
#pragma once

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "turnstile/sampler/recovery.hpp"
#include "turnstile/sampler/search.hpp"

namespace turnstile::inline v0 {

/// Estimates all n keys. One level; a draw takes O(n·R). For small n, and as the reference.
class ScanRecovery {
 public:
  static std::string name() { return "scan"; }

  ScanRecovery(Index dimension, const SamplerOptions&) : dimension_(dimension) {}

  std::vector<int> shifts() const { return {0}; }
  Index key(Index index) const { return index; }
  Index reading_level() const { return 0; }

  template <class Operator, class Cells>
  std::optional<Candidate> heaviest(const Operator& op, const Cells& cells) const {
    Candidate best;
    std::array<Index, 256> keys;
    for (Index first = 0; first < dimension_; first += std::ssize(keys)) {
      const auto count = static_cast<std::size_t>(std::min(std::ssize(keys), dimension_ - first));
      std::iota(keys.begin(), keys.end(), first);
      const auto here = std::span<const Index>(keys).first(count);
      detail::keep_heavier(
          op, cells, here, 0, [](Index key) { return key; }, best);
    }
    if (best.estimate == 0) return std::nullopt;
    return best;
  }

 private:
  Index dimension_;
};

}  // namespace turnstile::inline v0
