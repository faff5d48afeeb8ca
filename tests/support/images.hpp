#pragma once

#include <turnstile/sampler/vector_image.hpp>

#include "support/catch.hpp"
#include "support/integer_stream.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

// Comparison of what two samplers keep of y.

namespace turnstile::testing {

// All that went through each scaled counter of two samplers, hence how far rounding can part them: n adds
// of values of total mass M are off by at most n·u·M in any order (Higham 2002, section 4.2), and so
// are the n products before them by u·M.
template <class S>
class Traffic {
 public:
  using Scalar = typename S::scalar_type;

  explicit Traffic(const S& sampler)
      : map_(sampler.linear_map()),
        adds_(static_cast<std::size_t>(map_.table().cells()), 0.0),
        mass_(static_cast<std::size_t>(map_.table().cells()), 0.0) {}

  void pass(const Updates<Scalar>& updates) {
    map_.for_each_row(
        updates.indices,
        [&](std::size_t offset, const RowOfCells& row, std::span<const double> weights) {
          for (std::size_t k = 0; k < row.cells.size(); ++k) {
            adds_[static_cast<std::size_t>(row.cell(k))] += 1;
            mass_[static_cast<std::size_t>(row.cell(k))] +=
                std::abs(static_cast<double>(updates.deltas[offset + k])) * weights[k];
          }
        },
        [](std::size_t, const RowOfCells&) {});
  }

  double rounding(std::size_t cell) const {
    const double unit = static_cast<double>(std::numeric_limits<Scalar>::epsilon());  // twice u: second order
    return unit * (adds_[cell] + 2) * mass_[cell];
  }

 private:
  SamplerOperator<typename S::policies_type> map_;
  std::vector<double> adds_, mass_;
};

// Two images of one integer y: equal fingerprints, equal norm sketches (sums of integers), and scaled
// counters that differ by the rounding of their traffic at most.
template <class Scalar, class S>
void check_same_integer_image(const VectorImage<Scalar>& a, const VectorImage<Scalar>& b, const Traffic<S>& traffic) {
  CHECK(a.residue == b.residue);
  REQUIRE(a.plain.size() == b.plain.size());
  REQUIRE(a.scaled.size() == b.scaled.size());
  long differ = 0, beyond_rounding = 0;
  for (Index cell = 0; cell < a.plain.size(); ++cell) differ += a.plain[cell] != b.plain[cell];
  for (Index cell = 0; cell < a.scaled.size(); ++cell) {
    const double difference = std::abs(static_cast<double>(a.scaled[cell]) - static_cast<double>(b.scaled[cell]));
    beyond_rounding += !(difference <= traffic.rounding(static_cast<std::size_t>(cell)));
  }
  CHECK(differ == 0);
  CHECK(beyond_rounding == 0);
}

}  // namespace turnstile::testing
