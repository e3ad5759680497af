// Every keyspace, one row each. Prefixes are on disk: never change or reuse one.
#pragma once

#include <cstdint>
#include <tuple>

#include "store/keyspace.h"
#include "store/records.h"

namespace confab {

// clang-format off
//                                                    prefix  owner                  name         since  holds
inline constexpr Keyspace<NoRest,        AccountRecord>   kAccounts{ 'a', ShardKind::kUser,     "account",   "0.1", "an account, or what is left of a deleted one"};
inline constexpr Keyspace<ViewRest,      ViewRecord>      kViews{    'v', ShardKind::kUser,     "view",      "0.1", "one user's side of a conversation"};
inline constexpr Keyspace<NoRest,        HeadRecord>      kHeads{    'h', ShardKind::kTimeline, "head",      "0.1", "what both sides of a timeline share"};
inline constexpr Keyspace<MessageRest,   MessageRecord>   kMessages{ 'm', ShardKind::kTimeline, "message",   "0.1", "a message"};
inline constexpr Keyspace<UnreadRest,    UnreadRecord>    kUnread{   'n', ShardKind::kTimeline, "unread",    "0.1", "a message that counts as unread for a side"};
inline constexpr Keyspace<BackdatedRest, BackdatedRecord> kBackdated{'b', ShardKind::kTimeline, "backdated", "0.1", "a message stored with an older time than the newest"};
inline constexpr Keyspace<MessageRest,   ExtensionHeadRecord> kExtensionHeads{'x', ShardKind::kTimeline, "extension_head", "0.2", "the counters of a message's extensions"};
inline constexpr Keyspace<ExtensionRest, ExtensionRecord> kExtensions{'e', ShardKind::kTimeline, "extension", "0.2", "a key-value pair of a message"};
inline constexpr Keyspace<ContactGroupRest, ContactGroupRecord> kContactGroups{'g', ShardKind::kUser, "contact_group", "0.2", "a user's conversation group"};
inline constexpr Keyspace<ViewRest,      MarkRecord>      kMarks{    'k', ShardKind::kUser,     "mark",      "0.2", "what a user noted about a conversation"};
// clang-format on

/// All of them, for tools and tests that treat every keyspace alike.
inline constexpr std::tuple kKeyspaces{kAccounts,      kViews,     kHeads,          kMessages,
                                       kUnread,        kBackdated, kExtensionHeads, kExtensions,
                                       kContactGroups, kMarks};

/// Written at creation; a store with a greater number is refused.
inline constexpr std::uint32_t kFormatNumber = 1;

}  // namespace confab
