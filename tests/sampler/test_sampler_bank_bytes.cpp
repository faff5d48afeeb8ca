#include <turnstile/turnstile.hpp>

#include "support/catch.hpp"
#include "support/integer_matrix.hpp"
#include "support/integer_stream.hpp"
#include "support/refusal.hpp"
#include "support/states.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// The bytes of a SamplerBank.

using namespace turnstile;
using namespace turnstile::testing;

static_assert(LinearState<SamplerBank<L2Sampler<>>> && LinearState<SamplerBank<FixedMatrixSampler<float>>>);

namespace {

constexpr Index count = 3, rows = 40, columns = 3;
const SamplerOptions options{.seed = 9, .shape = {.rows = 1, .buckets = 8}};
const Eigen::Vector3d x(1, -2, 0.5);

using Bank = SamplerBank<L2Sampler<>>;

Bank small_bank(const SamplerOptions& with = options, Index size = count) {
  Bank bank(size, with, rows);
  const auto stream = integer_stream<double>(rows, 50, 1);
  bank.update(stream.indices, stream.deltas);
  return bank;
}

std::string damage(const Bytes& bytes) {
  return message_of_exactly<CorruptState>([&] { Bank::from_bytes(bytes); });
}

// Where the arrays of small_bank() are: count, bytes of a sampler, samplers.
std::size_t count_at() { return arrays_at(small_bank().identity()); }
std::size_t sampler_at(std::size_t k) { return count_at() + 16 + k * small_bank()[0].to_bytes().size(); }

// The bytes of small_bank() with another state in the place of its k-th sampler.
Bytes with_sampler(std::size_t k, const Bytes& state) {
  Bytes bytes = small_bank().to_bytes();
  REQUIRE(state.size() == small_bank()[0].to_bytes().size());
  std::copy(state.begin(), state.end(), bytes.begin() + static_cast<std::ptrdiff_t>(sampler_at(k)));
  return repaired(bytes);
}

// Reads a bank back, feeds both, and looks for any difference.
template <class S, class Feed>
void check_round_trip(SamplerBank<S> bank, const Feed& feed) {
  feed(bank);
  auto read = SamplerBank<S>::from_bytes(bank.to_bytes());
  CHECK((read.to_bytes() == bank.to_bytes()));
  CHECK(read.options() == bank.options());
  feed(bank);
  feed(read);
  CHECK((read.to_bytes() == bank.to_bytes()));
  read += bank;  // of one identity
  REQUIRE(read.size() == bank.size());
  for (Index k = 0; k < bank.size(); ++k) CHECK(read[k].options() == bank[k].options());
}

}  // namespace

TEST_CASE("A bank that is read back goes on as the one that was written", "[bank][io]") {
  check_round_trip(small_bank(), [](auto& bank) { bank.update(Index{5}, 2.5); });
  check_round_trip(SamplerBank<L2Sampler<float>>(1, options, rows), [](auto& bank) { bank.update(Index{5}, 2.5F); });
  check_round_trip(SamplerBank<FixedVectorSampler<>>(count, options, rows, x),
                   [](auto& bank) { bank.update_row(Index{7}, Eigen::RowVector3d(1, 2, 3)); });
  check_round_trip(SamplerBank<FixedMatrixSampler<>>(count, options, integer_matrix(rows, columns, 1)),
                   [](auto& bank) { bank.update(Index{1}, 2.5); });
  check_round_trip(SamplerBank<DynamicSampler<>>(count, options, rows, columns), [](auto& bank) {
    bank.update_matrix(Index{5}, Index{1}, 2.5);
    bank.update_vector(x);
  });
  check_round_trip(SamplerBank<RowSampler<>>(count, options, rows, columns),
                   [](auto& bank) { bank.update_row(Index{7}, Eigen::RowVector3d(1, 2, 3)); });
}

TEST_CASE("A bank is the number of its samplers, the bytes of one, and their states", "[bank][io]") {
  const Bank bank = small_bank();
  const Bytes bytes = bank.to_bytes();
  CHECK(bank.identity().kind == "SamplerBank of L2Sampler");
  CHECK(Bank::kind == "SamplerBank of L2Sampler");
  const Bytes first = bank[0].to_bytes();
  CHECK(io::load_little<std::uint64_t>(bytes.data() + count_at()) == std::uint64_t{count});
  CHECK(io::load_little<std::uint64_t>(bytes.data() + count_at() + 8) == first.size());
  REQUIRE(bytes.size() == sampler_at(std::size_t{count}));
  for (Index k = 0; k < count; ++k) {
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(sampler_at(static_cast<std::size_t>(k)));
    CHECK((Bytes(at, at + std::ssize(first)) == bank[k].to_bytes()));
  }
}

TEST_CASE("Every damaged bit and every cut of a bank's bytes is seen", "[bank][io]") {
  const Bytes bytes = small_bank().to_bytes();
  for (std::size_t bit = 0; bit < 8 * bytes.size(); bit += 7) {
    Bytes damaged = bytes;
    damaged[bit / 8] ^= std::byte{1} << static_cast<int>(bit % 8);
    CAPTURE(bit);
    CHECK(refused<Bank>(damaged));
  }
  for (std::size_t size = 0; size < bytes.size(); size += 61)
    CHECK(refused<Bank>(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
}

TEST_CASE("Sizes of a bank that its bytes do not have are refused before memory is", "[bank][io]") {
  const Bank bank = small_bank();
  const std::uint64_t each = bank[0].to_bytes().size();
  CHECK(contains(damage(with_number(bank, count_at(), std::uint64_t{0})), "number of samplers is 0"));
  CHECK(contains(damage(with_number(bank, count_at(), std::uint64_t{4})), "asks for 4 numbers"));
  CHECK(contains(damage(with_number(bank, count_at(), (std::uint64_t{1} << 20) + 1)), "number of samplers is 1048577"));
  CHECK(contains(damage(with_number(bank, count_at(), ~std::uint64_t{0})), "number of samplers is -1"));
  for (std::uint64_t wrong : {std::uint64_t{0}, std::uint64_t{31}})
    CHECK(contains(damage(with_number(bank, count_at() + 8, wrong)), "has no header"));
  for (std::uint64_t wrong : {each - 1, each + 1, 3 * each, ~std::uint64_t{0}, std::uint64_t{1} << 63})
    CHECK(contains(damage(with_number(bank, count_at() + 8, wrong)), "the arrays take"));
}

TEST_CASE("A bank is not read with samplers that are not its own", "[bank][io]") {
  const Bank bank = small_bank();
  REQUIRE(damage(with_sampler(1, bank[1].to_bytes())) == "(nothing was thrown)");
  CHECK(contains(damage(with_sampler(0, bank[1].to_bytes())), "seed is "));
  CHECK(contains(damage(with_sampler(2, bank[1].to_bytes())), "seed is "));
  SamplerOptions first = options, second = options;
  first.seed = bank[0].options().seed;
  second.seed = bank[1].options().seed;
  CHECK(contains(damage(with_sampler(1, L2Sampler<>(rows + 1, second).to_bytes())), "dimension is 41, expected 40"));
  CHECK(contains(damage(with_sampler(0, L2Sampler<>(rows + 1, first).to_bytes())), "dimension is "));
  first.epsilon = 0.125;
  CHECK(contains(damage(with_sampler(0, L2Sampler<>(rows, first).to_bytes())), "epsilon is 0.125"));
  Bytes damaged = bank[1].to_bytes();
  damaged.back() ^= std::byte{1};
  CHECK(contains(damage(with_sampler(1, damaged)), "checksum"));
}

TEST_CASE("A bank is not read under another identity", "[bank][io]") {
  const Bank bank = small_bank();
  const auto under = [&](const auto& change) {
    Identity identity = bank.identity();
    change(identity);
    return damage(with_identity(bank, identity));
  };
  CHECK(under([](Identity&) {}) == "(nothing was thrown)");
  CHECK(contains(under([](Identity& i) { i.options.seed = 10; }), "seed is "));
  CHECK(contains(under([](Identity& i) { i.dimension = 41; }), "dimension is "));
  CHECK(contains(under([](Identity& i) { i.options.shape.rows = 3; }), "rows is "));
  CHECK(contains(under([](Identity& i) { i.operand ^= 1; }), "fixed operand is "));
  CHECK(contains(under([](Identity& i) { i.kind = "L2Sampler"; }),
                 "kind is L2Sampler, expected SamplerBank of L2Sampler"));
  CHECK(contains(under([](Identity& i) { i.scalar = "float32"; }), "scalar is float32"));
  CHECK(contains(damage(bank[0].to_bytes()), "kind is L2Sampler"));
  CHECK(contains(message_of_exactly<CorruptState>([&] { L2Sampler<>::from_bytes(bank.to_bytes()); }), "kind is "));
  CHECK(contains(message_of_exactly<CorruptState>([&] { SamplerBank<RowSampler<>>::from_bytes(bank.to_bytes()); }),
                 "kind is SamplerBank of L2Sampler, expected SamplerBank of RowSampler"));
}
