// What it costs to find out that a head is not sparse: on the heads of a recogniser of text the calibrated recipe looks
// at sampled rows, and computes all keys then. Dense and calibrated attention, mass .95, take turns; medians of what
// the processor took, one thread.
//
// Usage: experiment_attention_dense_heads [FOLDER]    (writes attention_dense_heads.csv there)
// Heads are read from attention_ocr in the folder that TURNSTILE_SHARED names; skipped otherwise.

#include <turnstile/turnstile.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "attention/head_file.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "support/progress.hpp"
#include "table.hpp"
#include "ways.hpp"

namespace {

using namespace turnstile;
using bench::number;

bench::Row row_of(const std::string& name, const bench::HeadFile& file, Index head) {
  constexpr int rounds = 9;
  const Heads q(file.queries(head)), k(file.keys(head)), v(file.values(head));
  const DenseAttention dense(Direction::bidirectional);
  const SampleAttention calibrated(Direction::bidirectional, {.recipe = Recipe::calibrated, .mass = 0.95});
  double density = 0;
  std::vector<bench::Way> ways{{"dense", 1, [&](std::uint64_t) { dense(q, k, v); }},
                               {"calibrated", 1, [&](std::uint64_t) { density = calibrated(q, k, v).density(); }}};
  bench::take_turns<bench::ProcessorTime>(ways, rounds);
  const double all = ways[0].median() / 1e6, own = ways[1].median() / 1e6;
  return {name, std::to_string(q.rows()), number(all), number(own), number(100 * (own / all - 1)), number(density)};
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<bench::Row> table{{"head", "tokens", "dense s", "calibrated s", "more %", "density"}};
  for (const std::string layer : {"layer0", "layer1"}) {
    const auto path = bench::shared_data("attention_ocr/serif_8192/" + layer + "_qkv_f16.npy");
    if (!path) continue;
    const bench::HeadFile file(*path, true);
    examples::Progress progress(layer, file.count());
    for (Index head = 0; head < file.count(); ++head) {
      table.push_back(row_of(layer + " head " + std::to_string(head), file, head));
      progress.advance();
    }
  }
  if (table.size() == 1) return 0;
  bench::print("What recognising a head that is not sparse costs (" + bench::machine_line() + ")", table);
  const std::string folder = count > 1 ? arguments[1] : ".";
  return bench::write_csv(folder + "/attention_dense_heads.csv", table, bench::machine_line()) ? 0 : 1;
}
