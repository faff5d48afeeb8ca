// Masks that keep a given share of the pairs of a query and a key, for comparison at equal cost.
#pragma once

#include <turnstile/turnstile.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "attention/exact_draws.hpp"

namespace bench {

using turnstile::BandedMask, turnstile::BlockStripeMask, turnstile::Direction, turnstile::HeadPattern;

// The masks of one head, as dense as is asked for.
class MasksAsDense {
 public:
  MasksAsDense(const turnstile::detail::HeadInputs& head, double density) : head_(head), density_(density) {}

  // Keys in a window of that density.
  Index window_size() const {
    return std::max<Index>(1, static_cast<Index>(share_of_keys() * static_cast<double>(n())));
  }

  BandedMask window() const {
    return HeadPattern{false, window_size(), {0, 1, 2, 3}, {}}.mask(head_.direction, n(), n());
  }

  turnstile::RandomBlockMask blocks() const {
    const Index block = 64, count = window_size() / block;
    return {head_.direction, n(), n(), {.window = std::max(block, count / 2 * block), .blocks = count - count / 2}};
  }

  turnstile::KeyListMask oracle() const {
    return turnstile::heaviest_keys(head_.direction, head_.queries, head_.keys, window_size());
  }

  // MInference's, a column for each six diagonals as in its defaults, 1000 and 6096.
  BandedMask vertical_slash() const {
    const auto pattern = [&](double slashes) {
      const auto count = static_cast<Index>(slashes);
      return turnstile::vertical_slash_pattern(head_.direction, head_.queries, head_.keys,
                                               {.verticals = std::max<Index>(30, count / 6), .slashes = count});
    };
    double low = 30, high = 2 * static_cast<double>(n());
    for (int step = 0; step < 10; ++step) {
      const double middle = std::sqrt(low * high);
      (density_of(pattern(middle)) > density_ ? high : low) = middle;
    }
    return pattern(low).mask(head_.direction, n(), n());
  }

  // For each block of 64 queries, keys outside a window of 64 drawn without replacement in proportion to the mean over
  // those queries of (q·k)^{2m}/Σ(q·k)^{2m}: what the ℓ2 sampler would draw that made no errors, and had no limit to
  // the number of its draws.
  BlockStripeMask drawn(int order) const {
    const turnstile::BlockStripeOptions near;
    const HeadPattern window{false, near.window, {}, {}};
    const double left_out = (1 - density_) / (1 - near_density(near));
    std::vector<std::vector<Index>> stripes;
    for (Index begin = 0; begin < n(); begin += near.block) {
      const Index size = std::min(near.block, n() - begin);
      Index seen = window.window_of(head_.direction, begin, n()).begin;
      if (head_.direction == Direction::bidirectional) seen = n();
      const Index free = std::max<Index>(0, seen - near.sinks);
      const auto count = static_cast<Index>((1 - left_out) * static_cast<double>(free));
      Eigen::MatrixXd weights =
          (head_.queries.middleRows(begin, size) * head_.keys.middleRows(seen - free, free).transpose()).cast<double>();
      weights = weights.array().square();
      if (order == 2) weights = weights.array().square();
      Eigen::VectorXd law = Eigen::VectorXd::Zero(free);
      for (Index i = 0; i < size; ++i) law += weights.row(i).transpose() / weights.row(i).sum();
      stripes.push_back(drawn_by(law, count, static_cast<turnstile::Seed>(begin)));
      for (Index& stripe : stripes.back()) stripe += seen - free;
    }
    return {head_.direction, n(), n(), std::move(stripes), near};
  }

 private:
  Index n() const { return head_.keys.rows(); }

  // n·w − w²/2 pairs of n²/2 in a causal window; n·w of n² in another.
  double share_of_keys() const { return head_.direction == Direction::causal ? 1 - std::sqrt(1 - density_) : density_; }
  double near_density(const turnstile::BlockStripeOptions& near) const {
    const double share = static_cast<double>(near.window + near.sinks) / static_cast<double>(n());
    return head_.direction == Direction::causal ? share * (2 - share) : share;
  }

  // Of a pattern, from every 61st query.
  double density_of(const HeadPattern& pattern) const {
    double kept = 0, seen = 0;
    for (Index query = 60; query < n(); query += 61) {
      kept += static_cast<double>(pattern.kept(head_.direction, query, n()).size());
      seen += static_cast<double>(head_.seen(query));
    }
    return kept / seen;
  }

  turnstile::detail::HeadInputs head_;
  double density_;
};

}  // namespace bench
