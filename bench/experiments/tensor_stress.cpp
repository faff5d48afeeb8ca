// The three engines for Y = A1 X A2ᵀ beside each other: bytes, and the time of an update A1_ij += Δ, as n1 = n2 = n
// grows from 10³ to 10⁶ with d1 = d2 = 16. Beside them one who keeps Y with Eigen (V = A1 X kept, and the row of Y
// that changed computed anew from it), the paper's O(nd), A1 and A2 themselves, and the n² of Y (bytes that are
// computed, not allocated: the row that is recomputed has one place, whatever i is).
//
// Expected (arXiv 2510.03678, section 7): PairwiseKroneckerSampler O(nd) bytes and O(n) an update; of the other two,
// FactoredKroneckerSampler neither bytes nor time that grow with n but by recovery levels, and ExactKroneckerSampler
// O(nd) bytes and O(d log(n/d)) an update.
//
// All begin with A1 = 0, as the pairwise engine takes n² steps to sketch the Y of a full one. All take turns; times
// are medians of the rounds.
//
// Usage: experiment_tensor_stress [FOLDER]    (writes tensor_stress.csv there)

#include <turnstile/turnstile.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "machine.hpp"
#include "random_matrix.hpp"
#include "scattered.hpp"
#include "support/progress.hpp"
#include "support/text.hpp"
#include "table.hpp"
#include "ways.hpp"

namespace {

using namespace turnstile;
using bench::Matrix;
using bench::Row;

constexpr Index d = 16;
constexpr Index length = 1 << 14;  // of the stream
constexpr int rounds = 31;

// V = A1 X, and one row of Y.
class DenseRow {
 public:
  DenseRow(const Matrix& a2, const Matrix& x)
      : a2_(a2), x_(x), v_(Matrix::Zero(a2.rows(), x.cols())), row_(Eigen::VectorXd::Zero(a2.rows())) {}

  void update_left(Index row, Index column, double delta) {
    v_.row(row) += delta * x_.row(column);
    row_.noalias() = a2_ * v_.row(row).transpose();
  }

 private:
  const Matrix &a2_, &x_;
  Matrix v_;
  Eigen::VectorXd row_;
};

struct Stream {
  bench::Scattered rows, columns;

  explicit Stream(Index n) : rows(n, length, 1), columns(d, length, 2) {}
};

template <class Engine>
bench::Way way(const std::string& name, long calls, const Stream& stream, Engine& engine) {
  return {name, calls, [&](std::uint64_t step) {
            const std::size_t k = step % static_cast<std::uint64_t>(length);
            engine.update_left(stream.rows.indices[k], stream.columns.indices[k], stream.rows.changes[k]);
          }};
}

void measure(Index n, std::vector<Row>& table) {
  const Matrix a1 = Matrix::Zero(n, d), a2 = bench::random_matrix(n, d, 2), x = bench::random_matrix(d, d, 3);
  const SamplerOptions options{.seed = 1};
  DenseRow dense(a2, x);
  PairwiseKroneckerSampler<> pairwise(a1, a2, x, options);
  FactoredKroneckerSampler<> factored(a1, a2, x, options);
  ExactKroneckerSampler<> exact(a1, a2, x, options);

  const Stream stream(n);
  const long few = std::max(10'000 / n, Index{1}), many = 512;  // short rounds, so that few are interrupted
  std::vector<bench::Way> ways{way("dense", few, stream, dense), way("pairwise", few, stream, pairwise),
                               way("factored", many, stream, factored), way("exact", many, stream, exact)};
  bench::take_turns(ways, rounds);

  const auto count = static_cast<std::size_t>(n);
  const std::size_t bytes[] = {count * count * sizeof(double), pairwise.memory_bytes(), factored.memory_bytes(),
                               exact.memory_bytes()};
  for (std::size_t k = 0; k < ways.size(); ++k)
    table.push_back({ways[k].name, std::to_string(n), std::to_string(bytes[k]),
                     examples::significant(1000 * ways[k].median(), 4),
                     examples::significant(ways[1].median() / ways[k].median(), 4)});
  table.push_back({"A1 and A2", std::to_string(n), std::to_string(2 * count * d * sizeof(double)), "", ""});
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : ".", note = bench::machine_line();
  std::vector<Row> table{{"who", "n", "bytes", "ns_an_update", "times_faster_than_pairwise"}};
  examples::Progress progress("Kronecker engines", 4);
  for (Index n = 1000; n <= 1'000'000; n *= 10, progress.advance()) measure(n, table);
  bench::print("Y = A1 X A2', d1 = d2 = " + std::to_string(d), table);
  return bench::write_csv(folder + "/tensor_stress.csv", table, note) ? 0 : 1;
}
