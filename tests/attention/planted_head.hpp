#pragma once

#include <turnstile/core/types.hpp>

#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "attention/attention_reference.hpp"

// A head of which it is known what it attends to.

namespace turnstile::testing {

// A causal head of known structure: the score of a key at distance t from its query is 5 Σ_f cos(2πt/f) over three
// periods f, so that the 20 nearest keys or so have most of it, e¹⁵ each; that of a stripe is 16 from every
// query; and to each a noise is added, small or, with heavy tails, as large as is asked for.
struct PlantedHead {
  FloatMatrix q, k, v;
  std::vector<Index> stripes;

  PlantedHead(Index n, Index d, std::vector<Index> stripes_at, double noise = 0.5, Seed seed = 71)
      : q(random_rows(seed, n, d, noise)),
        k(random_rows(seed + 1, n, d, noise)),
        v(random_rows(seed + 2, n, d)),
        stripes(std::move(stripes_at)) {
    const float scale = std::sqrt(static_cast<float>(d));
    q.col(6).setConstant(scale);
    k.col(6).setZero();
    const double periods[] = {120, 503, 2111};
    for (Index i = 0; i < n; ++i) {
      for (Index f = 0; f < 3; ++f) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / periods[f];
        const auto x = static_cast<float>(std::cos(angle)), y = static_cast<float>(std::sin(angle));
        q.row(i).segment(2 * f, 2) << scale * x, scale * y;
        k.row(i).segment(2 * f, 2) << 5 * x, 5 * y;
      }
    }
    for (Index stripe : stripes) {
      k.row(stripe).head(6).setZero();
      k(stripe, 6) = 16;
    }
  }
};

}  // namespace turnstile::testing
