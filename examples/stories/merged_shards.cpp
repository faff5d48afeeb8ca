// Merging. Three tills count what is sold and what is brought back (here: words of a novel, each third of it read
// by a till of its own), and send their state home at night: bytes, whose size does not depend on how much was
// sold. The states add up to that of one till that has seen everything, however the stream was split.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <turnstile/core/errors.hpp>
#include <turnstile/sampler/l2_sampler.hpp>
#include <turnstile/sketch/count_sketch.hpp>
#include <utility>

#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;

struct Till {
  turnstile::L2Sampler<> sampler;
  turnstile::CountSketch<std::int64_t> counts;

  explicit Till(Index n) : sampler(n, {.seed = 42}), counts({.rows = 5, .buckets = 1024}, 42) {}

  void change(Index item, int by) {
    sampler.update(item, by);
    counts.update(item, by);
  }
};

}  // namespace

int main() try {
  const auto words = WordData<float>::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  const Index n = words.vectors.rows(), length = words.tokens.size(), comma = words.row(",");
  Till home(n), whole(n);
  std::size_t longest = 0;
  for (Index part = 0; part < 3; ++part) {
    Till till(n);
    for (Index t = length * part / 3; t < length * (part + 1) / 3; ++t)
      for (Till* one : {&till, &whole}) {
        one->change(words.tokens[t], 1);
        if (words.tokens[t] == comma) one->change(comma, -1);  // sold and brought back
      }
    const auto bytes = till.sampler.to_bytes();
    longest = std::max(longest, bytes.size());
    home.sampler += turnstile::L2Sampler<>::from_bytes(bytes);
    home.counts += till.counts;
  }

  std::cout << "Each of three tills sent " << bytes_text(static_cast<double>(longest)) << ".\n";
  for (const auto& [name, till] : {std::pair{"the sum", &home}, std::pair{"one till for all", &whole}}) {
    const auto draw = till->sampler.sample();
    std::cout << "  " << name << " draws \"" << words.word(draw->index) << "\", sold " << fixed(draw->value, 0)
              << " times; |y| is about " << significant(std::sqrt(till->sampler.squared_norm()), 3) << '\n';
  }
  std::cout << "Sold exactly: " << (words.tokens.array() == home.sampler.sample()->index).count()
            << ". Integer counters are equal to the last bit: "
            << (home.counts.to_bytes() == whole.counts.to_bytes() ? "yes" : "no") << ".\n";
  try {
    home.sampler += turnstile::L2Sampler<>(n, {.seed = 43});
  } catch (const turnstile::IncompatibleSketch& error) {
    std::cout << "A till with another seed: " << error.what() << ".\n";
  }
} catch (const std::exception& error) {
  std::cerr << "merged_shards: " << error.what() << '\n';
  return 1;
}
