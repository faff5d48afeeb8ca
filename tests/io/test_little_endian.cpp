#include <turnstile/io/byte_format.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

template <class T>
std::vector<int> stored(T value) {
  std::array<std::byte, sizeof(T)> bytes;
  io::store_little(bytes.data(), value);
  std::vector<int> numbers;
  for (std::byte b : bytes) numbers.push_back(std::to_integer<int>(b));
  return numbers;
}

template <class T>
T loaded(const std::vector<int>& numbers) {
  std::vector<std::byte> bytes;
  for (int n : numbers) bytes.push_back(static_cast<std::byte>(n));
  return io::load_little<T>(bytes.data());
}

template <class T>
void check_both_ways(T value, const std::vector<int>& bytes) {
  CHECK(stored(value) == bytes);
  CHECK((loaded<T>(bytes) == value));  // in parentheses: Catch2 prints no numbers of 128 bits
}

}  // namespace

// The bytes are written out, so the expectation does not depend on the order of the machine.
TEST_CASE("numbers are stored lowest byte first", "[io]") {
  check_both_ways<std::uint64_t>(0x0102030405060708, {8, 7, 6, 5, 4, 3, 2, 1});
  check_both_ways<std::uint32_t>(0xfffefd01, {0x01, 0xfd, 0xfe, 0xff});
  check_both_ways<std::uint8_t>(0xab, {0xab});
  check_both_ways<std::int64_t>(-2, {0xfe, 255, 255, 255, 255, 255, 255, 255});
  check_both_ways<std::int64_t>(std::numeric_limits<std::int64_t>::min(), {0, 0, 0, 0, 0, 0, 0, 0x80});
  check_both_ways<double>(1.0, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f});
  check_both_ways<double>(-0.1, {0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0xbf});
  check_both_ways<float>(-2.5F, {0, 0, 0x20, 0xc0});
  check_both_ways<detail::int128>(-2,
                                  {0xfe, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255});
  check_both_ways<detail::int128>(detail::int128{0x0102030405060708} << 64,
                                  {0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1});
}

// What a machine that keeps the highest byte first would run: shifts, which give the same bytes and numbers on a
// machine of either order. Only where the orders agree may bytes be copied as they lie in memory.
TEMPLATE_TEST_CASE("a machine of the other byte order writes and reads the same arrays", "[io]", double, float,
                   std::int64_t, std::uint64_t, std::uint8_t) {
  using Limits = std::numeric_limits<TestType>;
  std::vector<TestType> values{Limits::lowest(), Limits::max()};
  for (int k = 3; k < 12; ++k) values.push_back(static_cast<TestType>(Limits::max() / static_cast<TestType>(k)));
  const std::span<const TestType> numbers(values);
  std::vector<std::byte> little(3, std::byte{9}), big = little, single = little;
  io::append_little<std::endian::little>(little, numbers);
  io::append_little<std::endian::big>(big, numbers);
  for (TestType value : values) {
    single.resize(single.size() + sizeof(TestType));
    io::store_little(single.data() + single.size() - sizeof(TestType), value);
  }
  if constexpr (std::endian::native == std::endian::little) CHECK(little == single);
  CHECK(big == single);
  REQUIRE(big.size() == 3 + numbers.size_bytes());

  std::vector<TestType> read(values.size());
  io::load_little<std::endian::big>(big.data() + 3, std::span(read));
  CHECK(read == values);
  io::load_little(big.data() + 3, std::span(read));
  CHECK(read == values);
}

TEST_CASE("an array is its numbers one behind the other", "[io]") {
  io::ByteWriter writer;
  const std::vector<double> values{1.0, -0.1};
  writer.put_array(std::span<const double>(values));
  const auto bytes = std::move(writer).finish();
  REQUIRE(bytes.size() == io::header_bytes + 16);
  CHECK(io::load_little<double>(bytes.data() + io::header_bytes) == 1.0);
  CHECK(io::load_little<double>(bytes.data() + io::header_bytes + 8) == -0.1);
}

TEST_CASE("a reader gives back what a writer was given, and refuses to read on", "[io]") {
  io::ByteWriter writer;
  writer.put(std::int64_t{-5});
  writer.put(std::string_view("naïve"));
  writer.put(0.25F);
  writer.put(std::string_view(""));
  const auto bytes = std::move(writer).finish();
  io::ByteReader reader(bytes);
  CHECK(reader.take<std::int64_t>() == -5);
  CHECK(reader.take_text() == "naïve");
  CHECK(reader.take<float>() == 0.25F);
  CHECK(reader.take_text().empty());
  CHECK_NOTHROW(reader.expect_rest(0, 8, 0));
  const std::string message = message_of_exactly<CorruptState>([&] { reader.take<std::uint8_t>(); });
  CHECK(contains(message, "ends at byte " + std::to_string(bytes.size())));
}

TEST_CASE("a text longer than what is left is refused before it is allocated", "[io]") {
  io::ByteWriter writer;
  writer.put(std::uint32_t{0xffffffff});
  const auto bytes = std::move(writer).finish();
  io::ByteReader reader(bytes);
  CHECK(contains(message_of_exactly<CorruptState>([&] { reader.take_text(); }), "4294967295 more"));
}

TEST_CASE("the rest of a state must have exactly the numbers that are expected", "[io]") {
  io::ByteWriter writer;
  const std::vector<double> values(5);
  writer.put_array(std::span<const double>(values));
  const auto bytes = std::move(writer).finish();
  const io::ByteReader reader(bytes);
  CHECK_NOTHROW(reader.expect_rest(5, 8, 0));
  CHECK_NOTHROW(reader.expect_rest(4, 8, 8));
  CHECK_NOTHROW(reader.expect_rest(9, 4, 4));
  for (Index wrong : {Index{4}, Index{6}, Index{0}, Index{-5}, std::numeric_limits<Index>::max()})
    CHECK_THROWS_AS(reader.expect_rest(wrong, 8, 0), CorruptState);
  CHECK_THROWS_AS(reader.expect_rest(5, 8, 48), CorruptState);
  CHECK_THROWS_AS(reader.expect_rest(4, 8, 4), CorruptState);
  CHECK_THROWS_AS(reader.expect_rest(5, 8, std::numeric_limits<Index>::max()), CorruptState);
}

TEST_CASE("the checksum of either version sees every byte but its own, their order and their number", "[io]") {
  for (std::uint32_t version : {1U, 2U})
    for (std::size_t size : {std::size_t{61}, std::size_t{256}, std::size_t{600}}) {
      std::vector<std::byte> bytes(size);
      for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = static_cast<std::byte>(k);
      const std::uint64_t sum = io::checksum(bytes, version);
      for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto changed = bytes;
        changed[at] ^= std::byte{1};
        const bool own = at >= io::checksum_at && at < io::checksum_at + 8;
        CHECK((io::checksum(changed, version) == sum) == own);
      }
      for (std::size_t distance : {std::size_t{8}, std::size_t{256}}) {  // words of two lanes, and of one
        if (distance + 16 > size) continue;
        auto swapped = bytes;
        swapped[distance] ^= std::byte{1};  // 256 bytes on, the words are the same otherwise
        const std::uint64_t before = io::checksum(swapped, version);
        std::swap_ranges(swapped.begin(), swapped.begin() + 8, swapped.begin() + static_cast<std::ptrdiff_t>(distance));
        CHECK(io::checksum(swapped, version) != before);
      }
      auto longer = bytes;
      longer.push_back(std::byte{0});
      CHECK(io::checksum(longer, version) != sum);
    }
}
