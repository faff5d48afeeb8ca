// Saving and resuming. A process that has read half of a novel is stopped; what it saved is read by another, which
// goes on where the first one stopped and ends with the very bytes of a process that never was stopped. A file that
// was damaged on the way is refused, and says so.

#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <turnstile/core/errors.hpp>
#include <turnstile/sampler/l2_sampler.hpp>
#include <vector>

#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

namespace fs = std::filesystem;
using namespace examples;
using turnstile::Index;
using Sampler = turnstile::L2Sampler<float>;

void save(const Sampler& sampler, const fs::path& path) {
  const std::vector<std::byte> bytes = sampler.to_bytes();
  std::ofstream file(path, std::ios::binary);
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
}

Sampler load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return Sampler::from_bytes(std::as_bytes(std::span(bytes)));
}

void damage(const fs::path& path) {
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(5000).put('!');
}

}  // namespace

int main() try {
  const auto words = WordData<float>::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  const Index n = words.vectors.rows(), length = words.tokens.size();
  const auto read = [&](Sampler& sampler, Index first, Index last) {
    for (Index t = first; t < last; ++t) sampler.update(words.tokens[t], 1);
  };
  const fs::path path = fs::temp_directory_path() / "turnstile-save-and-resume.state";
  const turnstile::SamplerOptions options{.seed = 1815, .shape = turnstile::SketchShape::for_draws(n)};

  Sampler first(n, options);
  read(first, 0, length / 2);
  save(first, path);
  const auto size = static_cast<double>(fs::file_size(path));
  std::cout << "Stopped after " << grouped(length / 2) << " words; saved " << bytes_text(size) << ".\n";

  Sampler resumed = load(path);
  Sampler never_stopped(n, options);
  read(resumed, length / 2, length);
  read(never_stopped, 0, length);
  const auto draw = resumed.sample();
  std::cout << "Resumed: draws \"" << words.word(draw->index) << "\", " << fixed(draw->value, 0) << " times (exactly "
            << (words.tokens.array() == draw->index).count() << ").\nThe same bytes as without a stop: "
            << (resumed.to_bytes() == never_stopped.to_bytes() ? "yes" : "no") << ".\n";

  damage(path);
  try {
    load(path);
  } catch (const turnstile::CorruptState& error) {
    std::cout << "Damaged: " << error.what() << ".\n";
  }
  fs::remove(path);
} catch (const std::exception& error) {
  std::cerr << "save_and_resume: " << error.what() << '\n';
  return 1;
}
