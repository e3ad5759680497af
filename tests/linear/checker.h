// Decides whether calls that overlapped can be put into one order that a sequential specification
// explains and in which no call stands before one that had been answered when it was made: the
// depth-first search of Wing and Gong, with Lowe's memory of where it has been. Pure functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace confab::linear {

/// A set of calls, by their places in the history.
using CallSet = std::uint64_t;

inline constexpr std::size_t kMaxCalls = 64;
/// The search gives up after so many states; ordinary histories need some thousand.
inline constexpr std::size_t kMaxVisited = 300'000;

struct Verdict {
  bool explained = false;
  bool gave_up = false;            // nothing is known
  std::vector<std::size_t> order;  // of the calls; without an explanation: the longest that is one
};

/// What real time says of one call.
struct Constraint {
  CallSet before = 0;     // must come earlier
  CallSet after = 0;      // if this call happens at all, it does before all of these
  bool answered = false;  // must happen
};

/// `Call` has invoked, responded and is_answered(). A call without an answer happened before
/// `responded` or not at all.
template <typename Call>
std::vector<Constraint> constraints_of(std::span<const Call> calls) {
  std::vector<Constraint> constraints(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    constraints[i].answered = calls[i].is_answered();
    for (std::size_t j = 0; j < calls.size(); ++j) {
      const auto bit = CallSet{1} << j;
      if (calls[j].is_answered() && calls[j].responded < calls[i].invoked) {
        constraints[i].before |= bit;
      }
      if (calls[i].responded < calls[j].invoked) constraints[i].after |= bit;
    }
  }
  return constraints;
}

/// `Spec` has a State with an order and apply(State, Call), which gives the state after the call,
/// or nothing if the call cannot have had its answer in this state; and is_read(Call): true if no
/// state is changed by it.
template <typename Spec, typename Call>
class Search {
 public:
  using State = typename Spec::State;

  Search(const Spec& spec, std::span<const Call> calls)
      : spec_(spec), calls_(calls), constraints_(constraints_of(calls)) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const auto bit = CallSet{1} << i;
      if (constraints_[i].answered) {
        needed_ |= bit;
      } else {
        bound_ |= constraints_[i].after;
      }
    }
  }

  Verdict run(const State& initial) {
    const bool explained = go_on(0, initial);
    return {.explained = explained,
            .gave_up = !explained && visited_.size() >= kMaxVisited,
            .order = explained ? order_ : longest_};
  }

 private:
  /// True if all calls that were answered can follow.
  bool go_on(CallSet done, const State& state) {
    if ((done & needed_) == needed_) return true;
    if (visited_.size() >= kMaxVisited) return false;
    if (!visited_.emplace(done, state).second) return false;
    if (order_.size() > longest_.size()) longest_ = order_;

    std::vector<std::pair<std::size_t, State>> next;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if (!can_follow(done, i)) continue;
      auto after = spec_.apply(state, calls_[i]);
      if (!after) continue;
      // A read that keeps nobody else from happening may as well come at once.
      const bool at_once = Spec::is_read(calls_[i]) && (bound_ & (CallSet{1} << i)) == 0;
      if (at_once) return step(done, i, *after);
      next.emplace_back(i, *std::move(after));
    }
    return std::ranges::any_of(next, [&](const auto& each) {
      return step(done, each.first, each.second);
    });
  }

  bool can_follow(CallSet done, std::size_t i) const {
    const auto& constraint = constraints_[i];
    if ((done & (CallSet{1} << i)) != 0) return false;
    if ((constraint.before & ~done) != 0) return false;
    return constraint.answered || (constraint.after & done) == 0;
  }

  bool step(CallSet done, std::size_t i, const State& after) {
    order_.push_back(i);
    if (go_on(done | (CallSet{1} << i), after)) return true;
    order_.pop_back();
    return false;
  }

  const Spec& spec_;
  std::span<const Call> calls_;
  std::vector<Constraint> constraints_;
  CallSet needed_ = 0;
  CallSet bound_ = 0;  // calls that an unanswered one has to come before
  std::set<std::pair<CallSet, State>> visited_;
  std::vector<std::size_t> order_;
  std::vector<std::size_t> longest_;
};

/// REQUIRES: at most kMaxCalls calls.
template <typename Spec, typename Call>
Verdict explain(const Spec& spec,
                const typename Spec::State& initial,
                std::span<const Call> calls) {
  return Search<Spec, Call>(spec, calls).run(initial);
}

}  // namespace confab::linear
