/// @file
/// Updates fed to several samplers: to all of them, or to none.
#pragma once

#include <concepts>
#include <vector>

namespace turnstile::inline v0 {

/// Samplers of one stream and their own updates, those that they have, fed to all; on an exception nothing has
/// changed. Each sampler checks before it changes, and what one refuses all refuse, but for a CounterOverflow,
/// which depends on the seed: all are asked to admit a change of counters before the first takes it. (A change of
/// a vector or a core is kept as it is, and needs no asking.) Time: that of a sampler's update for each of them.
template <class Sampler>
class BankUpdates {
 public:
  template <class... Arguments>
  void update(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit(change...)) { each.admit(change...); },
            [&](Sampler& each) { each.update(change...); });
  }
  template <class... Arguments>
  void update_row(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_row(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_row(change...)) { each.admit_row(change...); },
            [&](Sampler& each) { each.update_row(change...); });
  }
  template <class... Arguments>
  void update_matrix(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_matrix(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_matrix(change...)) { each.admit_matrix(change...); },
            [&](Sampler& each) { each.update_matrix(change...); });
  }
  template <class... Arguments>
  void update_matrix_row(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_matrix_row(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_matrix_row(change...)) { each.admit_matrix_row(change...); },
            [&](Sampler& each) { each.update_matrix_row(change...); });
  }
  template <class... Arguments>
  void update_vector(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_vector(change...);
  }
  {
    for_all([&](Sampler& each) { each.update_vector(change...); });
  }
  template <class... Arguments>
  void update_left(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_left(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_left(change...)) { each.admit_left(change...); },
            [&](Sampler& each) { each.update_left(change...); });
  }
  template <class... Arguments>
  void update_left_row(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_left_row(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_left_row(change...)) { each.admit_left_row(change...); },
            [&](Sampler& each) { each.update_left_row(change...); });
  }
  template <class... Arguments>
  void update_right(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_right(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_right(change...)) { each.admit_right(change...); },
            [&](Sampler& each) { each.update_right(change...); });
  }
  template <class... Arguments>
  void update_right_row(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_right_row(change...);
  }
  {
    in_step([&](auto& each) -> decltype(each.admit_right_row(change...)) { each.admit_right_row(change...); },
            [&](Sampler& each) { each.update_right_row(change...); });
  }
  template <class... Arguments>
  void update_core(const Arguments&... change) requires requires(Sampler& sampler) {
    sampler.update_core(change...);
  }
  {
    for_all([&](Sampler& each) { each.update_core(change...); });
  }

 protected:
  std::vector<Sampler> samplers_;

  template <class Action>
  void for_all(const Action& action) {
    for (Sampler& sampler : samplers_) action(sampler);
  }

 private:
  // Samplers that cannot be asked refuse alike.
  template <class Admit, class Change>
  void in_step(const Admit& admit, const Change& change) {
    if constexpr (std::invocable<const Admit&, Sampler&>) for_all(admit);
    for_all(change);
  }
};

}  // namespace turnstile::inline v0
