#include "domain/members.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/conversation.h"
#include "domain/group_messages.h"
#include "domain/group_views.h"
#include "domain/notices.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr auto kForEver = std::numeric_limits<std::uint32_t>::max();

bool is_full(const Group& group, std::size_t newcomers) {
  const auto most = group.record.max_members;
  return most != 0 && group.head.members + newcomers > most;
}

Status group_full(const Group& group, std::size_t newcomers) {
  return fail(ErrorCode::kGroupFull, "at most " + std::to_string(group.record.max_members) +
                                         " members, would be " +
                                         std::to_string(group.head.members + newcomers));
}

/// A member that is to be added, with what is known of its past.
struct Joining {
  std::string user;
  Role role = Role::kMember;
  std::optional<Position> visible_from;    // absent: after the newest message
  std::optional<std::uint32_t> joined_at;  // absent: now
  std::optional<std::uint64_t> unread;
};

Result<JoinResult> join(Context& context, const std::string& id, const Joining& joining) {
  const auto timeline = group_timeline(context.app, id);
  const std::array users{user_shard(context.app, joining.user)};
  return write(context, timeline, users, [&](Txn& txn) -> Result<JoinResult> {
    TRY(auto group, load_group(txn, context.app, id));
    TRY(const auto account, load_account(txn, context.app, joining.user));
    TRY(const auto present, find_member(txn, context.app, group, joining.user));
    if (present) return JoinResult::kWasMember;
    if (!is_imported(account) || is_full(group, 1)) return JoinResult::kFailed;

    FirstUnread unread;
    if (joining.unread && group.can(GroupCan::kCountUnread)) {
      TRY(unread.ordinal,
          ordinal_before(txn, timeline, group.record.serial, group.head, *joining.unread));
      unread.seq = group.head.last_position - std::min(group.head.last_position, *joining.unread);
    }
    MemberRecord row{.role = std::to_underlying(joining.role),
                     .joined_at =
                         joining.joined_at.value_or(static_cast<std::uint32_t>(context.now())),
                     .visible_from = joining.visible_from.value_or(group.head.last_position),
                     .generation = account.generation};
    if (joining.joined_at && !joining.visible_from) {
      TRY(row.visible_from, newest_before(txn, timeline, group, row.joined_at));
    }
    put_member(txn, context.app, group, joining.user, row, unread);
    put(txn, kGroupHeads, timeline, {group.record.serial}, group.head);
    return JoinResult::kJoined;
  });
}

/// Ends the membership; nothing if there is none. Unless `owner_too`, that of the owner stays.
Status leave(Context& context, const std::string& id, const std::string& user, bool owner_too) {
  const auto timeline = group_timeline(context.app, id);
  const std::array users{user_shard(context.app, user)};
  return write(context, timeline, users, [&](Txn& txn) -> Status {
    TRY(auto group, load_group(txn, context.app, id));
    TRY(const auto row, find_member(txn, context.app, group, user));
    if (!row) return {};
    const bool is_owner = group.record.owner == user;
    if (is_owner && !owner_too) {
      return fail(ErrorCode::kGroupParameter,
                  "MemberToDel_Account: " + quote_cut(user) + " is the owner");
    }
    auto& head = group.head;
    const auto serial = group.record.serial;
    --head.members;
    ++head.changes;
    const bool saw_listed = head.listed_position > row->visible_from;
    erase(txn, kMembers, timeline, {serial, user});
    erase(txn, kMemberOrder, timeline, {serial, row->joined_at, user});
    put(txn, kGroupHeads, timeline, {serial}, head);
    if (is_owner) {
      group.record.owner.clear();
      put(txn, kGroups, timeline, {}, group.record);
    }
    txn.merge(kGroupViews.key(users[0], {id}),
              leave_operand({row->generation, serial},
                            {.change = head.changes,
                             .visible_to = head.last_position,
                             .ordinal = head.ordinal,
                             .refreshed = saw_listed ? head.listed_position : 0,
                             .refresh_time = saw_listed ? head.listed_time : 0}));
    return {};
  });
}

/// Stores a notice of its own about members; gives the position of the message before it.
Result<Position> tell(Context& context, const std::string& id, const Notice& notice) {
  const auto timeline = group_timeline(context.app, id);
  return write(context, timeline, {}, [&](Txn& txn) -> Result<Position> {
    TRY(auto group, load_group(txn, context.app, id));
    const auto before = group.head.last_position;
    if (!tells(group, notice.kind)) return before;
    append_notice(context, txn, group, notice);
    put(txn, kGroupHeads, timeline, {group.record.serial}, group.head);
    return before;
  });
}

/// Those of `users` who are members, or are not, once each.
Result<std::vector<std::string>> pick(
    Txn& txn, AppId app, const Group& group, std::span<const std::string> users, bool members) {
  std::vector<std::string> picked;
  std::set<std::string_view> seen;
  for (const auto& user : users) {
    if (!seen.insert(user).second) continue;
    TRY(const auto row, find_member(txn, app, group, user));
    if (row.has_value() == members) picked.push_back(user);
  }
  return picked;
}

std::uint32_t mute_end(Seconds now, std::uint32_t seconds) {
  return static_cast<std::uint32_t>(std::min<Seconds>(now + seconds, kForEver));
}

void put_mute(Context& context,
              Txn& txn,
              const Group& group,
              const std::string& user,
              std::uint32_t seconds) {
  const auto timeline = group_timeline(context.app, group.id);
  const MemberRest rest{group.record.serial, user};
  if (seconds == 0) {
    erase(txn, kMutes, timeline, rest);
  } else {
    put(txn, kMutes, timeline, rest, {mute_end(context.now(), seconds)});
  }
}

NoticeKind notice_of(const MemberChange& change) {
  if (!change.role) return NoticeKind::kMemberChanged;
  return *change.role == Role::kAdmin ? NoticeKind::kAdminSet : NoticeKind::kAdminCancelled;
}

Status check_change(const Group& group, const MemberRecord& row, const MemberChange& change) {
  if (change.role && row.role == std::to_underlying(Role::kOwner)) {
    return fail(ErrorCode::kGroupNotPermitted, "Role: that of the owner cannot be changed here");
  }
  if (change.role == Role::kAdmin && !group.can(GroupCan::kHaveAdmins)) {
    return fail(refusal(GroupCan::kHaveAdmins),
                "Role: " + std::string(name_of(group.kind())) + " has no admins");
  }
  if (change.mute_seconds && !group.can(GroupCan::kMuteMembers)) {
    return fail(refusal(GroupCan::kMuteMembers),
                "MuteTime: members of " + std::string(name_of(group.kind())) + " cannot be muted");
  }
  return {};
}

}  // namespace

Result<std::vector<JoinResult>> add_members(Context& context,
                                            const std::string& caller,
                                            const std::string& group,
                                            std::span<const std::string> users,
                                            bool silent) {
  TRY(const auto newcomers, read(context, [&](Txn& txn) -> Result<std::vector<std::string>> {
        TRY(const auto loaded, load_group(txn, context.app, group));
        TRY_STATUS(require_members(txn, context.app, users));
        TRY(auto picked, pick(txn, context.app, loaded, users, false));
        if (is_full(loaded, picked.size())) {
          return std::unexpected(group_full(loaded, picked.size()).error());
        }
        return picked;
      }));
  std::optional<Position> visible_from;
  if (!newcomers.empty() && !silent) {
    TRY(visible_from, tell(context, group, {NoticeKind::kJoined, caller, newcomers}));
  }
  std::vector<JoinResult> results;
  for (const auto& user : users) {
    TRY(const auto result, join(context, group, {.user = user, .visible_from = visible_from}));
    results.push_back(result);
  }
  return results;
}

Result<std::vector<JoinResult>> import_members(Context& context,
                                               const std::string& group,
                                               std::span<const ImportedMember> members) {
  TRY(const auto loaded, require_group(context, group, std::nullopt));
  std::vector<JoinResult> results;
  for (const auto& member : members) {
    const auto joined_at = member.joined_at.value_or(loaded.record.created_at + 1);
    const bool possible =
        joined_at > loaded.record.created_at && Seconds{joined_at} <= context.now();
    const bool may_be_admin = loaded.can(GroupCan::kHaveAdmins);
    if ((member.joined_at && !possible) || (member.role == Role::kAdmin && !may_be_admin)) {
      results.push_back(JoinResult::kFailed);
      continue;
    }
    TRY(const auto result, join(context, group,
                                {.user = member.user,
                                 .role = member.role,
                                 .joined_at = member.joined_at,
                                 .unread = member.unread}));
    results.push_back(result);
  }
  return results;
}

Status remove_members(Context& context,
                      const std::string& caller,
                      const std::string& group,
                      std::span<const std::string> users,
                      bool silent) {
  TRY(const auto leaving, read(context, [&](Txn& txn) -> Result<std::vector<std::string>> {
        TRY(const auto loaded, load_group(txn, context.app, group));
        if (!loaded.record.owner.empty() &&
            std::ranges::find(users, loaded.record.owner) != users.end()) {
          return fail(ErrorCode::kGroupParameter,
                      "MemberToDel_Account: " + quote_cut(loaded.record.owner) + " is the owner");
        }
        return pick(txn, context.app, loaded, users, true);
      }));
  for (const auto& user : leaving)
    TRY_STATUS(leave(context, group, user, false));
  if (!leaving.empty() && !silent) {
    TRY_STATUS(tell(context, group, {NoticeKind::kRemoved, caller, leaving}));
  }
  return {};
}

Status leave_group(Context& context, const std::string& group, const std::string& user) {
  return leave(context, group, user, true);
}

Status change_member(Context& context,
                     const std::string& caller,
                     const std::string& group,
                     const std::string& user,
                     const MemberChange& change) {
  const auto timeline = group_timeline(context.app, group);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto loaded, load_group(txn, context.app, group));
    TRY(const auto row, find_member(txn, context.app, loaded, user));
    if (!row) {
      return fail(ErrorCode::kGroupParameter,
                  "Member_Account: " + quote_cut(user) + " is no member");
    }
    TRY_STATUS(check_change(loaded, *row, change));
    auto changed = *row;
    if (change.role) changed.role = std::to_underlying(*change.role);
    if (change.receive) changed.receive = std::to_underlying(*change.receive);
    if (change.name_card) changed.name_card = *change.name_card;
    TRY_STATUS(change_custom_fields(changed.custom, change.custom, kMaxMemberFields));
    if (changed != *row) put_member_row(txn, context.app, loaded, user, changed);
    if (change.mute_seconds) put_mute(context, txn, loaded, user, *change.mute_seconds);
    const bool worth_telling = changed.role != row->role || change.mute_seconds;
    const Notice notice{notice_of(change), caller, {user}};
    if (worth_telling && tells(loaded, notice.kind)) {
      append_notice(context, txn, loaded, notice);
      put(txn, kGroupHeads, timeline, {loaded.record.serial}, loaded.head);
    }
    return {};
  });
}

Status mute_members(Context& context,
                    const std::string& caller,
                    const std::string& group,
                    std::span<const std::string> users,
                    std::uint32_t seconds) {
  const auto timeline = group_timeline(context.app, group);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto loaded, load_group(txn, context.app, group));
    TRY_STATUS(require_members(txn, context.app, users));
    for (const auto& user : users)
      put_mute(context, txn, loaded, user, seconds);
    const Notice notice{NoticeKind::kMemberChanged, caller, {users.begin(), users.end()}};
    if (!tells(loaded, notice.kind)) return {};
    append_notice(context, txn, loaded, notice);
    put(txn, kGroupHeads, timeline, {loaded.record.serial}, loaded.head);
    return {};
  });
}

Result<std::vector<Mute>> read_mutes(Context& context, const std::string& group) {
  return read(context, [&](Txn& txn) -> Result<std::vector<Mute>> {
    TRY(const auto loaded, load_group(txn, context.app, group));
    const auto serial = loaded.record.serial;
    std::vector<Mute> muted;
    TRY_STATUS(scan(txn, kMutes, group_timeline(context.app, group), MemberRest{serial, ""},
                    MemberRest{serial + 1, ""}, Direction::kForward,
                    [&](const MemberRest& rest, const MuteRecord& mute) {
                      if (Seconds{mute.until} > context.now()) {
                        muted.push_back({rest.user, mute.until});
                      }
                      return true;
                    }));
    std::vector<Mute> members;
    for (auto& each : muted) {
      TRY(const auto row, find_member(txn, context.app, loaded, each.user));
      if (row || !loaded.can(GroupCan::kListMembers)) members.push_back(std::move(each));
    }
    return members;
  });
}

Result<std::vector<std::optional<Role>>> read_roles(Context& context,
                                                    const std::string& group,
                                                    std::span<const std::string> users) {
  return read(context, [&](Txn& txn) -> Result<std::vector<std::optional<Role>>> {
    TRY(const auto loaded, load_group(txn, context.app, group));
    std::vector<std::optional<Role>> roles;
    for (const auto& user : users) {
      TRY(const auto row, find_member(txn, context.app, loaded, user));
      roles.push_back(row ? std::optional(static_cast<Role>(row->role)) : std::nullopt);
    }
    return roles;
  });
}

Result<std::optional<MemberRecord>> find_member(Txn& txn,
                                                AppId app,
                                                const Group& group,
                                                const std::string& user) {
  TRY(auto row, get(txn, kMembers, group_timeline(app, group.id), {group.record.serial, user}));
  if (!row) return std::nullopt;
  TRY(const auto account, load_account(txn, app, user));
  if (account.generation != row->generation) return std::nullopt;
  return row;
}

Result<bool> is_muted(Context& context, Txn& txn, const Group& group, const std::string& user) {
  TRY(const auto mute,
      get(txn, kMutes, group_timeline(context.app, group.id), {group.record.serial, user}));
  return mute && Seconds{mute->until} > context.now();
}

Result<std::vector<AccountRecord>> require_members(Txn& txn,
                                                   AppId app,
                                                   std::span<const std::string> users) {
  TRY(auto accounts, load_accounts(txn, app, users));
  const auto missing = std::ranges::find_if_not(accounts, is_imported);
  if (missing == accounts.end()) return accounts;
  return fail(ErrorCode::kGroupNoAccount,
              quote_cut(users[static_cast<std::size_t>(missing - accounts.begin())]));
}

void put_member_row(
    Txn& txn, AppId app, const Group& group, const std::string& user, const MemberRecord& row) {
  const auto timeline = group_timeline(app, group.id);
  put(txn, kMembers, timeline, {group.record.serial, user}, row);
  put(txn, kMemberOrder, timeline, {group.record.serial, row.joined_at, user}, {row.role});
}

void put_member(Txn& txn,
                AppId app,
                Group& group,
                const std::string& user,
                const MemberRecord& row,
                const FirstUnread& unread) {
  auto& head = group.head;
  ++head.members;
  ++head.changes;
  auto stored = row;
  stored.receive = std::to_underlying(
      group.can(GroupCan::kPushByDefault) ? ReceiveOption::kAndNotify : ReceiveOption::kNotNotify);
  put_member_row(txn, app, group, user, stored);
  const auto shard = user_shard(app, user);
  txn.merge(kGroupViews.key(shard, {group.id}),
            join_operand({row.generation, group.record.serial},
                         {.change = head.changes,
                          .joined_at = row.joined_at,
                          .visible_from = row.visible_from,
                          .read_upto = head.last_position,
                          .read_ordinal = unread.ordinal.value_or(head.ordinal),
                          .sets_unread = unread.ordinal.has_value(),
                          .read_seq = unread.seq}));
}

}  // namespace confab
