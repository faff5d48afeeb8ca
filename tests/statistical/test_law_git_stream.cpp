#include <turnstile/turnstile.hpp>

#include "law_check.hpp"
#include "support/catch.hpp"
#include "support/integer_stream.hpp"
#include "support/law_vectors.hpp"
#include "support/many_seeds.hpp"
#include "support/signed_counts.hpp"
#include "support/trials.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

// The law of L2Sampler at five moments of a real stream: the words on the lines that the changes of a
// public program's source added and removed, 1.5 million updates by ±1 of 70 000 counts, a third of them
// deletions. At every moment one count holds a quarter of ‖y‖² or more, and ten most of it.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

constexpr Index moments = 5;
constexpr Index blocks = 150;  // of the stream, as many for each moment

using Sampler = L2Sampler<float>;
using Drawn = std::array<Index, moments>;  // at each moment; -1 for a draw that failed

std::optional<std::filesystem::path> stream_file() {
  const char* shared = std::getenv("TURNSTILE_SHARED");
  if (shared == nullptr) return std::nullopt;
  const auto file = std::filesystem::path(shared) / "streams" / "turnstile_git_first1500000_i32.npy";
  return std::filesystem::exists(file) ? std::optional(file) : std::nullopt;
}

// Takes the updates of a sampler, and keeps by how much they change each count in all.
struct NetChanges {
  std::map<Index, float> changes;

  void update(std::span<const Index> indices, std::span<const float> deltas) {
    for (std::size_t k = 0; k < indices.size(); ++k) changes[indices[k]] += deltas[k];
  }

  Updates<float> updates() const {
    Updates<float> result;
    for (const auto& [index, change] : changes)
      if (change != 0) result.push(index, change);
    return result;
  }
};

// The stream as blocks of net changes, and the law of its counts at each moment.
struct BlockedStream {
  Index dimension = 0;
  std::vector<Updates<float>> parts;
  std::vector<std::vector<double>> laws;

  explicit BlockedStream(examples::SignedCounts stream) : dimension(stream.dimension()) {
    for (Index block = 1; block <= blocks; ++block) {
      NetChanges net;
      stream.advance_to(stream.updates() * block / blocks, net);
      parts.push_back(net.updates());
      if (block % (blocks / moments) == 0) laws.push_back(exact_law({stream.counts().begin(), stream.counts().end()}));
    }
  }
};

Sampler empty_sampler(Index n, Seed seed) { return Sampler(n, {.seed = seed, .shape = SketchShape::for_draws(n)}); }

// Update by update, as the stream comes.
Drawn draw_from_updates(examples::SignedCounts stream, Seed seed) {
  Sampler sampler = empty_sampler(stream.dimension(), seed);
  Drawn drawn;
  for (Index moment = 0; moment < moments; ++moment) {
    stream.advance_to(stream.updates() * (moment + 1) / moments, sampler);
    drawn[static_cast<std::size_t>(moment)] = drawn_index(sampler.sample());
  }
  return drawn;
}

Drawn draw_from_blocks(const BlockedStream& stream, Seed seed) {
  Sampler sampler = empty_sampler(stream.dimension, seed);
  Drawn drawn;
  std::size_t moment = 0;
  for (std::size_t block = 1; block <= stream.parts.size(); ++block) {
    const Updates<float>& part = stream.parts[block - 1];
    sampler.update(part.indices, part.deltas);
    if (block % (blocks / moments) == 0) drawn[moment++] = drawn_index(sampler.sample());
  }
  return drawn;
}

}  // namespace

// Quantity, law and significance: see `check_law`, once for each moment. Trials: 2 000 samplers, which all read
// the stream from its beginning, in blocks of 10 000 updates that change each count once (175 000 changes, 30 % of
// them negative); what update by update gives is the same state but for rounding, and for a few seeds it is
// compared. Seen in one half of cases: a heaviest count, a third of the law, off by 3.6 % of all draws.
// Turns red: a scaling of 1/e instead of 1/√e; negative changes taken for positive ones.
TEST_CASE("Draws follow the law of the squares at five moments of a real stream", "[law][long]") {
  const auto file = stream_file();
  if (!file) {
    WARN("skipped: TURNSTILE_SHARED names no folder that has the stream");
    return;
  }
  const examples::SignedCounts stream(*file);
  const BlockedStream blocked(stream);
  const auto drawn = for_many_seeds(trials(2000), 1, [&](Seed seed) { return draw_from_blocks(blocked, seed); });
  const auto update_by_update = for_many_seeds(4, 1, [&](Seed seed) { return draw_from_updates(stream, seed); });
  for (std::size_t k = 0; k < update_by_update.size(); ++k) CHECK(drawn[k] == update_by_update[k]);
  for (std::size_t moment = 0; moment < blocked.laws.size(); ++moment) {
    INFO("moment " << moment + 1 << " of " << moments);
    std::vector<Index> indices;
    for (const Drawn& of_seed : drawn) indices.push_back(of_seed[moment]);
    check_failures(indices);
    check_law(blocked.laws[moment], indices,
              mistaken_identity(keys_read_by_tree, SketchShape::for_draws(blocked.dimension)));
  }
}
