// Messages of groups. Each is stored once, whatever the number of members; a member's list entry
// and unread count are derived when they are read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/context.h"
#include "domain/groups.h"
#include "domain/messages.h"

namespace confab {

/// MsgBody and CloudCustomData together (rule 80, Q25).
inline constexpr std::size_t kMaxGroupMessage = std::size_t{12} * 1024;

inline std::unexpected<Error> message_too_long(std::size_t bytes) {
  return fail(ErrorCode::kGroupMessageTooLong, "MsgBody and CloudCustomData: at most " +
                                                   std::to_string(kMaxGroupMessage) +
                                                   " bytes, have " + std::to_string(bytes));
}

struct NewGroupMessage {
  std::string group;
  std::string from;
  std::uint32_t random = 0;
  Priority priority = Priority::kNormal;
  std::string body;  // MsgBody as JSON text
  std::string cloud_data;
  std::string mentions;              // GroupAtInfo as JSON text
  std::vector<std::string> targets;  // To_Account; empty: everybody
  bool online_only = false;
  bool counts_as_unread = true;
  bool refreshes_list = true;
  bool extensible = false;
  bool from_admin = false;  // an app admin speaks, who is never muted (rule 70)
};

struct GroupMessageId {
  Position seq = 0;  // 0: nothing is stored
  std::uint32_t time = 0;
};

/// Stores the message (rule 74 and after); a constant number of small writes, whatever the number
/// of members. The same sender's same content with the same Random within 5 minutes answers like
/// the first and changes nothing (Q2). kGroupNoAccount: the sender, or a target, is not imported.
/// kGroupMuted. kNoSuchGroup, kBadGroupId: as for load_group, also below.
Result<GroupMessageId> send_group_message(Context& context, const NewGroupMessage& message);

/// For whoever stores messages of a group: writes the message and changes the head, which is not
/// yet written. The time is the clock's, but never before the newest message's, unless the message
/// has one.
Position append_group_message(
    Context& context, Txn& txn, Group& group, GroupMessageRecord message, bool refreshes_list);

/// The newest position whose message is older than `time`; 0: none. A message that is not stored
/// any more counts as older.
Result<Position> newest_before(Txn& txn,
                               const Shard& timeline,
                               const Group& group,
                               std::uint32_t time);

struct ImportedGroupMessage {
  std::string from;
  std::uint32_t time = 0;
  std::optional<std::uint32_t> random;  // absent: no repetition is recognised
  Priority priority = Priority::kNormal;
  std::string body;
  std::string cloud_data;
};

struct ImportOutcome {
  GroupMessageId id;
  ErrorCode code = ErrorCode::kOk;  // kGroupParameter: the time; kGroupNoAccount: the sender
};

/// Appends messages of the past, one after the other, without notices; nothing is unread for
/// anybody then (rule 102). `refresh_lists`: RecentContactFlag. A message must be later than the
/// group's creation, not earlier than the newest message and not in the future.
Result<std::vector<ImportOutcome>> import_group_messages(
    Context& context,
    const std::string& group,
    std::span<const ImportedGroupMessage> messages,
    bool refresh_lists);

/// One result for each of `seqs`: kOk; kRecallNoMessage: never there, or expired; kRecallRefused:
/// recalled already, or a notice (rule 97).
Result<std::vector<ErrorCode>> recall_group_messages(Context& context,
                                                     const std::string& group,
                                                     std::span<const Position> seqs);

/// Recalls everything of one sender among the newest 1000 messages (rule 99).
Status recall_by_sender(Context& context, const std::string& group, const std::string& sender);

/// Overwrites parts of a message; its place, time and unread state stay (rule 101).
/// kNoSuchMessage: never there, expired, or a notice. kAlreadyRecalled. kGroupMessageTooLong: the
/// whole message would be.
Status modify_group_message(Context& context,
                            const std::string& group,
                            Position seq,
                            const MessageChange& change);

struct GroupHistoryQuery {
  std::string group;
  std::optional<Position> from;  // the greatest MsgSeq wanted; absent: the newest
  std::size_t limit = 0;         // rows
  bool with_recalled = false;
};

struct GroupHistoryRow {
  Position seq = 0;
  std::optional<GroupMessageRecord> message;  // nothing: expired
};

struct GroupHistoryPage {
  std::vector<GroupHistoryRow> rows;  // newest first
  bool reached_first = false;         // the row of MsgSeq 1 was looked at, or there is none
};

/// The app's view of the history, whatever members have cleared (rule 92). Recalled messages are
/// left out unless asked for; a page passes over at most 1000 of them, the last of which then
/// stands in it as if expired, when there is no other row to go on from.
Result<GroupHistoryPage> read_group_history(Context& context, const GroupHistoryQuery& query);

/// True if the user sees at least one message of the group's life that `view` speaks of.
Result<bool> sees_any_group_message(Context& context,
                                    Txn& txn,
                                    const std::string& user,
                                    const std::string& group,
                                    const GroupViewRecord& view,
                                    const GroupHeadRecord& head);

/// Makes exactly the newest `unread` messages unread for a member, at most as many as there are
/// (D25). Nothing changes in a kind that counts none. kGroupParameter: no member.
Status set_group_unread(Context& context,
                        const std::string& group,
                        const std::string& user,
                        std::uint64_t unread);

}  // namespace confab
