#include "tests/model/naive_chat.h"

#include <algorithm>
#include <optional>
#include <ranges>

namespace confab::testing {

NaiveChat::Flags NaiveChat::Message::of(const std::string& user) const {
  const auto found = flags.find(user);
  return found == flags.end() ? Flags{} : found->second;
}

bool NaiveChat::Message::is_between(const std::string& a, const std::string& b) const {
  return (sent.from == a && sent.to == b) || (sent.from == b && sent.to == a);
}

HistoryRow NaiveChat::Message::row() const {
  return {static_cast<std::uint32_t>(time),
          sent.seq,
          sent.random,
          sent.from,
          sent.to,
          sent.text,
          recalled};
}

// E16, E19, G11, G19. A message to oneself is received by its sender.
bool NaiveChat::sees(const std::string& user, const Message& message) const {
  const bool hidden = message.sent.hidden && user != message.sent.to;
  return !hidden && !is_expired(message.time) && !message.of(user).cleared;
}

bool NaiveChat::anyone_sees(const Message& message) const {
  return sees(message.sent.from, message) || sees(message.sent.to, message);
}

// D20, D24, E23.
bool NaiveChat::counts(const std::string& user, const Message& message) const {
  const auto flags = message.of(user);
  return message.sent.to == user && message.sent.from != user && !message.sent.no_unread &&
         !message.recalled && !flags.read && !flags.dropped && sees(user, message);
}

// G4, G7, G9, K40.
int NaiveChat::send(const SendRequest& request) {
  if (!has(request.from)) return 90048;
  if (!has(request.to)) return 90012;
  if (request.online_only) return 0;
  const bool repeated = std::ranges::any_of(messages_, [&](const Message& each) {
    return each.time == now && each.sent.from == request.from && each.sent.to == request.to &&
           each.sent.seq == request.seq && each.sent.random == request.random && anyone_sees(each);
  });
  if (!repeated) messages_.push_back({.sent = request, .time = now, .flags = {}});
  return 0;
}

// G20, K50.
int NaiveChat::recall(const std::string& from,
                      const std::string& to,
                      std::uint32_t seq,
                      std::uint32_t random,
                      std::uint32_t time) {
  if (!has(from)) return 90008;
  if (!has(to)) return 90003;
  const auto found = std::ranges::find_if(messages_, [&](const Message& each) {
    return each.sent.from == from && each.sent.to == to && each.sent.seq == seq &&
           each.sent.random == random && each.time == time && anyone_sees(each);
  });
  if (found == messages_.end()) return 20022;
  if (found->recalled) return 20023;
  found->recalled = true;
  return 0;
}

// D23. Reading goes by store order: with the newest unread message that is old enough, all before
// it are read.
int NaiveChat::mark_read(const std::string& user, const std::string& peer, Seconds until) {
  if (!has(user)) return 90008;
  if (!has(peer)) return 90003;
  const auto newest = std::ranges::find_if(messages_.rbegin(), messages_.rend(), [&](auto& each) {
    return each.is_between(user, peer) && counts(user, each) && each.time <= until;
  });
  for (auto& each : std::ranges::subrange(newest, messages_.rend())) {
    if (each.is_between(user, peer)) each.flags[user].read = true;
  }
  return 0;
}

// E8, E9, E13-E19, E23, E26. Peers that are not imported never had a message here.
int NaiveChat::remove(const std::string& user, const std::string& peer, bool clear) {
  if (!has(user) || !has(peer)) return 50001;
  for (auto& each : messages_) {
    if (!each.is_between(user, peer)) continue;
    each.flags[user].dropped = true;
    if (clear) each.flags[user].cleared = true;
  }
  pins_.erase({user, peer});
  return 0;
}

// D10, K39.
int NaiveChat::pin(const std::string& user, const std::string& peer, bool on) {
  if (!has(user) || (on && !has(peer))) return 50001;
  if (!on) {
    pins_.erase({user, peer});
    return 0;
  }
  if (pins_.contains({user, peer})) return 0;
  const auto pinned =
      std::ranges::count_if(pins_, [&](const auto& each) { return each.first.first == user; });
  if (static_cast<std::size_t>(pinned) >= limits_.pinned_cap) return 51012;
  pins_[{user, peer}] = now;
  return 0;
}

std::vector<HistoryRow> NaiveChat::history(const std::string& user, const std::string& peer) const {
  std::vector<HistoryRow> rows;
  for (const auto& each : messages_) {
    if (each.is_between(user, peer) && sees(user, each)) rows.push_back(each.row());
  }
  std::ranges::sort(rows);
  return rows;
}

std::vector<HistoryRow> NaiveChat::ever_stored(const std::string& a, const std::string& b) const {
  std::vector<HistoryRow> rows;
  for (const auto& each : messages_) {
    if (each.is_between(a, b)) rows.push_back(each.row());
  }
  return rows;
}

// D3, D5, E30-E33.
Seconds NaiveChat::refresh_time(const std::string& user, const std::string& peer) const {
  Seconds newest = 0;
  for (const auto& each : messages_) {
    const bool delivered = each.sent.to == user || !each.sent.hidden;
    const bool refreshes = delivered && !each.sent.no_last && !each.of(user).dropped;
    if (each.is_between(user, peer) && refreshes) newest = std::max(newest, each.time);
  }
  return newest;
}

// D9, D16, K22, K39. An entry that only its pin keeps is as old as the newer of pin and last
// message.
std::vector<SessionRow> NaiveChat::list(const std::string& user, bool with_empty) const {
  std::vector<SessionRow> rows;
  for (const auto& peer : accounts_) {
    const auto pin = pins_.find({user, peer});
    const bool pinned = pin != pins_.end();
    const auto refreshed = refresh_time(user, peer);
    const bool alive = refreshed != 0 && !is_expired(refreshed);
    if (!alive && !pinned) continue;
    if (!with_empty && history(user, peer).empty()) continue;
    rows.push_back({alive ? refreshed : std::max(pin->second, refreshed), peer, pinned});
  }
  return rows;
}

// D21.
std::size_t NaiveChat::unread(const std::string& user, const std::string& peer) const {
  const auto count = std::ranges::count_if(messages_, [&](const Message& each) {
    return each.is_between(user, peer) && counts(user, each);
  });
  return std::min(static_cast<std::size_t>(count), limits_.unread_cap);
}

// D22: of what is in the list.
std::size_t NaiveChat::total_unread(const std::string& user) const {
  std::size_t total = 0;
  for (const auto& row : list(user, true))
    total += unread(user, row.peer);
  return total;
}

bool NaiveChat::expires_between(Seconds from, Seconds to) const {
  return std::ranges::any_of(messages_, [&](const Message& each) {
    const auto end = each.time + limits_.roaming_period;
    return end > from && end <= to;
  });
}

Seconds NaiveChat::next_expiry() const {
  std::optional<Seconds> first;
  for (const auto& each : messages_) {
    const auto end = each.time + limits_.roaming_period;
    if (end > now && (!first || end < *first)) first = end;
  }
  return first.value_or(0);
}

}  // namespace confab::testing
