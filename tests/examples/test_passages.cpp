#include <turnstile/turnstile.hpp>

#include <Eigen/Core>
#include <cstddef>
#include <span>

#include "../support/catch.hpp"
#include "small_text.hpp"
#include "support/passages.hpp"

namespace {

using Index = Eigen::Index;

/// Takes the updates of a sampler of y = A x with fixed x, and keeps A itself.
struct WholeMatrix {
  Eigen::MatrixXd a;

  void update(std::span<const Index> rows, std::span<const Index> columns, std::span<const double> deltas) {
    REQUIRE((rows.size() == deltas.size() && columns.size() == deltas.size()));
    for (std::size_t k = 0; k < deltas.size(); ++k) a(rows[k], columns[k]) += deltas[k];
  }
};

using Passages = examples::Passages<double, WholeMatrix>;

/// The term counts of the documents that are here.
template <class Here>
Eigen::MatrixXd counts_of(const examples::WordData<double>& text, const Here& here) {
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(text.tokens.size() - Passages::length + 1, text.vectors.rows());
  for (Index i = 0; i < a.rows(); ++i)
    for (Index t = i; t < i + Passages::length; ++t)
      if (here(i)) a(i, text.tokens[t]) += 1;
  return a;
}

bool all(Index) { return true; }
bool even(Index i) { return i % 2 == 0; }
bool third(Index i) { return i % 3 == 0; }

}  // namespace

TEST_CASE("documents that arrive and are withdrawn leave the counts of those that are here", "[examples]") {
  const auto text = small_text<double>(50);
  Passages passages(text);
  REQUIRE(passages.size() == 43);
  WholeMatrix sampler{counts_of(text, [](Index) { return false; })};
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(text.vectors.rows(), -4, 7);
  const auto check = [&](const auto& here, Index present, Index updates) {
    const Eigen::MatrixXd a = counts_of(text, here);
    CHECK(sampler.a == a);
    CHECK(passages.exact_y(x).isApprox(a * x));
    CHECK(passages.present() == present);
    CHECK(passages.updates() == updates * Passages::length);
    WholeMatrix other{0 * a};
    passages.copy_to(other);
    CHECK(other.a == a);
  };
  passages.arrive(sampler, even);
  check(even, 22, 22);
  passages.arrive(sampler, even);  // they are here
  check(even, 22, 22);
  passages.arrive(sampler, third);
  check([](Index i) { return even(i) || third(i); }, 29, 29);
  passages.withdraw(sampler, even);
  check([](Index i) { return third(i) && !even(i); }, 7, 51);
  passages.withdraw(sampler, all);
  check([](Index) { return false; }, 0, 58);
  passages.arrive(sampler, all);
  check(all, 43, 101);
}

TEST_CASE("a document says its own words and no others", "[examples]") {
  const auto text = small_text<double>(20);
  const Passages passages(text);
  for (Index i = 0; i < passages.size(); ++i) {
    CHECK(passages.text(i) == text.passage(i, i + Passages::length));
    for (Index term = 0; term < text.vectors.rows(); ++term)
      CHECK(passages.says(i, term) == (counts_of(text, all)(i, term) > 0));
  }
}

TEST_CASE("documents in a sampler are drawn with their exact y", "[examples]") {
  using Sampler = turnstile::FixedVectorSampler<>;
  const auto text = small_text<double>(50);
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(text.vectors.rows(), -4, 7);
  examples::Passages<double, Sampler> passages(text);
  Sampler sampler(passages.size(), x, {.seed = 1});
  passages.arrive(sampler, all);
  passages.withdraw(sampler, even);
  const Eigen::VectorXd y = passages.exact_y(x);
  const auto draws = sampler.sample_without_replacement(5);
  REQUIRE(draws.size() == 5);
  for (const auto& draw : draws) {
    CHECK(!even(draw.index));
    CHECK(draw.value == Approx(y[draw.index]));
  }
  passages.withdraw(sampler, all);
  CHECK(sampler.sample().outcome() == turnstile::Outcome::zero);
}

TEST_CASE("a text shorter than a document has none", "[examples]") {
  const auto text = small_text<double>(Passages::length - 1);
  CHECK(Passages(text).size() == 0);
  CHECK(Passages(text).exact_y(Eigen::VectorXd::Zero(text.vectors.rows())).size() == 0);
}
