// How costs grow: time of an update, time of a draw and bytes against n, d, k draws of one state and 1/ε, and the
// exponents that fit them beside those that are expected.
//
// Usage: bench_growth [FOLDER [n | d | k | epsilon]...]    (writes growth_*.csv there; all four if none is named)

#include <algorithm>

#include "growth.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string folder = arguments.empty() ? "." : arguments.front();
  const auto wanted = [&](const std::string& name) {
    return arguments.size() < 2 || std::find(arguments.begin() + 1, arguments.end(), name) != arguments.end();
  };
  bench::Fits fits;
  bool written = true;
  using Measure = bool (*)(const std::string&, bench::Fits&);
  const std::vector<std::pair<std::string, Measure>> measures{
      {"n", bench::against_n}, {"d", bench::against_d}, {"k", bench::against_k}, {"epsilon", bench::against_epsilon}};
  for (const auto& [name, measure] : measures) {
    if (!wanted(name)) continue;
    std::cerr << "  against " << name << std::endl;
    written = measure(folder, fits) && written;
  }
  bench::print("Fitted", fits.table());
  written = bench::write_csv(folder + "/growth_fits.csv", fits.table(), bench::machine_line()) && written;
  return written ? 0 : 1;
}
