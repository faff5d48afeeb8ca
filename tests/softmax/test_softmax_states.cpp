#include "softmax_states.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

// States of softmax samplers as bytes: read back as they were, or refused as CorruptState.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class S>
constexpr bool is_state = LinearState<S>&& std::is_nothrow_move_constructible_v<S>&&
    std::same_as<typename S::draw_type, Draw<typename S::scalar_type>>;
static_assert(is_state<SoftmaxSampler<>> && is_state<SoftmaxSampler<float>>);
static_assert(is_state<BoundedSoftmaxSampler<>> && is_state<BoundedSoftmaxProductSampler<float>>);

template <class State>
std::string complaint(const Bytes& bytes) {
  return message_of_exactly<CorruptState>([&] { State::from_bytes(bytes); });
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("Softmax states come back from their bytes and go on", "[softmax][io]", SoftmaxStates) {
  for (auto state : {empty_state<TestType>(), used_state<TestType>()}) {
    auto loaded = TestType::from_bytes(state.to_bytes());
    CHECK(loaded.to_bytes() == state.to_bytes());
    CHECK(loaded.identity() == state.identity());
    CHECK(loaded.memory_bytes() <= state.memory_bytes());
    for (auto* each : {&loaded, &state}) {
      Example<TestType>::stream(*each);
      *each += used_state<TestType>();
    }
    CHECK(loaded.to_bytes() == state.to_bytes());
  }
}

TEMPLATE_LIST_TEST_CASE("Softmax states cut, lengthened or with a bit flipped are refused", "[softmax][io]",
                        SoftmaxStates) {
  const Bytes bytes = used_state<TestType>().to_bytes();
  std::size_t accepted = 0;
  for (std::size_t length = 0; length < bytes.size() + 16; ++length) {
    Bytes other = bytes;
    other.resize(length);
    accepted += length != bytes.size() && !refused<TestType>(other);
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes other = bytes;
    other[bit / 8] ^= std::byte{1} << (bit % 8);
    accepted += !refused<TestType>(other);
    const bool beside_checksum = bit / 64 != io::checksum_at / 8;
    // behind a checksum that fits, the bits of counters and seeds are other states, read as they are
    accepted += beside_checksum && !refused<TestType>(repaired(other)) && bit < 8 * io::header_bytes;
  }
  CHECK(accepted == 0);
}

TEMPLATE_LIST_TEST_CASE("Softmax states of another kind or scalar are refused", "[softmax][io]", SoftmaxStates) {
  const auto state = used_state<TestType>();
  Identity identity = state.identity();
  identity.scalar = identity.scalar == "float64" ? "float32" : "float64";
  CHECK(contains(complaint<TestType>(with_identity(state, identity)), "scalar is " + identity.scalar));
  identity = state.identity();
  identity.kind = "L2Sampler";
  CHECK(contains(complaint<TestType>(with_identity(state, identity)), "kind is L2Sampler"));
  identity = state.identity();
  identity.options.power = 1;
  CHECK(contains(complaint<TestType>(with_identity(state, identity)), "power is 1"));
}

TEMPLATE_LIST_TEST_CASE("Softmax states that hold numbers that are none are refused", "[softmax][io]", SoftmaxStates) {
  using Scalar = typename TestType::scalar_type;
  const auto state = used_state<TestType>();
  const std::size_t first = arrays_at(state.identity());
  for (std::size_t at = first; at < state.to_bytes().size(); at += sizeof(Scalar))
    for (Scalar wrong : {std::numeric_limits<Scalar>::quiet_NaN(), std::numeric_limits<Scalar>::infinity()})
      CHECK(contains(complaint<TestType>(with_number(state, at, wrong)), "not a finite number"));
}

TEST_CASE("A damaged temperature, size or bound is refused", "[softmax][io]") {
  const auto altered = [](const auto& state, auto change) {
    using State = std::remove_cvref_t<decltype(state)>;
    Identity identity = state.identity();
    change(identity);
    return complaint<State>(with_identity(state, identity));
  };
  const auto softmax = used_state<SoftmaxSampler<>>();
  const auto bounded = used_state<BoundedSoftmaxSampler<>>();
  const auto product = used_state<BoundedSoftmaxProductSampler<>>();
  const auto operand = [](double value) {
    return [value](Identity& identity) { identity.operand = std::bit_cast<std::uint64_t>(value); };
  };
  for (double wrong : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK(contains(altered(softmax, operand(wrong)), "is not positive and finite"));
  CHECK(contains(altered(bounded, operand(-1.0)), "bound -1 is"));
  CHECK(contains(altered(bounded, operand(1e10)), "positions, more than"));
  CHECK(contains(altered(bounded, [](Identity& i) { i.options.epsilon = 2; }), "failure probability 2"));
  for (Index wrong : {Index{0}, Index{-1}, Index{7}, Index{1} << 61, std::numeric_limits<Index>::max()}) {
    const auto dimension = [wrong](Identity& identity) { identity.dimension = wrong; };
    CHECK_FALSE(contains(altered(softmax, dimension), "(nothing"));
    if (wrong < 1 || wrong > max_dimension) CHECK(contains(altered(bounded, dimension), "dimension is"));
    const auto width = [wrong](Identity& identity) { identity.width = wrong; };
    CHECK_FALSE(contains(altered(softmax, width), "(nothing"));
    CHECK_FALSE(contains(altered(bounded, width), "(nothing"));
    CHECK_FALSE(contains(altered(product, width), "(nothing"));
  }
  // A bound that asks for 40 million positions is refused by the bytes that there are, before any is drawn.
  CHECK(contains(altered(bounded,
                         [&](Identity& identity) {
                           operand(8.0)(identity);
                           identity.options.epsilon = 0.01;
                           identity.dimension = max_dimension;
                         }),
                 "bytes do not hold"));
}
