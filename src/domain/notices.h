// Notices ("tips"): messages that a group writes about itself when it changes. Those that the
// documents store are group messages like others, with a MsgSeq; they never count as unread (rules
// 108, 109, Q10). Which kind of group stores which notice stands in group_kinds.h.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "domain/groups.h"

namespace confab {

/// What a notice tells; the numbers are those that clients know.
enum class NoticeKind : std::uint8_t {
  kJoined = 1,
  kRemoved = 3,
  kAdminSet = 4,
  kAdminCancelled = 5,
  kProfileChanged = 6,
  kMemberChanged = 7,
};

struct Notice {
  NoticeKind kind = NoticeKind::kProfileChanged;
  std::string caller;              // who did it
  std::vector<std::string> users;  // to whom
};

/// True if this kind of group stores such notices. A group that waits for its activation tells
/// nothing of its members (rule 45).
bool tells(const Group& group, NoticeKind kind);

/// Appends the notice to the group's messages; the head is changed and not yet written.
/// REQUIRES: tells(group, notice.kind), or a group that is just made.
void append_notice(Context& context, Txn& txn, Group& group, const Notice& notice);

}  // namespace confab
