#include "tests/model/naive_chat.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

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
          sent.cloud,
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

bool NaiveChat::knows(const std::string& user, const std::string& peer) const {
  return has(peer) || !ever_stored(user, peer).empty();
}

const NaiveChat::Message* NaiveChat::find(const MessageId& id) const {
  const auto found = std::ranges::find_if(messages_, [&](const Message& each) {
    return each.sent.from == id.from && each.sent.to == id.to && each.sent.seq == id.seq &&
           each.sent.random == id.random && each.time == id.time && anyone_sees(each);
  });
  return found == messages_.end() ? nullptr : &*found;
}

NaiveChat::Message* NaiveChat::find(const MessageId& id) {
  const auto* const found = std::as_const(*this).find(id);
  return found == nullptr ? nullptr
                          : &messages_[static_cast<std::size_t>(found - messages_.data())];
}

void NaiveChat::store(const SendRequest& request, Seconds time) {
  messages_.push_back({.sent = request, .time = time, .flags = {}, .extensions = {}});
}

void NaiveChat::import_account(const std::string& user) {
  accounts_.insert(user);
  ever_.insert(user);
}

// C4, C5. Whoever gets the name next sees nothing of it.
int NaiveChat::delete_account(const std::string& user) {
  if (accounts_.erase(user) == 0) return 70107;
  for (auto& each : messages_) {
    if (each.sent.from == user || each.sent.to == user) each.flags[user] = {true, true, true};
  }
  std::erase_if(pins_, [&](const auto& pin) { return pin.first.first == user; });
  owners_.erase(user);
  groups.forget(user);
  return 0;
}

// G4, G7, G9, K40.
int NaiveChat::send(const SendRequest& request) {
  if (!has(request.from)) return 90048;
  if (!has(request.to)) return 90012;
  if (request.online_only) return 0;
  const auto time = static_cast<std::uint32_t>(now);
  if (!find({request.from, request.to, request.seq, request.random, time})) store(request, now);
  return 0;
}

// G8, G14.
int NaiveChat::import_message(const SendRequest& request, Seconds time, bool live) {
  if (time > now + 86'400) return 90006;
  if (!has(request.from)) return 90048;
  if (!has(request.to)) return 90012;
  const auto second = static_cast<std::uint32_t>(time);
  if (find({request.from, request.to, request.seq, request.random, second})) return 0;
  if (find({request.to, request.from, request.seq, request.random, second})) return 0;
  auto stored = request;
  stored.no_unread = !live;
  store(stored, time);
  return 0;
}

// G13, K40, K49.
ItemCodes NaiveChat::send_to_many(SendRequest request, const std::vector<std::string>& recipients) {
  if (!has(request.from)) return {.code = 90008};
  ItemCodes codes;
  std::set<std::string> done;
  bool reached = false;
  for (const auto& to : recipients) {
    if (!done.insert(to).second) continue;
    request.to = to;
    const int code = send(request);
    codes.items.push_back(code == 0 ? 0 : 70107);
    reached = reached || code == 0;
  }
  if (!reached) codes.code = 90012;
  return codes;
}

// G20, K50. What is stored can be recalled, whoever was deleted since.
int NaiveChat::recall(const MessageId& id) {
  auto* const found = find(id);
  if (found == nullptr) {
    if (!has(id.from)) return 90008;
    return has(id.to) ? 20022 : 90003;
  }
  if (found->recalled) return 20023;
  found->recalled = true;
  return 0;
}

// G21, K48. Empty cloud data counts as not given.
int NaiveChat::modify(const MessageId& id,
                      const std::optional<std::string>& text,
                      const std::optional<std::string>& cloud) {
  if (!text && (!cloud || cloud->empty())) return 90010;
  auto* const found = find(id);
  if (found == nullptr) {
    if (!has(id.from)) return 20003;
    return has(id.to) ? 20022 : 90012;
  }
  if (found->recalled) return 20023;
  if (text) found->sent.text = *text;
  if (cloud && !cloud->empty()) found->sent.cloud = *cloud;
  return 0;
}

// D23. Reading goes by store order: with the newest unread message that is old enough, all before
// it are read.
int NaiveChat::mark_read(const std::string& user, const std::string& peer, Seconds until) {
  if (const int code = history_code(user, peer); code != 0) return code;
  const auto newest = std::ranges::find_if(messages_.rbegin(), messages_.rend(), [&](auto& each) {
    return each.is_between(user, peer) && counts(user, each) && each.time <= until;
  });
  for (auto& each : std::ranges::subrange(newest, messages_.rend())) {
    if (each.is_between(user, peer)) each.flags[user].read = true;
  }
  return 0;
}

// E8, E9, E13-E19, E23, E26.
int NaiveChat::remove(const std::string& user, const std::string& peer, bool clear) {
  if (!has(user) || (!knows(user, peer) && !pins_.contains({user, peer}))) return 50001;
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
  if (!has(user) || (on && !knows(user, peer))) return 50001;
  if (!on) {
    pins_.erase({user, peer});
    return 0;
  }
  if (pins_.contains({user, peer})) return 0;
  if (pinned(user) >= limits_.pinned_cap) return 51012;
  pins_[{user, peer}] = now;
  return 0;
}

std::size_t NaiveChat::pinned(const std::string& user) const {
  const auto count =
      std::ranges::count_if(pins_, [&](const auto& each) { return each.first.first == user; });
  return static_cast<std::size_t>(count) + groups.pinned(user);
}

// E10.
int NaiveChat::remove_group(const std::string& user, const std::string& group, bool clear) {
  if (!has(user)) return 50001;
  groups.remove_entry(user, group, clear);
  return 0;
}

// K39.
int NaiveChat::pin_group(const std::string& user, const std::string& group, bool on) {
  if (!has(user)) return 50001;
  const bool more = on && !groups.is_pinned(user, group);
  if (more && pinned(user) >= limits_.pinned_cap) return 51012;
  groups.pin(user, group, on);
  return 0;
}

int NaiveChat::history_code(const std::string& user, const std::string& peer) const {
  if (!has(user)) return 90008;
  return knows(user, peer) ? 0 : 90003;
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
  const auto book = notes(user);
  for (const auto& peer : ever_) {
    const auto pin = pins_.find({user, peer});
    const bool pinned = pin != pins_.end();
    const auto refreshed = refresh_time(user, peer);
    const bool alive = refreshed != 0 && !is_expired(refreshed);
    if (!alive && !pinned) continue;
    if (!with_empty && history(user, peer).empty()) continue;
    const auto noted = book.contacts.find(peer);
    rows.push_back({alive ? refreshed : std::max(pin->second, refreshed), false, peer, pinned,
                    noted == book.contacts.end() ? "" : notes_text(noted->second)});
  }
  for (const auto& entry : groups.entries(user)) {
    const bool alive = entry.refreshed != 0 && !is_expired(entry.refreshed);
    if ((!alive && !entry.pinned) || (entry.empty && !with_empty)) continue;
    rows.push_back({alive ? entry.refreshed : std::max(*entry.pinned, entry.refreshed), true,
                    entry.group, entry.pinned.has_value(), ""});
  }
  return rows;
}

// D21.
std::optional<std::size_t> NaiveChat::unread(const std::string& user,
                                             const std::string& peer) const {
  if (!knows(user, peer)) return std::nullopt;
  const auto count = std::ranges::count_if(messages_, [&](const Message& each) {
    return each.is_between(user, peer) && counts(user, each);
  });
  return std::min(static_cast<std::size_t>(count), limits_.unread_cap);
}

// D22: of what is in the list.
std::size_t NaiveChat::total_unread(const std::string& user) const {
  std::size_t total = 0;
  for (const auto& row : list(user, true)) {
    if (!row.group) total += unread(user, row.peer).value_or(0);
  }
  return total;
}

std::vector<Seconds> NaiveChat::expiries() const {
  auto times = groups.message_times();
  for (const auto& each : messages_)
    times.push_back(each.time);
  for (auto& time : times)
    time += limits_.roaming_period;
  return times;
}

bool NaiveChat::expires_between(Seconds from, Seconds to) const {
  return std::ranges::any_of(expiries(), [&](Seconds end) { return end > from && end <= to; });
}

Seconds NaiveChat::next_expiry() const {
  Seconds first = 0;
  for (const auto end : expiries()) {
    if (end > now && (first == 0 || end < first)) first = end;
  }
  return first;
}

}  // namespace confab::testing
