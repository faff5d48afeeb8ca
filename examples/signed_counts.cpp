// Draws coordinates of a vector of counts in proportion to their squares, under a long stream of
// insertions and deletions, and puts the draws beside the exact counts.
//
// The stream is an array of signed numbers: v changes count |v| by the sign of v. It is the file
// that is named on the command line, else one in the folder that TURNSTILE_SHARED names: the words
// on the lines that the changes of a public program's source added and removed.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <turnstile/turnstile.hpp>
#include <vector>

#include "support/draw_table.hpp"
#include "support/independent_draws.hpp"
#include "support/signed_counts.hpp"
#include "support/text.hpp"

namespace {

namespace fs = std::filesystem;
using namespace examples;
using turnstile::Index;
using Sampler = turnstile::L2Sampler<float>;

constexpr Index moments = 5;
constexpr Index independent_samplers = 800;
constexpr Index heavy = 10;
constexpr turnstile::Seed first_seed = 1813;

turnstile::SamplerOptions options_for(Index n, turnstile::Seed seed = first_seed) {
  return {.seed = seed, .shape = turnstile::SketchShape::for_draws(n)};
}

std::string percent(double share) { return fixed(100 * share, 1) + " %"; }

/// How often the draws gave one of the heaviest counts.
template <class Result>
double share_of_heaviest(const ExactLaw& law, Index ranks, const std::vector<Result>& results) {
  const auto heaviest = [&](const Result& draw) { return draw && law.rank(draw->index) <= ranks; };
  return static_cast<double>(std::count_if(results.begin(), results.end(), heaviest)) /
         static_cast<double>(results.size());
}

double probability_of_heaviest(const ExactLaw& law, Index ranks) {
  double sum = 0;
  for (Index rank = 1; rank <= ranks; ++rank) sum += law.probability(law.at_rank(rank));
  return sum;
}

const std::vector<int> widths = {10, 9, 9, 10, 9, 10, 10, 11, 6};

void print_title() {
  print_row(std::cout, widths,
            {"updates", "deletions", "not zero", "heaviest", "drawn", "top ten", "drawn", "chi-square", "p"});
}

/// Samplers with seeds of their own are fed the counts as they are: the state of one that has read
/// the stream is the same.
void print_moment(const SignedCounts& stream, Index position, turnstile::Seed seeds) {
  if (stream.counts().isZero(0)) {
    std::cout << "  " << grouped(position) << ": all counts are zero\n";
    return;
  }
  const ExactLaw law(stream.counts());
  const Index top = std::min(heavy, stream.dimension());
  const auto results = draw_independently(independent_samplers, seeds, [&](turnstile::Seed seed) {
    return sampler_of<float>(law.y(), options_for(stream.dimension(), seed));
  });
  LawReport report(law);
  for (const auto& draw : results)
    if (draw) report.count(draw->index);
  print_row(std::cout, widths,
            {grouped(position), percent(static_cast<double>(stream.deletions()) / static_cast<double>(position)),
             grouped((law.y().array() != 0).count()), percent(probability_of_heaviest(law, 1)),
             percent(share_of_heaviest(law, 1, results)), percent(probability_of_heaviest(law, top)),
             percent(share_of_heaviest(law, top, results)),
             fixed(report.statistic(), 1) + " / " + std::to_string(report.degrees()), fixed(report.p_value(), 3)});
  std::cout << std::flush;
}

void print_end(const SignedCounts& stream, const Sampler& sampler) {
  const ExactLaw law(stream.counts());
  std::cout << "\nWhat the one sampler that read the stream draws at its end, without replacement\n";
  print_draws(std::cout, "count", 10, law, sampler.sample_without_replacement(6),
              [](Index i) { return "no. " + grouped(i + 1); });
  const auto bytes = [](Index numbers, std::size_t each) {
    return bytes_text(static_cast<double>(numbers) * static_cast<double>(each));
  };
  const Index left = (law.y().array() != 0).count();
  std::cout << "\n  An update: " << fixed(1e9 * stream.seconds() / static_cast<double>(stream.updates()), 0)
            << " ns. The state: " << bytes_text(static_cast<double>(sampler.memory_bytes()))
            << ". All counts as 32-bit integers: " << bytes(stream.dimension(), sizeof(std::int32_t))
            << "; a list of those not zero: " << bytes(left, 2 * sizeof(std::int32_t)) << ".\n";
}

void follow(const fs::path& path) {
  SignedCounts stream(path);
  const Index n = stream.dimension();
  Sampler sampler(n, options_for(n));
  std::cout << "y_i    a count under " << grouped(stream.updates()) << " signed updates; there are " << grouped(n)
            << " counts\n"
            << "At five moments " << grouped(independent_samplers)
            << " samplers with seeds of their own draw once each, in proportion to y_i^2. The\n"
            << "heaviest count and the top ten: their exact probability, and how often they were "
               "drawn.\n\n";
  print_title();
  for (Index moment = 1; moment <= moments; ++moment) {
    const Index position = stream.updates() * moment / moments;
    stream.advance_to(position, sampler);
    print_moment(stream, position, first_seed + static_cast<turnstile::Seed>(moment * independent_samplers));
  }
  print_end(stream, sampler);
}

std::optional<fs::path> stream_file(int count, char** words) {
  if (count > 2) throw std::invalid_argument("usage: signed_counts [FILE.npy]");
  if (count == 2) return words[1];
  const char* shared = std::getenv("TURNSTILE_SHARED");
  if (!shared) return std::nullopt;
  const fs::path file = fs::path(shared) / "streams" / "turnstile_git_first1500000_i32.npy";
  return fs::exists(file) ? std::optional(file) : std::nullopt;
}

}  // namespace

int main(int count, char** words) try {
  if (const auto file = stream_file(count, words))
    follow(*file);
  else
    std::cout << "skipped: no file is named, and TURNSTILE_SHARED names no folder that has one\n";
} catch (const std::exception& error) {
  std::cerr << "signed_counts: " << error.what() << '\n';
  return 1;
}
