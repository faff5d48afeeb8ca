// A rung of the ladder: one thing the library does beside the limit it is held to, timed in turns.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "table.hpp"
#include "ways.hpp"

namespace bench {

// What is timed: `action` does `items` of them.
struct Work {
  std::string name;
  double items;
  std::function<void()> action;
};

// What a rung is to reach: so many times the limit's time at most, or so many times as fast at least. What is only
// reported says nothing against the library when it is missed: it depends on what else the machine does, or is not what
// the limit is about.
struct Reach {
  enum class Kind { at_most, faster } kind;
  double factor;
  bool only_reported = false;

  double ratio(double own, double limit) const { return kind == Kind::at_most ? own / limit : limit / own; }
  std::string text() const { return (kind == Kind::at_most ? "<= " : ">= ") + number(factor); }
  std::string verdict(double ratio) const {
    const bool met = kind == Kind::at_most ? ratio <= factor : ratio >= factor;
    return std::string(met ? "met" : "missed") + (only_reported ? " (reported)" : "");
  }
};
inline Reach at_most(double factor) { return {Reach::Kind::at_most, factor}; }
inline Reach faster(double factor) { return {Reach::Kind::faster, factor}; }
inline Reach reported(Reach reach) { return {reach.kind, reach.factor, true}; }

// How long two kinds of work take turns: for so many seconds, and at least so many rounds.
struct Patience {
  double seconds = 1;
  int rounds = 5;
};

// The rungs that are asked for, by name, all if none is; and what was measured of them.
class Ladder {
 public:
  explicit Ladder(std::vector<std::string> names) : names_(std::move(names)) {
    table_.push_back(
        {"rung", "measured", "compared with", "ns (bytes) of it", "ns (bytes) of that", "ratio", "reach", "verdict"});
  }

  bool wants(const std::string& rung) {
    known_.push_back(rung);
    if (!names_.empty() && std::ranges::find(names_, rung) == names_.end()) return false;
    std::cerr << "  " << rung << std::endl;
    return true;
  }

  template <class Watch = ProcessorTime>
  void compare(const std::string& rung, const Work& own, const Work& limit, Reach reach, Patience patience = {}) {
    std::vector<Way> ways;
    for (const Work* work : {&own, &limit}) ways.push_back({work->name, 1, [=](std::uint64_t) { work->action(); }});
    take_turns_for<Watch>(ways, patience.seconds, patience.rounds);
    record(rung, own.name, limit.name, 1e3 * ways[0].median() / own.items, 1e3 * ways[1].median() / limit.items, reach);
  }

  // Nanoseconds an item, or bytes.
  void record(const std::string& rung, const std::string& own, const std::string& limit, double of_own, double of_limit,
              Reach reach) {
    const double ratio = reach.ratio(of_own, of_limit);
    table_.push_back(
        {rung, own, limit, number(of_own), number(of_limit), number(ratio), reach.text(), reach.verdict(ratio)});
  }

  const std::vector<Row>& table() const { return table_; }

  // Names that no rung has.
  std::vector<std::string> unknown() const {
    std::vector<std::string> names;
    std::ranges::copy_if(names_, std::back_inserter(names),
                         [&](const std::string& name) { return std::ranges::find(known_, name) == known_.end(); });
    return names;
  }
  const std::vector<std::string>& known() const { return known_; }

 private:
  std::vector<std::string> names_, known_;
  std::vector<Row> table_;
};

// The families of rungs.
void climb_sketches(Ladder& ladder);
void climb_samplers(Ladder& ladder);
void climb_matrices(Ladder& ladder);
void climb_states(Ladder& ladder);

}  // namespace bench
