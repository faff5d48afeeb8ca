// Recorded heads: Q, K and V of attention layers.
#pragma once

#include <turnstile/attention/heads.hpp>

#include <Eigen/Core>

#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/npy.hpp"

namespace bench {

// A file of floats of shape [heads, 3, n, d], or [3, heads, n, d] if `parts_first`, or [3, n, d] of one head: Q, K
// and V, the queries not scaled.
class HeadFile {
 public:
  HeadFile(const std::filesystem::path& path, bool parts_first) : parts_first_(parts_first) {
    const auto array = examples::NpyArray::read(path);
    const auto& shape = array.shape();
    if (shape.size() != 3 && shape.size() != 4) throw std::runtime_error(path.string() + " holds no heads");
    count_ = shape.size() == 3 ? 1 : shape[parts_first ? 1 : 0];
    rows_ = shape[shape.size() - 2];
    size_ = shape.back();
    numbers_ = array.values<float>();
    if (numbers_.size() != 3 * count_ * rows_ * size_) throw std::runtime_error(path.string() + " holds no Q, K, V");
  }

  Eigen::Index count() const { return count_; }
  Eigen::Index rows() const { return rows_; }
  Eigen::Index size() const { return size_; }

  turnstile::HeadRows queries(Eigen::Index head) const { return part(head, 0); }
  turnstile::HeadRows keys(Eigen::Index head) const { return part(head, 1); }
  turnstile::HeadRows values(Eigen::Index head) const { return part(head, 2); }

 private:
  turnstile::HeadRows part(Eigen::Index head, Eigen::Index which) const {
    const Eigen::Index place = parts_first_ ? which * count_ + head : head * 3 + which;
    return {numbers_.data() + place * rows_ * size_, rows_, size_, Eigen::OuterStride<>(size_)};
  }

  bool parts_first_;
  Eigen::Index count_, rows_, size_;
  Eigen::VectorXf numbers_;
};

}  // namespace bench
