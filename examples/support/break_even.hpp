/// @file
/// From which size on a state is smaller than the data that it stands for.
#pragma once

#include <Eigen/Core>

namespace examples {

/// The n from which on state_bytes(n) is below n · bytes_per_row: walks down from `n`, where it is,
/// to the largest n where it is not (the state never shrinks as n grows).
template <class StateBytes>
Eigen::Index break_even(Eigen::Index n, double bytes_per_row, const StateBytes& state_bytes) {
  for (;;) {
    const auto next = static_cast<Eigen::Index>(state_bytes(n) / bytes_per_row) + 1;
    if (next >= n) return n;
    n = next;
  }
}

}  // namespace examples
