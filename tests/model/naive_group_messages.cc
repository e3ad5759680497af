// Messages of groups, and what can be read of groups.
#include <algorithm>
#include <ranges>
#include <utility>

#include "tests/model/naive_chat.h"
#include "tests/model/naive_groups.h"

namespace confab::testing {
namespace {

const std::string kCaller = "admin";
constexpr Seconds kRepeatWindow = 300;

}  // namespace

// Rules 63, 68, 70.
bool NaiveGroups::may_speak(const Life& life, const std::string& user) const {
  if (user == kCaller) return true;
  const auto mute = life.mutes.find(user);
  if (mute != life.mutes.end() && mute->second > chat_.now) return false;
  const auto member = life.members.find(user);
  return !life.muted || (member != life.members.end() && member->second.role != "Member");
}

// Q2. What has expired cannot be repeated.
const NaiveGroups::Message* NaiveGroups::repeated(const Life& life, const Message& message) const {
  const Message* found = nullptr;
  for (const auto& each : life.messages) {
    const bool same = !each.notice && each.from == message.from && each.random == message.random &&
                      each.first_text == message.text && each.first_cloud == message.cloud;
    if (same && !is_gone(each)) found = &each;
  }
  const bool near = found != nullptr && std::abs(found->time - message.time) <= kRepeatWindow;
  return near ? found : nullptr;
}

// Rules 74-77, 84-86.
SentCode NaiveGroups::send(const GroupMessageRequest& request) {
  const bool controlled = request.no_unread || request.no_last;
  if (request.online_only && controlled) return {10004};
  auto* const life = find(request.group);
  if (life == nullptr) return {10010};
  const auto& kind = *life->kind;
  if ((request.online_only || controlled) && !kind.stores) return {10004};
  if (request.no_unread && !kind.counts) return {10004};
  if (!request.targets.empty() && !kind.targets) return {10004};
  const auto from = request.from.empty() ? kCaller : request.from;
  const auto known = [&](const std::string& user) {
    return chat_.has(user);
  };
  if (from != kCaller && !known(from)) return {10019};
  if (!std::ranges::all_of(request.targets, known)) return {10019};
  if (!may_speak(*life, from)) return {10017};
  if (request.online_only) return {0, life->newest(), chat_.now};
  const auto time = std::max(chat_.now, life->last_time());
  if (!kind.stores) {
    life->unstored_time = time;
    return {0, ++life->unstored, time};
  }
  Message message{.time = time,
                  .from = from,
                  .random = request.random,
                  .text = request.text,
                  .cloud = request.cloud,
                  .targets = request.targets,
                  .counts = !request.no_unread && kind.counts && request.targets.empty(),
                  .refreshes = !request.no_last};
  if (const auto* const first = repeated(*life, message)) {
    return {0, first - life->messages.data() + 1, first->time};
  }
  life->active = true;
  append(*life, std::move(message));
  if (life->is_member(from)) {
    read_all(*life, from);
    life->last_sent[from] = time;
  }
  return {0, life->newest(), time};
}

// Rule 102: later than the group, in order, not in the future; then nothing is unread for anybody.
std::vector<SentCode> NaiveGroups::import_messages(const std::string& group,
                                                   const std::vector<GroupImportItem>& items,
                                                   bool refreshes) {
  auto* const life = find(group);
  if (life == nullptr) return {{10010}};
  if (!life->kind->stores) return {{10007}};
  std::vector<SentCode> codes;
  std::vector<Message> messages;
  std::vector<const Message*> firsts;
  const auto before = life->newest();
  for (const auto& item : items) {
    Message message{.time = item.time,
                    .from = item.from,
                    .random = item.random,
                    .text = item.text,
                    .counts = life->kind->counts,
                    .refreshes = refreshes && life->kind->imports_refresh};
    const bool in_order =
        item.time > life->created && item.time >= life->last_time() && item.time <= chat_.now;
    if (const auto* const first = repeated(*life, message)) {
      codes.push_back({0, first - life->messages.data() + 1, first->time});
    } else if (!chat_.has(item.from)) {
      codes.push_back({10019});
    } else if (!in_order) {
      codes.push_back({10004});
    } else {
      append(*life, std::move(message));
      codes.push_back({0, life->newest(), item.time});
    }
  }
  if (life->newest() == before) return codes;
  life->active = true;
  for (const auto& user : member_names(group))
    read_all(*life, user);
  return codes;
}

// Rule 97.
ItemCodes NaiveGroups::recall(const std::string& group, const std::vector<std::int64_t>& seqs) {
  auto* const life = find(group);
  if (life == nullptr) return {.code = 10010};
  if (!life->kind->stores) return {.code = 10033};
  ItemCodes codes;
  for (const auto seq : seqs) {
    if (seq < 1 || seq > life->newest() ||
        is_gone(life->messages[static_cast<std::size_t>(seq - 1)])) {
      codes.items.push_back(10030);
      continue;
    }
    auto& message = life->messages[static_cast<std::size_t>(seq - 1)];
    codes.items.push_back(message.recalled || message.notice ? 10032 : 0);
    message.recalled = message.recalled || !message.notice;
  }
  return codes;
}

// Rule 99.
int NaiveGroups::recall_of(const std::string& group, const std::string& sender) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  for (auto& each : life->messages) {
    if (!each.notice && each.from == sender && !is_gone(each)) each.recalled = true;
  }
  return 0;
}

// Rule 101.
int NaiveGroups::modify(const std::string& group,
                        std::int64_t seq,
                        const std::optional<std::string>& text,
                        const std::optional<std::string>& cloud) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (!life->kind->stores) return 10007;
  if (!text && (!cloud || cloud->empty())) return 90010;
  if (seq < 1 || seq > life->newest()) return 20022;
  auto& message = life->messages[static_cast<std::size_t>(seq - 1)];
  if (is_gone(message) || message.notice) return 20022;
  if (message.recalled) return 20023;
  if (text) message.text = *text;
  if (cloud && !cloud->empty()) message.cloud = *cloud;
  return 0;
}

// D25: the newest ones, whoever wrote them.
void NaiveGroups::set_unread_count(Life& life, const std::string& user, std::int64_t unread) {
  read_all(life, user);
  auto left = unread;
  for (auto& each : life.messages | std::views::reverse) {
    if (left == 0) break;
    if (!each.counts || each.recalled) continue;
    each.unread_by.insert(user);
    --left;
  }
  life.members[user].read = life.newest() - std::min(unread, life.newest());
}

int NaiveGroups::set_unread(const std::string& group,
                            const std::string& user,
                            std::int64_t unread) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (!life->kind->counts) return 0;
  if (!life->is_member(user)) return 10004;
  set_unread_count(*life, user, unread);
  return 0;
}

std::vector<NaiveGroups::Entry> NaiveGroups::entries(const std::string& user) const {
  std::map<std::string, Entry> found;
  for (const auto& [key, at] : entries_) {
    if (key.first != user) continue;
    auto& entry = found[key.second];
    entry.empty = true;
    for (const auto& each : lives_[at].messages) {
      const bool lists = each.listed_for.contains(user) && !each.dropped_by.contains(user);
      if (lists) entry.refreshed = std::max(entry.refreshed, each.time);
      const bool shown = each.seen_by.contains(user) || lists;
      const bool sees = shown && !each.cleared_by.contains(user) && !is_gone(each);
      entry.empty = entry.empty && !sees;
    }
  }
  for (const auto& [key, time] : pins_) {
    if (key.first != user) continue;
    auto& entry = found.try_emplace(key.second, Entry{.empty = true}).first->second;
    entry.pinned = time;
  }
  std::vector<Entry> entries;
  for (auto& [group, entry] : found) {
    entry.group = group;
    entries.push_back(std::move(entry));
  }
  return entries;
}

int NaiveGroups::code_of(const std::string& group) const {
  return find(group) == nullptr ? 10010 : 0;
}

bool NaiveGroups::has_members(const std::string& group) const {
  const auto* const life = find(group);
  return life != nullptr && life->kind->stores;
}

// Rules 92, 95; newest first. Whatever members have cleared.
std::vector<GroupRow> NaiveGroups::history(const std::string& group, bool with_recalled) const {
  std::vector<GroupRow> rows;
  const auto& messages = find(group)->messages;
  for (auto seq = static_cast<std::int64_t>(messages.size()); seq > 0; --seq) {
    const auto& each = messages[static_cast<std::size_t>(seq - 1)];
    if (is_gone(each)) {
      rows.push_back({.seq = seq, .place = 1});
    } else if (!each.recalled || with_recalled) {
      rows.push_back({seq, each.recalled ? 2 : 0, each.time, each.random, each.from, each.text,
                      each.cloud, each.notice});
    }
  }
  return rows;
}

// Rule 62.
std::vector<MemberRow> NaiveGroups::members(const std::string& group) const {
  const auto& life = *find(group);
  std::vector<MemberRow> rows;
  for (const auto& [user, member] : life.members) {
    const auto sent = life.last_sent.find(user);
    const auto mute = life.mutes.find(user);
    const bool muted = mute != life.mutes.end() && mute->second > chat_.now;
    rows.push_back({user, member.role, member.joined, member.read, std::string(life.kind->receive),
                    sent == life.last_sent.end() ? 0 : sent->second, muted ? mute->second : 0});
  }
  std::ranges::sort(rows, {}, [](const MemberRow& row) { return std::pair(row.joined, row.user); });
  return rows;
}

// Of those who are members, where members are known.
std::vector<std::pair<std::string, Seconds>> NaiveGroups::mutes(const std::string& group) const {
  std::vector<std::pair<std::string, Seconds>> muted;
  const auto& life = *find(group);
  for (const auto& [user, until] : life.mutes) {
    if (until > chat_.now && (life.is_member(user) || !life.kind->stores))
      muted.emplace_back(user, until);
  }
  return muted;
}

// Q10, rules 89, 90.
std::int64_t NaiveGroups::unread(const Life& life, const std::string& user) const {
  return std::ranges::count_if(life.messages, [&](const Message& each) {
    return each.unread_by.contains(user) && !each.recalled;
  });
}

// Rules 60, 61.
std::vector<JoinedRow> NaiveGroups::joined(const std::string& user, bool with_inactive) const {
  std::vector<JoinedRow> rows;
  for (const auto& life : lives_) {
    const auto member = life.members.find(user);
    const bool hidden = life.kind->waits && !life.active && !with_inactive;
    if (member == life.members.end() || hidden) continue;
    rows.push_back({.group = life.id,
                    .kind = std::string(life.kind->name),
                    .owner = life.owner,
                    .next_seq = life.newest() + 1,
                    .members = static_cast<std::int64_t>(life.members.size()),
                    .last_time = life.last_time(),
                    .muted = life.muted,
                    .role = member->second.role,
                    .joined = member->second.joined,
                    .receive = std::string(life.kind->receive),
                    .read = member->second.read,
                    .unread = unread(life, user)});
  }
  std::ranges::sort(rows, {},
                    [](const JoinedRow& row) { return std::pair(row.joined, row.group); });
  return rows;
}

std::map<std::string, Seconds> NaiveGroups::alive(const std::string& kind) const {
  std::map<std::string, Seconds> found;
  for (const auto& life : lives_) {
    if (life.alive && (kind.empty() || life.kind->name == kind)) found[life.id] = life.created;
  }
  return found;
}

std::vector<std::string> NaiveGroups::member_names(const std::string& group) const {
  std::vector<std::string> names;
  if (const auto* const life = find(group)) {
    for (const auto& [user, member] : life->members)
      names.push_back(user);
  }
  return names;
}

std::int64_t NaiveGroups::newest_seq(const std::string& group) const {
  const auto* const life = find(group);
  return life == nullptr ? 0 : life->newest();
}

std::string NaiveGroups::kind_of(const std::string& group) const {
  const auto* const life = find(group);
  return life == nullptr ? "" : std::string(life->kind->name);
}

Seconds NaiveGroups::created(const std::string& group) const {
  const auto* const life = find(group);
  return life == nullptr ? 0 : life->created;
}

std::vector<Seconds> NaiveGroups::message_times() const {
  std::vector<Seconds> times;
  for (const auto& life : lives_) {
    for (const auto& each : life.messages)
      times.push_back(each.time);
  }
  return times;
}

}  // namespace confab::testing
