// Row sampling. Which words go before which? A_ij counts how often word j, one of the 64 most frequent, follows
// word i, while the novel is read; the second half is then unread again. A is never kept: 16 of its rows, drawn in
// proportion to their squared norms, give directions onto which A can be projected (Frieze, Kannan and Vempala 2004).

#include <Eigen/SVD>
#include <cmath>
#include <exception>
#include <iostream>
#include <string>
#include <turnstile/sampler/row_sampler.hpp>

#include "support/text.hpp"
#include "support/word_data.hpp"

namespace {

using namespace examples;
using turnstile::Index;
using Sampler = turnstile::RowSampler<float>;

constexpr Index columns = 64, draws = 16, rank = 4;

/// The share of ‖A‖² that a projection onto `rank` right singular vectors of M leaves out.
double lost(const Eigen::MatrixXd& a, const Eigen::MatrixXd& m) {
  const Eigen::MatrixXd v = Eigen::JacobiSVD<Eigen::MatrixXd>(m, Eigen::ComputeThinV).matrixV().leftCols(rank);
  return (a - a * v * v.transpose()).squaredNorm() / a.squaredNorm();
}

void show(const std::string& moment, const Sampler& sampler, const Eigen::MatrixXd& a) {
  const auto rows = sampler.sample_with_replacement(draws, 1);
  Eigen::MatrixXd picked(std::ssize(rows), columns);  // rows scaled by 1/√p: E[MᵀM] = draws · AᵀA
  for (Index k = 0; k < picked.rows(); ++k) {
    const auto& draw = rows[static_cast<std::size_t>(k)];
    picked.row(k) = draw.row.cast<double>() / std::sqrt(draw.probability);
  }
  const double best = lost(a, a.transpose() * a);  // the right singular vectors of A
  std::cout << moment << ": a projection onto rank " << rank << " leaves out " << fixed(100 * lost(a, picked), 0)
            << " % of |A|^2, the best one " << fixed(100 * best, 0) << " %\n";
}

}  // namespace

int main() try {
  const auto words = WordData<float>::load(WordFiles::shipped(TURNSTILE_EXAMPLES "/data"));
  const Index n = words.vectors.rows(), length = words.tokens.size();
  Sampler sampler(n, columns, {.seed = 9, .shape = turnstile::SketchShape::for_draws(n, 4)});
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(n, columns);  // only to show the truth
  const auto read = [&](Index first, Index last, float sign) {
    for (Index t = first + 1; t < last; ++t) {
      if (words.tokens[t] >= columns) continue;
      sampler.update(words.tokens[t - 1], words.tokens[t], sign);
      a(words.tokens[t - 1], words.tokens[t]) += sign;
    }
  };
  read(0, length, 1);
  show("The whole novel", sampler, a);
  std::cout << "  drawn:";
  for (const auto& draw : sampler.sample_without_replacement(8)) std::cout << " \"" << words.word(draw.index) << '"';
  std::cout << '\n';
  read(length / 2, length, -1);
  show("The second half unread", sampler, a);
} catch (const std::exception& error) {
  std::cerr << "low_rank: " << error.what() << '\n';
  return 1;
}
