/// @file
/// Draws of many samplers that are alike but for their seeds, beside the exact law.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <ostream>
#include <span>
#include <turnstile/turnstile.hpp>
#include <vector>

#include "exact_law.hpp"
#include "law_report.hpp"
#include "parallel.hpp"
#include "progress.hpp"
#include "text.hpp"

namespace examples {

/// The first draw of each of `count` samplers, make(first), make(first + 1), … of those seeds.
template <class Make>
auto draw_independently(Eigen::Index count, turnstile::Seed first, const Make& make) {
  using Result = decltype(make(first).sample());
  std::vector<Result> results(static_cast<std::size_t>(count), turnstile::Outcome::failed);
  Progress progress("independent samplers", count);
  parallel_for(count, [&](Eigen::Index k) {
    results[static_cast<std::size_t>(k)] = make(first + static_cast<turnstile::Seed>(k)).sample();
    progress.advance();
  });
  return results;
}

/// A sampler that is fed y itself. Of equal options, samplers of this y by any way have the same
/// counters up to rounding.
template <class Scalar>
turnstile::L2Sampler<Scalar> sampler_of(const Eigen::VectorXd& y, const turnstile::SamplerOptions& options) {
  std::vector<Eigen::Index> indices;
  std::vector<Scalar> values;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (y[i] == 0) continue;
    indices.push_back(i);
    values.push_back(static_cast<Scalar>(y[i]));
  }
  turnstile::L2Sampler<Scalar> sampler(y.size(), options);
  sampler.update(std::span<const Eigen::Index>(indices), std::span<const Scalar>(values));
  return sampler;
}

/// Prints how often the results of draws fell where, and how good their values are.
template <class Result>
LawReport report_draws(std::ostream& out, const ExactLaw& law, const std::vector<Result>& results) {
  LawReport report(law);
  double draws = 0, close = 0, covered = 0;
  for (const Result& draw : results) {
    if (!draw) continue;
    report.count(draw->index);
    const double exact = law.y()[draw->index], error = std::abs(draw->value - exact);
    ++draws;
    close += error <= 0.1 * std::abs(exact);
    covered += error <= draw->standard_error;
  }
  report.print(out);
  out << "  Failed: " << fixed(100 * (1 - draws / static_cast<double>(results.size())), 2)
      << " %. Value within 10 % of y_i: " << fixed(100 * close / draws, 1)
      << " %; within its standard error: " << fixed(100 * covered / draws, 1) << " %.\n";
  return report;
}

}  // namespace examples
