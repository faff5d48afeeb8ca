// The main() of the tests that run on several ranks: every rank runs the same test cases, the first one prints,
// and others only where something failed. All exit as the worst of them does.

#include <mpi.h>

#include "support/catch_runner.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

int main(int argument_count, char** arguments) {
  MPI_Init(&argument_count, &arguments);
  int rank = 0, ranks = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  std::ostringstream report;
  std::streambuf* const console = std::cout.rdbuf(report.rdbuf());
  int worst = std::min(turnstile::testing::run_tests(argument_count, arguments), 255);
  std::cout.rdbuf(console);
  if (rank == 0 || worst != 0) std::cout << "rank " << rank << " of " << ranks << '\n' << report.str();
  MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return worst;
}
