// Every keyspace, one row each. Prefixes are on disk: never change or reuse one.
#pragma once

#include <cstdint>
#include <tuple>

#include "store/group_records.h"
#include "store/keyspace.h"
#include "store/records.h"

namespace confab {

// clang-format off
//                                                    prefix  owner                  name         since  holds
inline constexpr Keyspace<NoRest,        AccountRecord>   kAccounts{ 'a', ShardKind::kUser,     "account",   "0.1", "an account, or what is left of a deleted one"};
inline constexpr Keyspace<ViewRest,      ViewRecord>      kViews{    'v', ShardKind::kUser,     "view",      "0.1", "one user's side of a conversation"};
inline constexpr Keyspace<NoRest,        HeadRecord>      kHeads{    'h', ShardKind::kTimeline, "head",      "0.1", "what both sides of a timeline share"};
inline constexpr Keyspace<MessageRest,   MessageRecord, KeyOrder::kDescending> kMessages{'d', ShardKind::kTimeline, "message", "0.4", "a message"};
inline constexpr Keyspace<UnreadRest,    UnreadRecord>    kUnread{   'n', ShardKind::kTimeline, "unread",    "0.1", "a message that counts as unread for a side"};
inline constexpr Keyspace<BackdatedRest, BackdatedRecord> kBackdated{'b', ShardKind::kTimeline, "backdated", "0.1", "a message stored with an older time than the newest"};
inline constexpr Keyspace<MessageRest,   ExtensionHeadRecord> kExtensionHeads{'x', ShardKind::kTimeline, "extension_head", "0.2", "the counters of a message's extensions"};
inline constexpr Keyspace<ExtensionRest, ExtensionRecord> kExtensions{'e', ShardKind::kTimeline, "extension", "0.2", "a key-value pair of a message"};
inline constexpr Keyspace<ContactGroupRest, ContactGroupRecord> kContactGroups{'g', ShardKind::kUser, "contact_group", "0.2", "a user's conversation group"};
inline constexpr Keyspace<ViewRest,      MarkRecord>      kMarks{    'k', ShardKind::kUser,     "mark",      "0.2", "what a user noted about a conversation"};
inline constexpr Keyspace<NoRest,        GroupRecord>     kGroups{   'G', ShardKind::kTimeline, "group",     "0.3", "a group's profile"};
inline constexpr Keyspace<GroupLifeRest, GroupHeadRecord> kGroupHeads{'H', ShardKind::kTimeline, "group_head", "0.3", "the newest message and the counters of one life of a group"};
inline constexpr Keyspace<GroupMessageRest, GroupMessageRecord, KeyOrder::kDescending> kGroupMessages{'D', ShardKind::kTimeline, "group_message", "0.4", "a group message"};
inline constexpr Keyspace<GroupRepeatRest, GroupRepeatRecord> kGroupRepeats{'R', ShardKind::kTimeline, "group_repeat", "0.3", "finds a group message by its content"};
inline constexpr Keyspace<GroupRecallRest, GroupRecallRecord> kGroupRecalls{'C', ShardKind::kTimeline, "group_recall", "0.3", "a recalled group message that counted as unread"};
inline constexpr Keyspace<MemberRest,    MemberRecord>    kMembers{  'U', ShardKind::kTimeline, "member",    "0.3", "a member of a group"};
inline constexpr Keyspace<MemberOrderRest, MemberOrderRecord> kMemberOrder{'O', ShardKind::kTimeline, "member_order", "0.3", "a member in the order of joining"};
inline constexpr Keyspace<MemberRest,    MuteRecord>      kMutes{    'Q', ShardKind::kTimeline, "mute",      "0.3", "an account that may not write in a group"};
inline constexpr Keyspace<GroupViewRest, GroupViewRecord> kGroupViews{'w', ShardKind::kUser,    "group_view", "0.3", "one user's side of a group"};
// clang-format on

/// All of them, for tools and tests that treat every keyspace alike.
inline constexpr std::tuple kKeyspaces{kAccounts,      kViews,        kHeads,          kMessages,
                                       kUnread,        kBackdated,    kExtensionHeads, kExtensions,
                                       kContactGroups, kMarks,        kGroups,         kGroupHeads,
                                       kGroupMessages, kGroupRepeats, kGroupRecalls,   kMembers,
                                       kMemberOrder,   kMutes,        kGroupViews};

/// Written at creation. Format 1, up to release 0.3, had messages under the prefixes m and M, the
/// oldest first, and is converted (rocks_conversion.h); other numbers are refused.
inline constexpr std::uint32_t kFormatNumber = 2;

}  // namespace confab
