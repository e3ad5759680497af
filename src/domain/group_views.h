// Group views: one user's side of a group, and what follows from it and the group's head. As for
// one-to-one conversations (domain/views.h), pure functions of stored values and the clock.
//
//   seq  1 .. visible_from    before the user joined (kShowEarlierHistory: visible all the same)
//        .. cleared_upto      gone for this user
//        .. deleted_upto      voids refreshes and unread messages, history stays
//        .. read mark         the latest of joining, writing, deleting, importing, setting
//        visible_to ..        after the user left
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/conversation.h"
#include "domain/groups.h"
#include "domain/views.h"
#include "store/typed.h"

namespace confab {

/// The stored view if it belongs to the account's present generation, else a fresh one.
GroupViewRecord present_group_view(const std::optional<GroupViewRecord>& stored,
                                   std::uint32_t generation);

/// Makes the view speak of a later life of its group; only the pin goes with it.
void begin_life(GroupViewRecord& view, std::uint64_t serial);

inline bool is_member(const GroupViewRecord& view, const GroupHeadRecord& head) {
  return view.joined > view.left && head.dissolved_at == 0;
}

/// A group of which the user has a view, as a member or not any more.
struct UsersGroup {
  std::string group;
  GroupViewRecord view;
};

/// Those of the account of this generation.
Result<std::vector<UsersGroup>> groups_of(Txn& txn, const Shard& user, std::uint32_t generation);

/// The heads of the lives that the views speak of, one for each; a default one where there is none
/// any more.
Result<std::vector<GroupHeadRecord>> load_heads(Txn& txn,
                                                AppId app,
                                                std::span<const UsersGroup> groups);

/// The user's entry as a one-to-one conversation would have it: only then is_refreshed, is_listed
/// and conversation_time (domain/views.h) say what they say there.
ViewRecord entry_of(const GroupViewRecord& view, const GroupHeadRecord& head);

/// Messages above this ordinal are unread, but for recalled ones. `seq` is what clients are told.
struct ReadMark {
  std::uint64_t ordinal = 0;
  Position seq = 0;
};
ReadMark read_mark(const GroupViewRecord& view, const GroupHeadRecord& head);

/// The newest ordinal that the user can have unread.
std::uint64_t newest_ordinal(const GroupViewRecord& view, const GroupHeadRecord& head);

/// A message that has not expired. One that has does not exist for any command, so it does not
/// matter whether it was reclaimed.
inline bool is_kept(const GroupMessageRecord& message, Seconds now, const ChatLimits& limits) {
  return !is_expired(message.time, now, limits);
}

/// The one rule that says which group messages a user sees.
bool is_visible(const GroupViewRecord& view,
                const GroupHeadRecord& head,
                std::string_view user,
                Position position,
                const GroupMessageRecord& message,
                Seconds now,
                const ChatLimits& limits);

/// Whether the message is one of those that count_group_unread counts.
bool is_unread(const GroupViewRecord& view,
               const GroupHeadRecord& head,
               const GroupMessageRecord& message);

/// Everything at this moment is deleted for the user.
void delete_up_to(GroupViewRecord& view, const GroupHeadRecord& head, bool clear_history);

/// Unread messages of the user; 0 in a kind that counts none.
Result<std::uint64_t> count_group_unread(Txn& txn,
                                         const Shard& timeline,
                                         const GroupViewRecord& view,
                                         const GroupHeadRecord& head);

/// The ordinal above which exactly `unread` messages are not recalled, or all there are.
Result<std::uint64_t> ordinal_before(Txn& txn,
                                     const Shard& timeline,
                                     std::uint64_t serial,
                                     const GroupHeadRecord& head,
                                     std::uint64_t unread);

// ---- Merges of the keyspace: what happens in a group reaches the views of its members. Each may
// come late, twice and in any order. An operand of an earlier generation or life counts for
// nothing.

/// Whose view, and of which life of the group.
struct ViewOwner {
  std::uint32_t generation = 0;
  std::uint64_t serial = 0;
};

struct JoinMerge {
  std::uint64_t change = 0;  // GroupHeadRecord::changes
  std::uint32_t joined_at = 0;
  Position visible_from = 0;
  Position read_upto = 0;  // the head's last_position
  std::uint64_t read_ordinal = 0;
  bool sets_unread = false;  // read_ordinal and read_seq are those of an UnreadMsgNum
  Position read_seq = 0;
};
std::string join_operand(const ViewOwner& owner, const JoinMerge& join);

struct LeaveMerge {
  std::uint64_t change = 0;
  Position visible_to = 0;
  std::uint64_t ordinal = 0;  // the head's
  Position refreshed = 0;     // the newest listed message that the member saw; 0: none
  std::uint32_t refresh_time = 0;
};
std::string leave_operand(const ViewOwner& owner, const LeaveMerge& leave);

/// The user wrote a message.
std::string sent_operand(const ViewOwner& owner,
                         Position position,
                         std::uint64_t ordinal,
                         std::uint32_t time);

/// A message to this user alone (or few others) refreshes the entry.
std::string group_refresh_operand(const ViewOwner& owner, Position position, std::uint32_t time);

/// kGroupViews' merge rule.
std::string apply_group_view_merge(std::optional<std::string_view> value, std::string_view operand);

}  // namespace confab
