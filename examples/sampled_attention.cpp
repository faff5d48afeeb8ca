// Attention that leaves keys out: one head of a small language model, recorded while it read the first page of
// Persuasion, byte by byte, with dense attention and with sampled attention.
//
//   Q, K, V  2048 × 64 each: queries, keys and values of the 2048 bytes (position 0 is the start, i is byte i − 1)
//
// Dense attention computes two million products of a query and a key. SampleAttention looks at the exact softmax of
// some rows, keeps what these need, and says what it kept; as published, and calibrated on rows that did not choose.

#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <turnstile/turnstile.hpp>

#include "support/npy.hpp"
#include "support/text.hpp"

namespace {

using namespace examples;
using namespace turnstile;
using Page = RowMajorMatrix<float>;

void print_line(const std::string& name, const SampledAttention& sampled, const Page& dense) {
  const HeadReport& head = sampled.heads[0];
  const double error = static_cast<double>((sampled.output - dense).norm() / dense.norm());
  std::cout << name << fixed(100 * (1 - head.density), 0) << " % of the pairs skipped; mass kept "
            << fixed(head.mass.mean, 3) << " +- " << fixed(head.mass.standard_error, 3) << "; "
            << head.pattern.columns.size() << " columns, " << head.pattern.slashes.size()
            << " diagonals of 64; output off by " << fixed(100 * error, 1) << " %\n";
}

/// The text before a query, with a dot for every byte that its pattern skips.
std::string seen_text(const HeadPattern& pattern, const std::string& text, Index query) {
  std::string shown(static_cast<std::size_t>(query), '.');
  for (const Index key : pattern.kept(Direction::causal, query, query + 1))
    if (key > 0) shown[static_cast<std::size_t>(key - 1)] = text[static_cast<std::size_t>(key - 1)];
  std::replace(shown.begin(), shown.end(), '\n', ' ');
  return shown;
}

void run(const std::string& folder) {
  const auto array = NpyArray::read(folder + "/attention_3x2048x64_f16.npy");
  const Index n = array.shape()[1], d = array.shape()[2];
  const Page all = Eigen::Map<const Page>(array.values<float>().data(), 3 * n, d);
  const Heads q(all.topRows(n)), k(all.middleRows(n, n)), v(all.bottomRows(n));
  std::ifstream file(folder + "/attention_text.txt", std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});

  const Page dense = DenseAttention()(q, k, v);
  const auto published = SampleAttention(Direction::causal, {.recipe = Recipe::published})(q, k, v);
  const SampleAttention attention;
  const auto calibrated = attention(q, k, v);
  print_line("published:  ", published, dense);
  print_line("calibrated: ", calibrated, dense);

  const Index query = n - 1, first = query - 1140;
  const std::string seen = seen_text(calibrated.heads[0].pattern, text, query);
  std::cout << "\nThe page, and what the last query sees of it under the calibrated pattern:\n\n";
  for (Index begin = first; begin < query; begin += 60) {
    const auto part = [&](std::string line) {
      std::replace(line.begin(), line.end(), '\n', ' ');
      return line.substr(static_cast<std::size_t>(begin), 60);
    };
    std::cout << part(text.substr(0, static_cast<std::size_t>(query))) << "  " << part(seen) << '\n';
  }
  const Page step = attention.decode(Heads(all.row(query)), k, v, calibrated.heads);
  std::cout << "\nDecoding that one query again is off by "
            << fixed(100 * static_cast<double>((step - dense.row(query)).norm() / dense.row(query).norm()), 1)
            << " % of dense attention.\n";
}

}  // namespace

int main() {
  try {
    run(TURNSTILE_EXAMPLES "/data");
  } catch (const std::exception& error) {
    std::cerr << "sampled_attention: " << error.what() << '\n';
    return 1;
  }
}
