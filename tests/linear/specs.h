// What one client after the other would see of a conversation: sequential specifications for the
// checker. Only what the two users can tell apart is in a state.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tests/linear/history.h"

namespace confab::linear {

/// A read.
bool changes_nothing(const Step& step);

/// A one-to-one conversation that both have cleared. The messages of a mask are in the order of
/// history, oldest lowest.
class PairSpec {
 public:
  struct Side {
    std::uint64_t visible = 0;
    std::uint64_t listed = 0;  // since the last deletion; without any there is no entry
    std::uint64_t unread = 0;

    auto operator<=>(const Side&) const = default;
  };
  using State = std::array<Side, 2>;

  /// Learns from all answers together how messages are ordered in a history: by their time, then
  /// by their number.
  explicit PairSpec(std::span<const Call> calls);

  static bool is_read(const Call& call) { return changes_nothing(call); }
  std::optional<State> apply(const State& state, const Call& call) const;

 private:
  State send(State state, const Call& call) const;
  bool shows(std::uint64_t visible, const Call& call) const;

  std::vector<int> messages_;     // in the order of history
  std::array<int, 64> places_{};  // of the messages in it
};

/// A group and two of its members. MsgSeqs count from the beginning of the history.
class GroupSpec {
 public:
  struct Side {
    std::int64_t read = 0;     // MsgSeq
    std::int64_t deleted = 0;  // MsgSeq

    auto operator<=>(const Side&) const = default;
  };
  struct State {
    std::vector<int> messages;  // by MsgSeq
    std::array<Side, 2> sides;

    auto operator<=>(const State&) const = default;
  };

  static bool is_read(const Call& call) { return changes_nothing(call); }
  std::optional<State> apply(const State& state, const Call& call) const;

 private:
  static bool answers(const State& state, const Call& call);
};

}  // namespace confab::linear
