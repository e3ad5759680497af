#include "tests/model/naive_groups.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "tests/model/naive_chat.h"

namespace confab::testing {
namespace {

const std::string kCaller = "admin";  // of every command; imported, and in no group
constexpr std::int64_t kForEver = std::numeric_limits<std::uint32_t>::max();

bool is_in(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

const NaiveGroups::Kind NaiveGroups::kKinds[] = {
    {.name = "Private", .has_admins = false, .mutes = false, .waits = true, .tells_roles = false},
    {.name = "Public"},
    {.name = "ChatRoom",
     .counts = false,
     .shows_earlier = true,
     .tells_membership = false,
     .tells_roles = false,
     .receive = "AcceptNotNotify"},
    {.name = "AVChatRoom",
     .stores = false,
     .has_admins = false,
     .counts = false,
     .tells_membership = false,
     .tells_roles = false,
     .targets = false},
    {.name = "Community", .shows_earlier = true, .targets = false, .imports_refresh = false},
};

NaiveGroups::Life* NaiveGroups::find(const std::string& group) {
  const auto found = std::ranges::find_if(lives_, [&](const Life& life) {
    return life.alive && life.id == group;
  });
  return found == lives_.end() ? nullptr : &*found;
}

const NaiveGroups::Life* NaiveGroups::find(const std::string& group) const {
  const auto found = std::ranges::find_if(lives_, [&](const Life& life) {
    return life.alive && life.id == group;
  });
  return found == lives_.end() ? nullptr : &*found;
}

const NaiveGroups::Life* NaiveGroups::entry_life(const std::string& user,
                                                 const std::string& group) const {
  const auto found = entries_.find({user, group});
  return found == entries_.end() ? nullptr : &lives_[found->second];
}

bool NaiveGroups::is_gone(const Message& message) const {
  return chat_.is_expired(message.time);
}

void NaiveGroups::read_all(Life& life, const std::string& user) {
  for (auto& each : life.messages)
    each.unread_by.erase(user);
  const auto member = life.members.find(user);
  if (member != life.members.end()) member->second.read = life.newest();
}

NaiveGroups::Message& NaiveGroups::append(Life& life, Message message) {
  message.first_text = message.text;
  message.first_cloud = message.cloud;
  for (const auto& [user, member] : life.members) {
    const bool sees =
        message.targets.empty() || user == message.from || is_in(message.targets, user);
    if (sees) message.seen_by.insert(user);
    if (sees && message.refreshes) message.listed_for.insert(user);
    if (message.counts && message.targets.empty()) message.unread_by.insert(user);
  }
  return life.messages.emplace_back(std::move(message));
}

// Rules 108, 109, 61.
void NaiveGroups::tell(Life& life) {
  if (!life.kind->stores) return;
  append(life, {.time = std::max(chat_.now, life.last_time()),
                .from = kCaller,
                .notice = true,
                .refreshes = life.active || !life.kind->waits});
}

// Rule 45.
void NaiveGroups::tell_membership(Life& life) {
  if (life.kind->tells_membership && (life.active || !life.kind->waits)) tell(life);
}

// Q1: in some kinds also what was said before. In others who comes back sees what is said from then
// on, and what keeps the entry in the list.
void NaiveGroups::join(Life& life, const std::string& user, const std::string& role, Seconds time) {
  life.members[user] = {.role = role, .joined = time};
  auto& entry = entries_[{user, life.id}];
  entry = static_cast<std::size_t>(&life - lives_.data());
  for (auto& each : life.messages) {
    const bool for_user = each.targets.empty() || is_in(each.targets, user) || each.from == user;
    if (life.kind->shows_earlier && for_user) each.seen_by.insert(user);
    if (!life.kind->shows_earlier) each.seen_by.erase(user);
  }
  read_all(life, user);
}

void NaiveGroups::leave(Life& life, const std::string& user) {
  const bool was_in = life.members.erase(user) > 0;
  if (was_in && life.owner == user) life.owner.clear();
}

// Rules 20, 24, 30, 31, 33.
int NaiveGroups::create(const NewGroupRequest& request) {
  const auto* const kind = std::ranges::find(kKinds, request.kind, &Kind::name);
  if (!kind->stores && !request.members.empty()) return 10007;
  if (request.id.starts_with("@TGS#_") != (request.kind == "Community")) return 10015;
  if (const auto* const present = find(request.id)) {
    return present->owner == request.owner ? 10025 : 10021;
  }
  auto everyone = request.members;
  if (!request.owner.empty()) everyone.insert(everyone.begin(), request.owner);
  if (!std::ranges::all_of(everyone, [&](const auto& user) { return chat_.has(user); })) {
    return 10019;
  }
  lives_.push_back({request.id, kind, chat_.now, request.owner, "name"});
  auto& life = lives_.back();
  if (!kind->stores) return 0;
  for (const auto& user : everyone) {
    if (!life.is_member(user))
      join(life, user, user == request.owner ? "Owner" : "Member", life.created);
  }
  if (!everyone.empty() && kind->tells_membership) tell(life);
  for (const auto& user : everyone)
    read_all(life, user);
  return 0;
}

int NaiveGroups::dissolve(const std::string& group) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  life->alive = false;
  life->members.clear();
  return 0;
}

// Rules 42-45. Who joins sees the notice of it, and has read it.
ItemCodes NaiveGroups::add(const std::string& group,
                           const std::vector<std::string>& users,
                           bool silent) {
  auto* const life = find(group);
  if (life == nullptr) return {.code = 10010};
  if (!life->kind->stores) return {.code = 10007};
  if (!std::ranges::all_of(users, [&](const auto& user) { return chat_.has(user); })) {
    return {.code = 10019};
  }
  ItemCodes codes;
  std::vector<std::string> joined;
  for (const auto& user : users) {
    const bool joins = !life->is_member(user);
    if (joins) {
      join(*life, user, "Member", chat_.now);
      joined.push_back(user);
    }
    codes.items.push_back(joins ? 1 : 2);
  }
  if (!joined.empty() && !silent) tell_membership(*life);
  for (const auto& user : joined)
    read_all(*life, user);
  return codes;
}

// Rule 40 and import_group_member: what was said since the time of joining is seen and listed.
ItemCodes NaiveGroups::import_members(const std::string& group,
                                      const std::vector<MemberImportItem>& items) {
  auto* const life = find(group);
  if (life == nullptr) return {.code = 10010};
  if (!life->kind->stores) return {.code = 10007};
  ItemCodes codes;
  for (const auto& [user, joined, unread] : items) {
    const bool possible = joined > life->created && joined <= chat_.now;
    const bool is_new = !life->is_member(user);
    codes.items.push_back(!possible || !chat_.has(user) ? 0 : is_new ? 1 : 2);
    if (codes.items.back() != 1) continue;
    join(*life, user, "Member", joined);
    for (auto& each : life->messages) {
      if (each.time < joined || !each.targets.empty()) continue;
      each.seen_by.insert(user);
      if (each.refreshes) each.listed_for.insert(user);
    }
    if (life->kind->counts) set_unread_count(*life, user, unread);
  }
  return codes;
}

// Rules 46, 47, D28: what is said from now on is not for them.
int NaiveGroups::remove(const std::string& group,
                        const std::vector<std::string>& users,
                        bool silent) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (!life->kind->stores || (!life->owner.empty() && is_in(users, life->owner))) return 10004;
  bool anybody = false;
  for (const auto& user : users) {
    anybody = anybody || life->is_member(user);
    leave(*life, user);
  }
  if (anybody && !silent) tell_membership(*life);
  return 0;
}

int NaiveGroups::rename(const std::string& group, const std::string& name) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (std::exchange(life->name, name) != name) tell(*life);
  return 0;
}

int NaiveGroups::mute_all(const std::string& group, bool on) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  life->muted = on;
  return 0;
}

// Rules 63-67.
int NaiveGroups::mute(const std::string& group,
                      const std::vector<std::string>& users,
                      std::int64_t seconds) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (!life->kind->mutes) return 10007;
  if (!std::ranges::all_of(users, [&](const auto& user) { return chat_.has(user); })) return 10019;
  for (const auto& user : users)
    life->mutes[user] = seconds == 0 ? 0 : std::min(chat_.now + seconds, kForEver);
  if (life->kind->tells_roles) tell(*life);
  return 0;
}

// Rule 56.
int NaiveGroups::give(const std::string& group, const std::string& owner) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (!life->kind->stores) return 10007;
  if (!life->is_member(owner)) return 10004;
  if (life->owner == owner) return 0;
  if (!life->owner.empty()) life->members[life->owner].role = "Member";
  life->members[owner].role = "Owner";
  life->owner = owner;
  tell(*life);
  return 0;
}

// Rule 57.
int NaiveGroups::set_role(const std::string& group, const std::string& user, bool admin) {
  auto* const life = find(group);
  if (life == nullptr) return 10010;
  if (!life->kind->stores) return 10007;
  if (!life->is_member(user)) return 10004;
  if (life->owner == user || (admin && !life->kind->has_admins)) return 10007;
  const std::string role = admin ? "Admin" : "Member";
  const bool changes = std::exchange(life->members[user].role, role) != role;
  if (changes && life->kind->tells_roles) tell(*life);
  return 0;
}

// E10, E16, E20, E23, E26. Who never had to do with the group has nothing to delete in it.
void NaiveGroups::remove_entry(const std::string& user, const std::string& group, bool clear) {
  const auto entry = entries_.find({user, group});
  const bool pinned = pins_.erase({user, group}) > 0;
  if (entry == entries_.end() && !pinned) return;
  for (auto& life : lives_) {
    if (life.id != group) continue;
    entries_[{user, group}] = static_cast<std::size_t>(&life - lives_.data());
    for (auto& each : life.messages) {
      each.dropped_by.insert(user);
      if (clear) each.cleared_by.insert(user);
    }
    read_all(life, user);
  }
}

void NaiveGroups::pin(const std::string& user, const std::string& group, bool on) {
  if (!on) {
    pins_.erase({user, group});
  } else {
    pins_.try_emplace({user, group}, chat_.now);
  }
}

bool NaiveGroups::is_pinned(const std::string& user, const std::string& group) const {
  return pins_.contains({user, group});
}

std::size_t NaiveGroups::pinned(const std::string& user) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(pins_, [&](const auto& pin) { return pin.first.first == user; }));
}

// C4, C5. An AVChatRoom keeps its owner, who is no member of it.
void NaiveGroups::forget(const std::string& user) {
  for (auto& life : lives_) {
    leave(life, user);
    life.last_sent.erase(user);
    for (auto& each : life.messages) {
      each.seen_by.erase(user);
      each.listed_for.erase(user);
      each.dropped_by.erase(user);
      each.unread_by.erase(user);
      each.cleared_by.erase(user);
    }
  }
  const auto is_theirs = [&](const auto& each) {
    return each.first.first == user;
  };
  std::erase_if(entries_, is_theirs);
  std::erase_if(pins_, is_theirs);
}

}  // namespace confab::testing
