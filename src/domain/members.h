// Members of a group: joining, leaving, roles, mutes. Each member is a row in the group's shard and
// a view in the user's; nothing here reads or writes all members of a group.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/context.h"
#include "domain/groups.h"
#include "store/records.h"

namespace confab {

/// What became of one account; the numbers are those on the wire.
enum class JoinResult : std::uint8_t { kFailed = 0, kJoined = 1, kWasMember = 2 };

/// Adds accounts to a group, one transaction each, with one notice for all unless `silent`; one
/// result for each, in their order. Who is named twice joins once. kGroupNoAccount: one of them is
/// not imported; kGroupFull: they would be too many; then nobody joins. kNoSuchGroup, kBadGroupId:
/// as for load_group, here and below.
Result<std::vector<JoinResult>> add_members(Context& context,
                                            const std::string& caller,
                                            const std::string& group,
                                            std::span<const std::string> users,
                                            bool silent);

struct ImportedMember {
  std::string user;
  Role role = Role::kMember;
  std::optional<std::uint32_t> joined_at;  // absent: now
  std::uint64_t unread = 0;
};

/// Adds members with a past and without notices. kFailed for one that is not imported, joined
/// before the group was made or in the future, finds the group full (rule 102), or would be an
/// admin in a kind that has none.
Result<std::vector<JoinResult>> import_members(Context& context,
                                               const std::string& group,
                                               std::span<const ImportedMember> members);

/// Removes members; who is none is passed over. kGroupParameter: the owner is among them, and
/// nobody leaves.
Status remove_members(Context& context,
                      const std::string& caller,
                      const std::string& group,
                      std::span<const std::string> users,
                      bool silent);

/// Ends one membership without a notice; nothing if there is none. A group that the user owned has
/// no owner then.
Status leave_group(Context& context, const std::string& group, const std::string& user);

/// Ends all memberships of an account that is about to be deleted, without notices; a group that it
/// owned has no owner then.
Status leave_all_groups(Context& context, const std::string& user);

/// True if the account is a member of a group that is alive.
Result<bool> is_in_any_group(Txn& txn, AppId app, const std::string& user);

/// Absent: stays.
struct MemberChange {
  std::optional<Role> role;  // kAdmin or kMember
  std::optional<ReceiveOption> receive;
  std::optional<std::string> name_card;
  std::optional<std::uint32_t> mute_seconds;  // as for mute_members
  std::vector<CustomField> custom = {};
};

/// kGroupParameter: no member, or too many custom fields. kGroupNotPermitted: the owner's role, an
/// admin or a mute in a kind that has none.
Status change_member(Context& context,
                     const std::string& caller,
                     const std::string& group,
                     const std::string& user,
                     const MemberChange& change);

/// The greatest number of seconds mutes for ever, 0 ends the mute. Members or not (rule 64).
/// kGroupNoAccount: one of them is not imported, and nobody is muted.
Status mute_members(Context& context,
                    const std::string& caller,
                    const std::string& group,
                    std::span<const std::string> users,
                    std::uint32_t seconds);

struct Mute {
  std::string user;
  std::uint32_t until = 0;
};

/// The mutes in force of those who are members.
Result<std::vector<Mute>> read_mutes(Context& context, const std::string& group);

/// One for each user, in their order; nothing for who is no member.
Result<std::vector<std::optional<Role>>> read_roles(Context& context,
                                                    const std::string& group,
                                                    std::span<const std::string> users);

struct Member {
  std::string user;
  MemberRecord record;
  std::uint32_t mute_until = 0;  // 0: not muted
  Position read_seq = 0;         // MsgSeq
  std::uint32_t last_sent = 0;   // LastSendMsgTime
};

struct MemberQuery {
  std::string group;
  std::vector<Role> roles;  // empty: all
  std::size_t offset = 0;   // counts members with one of the roles
  std::string after;        // "": from the first; else a page's `next`
  std::size_t limit = 0;    // at least 1
};

struct MemberPage {
  std::vector<Member> members;  // in the order of joining
  std::size_t total = 0;        // of all in the group, whatever the roles
  std::string next;             // "": that was all
};

/// Reads no more members than it gives, but for those that `offset` passes over.
/// kGroupParameter: `after` is not from a page.
Result<MemberPage> read_members(Context& context, const MemberQuery& query);

/// The row of a present member; nothing for others.
Result<std::optional<MemberRecord>> find_member(Txn& txn,
                                                AppId app,
                                                const Group& group,
                                                const std::string& user);

/// True if the account is muted in the group at this second.
Result<bool> is_muted(Context& context, Txn& txn, const Group& group, const std::string& user);

/// Their accounts. kGroupNoAccount: one is not imported.
Result<std::vector<AccountRecord>> require_members(Txn& txn,
                                                   AppId app,
                                                   std::span<const std::string> users);

/// Writes a member's row and its place in the order of joining, and changes nothing else.
void put_member_row(
    Txn& txn, AppId app, const Group& group, const std::string& user, const MemberRecord& row);

/// What a new member has not read: nothing, or what an import says.
struct FirstUnread {
  std::optional<std::uint64_t> ordinal;
  Position seq = 0;
};

/// Makes `user` a member: the row, the view, and the head's counters, which are not yet written.
/// REQUIRES: the user's shard may receive merges.
void put_member(Txn& txn,
                AppId app,
                Group& group,
                const std::string& user,
                const MemberRecord& row,
                const FirstUnread& unread);

struct JoinedGroup {
  Group group;
  MemberRecord member;
  GroupViewRecord view;
  std::uint64_t unread = 0;
};

struct JoinedQuery {
  std::string user;
  std::optional<GroupKind> kind;
  bool with_inactive = false;  // also groups that wait for their activation
  bool with_unread = true;     // off: unread is 0
  std::size_t offset = 0;
  std::size_t limit = 0;
};

struct JoinedPage {
  std::vector<JoinedGroup> groups;  // in the order of joining, so that no message moves them
  std::size_t total = 0;
};

/// kGroupNoAccount: not imported. Reads the head of each of the user's groups, and the rest only of
/// those on the page.
Result<JoinedPage> read_joined_groups(Context& context, const JoinedQuery& query);

}  // namespace confab
