// Fixed x, streaming A. A moderator's queue: sentences arrive and are withdrawn, row i of A is the sum of the
// word vectors of sentence i, and a fixed classifier x scores it: y = A x. Sentences are numbered by a hash of
// their text, so y has 2^40 coordinates; an update costs the same as if it had ten.

#include <cmath>
#include <exception>
#include <iostream>
#include <map>
#include <string>
#include <turnstile/random/mix_hash.hpp>
#include <turnstile/sampler/fixed_vector_sampler.hpp>
#include <vector>

#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Words = WordData<float>;

struct Sentence {
  std::string text;
  Eigen::RowVectorXf features;
  Index id() const { return static_cast<Index>(turnstile::derive_seed(0, text) >> 24); }
};

std::vector<Sentence> sentences_of(const Words& words) {
  const Index stop = words.row("."), width = words.vectors.cols();
  const Sentence none{"", Eigen::RowVectorXf::Zero(width)};
  std::vector<Sentence> all(1, none);
  for (const Index token : words.tokens) {
    const std::string& text = all.back().text;
    if (token == stop && !text.ends_with("mr") && !text.ends_with("mrs")) all.push_back(none);
    if (token == stop) continue;
    all.back().text += (all.back().text.empty() ? "" : " ") + words.word(token);
    all.back().features += words.vectors.row(token);
  }
  return all;
}

}  // namespace

int main() try {
  Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  words.vectors.rowwise() -= words.vectors(words.tokens, Eigen::seqN(0, words.vectors.cols())).colwise().mean().eval();
  const Eigen::RowVectorXf x = words.vectors.row(words.row("money"));
  const Index n = Index{1} << 40;
  turnstile::FixedVectorSampler<float> sampler(n, x, {.seed = 5, .shape = turnstile::SketchShape::for_draws(n, 3)});
  std::map<Index, Sentence> by_id;  // only to print what was drawn
  const auto show = [&](const std::string& moment) {
    std::cout << moment << '\n';
    for (const auto& draw : sampler.sample_without_replacement(3)) {
      const Sentence& drawn = by_id.at(draw.index);
      print_row(std::cout, {60, 6, 10},
                {drawn.text.substr(0, 60), fixed(draw.value, 0), "exact " + fixed(drawn.features.dot(x), 0)});
    }
  };
  for (const Sentence& sentence : sentences_of(words))
    if (by_id.emplace(sentence.id(), sentence).second) sampler.update_row(sentence.id(), sentence.features);
  show("All sentences of a novel, by their agreement with \"money\"");
  for (const auto& [id, sentence] : by_id)
    if (sentence.text.find("fortune") == std::string::npos) sampler.update_row(id, -sentence.features);
  show("\nThose without \"fortune\" are withdrawn");
} catch (const std::exception& error) {
  std::cerr << "fixed_classifier: " << error.what() << '\n';
  return 1;
}
