// Draws words in proportion to y_i² where no process has seen all of y = A·x: run it with
// mpirun -np 4 sharded_rows.
//
//   A  word vectors, a row for each of 65,536 words; every rank feeds the rows that are its own
//   x  the sum of the vectors of the words of a novel; every rank reads its own part of the novel
//
// The states of all ranks add up to one, in place and without a copy through bytes; from it every
// rank makes the draw that a process makes that has read everything. Before, each rank saves its
// state, so that where one dies a restart adds the saved ones up. Beside it integer counters count
// the novel's words: their sum is that of one process to the last bit.

#include <mpi.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <turnstile/distributed/mpi.hpp>
#include <turnstile/turnstile.hpp>
#include <vector>

#include "support/text.hpp"
#include "support/word_arguments.hpp"
#include "support/word_data.hpp"

namespace {

namespace fs = std::filesystem;
using namespace examples;
using turnstile::Index;
using Words = WordData<float>;
using Counts = turnstile::CountSketch<std::int64_t>;
using Sampler = turnstile::DynamicSampler<float>;

constexpr turnstile::Seed seed = 1813;  // the year of the novel

/// What a rank keeps of its part of the streams.
struct Part {
  Sampler sampler;
  Counts counts;

  explicit Part(const Words& words)
      : sampler(words.vectors.rows(), words.vectors.cols(),
                {.seed = seed, .shape = turnstile::SketchShape::for_draws(words.vectors.rows())}),
        counts({.rows = 5, .buckets = 1024}, seed) {}

  void read(const Words& words, int rank, int ranks) {
    const auto begin = [&](Index count, int part) { return count * part / ranks; };
    const Index rows = words.vectors.rows(), tokens = words.tokens.size();
    for (Index i = begin(rows, rank); i < begin(rows, rank + 1); ++i)
      sampler.update_matrix_row(i, words.vectors.row(i));
    for (Index t = begin(tokens, rank); t < begin(tokens, rank + 1); ++t) {
      sampler.update_vector(words.vectors.row(words.tokens[t]));
      counts.update(words.tokens[t], 1);
    }
    sampler.refresh();
  }
};

fs::path saved_at(const fs::path& folder, int rank) { return folder / ("rank-" + std::to_string(rank) + ".state"); }

void save(const Sampler& sampler, const fs::path& path) {
  const std::vector<std::byte> bytes = sampler.to_bytes();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
  if (!file) throw std::runtime_error(path.string() + ": cannot be written");
}

Sampler load(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return Sampler::from_bytes(std::as_bytes(std::span(bytes)));
}

/// The way back: the saved states of all ranks, added up by one.
Sampler restarted(const fs::path& folder, int ranks) {
  Sampler sum = load(saved_at(folder, 0));
  for (int rank = 1; rank < ranks; ++rank) sum += load(saved_at(folder, rank));
  return sum;
}

void print_draw(const Words& words, const std::string& who, const Sampler& sampler) {
  const auto draw = sampler.sample();
  if (!draw) throw std::runtime_error(who + ": " + to_string(draw.outcome()));
  print_row(std::cout, {40, 14, 14, 12},
            {who, words.word(draw->index), significant(draw->value, 7), scientific(draw->probability, 2)});
}

/// Throws unless two samplers make the same draw, with values as close as the rounding of floats.
void require_same_draw(const Sampler& a, const Sampler& b) {
  const auto one = a.sample(), other = b.sample();
  if (!one || !other || one->index != other->index ||
      std::abs(one->value - other->value) > 1e-3F * std::abs(other->value))
    throw std::runtime_error("the draws differ");
}

void report(const Words& words, const Part& sum, const fs::path& folder, int ranks) {
  Part whole(words);
  whole.read(words, 0, 1);
  const Sampler after_restart = restarted(folder, ranks);
  std::cout << "A has " << grouped(words.vectors.rows()) << " rows and the novel " << grouped(words.tokens.size())
            << " words; each of " << ranks << " ranks fed its share, and keeps "
            << bytes_text(static_cast<double>(sum.sampler.memory_bytes())) << ".\n\n";
  print_row(std::cout, {40, 14, 14, 12}, {"who draws", "word", "value", "p"});
  print_draw(words, "every rank, from the sum over ranks", sum.sampler);
  print_draw(words, "one process that read everything", whole.sampler);
  print_draw(words, "a restart, from the states saved", after_restart);
  require_same_draw(sum.sampler, whole.sampler);
  require_same_draw(sum.sampler, after_restart);
  if (sum.counts.to_bytes() != whole.counts.to_bytes()) throw std::runtime_error("the counts differ");
  std::cout << "\nThe integer counters of the sum are those of one process to the last bit; \"the\" is counted "
            << grouped(sum.counts.estimate(words.row("the"))) << " times.\n";
}

void run(const WordArguments& arguments, int rank, int ranks) {
  const Words words = Words::load(arguments.files);
  fs::create_directories(arguments.output);
  Part part(words);
  part.read(words, rank, ranks);
  save(part.sampler, saved_at(arguments.output, rank));
  turnstile::mpi::all_reduce(part.sampler, MPI_COMM_WORLD);  // by when all have saved theirs
  turnstile::mpi::reduce(part.counts, 0, MPI_COMM_WORLD);
  if (rank == 0) report(words, part, arguments.output, ranks);
}

}  // namespace

int main(int count, char** values) {
  MPI_Init(&count, &values);
  int rank = 0, ranks = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  try {
    run(WordArguments::parse({values, values + count}, TURNSTILE_EXAMPLES "/data"), rank, ranks);
  } catch (const std::exception& error) {
    std::cerr << "sharded_rows: " << error.what() << '\n';
    MPI_Abort(MPI_COMM_WORLD, 1);  // the other ranks would wait for this one
  }
  MPI_Finalize();
}
