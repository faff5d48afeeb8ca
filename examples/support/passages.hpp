/// @file
/// A text as documents that arrive and are withdrawn.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "stopwatch.hpp"
#include "word_data.hpp"

namespace examples {

/// Every run of a few words of a text is a document. Their term counts are the A of a sampler of
/// y = A x: A_ij says how often term j, a row of the word vectors, stands in document i.
template <class Scalar, class Sampler>
class Passages {
 public:
  using Index = Eigen::Index;
  static constexpr Index length = 8;  // words

  explicit Passages(const WordData<Scalar>& words)
      : words_(words), here_(static_cast<std::size_t>(std::max(words.tokens.size() - length + 1, Index{0}))) {}

  /// All documents (none in a text shorter than one), those that are here, and what one says.
  Index size() const { return std::ssize(here_); }
  Index present() const { return present_; }
  std::string text(Index i) const { return words_.passage(i, i + length); }
  bool says(Index i, Index term) const { return (words_.tokens.segment(i, length).array() == term).any(); }

  /// Writes the documents that are wanted(i) and not yet here.
  template <class Wanted>
  void arrive(Sampler& sampler, const Wanted& wanted) {
    change(
        sampler, [&](Index i) { return !here(i) && wanted(i); }, 1);
  }

  /// Takes back the documents that are here and unwanted(i).
  template <class Unwanted>
  void withdraw(Sampler& sampler, const Unwanted& unwanted) {
    change(
        sampler, [&](Index i) { return here(i) && unwanted(i); }, -1);
  }

  /// Writes the documents that are here into another sampler.
  void copy_to(Sampler& sampler) const {
    for (Index i = 0; i < size(); ++i)
      if (here(i)) update(sampler, i, 1);
  }

  /// y, from the documents that are here and the score of each term.
  Eigen::VectorXd exact_y(const Eigen::VectorXd& x) const {
    Eigen::VectorXd y = Eigen::VectorXd::Zero(size());
    for (Index i = 0; i < size(); ++i)
      if (here(i)) y[i] = x(words_.tokens.segment(i, length)).sum();
    return y;
  }

  Index updates() const { return updates_; }
  double seconds() const { return seconds_; }

 private:
  bool here(Index i) const { return here_[static_cast<std::size_t>(i)]; }

  template <class Which>
  void change(Sampler& sampler, const Which& which, Scalar sign) {
    const Stopwatch watch;
    for (Index i = 0; i < size(); ++i) {
      if (!which(i)) continue;
      update(sampler, i, sign);
      here_[static_cast<std::size_t>(i)] = sign > 0;
      present_ += sign > 0 ? 1 : -1;
      updates_ += length;
    }
    seconds_ += watch.seconds();
  }

  void update(Sampler& sampler, Index i, Scalar sign) const {
    std::array<Index, length> rows;
    std::array<Scalar, length> signs;
    rows.fill(i);
    signs.fill(sign);
    sampler.update(rows, std::span(words_.tokens.data() + i, length), signs);
  }

  const WordData<Scalar>& words_;
  std::vector<bool> here_;
  Index present_ = 0, updates_ = 0;
  double seconds_ = 0;
};

}  // namespace examples
