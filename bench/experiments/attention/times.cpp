// How long causal attention takes as the context grows: one head, one thread.
//
//   dense       all keys up to the query
//   published   SampleAttention as published, α = .80, .95 and .99
//   calibrated  SampleAttention of the calibrated recipe, the same α
//   window      the last 8 % of the keys
//
// The head of size 64 is a recorded one, its first n tokens; of size 128 are random numbers, dense only. At 131072
// tokens the head is synthetic: a window and stripes at known places, of which it is told how many were found. Seconds are
// the least of three calls (one at 131072), by the clock and of the processor; speed is that of the latter against dense.
//
// Usage: experiment_attention_times [FOLDER]    (writes attention_times.csv there)
// The head is read from attention_lm in the folder that TURNSTILE_SHARED names; what needs it is skipped otherwise.

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include "attention/head_file.hpp"
#include "attention/planted_head.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "support/stopwatch.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::number;

struct Times {
  double clock = std::numeric_limits<double>::max(), processor = clock;
};

template <class Action>
Times timed(int calls, const Action& action) {
  Times least;
  for (int call = 0; call < calls; ++call) {
    const examples::Stopwatch watch;
    const std::clock_t begin = std::clock();
    action();
    least.processor = std::min(least.processor, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    least.clock = std::min(least.clock, watch.seconds());
  }
  return least;
}

class Study {
 public:
  Study()
      : table_{
            {"method", "mass", "head size", "tokens", "seconds", "processor seconds", "density", "speed", "stripes"}} {}

  void run(const std::string& kind, const Heads& q, const Heads& k, const Heads& v, int calls,
           const std::vector<double>& masses, const std::vector<Index>& stripes = {}) {
    const Index n = q.rows();
    kind_ = kind, size_ = q.head_size(), tokens_ = n, calls_ = calls;
    dense_ = timed(calls, [&] { DenseAttention()(q, k, v); }).processor;
    add(
        "dense", "", [&] { DenseAttention()(q, k, v); }, [] { return 1.0; }, [] { return std::string(); });
    for (const double mass : masses) {
      for (const Recipe recipe : {Recipe::published, Recipe::calibrated}) {
        const SampleAttention attention(Direction::causal, {.recipe = recipe, .mass = mass});
        SampledAttention last;
        add(
            recipe == Recipe::published ? "published" : "calibrated", number(mass), [&] { last = attention(q, k, v); },
            [&] { return last.density(); }, [&] { return found(last.heads[0].pattern, stripes); });
      }
    }
    if (masses.empty()) return;
    const BandedMask window(Direction::causal, n, n, {{0, std::max(n * 8 / 100, Index{1})}}, {});
    Attended last;
    add(
        "window", "", [&] { last = sparse_attention(q, k, v, window); },
        [&] { return 2 * static_cast<double>(last.pairs[0]) / (static_cast<double>(n) * static_cast<double>(n + 1)); },
        [] { return std::string(); });
  }

  const std::vector<bench::Row>& table() const { return table_; }

 private:
  template <class Action, class Density, class Stripes>
  void add(const std::string& method, const std::string& mass, const Action& action, const Density& density,
           const Stripes& stripes) {
    const Times times = timed(calls_, action);
    table_.push_back({kind_ + method, mass, std::to_string(size_), std::to_string(tokens_), number(times.clock),
                      number(times.processor), number(density()), number(dense_ / times.processor), stripes()});
    std::cerr << method << ' ' << mass << " n = " << tokens_ << ": " << number(times.processor) << " s\n";
  }

  static std::string found(const HeadPattern& pattern, const std::vector<Index>& stripes) {
    if (stripes.empty()) return "";
    const auto count = std::count_if(stripes.begin(), stripes.end(), [&](Index stripe) {
      return pattern.dense || std::binary_search(pattern.columns.begin(), pattern.columns.end(), stripe);
    });
    return std::to_string(count) + " of " + std::to_string(stripes.size());
  }

  std::vector<bench::Row> table_;
  std::string kind_;
  Index size_ = 0, tokens_ = 0;
  int calls_ = 1;
  double dense_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  Study study;
  if (const auto file = bench::shared_data("attention_lm/byte_32768_layer2_head0_qkv_f16.npy")) {
    const bench::HeadFile head(*file, true);
    for (const Index n : {4096, 8192, 16384, 32768})
      study.run("", {head.queries(0).topRows(n)}, {head.keys(0).topRows(n)}, {head.values(0).topRows(n)}, 3,
                {0.8, 0.95, 0.99});
  }
  for (const Index n : {8192, 32768}) {
    const auto rows = turnstile::testing::random_rows(1, n, 128);
    study.run("", rows, rows, rows, 3, {});
  }
  const turnstile::testing::PlantedHead planted(131072, 64, {100, 5000, 5001, 20000, 47111, 80000, 101010}, 0.5);
  study.run("synthetic ", planted.q, planted.k, planted.v, 1, {0.95}, planted.stripes);
  bench::print("Time of causal attention (" + bench::machine_line() + ")", study.table());
  const std::string folder = count > 1 ? arguments[1] : ".";
  return bench::write_csv(folder + "/attention_times.csv", study.table(), bench::machine_line()) ? 0 : 1;
}
