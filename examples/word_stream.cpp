// Draws words in proportion to y_i² while y = A·x changes with every word of a novel, and puts the
// draws beside the exact law.
//
//   A  word vectors, a row for each of n words, with the mean row subtracted
//   x  the sum of the rows of the words in a window that slides over the novel (a word that enters
//      is added, a word that leaves is subtracted), less what such a window holds on average
//   y  = A·x: how well each word of the language agrees with what sets the passage apart from the
//      rest of the novel. It is never stored.

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <turnstile/turnstile.hpp>
#include <utility>
#include <vector>

#include "support/break_even.hpp"
#include "support/draw_table.hpp"
#include "support/exact_law.hpp"
#include "support/independent_draws.hpp"
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
using DrawResult = turnstile::DrawResult<turnstile::Draw<float>>;
using Stream = WindowStream<float, Sampler>;

constexpr Index moments = 5;
constexpr Index draws_at_a_moment = 6;
constexpr Index independent_samplers = 4000;
constexpr turnstile::Seed first_seed = 1813;  // the year of the novel

turnstile::SamplerOptions options_for(Index n, turnstile::Seed seed = first_seed) {
  return {.seed = seed, .shape = SketchShape::for_draws(n)};
}

std::string word(const Words& words, const DrawResult& draw) {
  return draw ? words.word(draw->index) : to_string(draw.outcome());
}

// ------------------------------------------------------------------------------------ the stream

void print_passage(const Words& words, Index position) {
  std::cout << "\nAfter " << grouped(position) << " words, \"... "
            << words.passage(std::max(position - Stream::window / 2, Index{0}), position) << "\"\n";
}

void print_heaviest(const Words& words, const ExactLaw& law) {
  std::cout << "  The heaviest, exactly:";
  for (Index rank = 1; rank <= std::min(draws_at_a_moment, law.y().size()); ++rank) {
    const Index i = law.at_rank(rank);
    std::cout << (rank > 1 ? ", " : " ") << words.word(i) << " (" << fixed(law.y()[i], 0) << ")";
  }
  std::cout << '\n';
}

/// Prints draws at some moments of the novel; the law at its end.
ExactLaw follow_novel(const Words& words, const Sampler& sampler, Stream& stream) {
  for (Index moment = 1;; ++moment) {
    const Index position = words.tokens.size() * moment / moments;
    stream.advance_to(position);
    ExactLaw law(stream.exact_y());
    print_passage(words, position);
    print_heaviest(words, law);
    print_draws(std::cout, "word drawn", 19, law, sampler.sample_without_replacement(draws_at_a_moment),
                [&](Index i) { return words.word(i); });
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
  std::cout << "\nTime\n  An update of one x_j: " << fixed(1e9 * stream.seconds() / updates, 1) << " ns ("
            << grouped(stream.coordinate_updates()) << " updates in " << fixed(stream.seconds(), 2)
            << " s).\n  A draw after all of x has changed: " << fixed(draw, 2)
            << " ms. The exact y: " << fixed(exact, 2) << " ms, and A must be there.\n";
}

/// Bytes of the sampler of any n x d matrix; that of a zero matrix has as many.
double state_bytes(Index n, Index d) {
  turnstile::FixedMatrixBuilder<float> builder(n, d, options_for(n));
  return static_cast<double>(std::move(builder).build().memory_bytes());
}

void print_space(Index rows, Index d) {
  const auto state_at = [d](Index n) { return state_bytes(n, d); };
  constexpr Index million = 1'000'000, billion = 1'000'000'000;
  const double floats = static_cast<double>(d) * sizeof(float);
  const double small = static_cast<double>(d) + sizeof(float);  // 8 bits an entry, a scale a row
  const std::vector<int> widths = {15, 12, 12, 12, 20};
  std::cout << "\nSpace: the state beside A\n";
  print_row(std::cout, widths, {"n", "A, floats", "A, 8 bits", "state", "state / A, floats"});
  for (const Index n : {rows, million, billion}) {
    const double state = state_at(n), count = static_cast<double>(n);
    print_row(std::cout, widths,
              {grouped(n), bytes_text(count * floats), bytes_text(count * small), bytes_text(state),
               significant(100 * state / (count * floats), 2) + " %"});
  }
  std::cout << "  The state is smaller than A from n = " << grouped(break_even(billion, floats, state_at))
            << " on (floats), n = " << grouped(break_even(billion, small, state_at)) << " on (8 bits).\n";
}

// --------------------------------------------------------------------------------------- the law

void check_law(const Words& words, const ExactLaw& law, const DrawResult& streamed, const fs::path& output) {
  std::cout << "\nThe law: " << grouped(independent_samplers)
            << " samplers with seeds of their own draw once each at the end of the novel\n"
            << std::flush;
  // Fed y itself, so that it is computed only once.
  const auto results = draw_independently(independent_samplers, first_seed, [&](turnstile::Seed seed) {
    return sampler_of<float>(law.y(), options_for(law.y().size(), seed));
  });
  const LawReport report = report_draws(std::cout, law, results);
  std::cout << "  The sampler that read the novel drew \"" << word(words, streamed)
            << "\"; the one of the same seed that was fed y, \"" << word(words, results.front()) << "\".\n";
  const bool picture = report.write(output, TURNSTILE_EXAMPLES "/../bench/plots/plot.gp");
  std::cout << "\nWritten to " << output.string() << ": law_cells.csv, law_curve.csv"
            << (picture ? ", law.svg" : " (no picture: it needs gnuplot)") << '\n';
}

// ------------------------------------------------------------------------------------- the whole

void print_introduction(const Words& words, const Sampler& sampler, double seconds) {
  const auto matrix = static_cast<double>(words.vectors.size()) * sizeof(float);
  std::cout << "A      " << grouped(words.vectors.rows()) << " word vectors in " << words.vectors.cols()
            << " dimensions, " << bytes_text(matrix) << "; sketched in " << fixed(seconds, 2) << " s into a state of "
            << bytes_text(static_cast<double>(sampler.memory_bytes())) << "\n"
            << "x      the last " << Stream::window << " words of a text of " << grouped(words.tokens.size())
            << ", less what such a window holds on average\n"
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
