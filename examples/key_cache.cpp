// Draws keys of a cache in proportion to (q·k)², while keys enter and leave and the query changes.
//
//   A  the cache, a row for each of its 32,768 slots: the keys of the last words of a novel. A key
//   that
//      enters is added to its slot's row; one that leaves is subtracted
//   x  the query q, another one with every word
//   y  = A·x, the product of the query with each key. It is never stored, and the state that it is
//      drawn from holds no key.
//
// Key and query of a word are its vector, less the mean of all.

#include <exception>
#include <iostream>
#include <string>
#include <turnstile/turnstile.hpp>

#include "support/break_even.hpp"
#include "support/draw_table.hpp"
#include "support/independent_draws.hpp"
#include "support/key_stream.hpp"
#include "support/stopwatch.hpp"
#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Words = WordData<float>;
using Sampler = turnstile::DynamicSampler<float>;
using Stream = KeyStream<float, Sampler>;

constexpr Index slots = 32'768;
constexpr Index independent_samplers = 2000, full_samplers = 20;
constexpr turnstile::Seed first_seed = 1813;  // the year of the novel

turnstile::SamplerOptions options_for(Index n, turnstile::Seed seed = first_seed) {
  return {.seed = seed, .shape = turnstile::SketchShape::for_draws(n)};
}

/// Reads on from `position` until the query is the given word, and prints what it meets.
void print_moment(const Words& words, Index position, const std::string& query, Sampler& sampler, Stream& stream) {
  do stream.advance_to(++position);
  while (words.tokens[position - 1] != words.row(query));
  const ExactLaw law(stream.exact_y());
  sampler.refresh();  // two questions about one query: the state is contracted with it once
  std::cout << "\nAfter " << grouped(position) << " words, \"... " << words.passage(position - 8, position)
            << "\": |y|^2 is " << fixed(law.y().squaredNorm(), 0) << ", estimated as "
            << fixed(sampler.squared_norm(), 0) << "\n";
  const auto name = [&](Index slot) {
    const Index t = stream.in_slot(slot);
    return words.word(words.tokens[t]) + " (word " + grouped(t + 1) + ")";
  };
  print_draws(std::cout, "key drawn", 28, law, sampler.sample_without_replacement(5), name);
}

void check_law(const Sampler& sampler, const Stream& stream) {
  std::cout << "\nThe law: " << grouped(independent_samplers)
            << " samplers with seeds of their own, fed y itself, draw a key each\n"
            << std::flush;
  const ExactLaw law(stream.exact_y());
  const auto results = draw_independently(independent_samplers, first_seed, [&](turnstile::Seed seed) {
    return sampler_of<float>(law.y(), options_for(slots, seed));
  });
  report_draws(std::cout, law, results);
  const auto full = draw_independently(full_samplers, first_seed, [&](turnstile::Seed seed) {
    Sampler other(slots, sampler.columns(), options_for(slots, seed));
    stream.copy_to(other);
    return other;
  });
  Index same = 0;
  for (std::size_t k = 0; k < full.size(); ++k)
    if (full[k] && results[k] && full[k]->index == results[k]->index) ++same;
  const bool streamed = sampler.sample().value().index == results.front().value().index;
  std::cout << "  Of " << full.size() << " that were fed the cache and the query instead, " << same
            << " drew the same key. So did " << (streamed ? "the" : "not the") << " one that read the novel.\n";
}

void print_times(Sampler sampler, const Words& words, const Stream& stream) {
  volatile float keep = 0;
  const auto draw = [&] {
    if (const auto drawn = sampler.sample()) keep = drawn->value;
  };
  const double moved = stream.seconds() / static_cast<double>(stream.keys_moved());
  const double after_refresh = milliseconds(draw), refresh = milliseconds([&] { sampler.refresh(); });
  sampler.update_vector(sampler.vector());
  const double new_query = milliseconds(draw);
  const auto cache = words.vectors.topRows(slots);  // as many numbers as the real one
  const Eigen::VectorXf query = sampler.vector().cast<float>();
  const double exact = milliseconds([&] { keep = (cache * query).squaredNorm(); });
  std::cout << "\nTime\n  A key enters or leaves: " << fixed(1e6 * moved, 2) << " us (" << grouped(stream.keys_moved())
            << " did).\n  A draw: " << fixed(new_query, 2) << " ms for a new query; " << fixed(after_refresh, 2)
            << " ms once refresh() has contracted the state with it, in " << fixed(refresh, 2)
            << " ms.\n  The exact y: " << fixed(exact, 2) << " ms, and the cache must be there.\n";
}

void print_space(Index d) {
  const auto state = [d](Index n) { return static_cast<double>(Sampler(n, d, options_for(n)).memory_bytes()); };
  const double floats = static_cast<double>(d) * sizeof(float), halves = floats / 2;
  std::cout << "\nSpace: the state beside the cache\n";
  const std::vector<int> columns = {12, 15, 15, 12};
  print_row(std::cout, columns, {"keys", "cache, floats", "cache, halves", "state"});
  for (const Index n : {slots / 16, slots, 32 * slots}) {
    const auto keys = static_cast<double>(n);
    print_row(std::cout, columns,
              {grouped(n), bytes_text(keys * floats), bytes_text(keys * halves), bytes_text(state(n))});
  }
  std::cout << "  The state is smaller than the cache from " << grouped(break_even(32 * slots, floats, state))
            << " keys on (floats), " << grouped(break_even(32 * slots, halves, state))
            << " (halves). It gives no key back, only which one and its product.\n";
}

void run() {
  Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  words.vectors.rowwise() -= words.vectors.colwise().mean().eval();
  const Index d = words.vectors.cols();
  Sampler sampler(slots, d, options_for(slots));
  Stream stream(words, sampler);
  std::cout << "A      the keys of the last " << grouped(slots) << " words of a novel, in " << d
            << " dimensions\nx      the query of the last word\n"
            << "The tables show successive draws without replacement, in proportion to (q.k)^2,\n"
            << "beside the exact products, which the state never sees.\n";
  Index fifth = 0;
  for (const char* query : {"daughters", "letter", "marriage", "pride", "happiness"})
    print_moment(words, words.tokens.size() * fifth++ / 5 + slots / 2, query, sampler, stream);
  check_law(sampler, stream);
  print_times(sampler, words, stream);
  print_space(d);
  stream.finish();
  std::cout << "\nAfter the last key has left, all updates have cancelled. A draw says: "
            << to_string(sampler.sample().outcome()) << ".\n";
}

}  // namespace

int main() try { run(); } catch (const std::exception& error) {
  std::cerr << "key_cache: " << error.what() << '\n';
  return 1;
}
