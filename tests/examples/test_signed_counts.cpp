#include <turnstile/turnstile.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../support/catch.hpp"
#include "../support/refusal.hpp"
#include "npy_bytes.hpp"
#include "support/signed_counts.hpp"
#include "temporary_folder.hpp"

namespace {

using Index = Eigen::Index;

/// A stream in a file of its own.
examples::SignedCounts stream_of(const std::vector<std::int8_t>& values) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "stream.npy";
  write_npy(path, "|i1", "(" + std::to_string(values.size()) + ",)", {values.begin(), values.end()});
  return examples::SignedCounts(path);
}

/// Takes the updates of a sampler, and keeps y itself and the sizes of the batches.
struct WholeVector {
  Eigen::VectorXd y;
  std::vector<std::size_t> batches;

  void update(std::span<const Index> indices, std::span<const float> deltas) {
    REQUIRE(indices.size() == deltas.size());
    batches.push_back(indices.size());
    for (std::size_t k = 0; k < indices.size(); ++k) y[indices[k]] += static_cast<double>(deltas[k]);
  }
};

const std::vector<std::int8_t> values{3, 3, -1, 5, -3, 1, 1, -5};

}  // namespace

TEST_CASE("a value of the stream changes the count of its size by its sign", "[examples]") {
  auto stream = stream_of(values);
  REQUIRE(stream.dimension() == 5);
  REQUIRE(stream.updates() == 8);
  CHECK(stream.counts().isZero(0));
  WholeVector sampler{Eigen::VectorXd::Zero(5), {}};
  stream.advance_to(4, sampler);
  CHECK(stream.counts() == Eigen::VectorXd{{-1, 0, 2, 0, 1}});
  CHECK(sampler.y == stream.counts());
  CHECK(stream.deletions() == 1);
  stream.advance_to(4, sampler);
  stream.advance_to(8, sampler);
  CHECK(stream.counts() == Eigen::VectorXd{{1, 0, 1, 0, 0}});
  CHECK(sampler.y == stream.counts());
  CHECK(stream.deletions() == 3);
  CHECK(sampler.batches == std::vector<std::size_t>{4, 0, 4});
}

TEST_CASE("a sampler that reads a stream of counts estimates them", "[examples]") {
  auto stream = stream_of(values);
  turnstile::L2Sampler<float> sampler(stream.dimension(), {.seed = 1});
  stream.advance_to(stream.updates(), sampler);
  for (Index i = 0; i < stream.dimension(); ++i) CHECK(sampler.estimate(i) == Approx(stream.counts()[i]).margin(1e-6));
}

TEST_CASE("a stream with a zero, or of no integers, is refused", "[examples]") {
  const auto message = turnstile::testing::message_of<std::runtime_error>([] { stream_of({1, 0, 2}); });
  CHECK(turnstile::testing::contains(message, "is 0"));
  const TemporaryFolder folder;
  write_npy(folder.path() / "reals.npy", "<f4", "(1,)", std::string("\0\0\x80\x3F", 4));
  CHECK_THROWS_AS(examples::SignedCounts(folder.path() / "reals.npy"), examples::NpyError);
  CHECK_THROWS_AS(examples::SignedCounts(folder.path() / "missing.npy"), examples::NpyError);
}
