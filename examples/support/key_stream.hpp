/// @file
/// A text as a cache of keys, and queries.
#pragma once

#include <Eigen/Core>
#include <algorithm>

#include "stopwatch.hpp"
#include "word_data.hpp"

namespace examples {

/// Reads a text into a sampler of y = A x, word by word. The vector of a word is its key and its
/// query: x is the last word's, and row t mod n of A that of word t, so that A holds the last n
/// words.
template <class Scalar, class Sampler>
class KeyStream {
 public:
  using Index = Eigen::Index;

  KeyStream(const WordData<Scalar>& words, Sampler& sampler) : words_(words), sampler_(sampler) {}

  /// Moves the front of the cache to `position`; past the end of the text keys only leave, and
  /// there is no query.
  void advance_to(Index position) {
    for (; position_ < position; ++position_) {
      const Stopwatch watch;
      change_key(position_ - slots(), -1);
      change_key(position_, 1);
      seconds_ += watch.seconds();
      change_query(position_ - 1, -1);
      change_query(position_, 1);
    }
  }

  /// Lets the last keys leave.
  void finish() { advance_to(words_.tokens.size() + slots()); }

  /// Writes the keys that are here and the query into another sampler.
  void copy_to(Sampler& sampler) const {
    for (Index t = first(); t < position_; ++t) sampler.update_matrix_row(t % slots(), key(t));
    sampler.update_vector(key(position_ - 1));
  }

  /// y, from the words that are here alone.
  Eigen::VectorXd exact_y() const {
    const Eigen::VectorXd query = key(position_ - 1).transpose().template cast<double>();
    Eigen::VectorXd y = Eigen::VectorXd::Zero(slots());
    for (Index t = first(); t < position_; ++t) y[t % slots()] = key(t).template cast<double>().dot(query);
    return y;
  }

  /// The position in the text of the key in a slot.
  Index in_slot(Index slot) const {
    const Index last = position_ - 1;
    return last - (last - slot) % slots();
  }

  Index position() const { return position_; }
  Index keys_moved() const { return keys_moved_; }
  double seconds() const { return seconds_; }  // in which keys moved

 private:
  Index slots() const { return sampler_.dimension(); }
  Index first() const { return std::max(position_ - slots(), Index{0}); }
  bool in_text(Index t) const { return 0 <= t && t < words_.tokens.size(); }
  auto key(Index t) const { return words_.vectors.row(words_.tokens[t]); }

  void change_key(Index t, Scalar sign) {
    if (!in_text(t)) return;
    sampler_.update_matrix_row(t % slots(), sign * key(t));
    ++keys_moved_;
  }

  void change_query(Index t, Scalar sign) {
    if (in_text(t)) sampler_.update_vector(sign * key(t));
  }

  const WordData<Scalar>& words_;
  Sampler& sampler_;
  Index position_ = 0, keys_moved_ = 0;
  double seconds_ = 0;
};

}  // namespace examples
