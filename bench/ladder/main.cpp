// The ladder: what the library does beside the limit of each, as ratios measured in one run. README.md beside tells
// what each rung is and why its limit is one.
//
// Usage: bench_ladder [FOLDER [RUNG...]]    (writes ladder.csv there; all rungs if none is named)

#include <iostream>
#include <string>
#include <vector>

#include "machine.hpp"
#include "rung.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const std::string folder = arguments.empty() ? "." : arguments.front(), machine = bench::machine_line();
  bench::Ladder ladder(arguments.size() > 1 ? std::vector(arguments.begin() + 1, arguments.end())
                                            : std::vector<std::string>{});
  for (const auto climb : {bench::climb_sketches, bench::climb_samplers, bench::climb_matrices, bench::climb_states})
    climb(ladder);
  if (const auto unknown = ladder.unknown(); !unknown.empty()) {
    std::cerr << "no rung is called " << unknown.front() << "; there are";
    for (const std::string& name : ladder.known()) std::cerr << ' ' << name;
    std::cerr << '\n';
    return 2;
  }
  bench::print("The ladder (" + machine + ")", ladder.table());
  return bench::write_csv(folder + "/ladder.csv", ladder.table(), machine) ? 0 : 1;
}
