// What must hold of groups.
#include <algorithm>
#include <utility>

#include "domain/accounts.h"
#include "domain/group_messages.h"
#include "domain/group_views.h"
#include "domain/members.h"
#include "tests/crash/findings.h"
#include "tests/crash/load.h"

namespace confab::testing {
namespace {

/// The entries of one life, whose key's rest begins with its serial.
template <typename Rest, typename Value>
std::map<Rest, Value> of_life(const std::map<Shard, std::map<Rest, Value>>& rows,
                              const Shard& shard,
                              std::uint64_t serial) {
  const auto found = rows.find(shard);
  if (found == rows.end()) return {};
  return {found->second.lower_bound(Rest{.serial = serial}),
          found->second.lower_bound(Rest{.serial = serial + 1})};
}

bool has(const GroupMessageRecord& message, std::uint32_t flag) {
  return (message.flags & flag) != 0;
}

bool is_counted(const GroupMessageRecord& message) {
  return has(message, GroupMessageRecord::kCounted);
}

bool is_recalled(const GroupMessageRecord& message) {
  return has(message, GroupMessageRecord::kRecalled);
}

bool is_addressed(const GroupMessageRecord& message, const std::string& user) {
  return message.targets.empty() || message.sender == user ||
         std::ranges::find(message.targets, user) != message.targets.end();
}

}  // namespace

/// One life of a group.
struct Findings::Life {
  std::string name;
  std::string group;
  Shard shard;
  std::uint64_t serial;
  GroupHeadRecord head;
  GroupRecord record;  // of the present life, which may be another
  std::map<GroupMessageRest, GroupMessageRecord> messages;

  bool is_alive() const { return head.dissolved_at == 0; }
  /// Of the newest message that counts and may be reclaimed.
  std::uint64_t reclaimed_ordinal() const {
    if (head.reclaimed_upto == 0) return 0;
    if (messages.empty()) return head.ordinal;
    const auto& oldest = messages.begin()->second;
    return oldest.ordinal - (is_counted(oldest) ? 1 : 0);
  }
  const GroupMessageRecord* at(Position position) const {
    const auto found = messages.find({serial, position});
    return found == messages.end() ? nullptr : &found->second;
  }
};

Findings::Life Findings::life_of(const Shard& shard, std::uint64_t serial) const {
  const auto group = group_of(shard).value_or("?");
  Life life{.name = fmt::format("{} ({})", group, serial),
            .group = group,
            .shard = shard,
            .serial = serial,
            .head = {},
            .record = {},
            .messages = of_life(image_.group_messages, shard, serial)};
  if (const auto found = image_.groups.find(shard); found != image_.groups.end()) {
    life.record = found->second;
  }
  if (const auto heads = image_.group_heads.find(shard); heads != image_.group_heads.end()) {
    if (const auto head = heads->second.find({serial}); head != heads->second.end()) {
      life.head = head->second;
    }
  }
  return life;
}

void Findings::check_groups() {
  for (const auto& [shard, record] : image_.groups) {
    if (life_of(shard, record.serial).head.kind == 0) {
      complain("{}: its life {} has no head", shard.owner, record.serial);
    }
  }
  for (const auto& [shard, heads] : image_.group_heads) {
    for (const auto& [rest, head] : heads) {
      const auto life = life_of(shard, rest.serial);
      check_life(life);
      check_group_messages(life);
      check_ordinals(life);
      check_repeats(life);
      if (!life.is_alive()) continue;
      check_recalls(life);
      check_members(life);
    }
  }
  for (const auto& [shard, messages] : image_.group_messages) {
    for (const auto& [rest, message] : messages) {
      if (life_of(shard, rest.serial).head.kind == 0) {
        complain("{}: message {} of a life without a head", shard.owner, rest.position);
      }
    }
  }
  for (const auto& [shard, views] : image_.group_views) {
    if (shard.app != context_.app) continue;
    for (const auto& [rest, view] : views) {
      if (view.generation == account_of(shard.owner).generation) {
        check_group_view(shard.owner, rest.group, view);
      }
    }
  }
}

void Findings::check_life(const Life& life) {
  const auto present = life.record.serial;
  if (life.serial > present) complain("{}: the group has not lived so often", life.name);
  const bool is_present = life.serial == present && life.record.kind != 0;
  if (is_present != life.is_alive()) complain("{}: record and head differ", life.name);
}

/// Dense above the reclaim floor, in the order of their times.
void Findings::check_group_messages(const Life& life) {
  const auto& head = life.head;
  std::uint32_t newest = 0;
  auto expected = head.reclaimed_upto;
  for (const auto& [rest, message] : life.messages) {
    if (rest.position != ++expected) {
      complain("{}: {} is missing", life.name, expected);
      expected = rest.position;
    }
    if (message.time < newest) complain("{}: {} goes back in time", life.name, rest.position);
    newest = message.time;
  }
  if (expected != head.last_position) {
    complain("{}: the head ends at {}, the messages at {}", life.name, head.last_position,
             expected);
  }
  if (newest != 0 && newest != head.last_time) complain("{}: the head's time", life.name);
  const auto* const listed = life.at(head.listed_position);
  if (listed == nullptr) {
    if (head.listed_position > head.reclaimed_upto) complain("{}: no listed one", life.name);
    return;
  }
  if (listed->time != head.listed_time) complain("{}: the time of the listed one", life.name);
  const bool tip = has(*listed, GroupMessageRecord::kTip);
  if (!tip && (!refreshes_lists(listed->body) || !listed->targets.empty())) {
    complain("{}: the listed one refreshes no list", life.name);
  }
  for (const auto& [rest, message] : life.messages) {
    const bool refreshes = message.targets.empty() && refreshes_lists(message.body);
    if (refreshes && rest.position > head.listed_position) {
      complain("{}: {} should be the listed one", life.name, rest.position);
    }
  }
}

void Findings::check_ordinals(const Life& life) {
  std::optional<std::uint64_t> before;
  for (const auto& [rest, message] : life.messages) {
    const bool counts = is_counted(message);
    if (counts != counts_as_unread(message.body)) {
      complain("{}: {} counts or does not", life.name, rest.position);
    }
    const auto expected = before.value_or(message.ordinal - (counts ? 1 : 0)) + (counts ? 1 : 0);
    if (message.ordinal != expected) complain("{}: ordinal of {}", life.name, rest.position);
    if (rest.position == 1 && message.ordinal > 1) complain("{}: the first ordinal", life.name);
    before = message.ordinal;
  }
  if (before.value_or(life.head.ordinal) != life.head.ordinal) {
    complain("{}: the head's ordinal is {}, should be {}", life.name, life.head.ordinal, *before);
  }
}

void Findings::check_repeats(const Life& life) {
  const auto repeats = of_life(image_.group_repeats, life.shard, life.serial);
  for (const auto& [rest, message] : life.messages) {
    if (message.digest == 0) continue;
    const auto found = repeats.find({life.serial, message.digest});
    if (found == repeats.end() || found->second.position < rest.position) {
      complain("{}: the digest of {} does not lead to it", life.name, rest.position);
    }
  }
  for (const auto& [rest, repeat] : repeats) {
    const auto* const message = life.at(repeat.position);
    if (message == nullptr || message->digest != rest.digest) {
      complain("{}: a digest leads to {}", life.name, repeat.position);
    }
  }
}

void Findings::check_recalls(const Life& life) {
  const auto recalls = of_life(image_.group_recalls, life.shard, life.serial);
  for (const auto& [rest, message] : life.messages) {
    if (!is_counted(message)) continue;
    const auto found = recalls.find({life.serial, message.ordinal});
    const bool known = found != recalls.end() && found->second.position == rest.position;
    if (known != is_recalled(message)) complain("{}: recall of {}", life.name, rest.position);
  }
}

/// Rows, their order, the head's number and the members' own views say the same.
void Findings::check_members(const Life& life) {
  const auto members = of_life(image_.members, life.shard, life.serial);
  const auto order = of_life(image_.member_order, life.shard, life.serial);
  if (members.size() != life.head.members || order.size() != life.head.members) {
    complain("{}: {} members, {} in order, the head says {}", life.name, members.size(),
             order.size(), life.head.members);
  }
  for (const auto& [rest, row] : members) {
    const auto& user = rest.user;
    const auto place = order.find({life.serial, row.joined_at, user});
    if (place == order.end() || place->second.role != row.role) {
      complain("{}: {} is not in the order", life.name, user);
    }
    const bool owns = row.role == std::to_underlying(Role::kOwner);
    if (owns != (life.record.owner == user)) complain("{}: {} and the owner", life.name, user);
    const auto& account = account_of(user);
    if (!is_imported(account) || account.generation != row.generation) {
      complain("{}: {} is a member without an account", life.name, user);
      continue;
    }
    const auto& views = image_.group_views[user_shard(context_.app, user)];
    const auto view = views.find({life.group});
    const bool agrees =
        view != views.end() && view->second.generation == row.generation &&
        view->second.serial == life.serial && view->second.joined > view->second.left &&
        view->second.joined_at == row.joined_at && view->second.visible_from == row.visible_from;
    if (!agrees) complain("{}: the view of {} differs from the membership", life.name, user);
  }
  if (!life.record.owner.empty() && !members.contains({life.serial, life.record.owner})) {
    complain("{}: the owner is no member", life.name);
  }
}

void Findings::check_group_view(const std::string& user,
                                const std::string& group,
                                const GroupViewRecord& view) {
  const auto what = fmt::format("{} in {}", user, group);
  const auto shard = group_timeline(context_.app, group);
  const auto life = life_of(shard, view.serial);
  if (view.serial != 0 && life.head.kind == 0) return complain("{}: in no life", what);
  const bool in = view.joined > view.left;
  const auto members = of_life(image_.members, shard, view.serial);
  if (in && life.is_alive() && !members.contains({view.serial, user})) {
    complain("{}: a member only by the own view", what);
  }
  const auto greatest =
      std::max({view.visible_from, view.visible_to, view.refreshed, view.deleted_upto,
                view.cleared_upto, view.read_upto, view.unread_set_at});
  if (greatest > life.head.last_position) complain("{}: a watermark above the newest", what);
  const auto ordinals = std::max({view.read_ordinal, view.left_ordinal, view.unread_set_ordinal});
  if (ordinals > life.head.ordinal) complain("{}: an ordinal above the newest", what);
  if (std::max(view.joined, view.left) > life.head.changes) complain("{}: changes", what);
  if (view.cleared_upto > view.deleted_upto) complain("{}: cleared but not deleted", what);
  if (is_listed(entry_of(view, life.head), context_.now(), context_.limits)) {
    const auto entry = entry_of(view, life.head);
    listed_[user][group_conversation(group).view()] =
        conversation_time(entry, context_.now(), context_.limits);
  }
  if (life.head.kind == 0) return;
  check_group_entry(life, user, view);
  if (in && life.is_alive()) check_group_unread(life, user, view);
}

/// The entry says what the newest message does that the user could see.
void Findings::check_group_entry(const Life& life,
                                 const std::string& user,
                                 const GroupViewRecord& view) {
  const auto what = fmt::format("{} in {}", user, life.name);
  const auto now = context_.now();
  const auto entry = entry_of(view, life.head);
  const bool in = view.joined > view.left;
  bool sees = false;
  Position newest = 0;
  for (const auto& [rest, message] : life.messages) {
    const bool visible =
        is_visible(view, life.head, user, rest.position, message, now, context_.limits);
    if (visible && rest.position <= view.cleared_upto) complain("{}: sees what is cleared", what);
    sees = sees || visible;
    const bool there =
        rest.position > view.visible_from && (in || rest.position <= view.visible_to);
    const bool refreshes = refreshes_lists(message.body) && is_addressed(message, user);
    if (view.joined != 0 && there && refreshes) newest = rest.position;
  }
  if (newest > entry.refreshed) complain("{}: {} has not refreshed it", what, newest);
  const auto* const by = life.at(entry.refreshed);
  if (entry.refreshed > life.head.reclaimed_upto) {
    const bool right = by != nullptr && by->time == entry.refresh_time &&
                       (has(*by, GroupMessageRecord::kTip) || refreshes_lists(by->body)) &&
                       is_addressed(*by, user);
    if (!right) complain("{}: refreshed by {}", what, entry.refreshed);
  }
  const auto seen = read(context_, [&](Txn& txn) {
    return sees_any_group_message(context_, txn, user, life.group, view, life.head);
  });
  if (!seen || *seen != sees) complain("{}: whether there is any message", what);
}

void Findings::check_group_unread(const Life& life,
                                  const std::string& user,
                                  const GroupViewRecord& view) {
  const auto page =
      read_joined_groups(context_,
                         {.user = user, .kind = {}, .with_inactive = true, .limit = 1000});
  if (!page) return complain("the groups of {}: {}", user, page.error().detail);
  const auto found = std::ranges::find_if(page->groups, [&](const JoinedGroup& each) {
    return each.group.id == life.group;
  });
  if (found == page->groups.end()) return complain("{} does not know of {}", user, life.name);

  const auto mark = read_mark(view, life.head).ordinal;
  if (mark < life.reclaimed_ordinal()) return;  // some of those that count are gone
  std::uint64_t expected = 0;
  const bool counts = can(static_cast<GroupKind>(life.head.kind), GroupCan::kCountUnread);
  for (const auto& [rest, message] : life.messages) {
    if (counts && is_counted(message) && !is_recalled(message) && message.ordinal > mark) {
      ++expected;
    }
  }
  if (found->unread != expected) {
    complain("{} in {}: {} unread, should be {}", user, life.name, found->unread, expected);
  }
}

}  // namespace confab::testing
