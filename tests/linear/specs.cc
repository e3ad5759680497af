#include "tests/linear/specs.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

namespace confab::linear {
namespace {

std::size_t index(int number) {
  return static_cast<std::size_t>(number);
}

}  // namespace

bool changes_nothing(const Step& step) {
  return step.action == Action::kList || step.action == Action::kHistory ||
         step.action == Action::kUnread;
}

PairSpec::PairSpec(std::span<const Call> calls) {
  std::array<std::int64_t, 64> times{};
  times.fill(std::numeric_limits<std::int64_t>::max());
  for (const auto& call : calls) {
    if (!call.answer) continue;
    if (call.action == Action::kSend) times.at(index(call.argument)) = call.answer->time;
    for (const auto& row : call.answer->rows)
      times.at(index(row.message)) = row.time;
  }
  for (int message = 0; message < 64; ++message)
    messages_.push_back(message);
  std::ranges::sort(messages_, {},
                    [&](int message) { return std::tuple(times.at(index(message)), message); });
  for (int place = 0; place < 64; ++place)
    places_.at(index(messages_[index(place)])) = place;
}

std::optional<PairSpec::State> PairSpec::apply(const State& state, const Call& call) const {
  if (call.answer && call.answer->code != 0) return std::nullopt;
  auto after = state;
  auto& side = after.at(index(call.side));
  switch (call.action) {
    case Action::kSend:
      return send(state, call);
    case Action::kClear:
      side = {};
      return after;
    case Action::kDelete:
      side.listed = 0;
      side.unread = 0;
      return after;
    case Action::kMarkRead:
      side.unread = 0;
      return after;
    default:
      break;
  }
  if (!call.answer) return after;
  const auto number = call.answer->number;
  const bool good = call.action == Action::kList     ? (number != 0) == (side.listed != 0)
                    : call.action == Action::kUnread ? number == std::popcount(side.unread)
                                                     : shows(side.visible, call);
  return good ? std::optional(after) : std::nullopt;
}

PairSpec::State PairSpec::send(State state, const Call& call) const {
  const auto bit = std::uint64_t{1} << index(places_.at(index(call.argument)));
  for (auto& side : state) {
    side.visible |= bit;
    side.listed |= bit;
  }
  state.at(index(1 - call.side)).unread |= bit;
  return state;
}

bool PairSpec::shows(std::uint64_t visible, const Call& call) const {
  std::vector<int> expected;
  for (int place = 63; place >= 0 && std::ssize(expected) < call.argument; --place) {
    if ((visible >> index(place) & 1U) != 0) expected.push_back(messages_[index(place)]);
  }
  std::ranges::reverse(expected);
  const bool complete = std::popcount(visible) <= call.argument;
  return call.answer->complete == complete &&
         std::ranges::equal(call.answer->rows, expected, {}, &Shown::message);
}

std::optional<GroupSpec::State> GroupSpec::apply(const State& state, const Call& call) const {
  if (call.answer && call.answer->code != 0) return std::nullopt;
  if (is_read(call)) {
    return !call.answer || answers(state, call) ? std::optional(state) : std::nullopt;
  }
  auto after = state;
  auto& side = after.sides.at(index(call.side));
  if (call.action == Action::kSend) after.messages.push_back(call.argument);
  const auto newest = std::ssize(after.messages);
  if (call.action == Action::kSend) {
    if (call.answer && call.answer->number != newest) return std::nullopt;
    side.read = newest;
  } else if (call.action == Action::kMarkRead) {
    side.read = newest - call.argument;
  } else {
    side.read = side.deleted = newest;
  }
  return after;
}

bool GroupSpec::answers(const State& state, const Call& call) {
  const auto& side = state.sides.at(index(call.side));
  const auto& answer = *call.answer;
  const auto newest = std::ssize(state.messages);
  if (call.action == Action::kList) return (answer.number != 0) == (newest > side.deleted);
  if (call.action == Action::kUnread) {
    return answer.number == newest - side.read && answer.read_upto == side.read;
  }
  const auto shown = std::min<std::ptrdiff_t>(newest, std::min(call.argument, kGroupRows));
  return std::ranges::equal(answer.rows,
                            std::span(state.messages).last(index(static_cast<int>(shown))), {},
                            &Shown::message);
}

}  // namespace confab::linear
