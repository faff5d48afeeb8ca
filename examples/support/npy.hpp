/// @file
/// Reads arrays from .npy files.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "half.hpp"
#include "npy_header.hpp"

namespace examples {

template <class Scalar>
using RowMajorMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// An array from a .npy file of version 1.0: little-endian, C order, any shape, items of the types
/// of NpyType.
///
/// Items are converted to the scalar that the caller asks for; a float is rounded if it must be,
/// but an integer that does not fit, or a float where integers are asked for, is an NpyError. Any
/// bytes are safe to parse: memory is taken only for as many items as the bytes hold.
class NpyArray {
 public:
  static NpyArray read(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) throw NpyError(path.string(), "cannot be read: " + error.message());
    std::vector<char> bytes(size);
    std::ifstream file(path, std::ios::binary);
    if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) throw NpyError(path.string(), "cannot be read");
    return NpyArray(path.string(), std::move(bytes));
  }

  /// The array in a file's bytes; `name` is what error messages call it.
  NpyArray(std::string name, std::vector<char> bytes) : name_(std::move(name)), bytes_(std::move(bytes)) {
    const std::string_view file(bytes_.data(), bytes_.size());
    constexpr std::size_t preamble = 10;  // magic, version, length of the header
    if (file.size() < preamble || !file.starts_with("\x93NUMPY")) fail("not a .npy file");
    if (file.substr(6, 2) != std::string_view("\x01\x00", 2)) fail("not version 1.0 of the .npy format");
    const std::size_t header_bytes = load<std::uint16_t>(file.data() + 8);
    if (header_bytes > file.size() - preamble) fail("cut short inside the header");
    header_ = NpyHeaderParser(name_, file.substr(preamble, header_bytes)).parse();
    data_begin_ = preamble + header_bytes;
    check_size();
  }

  const std::vector<Eigen::Index>& shape() const { return header_.shape; }

  /// All items in C order, whatever the shape.
  template <class Scalar>
  Eigen::VectorX<Scalar> values() const {
    Eigen::VectorX<Scalar> result(count_);
    convert_to(result.data());
    return result;
  }

  /// A one-dimensional array.
  template <class Scalar>
  Eigen::VectorX<Scalar> vector() const {
    require_dimensions(1);
    return values<Scalar>();
  }

  /// A two-dimensional array.
  template <class Scalar>
  RowMajorMatrix<Scalar> matrix() const {
    require_dimensions(2);
    RowMajorMatrix<Scalar> result(shape()[0], shape()[1]);
    convert_to(result.data());
    return result;
  }

 private:
  struct Half {
    std::uint16_t bits;
    operator float() const { return half_to_float(bits); }
  };

  void require_dimensions(std::size_t wanted) const {
    if (shape().size() != wanted)
      fail(std::to_string(wanted) + " dimensions are needed, the array has " + std::to_string(shape().size()));
  }

  void check_size() {
    const Eigen::Index held = static_cast<Eigen::Index>(bytes_.size() - data_begin_);
    count_ = 1;
    for (const Eigen::Index length : shape()) {
      if (length != 0 && count_ > held / length) fail("the shape needs more data than the file has");
      count_ *= length;
    }
    if (held % header_.item_bytes != 0 || held / header_.item_bytes != count_)
      fail("the shape needs " + std::to_string(count_) + " items of " + std::to_string(header_.item_bytes) +
           " bytes, the file has " + std::to_string(held) + " bytes of data");
  }

  template <class Scalar>
  void convert_to(Scalar* target) const {
    switch (header_.type) {
      case NpyType::i8:
        return convert_from<std::int8_t>(target);
      case NpyType::u8:
        return convert_from<std::uint8_t>(target);
      case NpyType::i16:
        return convert_from<std::int16_t>(target);
      case NpyType::u16:
        return convert_from<std::uint16_t>(target);
      case NpyType::i32:
        return convert_from<std::int32_t>(target);
      case NpyType::f16:
        return convert_from<Half>(target);
      case NpyType::f32:
        return convert_from<float>(target);
      case NpyType::f64:
        return convert_from<double>(target);
    }
  }

  template <class Item, class Scalar>
  void convert_from(Scalar* target) const {
    const char* item = bytes_.data() + data_begin_;
    for (Eigen::Index i = 0; i < count_; ++i, item += sizeof(Item)) target[i] = convert<Scalar>(load<Item>(item));
  }

  template <class Scalar, class Item>
  Scalar convert(Item item) const {
    if constexpr (std::integral<Scalar> && std::integral<Item>) {
      if (!std::in_range<Scalar>(item))
        fail("the value " + std::to_string(item) + " does not fit the integer type asked for");
    } else if constexpr (std::integral<Scalar>) {
      fail("it holds floating-point numbers where integers are needed");
    }
    return static_cast<Scalar>(item);
  }

  template <class Item>
  static Item load(const char* little_endian) {
    std::array<char, sizeof(Item)> bytes;
    std::copy_n(little_endian, sizeof(Item), bytes.begin());
    if constexpr (std::endian::native == std::endian::big) std::reverse(bytes.begin(), bytes.end());
    return std::bit_cast<Item>(bytes);
  }

  [[noreturn]] void fail(const std::string& problem) const { throw NpyError(name_, problem); }

  std::string name_;
  std::vector<char> bytes_;
  NpyHeader header_{};
  std::size_t data_begin_ = 0;
  Eigen::Index count_ = 0;
};

}  // namespace examples
