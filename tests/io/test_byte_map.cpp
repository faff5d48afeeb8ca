// The bytes of small states, place by place, as `io/byte_format.hpp` and each `to_bytes` describe
// them.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/states.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Reads on from a place by shifts, which know nothing of the library or of the machine's order.
class Cursor {
 public:
  Cursor(const Bytes& bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  std::uint64_t word(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < size; ++k) value |= std::to_integer<std::uint64_t>(bytes_.at(at_ + k)) << (8 * k);
    at_ += size;
    return value;
  }
  std::string text() {
    const std::uint64_t length = word(4);
    std::string result;
    for (std::uint64_t k = 0; k < length; ++k) result += static_cast<char>(word(1));
    return result;
  }
  double number() { return std::bit_cast<double>(word(8)); }
  float single() { return std::bit_cast<float>(static_cast<std::uint32_t>(word(4))); }
  std::size_t at() const { return at_; }

 private:
  const Bytes& bytes_;
  std::size_t at_;
};

// Checks magic, version, size and identity; what is left to read are the arrays.
template <class State>
Cursor past_identity(const State& state, const Bytes& bytes) {
  const Identity identity = state.identity();
  Cursor cursor(bytes, 0);
  CHECK(cursor.word(8) == 0x6c6974736e727574);  // "turnstil"
  CHECK(cursor.word(4) == io::format_version);
  CHECK(cursor.word(4) == 0);
  CHECK(cursor.word(8) == bytes.size());
  CHECK(cursor.word(8) == io::checksum(bytes, io::format_version));
  CHECK(cursor.text() == State::kind);
  CHECK(cursor.text() == identity.scalar);
  CHECK(cursor.text() == identity.policies);
  CHECK(cursor.word(8) == static_cast<std::uint64_t>(identity.dimension));
  CHECK(cursor.word(8) == static_cast<std::uint64_t>(identity.width));
  CHECK(cursor.word(8) == static_cast<std::uint64_t>(identity.options.shape.rows));
  CHECK(cursor.word(8) == static_cast<std::uint64_t>(identity.options.shape.buckets));
  CHECK(cursor.word(8) == identity.options.seed);
  CHECK(cursor.number() == identity.options.power);
  CHECK(cursor.number() == identity.options.epsilon);
  CHECK(cursor.word(8) == identity.operand);
  return cursor;
}

}  // namespace

// All 145 bytes, written by a second implementation from the description of format, hash and
// sketch. They may turn red only with a change of `io::format_version`.
TEST_CASE("a CountSketch of two counters has these bytes", "[io][golden]") {
  constexpr std::array<unsigned char, 145> expected{
      0x74, 0x75, 0x72, 0x6e, 0x73, 0x74, 0x69, 0x6c,                                            // magic
      0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // version, zero
      0x91, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // size: 145
      0x86, 0xfd, 0x1f, 0xeb, 0x9c, 0x40, 0xe4, 0x83,                                            // checksum
      0x0b, 0x00, 0x00, 0x00, 0x43, 0x6f, 0x75, 0x6e, 0x74, 0x53, 0x6b, 0x65, 0x74, 0x63, 0x68,  // "CountSketch"
      0x07, 0x00, 0x00, 0x00, 0x66, 0x6c, 0x6f, 0x61, 0x74, 0x36, 0x34,                          // "float64"
      0x03, 0x00, 0x00, 0x00, 0x6d, 0x69, 0x78,                                                  // "mix"
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40,                                            // dimension: 2⁶²
      0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // width
      0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // rows
      0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // buckets
      0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // seed
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40,                                            // power: 2
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xd0, 0x3f,                                            // epsilon: ¼
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,                                            // fixed operand
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0xc0,                                            // counter 0: −3
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xe0, 0x3f,                                            // counter 1: ½
  };
  CountSketch<> sketch({1, 2}, 1);
  sketch.update(42, 3.0);
  sketch.update(7, -0.5);
  const Bytes bytes = sketch.to_bytes();
  REQUIRE(bytes.size() == expected.size());
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    CAPTURE(k);
    CHECK(std::to_integer<unsigned>(bytes[k]) == expected[k]);
  }
}

TEMPLATE_LIST_TEST_CASE("a sketch is its identity and its counters, row by row", "[io]", AllSketches) {
  using Scalar = typename TestType::scalar_type;
  const auto sketch = used_state<TestType>({2, 3});
  const Bytes bytes = sketch.to_bytes();
  Cursor cursor = past_identity(sketch, bytes);
  for (Scalar counter : sketch.counters()) {
    if constexpr (std::is_same_v<Scalar, double>) CHECK(cursor.number() == counter);
    if constexpr (std::is_same_v<Scalar, float>) CHECK(cursor.single() == counter);
    if constexpr (std::is_integral_v<Scalar>) CHECK(cursor.word(8) == static_cast<std::uint64_t>(counter));
  }
  CHECK(cursor.at() == bytes.size());
}

TEST_CASE("an L2Sampler is its fingerprint, 64 rounding lanes, the scaled and the plain counters", "[io]") {
  const auto sampler = used_state<L2Sampler<double>>();
  const Bytes bytes = sampler.to_bytes();
  Cursor cursor = past_identity(sampler, bytes);
  CHECK(cursor.word(8) == sampler.image().residue);
  for (int lane = 0; lane < 64; ++lane)
    CHECK(cursor.number() == sampler.image().rounding.values()[static_cast<std::size_t>(lane)]);
  for (double counter : sampler.image().scaled.flat()) CHECK(cursor.number() == counter);
  for (double counter : sampler.image().plain.flat()) CHECK(cursor.number() == counter);
  CHECK(cursor.at() == bytes.size());
}

TEST_CASE("an L2Sampler of floats keeps its counters in four bytes each", "[io]") {
  const auto sampler = used_state<L2Sampler<float>>();
  const Bytes bytes = sampler.to_bytes();
  Cursor cursor = past_identity(sampler, bytes);
  for (int k = 0; k < 1 + 64; ++k) cursor.word(8);
  for (float counter : sampler.image().scaled.flat()) CHECK(cursor.single() == counter);
  for (float counter : sampler.image().plain.flat()) CHECK(cursor.single() == counter);
  CHECK(cursor.at() == bytes.size());
}

// The image of A applied to x = e_j is the image of y = A e_j, whose places are known from above.
TEST_CASE("a FixedMatrixSampler is the image of A, and x in three vectors and its residues", "[io]") {
  using State = FixedMatrixSampler<double>;
  const auto empty = empty_state<State>(), used = used_state<State>();
  const Bytes bytes = used.to_bytes();
  Cursor cursor = past_identity(used, bytes);
  std::vector<State> unit(2, empty);
  for (Index j = 0; j < 2; ++j) unit[static_cast<std::size_t>(j)].update(j, 1.0);
  for (const State& sampler : unit) CHECK(cursor.word(8) == sampler.image().residue);
  for (int lane = 0; lane < 64; ++lane) CHECK(cursor.number() >= 0);  // rounding bounds of the image
  const auto check_rows = [&](auto&& counters_of) {
    const auto first = unit[0].image(), second = unit[1].image();
    for (std::size_t cell = 0; cell < counters_of(first).size(); ++cell) {
      REQUIRE(cursor.number() == counters_of(first)[cell]);
      REQUIRE(cursor.number() == counters_of(second)[cell]);
    }
  };
  check_rows([](const VectorImage<double>& image) { return image.scaled.flat(); });
  check_rows([](const VectorImage<double>& image) { return image.plain.flat(); });
  CHECK(cursor.number() == used.vector()[0]);
  CHECK(cursor.number() == used.vector()[1]);
  CHECK(cursor.number() == 1.0 / 3);  // x at the refresh
  CHECK(cursor.number() == 0);
  CHECK(cursor.number() >= 0);  // rounding bounds of x
  CHECK(cursor.number() >= 0);
  CHECK(cursor.word(8) == detail::residue61(1.0 / 3));
  CHECK(cursor.word(8) == detail::residue61(-7.0));
  CHECK(cursor.at() == bytes.size());
}

TEST_CASE("a FixedMatrixBuilder and the sampler that it builds keep the same image of A", "[io]") {
  const auto builder = used_state<FixedMatrixBuilder<double>>();
  const Bytes bytes = builder.to_bytes();
  const std::size_t begin = past_identity(builder, bytes).at();
  auto copy = builder;
  const auto sampler = std::move(copy).build();
  const Bytes built = sampler.to_bytes();
  const std::size_t built_begin = past_identity(sampler, built).at(), vectors = 4 * 2 * 8;
  REQUIRE(bytes.size() - begin == built.size() - built_begin - vectors);
  CHECK(std::equal(bytes.begin() + static_cast<std::ptrdiff_t>(begin), bytes.end(),
                   built.begin() + static_cast<std::ptrdiff_t>(built_begin)));
}
