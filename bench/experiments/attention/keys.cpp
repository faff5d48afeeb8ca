// Keys of a cache drawn from a linear sketch, for queries of recorded heads: how well the stripes of a
// StreamingKeySelector serve a step of softmax attention, and how well it estimates polynomial attention.
//
//   support   effective support of the law (q·k)^{2m}, 1/Σp², of all keys
//   exact     softmax mass of 64 keys drawn without replacement by the exact law
//   sketch    of the stripes of the selector, 64 or as many as can be trusted, which is `drawn`
//   heaviest  of the 64 heaviest keys, which no choice exceeds
//   error     of `attend` with 256 draws, of polynomial attention's output, relative; `claimed` by its standard error
//   state     bytes of the selector, and of the keys that it stands for, in floats
//
// Each figure is the mean over queries at twelve places of a cache of 8192 keys, each with a selector of its own seed;
// of the default shape, 1024 buckets, and of that made for 64 draws.
//
// Usage: experiment_attention_keys [FOLDER]    (writes attention_keys.csv there)
// Heads are read from attention_lm in the folder that TURNSTILE_SHARED names.

#include <turnstile/turnstile.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "attention/exact_draws.hpp"
#include "attention/head_file.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "support/progress.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::number;

constexpr Index queries = 12, stripes = 64, draws = 256;

double mass_of(const Eigen::VectorXd& shares, const std::vector<Index>& places) {
  double sum = 0;
  for (Index place : places) sum += shares[place];
  return sum;
}

bench::Row study(const bench::HeadFile& file, Index head, KeySelectorOptions options) {
  const HeadRows q = file.queries(head), k = file.keys(head), v = file.values(head);
  const Index n = k.rows();
  double support = 0, exact = 0, drawn = 0, sketch = 0, heaviest = 0, error = 0, claimed = 0, bytes = 0;
  for (Index at = 0; at < queries; ++at) {
    options.sampler.seed = static_cast<Seed>(head * queries + at);
    StreamingKeySelector selector(n, k.cols(), options);
    for (Index i = 0; i < n; ++i) selector.enter(i, k.row(i));
    const Eigen::VectorXd scores = (k * q.row(n - 1 - at * 97).transpose()).cast<double>();
    Eigen::VectorXd weights = scores.array().square();
    if (options.order == 2) weights = weights.array().square();
    const Eigen::VectorXd law = weights / weights.sum();
    const double scale = 1 / std::sqrt(static_cast<double>(k.cols()));
    Eigen::VectorXd softmax = (scale * (scores.array() - scores.maxCoeff())).exp();
    softmax /= softmax.sum();
    selector.ask(q.row(n - 1 - at * 97));
    support += 1 / law.squaredNorm() / static_cast<double>(n);
    exact += mass_of(softmax, bench::drawn_by(law, stripes, derive_seed(options.sampler.seed, "exact draws")));
    const std::vector<Index> found = selector.stripes(stripes);
    drawn += static_cast<double>(found.size());
    sketch += mass_of(softmax, found);
    bytes = static_cast<double>(selector.memory_bytes());
    heaviest += mass_of(softmax, bench::largest(softmax, stripes));
    const Eigen::RowVectorXd truth = law.transpose() * v.cast<double>();
    if (const auto estimate = selector.attend(k, v, draws)) {
      error += (estimate->output - truth).norm() / truth.norm();
      claimed += estimate->standard_error.norm() / truth.norm();
    }
  }
  const auto mean = [](double sum) { return number(sum / queries); };
  return {std::to_string(head),
          std::to_string(2 * options.order),
          options.order == 1 ? "" : std::to_string(options.features),
          std::to_string(options.sampler.shape.buckets),
          mean(support),
          mean(exact),
          mean(sketch),
          mean(drawn),
          mean(heaviest),
          mean(error),
          mean(claimed),
          number(bytes),
          std::to_string(n * k.cols() * 4)};
}

}  // namespace

int main(int count, char** arguments) {
  const auto path = bench::shared_data("attention_lm/byte_8192_qkv_f16.npy");
  if (!path) return 0;
  const bench::HeadFile file(*path, false);
  std::vector<bench::Row> table{{"head", "degree", "features", "buckets", "support", "exact", "sketch", "drawn",
                                 "heaviest", "error", "claimed", "state", "keys"}};
  examples::Progress progress("keys", file.count());
  for (Index head = 0; head < file.count(); ++head) {
    const SamplerOptions roomy{.shape = SketchShape::for_draws(file.rows(), stripes)};
    table.push_back(study(file, head, {}));
    table.push_back(study(file, head, {.sampler = roomy}));
    table.push_back(study(file, head, {.order = 2, .features = 1024}));
    progress.advance();
  }
  bench::print("Keys drawn from a sketch of the cache (" + bench::machine_line() + ")", table);
  const std::string folder = count > 1 ? arguments[1] : ".";
  return bench::write_csv(folder + "/attention_keys.csv", table, bench::machine_line()) ? 0 : 1;
}
