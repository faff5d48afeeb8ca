// A small language model end to end, the attention of all its heads replaced: loss and forecasts beside those of dense
// attention.
//
//   dense       all keys up to the query
//   published   SampleAttention as published, α = .80, .95 and .99
//   calibrated  SampleAttention of the calibrated recipe, the same α, and budgets of pairs
//   window      the last 8 % of the keys
//
// Agreement is the share of positions at which the likeliest byte is that of dense attention; loss is the mean of −ln
// of what the true byte was given. Density is the mean over heads.
//
// Usage: experiment_attention_lm [FOLDER]    (writes attention_lm.csv there)
// The network is read from attention_lm in the folder that TURNSTILE_SHARED names.

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "attention/lm_text.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "support/byte_lm.hpp"
#include "support/forecast.hpp"
#include "support/progress.hpp"
#include "support/stopwatch.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::number;
using examples::Activations, examples::Forecast;

constexpr Index tokens = 8192;

class LmStudy {
 public:
  explicit LmStudy(const std::filesystem::path& folder)
      : lm_(folder / "byte_lm_weights"), bytes_(bench::text_bytes(folder, tokens)) {}

  std::vector<bench::Row> run() {
    std::vector<bench::Row> table{
        {"method", "setting", "density", "least", "most", "dense heads", "loss", "agreement", "seconds"}};
    const Forecast dense =
        forecast([](const Heads& q, const Heads& k, const Heads& v) { return DenseAttention()(q, k, v); });
    table.push_back({"dense", "", "1", "1", "1", "16", number(dense.loss, 5), "1", number(seconds_)});
    examples::Progress progress("language model", static_cast<Index>(settings().size()));
    for (const auto& [name, setting, options] : settings()) {
      std::vector<double> densities;
      const SampleAttention attention(Direction::causal, options);
      const Forecast sampled = forecast([&](const Heads& q, const Heads& k, const Heads& v) {
        SampledAttention result = attention(q, k, v);
        for (const HeadReport& head : result.heads) densities.push_back(head.density);
        return std::move(result.output);
      });
      table.push_back(row(name, setting, densities, sampled, dense));
      progress.advance();
    }
    table.push_back(window(dense));
    return table;
  }

 private:
  struct Setting {
    std::string name, setting;
    SampleOptions options;
  };

  static std::vector<Setting> settings() {
    std::vector<Setting> all;
    for (const double mass : {0.8, 0.95, 0.99})
      for (const Recipe recipe : {Recipe::published, Recipe::calibrated})
        all.push_back({recipe == Recipe::published ? "published" : "calibrated",
                       std::string("mass ") + number(mass),
                       {.recipe = recipe, .mass = mass}});
    for (const double budget : {0.1, 0.15, 0.244, 0.4})
      all.push_back({"calibrated", std::string("budget ") + number(budget), {.mass = 1, .budget = budget}});
    return all;
  }

  template <class Attend>
  Forecast forecast(const Attend& attend) {
    const examples::Stopwatch watch;
    const Activations logits = lm_.logits(bytes_, attend);
    seconds_ = watch.seconds();
    return {logits, bytes_};
  }

  bench::Row row(const std::string& name, const std::string& setting, const std::vector<double>& densities,
                 const Forecast& found, const Forecast& dense) const {
    double sum = 0;
    for (double density : densities) sum += density;
    const auto [least, most] = std::minmax_element(densities.begin(), densities.end());
    return {name,
            setting,
            number(sum / static_cast<double>(densities.size())),
            number(*least),
            number(*most),
            std::to_string(std::count(densities.begin(), densities.end(), 1.0)),
            number(found.loss, 5),
            number(found.agreement(dense), 4),
            number(seconds_)};
  }

  bench::Row window(const Forecast& dense) {
    const BandedMask mask(Direction::causal, tokens, tokens, {{0, tokens * 8 / 100}}, {});
    std::vector<double> densities;
    const Forecast found = forecast([&](const Heads& q, const Heads& k, const Heads& v) {
      Attended attended = sparse_attention(q, k, v, mask);
      for (Index pairs : attended.pairs)
        densities.push_back(static_cast<double>(pairs) / (0.5 * tokens * (tokens + 1)));
      return std::move(attended.output);
    });
    return row("window", "8 %", densities, found, dense);
  }

  examples::ByteLm lm_;
  std::vector<std::uint8_t> bytes_;
  double seconds_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  const auto folder = bench::shared_data("attention_lm");
  if (!folder) return 0;
  const auto table = LmStudy(*folder).run();
  bench::print(std::string("A language model on ") + std::to_string(tokens) + " bytes (" + bench::machine_line() + ")",
               table);
  const std::string out = count > 1 ? arguments[1] : ".";
  return bench::write_csv(out + "/attention_lm.csv", table, bench::machine_line()) ? 0 : 1;
}
