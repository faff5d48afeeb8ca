// What a user pays for each way to accept a draw, as two tables and, in the folder given, as two CSV files.
//
// algorithm_one.csv: Algorithm 1 (arXiv 2510.03678: uniform scaling, FAIL unless one entry passes a threshold)
// beside the default. A sampler that draws once in 1/p states costs 1/p states for each draw: bytes, time of an
// update and of a draw are given for one success. acceptance.csv: the default acceptance beside the gap test.
//
// Usage: bench_acceptance [FOLDER]

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::number;
using bench::Row;

using Clock = std::chrono::steady_clock;
using AlgorithmOne = L2Sampler<double, Policies<UniformScaling, TreeRecovery, MixHash, ThresholdAcceptance>>;
using Default = L2Sampler<>;
using GapTest = L2Sampler<double, Policies<ExponentialScaling, TreeRecovery, MixHash, GapAcceptance>>;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// ---- vectors --------------------------------------------------------------------------------------

struct Vector {
  std::string name;
  std::vector<Index> indices;
  std::vector<double> y;

  template <class Entry>
  Vector(std::string vector_name, Index n, Entry entry)
      : name(std::move(vector_name)), indices(static_cast<std::size_t>(n)) {
    std::iota(indices.begin(), indices.end(), Index{0});
    for (Index i : indices) y.push_back(entry(static_cast<double>(i)));
  }

  Index dimension() const { return std::ssize(y); }
  Index heaviest() const { return std::max_element(y.begin(), y.end()) - y.begin(); }
  double heaviest_share() const {
    const double squares = std::inner_product(y.begin(), y.end(), y.begin(), 0.0);
    return y[static_cast<std::size_t>(heaviest())] * y[static_cast<std::size_t>(heaviest())] / squares;
  }
};

Vector flat(Index n) {
  return {"flat", n, [](double) { return 1.0; }};
}
Vector root_harmonic(Index n) {
  return {"1/sqrt(i)", n, [](double i) { return 1 / std::sqrt(i + 1); }};
}
Vector harmonic(Index n) {
  return {"1/i", n, [](double i) { return 1 / (i + 1); }};
}
Vector half_in_one(Index n) {
  return {"half in one", n, [n](double i) { return i == 0 ? std::sqrt(static_cast<double>(n - 1)) : 1.0; }};
}

// ---- Algorithm 1 beside the default ---------------------------------------------------------------

// What samplers of successive seeds did and took.
struct Record {
  long samplers = 0, successes = 0;
  double update_seconds = 0, draw_seconds = 0;
  std::size_t bytes = 0;
};

template <class S>
void run_one(Record& record, const Vector& vector, const SamplerOptions& options) {
  S sampler(vector.dimension(), options);
  auto start = Clock::now();
  sampler.update(vector.indices, vector.y);
  record.update_seconds += seconds_since(start);
  start = Clock::now();
  const bool drawn = static_cast<bool>(sampler.sample());
  record.draw_seconds += seconds_since(start);
  record.successes += drawn;
  record.bytes = sampler.memory_bytes();
  ++record.samplers;
}

Row row_of(const std::string& name, double epsilon, const Record& record, Index dimension) {
  const double samplers = static_cast<double>(record.samplers), successes = static_cast<double>(record.successes);
  const double updates = static_cast<double>(dimension);
  return {name,
          number(epsilon, 3),
          std::to_string(record.successes) + " of " + std::to_string(record.samplers),
          number(successes / samplers, 3),
          number(static_cast<double>(record.bytes) * samplers / successes / 1024, 4),
          number(1e9 * record.update_seconds / updates / successes, 4),
          number(1e6 * record.draw_seconds / successes, 4)};
}

// Turn by turn, so that both meet the same state of the machine.
std::vector<Row> algorithm_one_table(Index dimension) {
  constexpr long samplers = 6000, samplers_of_default = 600;
  std::vector<Row> table{{"sampler", "epsilon", "successes", "probability", "KiB a success", "ns an update a success",
                          "us a draw a success"}};
  const Vector vector = root_harmonic(dimension);
  for (const double epsilon : {0.5, 0.25, 0.1}) {
    Record of_default, of_algorithm;
    for (long k = 0; k < samplers; ++k) {
      const SamplerOptions options{
          .seed = static_cast<Seed>(k), .shape = SketchShape::for_draws(dimension), .epsilon = epsilon};
      run_one<AlgorithmOne>(of_algorithm, vector, options);
      if (k % (samplers / samplers_of_default) == 0) run_one<Default>(of_default, vector, options);
    }
    table.push_back(row_of("default", epsilon, of_default, dimension));
    table.push_back(row_of("Algorithm 1", epsilon, of_algorithm, dimension));
  }
  return table;
}

// ---- acceptance policies --------------------------------------------------------------------------

struct Tally {
  long drawn = 0, wrong = 0, heaviest = 0;
  double draw_seconds = 0;
};

// The index of the largest |w_i|, from y itself.
Index true_argmax(const Vector& vector, const SamplerOperator<DefaultPolicies>& map) {
  return *std::max_element(vector.indices.begin(), vector.indices.end(), [&](Index a, Index b) {
    return vector.y[static_cast<std::size_t>(a)] * map.scale(a) < vector.y[static_cast<std::size_t>(b)] * map.scale(b);
  });
}

template <class S>
void tally_one(Tally& tally, const Vector& vector, const SamplerOptions& options, Index argmax) {
  S sampler(vector.dimension(), options);
  sampler.update(vector.indices, vector.y);
  const auto start = Clock::now();
  const auto draw = sampler.sample();
  tally.draw_seconds += seconds_since(start);
  if (!draw) return;
  ++tally.drawn;
  tally.wrong += draw->index != argmax;
  tally.heaviest += draw->index == vector.heaviest();
}

Row row_of(const Vector& vector, const std::string& policy, const Tally& tally, long samplers) {
  const double drawn = static_cast<double>(tally.drawn), all = static_cast<double>(samplers);
  const double share = vector.heaviest_share(), found = static_cast<double>(tally.heaviest) / drawn / share;
  return {vector.name,
          policy,
          number(100 * static_cast<double>(tally.wrong) / drawn, 3),
          number(100 * (1 - drawn / all), 3),
          number(found, 4),
          number(std::sqrt((1 - share) / share / drawn), 2),
          number(1e6 * tally.draw_seconds / all, 4)};
}

std::vector<Row> acceptance_table(Index dimension) {
  constexpr long samplers = 6000;
  std::vector<Row> table{
      {"vector", "acceptance", "wrong argmax %", "FAIL %", "heaviest drawn/expected", "+-", "us a draw"}};
  for (const Vector& vector :
       {flat(dimension), root_harmonic(dimension), harmonic(dimension), half_in_one(dimension)}) {
    Tally by_noise, by_gap;
    for (long k = 0; k < samplers; ++k) {
      const SamplerOptions options{.seed = static_cast<Seed>(k), .shape = SketchShape::for_draws(dimension)};
      const Index argmax = true_argmax(vector, SamplerOperator<DefaultPolicies>(dimension, options));
      tally_one<Default>(by_noise, vector, options, argmax);
      tally_one<GapTest>(by_gap, vector, options, argmax);
    }
    table.push_back(row_of(vector, NoiseAcceptance::name(), by_noise, samplers));
    table.push_back(row_of(vector, GapAcceptance::name(), by_gap, samplers));
  }
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".";
  const Index long_dimension = 4096, short_dimension = 1000;
  const auto algorithm_one = algorithm_one_table(long_dimension), acceptance = acceptance_table(short_dimension);
  bench::print("Algorithm 1 and the default, y = 1/sqrt(i), n = " + std::to_string(long_dimension), algorithm_one);
  bench::print("Noise and gap acceptance, n = " + std::to_string(short_dimension), acceptance);
  const bool written = bench::write_csv(folder + "/algorithm_one.csv", algorithm_one, bench::machine_line()) &&
                       bench::write_csv(folder + "/acceptance.csv", acceptance, bench::machine_line());
  return written ? 0 : 1;
}
