// One head at a time of a small language model replaced, all others dense: how often its forecast stays the same.
//
//   published       SampleAttention as published, α = .95
//   calibrated      SampleAttention of the calibrated recipe, α = .95
//   budget          the calibrated recipe, with as many pairs at most as published
//   segmented       SampleAttention's version 3, both of its shares .90
//   window, blocks, vertical-slash, drawn, oracle: see heads.cpp; as dense as published
//
// Agreement is the share of positions at which the likeliest byte is that of dense attention. Mass kept and argmax are
// those of recall.hpp, of all queries of the head.
//
// Usage: experiment_attention_replaced [FOLDER]    (writes attention_replaced.csv there)
// The network is read from attention_lm in the folder that TURNSTILE_SHARED names.

#include <turnstile/turnstile.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "attention/lm_text.hpp"
#include "attention/masks_as_dense.hpp"
#include "attention/recall.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "support/byte_lm.hpp"
#include "support/forecast.hpp"
#include "support/progress.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::MasksAsDense, bench::number;
using examples::Activations, examples::ByteLm, examples::Forecast;

constexpr Index tokens = 8192;

// What a method made of one head.
struct Replaced {
  Activations output;
  double density;
  bench::Recall recall;
};

// One head and its values.
struct Head {
  HeadRows q, k, v;

  detail::HeadInputs inputs() const { return {q, k, 1 / std::sqrt(static_cast<float>(q.cols())), Direction::causal}; }
};

Replaced sampled(const Head& head, const SampleOptions& options) {
  SampledAttention result = SampleAttention(Direction::causal, options)(head.q, head.k, head.v);
  const BandedMask mask = result.heads[0].pattern.mask(Direction::causal, tokens, tokens);
  const double density = result.density();
  return {std::move(result.output), density, bench::recall_of(head.inputs(), mask, 1)};
}

template <AttentionMask Mask>
Replaced masked(const Head& head, const Mask& mask) {
  Attended attended = sparse_attention(head.q, head.k, head.v, mask);
  const double density = static_cast<double>(attended.pairs[0]) / (0.5 * tokens * (tokens + 1));
  return {std::move(attended.output), density, bench::recall_of(head.inputs(), mask, 1)};
}

struct Method {
  std::string name;
  std::function<Replaced(const Head&, double density)> replace;  // the density of the published recipe
};

std::vector<Method> methods() {
  const auto sample = [](const SampleOptions& options) {
    return [options](const Head& head, double) { return sampled(head, options); };
  };
  const auto mask = [](const auto& make) {
    return
        [make](const Head& head, double density) { return masked(head, make(MasksAsDense(head.inputs(), density))); };
  };
  return {{"published", sample({.recipe = Recipe::published})},
          {"calibrated", sample({})},
          {"budget", [](const Head& head, double density) { return sampled(head, {.mass = 1, .budget = density}); }},
          {"segmented", sample({.recipe = Recipe::segmented})},
          {"window", mask([](const MasksAsDense& masks) { return masks.window(); })},
          {"blocks", mask([](const MasksAsDense& masks) { return masks.blocks(); })},
          {"vertical-slash", mask([](const MasksAsDense& masks) { return masks.vertical_slash(); })},
          {"drawn degree 2", mask([](const MasksAsDense& masks) { return masks.drawn(1); })},
          {"drawn degree 4", mask([](const MasksAsDense& masks) { return masks.drawn(2); })},
          {"oracle", mask([](const MasksAsDense& masks) { return masks.oracle(); })}};
}

class ReplacedStudy {
 public:
  explicit ReplacedStudy(const std::filesystem::path& folder)
      : lm_(folder / "byte_lm_weights"), bytes_(bench::text_bytes(folder, tokens)) {}

  std::vector<bench::Row> run() {
    std::vector<bench::Row> table{{"layer", "head", "method", "density", "mean recall", "1% recall", "10% recall",
                                   "argmax", "output error", "loss", "agreement"}};
    const Forecast dense(
        lm_.logits(bytes_, [&](const Heads& q, const Heads& k,
                               const Heads& v) { return outputs_.emplace_back(DenseAttention()(q, k, v)); }),
        bytes_);
    const auto all = methods();
    examples::Progress progress("replaced heads", ByteLm::layers * ByteLm::heads);
    for (Index layer = 0; layer < ByteLm::layers; ++layer) {
      for (Index head = 0; head < ByteLm::heads; ++head) {
        density_ = 1;
        for (const Method& method : all) table.push_back(row(layer, head, method, dense));
        progress.advance();
      }
    }
    return table;
  }

 private:
  bench::Row row(Index layer, Index head, const Method& method, const Forecast& dense) {
    Replaced replaced;
    double error = 0;
    Index at = 0;
    const Activations logits = lm_.logits(bytes_, [&](const Heads& q, const Heads& k, const Heads& v) -> Activations {
      const Index now = at++;
      if (now > layer) return DenseAttention()(q, k, v);
      Activations output = outputs_[static_cast<std::size_t>(now)];
      if (now < layer) return output;
      replaced = method.replace({q[head], k[head], v[head]}, density_);
      auto own = output.middleCols(head * ByteLm::head_size, ByteLm::head_size);
      error = double{(replaced.output - own).norm() / own.norm()};
      own = replaced.output;
      return output;
    });
    if (method.name == "published") density_ = replaced.density;
    const Forecast found(logits, bytes_);
    return {std::to_string(layer),
            std::to_string(head),
            method.name,
            number(replaced.density),
            number(replaced.recall.mean),
            number(replaced.recall.one_percent),
            number(replaced.recall.tenth),
            number(replaced.recall.argmax),
            number(error),
            number(found.loss, 5),
            number(found.agreement(dense), 4)};
  }

  ByteLm lm_;
  std::vector<std::uint8_t> bytes_;
  std::vector<Activations> outputs_;  // of each layer's dense attention
  double density_ = 1;                // of the published recipe
};

}  // namespace

int main(int count, char** arguments) {
  const auto folder = bench::shared_data("attention_lm");
  if (!folder) return 0;
  const auto table = ReplacedStudy(*folder).run();
  bench::print(std::string("One head of a language model replaced, ") + std::to_string(tokens) + " bytes (" +
                   bench::machine_line() + ")",
               table);
  const std::string out = count > 1 ? arguments[1] : ".";
  return bench::write_csv(out + "/attention_replaced.csv", table, bench::machine_line()) ? 0 : 1;
}
