#include <cstddef>
#include <sstream>
#include <string>

#include "../support/catch.hpp"
#include "support/text.hpp"

using namespace examples;

TEST_CASE("numbers are written with so many decimals or significant digits", "[examples]") {
  CHECK(fixed(3.14159, 2) == "3.14");
  CHECK(fixed(-2.5, 0) == "-2");  // to even, as the standard library rounds
  CHECK(fixed(0.999, 1) == "1.0");
  CHECK(scientific(123456, 1) == "1.2e+05");
  CHECK(scientific(0, 2) == "0.00e+00");
  CHECK(significant(0.00123456, 3) == "0.00123");
  CHECK(significant(12.3456, 3) == "12.3");
  CHECK(significant(2, 3) == "2");
}

TEST_CASE("digits are grouped by threes, from the right", "[examples]") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(12345) == "12,345");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(grouped(-1) == "-1");
  CHECK(grouped(-999) == "-999");
  CHECK(grouped(-1000) == "-1,000");
  CHECK(grouped(-123456) == "-123,456");
}

TEST_CASE("bytes are written in the unit that leaves three digits", "[examples]") {
  CHECK(bytes_text(0) == "0.00 B");
  CHECK(bytes_text(999) == "999 B");
  CHECK(bytes_text(1000) == "1.00 kB");
  CHECK(bytes_text(26'214'400) == "26.2 MB");
  CHECK(bytes_text(131'072) == "131 kB");
  CHECK(bytes_text(5e9) == "5.00 GB");
  CHECK(bytes_text(2.5e13) == "25.0 TB");
  CHECK(bytes_text(4e15) == "4.00 PB");
  CHECK(bytes_text(1e19) == "10000 PB");  // there is no unit above
}

TEST_CASE("a row of a table has its first cell to the left and the others to the right", "[examples]") {
  std::ostringstream out;
  print_row(out, {6, 5, 3}, {"word", "12", "too long"});
  print_row(out, {6, 5, 3}, {"", "1.5", "x"});
  CHECK(out.str() ==
        "  word       12  too long\n"
        "            1.5    x\n");
}
