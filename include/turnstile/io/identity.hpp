/// @file
/// The identity of a linear map: what two states must share to be added, and what bytes must say to
/// be read back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/options.hpp"
#include "turnstile/io/byte_format.hpp"

namespace turnstile::inline v0 {

/// The name of a scalar type in an identity.
template <class Scalar>
constexpr std::string_view scalar_name() {
  if constexpr (std::is_same_v<Scalar, double>)
    return "float64";
  else if constexpr (std::is_same_v<Scalar, float>)
    return "float32";
  else
    return "int64";
}

/// All that determines a linear map. States are merged and loaded only where every field agrees.
struct Identity {
  std::string kind;           ///< the class, e.g. "L2Sampler"
  std::string scalar;         ///< the counter's type
  std::string policies;       ///< names of the policies, e.g. "exponential/tree-10-5-32/mix/noise/norm-3-256"
  Index dimension = 0;        ///< n
  Index width = 1;            ///< d, or 1 where counters are numbers
  SamplerOptions options;     ///< seed, shape, power, ε
  std::uint64_t operand = 0;  ///< fingerprint of a fixed operand (A or x), or 0

  friend bool operator==(const Identity&, const Identity&) = default;

  /// Calls visit(name, field) for every field, in the order of the byte format.
  template <class Self, class Visit>
  static void for_each_field(Self& self, Visit&& visit) {
    visit("kind", self.kind);
    visit("scalar", self.scalar);
    visit("policies", self.policies);
    visit("dimension", self.dimension);
    visit("width", self.width);
    visit("rows", self.options.shape.rows);
    visit("buckets", self.options.shape.buckets);
    visit("seed", self.options.seed);
    visit("power", self.options.power);
    visit("epsilon", self.options.epsilon);
    visit("fixed operand", self.operand);
  }
};

namespace detail {

/// Throws E naming the first field in which two identities differ.
template <class E>
void require_same(const Identity& expected, const Identity& found, std::string_view action) {
  if (expected == found) return;
  const auto field_text = [](const Identity& identity, std::string_view wanted) {
    std::ostringstream text;
    text.precision(std::numeric_limits<double>::max_digits10);
    Identity::for_each_field(identity, [&](std::string_view name, const auto& value) {
      if (name == wanted) text << value;
    });
    return text.str();
  };
  Identity::for_each_field(expected, [&](std::string_view name, const auto&) {
    const std::string here = field_text(expected, name), there = field_text(found, name);
    if (here != there) raise<E>("cannot ", action, ": ", name, " is ", there, ", expected ", here);
  });
}

}  // namespace detail

namespace io {

/// A state's bytes: its identity, and what put(writer) adds.
template <class Put>
std::vector<std::byte> save_state(const Identity& identity, Put&& put) {
  ByteWriter writer;
  Identity::for_each_field(identity, [&](std::string_view, const auto& field) {
    if constexpr (std::is_arithmetic_v<std::remove_cvref_t<decltype(field)>>)
      writer.put(field);
    else
      writer.put(std::string_view(field));
  });
  put(writer);
  return std::move(writer).finish();
}

/// Reads the identity that a state's bytes begin with. @throws CorruptState
inline Identity take_identity(ByteReader& reader) {
  Identity identity;
  Identity::for_each_field(identity, [&](std::string_view, auto& field) {
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (std::is_arithmetic_v<Field>)
      field = reader.take<Field>();
    else
      field = reader.take_text();
  });
  return identity;
}

/// Reads a State of the given policies back: make(reader, identity) must check the identity's sizes
/// against the bytes (`expect_rest`) before it allocates, and read the arrays.
/// @throws CorruptState whatever is wrong with the bytes
template <class State, class Make>
State load_state(std::span<const std::byte> bytes, std::string_view policies, Make&& make) {
  ByteReader reader(bytes);
  const Identity found = take_identity(reader);
  Identity expected = found;
  expected.kind = State::kind;
  expected.scalar = scalar_name<typename State::scalar_type>();
  expected.policies = policies;
  detail::require_same<CorruptState>(expected, found, "load");
  try {
    State state = make(reader, found);
    detail::require_same<CorruptState>(state.identity(), found, "load");
    return state;
  } catch (const InvalidArgument& error) {
    throw CorruptState(error.what());
  }
}

}  // namespace io
}  // namespace turnstile::inline v0
