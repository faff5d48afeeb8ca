#pragma once

#include <mpi.h>

#include <turnstile/distributed/mpi.hpp>

#include "support/every_state.hpp"
#include "support/state_arrays.hpp"

#include <vector>

// What tests on several ranks share. A test uses CHECK, not REQUIRE: a rank that left a test case early would
// leave the others waiting in a collective call.

namespace turnstile::testing {

inline int rank() {
  int here = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &here);
  return here;
}

inline int rank_count() {
  int count = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &count);
  return count;
}

// The state that a rank begins with: its stream comes rank + 1 times, so that no two ranks have the same.
template <class State>
State state_of(int of_rank, SketchShape shape = {3, 8}) {
  State state = empty_state<State>(shape);
  for (int times = 0; times <= of_rank; ++times) Example<State>::stream(state);
  return state;
}

template <class State>
std::vector<State> states_of_all(SketchShape shape = {3, 8}) {
  std::vector<State> states;
  for (int k = 0; k < rank_count(); ++k) states.push_back(state_of<State>(k, shape));
  return states;
}

// Whether it holds on every rank; itself a collective call.
inline bool on_all(bool condition) {
  int all = condition;
  MPI_Allreduce(MPI_IN_PLACE, &all, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
  return all != 0;
}

}  // namespace turnstile::testing
