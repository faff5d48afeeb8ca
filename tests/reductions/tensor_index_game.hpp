#pragma once

#include <turnstile/core/draw.hpp>
#include <turnstile/core/options.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <vector>

#include "shared_columns.hpp"

namespace turnstile::testing {

// INDEX_n through a sampler of y = A^{⊗p} x, the proof of Lemma 6.3 of arXiv 2510.03678: Alice feeds A = diag(S) as
// each of p factors and sends the state; Bob sets x = e_j and draws. y = 0 if S_i = 0, else it is e_j.
//
// j = (i, …, i), that is j − 1 = Σ_k (i − 1)n^k; the proof's j = i·n^{p−1} is a slip: it depends on S_1 as well.
//
// Starved, the n columns of A share m, and x with them: y is the p-fold product of the entries that share with i.
// Bob says 1 if any of the indices drawn is i (see `shared_columns.hpp`).
//
// Sampler: FactoredTensorSampler, or for p = 2 one of (A1, A2, X, options).
template <class Sampler>
class TensorIndexGame {
 public:
  // m must divide n.
  TensorIndexGame(Index bits, Index columns, int factors, SketchShape shape)
      : bits_(bits), columns_(columns), factors_(static_cast<std::size_t>(factors)), shape_(shape) {}

  // Bob asks for one of the first `asked` places.
  Score play(Index asked, long rounds, Seed first) const {
    return score_of(rounds, first, [&](Seed seed) {
      const Word word = random_word(bits_, seed);
      const Index i = random_place(asked, seed);
      const Message message = state_of(word, seed);
      const std::vector<Index> drawn = draw(message, i);
      const bool named = std::find(drawn.begin(), drawn.end(), i) != drawn.end();
      return Round{named == word[static_cast<std::size_t>(i)], message.size()};
    });
  }

  // All that Alice sends.
  Message state_of(const Word& word, Seed seed) const {
    const Eigen::MatrixXd a = shared_diagonal(word, columns_);
    const SamplerOptions options{.seed = seed, .shape = shape_};
    if constexpr (is_pair) {
      return Sampler(a, a, Eigen::MatrixXd::Zero(columns_, columns_), options).to_bytes();
    } else {
      Sampler sampler(std::vector<Index>(factors_, bits_), std::vector<Index>(factors_, columns_), options);
      for (std::size_t k = 0; k < factors_; ++k)
        for (Index i = 0; i < bits_; ++i) sampler.update_row(static_cast<Index>(k), i, a.row(i));
      return sampler.to_bytes();
    }
  }

  // Bob's indices; none if nothing was drawn.
  std::vector<Index> draw(const Message& message, Index i) const {
    Sampler sampler = Sampler::from_bytes(message);
    const std::vector<Index> place(factors_, i % columns_);
    if constexpr (is_pair) {
      sampler.update_core(place.front(), place.back(), 1);
      const auto result = sampler.sample();
      return result ? std::vector{result->row, result->col} : std::vector<Index>{};
    } else {
      sampler.update_core(place, 1);
      const auto result = sampler.sample();
      return result ? result->indices : std::vector<Index>{};
    }
  }

 private:
  static constexpr bool is_pair = std::constructible_from<Sampler, const Eigen::MatrixXd&, const Eigen::MatrixXd&,
                                                          const Eigen::MatrixXd&, const SamplerOptions&>;

  Index bits_, columns_;
  std::size_t factors_;
  SketchShape shape_;
};

}  // namespace turnstile::testing
