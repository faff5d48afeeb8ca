/// @file
/// The header of a .npy file.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace examples {

/// A .npy file that cannot be read, or not as what was asked for. The message begins with the
/// file's name.
class NpyError : public std::runtime_error {
 public:
  NpyError(const std::string& name, const std::string& problem) : std::runtime_error(name + ": " + problem) {}
};

enum class NpyType { i8, u8, i16, u16, i32, f16, f32, f64 };

/// What the header of a .npy file says.
struct NpyHeader {
  NpyType type;
  Eigen::Index item_bytes;
  std::vector<Eigen::Index> shape;
};

/// Reads the header's text, a Python dictionary with exactly the keys descr, fortran_order and
/// shape (NumPy Enhancement Proposal 1). Only little-endian C order passes.
class NpyHeaderParser {
 public:
  NpyHeaderParser(std::string name, std::string_view text) : name_(std::move(name)), rest_(text) {}

  NpyHeader parse() {
    expect('{');
    while (!accept('}')) {
      parse_entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (!rest_.empty()) fail("text after the header's dictionary");
    if (!type_ || !c_order_ || !shape_) fail("the header lacks one of descr, fortran_order and shape");
    return {*type_, item_bytes_, *std::move(shape_)};
  }

 private:
  void parse_entry() {
    const std::string_view key = quoted();
    expect(':');
    if (key == "descr" && !type_) {
      parse_type(quoted());
    } else if (key == "fortran_order" && !c_order_) {
      parse_order();
    } else if (key == "shape" && !shape_) {
      parse_shape();
    } else {
      fail("unexpected or repeated header key '" + std::string(key) + "'");
    }
  }

  void parse_type(std::string_view descr) {
    constexpr std::array<std::string_view, 8> known = {"i1", "u1", "i2", "u2", "i4", "f2", "f4", "f8"};
    const auto found = std::find(known.begin(), known.end(), descr.substr(descr.empty() ? 0 : 1));
    if (found == known.end()) fail("unsupported item type '" + std::string(descr) + "'");
    item_bytes_ = found->back() - '0';
    if (descr.front() != '<' && !(descr.front() == '|' && item_bytes_ == 1))
      fail("not little-endian: '" + std::string(descr) + "'");
    type_ = static_cast<NpyType>(found - known.begin());
  }

  void parse_order() {
    if (accept_word("True")) fail("Fortran order; C order is needed");
    if (!accept_word("False")) fail("fortran_order is neither True nor False");
    c_order_ = true;
  }

  void parse_shape() {
    shape_.emplace();
    expect('(');
    while (!accept(')')) {
      shape_->push_back(integer());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
  }

  Eigen::Index integer() {
    skip_blanks();
    constexpr Eigen::Index largest = std::numeric_limits<Eigen::Index>::max();
    Eigen::Index value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      const Eigen::Index digit = rest_[digits] - '0';
      if (value > (largest - digit) / 10) fail("a dimension of the shape is too large");
      value = 10 * value + digit;
    }
    if (digits == 0) fail("the shape is not a tuple of numbers");
    rest_.remove_prefix(digits);
    return value;
  }

  std::string_view quoted() {
    expect('\'');
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) fail("a quote in the header is not closed");
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return text;
  }

  bool accept(char wanted) { return accept_word({&wanted, 1}); }

  bool accept_word(std::string_view wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  void expect(char wanted) {
    if (accept(wanted)) return;
    std::string message = "malformed header: expected ";
    message.push_back(wanted);
    fail(message);
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

  [[noreturn]] void fail(const std::string& problem) const { throw NpyError(name_, problem); }

  std::string name_;
  std::string_view rest_;
  std::optional<NpyType> type_;
  Eigen::Index item_bytes_ = 0;
  std::optional<bool> c_order_;
  std::optional<std::vector<Eigen::Index>> shape_;
};

}  // namespace examples
