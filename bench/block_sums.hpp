// What one does who keeps y and draws often: √n sums of squares beside it.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "exact_draw.hpp"

namespace bench {

// y ∈ ℝⁿ and ‖y‖² of each of √n blocks of √n entries. An update is two adds, a draw looks at √n sums and at √n entries.
// Sums drift as roundings add up; one of a block is made anew, with its entries at hand, when a draw comes to it.
class BlockSums {
 public:
  explicit BlockSums(turnstile::Index n)
      : length_(static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n))))),
        y_(static_cast<std::size_t>(n)),
        sums_((y_.size() + length_ - 1) / length_) {}

  // y_i += change
  void update(turnstile::Index index, double change) {
    double& value = y_[static_cast<std::size_t>(index)];
    sums_[static_cast<std::size_t>(index) / length_] += change * (2 * value + change);
    value += change;
  }

  // y += changes, all of it.
  void update(std::span<const double> changes, double factor) {
    for (std::size_t k = 0; k < y_.size(); ++k) y_[k] += factor * changes[k];
    for (std::size_t b = 0; b < sums_.size(); ++b) sums_[b] = squared_norm(block(b));
  }

  // Index i with probability y_i²/‖y‖², for a coin uniform on [0, 1).
  turnstile::Index sample(double coin) {
    double total = 0;
    for (double sum : sums_) total += sum;
    double target = coin * total;
    const auto b = static_cast<std::size_t>(
        interval_of(std::ssize(sums_), target, [&](turnstile::Index k) { return sums_[static_cast<std::size_t>(k)]; }));
    sums_[b] = squared_norm(block(b));
    return static_cast<turnstile::Index>(b * length_) + square_of(block(b), target);
  }

  std::size_t memory_bytes() const { return sizeof(*this) + (y_.size() + sums_.size()) * sizeof(double); }

 private:
  std::span<const double> block(std::size_t b) const {
    return std::span(y_).subspan(b * length_, std::min(length_, y_.size() - b * length_));
  }

  std::size_t length_;
  std::vector<double> y_, sums_;
};

}  // namespace bench
