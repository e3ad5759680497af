#include "domain/group_messages.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/conversation.h"
#include "domain/group_views.h"
#include "domain/members.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr Seconds kRepeatWindow = 300;

/// FNV-1a over what a repetition has in common with the first message; never 0. It names the first
/// content for ever, also when the message was modified since.
std::uint64_t digest_of(const GroupMessageRecord& message) {
  std::uint64_t hash = 14695981039346656037U;
  const auto mix = [&](std::string_view text) {
    for (const char c : text)
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    hash = (hash ^ 0xffU) * 1099511628211U;  // never inside UTF-8
  };
  mix(message.sender);
  mix(std::to_string(message.random));
  mix(message.body);
  mix(message.cloud_data);
  return hash | 1U;
}

bool is_repetition(const GroupMessageRecord& first, const GroupMessageRecord& second) {
  const auto apart = std::max(first.time, second.time) - std::min(first.time, second.time);
  return first.sender == second.sender && first.random == second.random &&
         Seconds{apart} <= kRepeatWindow;
}

/// The message that `message` repeats, if any (Q2).
Result<std::optional<GroupMessageId>> find_first(Context& context,
                                                 Txn& txn,
                                                 const Shard& timeline,
                                                 std::uint64_t serial,
                                                 const GroupMessageRecord& message) {
  TRY(const auto repeat, get(txn, kGroupRepeats, timeline, {serial, message.digest}));
  if (!repeat) return std::nullopt;
  TRY(const auto first, get(txn, kGroupMessages, timeline, {serial, repeat->position}));
  if (!first || !is_kept(*first, context.now(), context.limits)) return std::nullopt;
  if (!is_repetition(*first, message)) return std::nullopt;
  return GroupMessageId{repeat->position, first->time};
}

/// The stored one among `messages` that the last of them repeats.
std::optional<GroupMessageId> find_first(std::span<const GroupMessageRecord> messages,
                                         std::span<const ImportOutcome> outcomes) {
  const auto& last = messages.back();
  for (auto i = outcomes.size(); i-- > 0;) {
    const bool same = messages[i].digest == last.digest && is_repetition(messages[i], last);
    const bool stored =
        outcomes[i].code == ErrorCode::kOk && outcomes[i].id.time == messages[i].time;
    if (same && stored) return outcomes[i].id;
  }
  return std::nullopt;
}

std::uint32_t next_time(const Context& context, const Group& group) {
  return std::max(static_cast<std::uint32_t>(context.now()), group.head.last_time);
}

/// kGroupMuted (rules 68, 70).
Status check_mute(Context& context,
                  Txn& txn,
                  const Group& group,
                  const NewGroupMessage& message,
                  const MemberRecord* member) {
  if (message.from_admin) return {};
  TRY(const bool muted, is_muted(context, txn, group, message.from));
  if (muted) return fail(ErrorCode::kGroupMuted, quote_cut(message.from));
  const bool may_speak = member != nullptr && member->role != std::to_underlying(Role::kMember);
  if (group.record.muted == 0 || may_speak) return {};
  return fail(ErrorCode::kGroupMuted, "MuteAllMember is On, and " + quote_cut(message.from) +
                                          " is neither owner nor admin of the group");
}

GroupMessageRecord to_record(const NewGroupMessage& message, std::uint32_t time) {
  GroupMessageRecord record{.time = time,
                            .random = message.random,
                            .priority = std::to_underlying(message.priority),
                            .sender = message.from,
                            .body = message.body,
                            .cloud_data = message.cloud_data,
                            .targets = message.targets,
                            .mentions = message.mentions};
  if (message.counts_as_unread && message.targets.empty()) {
    record.flags |= GroupMessageRecord::kCounted;
  }
  if (message.extensible) record.flags |= GroupMessageRecord::kExtensible;
  record.digest = digest_of(record);
  return record;
}

/// A member whose view the message touches.
struct Touched {
  std::string user;
  MemberRecord row;
};

/// Those of `users` who are members; `accounts` are theirs.
Result<std::vector<Touched>> members_of(Txn& txn,
                                        const Shard& timeline,
                                        std::uint64_t serial,
                                        std::span<const std::string> users,
                                        std::span<const AccountRecord> accounts) {
  std::vector<Touched> members;
  for (std::size_t i = 0; i < users.size(); ++i) {
    TRY(auto row, get(txn, kMembers, timeline, {serial, users[i]}));
    if (row && row->generation == accounts[i].generation) {
      members.push_back({users[i], *std::move(row)});
    }
  }
  return members;
}

/// What a message means for its sender and for who alone gets it.
void touch_views(Context& context,
                 Txn& txn,
                 const Group& group,
                 const NewGroupMessage& message,
                 const GroupMessageId& id,
                 std::span<const Touched> touched) {
  const auto serial = group.record.serial;
  for (const auto& [user, row] : touched) {
    const auto shard = user_shard(context.app, user);
    const auto key = kGroupViews.key(shard, {group.id});
    const ViewOwner owner{row.generation, serial};
    if (user == message.from) {
      txn.merge(key, sent_operand(owner, id.seq, group.head.ordinal, id.time));
    }
    if (!message.targets.empty() && message.refreshes_list) {
      txn.merge(key, group_refresh_operand(owner, id.seq, id.time));
    }
  }
}

/// The sender, then who alone gets the message; once each.
std::vector<std::string> parties_of(const NewGroupMessage& message) {
  std::vector<std::string> users{message.from};
  for (const auto& target : message.targets) {
    if (std::ranges::find(users, target) == users.end()) users.push_back(target);
  }
  return users;
}

}  // namespace

Result<GroupMessageId> send_group_message(Context& context, const NewGroupMessage& message) {
  const auto timeline = group_timeline(context.app, message.group);
  const auto users = parties_of(message);
  std::vector<Shard> shards;
  shards.reserve(users.size());
  for (const auto& user : users)
    shards.push_back(user_shard(context.app, user));

  return write(context, timeline, shards, [&](Txn& txn) -> Result<GroupMessageId> {
    TRY(auto group, load_group(txn, context.app, message.group));
    TRY(const auto accounts, require_members(txn, context.app, users));
    TRY(const auto touched, members_of(txn, timeline, group.record.serial, users, accounts));
    const bool is_member = !touched.empty() && touched.front().user == message.from;
    TRY_STATUS(
        check_mute(context, txn, group, message, is_member ? &touched.front().row : nullptr));
    auto& head = group.head;
    if (message.online_only) {
      return GroupMessageId{head.last_position, static_cast<std::uint32_t>(context.now())};
    }
    if (!group.can(GroupCan::kKeepHistory)) {  // Q9: counted, not stored
      head.last_time = next_time(context, group);
      const GroupMessageId id{++head.last_position, head.last_time};
      put(txn, kGroupHeads, timeline, {group.record.serial}, head);
      return id;
    }
    auto record = to_record(message, next_time(context, group));
    TRY(const auto first, find_first(context, txn, timeline, group.record.serial, record));
    if (first) return *first;

    head.activated = 1;
    const bool for_all = message.refreshes_list && message.targets.empty();
    const auto time = record.time;
    const GroupMessageId id{append_group_message(context, txn, group, std::move(record), for_all),
                            time};
    put(txn, kGroupHeads, timeline, {group.record.serial}, head);
    touch_views(context, txn, group, message, id, touched);
    return id;
  });
}

Position append_group_message(
    Context& context, Txn& txn, Group& group, GroupMessageRecord message, bool refreshes_list) {
  auto& head = group.head;
  const auto timeline = group_timeline(context.app, group.id);
  const auto serial = group.record.serial;
  if (message.time == 0) message.time = next_time(context, group);
  const auto position = ++head.last_position;
  head.last_time = message.time;
  if ((message.flags & GroupMessageRecord::kCounted) != 0) ++head.ordinal;
  message.ordinal = head.ordinal;
  if (refreshes_list && group.can(GroupCan::kBeListed)) {
    head.listed_position = position;
    head.listed_time = message.time;
  }
  put(txn, kGroupMessages, timeline, {serial, position}, message);
  if (message.digest != 0) {
    put(txn, kGroupRepeats, timeline, {serial, message.digest}, {position});
  }
  return position;
}

Result<std::vector<ImportOutcome>> import_group_messages(
    Context& context,
    const std::string& group_id,
    std::span<const ImportedGroupMessage> messages,
    bool refresh_lists) {
  const auto timeline = group_timeline(context.app, group_id);
  std::vector<std::string> senders;
  for (const auto& message : messages)
    senders.push_back(message.from);
  return write(context, timeline, {}, [&](Txn& txn) -> Result<std::vector<ImportOutcome>> {
    TRY(auto group, load_group(txn, context.app, group_id));
    TRY(const auto accounts, load_accounts(txn, context.app, senders));
    std::vector<GroupMessageRecord> records;
    std::vector<std::optional<GroupMessageId>> firsts;
    for (const auto& message : messages) {
      auto& record = records.emplace_back(GroupMessageRecord{
          .time = message.time,
          .random = message.random.value_or(static_cast<std::uint32_t>(context.random.next())),
          .flags = GroupMessageRecord::kCounted,
          .priority = std::to_underlying(message.priority),
          .sender = message.from,
          .body = message.body,
          .cloud_data = message.cloud_data});
      record.digest = digest_of(record);
      TRY(firsts.emplace_back(), find_first(context, txn, timeline, group.record.serial, record));
    }

    auto& head = group.head;
    const bool listed = refresh_lists && group.can(GroupCan::kListImported);
    const auto before = head.last_position;
    std::vector<ImportOutcome> outcomes;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      const auto time = messages[i].time;
      const bool in_order = time > group.record.created_at && time >= head.last_time &&
                            Seconds{time} <= context.now();
      const auto first =
          find_first(std::span(records).first(i + 1), outcomes).or_else([&] { return firsts[i]; });
      if (first) {
        outcomes.push_back({*first});
      } else if (!is_imported(accounts[i])) {
        outcomes.push_back({{}, ErrorCode::kGroupNoAccount});
      } else if (!in_order) {
        outcomes.push_back({{}, ErrorCode::kGroupParameter});
      } else {
        outcomes.push_back({{append_group_message(context, txn, group, records[i], listed), time}});
      }
    }
    if (head.last_position == before) return outcomes;
    head.activated = 1;
    head.floor_position = head.last_position;
    head.floor_ordinal = head.ordinal;
    put(txn, kGroupHeads, timeline, {group.record.serial}, head);
    return outcomes;
  });
}

Status set_group_unread(Context& context,
                        const std::string& group_id,
                        const std::string& user,
                        std::uint64_t unread) {
  const auto home = user_shard(context.app, user);
  const auto timeline = group_timeline(context.app, group_id);
  const std::array also{timeline};  // no message comes between the head and the mark
  return write(context, home, also, [&](Txn& txn) -> Status {
    TRY(const auto group, load_group(txn, context.app, group_id));
    if (!group.can(GroupCan::kCountUnread)) return {};
    TRY(const auto row, find_member(txn, context.app, group, user));
    if (!row) {
      return fail(ErrorCode::kGroupParameter,
                  "Member_Account: " + quote_cut(user) + " is no member");
    }
    const auto& head = group.head;
    TRY(const auto stored, get(txn, kGroupViews, home, {group_id}));
    TRY(const auto mark, ordinal_before(txn, timeline, group.record.serial, head, unread));
    auto view = present_group_view(stored, row->generation);
    begin_life(view, group.record.serial);
    view.unread_set_at = head.last_position;
    view.unread_set_ordinal = mark;
    view.unread_set_seq = head.last_position - std::min(head.last_position, unread);
    view.unread_changes = head.changes;
    put(txn, kGroupViews, home, {group_id}, view);
    return {};
  });
}

}  // namespace confab
