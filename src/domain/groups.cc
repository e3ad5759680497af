#include "domain/groups.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/json_writer.h"
#include "base/key_codec.h"
#include "domain/accounts.h"
#include "domain/conversation.h"
#include "domain/members.h"
#include "domain/notices.h"
#include "store/typed.h"

namespace confab {
namespace {

/// "@TGS#…" and "@TGS#_@TGS#…": names that nobody may choose (rules 19, 20).
std::string generate_group_id(Random& random, GroupKind kind) {
  constexpr std::string_view kLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  std::string id = kind == GroupKind::kCommunity ? "@TGS#_@TGS#" : "@TGS#";
  auto bits = random.next();
  for (int i = 0; i < 12; ++i, bits >>= 5U)
    id += kLetters[bits % kLetters.size()];
  return id;
}

/// The group's first members, the owner before all others.
std::vector<FirstMember> first_members(const NewGroup& group) {
  std::vector<FirstMember> members;
  std::set<std::string_view> named;
  if (!group.owner.empty() && can(group.kind, GroupCan::kListMembers)) {
    members.push_back({group.owner, Role::kOwner});
    named.insert(group.owner);
  }
  for (const auto& member : group.members) {
    if (named.insert(member.user).second) members.push_back(member);
  }
  return members;
}

Status check_new_group(Context& context, const NewGroup& group, std::size_t members) {
  if (group.imported && !can(group.kind, GroupCan::kBeImported)) {
    return fail(refusal(GroupCan::kBeImported),
                "Type: " + std::string(name_of(group.kind)) + " cannot be imported");
  }
  if (!group.members.empty() && !can(group.kind, GroupCan::kAddMembers)) {
    return fail(refusal(GroupCan::kAddMembers),
                "MemberList: " + std::string(name_of(group.kind)) + " keeps no members");
  }
  if (!group.id.empty() && !may_be_chosen(group.id, group.kind)) {
    return fail(ErrorCode::kBadGroupId,
                "GroupId: must be 1 to 48 bytes of printable ASCII, and " +
                    std::string(group.kind == GroupKind::kCommunity ? "begin with @TGS#_"
                                                                    : "must not begin with @TGS#") +
                    ", is " + quote_cut(group.id));
  }
  const auto admins_refused = !can(group.kind, GroupCan::kHaveAdmins) &&
                              std::ranges::any_of(group.members, [](const FirstMember& member) {
                                return member.role == Role::kAdmin;
                              });
  if (admins_refused) {
    return fail(refusal(GroupCan::kHaveAdmins),
                "Role: " + std::string(name_of(group.kind)) + " has no admins");
  }
  const auto most = group.max_members.value_or(member_cap(group.kind).usual);
  if (most != 0 && members > most) {
    return fail(ErrorCode::kTooManyMembers, "MaxMemberCount is " + std::to_string(most) +
                                                ", would have " + std::to_string(members));
  }
  if (group.created_at && Seconds{*group.created_at} > context.now()) {
    return fail(ErrorCode::kGroupParameter, "CreateTime: at most now, " +
                                                std::to_string(context.now()) + ", is " +
                                                std::to_string(*group.created_at));
  }
  return {};
}

/// What is asked for, or the kind's usual number; nothing above its cap.
Result<std::uint32_t> checked_cap(GroupKind kind,
                                  std::string_view field,
                                  std::optional<std::uint32_t> asked) {
  const auto cap = member_cap(kind);
  if (cap.greatest == 0) return 0U;
  if (!asked) return cap.usual;
  if (*asked <= cap.greatest && *asked != 0) return *asked;
  return fail(ErrorCode::kGroupParameter, std::string(field) + ": 1 to " +
                                              std::to_string(cap.greatest) + ", is " +
                                              std::to_string(*asked));
}

Result<GroupRecord> new_record(Context& context, const NewGroup& group) {
  const auto created_at = group.created_at.value_or(static_cast<std::uint32_t>(context.now()));
  GroupRecord record{.kind = std::to_underlying(group.kind),
                     .created_at = created_at,
                     .changed_at = created_at,
                     .join_option = std::to_underlying(group.join_option),
                     .name = group.name,
                     .introduction = group.introduction,
                     .notification = group.notification,
                     .face_url = group.face_url,
                     .owner = group.owner};
  TRY(record.max_members, checked_cap(group.kind, "MaxMemberCount", group.max_members));
  TRY_STATUS(change_custom_fields(record.custom, group.custom, kMaxGroupFields));
  return record;
}

Status id_taken(const NewGroup& group, const GroupRecord& present) {
  const bool own = present.owner == group.owner && !group.imported;  // rule 33
  return fail(own ? ErrorCode::kGroupIdOwn : ErrorCode::kGroupIdTaken, "GroupId " + group.id);
}

/// A number that orders the groups of an app by age and is exact in a double.
std::uint64_t age_order(const std::string& id, const GroupRecord& record) {
  constexpr std::uint64_t kRankBits = 21;
  const auto rank = rank_of(group_conversation(id)) & ((1U << kRankBits) - 1);
  return (std::uint64_t{record.created_at} << kRankBits | rank) + 1;
}

}  // namespace

Result<Group> load_group(Txn& txn, AppId app, const std::string& id) {
  if (!is_group_id(id)) return fail(ErrorCode::kBadGroupId, "GroupId " + quote_cut(id));
  const auto timeline = group_timeline(app, id);
  TRY(auto record, get_or_default(txn, kGroups, timeline));
  if (record.kind == 0) return fail(ErrorCode::kNoSuchGroup, "GroupId " + id);
  TRY(auto head, get_or_default(txn, kGroupHeads, timeline, {record.serial}));
  return Group{id, std::move(record), head};
}

Result<Group> require_group(Context& context, const std::string& id, std::optional<GroupCan> what) {
  TRY(auto group, read(context, [&](Txn& txn) { return load_group(txn, context.app, id); }));
  if (!what || group.can(*what)) return group;
  return fail(refusal(*what), "GroupId " + id + " is of the kind " +
                                  std::string(name_of(group.kind())) +
                                  ", which does not support this");
}

std::vector<CustomField> custom_fields(const std::vector<std::string>& stored) {
  std::vector<CustomField> fields;
  for (std::size_t i = 0; i + 1 < stored.size(); i += 2)
    fields.push_back({stored[i], stored[i + 1]});
  return fields;
}

Status change_custom_fields(std::vector<std::string>& stored,
                            std::span<const CustomField> changes,
                            std::size_t most) {
  auto fields = custom_fields(stored);
  for (const auto& change : changes) {
    const auto known = std::ranges::find(fields, change.key, &CustomField::key);
    if (known == fields.end()) {
      if (!change.value.empty()) fields.push_back(change);
    } else if (change.value.empty()) {
      fields.erase(known);
    } else {
      known->value = change.value;
    }
  }
  if (fields.size() > most) {
    return fail(ErrorCode::kGroupParameter, "custom fields: at most " + std::to_string(most) +
                                                ", would be " + std::to_string(fields.size()));
  }
  stored.clear();
  for (auto& field : fields) {
    stored.push_back(std::move(field.key));
    stored.push_back(std::move(field.value));
  }
  return {};
}

Result<std::string> create_group(Context& context,
                                 const std::string& caller,
                                 const NewGroup& group) {
  const auto members = first_members(group);
  TRY_STATUS(check_new_group(context, group, members.size()));
  TRY(auto record, new_record(context, group));
  const auto id = group.id.empty() ? generate_group_id(context.random, group.kind) : group.id;
  const auto timeline = group_timeline(context.app, id);
  std::vector<std::string> users;
  std::vector<Shard> shards;
  for (const auto& member : members) {
    users.push_back(member.user);
    shards.push_back(user_shard(context.app, member.user));
  }
  // All at once, though it locks many users: a group without its members would be half a group.
  return write(context, timeline, shards, [&](Txn& txn) -> Result<std::string> {
    TRY(const auto present, get_or_default(txn, kGroups, timeline));
    if (present.kind != 0) return std::unexpected(id_taken(group, present).error());
    record.serial = present.serial + 1;
    TRY(const auto accounts, require_members(txn, context.app, users));
    if (users.empty() && !group.owner.empty()) {
      TRY_STATUS(require_members(txn, context.app, std::vector{group.owner}));
    }
    Group made{id, record, {.kind = record.kind}};
    if (!members.empty() && !group.imported && made.can(GroupCan::kTellMembership)) {
      append_notice(context, txn, made, {NoticeKind::kJoined, caller, users});
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
      MemberRecord row{.role = std::to_underlying(members[i].role),
                       .joined_at = record.created_at,
                       .generation = accounts[i].generation};
      TRY_STATUS(change_custom_fields(row.custom, members[i].custom, kMaxMemberFields));
      put_member(txn, context.app, made, users[i], row, {});
    }
    put(txn, kGroups, timeline, {}, made.record);
    put(txn, kGroupHeads, timeline, {made.record.serial}, made.head);
    return id;
  });
}

Status dissolve_group(Context& context, const std::string& id) {
  const auto timeline = group_timeline(context.app, id);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto group, load_group(txn, context.app, id));
    group.head.dissolved_at = static_cast<std::uint32_t>(std::max<Seconds>(1, context.now()));
    put(txn, kGroups, timeline, {}, {.serial = group.record.serial});
    put(txn, kGroupHeads, timeline, {group.record.serial}, group.head);
    return {};
  });
}

Status change_group(Context& context,
                    const std::string& caller,
                    const std::string& id,
                    const GroupChange& change) {
  const auto timeline = group_timeline(context.app, id);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto group, load_group(txn, context.app, id));
    const auto before = group.record;
    auto& record = group.record;
    if (change.name) record.name = *change.name;
    if (change.introduction) record.introduction = *change.introduction;
    if (change.notification) record.notification = *change.notification;
    if (change.face_url) record.face_url = *change.face_url;
    const bool told = record != before && tells(group, NoticeKind::kProfileChanged);
    if (change.max_members) {
      TRY(record.max_members, checked_cap(group.kind(), "MaxMemberNum", change.max_members));
    }
    if (change.join_option && group.can(GroupCan::kChangeJoinOption)) {
      record.join_option = std::to_underlying(*change.join_option);
    }
    if (change.muted) record.muted = *change.muted ? 1 : 0;
    TRY_STATUS(change_custom_fields(record.custom, change.custom, kMaxGroupFields));
    if (record == before) return {};
    record.changed_at = static_cast<std::uint32_t>(context.now());
    if (told) {
      append_notice(context, txn, group, {NoticeKind::kProfileChanged, caller, {}});
      put(txn, kGroupHeads, timeline, {record.serial}, group.head);
    }
    put(txn, kGroups, timeline, {}, record);
    return {};
  });
}

Status change_group_owner(Context& context,
                          const std::string& caller,
                          const std::string& id,
                          const std::string& owner) {
  const auto timeline = group_timeline(context.app, id);
  return write(context, timeline, {}, [&](Txn& txn) -> Status {
    TRY(auto group, load_group(txn, context.app, id));
    TRY(auto heir, find_member(txn, context.app, group, owner));
    if (!heir) {
      return fail(ErrorCode::kGroupParameter,
                  "NewOwner_Account: " + quote_cut(owner) + " is no member");
    }
    const auto former_name = std::exchange(group.record.owner, owner);
    if (former_name == owner) return {};
    TRY(auto former, find_member(txn, context.app, group, former_name));
    if (former) {
      former->role = std::to_underlying(Role::kMember);
      put_member_row(txn, context.app, group, former_name, *former);
    }
    heir->role = std::to_underlying(Role::kOwner);
    put_member_row(txn, context.app, group, owner, *heir);
    group.record.changed_at = static_cast<std::uint32_t>(context.now());
    put(txn, kGroups, timeline, {}, group.record);
    if (tells(group, NoticeKind::kProfileChanged)) {
      append_notice(context, txn, group, {NoticeKind::kProfileChanged, caller, {owner}});
      put(txn, kGroupHeads, timeline, {group.record.serial}, group.head);
    }
    return {};
  });
}

Result<GroupIdPage> list_groups(Context& context,
                                std::optional<GroupKind> kind,
                                std::uint64_t from,
                                std::size_t limit) {
  std::vector<std::pair<std::uint64_t, std::string>> groups;
  std::string start(1, kGroups.prefix);
  append_key(start, std::to_underlying(context.app));
  TRY_STATUS(read(context, [&](Txn& txn) {
    return scan_all_shards(txn, kGroups, start,
                           [&](std::string_view, const Shard& shard, const NoRest&,
                               const GroupRecord& record) {
                             if (shard.app != context.app) return false;
                             const bool wanted =
                                 record.kind != 0 &&
                                 (!kind || record.kind == std::to_underlying(*kind));
                             const auto id = group_of(shard);
                             if (wanted && id) groups.emplace_back(age_order(*id, record), *id);
                             return true;
                           });
  }));
  std::ranges::sort(groups);

  GroupIdPage page{.total = groups.size()};
  auto next =
      std::ranges::upper_bound(groups, from, {}, &std::pair<std::uint64_t, std::string>::first);
  for (; next != groups.end(); ++next) {
    // Groups of one number travel together, because `next` cannot point between them.
    if (page.ids.size() >= limit && next->first != page.next) return page;
    page.ids.push_back(std::move(next->second));
    page.next = next->first;
  }
  page.next = 0;
  return page;
}

}  // namespace confab
