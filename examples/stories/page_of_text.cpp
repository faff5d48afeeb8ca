// Attention that leaves keys out. A small language model reads the first page of Persuasion, byte by byte, and says at
// each which it takes for the next: with dense attention in all of its 16 heads, and with sampled attention, as
// published and calibrated on rows that did not choose what to keep.

#include <algorithm>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <turnstile/attention/sample_attention.hpp>
#include <utility>
#include <vector>

#include "support/byte_lm.hpp"
#include "support/forecast.hpp"
#include "support/text.hpp"

namespace {

using namespace examples;
using namespace turnstile;

struct Reading {
  Forecast forecast;
  std::vector<HeadReport> heads;  // of all layers, the first layer's first
};

Reading read(const ByteLm& model, const std::vector<std::uint8_t>& page, const SampleOptions& options) {
  std::vector<HeadReport> heads;
  const auto logits = model.logits(page, [&](const Heads& q, const Heads& k, const Heads& v) {
    auto sampled = SampleAttention(Direction::causal, options)(q, k, v);
    heads.insert(heads.end(), sampled.heads.begin(), sampled.heads.end());
    return std::move(sampled.output);
  });
  return {{logits, page}, heads};
}

void print(const std::string& name, const Reading& reading, const Forecast& dense) {
  const auto [least, most] = std::ranges::minmax_element(reading.heads, {}, &HeadReport::density);
  std::cout << name << ": " << fixed(100 * (1 - most->density), 0) << " to " << fixed(100 * (1 - least->density), 0)
            << " % of a head's pairs skipped; loss " << fixed(reading.forecast.loss, 2) << "; as dense for "
            << fixed(100 * reading.forecast.agreement(dense), 0) << " % of the bytes\n";
}

// Some of the bytes, on one line.
std::string line(const auto& bytes, std::size_t begin, std::size_t count = 36) {
  std::string shown;
  for (std::size_t i = begin; i < begin + count; ++i) shown += bytes[i] < ' ' ? ' ' : static_cast<char>(bytes[i]);
  return shown;
}

}  // namespace

int main() try {
  std::ifstream file(TURNSTILE_EXAMPLES "/data/page.txt", std::ios::binary);
  const std::vector<std::uint8_t> page(std::istreambuf_iterator<char>(file), {});
  const ByteLm model(TURNSTILE_EXAMPLES "/data/byte_lm", "f16");
  const Forecast dense(model.logits(page, DenseAttention()), page);
  const Reading calibrated = read(model, page, {});
  std::cout << grouped(std::ssize(page)) << " bytes; loss " << fixed(dense.loss, 2) << " with dense attention\n";
  print("published", read(model, page, {.recipe = Recipe::published}), dense);
  print("calibrated", calibrated, dense);

  std::cout << "\nThe text, then what is expected of it by dense and by calibrated attention:\n\n";
  for (std::size_t begin = 1800; begin < 2016; begin += 36)
    std::cout << line(page, begin) << " | " << line(dense.likeliest, begin) << " | "
              << line(calibrated.forecast.likeliest, begin) << '\n';

  std::string seen(page.size(), '.');
  for (const Index key : calibrated.heads[12].pattern.kept(Direction::causal, std::ssize(page) - 1, std::ssize(page)))
    if (key > 0) seen[static_cast<std::size_t>(key - 1)] = static_cast<char>(page[static_cast<std::size_t>(key - 1)]);
  std::cout << "\nOf the last bytes, a head of the last layer sees from the end of the page:\n\n";
  std::cout << line(seen, page.size() - 217, 108) << '\n' << line(seen, page.size() - 109, 108) << '\n';
} catch (const std::exception& error) {
  std::cerr << "page_of_text: " << error.what() << '\n';
  return 1;
}
