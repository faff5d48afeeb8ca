// Fixed A, streaming x. A search box: the vectors of 65,536 words are sketched once and then forgotten; the
// question x is refined word by word, and taken back. After each change words come up in proportion to the
// square of their agreement with the question, y = A x: a fair poll of the language, in which words of one seed
// come back as long as they agree.

#include <exception>
#include <iostream>
#include <string>
#include <turnstile/sampler/fixed_matrix_sampler.hpp>

#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using Words = WordData<float>;

struct SearchBox {
  const Words& words;
  turnstile::FixedMatrixSampler<float> sampler;

  explicit SearchBox(const Words& all)
      : words(all),
        sampler(all.vectors, {.seed = 1813, .shape = turnstile::SketchShape::for_draws(all.vectors.rows())}) {}

  void ask(float sign, const std::string& word) {
    sampler.update(sign * words.vectors.row(words.row(word)));
    std::cout << (sign > 0 ? "\n+ " : "\n- ") << word << '\n';
    const Eigen::VectorXf y = words.vectors * sampler.vector().cast<float>();  // only to show the truth
    for (const auto& draw : sampler.sample_without_replacement(4))
      print_row(std::cout, {16, 10, 12},
                {words.word(draw.index), fixed(draw.value, 0), "exact " + fixed(y[draw.index], 0)});
  }
};

}  // namespace

int main() try {
  Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  words.vectors.rowwise() -= words.vectors.colwise().mean().eval();
  SearchBox box(words);
  std::cout << "A as floats " << bytes_text(static_cast<double>(words.vectors.size()) * sizeof(float)) << ", the state "
            << bytes_text(static_cast<double>(box.sampler.memory_bytes())) << '\n';
  box.ask(1, "king");
  box.ask(1, "castle");
  box.ask(1, "crown");
  box.ask(-1, "king");
  for (const char* word : {"castle", "crown"}) box.sampler.update(-words.vectors.row(words.row(word)));
  std::cout << "\nAll words taken back: " << to_string(box.sampler.sample().outcome()) << '\n';
} catch (const std::exception& error) {
  std::cerr << "nearest_words: " << error.what() << '\n';
  return 1;
}
