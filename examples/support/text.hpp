/// @file
/// Numbers and tables as text.
#pragma once

#include <array>
#include <cstddef>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace examples {

inline std::string fixed(double value, int decimals) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(decimals) << value;
  return text.str();
}

inline std::string scientific(double value, int decimals) {
  std::ostringstream text;
  text << std::scientific << std::setprecision(decimals) << value;
  return text.str();
}

/// 1234567 as "1,234,567".
inline std::string grouped(std::ptrdiff_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t k = 0; k < digits.size(); ++k) {
    if (k > 0 && (digits.size() - k) % 3 == 0 && digits[k - 1] != '-') text += ',';
    text += digits[k];
  }
  return text;
}

/// With so many significant digits: 0.00123, 12.3.
inline std::string significant(double value, int digits) {
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

/// Three digits or more, in decimal units: "26.2 MB".
inline std::string bytes_text(double bytes) {
  constexpr std::array units = {"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < units.size(); ++unit) bytes /= 1000;
  return fixed(bytes, bytes < 10 ? 2 : bytes < 100 ? 1 : 0) + " " + units[unit];
}

/// One line of a table: the first cell to the left of its column, the others to the right of
/// theirs.
inline void print_row(std::ostream& out, const std::vector<int>& widths, const std::vector<std::string>& cells) {
  for (std::size_t k = 0; k < cells.size(); ++k)
    out << "  " << (k == 0 ? std::left : std::right) << std::setw(widths[k]) << cells[k];
  out << '\n';
}

}  // namespace examples
