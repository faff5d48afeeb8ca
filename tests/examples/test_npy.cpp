#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "../support/catch.hpp"
#include "../support/refusal.hpp"
#include "npy_bytes.hpp"
#include "support/npy.hpp"
#include "temporary_folder.hpp"

namespace {

using examples::NpyArray;
using examples::NpyError;
using turnstile::testing::contains;
using turnstile::testing::message_of;

NpyArray array(const std::string& descr, const std::string& shape, const std::string& data) {
  return NpyArray("array", npy_bytes(npy_dictionary(descr, shape), data));
}

/// What the reader says of these bytes, or "" if it takes them.
std::string refusal(const std::vector<char>& file) {
  try {
    NpyArray("file", file);
  } catch (const NpyError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("each item type is read", "[examples]") {
  const auto two = [](const char* descr, const std::string& data) {
    return array(descr, "(2,)", data).vector<double>();
  };
  using Eigen::Vector2d;
  CHECK(two("|i1", std::string("\x80\x7F", 2)) == Vector2d(-128, 127));
  CHECK(two("|u1", std::string("\x80\x7F", 2)) == Vector2d(128, 127));
  CHECK(two("<i2", std::string("\xFE\xFF\x00\x01", 4)) == Vector2d(-2, 256));
  CHECK(two("<u2", std::string("\xFE\xFF\x00\x01", 4)) == Vector2d(65534, 256));
  CHECK(two("<i4", std::string("\xFF\xFF\xFF\xFF\x04\x03\x02\x01", 8)) == Vector2d(-1, 16909060));
  CHECK(two("<f2", std::string("\x00\xC0\x00\x38", 4)) == Vector2d(-2, 0.5));
  CHECK(two("<f4", std::string("\x00\x00\x80\x3F\x00\x00\xC0\xBF", 8)) == Vector2d(1, -1.5));
  CHECK(two("<f8", std::string("\0\0\0\0\0\0\xF0\x3F\x9A\x99\x99\x99\x99\x99\xB9\xBF", 16)) == Vector2d(1, -0.1));
}

TEST_CASE("the layout is C order, in any number of dimensions", "[examples]") {
  const std::string data = "\1\2\3\4\5\6";
  const auto matrix = array("|u1", "(2, 3)", data).matrix<float>();
  CHECK(matrix == (examples::RowMajorMatrix<float>(2, 3) << 1, 2, 3, 4, 5, 6).finished());

  const NpyArray cube = array("|u1", "(1, 2, 3)", data);
  CHECK(cube.shape() == std::vector<Eigen::Index>{1, 2, 3});
  CHECK(cube.values<int>() == (Eigen::VectorXi(6) << 1, 2, 3, 4, 5, 6).finished());
  CHECK(array("|u1", "()", "\7").values<int>() == Eigen::VectorXi::Constant(1, 7));
  CHECK(array("<f4", "(0, 5)", "").matrix<double>().cols() == 5);

  CHECK_THROWS_AS(cube.matrix<float>(), NpyError);
  CHECK_THROWS_AS(cube.vector<float>(), NpyError);
}

TEST_CASE("a conversion that would lose an integer is refused", "[examples]") {
  const NpyArray shorts = array("<i2", "(1,)", std::string("\x00\x01", 2));  // 256
  CHECK(shorts.vector<std::int16_t>()[0] == 256);
  CHECK_THROWS_AS(shorts.vector<std::uint8_t>(), NpyError);
  CHECK_THROWS_AS(array("|i1", "(1,)", "\xFF").vector<std::uint32_t>(), NpyError);
  CHECK_THROWS_AS(array("<f2", "(1,)", std::string("\0\0", 2)).vector<int>(), NpyError);
}

TEST_CASE("a header's sizes are not trusted", "[examples]") {
  const std::string eight(8, '\1');
  const auto with_shape = [&](const std::string& shape) {
    return refusal(npy_bytes(npy_dictionary("<i2", shape), eight));
  };
  CHECK(with_shape("(4,)").empty());
  CHECK(contains(with_shape("(5,)"), "needs"));
  CHECK(contains(with_shape("(3,)"), "needs 3 items of 2 bytes, the file has 8 bytes"));
  CHECK(contains(with_shape("(4611686018427387904, 4)"), "needs more data"));  // 2^64 items
  CHECK(contains(with_shape("(2147483648, 2147483648, 4)"), "needs more data"));
  CHECK(contains(with_shape("(9223372036854775808,)"), "too large"));
  CHECK(contains(refusal(npy_bytes(npy_dictionary("<i2", "(3,)"), "1234567")), "needs 3 items"));
}

TEST_CASE("a header that is not understood is refused, with the reason", "[examples]") {
  const auto text = [](const std::string& header) { return refusal(npy_bytes(header, "12345678")); };
  CHECK(text("{'shape': (8,), 'fortran_order': False, 'descr': '|u1'}").empty());
  CHECK(contains(text(npy_dictionary("<i8", "(1,)")), "unsupported item type '<i8'"));
  CHECK(contains(text(npy_dictionary("|O", "(1,)")), "unsupported item type '|O'"));
  CHECK(contains(text(npy_dictionary("", "(1,)")), "unsupported item type ''"));
  CHECK(contains(text(npy_dictionary(">f8", "(1,)")), "not little-endian"));
  CHECK(contains(text(npy_dictionary("|f8", "(1,)")), "not little-endian"));
  CHECK(contains(text(npy_dictionary("|u1", "(-8,)")), "tuple"));
  CHECK(contains(text(npy_dictionary("|u1", "8")), "expected ("));
  CHECK(contains(text("{'descr': '|u1', 'fortran_order': True, 'shape': (8,)}"), "Fortran"));
  CHECK(contains(text("{'descr': '|u1', 'shape': (8,)}"), "lacks"));
  CHECK(contains(text("{'descr': '|u1', 'descr': '|u1'}"), "repeated header key 'descr'"));
  CHECK(contains(text(npy_dictionary("|u1", "(8,)") + " x"), "after"));
  CHECK(contains(text("{'descr': '|u1"), "not closed"));
  CHECK(contains(text(""), "expected {"));
}

TEST_CASE("a file cut short anywhere is refused", "[examples]") {
  const std::vector<char> whole = npy_bytes(npy_dictionary("<f4", "(2, 1)"), "12345678");
  REQUIRE(refusal(whole).empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    INFO("the first " << size << " of " << whole.size() << " bytes");
    CHECK(contains(refusal(cut), "file: "));
  }
}

TEST_CASE("any one damaged byte before the data gives a typed error or a valid array", "[examples]") {
  const std::vector<char> whole = npy_bytes(npy_dictionary("<f4", "(2, 1)"), "12345678");
  int refused = 0;
  for (std::size_t place = 0; place < whole.size() - 8; ++place) {
    for (int value = 0; value < 256; ++value) {
      std::vector<char> damaged = whole;
      damaged[place] = static_cast<char>(value);
      try {
        const NpyArray result("file", damaged);
        if (result.values<double>().size() > 8) FAIL("more items than bytes");
      } catch (const NpyError&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 200 * static_cast<int>(whole.size() - 8));  // but for blanks, every byte matters
}

TEST_CASE("files are read, and missing ones named", "[examples]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "zeros.npy";
  const std::vector<char> whole = npy_bytes(npy_dictionary("<f4", "(2, 1)"), std::string(8, '\0'));
  std::ofstream(path, std::ios::binary).write(whole.data(), std::ssize(whole));
  CHECK(NpyArray::read(path).matrix<float>() == Eigen::MatrixXf::Zero(2, 1));

  std::filesystem::remove(path);
  CHECK(contains(message_of<NpyError>([&] { NpyArray::read(path); }), "zeros.npy: cannot be read"));
  CHECK(contains(message_of<NpyError>([&] { NpyArray::read(folder.path()); }), "cannot be read"));
}
