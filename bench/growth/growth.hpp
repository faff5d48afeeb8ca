// What is measured while something grows, and what is fitted to it.
#pragma once

#include <turnstile/turnstile.hpp>

#include <cstddef>
#include <functional>
#include <iostream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fit.hpp"
#include "machine.hpp"
#include "scattered.hpp"
#include "support/text.hpp"
#include "table.hpp"
#include "ways.hpp"

namespace bench {

using turnstile::Index;
using turnstile::Seed;

// What is measured at one size: so many updates at a time, so many draws at a time (or none), and bytes.
struct Subject {
  std::string name;
  double size;
  double updates;
  std::function<void()> update;
  double draws;
  std::function<void()> draw;
  double bytes;
};

struct Cost {
  std::string name;
  double size, update_ns, draw_us, bytes;
};

// Subjects take turns, so that what else the machine does hits all of them.
inline std::vector<Cost> costs_of(const std::vector<Subject>& subjects, int rounds_of_updates, int rounds_of_draws) {
  std::vector<Way> updates, draws;
  for (const Subject& one : subjects) {
    updates.push_back({one.name, 1, [&one](std::uint64_t) { one.update(); }});
    draws.push_back({one.name, 1, [&one](std::uint64_t) {
                       if (one.draw) one.draw();
                     }});
  }
  take_turns_for<ProcessorTime>(updates, 0, rounds_of_updates);
  take_turns_for<ProcessorTime>(draws, 0, rounds_of_draws);
  std::vector<Cost> costs;
  for (std::size_t k = 0; k < subjects.size(); ++k)
    costs.push_back({subjects[k].name, subjects[k].size, 1e3 * updates[k].median() / subjects[k].updates,
                     subjects[k].draw ? draws[k].median() / subjects[k].draws : 0, subjects[k].bytes});
  return costs;
}

// Prints the costs and writes them to FOLDER/growth_NAME.csv; whether that could be done.
inline bool shown(const std::string& folder, const std::string& name, const std::string& title, const std::string& size,
                  const std::vector<Cost>& costs) {
  std::vector<Row> table{{"who", size, "update_ns", "draw_us", "bytes"}};
  for (const Cost& one : costs)
    table.push_back({one.name, number(one.size), number(one.update_ns), one.draw_us > 0 ? number(one.draw_us) : "",
                     number(one.bytes)});
  print(title, table);
  return write_csv(folder + "/growth_" + name + ".csv", table, machine_line());
}

// What was fitted, beside what was expected.
class Fits {
 public:
  Fits() {
    table_.push_back({"cost", "against", "exponent", "from", "to", "a doubling adds", "unexplained %", "expected"});
  }

  // One cost of those who are called `who`, and how it should grow.
  struct Curve {
    std::string who, what;
    double Cost::*cost;
    std::string expected;
  };

  void add(const std::string& size, const std::vector<Cost>& costs, const std::vector<Curve>& curves) {
    for (const Curve& curve : curves) add(size, costs, curve);
  }

  const std::vector<Row>& table() const { return table_; }

 private:
  void add(const std::string& size, const std::vector<Cost>& costs, const Curve& curve) {
    std::vector<double> x, y;
    for (const Cost& one : costs)
      if (one.name == curve.who) {
        x.push_back(one.size);
        y.push_back(one.*curve.cost);
      }
    const Line line = fitted_line(logarithms(x), y);
    table_.push_back({curve.who + ": " + curve.what, size, examples::fixed(fitted_exponent(x, y), 2), number(y.front()),
                      number(y.back()), number(line.slope), number(100 * line.left), curve.expected});
  }

  std::vector<Row> table_;
};

// Samplers of one vector with seeds of their own, so that no branch predictor learns the draws of one.
template <class Sampler>
std::vector<Sampler> samplers_of(std::span<const Index> keys, std::span<const typename Sampler::scalar_type> values,
                                 Index n, Index count, turnstile::SketchShape shape) {
  std::vector<Sampler> samplers;
  for (Index seed = 1; seed <= count; ++seed) {
    samplers.emplace_back(n, turnstile::SamplerOptions{.seed = static_cast<Seed>(seed), .shape = shape});
    samplers.back().update(keys, values);
  }
  return samplers;
}

// Each measures, prints, writes its tables to the folder, and adds its fits; whether they could be written.
bool against_n(const std::string& folder, Fits& fits);
bool against_d(const std::string& folder, Fits& fits);
bool against_k(const std::string& folder, Fits& fits);
bool against_epsilon(const std::string& folder, Fits& fits);

}  // namespace bench
