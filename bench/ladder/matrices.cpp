// Rungs of matrices: ΦA from A, draws from A x while x changes, rows of A that change.

#include <turnstile/turnstile.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "exact_draw.hpp"
#include "places.hpp"
#include "random_matrix.hpp"
#include "rung.hpp"

namespace bench {
namespace {

using namespace turnstile;

constexpr Index rows = 1'000'000, columns = 64;

template <class Matrix>
Work read_once(const Matrix& a) {
  return {"one read of A", rows, [&] { benchmark::DoNotOptimize(a.sum()); }};
}

template <class Sketch, class Matrix>
void add_rows(Sketch& sketch, const Matrix& a) {
  if constexpr (requires { sketch.update_rows(Index{0}, a); }) {
    sketch.update_rows(Index{0}, a);
  } else {
    for (Index i = 0; i < a.rows(); ++i) sketch.update(i, RowCounter<double>(a.row(i)));
  }
}

template <class Matrix>
Work sketched(const std::string& name, const Matrix& a, Index nonzeros) {
  return {name, rows, [&a, nonzeros] {
            SketchedMatrix<> sketch({.rows = nonzeros, .buckets = 1024}, 1, columns);
            add_rows(sketch, a);
            benchmark::DoNotOptimize(sketch.counters().data());
          }};
}

template <class Matrix>
void climb_build_of(Ladder& ladder, const std::string& layout) {
  const Matrix a = random_matrix(rows, columns, 1);
  ladder.compare("build", sketched("sketch of A " + layout + ": 1 nonzero a key", a, 1), read_once(a), at_most(2.5));
  ladder.compare("build", sketched("sketch of A " + layout + ": 4 nonzeros a key", a, 4), read_once(a), at_most(5));
}

// By columns, which Eigen multiplies faster.
void climb_fixed(Ladder& ladder) {
  const Eigen::MatrixXd a = random_matrix(rows, columns, 1);
  FixedMatrixSampler<> sampler(a, {.seed = 1});
  Eigen::VectorXd x = random_matrix(columns, 1, 2), y(rows);
  sampler.update(x);
  sampler.refresh();
  const MixHash words(derive_seed(1, "changes of x"));
  std::uint64_t toss = 0;
  const auto change = [&](const auto& add) {
    for (const Index j : {3, 17, 40, 62}) add(j, uniform_variate(words(toss++)) - 0.5);
  };
  const Work own{"sample() after 4 of 64 entries of x changed", 1, [&] {
                   change([&](Index j, double delta) { sampler.update(j, delta); });
                   benchmark::DoNotOptimize(sampler.sample());
                 }};
  const Work limit{"A x by Eigen and a pass over it that draws", 1, [&] {
                     change([&](Index j, double delta) { x[j] += delta; });
                     y.noalias() = a * x;
                     const std::span<const double> entries(y.data(), static_cast<std::size_t>(y.size()));
                     benchmark::DoNotOptimize(exact_draw(entries, uniform_variate(words(toss++))));
                   }};
  ladder.compare("fixed", own, limit, faster(200), {.seconds = 2});
  ladder.record("fixed", "bytes of the state", "bytes of A", static_cast<double>(sampler.memory_bytes()),
                static_cast<double>(a.size()) * sizeof(double), faster(50));
}

// Changes of whole rows, `stream` of them again and again.
void climb_dynamic(Ladder& ladder) {
  constexpr Index stream = 1 << 10;
  DynamicSampler<> sampler(rows, columns, {.seed = 1});
  const Matrix deltas = random_matrix(stream, columns, 1);
  const std::vector<Index> keys = Scattered(rows, stream).indices;
  const SketchShape shape = sampler.options().shape, norm = DefaultPolicies::norm_type::shape();
  const Index levels = sampler.linear_map().table().levels();
  Places table(levels * shape.rows * shape.buckets, levels * shape.rows, stream, columns);
  Places plain(norm.rows * norm.buckets, norm.rows, stream, columns);
  ladder.compare("dynamic",
                 {"update_matrix_row: d = 64", stream,
                  [&] {
                    for (Index k = 0; k < stream; ++k)
                      sampler.update_matrix_row(keys[static_cast<std::size_t>(k)], deltas.row(k));
                  }},
                 {"its " + std::to_string(levels * shape.rows + norm.rows) + " row adds at places", stream,
                  [&] {
                    table.add_rows(deltas.data());
                    plain.add_rows(deltas.data());
                  }},
                 at_most(1.5));
}

}  // namespace

void climb_matrices(Ladder& ladder) {
  if (ladder.wants("build")) {
    climb_build_of<bench::Matrix>(ladder, "by rows");
    climb_build_of<Eigen::MatrixXd>(ladder, "by columns");
  }
  if (ladder.wants("fixed")) climb_fixed(ladder);
  if (ladder.wants("dynamic")) climb_dynamic(ladder);
}

}  // namespace bench
