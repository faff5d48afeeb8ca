// Draws documents in proportion to the square of a linear score, while they arrive and are
// withdrawn.
//
//   A  term counts: A_ij says how often term j stands in document i. Every run of eight words of a
//      novel is a document; a word that is written adds 1 to A_ij, one that is withdrawn takes it
//      back
//   x  a score of each term, fixed: how near it is to "marriage", less what a word of the novel
//   scores
//      on average
//   y  = A·x, the scores of the documents. Neither A nor y is ever stored.

#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <turnstile/turnstile.hpp>

#include "support/break_even.hpp"
#include "support/draw_table.hpp"
#include "support/independent_draws.hpp"
#include "support/passages.hpp"
#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Words = WordData<float>;
using Sampler = turnstile::FixedVectorSampler<float>;
using Documents = Passages<float, Sampler>;

constexpr Index independent_samplers = 2000;
constexpr turnstile::Seed first_seed = 1813;  // the year of the novel

turnstile::SamplerOptions options_for(Index n, turnstile::Seed seed = first_seed) {
  return {.seed = seed, .shape = turnstile::SketchShape::for_draws(n)};
}

/// x: the cosine, in percent, of each word's vector and that of `query`, less its average over the
/// text.
Eigen::VectorXd scores(const Words& words, const std::string& query) {
  RowMajorMatrix<float> vectors = words.vectors.rowwise() - words.vectors.colwise().mean();
  vectors.rowwise().normalize();
  const Eigen::VectorXd cosines = (vectors * vectors.row(words.row(query)).transpose()).cast<double>();
  return 100 * (cosines.array() - cosines(words.tokens).mean());
}

void print_moment(const std::string& what, const Documents& documents, const Sampler& sampler) {
  const ExactLaw law(documents.exact_y(sampler.vector()));
  std::cout << "\n" << what << ": " << grouped(documents.present()) << " documents.\n";
  print_draws(std::cout, "document drawn", 46, law, sampler.sample_without_replacement(4),
              [&](Index i) { return documents.text(i); });
}

/// Samplers with other seeds are fed only what is left: the state of one that has seen the rest
/// come and go is the same.
void check_law(const Documents& documents, const Sampler& sampler) {
  std::cout << "\nThe law: " << grouped(independent_samplers)
            << " samplers with seeds of their own draw one of these each\n"
            << std::flush;
  const auto results = draw_independently(independent_samplers, first_seed, [&](turnstile::Seed seed) {
    Sampler other(documents.size(), sampler.vector(), options_for(documents.size(), seed));
    documents.copy_to(other);
    return other;
  });
  report_draws(std::cout, ExactLaw(documents.exact_y(sampler.vector())), results);
  const auto text = [&](const auto& draw) { return draw ? documents.text(draw->index) : "nothing"; };
  std::cout << "  The sampler that saw the rest come and go drew \"" << text(sampler.sample())
            << "\";\n  the one of the same seed that did not, \"" << text(results.front()) << "\".\n";
}

void print_costs(const Documents& documents, const Sampler& sampler) {
  const Index n = sampler.dimension(), d = sampler.columns(), left = documents.present();
  const double x = static_cast<double>(d) * sizeof(double);
  const auto state = [&](Index rows) {
    return static_cast<double>(Sampler(rows, sampler.vector(), options_for(rows)).memory_bytes()) - x;
  };
  const double update = documents.seconds() / static_cast<double>(documents.updates());
  const double entry = sizeof(float) + sizeof(std::int32_t);
  std::cout << "\nTime and space\n  An update of one A_ij: " << fixed(1e9 * update, 0) << " ns ("
            << grouped(documents.updates()) << " updates), although A has " << grouped(d)
            << " columns.\n  The state: " << bytes_text(state(n)) << ", and x with " << bytes_text(x)
            << ", which any way to score needs. All of y as floats: "
            << bytes_text(static_cast<double>(n) * sizeof(float))
            << ".\n  It is smaller than y from n = " << grouped(break_even(Index{1} << 30, sizeof(float), state))
            << " on. But a list of the " << grouped(left) << " scores that are left takes only "
            << bytes_text(static_cast<double>(left) * entry) << ".\n";
}

void follow_documents() {
  const Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  Documents documents(words);
  const Index n = documents.size(), darcy = words.row("darcy");
  Sampler sampler(n, scores(words, "marriage"), options_for(n));
  std::cout << "y_i    how near document i is to \"marriage\"; the documents: the " << grouped(n) << " runs of "
            << Documents::length << " words of a novel\n"
            << "The tables show successive draws without replacement, in proportion to y_i^2,\n"
            << "beside the exact y, which the state never sees.\n";

  const auto all = [](Index) { return true; };
  const auto early = [n](Index i) { return i < n / 2; };
  documents.arrive(sampler, early);
  print_moment("The first half has arrived", documents, sampler);
  documents.arrive(sampler, all);
  print_moment("All have arrived", documents, sampler);
  documents.withdraw(sampler, early);
  print_moment("The first half is withdrawn", documents, sampler);
  documents.withdraw(sampler, [&](Index i) { return !documents.says(i, darcy); });
  print_moment("Of the second half, only those with \"darcy\" are left", documents, sampler);
  check_law(documents, sampler);
  print_costs(documents, sampler);
  documents.withdraw(sampler, all);
  std::cout << "  When the last are withdrawn as well, a draw says: " << to_string(sampler.sample().outcome()) << ".\n";
}

}  // namespace

int main() try { follow_documents(); } catch (const std::exception& error) {
  std::cerr << "documents: " << error.what() << '\n';
  return 1;
}
