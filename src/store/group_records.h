// What is stored of groups. As in store/records.h, field order is the format on disk.
//
// A group's GroupId can live several times: a group that was dissolved and made again has another
// `serial`, so nothing of a former life speaks of the present one. In a group, a message's position
// is its MsgSeq. An ordinal counts only the messages that may count as unread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "store/records.h"

namespace confab {

/// A group's profile: what seldom changes. Owner: the group's timeline.
struct GroupRecord {
  std::uint64_t serial = 0;  // of the present life, or the last
  std::uint8_t kind = 0;     // a GroupKind; 0: dissolved, and the rest is empty
  std::uint32_t created_at = 0;
  std::uint32_t changed_at = 0;  // LastInfoTime
  std::uint32_t max_members = 0;
  std::uint8_t join_option = 0;  // a JoinOption
  std::uint8_t muted = 0;        // 1: MuteAllMember
  std::string name;
  std::string introduction;
  std::string notification;
  std::string face_url;
  std::string owner;                // "": none
  std::vector<std::string> custom;  // AppDefinedData: key, value, key, value …

  static auto fields(auto& r) {
    return std::tie(r.serial, r.kind, r.created_at, r.changed_at, r.max_members, r.join_option,
                    r.muted, r.name, r.introduction, r.notification, r.face_url, r.owner, r.custom);
  }
  static constexpr std::array<std::string_view, 13> kNames{
      "serial", "kind",         "created_at",   "changed_at", "max_members", "join_option", "muted",
      "name",   "introduction", "notification", "face_url",   "owner",       "custom"};
  bool operator==(const GroupRecord&) const = default;
};

/// One life of a group.
struct GroupLifeRest {
  std::uint64_t serial = 0;

  static auto fields(auto& r) { return std::tie(r.serial); }
  static constexpr std::array<std::string_view, 1> kNames{"serial"};
  auto operator<=>(const GroupLifeRest&) const = default;
};

/// What changes often; all that a conversation list needs to know of a group.
struct GroupHeadRecord {
  Position last_position = 0;    // of the newest message
  std::uint32_t last_time = 0;   // its time; times of a group's messages never go back
  Position listed_position = 0;  // of the newest message that refreshes the members' entries
  std::uint32_t listed_time = 0;
  std::uint64_t ordinal = 0;    // of the newest message that counts as unread
  Position floor_position = 0;  // nothing at or below is unread for anybody (imports)
  std::uint64_t floor_ordinal = 0;
  Position reclaimed_upto = 0;     // no message at or below is stored any more
  std::uint32_t members = 0;       // MemberNum
  std::uint64_t changes = 0;       // joinings and leavings so far
  std::uint8_t activated = 0;      // 1: somebody has spoken
  std::uint32_t dissolved_at = 0;  // 0: alive
  std::uint8_t kind = 0;           // a GroupKind, also when dissolved

  static auto fields(auto& r) {
    return std::tie(r.last_position, r.last_time, r.listed_position, r.listed_time, r.ordinal,
                    r.floor_position, r.floor_ordinal, r.reclaimed_upto, r.members, r.changes,
                    r.activated, r.dissolved_at, r.kind);
  }
  static constexpr std::array<std::string_view, 13> kNames{
      "last_position", "last_time",      "listed_position", "listed_time",
      "ordinal",       "floor_position", "floor_ordinal",   "reclaimed_upto",
      "members",       "changes",        "activated",       "dissolved_at",
      "kind"};
  bool operator==(const GroupHeadRecord&) const = default;
};

struct GroupMessageRest {
  std::uint64_t serial = 0;
  Position position = 0;  // MsgSeq

  static auto fields(auto& r) { return std::tie(r.serial, r.position); }
  static constexpr std::array<std::string_view, 2> kNames{"serial", "position"};
  auto operator<=>(const GroupMessageRest&) const = default;
};

struct GroupMessageRecord {
  /// Bits of flags. On disk: never change.
  static constexpr std::uint32_t kRecalled = 1;
  static constexpr std::uint32_t kTip = 2;         // written by the server: somebody joined, …
  static constexpr std::uint32_t kCounted = 4;     // counts as unread, and so has an ordinal
  static constexpr std::uint32_t kExtensible = 8;  // SupportMessageExtension 1

  std::uint32_t time = 0;
  std::uint32_t random = 0;
  std::uint32_t flags = 0;
  std::uint8_t priority = 0;  // a Priority
  std::uint64_t ordinal = 0;  // of the newest message up to this one that counts as unread
  std::string sender;
  std::string body;  // MsgBody as JSON text
  std::string cloud_data;
  std::vector<std::string> targets;  // who alone sees it, beside the sender; empty: everybody
  std::string mentions;              // GroupAtInfo as JSON text
  std::uint64_t digest = 0;          // GroupRepeatRest::digest; 0: a notice, which has none

  static auto fields(auto& r) {
    return std::tie(r.time, r.random, r.flags, r.priority, r.ordinal, r.sender, r.body,
                    r.cloud_data, r.targets, r.mentions, r.digest);
  }
  static constexpr std::array<std::string_view, 11> kNames{"time",     "random",     "flags",
                                                           "priority", "ordinal",    "sender",
                                                           "body",     "cloud_data", "targets",
                                                           "mentions", "digest"};
  bool operator==(const GroupMessageRecord&) const = default;
};

/// Finds a message by its sender, Random and content, to recognise a repetition.
struct GroupRepeatRest {
  std::uint64_t serial = 0;
  std::uint64_t digest = 0;

  static auto fields(auto& r) { return std::tie(r.serial, r.digest); }
  static constexpr std::array<std::string_view, 2> kNames{"serial", "digest"};
  auto operator<=>(const GroupRepeatRest&) const = default;
};

struct GroupRepeatRecord {
  Position position = 0;

  static auto fields(auto& r) { return std::tie(r.position); }
  static constexpr std::array<std::string_view, 1> kNames{"position"};
  bool operator==(const GroupRepeatRecord&) const = default;
};

/// A recalled message that had counted as unread.
struct GroupRecallRest {
  std::uint64_t serial = 0;
  std::uint64_t ordinal = 0;

  static auto fields(auto& r) { return std::tie(r.serial, r.ordinal); }
  static constexpr std::array<std::string_view, 2> kNames{"serial", "ordinal"};
  auto operator<=>(const GroupRecallRest&) const = default;
};

struct GroupRecallRecord {
  Position position = 0;

  static auto fields(auto& r) { return std::tie(r.position); }
  static constexpr std::array<std::string_view, 1> kNames{"position"};
  bool operator==(const GroupRecallRecord&) const = default;
};

struct MemberRest {
  std::uint64_t serial = 0;
  std::string user;

  static auto fields(auto& r) { return std::tie(r.serial, r.user); }
  static constexpr std::array<std::string_view, 2> kNames{"serial", "user"};
  auto operator<=>(const MemberRest&) const = default;
};

struct MemberRecord {
  std::uint8_t role = 0;  // a Role
  std::uint32_t joined_at = 0;
  Position visible_from = 0;     // the member joined after this message
  std::uint32_t generation = 0;  // of the account; an earlier one is no member any more
  std::uint8_t receive = 0;      // a ReceiveOption
  std::string name_card;
  std::vector<std::string> custom;  // AppMemberDefinedData: key, value, key, value …

  static auto fields(auto& r) {
    return std::tie(r.role, r.joined_at, r.visible_from, r.generation, r.receive, r.name_card,
                    r.custom);
  }
  static constexpr std::array<std::string_view, 7> kNames{"role",       "joined_at", "visible_from",
                                                          "generation", "receive",   "name_card",
                                                          "custom"};
  bool operator==(const MemberRecord&) const = default;
};

/// The members in the order of joining.
struct MemberOrderRest {
  std::uint64_t serial = 0;
  std::uint32_t joined_at = 0;
  std::string user;

  static auto fields(auto& r) { return std::tie(r.serial, r.joined_at, r.user); }
  static constexpr std::array<std::string_view, 3> kNames{"serial", "joined_at", "user"};
  auto operator<=>(const MemberOrderRest&) const = default;
};

struct MemberOrderRecord {
  std::uint8_t role = 0;

  static auto fields(auto& r) { return std::tie(r.role); }
  static constexpr std::array<std::string_view, 1> kNames{"role"};
  bool operator==(const MemberOrderRecord&) const = default;
};

/// A mute outlives the membership (rule 64 of the group digest), so it has a key of its own.
/// Key: MemberRest.
struct MuteRecord {
  std::uint32_t until = 0;  // the first second that is not muted; 2^32-1: for ever

  static auto fields(auto& r) { return std::tie(r.until); }
  static constexpr std::array<std::string_view, 1> kNames{"until"};
  bool operator==(const MuteRecord&) const = default;
};

/// A group as one user names it. Owner: the user.
struct GroupViewRest {
  std::string group;

  static auto fields(auto& r) { return std::tie(r.group); }
  static constexpr std::array<std::string_view, 1> kNames{"group"};
  auto operator<=>(const GroupViewRest&) const = default;
};

/// One user's side of one group: when the user was a member, and watermarks.
struct GroupViewRecord {
  std::uint32_t generation = 0;  // of the account; a view of an earlier one is void
  std::uint64_t serial = 0;      // the life of the group that this speaks of
  std::uint64_t joined = 0;      // GroupHeadRecord::changes of the last joining
  std::uint64_t left = 0;        // of the last leaving; above joined: no member
  std::uint32_t joined_at = 0;
  Position visible_from = 0;       // joined after this message
  Position visible_to = 0;         // left after this message
  std::uint64_t left_ordinal = 0;  // the head's then
  Position refreshed = 0;  // by a message to this user alone, or by whichever was newest on leaving
  std::uint32_t refresh_time = 0;
  Position deleted_upto = 0;  // refreshes and unread messages at or below are void
  Position cleared_upto = 0;  // messages at or below are gone for this user
  Position read_upto = 0;     // joined, wrote or deleted here: nothing at or below is unread
  std::uint64_t read_ordinal = 0;
  Position unread_set_at = 0;            // UnreadMsgNum was set when this was the newest message
  std::uint64_t unread_set_ordinal = 0;  // above this one messages are unread since
  Position unread_set_seq = 0;           // MsgSeq that says so to clients
  std::uint32_t last_sent = 0;           // LastSendMsgTime
  std::uint32_t pinned_at = 0;           // 0: not pinned
  std::uint64_t unread_changes = 0;      // GroupHeadRecord::changes when unread_set_* were decided

  static auto fields(auto& r) {
    return std::tie(r.generation, r.serial, r.joined, r.left, r.joined_at, r.visible_from,
                    r.visible_to, r.left_ordinal, r.refreshed, r.refresh_time, r.deleted_upto,
                    r.cleared_upto, r.read_upto, r.read_ordinal, r.unread_set_at,
                    r.unread_set_ordinal, r.unread_set_seq, r.last_sent, r.pinned_at,
                    r.unread_changes);
  }
  static constexpr std::array<std::string_view, 20> kNames{
      "generation",         "serial",         "joined",       "left",         "joined_at",
      "visible_from",       "visible_to",     "left_ordinal", "refreshed",    "refresh_time",
      "deleted_upto",       "cleared_upto",   "read_upto",    "read_ordinal", "unread_set_at",
      "unread_set_ordinal", "unread_set_seq", "last_sent",    "pinned_at",    "unread_changes"};
  bool operator==(const GroupViewRecord&) const = default;
};

}  // namespace confab
