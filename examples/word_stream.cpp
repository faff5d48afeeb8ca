// Draws words in proportion to y_i² while y = A·x changes with every word of a novel, and puts the
// draws beside the exact law.
//
//   A  word vectors, a row for each of n words, with the mean row subtracted
//   x  the sum of the rows of the words in a window that slides over the novel (a word that enters
//      is added, a word that leaves is subtracted), less what such a window holds on average
//   y  = A·x: how well each word of the language agrees with what sets the passage apart from the
//      rest of the novel. It is never stored.

#include <algorithm>
#include <cmath>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <turnstile/turnstile.hpp>
#include <utility>
#include <vector>

#include "support/exact_law.hpp"
#include "support/law_report.hpp"
#include "support/parallel.hpp"
#include "support/progress.hpp"
#include "support/stopwatch.hpp"
#include "support/text.hpp"
#include "support/window_stream.hpp"
#include "support/word_arguments.hpp"
#include "support/word_data.hpp"

namespace {

namespace fs = std::filesystem;
using namespace examples;
using turnstile::Index;
using turnstile::SketchShape;
using Words = WordData<float>;
using Sampler = turnstile::FixedMatrixSampler<float>;
using Draw = turnstile::Draw<float>;
using DrawResult = turnstile::DrawResult<Draw>;
using Stream = WindowStream<float, Sampler>;

constexpr Index moments = 5;
constexpr Index draws_at_a_moment = 6;
constexpr Index independent_samplers = 4000;
constexpr turnstile::Seed first_seed = 1813;  // the year of the novel

turnstile::SamplerOptions options_for(Index n, turnstile::Seed seed = first_seed) {
  return {.seed = seed, .shape = SketchShape::for_draws(n)};
}

const std::string& word(const Words& words, Index row) {
  return words.vocabulary[static_cast<std::size_t>(row)];
}

std::string word(const Words& words, const DrawResult& draw) {
  return draw ? word(words, draw->index) : to_string(draw.outcome());
}

// ------------------------------------------------------------------------------------ the stream

void print_passage(const Words& words, Index position) {
  std::cout << "\nAfter " << grouped(position) << " words, \"...";
  for (Index t = std::max(position - Stream::window / 2, Index{0}); t < position; ++t)
    std::cout << ' ' << word(words, words.tokens[t]);
  std::cout << "\"\n";
}

void print_heaviest(const Words& words, const ExactLaw& law) {
  std::cout << "  The heaviest, exactly:";
  for (Index rank = 1; rank <= std::min(draws_at_a_moment, law.y().size()); ++rank) {
    const Index i = law.at_rank(rank);
    std::cout << (rank > 1 ? ", " : " ") << word(words, i) << " (" << fixed(law.y()[i], 0) << ")";
  }
  std::cout << '\n';
}

void print_draws(const Words& words, const ExactLaw& law, const std::vector<Draw>& draws) {
  const std::vector<int> widths = {19, 9, 10, 10, 8, 10, 10, 8};
  print_row(
      std::cout, widths,
      {"word drawn", "value", "std error", "exact y_i", "off by", "p drawn", "exact p", "rank"});
  for (const Draw& draw : draws) {
    const Index i = draw.index;
    const double exact = law.y()[i], off = std::abs(draw.value / exact - 1);
    print_row(std::cout, widths,
              {word(words, i), fixed(draw.value, 1), "+-" + fixed(draw.standard_error, 1),
               fixed(exact, 1), fixed(100 * off, 1) + " %", scientific(draw.probability, 1),
               scientific(law.probability(i), 1), grouped(law.rank(i))});
  }
}

/// Prints draws at some moments of the novel; the law at its end.
ExactLaw follow_novel(const Words& words, const Sampler& sampler, Stream& stream) {
  for (Index moment = 1;; ++moment) {
    const Index position = words.tokens.size() * moment / moments;
    stream.advance_to(position);
    ExactLaw law(stream.exact_y());
    print_passage(words, position);
    print_heaviest(words, law);
    print_draws(words, law, sampler.sample_without_replacement(draws_at_a_moment));
    if (moment == moments) return law;
  }
}

// -------------------------------------------------------------------------------- time and space

void print_times(const Words& words, Sampler sampler, const Stream& stream) {
  const Eigen::VectorXf x = Eigen::VectorXf::Ones(words.vectors.cols());
  volatile float keep = 0;
  const double draw = milliseconds([&] {
    sampler.update(x);
    if (const auto drawn = sampler.sample()) keep = drawn->value;
  });
  const double exact = milliseconds([&] { keep = (words.vectors * x).squaredNorm(); });
  const double updates = static_cast<double>(stream.coordinate_updates());
  std::cout << "\nTime\n  An update of one x_j: " << fixed(1e9 * stream.seconds() / updates, 1)
            << " ns (" << grouped(stream.coordinate_updates()) << " updates in "
            << fixed(stream.seconds(), 2)
            << " s).\n  A draw after all of x has changed: " << fixed(draw, 2)
            << " ms. The exact y: " << fixed(exact, 2) << " ms, and A must be there.\n";
}

/// Bytes of the sampler of any n x d matrix; that of a zero matrix has as many.
double state_bytes(Index n, Index d) {
  turnstile::FixedMatrixBuilder<float> builder(n, d, options_for(n));
  return static_cast<double>(std::move(builder).build().memory_bytes());
}

/// The n from which on the state is smaller than a matrix of so many bytes a row: walks down from
/// `n`, where it is, to the largest n where it is not (the state never shrinks as n grows).
Index break_even(Index n, Index d, double bytes_per_row) {
  for (;;) {
    const auto next = static_cast<Index>(state_bytes(n, d) / bytes_per_row) + 1;
    if (next >= n) return n;
    n = next;
  }
}

void print_space(Index rows, Index d) {
  constexpr Index million = 1'000'000, billion = 1'000'000'000;
  const double floats = static_cast<double>(d) * sizeof(float);
  const double small = static_cast<double>(d) + sizeof(float);  // 8 bits an entry, a scale a row
  const std::vector<int> widths = {15, 12, 12, 12, 20};
  std::cout << "\nSpace: the state beside A\n";
  print_row(std::cout, widths, {"n", "A, floats", "A, 8 bits", "state", "state / A, floats"});
  for (const Index n : {rows, million, billion}) {
    const double state = state_bytes(n, d), count = static_cast<double>(n);
    print_row(std::cout, widths,
              {grouped(n), bytes_text(count * floats), bytes_text(count * small), bytes_text(state),
               significant(100 * state / (count * floats), 2) + " %"});
  }
  std::cout << "  The state is smaller than A from n = " << grouped(break_even(billion, d, floats))
            << " on (floats), n = " << grouped(break_even(billion, d, small)) << " on (8 bits).\n";
}

// --------------------------------------------------------------------------------------- the law

/// A draw from each of many samplers, alike but for their seeds, that are fed y itself: the
/// counters of a FixedMatrixSampler equal theirs up to rounding, and y is computed only once.
std::vector<DrawResult> draw_independently(const ExactLaw& law) {
  const Index n = law.y().size();
  const Eigen::VectorX<Index> indices = Eigen::VectorX<Index>::LinSpaced(n, 0, n - 1);
  const Eigen::VectorXf values = law.y().cast<float>();
  std::vector<DrawResult> results(independent_samplers, turnstile::Outcome::failed);
  Progress progress("independent samplers", independent_samplers);
  parallel_for(independent_samplers, [&](Index k) {
    const auto seed = first_seed + static_cast<turnstile::Seed>(k);
    turnstile::L2Sampler<float> sampler(n, options_for(n, seed));
    sampler.update(indices, values);
    results[static_cast<std::size_t>(k)] = sampler.sample();
    progress.advance();
  });
  return results;
}

void check_law(const Words& words, const ExactLaw& law, const DrawResult& streamed,
               const fs::path& output) {
  std::cout << "\nThe law: " << grouped(independent_samplers)
            << " samplers with seeds of their own draw once each at the end of the novel\n"
            << std::flush;
  const std::vector<DrawResult> results = draw_independently(law);
  LawReport report(law);
  double draws = 0, close = 0, covered = 0;
  for (const DrawResult& draw : results) {
    if (!draw) continue;
    report.count(draw->index);
    const double exact = law.y()[draw->index], error = std::abs(draw->value - exact);
    ++draws;
    close += error <= 0.1 * std::abs(exact);
    covered += error <= draw->standard_error;
  }
  report.print(std::cout);
  std::cout << "  Failed: " << fixed(100 * (1 - draws / independent_samplers), 2)
            << " %. Value within 10 % of y_i: " << fixed(100 * close / draws, 1)
            << " %; within its standard error: " << fixed(100 * covered / draws, 1) << " %.\n"
            << "  The sampler that read the novel drew \"" << word(words, streamed)
            << "\"; the one of the same seed that was fed y, \"" << word(words, results.front())
            << "\".\n";
  const bool picture = report.write(output, TURNSTILE_EXAMPLES "/support/law.gp");
  std::cout << "\nWritten to " << output.string() << ": law_cells.csv, law_curve.csv"
            << (picture ? ", law.svg" : " (no picture: it needs gnuplot)") << '\n';
}

// ------------------------------------------------------------------------------------- the whole

void print_introduction(const Words& words, const Sampler& sampler, double seconds) {
  const auto matrix = static_cast<double>(words.vectors.size()) * sizeof(float);
  std::cout
      << "A      " << grouped(words.vectors.rows()) << " word vectors in " << words.vectors.cols()
      << " dimensions, " << bytes_text(matrix) << "; sketched in " << fixed(seconds, 2)
      << " s into a state of " << bytes_text(static_cast<double>(sampler.memory_bytes())) << "\n"
      << "x      the last " << Stream::window << " words of a text of "
      << grouped(words.tokens.size()) << ", less what such a window holds on average\n"
      << "y = Ax how well each word agrees with what is special about the passage\n\n"
      << "A draw is word i with probability p = y_i^2 / |y|^2. The tables show successive draws\n"
      << "from the state, without replacement, beside the exact y, which the state never sees.\n"
      << "One seed gives each word its random number for good, so words come back at later "
         "moments;\n"
      << "over many seeds the draws of each moment follow its law, as the last table shows.\n";
}

void run(const WordArguments& arguments) {
  fs::create_directories(arguments.output);
  Words words = Words::load(arguments.files);
  words.vectors.rowwise() -= words.vectors.colwise().mean().eval();
  const Index n = words.vectors.rows();

  const Stopwatch watch;
  Sampler sampler(words.vectors, options_for(n));
  print_introduction(words, sampler, watch.seconds());

  Stream stream(words, sampler);
  const ExactLaw law = follow_novel(words, sampler, stream);
  const DrawResult last_draw = sampler.sample();
  print_times(words, sampler, stream);
  stream.finish();
  std::cout << "  After the last word has left, all updates have cancelled. A draw now says: "
            << to_string(sampler.sample().outcome()) << ".\n";
  print_space(n, words.vectors.cols());
  check_law(words, law, last_draw, arguments.output);
}

}  // namespace

int main(int count, char** values) try {
  run(WordArguments::parse({values, values + count}, TURNSTILE_EXAMPLES "/data"));
} catch (const std::exception& error) {
  std::cerr << "word_stream: " << error.what() << '\n';
  return 1;
}
