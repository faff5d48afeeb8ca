// Damaged bytes are refused as CorruptState: no crash, no large allocation, no silent answer.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/every_state.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

Bytes with_flipped_bit(Bytes bytes, std::size_t bit) {
  bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
  return bytes;
}

// All bits of a small state. Of a sampler's kilobytes all that may be header and identity, then
// each `stride`-th, an odd number, so that every place in a byte has its turn.
std::vector<std::size_t> bits_to_flip(std::size_t bytes, std::size_t stride) {
  constexpr std::size_t small = 512;
  std::vector<std::size_t> bits;
  for (std::size_t bit = 0; bit < 8 * bytes; bit += bit < 8 * small ? 1 : stride) bits.push_back(bit);
  return bits;
}

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Those whose bytes are their identity and what `for_each_array` shows, in that order.
using StatesOfArraysAlone =
    std::tuple<CountSketch<double>, CountSketch<float>, SketchedMatrix<double>, AmsSketch<double>, L2Sampler<double>,
               L2Sampler<float>, FixedMatrixBuilder<double>, RowSampler<double>>;

// Walks through the arrays of a state, and puts what cannot be into one entry of its bytes after the other.
template <class State>
class WrongEntries {
 public:
  explicit WrongEntries(const State& state) : state_(state), at_(arrays_at(state.identity())) {}

  template <class T>
  void numbers(std::span<const T> values) const {
    try_each(values, {std::numeric_limits<T>::quiet_NaN(), std::numeric_limits<T>::infinity()});
  }
  void residues(std::span<const std::uint64_t> values) const { try_each(values, {detail::mersenne61}); }
  template <class After>
  void bounds(std::span<const double> values, const After&) const {
    try_each(values, {nan_value, infinity, -1.0});
  }

  std::size_t end() const { return at_; }
  std::size_t accepted() const { return accepted_; }

 private:
  template <class T>
  void try_each(std::span<const T> values, std::initializer_list<T> impossible) const {
    for (std::size_t k = 0; k < values.size(); ++k, at_ += sizeof(T))
      for (T wrong : impossible) accepted_ += !refused<State>(with_number(state_, at_, wrong));
  }

  const State& state_;
  mutable std::size_t at_, accepted_ = 0;  // a visitor is const
};

}  // namespace

TEMPLATE_LIST_TEST_CASE("bytes cut at any length, or with more behind them, are refused", "[io]", EveryState) {
  const Bytes bytes = used_state<TestType>().to_bytes();
  REQUIRE_FALSE(refused<TestType>(bytes));
  std::size_t accepted = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length)
    accepted += !refused<TestType>(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)));
  for (std::size_t more : std::initializer_list<std::size_t>{1, 4, 8, 4096}) {
    Bytes longer = bytes;
    longer.resize(bytes.size() + more);
    accepted += !refused<TestType>(longer);
  }
  CHECK(accepted == 0);
}

TEMPLATE_LIST_TEST_CASE("bytes with any one bit flipped are refused", "[io]", EveryState) {
  const Bytes bytes = used_state<TestType>().to_bytes();
  std::size_t accepted = 0;
  for (std::size_t bit : bits_to_flip(bytes.size(), 9)) accepted += !refused<TestType>(with_flipped_bit(bytes, bit));
  CHECK(accepted == 0);
}

// A flip that the checksum does not show may make another valid state, of another seed or with
// another number; it may not be read as anything but what the bytes say (`refused` throws if it
// is), and in the header it must be seen.
TEMPLATE_LIST_TEST_CASE("flipped bits behind a repaired checksum are refused or read as they are", "[io]",
                        EveryStateOfOneChecksum) {
  const auto state = used_state<TestType>();
  const Bytes bytes = state.to_bytes();
  REQUIRE(arrays_at(state.identity()) < 512);
  std::size_t accepted_headers = 0, accepted = 0;
  for (std::size_t bit : bits_to_flip(bytes.size(), 41)) {
    if (bit / 64 == io::checksum_at / 8) continue;
    const bool taken = !refused<TestType>(repaired(with_flipped_bit(bytes, bit)));
    accepted += taken;
    accepted_headers += taken && bit < 8 * io::header_bytes;
  }
  CHECK(accepted_headers == 0);
  CHECK(accepted >= 64);  // at least those of the seed: else every flip was refused for another reason
}

TEMPLATE_LIST_TEST_CASE("a size that wraps around or lies is refused", "[io]", EveryState) {
  const auto state = used_state<TestType>();
  const std::uint64_t size = state.to_bytes().size();
  for (std::uint64_t wrong : {std::uint64_t{0}, size - 1, size + 1, size + (std::uint64_t{1} << 32), ~std::uint64_t{0}})
    CHECK(refused<TestType>(with_number(state, io::size_at, wrong)));
}

TEST_CASE("each damage of a header is named", "[io]") {
  const auto sketch = used_state<CountSketch<>>();
  const Bytes bytes = sketch.to_bytes();
  const auto message = [](const Bytes& damaged) {
    return message_of_exactly<CorruptState>([&] { CountSketch<>::from_bytes(damaged); });
  };
  CHECK(contains(message({}), "0 bytes"));
  CHECK(contains(message(Bytes(31)), "31 bytes"));
  CHECK(contains(message(Bytes(100)), "no state"));
  CHECK(contains(message(with_number(sketch, 8, io::format_version + 1)),
                 "version " + std::to_string(io::format_version + 1) + " is unknown"));
  CHECK(contains(message(with_number(sketch, 8, std::uint32_t{0})), "version 0 is unknown"));
  CHECK(contains(message(with_number(sketch, 12, std::uint32_t{5})), "hold 5, not zero"));
  CHECK(contains(message(with_number(sketch, io::size_at, std::uint64_t{99})), "99 bytes"));
  CHECK(contains(message(with_flipped_bit(bytes, 8 * bytes.size() - 1)), "checksum"));
  CHECK(contains(message(with_number(sketch, io::header_bytes, std::uint32_t{0x7fffffff})), "2147483647 more"));
}

TEMPLATE_LIST_TEST_CASE("a floating counter that is not finite is refused", "[io]", FloatingSketches) {
  using Scalar = typename TestType::scalar_type;
  const auto sketch = used_state<TestType>();
  const std::size_t at = arrays_at(sketch.identity());
  for (double wrong : {nan_value, infinity, -infinity})
    for (std::size_t k = 0; k < sketch.counters().size(); ++k)
      CHECK(refused<TestType>(with_number(sketch, at + k * sizeof(Scalar), static_cast<Scalar>(wrong))));
  CHECK_FALSE(refused<TestType>(with_number(sketch, at, std::numeric_limits<Scalar>::max())));
}

// No stream leaves such counters, and the most negative one has no negative.
TEMPLATE_LIST_TEST_CASE("an integer counter that no stream can leave is refused", "[io]", ExactSketches) {
  using Limits = std::numeric_limits<std::int64_t>;
  const auto sketch = used_state<TestType>();
  const std::size_t at = arrays_at(sketch.identity());
  CHECK_FALSE(refused<TestType>(with_number(sketch, at, std::int64_t{1} << 62)));
  CHECK(refused<TestType>(with_number(sketch, at, Limits::min())));
}

// Eight bytes of ones are no finite number, neither as one double nor as two floats, no residue and no bound: with
// every entry of every array overwritten in turn, nothing is read without a look at it.
TEMPLATE_LIST_TEST_CASE("an entry of ones in any place of the arrays is refused", "[io]", EveryState) {
  using Scalar = typename TestType::scalar_type;
  if (!std::is_floating_point_v<Scalar>) return;  // -1
  const auto state = used_state<TestType>();
  const std::size_t first = arrays_at(state.identity()), end = state.to_bytes().size();
  std::size_t accepted = 0;
  for (std::size_t at = first; at + 8 <= end; at += sizeof(Scalar))
    accepted += !refused<TestType>(with_number(state, at, ~std::uint64_t{0}));
  REQUIRE(end >= first + 8);
  CHECK(accepted == 0);
}

TEMPLATE_LIST_TEST_CASE("each of an array's entries is refused where it is no number of its kind", "[io]",
                        StatesOfArraysAlone) {
  const auto state = used_state<TestType>();
  WrongEntries<TestType> wrong(state);
  TestType::for_each_array(state, wrong);
  CHECK(wrong.end() == state.to_bytes().size());
  CHECK(wrong.accepted() == 0);
}

TEMPLATE_TEST_CASE("impossible numbers in the image of a vector are refused", "[io]", L2Sampler<double>,
                   L2Sampler<float>) {
  using Scalar = typename TestType::scalar_type;
  const auto state = used_state<TestType>();
  const std::size_t residue = arrays_at(state.identity()), lanes = residue + 8, counters = lanes + 64 * 8;
  CHECK(refused<TestType>(with_number(state, residue, detail::mersenne61)));
  CHECK(refused<TestType>(with_number(state, residue, ~std::uint64_t{0})));
  CHECK_FALSE(refused<TestType>(with_number(state, residue, detail::mersenne61 - 1)));
  for (double wrong : {-1.0, nan_value, infinity}) {
    CHECK(refused<TestType>(with_number(state, lanes, wrong)));
    CHECK(refused<TestType>(with_number(state, counters - 8, wrong)));
  }
  const std::size_t last = state.to_bytes().size() - sizeof(Scalar);
  for (std::size_t at : {counters, last}) {
    CHECK(refused<TestType>(with_number(state, at, static_cast<Scalar>(nan_value))));
    CHECK(refused<TestType>(with_number(state, at, static_cast<Scalar>(-infinity))));
  }
}

TEMPLATE_TEST_CASE("impossible numbers in the image of a matrix are refused", "[io]", FixedMatrixBuilder<double>,
                   FixedMatrixSampler<double>) {
  const auto state = used_state<TestType>();
  const std::size_t residues = arrays_at(state.identity()), lanes = residues + 2 * 8, counters = lanes + 64 * 8;
  CHECK(refused<TestType>(with_number(state, residues + 8, detail::mersenne61)));
  for (double wrong : {-1.0, nan_value, infinity}) CHECK(refused<TestType>(with_number(state, lanes, wrong)));
  for (double wrong : {nan_value, infinity}) CHECK(refused<TestType>(with_number(state, counters, wrong)));
}

TEST_CASE("impossible numbers in the vectors of a fixed matrix sampler are refused", "[io]") {
  using State = FixedMatrixSampler<double>;
  const auto state = used_state<State>();
  const std::size_t residues = state.to_bytes().size() - 2 * 8;
  const std::size_t rounding = residues - 2 * 8, refreshed = rounding - 2 * 8, x = refreshed - 2 * 8;
  for (std::size_t at : {x, refreshed, rounding})
    for (double wrong : {nan_value, infinity}) CHECK(refused<State>(with_number(state, at, wrong)));
  CHECK(refused<State>(with_number(state, rounding, -1.0)));
  CHECK(refused<State>(with_number(state, residues, detail::mersenne61)));
  CHECK_FALSE(refused<State>(with_number(state, x, 5.0)));
}
