// How good draws are: for each vector on which the tests judge laws, of n = 2²⁰ entries, the share of failed draws, of
// values within 10 % of y_i, and of values within one and two of the standard errors that the draws claim. Default
// policies, shape SketchShape::for_draws(n), `float` counters, one draw of each of 300 samplers.
//
// Usage: bench_accuracy [FOLDER]    (writes accuracy.csv there)

#include <turnstile/turnstile.hpp>

#include <cmath>
#include <cstddef>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "machine.hpp"
#include "support/law_vectors.hpp"
#include "support/text.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;

constexpr Index dimension = Index{1} << 20;
constexpr long samplers = 300;

struct Counts {
  long failed = 0, near = 0, within_one = 0, within_two = 0;

  void count(const Draw<float>& draw, double exact) {
    const double rounding = 8 * static_cast<double>(std::numeric_limits<float>::epsilon()) * std::abs(exact);
    const double error = std::abs(static_cast<double>(draw.value) - exact) - rounding;
    near += error <= 0.1 * std::abs(exact);
    within_one += error <= draw.standard_error;
    within_two += error <= 2 * draw.standard_error;
  }
};

Counts measure(const testing::VectorStream& stream) {
  const SamplerOptions options{.shape = SketchShape::for_draws(dimension)};
  const std::vector<float> changes = stream.deltas_as<float>();
  Counts counts;
  for (long seed = 1; seed <= samplers; ++seed) {
    SamplerOptions own = options;
    own.seed = static_cast<Seed>(seed);
    L2Sampler<float> sampler(dimension, own);
    sampler.update(stream.indices, changes);
    if (const auto draw = sampler.sample())
      counts.count(*draw, stream.y[static_cast<std::size_t>(draw->index)]);
    else
      ++counts.failed;
  }
  return counts;
}

bench::Row row_of(const testing::VectorFamily& family) {
  std::cerr << "  " << family.name << std::endl;
  const Counts counts = measure(family.make(dimension));
  const long drawn = samplers - counts.failed;
  const auto percent = [](long part, long whole) {
    return examples::fixed(100 * static_cast<double>(part) / static_cast<double>(whole), 1);
  };
  return {family.name, percent(counts.near, drawn), percent(counts.within_one, drawn),
          percent(counts.within_two, drawn), percent(counts.failed, samplers)};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  std::vector<bench::Row> table{{"y", "value within 10 %", "within 1 standard error %", "within 2 %", "FAIL %"}};
  for (const testing::VectorFamily& family : testing::vector_families) table.push_back(row_of(family));
  bench::print("Draws from vectors of 2^20 entries, 300 samplers each, `float` counters", table);
  return bench::write_csv(folder + "/accuracy.csv", table, bench::machine_line()) ? 0 : 1;
}
