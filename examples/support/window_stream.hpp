/// @file
/// A text as a stream of signed updates.
#pragma once

#include <Eigen/Core>
#include <algorithm>

#include "stopwatch.hpp"
#include "word_data.hpp"

namespace examples {

/// Reads a text into the x of a sampler of y = A x, word by word: x is the sum of the vectors of
/// the words in a window that slides over the text, less the average of that sum over the text.
template <class Scalar, class Sampler>
class WindowStream {
 public:
  using Index = Eigen::Index;
  static constexpr Index window = 32;  // words

  WindowStream(const WordData<Scalar>& words, Sampler& sampler) : words_(words), sampler_(sampler) {
    Eigen::VectorXd total = Eigen::VectorXd::Zero(words.vectors.cols());
    for (const Index token : words.tokens) total += words.vectors.row(token).template cast<double>();
    average_ = total * (static_cast<double>(window) / static_cast<double>(words.tokens.size()));
    sampler_.update(-average_);
  }

  /// Moves the front of the window to `position`; past the end of the text words only leave.
  void advance_to(Index position) {
    const Stopwatch watch;
    for (; position_ < position; ++position_) {
      if (position_ < words_.tokens.size()) change_x(position_, 1);
      if (position_ >= window) change_x(position_ - window, -1);
    }
    seconds_ += watch.seconds();
  }

  /// Lets the last words leave and takes back what the constructor did.
  void finish() {
    advance_to(words_.tokens.size() + window);
    sampler_.update(average_);
  }

  /// y, from the words of the window alone.
  Eigen::VectorXd exact_y() const {
    Eigen::VectorXd x = -average_;
    for (Index t = std::max(position_ - window, Index{0}); t < position_; ++t)
      x += words_.vectors.row(words_.tokens[t]).template cast<double>();
    return words_.vectors.template cast<double>() * x;
  }

  Index coordinate_updates() const { return words_moved_ * words_.vectors.cols(); }
  double seconds() const { return seconds_; }

 private:
  void change_x(Index position, Scalar sign) {
    sampler_.update(sign * words_.vectors.row(words_.tokens[position]));
    ++words_moved_;
  }

  const WordData<Scalar>& words_;
  Sampler& sampler_;
  Eigen::VectorXd average_;  // of a window's sum, over the text
  Index position_ = 0, words_moved_ = 0;
  double seconds_ = 0;
};

}  // namespace examples
