/// @file
/// A text as one factor of a product A1 X A2ᵀ, the vectors of all words as the other.
#pragma once

#include <Eigen/Core>

#include "stopwatch.hpp"
#include "word_data.hpp"

namespace examples {

/// Reads the first words of a text into a sampler of Y = A1 X A2ᵀ, one after the other: row t mod
/// `slots` of A1 is the vector of word t, so that A1 holds the last words. X is diagonal. A2 is
/// left as it is.
template <class Scalar, class Sampler>
class PairStream {
 public:
  using Index = Eigen::Index;

  /// Of a sampler with `slots` rows in A1, all of them 0, and X = I; of the text `length` words are
  /// read.
  PairStream(const WordData<Scalar>& words, Index slots, Index length, Sampler& sampler)
      : words_(words), slots_(slots), length_(length), sampler_(sampler) {}

  /// Moves the front of the window to `position`; past the length that is read words only leave.
  void advance_to(Index position) {
    const Stopwatch watch;
    for (; position_ < position; ++position_) {
      change_row(position_ - slots_, -1);
      change_row(position_, 1);
    }
    seconds_ += watch.seconds();
  }

  /// Lets the last words leave.
  void finish() { advance_to(length_ + slots_); }

  /// Changes the diagonal of X.
  void weigh(const Eigen::VectorX<Scalar>& weights) {
    for (Index j = 0; j < weights.size(); ++j) sampler_.update_core(j, j, weights[j] - weights_[j]);
    weights_ = weights;
  }

  /// A1 X, from the words of a window that is full.
  RowMajorMatrix<Scalar> weighed_rows() const {
    RowMajorMatrix<Scalar> rows(slots_, weights_.size());
    for (Index slot = 0; slot < slots_; ++slot)
      rows.row(slot) = vector(in_slot(slot)).cwiseProduct(weights_.transpose());
    return rows;
  }

  /// The position in the text of the word in a row.
  Index in_slot(Index slot) const {
    const Index last = position_ - 1;
    return last - (last - slot) % slots_;
  }

  Index position() const { return position_; }
  double seconds_per_row() const { return seconds_ / static_cast<double>(rows_changed_); }

 private:
  auto vector(Index t) const { return words_.vectors.row(words_.tokens[t]); }

  void change_row(Index t, Scalar sign) {
    if (t < 0 || t >= length_) return;
    sampler_.update_left_row(t % slots_, sign * vector(t));
    ++rows_changed_;
  }

  const WordData<Scalar>& words_;
  const Index slots_, length_;
  Sampler& sampler_;
  Eigen::VectorX<Scalar> weights_ = Eigen::VectorX<Scalar>::Ones(words_.vectors.cols());
  Index position_ = 0, rows_changed_ = 0;
  double seconds_ = 0;
};

}  // namespace examples
