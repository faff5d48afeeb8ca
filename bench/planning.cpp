// How big a sketch must be, and whether it keeps what its shape promises: for each dimension n and number of
// draws k the shape of SketchShape::for_draws, its promise, its bytes, and the errors of k draws without
// replacement, measured. The vector is flat, the hardest there is; of the largest n only 2²⁰ entries are not 0.
//
// Usage: bench_planning [FOLDER]    (writes planning.csv there)

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "machine.hpp"
#include "support/text.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;

constexpr int largest_support = 20;  // log₂ of the number of entries that are not 0

struct Measured {
  std::vector<double> errors;  // |ŷ_i − y_i|/|y_i|, of one sampler after the other
  std::vector<double> late;    // the same of the last tenth of the draws of each
  long asked = 0;

  double failed() const { return 1 - static_cast<double>(errors.size()) / static_cast<double>(asked); }
};

double share_within(const std::vector<double>& errors, double bound) {
  return static_cast<double>(std::ranges::count_if(errors, [&](double e) { return e <= bound; })) /
         static_cast<double>(errors.size());
}

double quantile(std::vector<double> values, double share) {
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

Measured measure(int log_dimension, Index draws, const SketchShape& shape, long samplers) {
  const int log_support = std::min(log_dimension, largest_support);
  std::vector<Index> indices(std::size_t{1} << log_support);
  for (std::size_t k = 0; k < indices.size(); ++k) indices[k] = static_cast<Index>(k) << (log_dimension - log_support);
  const std::vector<double> ones(indices.size(), 1.0);
  Measured measured;
  for (long seed = 1; seed <= samplers; ++seed) {
    L2Sampler<> sampler(Index{1} << log_dimension, {.seed = static_cast<Seed>(seed), .shape = shape});
    sampler.update(indices, ones);
    const auto drawn = sampler.sample_without_replacement(draws);
    measured.asked += draws;
    for (Index k = 0; k < std::ssize(drawn); ++k) {
      const Draw<double>& draw = drawn[static_cast<std::size_t>(k)];
      const double exact = draw.index % (Index{1} << (log_dimension - log_support)) == 0 ? 1 : 0;
      const double error = exact == 0 ? INFINITY : std::abs(draw.value - exact);
      measured.errors.push_back(error);
      if (10 * (k + 1) > 9 * draws) measured.late.push_back(error);
    }
  }
  return measured;
}

bench::Row row_of(int log_dimension, Index draws, long samplers) {
  using examples::fixed;
  const Index n = Index{1} << log_dimension;
  const SketchShape shape = SketchShape::for_draws(n, draws);
  const ShapePromise promise = shape.promise(n, draws);
  const Measured measured = measure(log_dimension, draws, shape, samplers);
  const auto bytes = static_cast<double>(state_bytes<L2Sampler<>>(n, {.shape = shape}).memory);
  return {"2^" + std::to_string(log_dimension),
          std::to_string(draws),
          std::to_string(shape.rows) + " x " + std::to_string(shape.buckets),
          examples::bytes_text(bytes),
          fixed(100 * promise.relative_error, 1),
          fixed(100 * promise.confidence, 1),
          std::to_string(measured.errors.size()),
          fixed(100 * share_within(measured.errors, promise.relative_error), 1),
          fixed(100 * share_within(measured.late, promise.relative_error), 1),
          fixed(100 * quantile(measured.errors, 0.68), 1),
          fixed(100 * measured.failed(), 1)};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  std::vector<bench::Row> table{{"n", "draws", "shape", "state", "error promised %", "for % of values", "values",
                                 "within it %", "of the last tenth of draws %", "two in three within %", "FAIL %"}};
  for (const int log_dimension : {14, 20, 26})
    for (const Index draws : {1, 10, 100})
      table.push_back(row_of(log_dimension, draws, draws == 1 ? 300 : draws == 10 ? 60 : 12));
  bench::print("A flat vector of n entries (at most 2^20 of them not 0), `double` counters", table);
  return bench::write_csv(folder + "/planning.csv", table, bench::machine_line()) ? 0 : 1;
}
