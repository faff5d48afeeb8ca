#pragma once

#include <turnstile/core/draw.hpp>
#include <turnstile/core/options.hpp>
#include <turnstile/random/mix_hash.hpp>

#include <Eigen/Core>

#include <concepts>
#include <vector>

#include "shared_columns.hpp"

namespace turnstile::testing {

// A sampler of y = A x for the A of one stream, with x = 0.
template <class Sampler>
Sampler sampler_of_matrix(const Eigen::MatrixXd& a, const SamplerOptions& options) {
  if constexpr (std::constructible_from<Sampler, const Eigen::MatrixXd&, const SamplerOptions&>) {
    return Sampler(a, options);
  } else {
    Sampler sampler(a.rows(), a.cols(), options);
    for (Index i = 0; i < a.rows(); ++i)
      sampler.update_matrix_row(i, a.row(i).template cast<typename Sampler::scalar_type>());
    return sampler;
  }
}

// INDEX_d through a sampler of y = A x, the proof of Lemma 6.2 of arXiv 2510.03678: of a word v ∈ {0, 1}ᵈ Alice
// makes the (d + 1) × d matrix of diag(v) above a row of 10⁻¹⁰, and sends the state; Bob sets x = e_i and draws:
// i if v_i = 1, the last row if v_i = 0.
//
// Starved, the d columns of A share m ones, d/m to each, and so does x: Bob draws one of the rows j with v_j = 1
// that share the column of i. See `shared_columns.hpp` for how often he is right.
//
// Sampler: of a matrix fixed (A, options), or (n, d, options) with update_matrix_row; in Alice's part before Bob's,
// so that x must be a stream: FixedVectorSampler cannot play.
template <class Sampler>
class IndexGame {
 public:
  // m must divide d.
  IndexGame(Index bits, Index columns, SketchShape shape) : bits_(bits), columns_(columns), shape_(shape) {}

  // Bob asks for one of the first `asked` places.
  Score play(Index asked, long rounds, Seed first) const {
    return score_of(rounds, first, [&](Seed seed) {
      const Word v = random_word(bits_, seed);
      const Index i = random_place(asked, seed);
      const Message message = state_of(v, seed);
      return Round{(draw(message, i) == i) == v[static_cast<std::size_t>(i)], message.size()};
    });
  }

  // All that Alice sends.
  Message state_of(const Word& v, Seed seed) const {
    Eigen::MatrixXd a(bits_ + 1, columns_);
    a << shared_diagonal(v, columns_),
        Eigen::RowVectorXd::Constant(columns_, 1e-10 * static_cast<double>(bits_ / columns_));
    return sampler_of_matrix<Sampler>(a, {.seed = seed, .shape = shape_}).to_bytes();
  }

  // Bob's index, or −1.
  Index draw(const Message& message, Index i) const {
    Sampler sampler = Sampler::from_bytes(message);
    return ask(sampler, i);
  }

  // All of v: a question is taken back by x_i −= 1 before the next one is asked.
  std::vector<Index> draw_all(const Message& message) const {
    Sampler sampler = Sampler::from_bytes(message);
    std::vector<Index> drawn;
    for (Index i = 0; i < bits_; ++i) {
      drawn.push_back(ask(sampler, i));
      add_to_x(sampler, i, -1);
    }
    return drawn;
  }

 private:
  Index ask(Sampler& sampler, Index i) const {
    add_to_x(sampler, i, 1);
    const auto result = sampler.sample();
    return result ? result->index : Index{-1};
  }

  void add_to_x(Sampler& sampler, Index i, typename Sampler::scalar_type delta) const {
    if constexpr (requires { sampler.update_vector(i, delta); })
      sampler.update_vector(i % columns_, delta);
    else
      sampler.update(i % columns_, delta);
  }

  Index bits_, columns_;
  SketchShape shape_;
};

}  // namespace turnstile::testing
