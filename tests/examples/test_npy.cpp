#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "../support/catch.hpp"
#include "support/half.hpp"
#include "support/npy.hpp"
#include "temporary_folder.hpp"

namespace {

using examples::NpyArray;
using examples::NpyError;

/// The bytes of a .npy file: `text` is its header's dictionary, `data` what follows.
std::vector<char> npy_file(const std::string& text, const std::string& data) {
  const std::string header = text + "\n";
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() % 256);
  file += static_cast<char>(header.size() / 256);
  file += header + data;
  return {file.begin(), file.end()};
}

std::string dictionary(const std::string& descr, const std::string& shape) {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
}

NpyArray array(const std::string& descr, const std::string& shape, const std::string& data) {
  return NpyArray("array", npy_file(dictionary(descr, shape), data));
}

/// The message of the NpyError that `action` throws, or "" if it throws none.
template <class Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const NpyError& error) {
    return error.what();
  }
  return "";
}

std::string refusal(const std::vector<char>& file) {
  return message_of([&] { NpyArray("file", file); });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every half is read exactly", "[examples]") {
  using examples::half_to_float;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = half_to_float(static_cast<std::uint16_t>(bits));
    const int exponent = static_cast<int>((bits >> 10) & 31),
              fraction = static_cast<int>(bits & 1023);
    const bool negative = bits >= 0x8000;
    // IEEE 754-2019, table 3.5 and section 3.4: precision 11, largest exponent 15.
    const double magnitude =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    const bool is_nan = exponent == 31 && fraction != 0,
               is_infinite = exponent == 31 && fraction == 0;
    const bool right = is_nan        ? std::isnan(value)
                       : is_infinite ? std::isinf(value)
                                     : std::abs(value) == static_cast<float>(magnitude);
    if (!right || std::signbit(value) != negative) FAIL("half with the bits " << bits);
  }
  CHECK(half_to_float(0x3C00) == 1.0f);
  CHECK(half_to_float(0xC000) == -2.0f);
  CHECK(half_to_float(0x7BFF) == 65504.0f);
  CHECK(half_to_float(0x0001) == 0x1p-24f);
  CHECK(half_to_float(0xFC00) == -std::numeric_limits<float>::infinity());
}

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
  CHECK(two("<f8", std::string("\0\0\0\0\0\0\xF0\x3F\x9A\x99\x99\x99\x99\x99\xB9\xBF", 16)) ==
        Vector2d(1, -0.1));
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
    return refusal(npy_file(dictionary("<i2", shape), eight));
  };
  CHECK(with_shape("(4,)").empty());
  CHECK(contains(with_shape("(5,)"), "needs"));
  CHECK(contains(with_shape("(3,)"), "needs 3 items of 2 bytes, the file has 8 bytes"));
  CHECK(contains(with_shape("(4611686018427387904, 4)"), "needs more data"));  // 2^64 items
  CHECK(contains(with_shape("(2147483648, 2147483648, 4)"), "needs more data"));
  CHECK(contains(with_shape("(9223372036854775808,)"), "too large"));
  CHECK(contains(refusal(npy_file(dictionary("<i2", "(3,)"), "1234567")), "needs 3 items"));
}

TEST_CASE("a header that is not understood is refused, with the reason", "[examples]") {
  const auto text = [](const std::string& header) { return refusal(npy_file(header, "12345678")); };
  CHECK(text("{'shape': (8,), 'fortran_order': False, 'descr': '|u1'}").empty());
  CHECK(contains(text(dictionary("<i8", "(1,)")), "unsupported item type '<i8'"));
  CHECK(contains(text(dictionary("|O", "(1,)")), "unsupported item type '|O'"));
  CHECK(contains(text(dictionary("", "(1,)")), "unsupported item type ''"));
  CHECK(contains(text(dictionary(">f8", "(1,)")), "not little-endian"));
  CHECK(contains(text(dictionary("|f8", "(1,)")), "not little-endian"));
  CHECK(contains(text(dictionary("|u1", "(-8,)")), "tuple"));
  CHECK(contains(text(dictionary("|u1", "8")), "expected ("));
  CHECK(contains(text("{'descr': '|u1', 'fortran_order': True, 'shape': (8,)}"), "Fortran"));
  CHECK(contains(text("{'descr': '|u1', 'shape': (8,)}"), "lacks"));
  CHECK(contains(text("{'descr': '|u1', 'descr': '|u1'}"), "repeated header key 'descr'"));
  CHECK(contains(text(dictionary("|u1", "(8,)") + " x"), "after"));
  CHECK(contains(text("{'descr': '|u1"), "not closed"));
  CHECK(contains(text(""), "expected {"));
}

TEST_CASE("a file cut short anywhere is refused", "[examples]") {
  const std::vector<char> whole = npy_file(dictionary("<f4", "(2, 1)"), "12345678");
  REQUIRE(refusal(whole).empty());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    INFO("the first " << size << " of " << whole.size() << " bytes");
    CHECK(contains(refusal(cut), "file: "));
  }
}

TEST_CASE("any one damaged byte before the data gives a typed error or a valid array",
          "[examples]") {
  const std::vector<char> whole = npy_file(dictionary("<f4", "(2, 1)"), "12345678");
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
  const std::vector<char> whole = npy_file(dictionary("<f4", "(2, 1)"), std::string(8, '\0'));
  std::ofstream(path, std::ios::binary).write(whole.data(), std::ssize(whole));
  CHECK(NpyArray::read(path).matrix<float>() == Eigen::MatrixXf::Zero(2, 1));

  std::filesystem::remove(path);
  CHECK(contains(message_of([&] { NpyArray::read(path); }), "zeros.npy: cannot be read"));
  CHECK(contains(message_of([&] { NpyArray::read(folder.path()); }), "cannot be read"));
}
