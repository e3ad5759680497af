// What each kind of group can do, as one table; and the words of the group commands. The numbers of
// enums are on disk: never change.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/error_codes.h"

namespace confab {

enum class GroupKind : std::uint8_t {
  kPrivate = 1,
  kPublic = 2,
  kChatRoom = 3,
  kAvChatRoom = 4,
  kCommunity = 5,
};

inline constexpr GroupKind kGroupKinds[] = {GroupKind::kPrivate, GroupKind::kPublic,
                                            GroupKind::kChatRoom, GroupKind::kAvChatRoom,
                                            GroupKind::kCommunity};

/// Rows of the table.
enum class GroupCan : std::uint8_t {
  // Commands.
  kBeImported,  // import_group and what belongs to it
  kAddMembers,  // also as MemberList of create_group
  kRemoveMembers,
  kListMembers,  // members are stored at all: their profiles, roles, owner change
  kHaveAdmins,
  kMuteMembers,
  kRecall,
  kKeepHistory,  // messages are stored: history, modification, online-only and targeted sending
  // Fields of a request.
  kTargetMessages,  // To_Account
  kMentionAll,
  // Behaviour.
  kChangeJoinOption,
  kCountUnread,
  kShowEarlierHistory,  // to who joined later (Q1)
  kBeListed,            // in conversation lists
  kListImported,        // imported messages, too (RecentContactFlag)
  kWaitForActivation,   // hidden until somebody speaks (rule 61)
  kPushByDefault,       // receive option of new members: with push, not without
  // Notices that are stored as messages (rule 108).
  kTellMembership,
  kTellProfile,
  kTellRoles,
};

struct GroupCapability {
  GroupCan what;
  bool of_kind[5];
  ErrorCode refusal;  // for who asks it of a kind that cannot
};

// clang-format off
/// In the order of GroupCan. Source: the group digest's section 17, and rules 108, Q1, Q4.
inline constexpr GroupCapability kGroupCapabilities[] = {
    //                              Private Public ChatRoom AVChatRoom Community
    {GroupCan::kBeImported,         {true,  true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kAddMembers,         {true,  true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kRemoveMembers,      {true,  true,  true,    false,     true},  ErrorCode::kGroupParameter},
    {GroupCan::kListMembers,        {true,  true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kHaveAdmins,         {false, true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kMuteMembers,        {false, true,  true,    true,      true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kRecall,             {true,  true,  true,    false,     true},  ErrorCode::kRecallUnsupported},
    {GroupCan::kKeepHistory,        {true,  true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kTargetMessages,     {true,  true,  true,    false,     false}, ErrorCode::kGroupParameter},
    {GroupCan::kMentionAll,         {true,  true,  true,    false,     false}, ErrorCode::kGroupParameter},
    {GroupCan::kChangeJoinOption,   {false, true,  false,   false,     false}, ErrorCode::kGroupNotPermitted},
    {GroupCan::kCountUnread,        {true,  true,  false,   false,     true},  ErrorCode::kGroupParameter},
    {GroupCan::kShowEarlierHistory, {false, false, true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kBeListed,           {true,  true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kListImported,       {true,  true,  true,    false,     false}, ErrorCode::kGroupNotPermitted},
    {GroupCan::kWaitForActivation,  {true,  false, false,   false,     false}, ErrorCode::kGroupNotPermitted},
    {GroupCan::kPushByDefault,      {true,  true,  false,   false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kTellMembership,     {true,  true,  false,   false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kTellProfile,        {true,  true,  true,    false,     true},  ErrorCode::kGroupNotPermitted},
    {GroupCan::kTellRoles,          {false, true,  false,   false,     true},  ErrorCode::kGroupNotPermitted},
};
// clang-format on

constexpr const GroupCapability& capability(GroupCan what) {
  return kGroupCapabilities[std::to_underlying(what)];
}
static_assert(std::ranges::all_of(kGroupCapabilities, [](const GroupCapability& row) {
  return &capability(row.what) == &row;
}));

constexpr ErrorCode refusal(GroupCan what) {
  return capability(what).refusal;
}

constexpr bool can(GroupKind kind, GroupCan what) {
  return capability(what).of_kind[std::to_underlying(kind) - 1];
}

/// A word on the wire and what it means. Of several words for one value the first is what answers
/// say.
template <typename T>
struct Word {
  std::string_view text;
  T value;
};

template <typename T, std::size_t N>
constexpr std::string_view name_in(const std::array<Word<T>, N>& words, T value) {
  return std::ranges::find(words, value, &Word<T>::value)->text;
}

/// Q6: the older names are the ones that are answered.
inline constexpr std::array kGroupKindWords{
    Word{"Private", GroupKind::kPrivate},     Word{"Work", GroupKind::kPrivate},
    Word{"Public", GroupKind::kPublic},       Word{"ChatRoom", GroupKind::kChatRoom},
    Word{"Meeting", GroupKind::kChatRoom},    Word{"AVChatRoom", GroupKind::kAvChatRoom},
    Word{"Community", GroupKind::kCommunity},
};
constexpr std::string_view name_of(GroupKind kind) {
  return name_in(kGroupKindWords, kind);
}

/// The greatest MaxMemberNum, and what a group has when none is asked for; 0: no limit.
struct MemberCap {
  std::uint32_t greatest;
  std::uint32_t usual;
};
MemberCap member_cap(GroupKind kind);

/// Bytes of a GroupId (rule 20).
inline constexpr std::size_t kMaxGroupId = 48;

/// A custom GroupId: 1 to 48 bytes of printable ASCII that do not begin with "@TGS#"; that of a
/// Community begins with "@TGS#_" (rule 20).
bool is_group_id(std::string_view text);  // any kind, also made by this server
bool may_be_chosen(std::string_view group_id, GroupKind kind);

enum class Role : std::uint8_t { kMember = 1, kAdmin = 2, kOwner = 3 };
inline constexpr std::array kRoleWords{Word{"Owner", Role::kOwner}, Word{"Admin", Role::kAdmin},
                                       Word{"Member", Role::kMember}};
constexpr std::string_view name_of(Role role) {
  return name_in(kRoleWords, role);
}

enum class JoinOption : std::uint8_t { kNeedPermission = 0, kFreeAccess = 1, kDisableApply = 2 };
inline constexpr std::array kJoinOptionWords{
    Word{"NeedPermission", JoinOption::kNeedPermission},
    Word{"FreeAccess", JoinOption::kFreeAccess},
    Word{"DisableApply", JoinOption::kDisableApply},
};

enum class ReceiveOption : std::uint8_t { kAndNotify = 0, kNotNotify = 1, kDiscard = 2 };
inline constexpr std::array kReceiveWords{
    Word{"AcceptAndNotify", ReceiveOption::kAndNotify},
    Word{"AcceptNotNotify", ReceiveOption::kNotNotify},
    Word{"Discard", ReceiveOption::kDiscard},
};

/// As numbered in history (rule 94).
enum class Priority : std::uint8_t { kHigh = 1, kNormal = 2, kLow = 3, kLowest = 4 };
inline constexpr std::array kPriorityWords{
    Word{"Normal", Priority::kNormal},
    Word{"High", Priority::kHigh},
    Word{"Low", Priority::kLow},
    Word{"Lowest", Priority::kLowest},
};

}  // namespace confab
