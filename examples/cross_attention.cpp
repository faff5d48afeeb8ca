// Draws pairs (word of a text, word of the language) in proportion to the square of their score,
// while the text goes by.
//
//   A1  the vectors of the last 2,048 words of a novel, a row each. A word that enters is added to
//       its row, one that leaves is subtracted
//   A2  the vectors of 65,536 words of the language
//   X   what each coordinate weighs: 1 at first, later the inverse of its variance
//   Y = A1·X·A2ᵀ, the cross-attention score of each pair. Only for the comparison is it computed, a
//       few rows at a time.
//
// Two engines follow the stream: one whose state hardly depends on the numbers of rows, and one
// that keeps the factors and is exact.

#include <cmath>
#include <exception>
#include <iostream>
#include <string>
#include <turnstile/turnstile.hpp>
#include <vector>

#include "support/draw_table.hpp"
#include "support/independent_draws.hpp"
#include "support/pair_stream.hpp"
#include "support/product_law.hpp"
#include "support/stopwatch.hpp"
#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Words = WordData<float>;
using Matrix = RowMajorMatrix<float>;
using Factored = turnstile::FactoredKroneckerSampler<float>;
using Exact = turnstile::ExactKroneckerSampler<float>;
template <class Engine>
using Stream = PairStream<float, Engine>;

constexpr Index slots = 2'048, words_read = 16'384;
constexpr Index independent_samplers = 1000, exact_draws = 20'000;
constexpr turnstile::Seed first_seed = 1813;  // the year of the novel

turnstile::SamplerOptions options_for(Index n, turnstile::Seed seed = first_seed) {
  return {.seed = seed, .shape = turnstile::SketchShape::for_draws(n)};
}

std::vector<turnstile::Draw<float>> draws_of(const auto& engine, Index columns) {
  std::vector<turnstile::Draw<float>> draws;
  for (const auto& pair : engine.sample_with_replacement(3, first_seed)) draws.push_back(row_by_row(pair, columns));
  return draws;
}

void print_moment(const Words& words, const Stream<Exact>& stream, const Factored& factored, const Exact& exact) {
  const Index position = stream.position(), n2 = words.vectors.rows();
  const auto from_factored = draws_of(factored, n2), from_exact = draws_of(exact, n2);
  auto all = from_factored;
  all.insert(all.end(), from_exact.begin(), from_exact.end());
  const ProductLaw<float> law(stream.weighed_rows(), words.vectors, all);
  std::cout << "\nAfter " << grouped(position) << " words, \"... " << words.passage(position - 8, position)
            << "\"\n  |Y|^2: " << scientific(law.squared_norm(), 3) << ", factored "
            << scientific(factored.squared_norm(), 3) << ", exact " << scientific(exact.squared_norm(), 3) << "\n";
  const auto name = [&](Index pair) {
    const Index t = stream.in_slot(pair / n2);
    return words.word(words.tokens[t]) + " (word " + grouped(t + 1) + "), " + words.word(pair % n2);
  };
  print_draws(std::cout, "pair drawn, factored", 34, law, from_factored, name);
  print_draws(std::cout, "pair drawn, exact", 34, law, from_exact, name);
}

/// On a Y that is small enough to be kept: some of the last words, and the most frequent ones.
void check_law(const Words& words, const Stream<Exact>& stream) {
  const Matrix left = stream.weighed_rows().topRows(256), right = words.vectors.topRows(1024);
  const Matrix product = left * right.transpose();
  const auto identity = Matrix::Identity(left.cols(), right.cols());
  const ExactLaw law(product.reshaped<Eigen::RowMajor>().cast<double>());
  std::cout << "\nThe law: on " << left.rows() << " x " << grouped(right.rows()) << " of these pairs, "
            << grouped(independent_samplers) << " factored samplers with seeds of their own draw once each\n"
            << std::flush;
  const auto pairs = draw_independently(independent_samplers, first_seed, [&](turnstile::Seed seed) {
    return Factored(left, right, identity, options_for(right.rows(), seed));
  });
  std::vector<turnstile::DrawResult<turnstile::Draw<float>>> results;
  for (const auto& pair : pairs) results.push_back(row_by_row(pair, right.rows()));
  report_draws(std::cout, law, results);
  LawReport exact(law);
  const Exact engine(left, right, identity);
  for (const auto& pair : engine.sample_with_replacement(exact_draws, first_seed))
    exact.count(row_by_row(pair, right.rows()).index);
  std::cout << "  One exact engine draws " << grouped(exact_draws) << " times: chi-square "
            << fixed(exact.statistic(), 1) << " with " << exact.degrees()
            << " degrees of freedom: p = " << fixed(exact.p_value(), 3) << "\n";
}

void print_costs(const Words& words, const Stream<Factored>& factored_stream, const Factored& factored,
                 const Stream<Exact>& exact_stream, Exact& exact) {
  const Index n = words.vectors.rows(), d = words.vectors.cols(), million = 1'000'000;
  const auto floats = [](Index count) { return bytes_text(static_cast<double>(count) * sizeof(float)); };
  const std::vector<int> widths = {16, 19, 10, 10};
  const auto print_engine = [&](const std::string& name, const auto& stream, const auto& engine) {
    const double draw = milliseconds([&] { static_cast<void>(engine.sample()); });
    print_row(std::cout, widths,
              {name, fixed(1e6 * stream.seconds_per_row(), 1) + " us", fixed(draw, 2) + " ms",
               bytes_text(static_cast<double>(engine.memory_bytes()))});
  };
  std::cout << "\nTime and space\n";
  print_row(std::cout, widths, {"engine", "a row of A1 changes", "a draw", "bytes"});
  print_engine("factored", factored_stream, factored);
  print_engine("exact", exact_stream, exact);
  const Stopwatch watch;
  const ProductLaw<float> law(exact_stream.weighed_rows(), words.vectors, {});
  print_row(std::cout, widths,
            {"Y, row by row", "", fixed(1000 * watch.seconds(), 0) + " ms", floats((slots + n) * d)});
  const Factored large(million, million, Matrix::Zero(d, d), options_for(million));
  std::cout << "  The last is A1 and A2, which the exact engine holds too, with sums that make it "
               "fast.\n  Once X has moved, its refresh() takes "
            << fixed(milliseconds([&] { exact.refresh(); }), 0) << " ms. Y itself: " << floats(slots * n)
            << ".\n  With a million rows each, A1 and A2 are " << floats(2 * million * d) << ", Y is "
            << floats(million * million) << ", the factored state "
            << bytes_text(static_cast<double>(large.memory_bytes())) << ".\n";
}

void run() {
  Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  words.vectors.rowwise() -= words.vectors.colwise().mean().eval();
  const Index n = words.vectors.rows(), d = words.vectors.cols();
  const auto identity = Matrix::Identity(d, d);
  const Matrix no_rows = Matrix::Zero(slots, d);
  Factored factored(no_rows, words.vectors, identity, options_for(n));
  Exact exact(no_rows, words.vectors, identity);
  Stream<Factored> factored_stream(words, slots, words_read, factored);
  Stream<Exact> exact_stream(words, slots, words_read, exact);
  const auto on_both = [&](const auto& action) {
    action(factored_stream);
    action(exact_stream);
  };
  std::cout << "A1     the vectors of the last " << grouped(slots) << " words of a novel\n"
            << "A2     those of " << grouped(n) << " words of the language, in " << d
            << " dimensions\nY      = A1 X A2^T, the scores of all " << grouped(slots * n)
            << " pairs, which neither engine forms\n"
            << "The tables show draws with replacement, in proportion to the square of the score.\n"
            << "A factored state gives each word its random numbers for good: its draws share words.\n"
            << "Those of the exact engine are independent.\n";
  on_both([](auto& stream) { stream.advance_to(words_read / 2); });
  print_moment(words, exact_stream, factored, exact);
  on_both([](auto& stream) { stream.advance_to(words_read); });
  print_moment(words, exact_stream, factored, exact);
  const Eigen::VectorXf variances = words.vectors.colwise().squaredNorm() / static_cast<float>(n);
  on_both([&](auto& stream) { stream.weigh(variances.cwiseInverse()); });
  exact.refresh();
  std::cout << "\nThe same, each coordinate now weighed by the inverse of its variance";
  print_moment(words, exact_stream, factored, exact);
  check_law(words, exact_stream);
  print_costs(words, factored_stream, factored, exact_stream, exact);
  on_both([](auto& stream) { stream.finish(); });
  std::cout << "\nAfter the last word has left, a draw says: " << to_string(factored.sample().outcome())
            << " (factored), " << to_string(exact.sample().outcome()) << " (exact).\n";
}

}  // namespace

int main() try { run(); } catch (const std::exception& error) {
  std::cerr << "cross_attention: " << error.what() << '\n';
  return 1;
}
