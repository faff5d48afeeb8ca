#include <turnstile/attention/dense_attention.hpp>
#include <turnstile/attention/sample_attention.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "attention/attention_reference.hpp"
#include "support/catch.hpp"
#include "support/npy.hpp"

// Heads of trained networks, where there are some: in the folder that TURNSTILE_SHARED names.

using namespace turnstile;
using namespace turnstile::testing;

namespace {

// Q, K and V of head `head` in an array [heads, 3, n, d], or [3, heads, n, d] if `parts_first`; none without a file.
std::vector<FloatMatrix> real_head(const std::string& file, bool parts_first, Index head, Index rows) {
  const char* shared = std::getenv("TURNSTILE_SHARED");
  const auto path = std::filesystem::path(shared == nullptr ? "" : shared) / file;
  if (shared == nullptr || !std::filesystem::exists(path)) {
    WARN("skipped: TURNSTILE_SHARED names no folder that has " + file);
    return {};
  }
  const auto array = examples::NpyArray::read(path);
  const Index n = array.shape()[2], d = array.shape()[3], heads = array.shape()[parts_first ? 1 : 0];
  const Eigen::VectorXf numbers = array.values<float>();
  std::vector<FloatMatrix> parts;
  for (Index part = 0; part < 3; ++part) {
    const Index place = parts_first ? part * heads + head : 3 * head + part;
    parts.push_back(Eigen::Map<const FloatMatrix>(numbers.data() + place * n * d, n, d).topRows(rows));
  }
  return parts;
}

TEST_CASE("Dense attention of trained heads agrees with double precision", "[long]") {
  for (const Index head : {0, 2, 5}) {
    const auto parts = real_head("attention_lm/byte_8192_qkv_f16.npy", false, head, 2048);
    if (parts.empty()) return;
    const FloatMatrix out = DenseAttention()(parts[0], parts[1], parts[2]);
    const auto reference = reference_attention(parts[0], parts[1], parts[2], [](Index i, Index j) { return j <= i; });
    CHECK(relative_error(out, reference) < 2e-6);
  }
}

TEST_CASE("The calibrated recipe keeps what it promises of the rows of trained heads", "[long]") {
  for (const Index head : {0, 1, 2, 3, 4, 5}) {
    const auto parts = real_head("attention_lm/byte_8192_qkv_f16.npy", false, head, 4096);
    if (parts.empty()) return;
    const Heads q(parts[0]), k(parts[1]);
    const HeadReport report = SampleAttention()(parts[0], parts[1], parts[2]).heads[0];
    const detail::HeadInputs inputs{q[0], k[0], 0.125f, Direction::causal};
    std::vector<Index> rows;
    for (Index row = 0; row < 4096; row += 4) rows.push_back(row);
    const auto masses = detail::kept_masses(inputs, detail::SampledRows(inputs, rows), report.pattern);
    const auto covered = std::count_if(masses.begin(), masses.end(), [](double mass) { return mass >= 0.95; });
    INFO("head " << head << ", density " << report.density);
    // The bound fails for one head with probability at most .05; the rows here are a quarter of all, in which the
    // share has a standard error of at most .0157: .04 below the bound would be another 2.5 of those.
    CHECK(report.mass.covered_bound >= 0.5);
    CHECK(static_cast<double>(covered) / static_cast<double>(masses.size()) > report.mass.covered_bound - 0.04);
    // Some rows in a hundred keep next to nothing, so that 64 rows may well miss them, and their standard error with
    // them: what is promised is the bound. It fails for one head with probability at most .05; .01 is two standard
    // errors of a mean of a quarter of the rows. Red where the sample's mean is taken for the bound.
    const double mean = std::accumulate(masses.begin(), masses.end(), 0.0) / static_cast<double>(masses.size());
    CHECK(mean > report.mass.mean_bound - 0.01);
  }
}

TEST_CASE("Heads that need most of their keys stay dense", "[long]") {
  int dense = 0;
  for (const Index head : {0, 1, 2, 3, 4, 5, 6, 7}) {
    const auto parts = real_head("attention_ocr/serif_8192/layer0_qkv_f16.npy", true, head, 2048);
    if (parts.empty()) return;
    dense += SampleAttention(Direction::bidirectional)(parts[0], parts[1], parts[2]).heads[0].pattern.dense;
  }
  CHECK(dense >= 7);  // by the data's own account 15 of 16 heads need 72 to 88 % of the keys for 95 % of the mass
}

}  // namespace
