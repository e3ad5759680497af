// What clients did with one conversation, and what they were told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/linear/checker.h"

namespace confab::linear {

enum class Action { kSend, kDelete, kClear, kMarkRead, kList, kHistory, kUnread };

inline constexpr int kAllRows = 100;
inline constexpr int kGroupRows = 20;  // the most that one answer gives of a group
inline constexpr int kTotal = 1;       // Step::argument of kUnread: over all conversations

/// Messages are told apart by the numbers that their clients gave them, 0 to 63.
struct Step {
  Action action = Action::kList;
  int side = 0;      // which of the two users
  int argument = 0;  // kSend: the message; kHistory: rows wanted; kMarkRead in a group: how many
                     // messages to leave unread; kUnread: kTotal or not
};

struct Shown {
  int message = 0;
  std::int64_t time = 0;  // MsgTimeStamp

  bool operator==(const Shown&) const = default;
};

struct Answer {
  int code = 0;                // ErrorCode
  std::int64_t number = 0;     // kSend in a group: MsgSeq; kUnread: the count; kList: 1 if listed
  std::int64_t read_upto = 0;  // kUnread in a group: MsgSeq of the read mark
  std::int64_t time = 0;       // kSend: MsgTime
  bool complete = true;        // kHistory between two
  std::vector<Shown> rows;     // kHistory, oldest first
};

struct Call : Step {
  int client = 0;
  std::uint64_t invoked = 0;  // moments come from one counter
  std::uint64_t responded = 0;
  std::optional<Answer> answer;  // nothing: outcome unknown; what happened, did so by `responded`

  bool is_answered() const { return answer.has_value(); }
};

std::string to_text(const Step& step);
std::string to_text(const Call& call);

/// The calls by the time they were made, and how far an explanation gets.
std::string to_text(std::span<const Call> calls, const Verdict& verdict);

}  // namespace confab::linear
