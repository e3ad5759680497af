// Groups: their life and their profile.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/group_kinds.h"
#include "store/keyspaces.h"

namespace confab {

/// A group that is alive.
struct Group {
  std::string id;
  GroupRecord record;
  GroupHeadRecord head;

  GroupKind kind() const { return static_cast<GroupKind>(record.kind); }
  bool can(GroupCan what) const { return confab::can(kind(), what); }
};

/// kBadGroupId: malformed. kNoSuchGroup: never existed, or dissolved.
Result<Group> load_group(Txn& txn, AppId app, const std::string& id);

/// False for a group that waits until somebody speaks in it (rule 61).
inline bool is_active(const Group& group) {
  return group.head.activated != 0 || !group.can(GroupCan::kWaitForActivation);
}

/// load_group on a snapshot of its own, and refusal(what) for a kind that cannot.
Result<Group> require_group(Context& context, const std::string& id, std::optional<GroupCan> what);

/// A custom field's key and value.
struct CustomField {
  std::string key;
  std::string value;
};

/// The fields stored as key, value, key, value …
std::vector<CustomField> custom_fields(const std::vector<std::string>& stored);

/// Adds, overwrites, and with an empty value removes fields. kGroupParameter: more than `most`.
Status change_custom_fields(std::vector<std::string>& stored,
                            std::span<const CustomField> changes,
                            std::size_t most);

inline constexpr std::size_t kMaxGroupFields = 10;
inline constexpr std::size_t kMaxMemberFields = 5;

struct FirstMember {
  std::string user;
  Role role = Role::kMember;
  std::vector<CustomField> custom = {};
};

struct NewGroup {
  std::string id;  // "": made by the server
  GroupKind kind = GroupKind::kPublic;
  std::string owner;  // "": none
  std::string name;
  std::string introduction;
  std::string notification;
  std::string face_url;
  std::optional<std::uint32_t> max_members;
  JoinOption join_option = JoinOption::kNeedPermission;
  std::vector<CustomField> custom;
  std::vector<FirstMember> members;         // beside the owner
  std::optional<std::uint32_t> created_at;  // absent: now
  bool imported = false;                    // no notices
};

/// Makes the group with its first members and gives its id. `caller` is who the notice names.
/// kBadGroupId, kGroupIdTaken, kGroupIdOwn (rule 33), kGroupNoAccount (owner or a member),
/// kGroupNotPermitted (members or an import for a kind without), kTooManyMembers (more than
/// max_members), kGroupParameter (max_members above the kind's cap, created_at in the future).
Result<std::string> create_group(Context& context,
                                 const std::string& caller,
                                 const NewGroup& group);

/// Ends the group for all its members. One small write, however many there are; they keep their
/// conversation (D28). kNoSuchGroup, kBadGroupId: as for load_group, also below.
Status dissolve_group(Context& context, const std::string& id);

/// Absent: stays.
struct GroupChange {
  std::optional<std::string> name;
  std::optional<std::string> introduction;
  std::optional<std::string> notification;
  std::optional<std::string> face_url;
  std::optional<std::uint32_t> max_members;
  std::optional<JoinOption> join_option;
  std::optional<bool> muted;
  std::vector<CustomField> custom = {};
};

/// kGroupParameter: max_members above the kind's cap, too many custom fields. A join option of a
/// kind that has none stays as it is.
Status change_group(Context& context,
                    const std::string& caller,
                    const std::string& id,
                    const GroupChange& change);

/// Gives the group to one of its members, who may have had none before; the former owner stays as
/// an ordinary member (rule 56). kGroupParameter: `owner` is no member.
Status change_group_owner(Context& context,
                          const std::string& caller,
                          const std::string& id,
                          const std::string& owner);

/// One page of all groups of the app, oldest first. A group that is there all the time is neither
/// repeated nor skipped, whatever is made and dissolved between the pages.
struct GroupIdPage {
  std::vector<std::string> ids;
  std::size_t total = 0;   // of the kind, on all pages
  std::uint64_t next = 0;  // continue here; 0: that was all
};

/// `from`: 0, or the last page's `next`. Reads every group's profile, so it is for rare calls.
Result<GroupIdPage> list_groups(Context& context,
                                std::optional<GroupKind> kind,
                                std::uint64_t from,
                                std::size_t limit);

}  // namespace confab
