/// @file
/// Some rows of a matrix that lies by columns, copied so that they lie by rows.
#pragma once

#include <Eigen/Core>

#include "turnstile/core/types.hpp"

namespace turnstile::inline v0::detail {

// A register's type has attributes, which g++ warns of where it is a template's argument, as Eigen's functions want it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"

/// to = from, where `from` are rows of a larger matrix by columns. Squares as wide as the processor's registers are
/// transposed in these, and the memory of the `ahead` rows that lie behind is sent for: a processor that reads on by
/// itself loses the many columns again after a few lines of each.
template <class Rows, class Scalar>
void copy_by_rows(const Rows& from, Index ahead, RowMajorMatrix<Scalar>& to) {
  using Packet = typename Eigen::internal::packet_traits<Scalar>::type;
  constexpr Index side = Eigen::internal::unpacket_traits<Packet>::size, line = 64 / sizeof(Scalar);
  const Index rows = from.rows() - from.rows() % side, columns = from.cols() - from.cols() % side;
  for (Index j = 0; j < columns; j += side)
    for (Index i = 0; i < rows; i += side) {
      Eigen::internal::PacketBlock<Packet, side> square;
      for (Index k = 0; k < side; ++k) square.packet[k] = Eigen::internal::ploadu<Packet>(&from.coeffRef(i, j + k));
      if (i % line == 0 && i < ahead)
        for (Index k = 0; k < side; ++k) __builtin_prefetch(&from.coeffRef(i, j + k) + from.rows());
      Eigen::internal::ptranspose(square);
      for (Index k = 0; k < side; ++k) Eigen::internal::pstoreu(&to.coeffRef(i + k, j), square.packet[k]);
    }
  to.rightCols(from.cols() - columns) = from.rightCols(from.cols() - columns);
  to.bottomRows(from.rows() - rows) = from.bottomRows(from.rows() - rows);
}

#pragma GCC diagnostic pop

}  // namespace turnstile::inline v0::detail
