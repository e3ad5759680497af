#include "tests/linear/history.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include <fmt/format.h>

namespace confab::linear {
namespace {

constexpr std::array<std::string_view, 7> kNames{"send",      "delete", "delete with ClearRamble",
                                                 "mark read", "list",   "history",
                                                 "unread"};

std::string to_text(const Call& call, const Answer& answer) {
  if (answer.code != 0) return fmt::format("error {}", answer.code);
  switch (call.action) {
    case Action::kSend:
      return answer.number == 0 ? fmt::format("ok, time {}", answer.time)
                                : fmt::format("ok, MsgSeq {}", answer.number);
    case Action::kList:
      return answer.number != 0 ? "listed" : "not listed";
    case Action::kUnread:
      return answer.read_upto == 0
                 ? fmt::format("{} unread", answer.number)
                 : fmt::format("{} unread above {}", answer.number, answer.read_upto);
    case Action::kHistory: {
      std::string text = answer.complete ? "all:" : "newest:";
      for (const auto& row : answer.rows)
        text += fmt::format(" m{}", row.message);
      return text;
    }
    default:
      return "ok";
  }
}

}  // namespace

std::string to_text(const Step& step) {
  std::string text =
      fmt::format("user {} {}", step.side, kNames.at(static_cast<std::size_t>(step.action)));
  const bool has_argument = step.action == Action::kSend || step.action == Action::kHistory ||
                            step.action == Action::kMarkRead;
  if (step.action == Action::kSend) text += " m";
  if (has_argument) {
    text += fmt::format("{}{}", step.action == Action::kSend ? "" : " ", step.argument);
  }
  return text;
}

std::string to_text(const Call& call) {
  const auto outcome = call.answer ? to_text(call, *call.answer) : std::string("no answer");
  return fmt::format("{:>4} ..{:>4}  client {}: {} => {}", call.invoked, call.responded,
                     call.client, to_text(static_cast<const Step&>(call)), outcome);
}

std::string to_text(std::span<const Call> calls, const Verdict& verdict) {
  std::vector<std::size_t> by_time(calls.size());
  std::iota(by_time.begin(), by_time.end(), std::size_t{0});
  std::ranges::sort(by_time, {}, [&](std::size_t i) { return calls[i].invoked; });
  std::string text = "history (made .. answered; # in the longest order that can be explained):\n";
  for (const auto i : by_time) {
    const auto at = std::ranges::find(verdict.order, i);
    const auto place = at == verdict.order.end() ? std::string("-")
                                                 : std::to_string(at - verdict.order.begin() + 1);
    text += fmt::format("  #{:<3} {}\n", place, to_text(calls[i]));
  }
  return text;
}

}  // namespace confab::linear
