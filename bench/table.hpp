// Tables of text, on the screen and as CSV files.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

using Row = std::vector<std::string>;

// With so many significant digits, and all of those before the point: 0.0123, 12.3, 12345.
inline std::string number(double value, int digits = 3) {
  if (value >= 1000) return std::to_string(std::llround(value));
  std::ostringstream text;
  text.precision(digits);
  text << value;
  return text.str();
}

inline void print(const std::string& title, const std::vector<Row>& table) {
  std::cout << title << "\n\n";
  for (const Row& row : table) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      std::size_t width = 0;
      for (const Row& other : table) width = std::max(width, other[column].size());
      std::cout << (column == 0 ? "" : "  ") << row[column] << std::string(width - row[column].size(), ' ');
    }
    std::cout << '\n';
  }
  std::cout << '\n';
}

// Whether the file could be written; says so if not. A note goes before the table, as a comment. No cell may have a
// comma in it, which nothing that reads these files would tell from the end of the cell.
inline bool write_csv(const std::string& path, const std::vector<Row>& table, const std::string& note = "") {
  for (const Row& row : table)
    for (const std::string& cell : row)
      if (cell.find(',') != std::string::npos) throw std::invalid_argument("a comma in the cell \"" + cell + '"');
  std::ofstream file(path);
  if (!note.empty()) file << "# " << note << '\n';
  for (const Row& row : table)
    for (std::size_t column = 0; column < row.size(); ++column)
      file << row[column] << (column + 1 < row.size() ? ',' : '\n');
  file.close();
  if (!file) std::cerr << "cannot write " << path << '\n';
  return !file.fail();
}

}  // namespace bench
