// What ExactKroneckerSampler costs beside what a user would write with Eigen, in one run.
//
//   draws   at n = 4096, d = 64: Y = A1 X A2ᵀ computed anew and scanned; V = A1 X and A2ᵀA2 kept, the masses of all
//           rows and then one row scanned (the yardstick); the sampler, with masses up to date and not; the other
//           two engines, whose times do not depend on what has changed
//   updates of an entry of A1, n = 2¹⁰ … 2¹⁶: the rows of the tree that it changes touched at places computed
//           before (the yardstick); a row of V changed with Eigen; the sampler, and its bytes
//
// Each number is the median of several rounds; the ways to do a thing take turns, so that what else the
// machine does hits all of them.
//
// Usage: bench_exact_kronecker [ROUNDS]

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <vector>

#include "random_matrix.hpp"
#include "ways.hpp"

namespace {

using namespace turnstile;
using bench::Way;
using Matrix = bench::Matrix;

constexpr Index columns = 64;
double unused = 0;  // printed at the end, so that nothing is optimised away

Matrix random_matrix(Index rows, Seed seed) { return bench::random_matrix(rows, columns, seed); }

// The index in whose interval the coin falls.
Index place(const Eigen::VectorXd& weights, double coin) {
  double target = coin * weights.sum();
  Index k = 0;
  while (k + 1 < weights.size() && target >= weights[k]) target -= weights[k++];
  return k;
}

double value_of(const DrawResult<PairDraw<double>>& draw) { return draw ? draw->value : 0; }

void time_draws(int rounds) {
  constexpr Index n = 4096;
  const Matrix a1 = random_matrix(n, 1), a2 = random_matrix(n, 2), x = random_matrix(columns, 3);
  const Matrix v = a1 * x, gram = a2.transpose() * a2;
  const MixHash words(derive_seed(4, "coins"));
  const auto coin = [&](std::uint64_t k) { return uniform_variate(words(k)); };
  ExactKroneckerSampler<> sampler(a1, a2, x), pending = sampler;
  const PairwiseKroneckerSampler<> pairwise(a1, a2, x);
  const FactoredKroneckerSampler<> factored(a1, a2, x);
  std::vector<Way> ways{
      {"Y computed anew and scanned", 1,
       [&](std::uint64_t k) {
         const Matrix y = v * a2.transpose();
         const Index row = place(y.rowwise().squaredNorm(), coin(2 * k));
         unused += static_cast<double>(place(y.row(row).cwiseAbs2(), coin(2 * k + 1)));
       }},
      {"V and A2'A2 kept, rows scanned", 5,
       [&](std::uint64_t k) {
         const Index row = place((v * gram).cwiseProduct(v).rowwise().sum(), coin(2 * k));
         unused += static_cast<double>(place((a2 * v.row(row).transpose()).cwiseAbs2(), coin(2 * k + 1)));
       }},
      {"exact sampler", 300, [&](std::uint64_t k) { unused += sampler.sample(k)->value; }},
      {"exact sampler, A1 moved before each draw", 300,
       [&](std::uint64_t k) {
         sampler.update_left(static_cast<Index>(words(k) % n), 3, coin(k) - 0.5);
         unused += sampler.sample(k)->value;
       }},
      {"exact sampler, A2 moved, not refreshed", 50,
       [&](std::uint64_t k) {
         pending.update_right(static_cast<Index>(words(k) % n), 3, coin(k) - 0.5);
         unused += pending.sample(k)->value;
       }},
      {"exact sampler, X moved, not refreshed", 50,
       [&](std::uint64_t k) {
         pending.update_core(static_cast<Index>(words(k) % columns), 3, coin(k) - 0.5);
         unused += pending.sample(k)->value;
       }},
      {"exact sampler, A2 moved and refreshed", 20,
       [&](std::uint64_t k) {
         pending.update_right(static_cast<Index>(words(k) % n), 3, coin(k) - 0.5);
         pending.refresh();
         unused += pending.sample(k)->value;
       }},
      {"pairwise sampler", 2, [&](std::uint64_t) { unused += value_of(pairwise.sample()); }},
      {"factored sampler", 2, [&](std::uint64_t) { unused += value_of(factored.sample()); }},
  };
  bench::take_turns(ways, rounds);
  const double yardstick = ways[1].median();
  std::cout << "One draw, n1 = n2 = " << n << ", d1 = d2 = " << columns << "\n\n"
            << std::setw(58) << "us" << std::setw(16) << "times faster\n";
  for (Way& way : ways)
    std::cout << std::left << std::setw(46) << way.name << std::right << std::setw(12) << way.median() << std::setw(15)
              << yardstick / way.median() << '\n';
}

// The rows of a Gram tree that updates of entries change, one for each level, found before the clock runs.
class TreeRows {
 public:
  TreeRows(const GramTree<double>& tree, const std::vector<Index>& rows, const std::vector<Index>& entries)
      : memory_(Eigen::VectorXd::Zero(tree.node_count() * columns * columns)) {
    for (std::size_t k = 0; k < rows.size(); ++k) {
      first_.push_back(places_.size());
      for (Index node = tree.block_of(rows[k]); node >= GramTree<double>::root; node /= 2)
        places_.push_back(memory_.data() + (node * columns + entries[k]) * columns);
    }
    first_.push_back(places_.size());
  }

  void touch(std::size_t k, const Eigen::RowVectorXd& change) {
    for (std::size_t at = first_[k]; at < first_[k + 1]; ++at)
      Eigen::Map<Eigen::RowVectorXd>(places_[at], columns) += change;
  }

 private:
  Eigen::VectorXd memory_;
  std::vector<double*> places_;
  std::vector<std::size_t> first_;
};

void time_updates(Index n, int rounds) {
  constexpr std::size_t count = 1 << 14;
  const Matrix a1 = random_matrix(n, 1), x = random_matrix(columns, 3);
  const MixHash words(derive_seed(5, "entries"));
  std::vector<Index> rows, entries;
  for (std::uint64_t k = 0; k < count; ++k) {
    rows.push_back(static_cast<Index>(words(2 * k) % static_cast<std::uint64_t>(n)));
    entries.push_back(static_cast<Index>(words(2 * k + 1) % columns));
  }
  const auto change = [](std::uint64_t k) { return k / count % 2 == 0 ? 0.01 : -0.01; };
  ExactKroneckerSampler<> sampler(a1, random_matrix(n, 2), x), pending = sampler;
  pending.update_core(0, 0, 1.0);
  TreeRows places(GramTree<double>(a1), rows, entries);
  Matrix v = a1 * x;
  const Eigen::RowVectorXd row_of_changes = Eigen::RowVectorXd::Constant(columns, 0.01);
  std::vector<Way> ways{
      {"tree rows touched", count, [&](std::uint64_t k) { places.touch(k % count, row_of_changes); }},
      {"row of V changed", count,
       [&](std::uint64_t k) { v.row(rows[k % count]) += change(k) * x.row(entries[k % count]); }},
      {"A1, masses up to date", count,
       [&](std::uint64_t k) { sampler.update_left(rows[k % count], entries[k % count], change(k)); }},
      {"A1 or A2, masses not", count,
       [&](std::uint64_t k) { pending.update_left(rows[k % count], entries[k % count], change(k)); }},
  };
  bench::take_turns(ways, rounds);
  unused += v.sum();
  std::cout << std::setw(8) << n;
  for (Way& way : ways) std::cout << std::setw(12) << 1000 * way.median();
  std::cout << std::setw(12) << ways[2].median() / ways[0].median() << std::setw(14) << sampler.memory_bytes() << '\n';
}

}  // namespace

int main(int argument_count, char** arguments) {
  const int rounds = argument_count > 1 ? std::max(1, std::atoi(arguments[1])) : 9;
  std::cout << std::setprecision(4);
  time_draws(rounds);
  std::cout << "\nOne update of an entry, n1 = n2 = n, d1 = d2 = " << columns << ", ns\n\n"
            << std::setw(8) << "n" << std::setw(12) << "touched" << std::setw(12) << "row of V" << std::setw(12)
            << "kept" << std::setw(12) << "pending" << std::setw(12) << "kept ratio" << std::setw(14) << "bytes\n";
  for (Index n = 1 << 10; n <= 1 << 16; n *= 4) time_updates(n, rounds);
  std::cout << "\n(checksum " << unused << ")\n";
}
