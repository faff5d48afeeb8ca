/// @file
/// Counts under a stream of signed updates.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <vector>

#include "npy.hpp"
#include "stopwatch.hpp"

namespace examples {

/// Reads an array of signed numbers into a sampler and into exact counts: the value v changes
/// coordinate |v| − 1 by the sign of v.
class SignedCounts {
 public:
  using Index = Eigen::Index;

  explicit SignedCounts(const std::filesystem::path& path) : SignedCounts(NpyArray::read(path).vector<Index>()) {}

  Index dimension() const { return counts_.size(); }
  Index updates() const { return std::ssize(indices_); }

  template <class Sampler>
  void advance_to(Index position, Sampler& sampler) {
    const auto first = static_cast<std::size_t>(position_);
    const auto count = static_cast<std::size_t>(position - position_);
    for (; position_ < position; ++position_) {
      const auto at = static_cast<std::size_t>(position_);
      counts_[indices_[at]] += signs_[at];
      deletions_ += signs_[at] < 0;
    }
    const Stopwatch watch;
    sampler.update(std::span<const Index>(indices_).subspan(first, count),
                   std::span<const float>(signs_).subspan(first, count));
    seconds_ += watch.seconds();
  }

  const Eigen::VectorXd& counts() const { return counts_; }
  Index deletions() const { return deletions_; }
  double seconds() const { return seconds_; }

 private:
  explicit SignedCounts(const Eigen::VectorX<Index>& values) {
    Index largest = 0;
    for (const Index v : values) {
      if (v == 0) throw std::runtime_error("a value of the stream is 0, which names no coordinate");
      largest = std::max(largest, std::abs(v));
      indices_.push_back(std::abs(v) - 1);
      signs_.push_back(v < 0 ? -1 : 1);
    }
    counts_ = Eigen::VectorXd::Zero(largest);
  }

  Eigen::VectorXd counts_;
  std::vector<Index> indices_;
  std::vector<float> signs_;
  Index position_ = 0, deletions_ = 0;
  double seconds_ = 0;
};

}  // namespace examples
