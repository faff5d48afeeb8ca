// What a TensorSketch cannot take is refused by a typed exception that names the value, and changes
// nothing; what is not its state is not read.

#include <turnstile/random/polynomial_hash.hpp>
#include <turnstile/sketch/tensor_sketch.hpp>

#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/refusal.hpp"
#include "support/refused_unchanged.hpp"
#include "support/states.hpp"

using namespace turnstile;
using namespace turnstile::testing;

namespace {

using Sketch = TensorSketch<double>;
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

Sketch used_sketch() {
  Sketch sketch({4, 6}, 32, 2, 1);
  sketch.update({1, 2}, 11.0);
  return sketch;
}

template <class Hash = MixHash>
std::string refused_parameters(std::vector<Index> dimensions, Index buckets, Index nonzeros) {
  return message_of_exactly<InvalidArgument>(
      [&] { TensorSketch<double, Hash>(std::move(dimensions), buckets, nonzeros, 1); });
}

}  // namespace

TEST_CASE("dimensions, buckets and nonzeros out of range are refused by name and value", "[sketch][tensor]") {
  CHECK(contains(refused_parameters({}, 32, 1), "number of factors is 0, outside [2, 62]"));
  CHECK(contains(refused_parameters({5}, 32, 1), "number of factors is 1, outside [2, 62]"));
  CHECK(contains(refused_parameters(std::vector<Index>(63, 1), 32, 1), "number of factors is 63"));
  CHECK(contains(refused_parameters({5, 0}, 32, 1), "dimension of a factor is 0"));
  CHECK(contains(refused_parameters({-5, 3}, 32, 1), "dimension of a factor is -5"));
  CHECK(contains(refused_parameters({(Index{1} << 62) + 1, 1}, 32, 1), "is 4611686018427387905"));
  CHECK(contains(refused_parameters<Polynomial>({Index{1} << 61, 1}, 32, 1), "is 2305843009213693952"));
  CHECK(contains(refused_parameters({5, 5}, 0, 1), "number of buckets is 0"));
  CHECK(contains(refused_parameters({5, 5}, -8, 1), "number of buckets is -8"));
  CHECK(contains(refused_parameters({5, 5}, 3, 4), "number of buckets is 3, outside [4, "));
  CHECK(contains(refused_parameters({5, 5}, (Index{1} << 29) + 1, 1), "number of buckets is 536870913"));
  CHECK(contains(refused_parameters({5, 5}, 32, 5), "number of buckets is 32, not a multiple of 5"));
  CHECK(contains(refused_parameters({5, 5}, 32, 0), "number of nonzeros is 0"));
  CHECK(contains(refused_parameters({5, 5}, 32, -1), "number of nonzeros is -1"));
  CHECK(contains(refused_parameters({5, 5}, 64, 64), "number of nonzeros is 64, outside [1, 63]"));
}

TEST_CASE("a tensor whose entries cannot be numbered is refused, the largest that can is taken", "[sketch][tensor]") {
  const Index root = Index{1} << 31;
  CHECK(contains(refused_parameters({root, root + 1}, 32, 1), "2147483648 x 2147483649 entries"));
  CHECK(contains(refused_parameters({root, root, 2}, 32, 1), "4611686018427387904 x 2 entries"));
  CHECK(contains(refused_parameters({max_dimension, max_dimension}, 32, 1), "entries"));
  Sketch sketch({root, root}, 32, 1, 1);
  sketch.update({root - 1, root - 1}, 2.0);
  CHECK(sketch.estimate({root - 1, root - 1}) == 2);
  CHECK(sketch.identity().dimension == max_dimension);
}

TEST_CASE("a key that does not fit is refused, by updates and by reads", "[sketch][tensor]") {
  Sketch sketch = used_sketch();
  const auto check = [&](const std::vector<Index>& key, const std::string& part) {
    CAPTURE(part);
    CHECK(contains(refusal(sketch, [&](Sketch& s) { s.update(key, 1.0); }), part));
    CHECK(contains(refusal(sketch, [&](Sketch& s) { s.estimate(key); }), part));
  };
  check({4, 2}, "index 4 is outside [0, 4)");
  check({1, 6}, "index 6 is outside [0, 6)");
  check({-1, 2}, "index -1");
  check({1}, "size 1, expected 2");
  check({1, 2, 3}, "size 3, expected 2");
  check({}, "size 0, expected 2");
}

TEST_CASE("a value that is not finite is refused wherever it comes in", "[sketch][tensor]") {
  for (double wrong : {nan_value, infinity, -infinity}) {
    Sketch sketch = used_sketch();
    const Eigen::VectorXd good = Eigen::VectorXd::Ones(4);
    Eigen::VectorXd bad = Eigen::VectorXd::Ones(6);
    bad[5] = wrong;
    Eigen::MatrixXd left = Eigen::MatrixXd::Ones(4, 2), core = Eigen::MatrixXd::Ones(2, 3),
                    right = Eigen::MatrixXd::Ones(6, 3);
    const auto refuses = [&](auto&& action) { return contains(refusal(sketch, action), "not a finite number"); };
    CHECK(refuses([&](Sketch& s) { s.update({1, 2}, wrong); }));
    CHECK(refuses([&](Sketch& s) { s.add_rank_one(good, bad); }));
    CHECK(refuses([&](Sketch& s) { s.add_rank_one(std::vector<Eigen::VectorXd>{good, bad}); }));
    CHECK(refuses([&](Sketch& s) { s.add_rank_one(good, Eigen::SparseVector<double>(bad.sparseView())); }));
    for (Eigen::MatrixXd* matrix : {&left, &core, &right}) {
      (*matrix)(1, 1) = wrong;
      CHECK(refuses([&](Sketch& s) { s.add_product(left, core, right); }));
      (*matrix)(1, 1) = 1;
    }
    Sketch square({6, 6}, 32, 2, 1);
    CHECK(contains(refusal(square, [&](Sketch& s) { s.features(bad.transpose()); }), "not a finite number"));
  }
}

TEST_CASE("factors that do not fit are refused", "[sketch][tensor]") {
  Sketch sketch = used_sketch();
  const auto ones = [](Index n, Index d) { return Eigen::MatrixXd::Ones(n, d).eval(); };
  const auto check = [&](const std::string& part, auto&& action) {
    CAPTURE(part);
    CHECK(contains(refusal(sketch, action), part));
  };
  const Eigen::VectorXd four = ones(4, 1), six = ones(6, 1);
  check("factor has size 6, expected 4", [&](Sketch& s) { s.add_rank_one(six, four); });
  check("size 3, expected 2", [&](Sketch& s) { s.add_rank_one(four, six, six); });
  check("size 1, expected 2", [&](Sketch& s) { s.add_rank_one(std::vector<Eigen::VectorXd>{four}); });
  check("factor has size 5, expected 4", [&](Sketch& s) { s.add_product(ones(5, 2), ones(2, 3), ones(6, 3)); });
  check("factor has size 4, expected 6", [&](Sketch& s) { s.add_product(ones(4, 2), ones(2, 3), ones(4, 3)); });
  check("column of X has size 3, expected 2", [&](Sketch& s) { s.add_product(ones(4, 2), ones(3, 3), ones(6, 3)); });
  check("row of X has size 2, expected 3", [&](Sketch& s) { s.add_product(ones(4, 2), ones(2, 2), ones(6, 3)); });
  check("factor has size 4, expected 6", [&](Sketch& s) { s.features(ones(2, 4)); });
  TensorSketch<> cube({4, 6, 2}, 32, 2, 1);
  CHECK(contains(refusal(cube, [&](TensorSketch<>& s) { s.add_product(ones(4, 2), ones(2, 3), ones(6, 3)); }),
                 "needs 2 factors, and this sketch has 3"));
}

// Infinity would stay for good, and a state that holds it cannot be read back. Both ways of convolving.
TEMPLATE_TEST_CASE("a counter that could leave its range is refused, by updates, factors, features and merges",
                   "[sketch][tensor]", double, float) {
  using Kind = TensorSketch<TestType>;
  constexpr TestType most = std::numeric_limits<TestType>::max();
  const auto refuses = [](Kind& sketch, auto&& action) {
    const auto before = sketch.to_bytes();
    const std::string message = message_of_exactly<CounterOverflow>([&] { action(sketch); });
    return contains(message, "range") && sketch.to_bytes() == before;
  };
  for (Index size : {2, 200}) {
    Kind sketch({size, size}, 32, 2, 1);
    sketch.update({0, 1}, most / 2);
    const Kind other = sketch;
    Eigen::VectorX<TestType> huge = Eigen::VectorX<TestType>::Constant(size, most / 8);
    Eigen::VectorX<TestType> large = Eigen::VectorX<TestType>::Zero(size), unit = large;
    large[0] = TestType(0.75) * most;
    unit[1] = 1;
    CHECK(refuses(sketch, [&](Kind& s) { s.update({0, 1}, TestType(0.75) * most); }));
    CHECK(refuses(sketch, [&](Kind& s) { s.add_rank_one(huge, huge); }));
    CHECK(refuses(sketch, [&](Kind& s) { s.add_rank_one(large, unit); }));
    CHECK(refuses(sketch, [&](Kind& s) { s.add_product(large, Eigen::MatrixX<TestType>::Ones(1, 1), unit); }));
    CHECK(refuses(sketch, [&](Kind& s) { s.features(huge.transpose()); }));
    sketch += other;
    CHECK(refuses(sketch, [&](Kind& s) { s += other; }));
    CHECK(refuses(sketch, [&](Kind& s) { s -= Kind({size, size}, 32, 2, 1) - other; }));
  }
}

TEST_CASE("sketches of other dimensions, sizes or seeds are not merged or multiplied", "[sketch][tensor]") {
  Sketch sketch = used_sketch();
  const auto check = [&](const Sketch& other, const std::string& part) {
    CAPTURE(part);
    CHECK(contains(refusal<IncompatibleSketch>(sketch, [&](Sketch& s) { s += other; }), part));
    CHECK(contains(refusal<IncompatibleSketch>(sketch, [&](Sketch& s) { s -= other; }), part));
    CHECK(contains(refusal<IncompatibleSketch>(sketch, [&](Sketch& s) { s.inner_product(other); }), part));
  };
  check(Sketch({4, 6}, 32, 2, 2), "seed is 2, expected 1");
  check(Sketch({4, 6}, 64, 2, 1), "buckets is 32, expected 16");
  check(Sketch({4, 6}, 16, 1, 1), "rows is 1, expected 2");
  check(Sketch({4, 7}, 32, 2, 1), "dimension is 28, expected 24");
  check(Sketch({6, 4}, 32, 2, 1), "fixed operand");
  check(Sketch({2, 12}, 32, 2, 1), "fixed operand");
  check(Sketch({4, 6, 1}, 32, 2, 1), "width is 3, expected 2");
}

TEST_CASE("bytes of another map, or with a damaged dimension, are no state", "[sketch][tensor]") {
  const Sketch sketch = used_sketch();
  const Identity identity = sketch.identity();
  const Bytes bytes = sketch.to_bytes();
  REQUIRE_FALSE(refused<Sketch>(bytes));
  CHECK(refused<TensorSketch<float>>(bytes));
  CHECK((refused<TensorSketch<double, Polynomial>>(bytes)));
  CHECK(refused<CountSketch<double>>(bytes));
  const std::size_t at = arrays_at(identity);
  for (Index wrong : {Index{0}, Index{-4}, Index{5}, Index{6}, max_dimension, std::numeric_limits<Index>::max()})
    CHECK(refused<Sketch>(with_number(sketch, at, wrong)));
  CHECK(refused<Sketch>(with_number(sketch, at + 2 * sizeof(Index), nan_value)));
  CHECK(refused<Sketch>(with_number(sketch, at + 2 * sizeof(Index), infinity)));
  CHECK_FALSE(refused<Sketch>(with_number(sketch, at + 2 * sizeof(Index), 3.5)));
  const auto with = [&](auto&& change) {
    Identity foreign = identity;
    change(foreign);
    return with_identity(sketch, foreign);
  };
  for (Index wrong : {Index{0}, Index{-1}, Index{1}, Index{3}, Index{63}, Index{1} << 60}) {
    CHECK(refused<Sketch>(with([&](Identity& id) { id.width = wrong; })));
    CHECK(refused<Sketch>(with([&](Identity& id) { id.options.shape.rows = wrong; })));
    CHECK(refused<Sketch>(with([&](Identity& id) { id.options.shape.buckets = wrong; })));
    CHECK(refused<Sketch>(with([&](Identity& id) { id.dimension = wrong; })));
  }
  CHECK(refused<Sketch>(with([](Identity& id) { id.operand ^= 1; })));
  CHECK(refused<Sketch>(with([](Identity& id) { id.options.power = 1; })));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    REQUIRE(refused<Sketch>(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length))));
}
