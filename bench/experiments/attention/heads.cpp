// Masks on recorded heads: how long attention takes, how much of the softmax mass its rows keep, and how far its output
// is from that of dense attention.
//
//   dense       all keys that the head's direction lets a query see
//   published   SampleAttention as published, α = .80, .95 and .99
//   calibrated  SampleAttention of the calibrated recipe, the same α
//   budget      the calibrated recipe, with as many pairs at most as published at .95
//   segmented   SampleAttention's version 3, both of its shares .80, .90 and .95
//   window      the last keys and four sinks, as dense in pairs as published at .95
//   blocks      BigBird's random blocks, window and sinks, about as dense
//   vertical-slash  MInference's columns and diagonals, its budgets scaled to be about as dense; or those of its search
//   drawn       stripes of each block of queries drawn exactly by the law (q·k)², or its square, about as dense
//   sketch      stripes of each block that a StreamingKeySelector draws, as many as its default shape gives
//   oracle      each query's heaviest keys, about as dense
//
// The times of the last four leave out what it takes to choose the mask, that of the oracle is not even a method's.
// `argmax` is the share of queries whose heaviest key is kept.
//
// Times are the least of three calls, one thread; speed is the time of dense over it. The mass is the exact one of
// blocks of rows from the whole head: all rows up to 8192 tokens, every fourth block beyond.
//
// Usage: experiment_attention_heads [FOLDER]    (writes attention_heads.csv there)
// Heads are read from attention_lm and attention_ocr in the folder that TURNSTILE_SHARED names.

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "attention/head_file.hpp"
#include "attention/masks_as_dense.hpp"
#include "attention/recall.hpp"
#include "attention/shared_data.hpp"
#include "machine.hpp"
#include "support/progress.hpp"
#include "support/stopwatch.hpp"
#include "table.hpp"

namespace {

using namespace turnstile;
using bench::number;

struct Source {
  const char* name;
  const char* file;
  bool parts_first;
  Direction direction;
};

constexpr Source sources[] = {
    {"byte LM 8192", "attention_lm/byte_8192_qkv_f16.npy", false, Direction::causal},
    {"byte LM 32768", "attention_lm/byte_32768_layer2_head0_qkv_f16.npy", true, Direction::causal},
    {"BPE LM 8192", "attention_lm/bpe_8192_qkv_f16.npy", false, Direction::causal},
    {"OCR layer 0", "attention_ocr/serif_8192/layer0_qkv_f16.npy", true, Direction::bidirectional},
    {"OCR layer 1", "attention_ocr/serif_8192/layer1_qkv_f16.npy", true, Direction::bidirectional}};

// The least time of three calls, and the result.
template <class Action>
auto timed(const Action& action) {
  const auto call = [&] {
    const examples::Stopwatch watch;
    auto result = action();
    return std::pair(watch.seconds(), std::move(result));
  };
  const double first = call().first, second = call().first;
  auto last = call();
  last.first = std::min({first, second, last.first});
  return last;
}

class HeadStudy {
 public:
  HeadStudy(std::string name, const bench::HeadFile& file, Index head, Direction direction,
            std::vector<bench::Row>& table)
      : name_(std::move(name)),
        direction_(direction),
        q_(file.queries(head)),
        k_(file.keys(head)),
        v_(file.values(head)),
        head_{q_, k_, 1 / std::sqrt(static_cast<float>(file.size())), direction},
        table_(table) {}

  void run() {
    std::tie(dense_seconds_, dense_) = timed([&] { return DenseAttention(direction_)(q_, k_, v_); });
    add("dense", "", dense_seconds_, 1, {1, 1, 1, 1}, 0);
    double density = 1;
    for (const double mass : {0.8, 0.95, 0.99}) {
      const double found = sampled("published", {.recipe = Recipe::published, .mass = mass});
      if (mass == 0.95) density = found;
      sampled("calibrated", {.mass = mass});
    }
    sampled("budget", {.mass = 1, .budget = density});
    for (const double mass : {0.8, 0.9, 0.95})
      sampled("segmented", {.recipe = Recipe::segmented, .mass = mass, .column_mass = mass, .slash_mass = mass});
    as_dense_as(density);
    as_they_are();
  }

 private:
  Index rows() const { return q_.rows(); }
  double pairs_allowed() const {
    const auto n = static_cast<double>(rows());
    return direction_ == Direction::causal ? n * (n + 1) / 2 : n * n;
  }

  void add(const std::string& method, const std::string& mass, double seconds, double density,
           const bench::Recall& recall, double error) {
    table_.push_back({name_, std::to_string(rows()), method, mass, number(seconds), number(dense_seconds_ / seconds),
                      number(density), number(recall.mean), number(recall.one_percent), number(recall.tenth),
                      number(recall.argmax), number(error)});
  }

  double error_of(const Eigen::MatrixXf& output) const { return double{(output - dense_).norm() / dense_.norm()}; }
  Index stride() const { return rows() > 8192 ? 4 : 1; }

  double sampled(const std::string& method, const SampleOptions& options) {
    const SampleAttention attention(direction_, options);
    const auto [seconds, result] = timed([&] { return attention(q_, k_, v_); });
    const BandedMask mask = result.heads[0].pattern.mask(direction_, rows(), rows());
    add(method, number(options.mass), seconds, result.density(), bench::recall_of(head_, mask, stride()),
        error_of(result.output));
    return result.density();
  }

  template <AttentionMask Mask>
  void masked(const std::string& method, const Mask& mask) {
    const auto [seconds, result] = timed([&] { return sparse_attention(q_, k_, v_, mask); });
    add(method, "", seconds, static_cast<double>(result.pairs[0]) / pairs_allowed(),
        bench::recall_of(head_, mask, stride()), error_of(result.output));
  }

  // The other masks, at a density. Lists of keys and of draws grow with the square of the tokens.
  void as_dense_as(double density) {
    const bench::MasksAsDense masks(head_, density);
    masked("window", masks.window());
    masked("blocks", masks.blocks());
    masked("vertical-slash", masks.vertical_slash());
    if (rows() > 8192) return;
    masked("drawn degree 2", masks.drawn(1));
    masked("drawn degree 4", masks.drawn(2));
    masked("oracle", masks.oracle());
  }

  // Masks whose cost is fixed by what they are.
  void as_they_are() {
    for (const auto& [verticals, slashes] : {std::pair(30, 800), {100, 750}, {500, 700}, {1000, 4096}}) {
      const auto pattern = vertical_slash_pattern(direction_, q_, k_, {.verticals = verticals, .slashes = slashes});
      masked("vertical-slash " + std::to_string(verticals) + "/" + std::to_string(slashes),
             pattern.mask(direction_, rows(), rows()));
    }
    if (rows() > 8192 || direction_ == Direction::bidirectional) return;
    masked("sketch degree 2", drawn_stripes(direction_, q_, k_));
    masked("sketch degree 4", drawn_stripes(direction_, q_, k_, {.selector = {.order = 2}}));
  }

  std::string name_;
  Direction direction_;
  HeadRows q_, k_, v_;
  detail::HeadInputs head_;
  std::vector<bench::Row>& table_;
  double dense_seconds_ = 0;
  detail::RowMajorMatrix<float> dense_;
};

}  // namespace

int main(int count, char** arguments) {
  std::vector<bench::Row> table{{"head", "tokens", "method", "mass", "seconds", "speed", "density", "mean recall",
                                 "1% recall", "10% recall", "argmax", "output error"}};
  for (const Source& source : sources) {
    const auto path = bench::shared_data(source.file);
    if (!path) continue;
    const bench::HeadFile file(*path, source.parts_first);
    examples::Progress progress(source.name, file.count());
    for (Index head = 0; head < file.count(); ++head) {
      const std::string name = std::string(source.name) + " head " + std::to_string(head);
      HeadStudy(name, file, head, source.direction, table).run();
      progress.advance();
    }
  }
  if (table.size() == 1) return 0;
  bench::print("Attention of recorded heads (" + bench::machine_line() + ")", table);
  const std::string folder = count > 1 ? arguments[1] : ".";
  return bench::write_csv(folder + "/attention_heads.csv", table, bench::machine_line()) ? 0 : 1;
}
