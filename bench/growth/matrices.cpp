// Samplers of y = A x, as d grows.

#include <benchmark/benchmark.h>

#include <memory>

#include "growth.hpp"

namespace bench {
namespace {

using namespace turnstile;

constexpr Index rows = 1 << 16, length = 1 << 8;

// ΨA of a matrix with one nonzero in a row, and an x without zeros: what A holds counts for nothing.
std::shared_ptr<DynamicSampler<>> filled_sampler(Index d) {
  const auto sampler = std::make_shared<DynamicSampler<>>(rows, d, SamplerOptions{.seed = 1});
  const Scattered entries(rows, 1 << 14);
  for (std::size_t k = 0; k < entries.indices.size(); ++k)
    sampler->update_matrix(entries.indices[k], static_cast<Index>(k) % d, entries.changes[k]);
  sampler->update_vector(Eigen::VectorXd::LinSpaced(d, 1, 2));
  sampler->refresh();
  return sampler;
}

// Updates go to a copy, so that only what before_draw changes is new to a draw.
Subject subject(const std::string& name, Index d, const std::function<void(DynamicSampler<>&, std::size_t)>& update,
                const std::function<void(DynamicSampler<>&)>& before_draw) {
  const auto drawn = filled_sampler(d), fed = std::make_shared<DynamicSampler<>>(*drawn);
  return {name,
          static_cast<double>(d),
          static_cast<double>(length),
          [=] {
            for (std::size_t k = 0; k < length; ++k) update(*fed, k);
          },
          1,
          [=] {
            before_draw(*drawn);
            benchmark::DoNotOptimize(drawn->sample());
          },
          static_cast<double>(drawn->memory_bytes())};
}

void change_few(DynamicSampler<>& sampler) {
  for (Index j = 0; j < 2; ++j) sampler.update_vector(j, 0.5);
}

void change_all(DynamicSampler<>& sampler) { sampler.update_vector(Eigen::VectorXd::Constant(sampler.columns(), 0.5)); }

}  // namespace

bool against_d(const std::string& folder, Fits& fits) {
  const Scattered stream(rows, length);
  std::vector<Subject> subjects;
  for (Index d = 8; d <= 1024; d *= 2) {
    const Eigen::RowVectorXd row = Eigen::RowVectorXd::LinSpaced(d, -1, 1);
    subjects.push_back(subject(
        "entry of A", d,
        [=](DynamicSampler<>& sampler, std::size_t k) {
          sampler.update_matrix(stream.indices[k], static_cast<Index>(k) % d, stream.changes[k]);
        },
        change_few));
    subjects.push_back(subject(
        "row of A", d,
        [=](DynamicSampler<>& sampler, std::size_t k) { sampler.update_matrix_row(stream.indices[k], row); },
        change_all));
    subjects.push_back(subject(
        "entry of x", d,
        [=](DynamicSampler<>& sampler, std::size_t k) {
          sampler.update_vector(static_cast<Index>(k) % d, stream.changes[k]);
        },
        change_few));
  }
  const std::vector<Cost> costs = costs_of(subjects, 31, 31);
  fits.add("d", costs,
           {{"entry of x", "ns an update", &Cost::update_ns, "d^0"},
            {"entry of A", "ns an update", &Cost::update_ns, "d^0; more as ΨA leaves caches"},
            {"row of A", "ns an update", &Cost::update_ns, "d^1"},
            {"entry of x", "us a draw after 2 changes of x", &Cost::draw_us, "d^0; more as a column leaves caches"},
            {"row of A", "us a draw after x changed", &Cost::draw_us, "d^1"},
            {"row of A", "bytes", &Cost::bytes, "d^1"}});
  return shown(folder, "size_d", "DynamicSampler as d grows: n = 2^16", "d", costs);
}

}  // namespace bench
