// Entries of Y = A1 X A2ᵀ. Cross-attention between two pages: A1 holds the words of one page, A2 those of another,
// Y all scores between them. Three engines draw (row, column) in proportion to Y² and never form Y: the
// paper's, one whose state does not grow with the pages, and an exact one. Then a word of A1 is struck out.

#include <cmath>
#include <exception>
#include <iostream>
#include <string>
#include <turnstile/sampler/exact_kronecker_sampler.hpp>
#include <turnstile/sampler/factored_kronecker_sampler.hpp>
#include <turnstile/sampler/pairwise_kronecker_sampler.hpp>

#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Words = WordData<float>;

constexpr Index page = 600, columns = 16;

struct Pages {
  const Words& words;
  Eigen::MatrixXf left, right;

  explicit Pages(const Words& all) : words(all), left(at(0)), right(at(page)) {}
  Eigen::MatrixXf at(Index first) const {
    return words.vectors(words.tokens.segment(first, page), Eigen::seqN(0, columns));
  }

  template <class Sampler>
  void show(const std::string& engine, const Sampler& sampler) const {
    std::cout << "  " << engine << ", norm of Y " << fixed(std::sqrt(sampler.squared_norm()), 0) << '\n';
    for (const auto& draw : sampler.sample_with_replacement(3, 1))
      print_row(std::cout, {14, 14, 8, 12},
                {words.word(words.tokens[draw.row]), words.word(words.tokens[page + draw.col]), fixed(draw.value, 1),
                 "exact " + fixed(left.row(draw.row).dot(right.row(draw.col)), 1)});
  }
};

}  // namespace

int main() try {
  Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  words.vectors.rowwise() -= words.vectors.colwise().mean().eval();
  Pages pages(words);
  const Eigen::MatrixXf x = Eigen::MatrixXf::Identity(columns, columns);
  const turnstile::SamplerOptions options{.seed = 11, .shape = turnstile::SketchShape::for_draws(page * page)};
  turnstile::PairwiseKroneckerSampler<float> pairwise(pages.left, pages.right, x, options);
  turnstile::FactoredKroneckerSampler<float> factored(pages.left, pages.right, x, options);
  turnstile::ExactKroneckerSampler<float> exact(pages.left, pages.right, x, options);
  const auto show = [&] {
    pages.show("Pairwise", pairwise);
    pages.show("Factored", factored);
    pages.show("Exact", exact);
  };

  std::cout << "Pairs of words of two pages\n";
  show();
  const auto struck = exact.sample()->row;
  const Eigen::RowVectorXf change = -pages.left.row(struck);
  pairwise.update_left_row(struck, change);
  factored.update_left_row(struck, change);
  exact.update_left_row(struck, change);
  pages.left.row(struck).setZero();
  std::cout << "\n\"" << words.word(words.tokens[struck]) << "\" is struck out\n";
  show();
} catch (const std::exception& error) {
  std::cerr << "three_engines: " << error.what() << '\n';
  return 1;
}
