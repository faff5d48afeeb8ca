// Any bytes at all are a state that is read and written as they are, or CorruptState; and a state that was read
// can be asked for everything a state is asked for. The input is tried as it comes, and again with a header that
// fits the rest, which leads past the checksum. Memory asked for because a damaged size says so shows as
// libFuzzer's own limit on it. The golden states are the seeds.

#include "golden/golden_states.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// ScanRecovery looks at every index, of which a damaged dimension may name 2⁶².
constexpr Index longest_scan = 4096;

template <class State>
bool may_draw(const State& state) {
  const std::string policies = state.identity().policies;
  return policies.find("scan") == std::string::npos || state.identity().dimension <= longest_scan;
}

template <class State>
void use(const State& state) {
  try {
    std::ostringstream text;
    text << state;
    if constexpr (requires { state.squared_norm(); }) (void)state.squared_norm();
    if constexpr (requires { state.sample(); }) {
      if (may_draw(state)) (void)state.sample();
    }
    if constexpr (LinearState<State>) {
      State sum = state;
      sum += state;
      sum.clear();
    }
  } catch (const Error&) {  // a sum out of range, a score out of its bound
  }
}

template <class State>
void read(const Bytes& bytes) {
  std::optional<State> state;
  try {
    state = State::from_bytes(bytes);
  } catch (const CorruptState&) {
    return;
  }
  if (state->to_bytes() != bytes) {
    std::cerr << "bytes were read as something else: " << state->identity().kind << '\n';
    std::abort();
  }
  use(*state);
}

struct Kind {
  Identity identity;
  void (*read)(const Bytes&);

  bool wrote(const Identity& found) const {
    return found.kind == identity.kind && found.scalar == identity.scalar && found.policies == identity.policies;
  }
};

template <class... States>
std::vector<Kind> kinds_of(const std::tuple<States...>*) {
  return {{golden_state<States>().identity(), &read<States>}...};
}

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = kinds_of(static_cast<const GoldenStates*>(nullptr));
  return all;
}

// Some kind, whatever the bytes say.
void read_as_some(const Bytes& bytes) { kinds()[bytes.size() % kinds().size()].read(bytes); }

// Every kind whose names the bytes bear; some kind where they bear none.
void read_as_named(const Bytes& bytes) {
  bool named = false;
  try {
    io::ByteReader reader(bytes);
    const Identity found = io::take_identity(reader);
    for (const Kind& kind : kinds())
      if (kind.wrote(found)) {
        named = true;
        kind.read(bytes);
      }
  } catch (const CorruptState&) {
  }
  if (!named) read_as_some(bytes);
}

Bytes with_fitting_header(Bytes bytes) {
  if (bytes.size() < io::header_bytes) bytes.resize(io::header_bytes);
  const Bytes header = io::ByteWriter().finish();
  std::copy_n(header.begin(), io::size_at, bytes.begin());
  io::store_little(bytes.data() + io::size_at, static_cast<std::uint64_t>(bytes.size()));
  return repaired(std::move(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  const Bytes bytes(input.begin(), input.end());
  const Bytes fitting = with_fitting_header(bytes);
  if (bytes != fitting) read_as_some(bytes);
  read_as_named(fitting);
  return 0;
}
