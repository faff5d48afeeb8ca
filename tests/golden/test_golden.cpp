// The bytes of small states of every kind, as they were written once (README.md says when they may change).

#include "golden_states.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/state_arrays.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

using namespace turnstile;
using namespace turnstile::testing;

namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(TURNSTILE_GOLDEN) / "states";

// Where a product and a sum may be one instruction, or sums are split over wider registers than every x86-64
// has, states of floating-point numbers differ in their last bits; those of integers never do.
#if defined(__x86_64__) && !defined(__AVX__)
constexpr bool same_roundings = true;
#else
constexpr bool same_roundings = false;
#endif

// The file of a kind, as a version of the format has it; kinds younger than that have none.
template <class State>
fs::path golden_file(std::uint32_t version) {
  return folder / ("version" + std::to_string(version)) / golden_name<State>();
}

// The bytes of the file; with TURNSTILE_WRITE_GOLDEN in the environment a file that is not there is written.
template <class State>
Bytes golden_bytes() {
  const fs::path path = golden_file<State>(io::format_version);
  if (!fs::exists(path) && std::getenv("TURNSTILE_WRITE_GOLDEN") != nullptr)
    write_bytes(path, golden_state<State>().to_bytes());
  return read_bytes(path);
}

void check_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  REQUIRE(found.size() == expected.size());
  double largest = 0, difference = 0;
  for (std::size_t k = 0; k < found.size(); ++k) {
    largest = std::max(largest, std::abs(expected[k]));
    difference = std::max(difference, std::abs(found[k] - expected[k]));
  }
  CHECK(difference <= tolerance * largest);
}

template <class... States>
std::set<std::string> names_of(const std::tuple<States...>*) {
  return {golden_name<States>()...};
}

// What it was called before samplers had today's norm sketch and variates.
template <class State>
std::string earlier_name() {
  constexpr std::string_view since = "_norm-3-256";
  std::string name = golden_name<State>();
  if (const auto at = name.find(since); at != std::string::npos) name.erase(at, since.size());
  return name;
}

template <class... States>
std::set<std::string> earlier_names_of(const std::tuple<States...>*) {
  return {earlier_name<States>()...};
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a golden state is read, and written again as the same bytes", "[golden]", GoldenStates) {
  const Bytes golden = golden_bytes<TestType>();
  const auto state = TestType::from_bytes(golden);
  CHECK((state.to_bytes() == golden));
  CHECK(state.identity() == golden_state<TestType>().identity());
}

TEMPLATE_LIST_TEST_CASE("a state of an older version is read, and written as the bytes of today's", "[golden]",
                        GoldenStates) {
  static_assert(io::oldest_version == 1 && io::format_version == 2);
  const fs::path older = golden_file<TestType>(1);
  if (!fs::exists(older)) return;  // younger than that version
  CHECK((TestType::from_bytes(read_bytes(older)).to_bytes() == golden_bytes<TestType>()));
}

TEMPLATE_LIST_TEST_CASE("the calls that made a golden state make it again", "[golden]", GoldenStates) {
  const Bytes golden = golden_bytes<TestType>();
  const auto again = golden_state<TestType>();
  using Scalar = typename TestType::scalar_type;
  if (same_roundings || std::is_integral_v<Scalar>) CHECK((again.to_bytes() == golden));
  if constexpr (LinearState<TestType>) {
    const Arrays found = Arrays::of(again, 0), expected = Arrays::of(TestType::from_bytes(golden), 0);
    CHECK(found.residues == expected.residues);
    check_near(found.numbers, expected.numbers, 8 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()));
    check_near(found.bounds, expected.bounds, 1e-6);
  }
}

// A map that changes says so in the identity: bytes that mean something else now are not taken for today's.
TEMPLATE_LIST_TEST_CASE("a state of an earlier map is refused, and says which policies it had", "[golden]",
                        GoldenStates) {
  const fs::path earlier = folder / "earlier_maps" / earlier_name<TestType>();
  if (!fs::exists(earlier)) return;  // a map that never changed, or is younger
  const auto message = message_of<CorruptState>([&] { TestType::from_bytes(read_bytes(earlier)); });
  CHECK(contains(message, "policies is "));
  CHECK(contains(message, ", expected " + golden_state<TestType>().identity().policies));
}

TEST_CASE("every golden file belongs to a kind of state", "[golden]") {
  const auto names = names_of(static_cast<const GoldenStates*>(nullptr));
  const auto files_in = [](const fs::path& version) {
    std::set<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder / version)) files.insert(entry.path().filename().string());
    return files;
  };
  CHECK(files_in("version2") == names);
  CHECK(std::ranges::includes(names, files_in("version1")));
  CHECK(std::ranges::includes(earlier_names_of(static_cast<const GoldenStates*>(nullptr)), files_in("earlier_maps")));
}
