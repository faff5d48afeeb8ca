// A and x both stream. The key cache of a text that is being read: row t mod 4096 of A is the key of word t, so
// every word brings a key and pushes the oldest out, and is itself the query x. Keys are drawn in proportion to
// (key · query)², which is what a sparse attention step would look at.

#include <exception>
#include <iostream>
#include <turnstile/sampler/dynamic_sampler.hpp>

#include "support/key_stream.hpp"
#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Words = WordData<float>;
using Sampler = turnstile::DynamicSampler<float>;

constexpr Index slots = 4096;

}  // namespace

int main() try {
  Words words = Words::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  words.vectors.rowwise() -= words.vectors.colwise().mean().eval();
  Sampler sampler(slots, words.vectors.cols(), {.seed = 3, .shape = turnstile::SketchShape::for_draws(slots)});
  KeyStream<float, Sampler> cache(words, sampler);

  Index position = 2 * slots;
  for (const char* query : {"daughter", "dance", "carriage"}) {
    do cache.advance_to(++position);
    while (words.tokens[position - 1] != words.row(query));
    sampler.refresh();  // the state is contracted with this query once, for all that is asked of it
    const Eigen::VectorXd y = cache.exact_y();  // only to show the truth
    std::cout << "\nWord " << grouped(position) << " asks: \"" << query << "\"; |y|^2 is "
              << scientific(y.squaredNorm(), 1) << '\n';
    for (const auto& draw : sampler.sample_without_replacement(3)) {
      const Index at = cache.in_slot(draw.index);
      print_row(std::cout, {40, 8, 12},
                {"... " + words.passage(at - 3, at + 1) + " (" + grouped(at) + ")", fixed(draw.value, 0),
                 "exact " + fixed(y[draw.index], 0)});
    }
  }
} catch (const std::exception& error) {
  std::cerr << "moving_cache: " << error.what() << '\n';
  return 1;
}
