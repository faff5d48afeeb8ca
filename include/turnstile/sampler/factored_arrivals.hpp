/// @file
/// How entries of a product of streams are drawn without replacement.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "turnstile/core/draw.hpp"
#include "turnstile/sampler/factored_paths.hpp"
#include "turnstile/sampler/reading.hpp"

namespace turnstile::inline v0 {

/// Successive draws without replacement from Y = X ×₁ A1 ×₂ A2 …: entries in the order in which they arrive, if
/// entry i arrives at a time of law Exp(Y_i²), all of them independently.
///
/// A row's first entry arrives after e_i/‖Y_i‖² ~ Exp(‖Y_i‖²), e_i the row's own variable: 1/|ŵ|² as the readings of
/// the row sampler see it. Within the row, entries alone arrive at times s_1 < s_2 < …, read off the sampler
/// of entries in the same way; exponential waits have no memory, so the m-th of them may be taken to arrive
/// s_m − s_1 after the row's first. Merging the rows by these times draws without replacement, and needs none
/// of the shares that an urn goes by.
///
/// A reading that ends leaves w below some bound unseen, so nothing of its row can be missed before a time;
/// draws end at the first of these times. Times are in units of the first row's.
template <class Scalar, class Policies>
class FactoredArrivals {
 public:
  using draw_type = TensorDraw<Scalar>;

  explicit FactoredArrivals(FactoredPaths<Scalar, Policies> paths) : paths_(std::move(paths)) {}

  /// Up to `count` draws. Time: for two factors at most `count` readings of rows and 4 `count` of entries.
  /// Memory: one image of each factor.
  std::vector<draw_type> draw(Index count) {
    std::vector<draw_type> draws;
    for (auto& arrival : arrivals(paths_.start(), count).all) draws.push_back(std::move(arrival.draw));
    return draws;
  }

 private:
  static constexpr double never = std::numeric_limits<double>::infinity();

  struct Arrival {
    double time;
    draw_type draw;
  };

  // Arrivals in their order. Where there are fewer than were asked for, none was missed before `until`.
  struct Arrivals {
    std::vector<Arrival> all;
    double until = 0;
  };

  // A row that has been drawn, at the time `start`, and what arrives in it.
  struct Branch {
    FactoredPath path;
    double start;
    Index asked;
    Arrivals known;
    std::size_t taken = 0;

    bool ended() const { return taken == known.all.size(); }
    // Of the next arrival; at the end, until when none was missed.
    double time() const {
      const double alone = ended() ? known.until : known.all[taken].time;
      return start + (alone - known.all.front().time);
    }
  };

  Arrivals arrivals(const FactoredPath& path, Index count) {
    Arrivals found;
    if (paths_.nearly_complete(path))
      paths_.with_entries(path, [&](const auto& view) { found = of_entries(path, view, count); });
    else
      paths_.with_rows(path, [&](const auto& view) { found = of_rows(path, view, count); });
    return found;
  }

  template <class View>
  Arrivals of_entries(const FactoredPath& path, const View& view, Index count) {
    Successive<View> entries(*this, view);
    Arrivals found;
    while (std::ssize(found.all) < count) {
      const auto entry = entries.next();
      if (!entry) break;
      found.all.push_back({entries.time(), paths_.completed(path, *entry)});
    }
    found.until = entries.time();
    return found;
  }

  template <class View>
  Arrivals of_rows(const FactoredPath& path, const View& view, Index count) {
    Successive<View> rows(*this, view);
    std::vector<Branch> branches;
    Arrivals found;
    auto row = rows.next();
    while (std::ssize(found.all) < count) {
      for (Branch& branch : branches) look_ahead(branch);
      const auto next = std::min_element(branches.begin(), branches.end(),
                                         [](const Branch& a, const Branch& b) { return a.time() < b.time(); });
      found.until = rows.time();
      if (next != branches.end() && next->time() < rows.time()) {
        found.until = next->time();
        if (next->ended()) break;
        found.all.push_back({found.until, next->known.all[next->taken++].draw});
      } else {
        if (!row) break;
        const Index asked = std::min<Index>(2, count - std::ssize(found.all));
        Branch branch{paths_.extended(path, view.image(), *row), rows.time(), asked, {}};
        branch.known = arrivals(branch.path, asked);
        if (branch.known.all.empty()) break;
        found.all.push_back({branch.start, branch.known.all[branch.taken++].draw});
        branches.push_back(std::move(branch));
        if (std::ssize(found.all) < count) row = rows.next();
      }
    }
    return found;
  }

  // Reads twice as many arrivals, from the first again: to keep the reading would be to keep its image.
  void look_ahead(Branch& branch) {
    if (!branch.ended() || std::ssize(branch.known.all) < branch.asked) return;
    branch.asked *= 2;
    branch.known = arrivals(branch.path, branch.asked);
  }

  // The draws that one index of a view has in their order, with the time of the last one; when there are no
  // more, the time until which none was missed.
  template <class View>
  class Successive {
   public:
    using draw_type = typename View::draw_type;

    Successive(FactoredArrivals& all, const View& view)
        : all_(all), op_(view.linear_map()), norm_(euclidean_norm(op_, view.image())), reading_(op_, view.image()) {}

    double time() const { return time_; }

    std::optional<draw_type> next() {
      const auto found = reading_.next();
      // Noise may make a reading larger than the one before it, but a later draw does not arrive earlier.
      time_ = std::max(time_, all_.time_of(found ? found->magnitude * op_.scale(found->draw.index) : reading_.left()));
      if (!found) return std::nullopt;
      draw_type draw = found->draw;
      draw.probability = law_share(found->magnitude, norm_, 2);
      return draw;
    }

   private:
    FactoredArrivals& all_;
    const SamplerOperator<Policies>& op_;
    double norm_;
    Reading<std::remove_cvref_t<decltype(std::declval<View>().image())>, Policies> reading_;
    double time_ = 0;
  };

  // When what reads |ŵ| arrives.
  double time_of(double reading) {
    if (reading == 0) return never;
    if (unit_ == 0) unit_ = reading;
    const double ratio = unit_ / reading;
    return ratio * ratio;
  }

  FactoredPaths<Scalar, Policies> paths_;
  double unit_ = 0;  // |ŵ| of the first row
};

}  // namespace turnstile::inline v0
