// What is stored: the rests of keys and the values. Field order is the format on disk: values may
// grow at their end, nothing else may change (base/value_codec.h).
//
// A position is a message's place in its timeline's store order, from 1; no clock decides it. Times
// are Unix seconds.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace confab {

using Position = std::uint64_t;

/// An account, or what is left of one: a deleted name keeps its generation, so that whoever imports
/// it again sees nothing of its former life. Owner: the user.
struct AccountRecord {
  std::string nick;
  std::string face_url;
  std::uint32_t imported_at = 0;         // 0: not imported
  std::uint32_t kicked_at = 0;           // UserSigs issued up to this second are void
  std::uint32_t generation = 0;          // how often the name was deleted
  std::uint32_t last_contact_group = 0;  // the greatest id of a conversation group so far

  static auto fields(auto& r) {
    return std::tie(r.nick, r.face_url, r.imported_at, r.kicked_at, r.generation,
                    r.last_contact_group);
  }
  static constexpr std::array<std::string_view, 6> kNames{"nick",        "face_url",
                                                          "imported_at", "kicked_at",
                                                          "generation",  "last_contact_group"};
  bool operator==(const AccountRecord&) const = default;
};

/// Where a side's present account begins in a timeline: it sees nothing at or below `position`.
/// Written with the first message after the account's name was deleted and imported again.
struct GenerationStart {
  std::uint32_t generation = 0;  // AccountRecord::generation; all before it is over
  Position position = 0;
  std::uint32_t time = 0;  // the head's last_time then

  bool operator==(const GenerationStart&) const = default;
};

/// What all sides of a timeline share. Owner: the timeline.
struct HeadRecord {
  Position last_position = 0;   // of the newest stored message, whatever became of it
  std::uint32_t last_time = 0;  // the greatest MsgTime stored so far
  Position backdated = 0;  // position of the last message stored with a MsgTime below last_time
  Position reclaimed_upto = 0;  // no message at or below is stored any more
  GenerationStart low;          // of Side::kLow
  GenerationStart high;         // of Side::kHigh

  static auto fields(auto& r) {
    return std::tie(r.last_position, r.last_time, r.backdated, r.reclaimed_upto, r.low.generation,
                    r.low.position, r.low.time, r.high.generation, r.high.position, r.high.time);
  }
  static constexpr std::array<std::string_view, 10> kNames{"last_position",  "last_time",
                                                           "backdated",      "reclaimed_upto",
                                                           "low_generation", "low_position",
                                                           "low_time",       "high_generation",
                                                           "high_position",  "high_time"};
  bool operator==(const HeadRecord&) const = default;
};

/// Which side of a one-to-one timeline: the account whose name sorts first, or the other. On disk:
/// never change. A conversation with oneself is all kLow.
enum class Side : std::uint8_t { kLow = 0, kHigh = 1 };

inline Side other(Side side) {
  return side == Side::kLow ? Side::kHigh : Side::kLow;
}

/// A message's key in its timeline; the order is the documented order of history. The sender's side
/// comes last, because both sides may choose the same numbers in one second.
struct MessageRest {
  std::uint32_t time = 0;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint8_t sender = 0;  // a Side

  static auto fields(auto& r) { return std::tie(r.time, r.seq, r.random, r.sender); }
  static constexpr std::array<std::string_view, 4> kNames{"time", "seq", "random", "sender"};
  auto operator<=>(const MessageRest&) const = default;
};

struct MessageRecord {
  /// Bits of flags. On disk: never change.
  static constexpr std::uint32_t kRecalled = 1;
  static constexpr std::uint32_t kHiddenFromSender = 2;  // SyncOtherMachine 2
  static constexpr std::uint32_t kExtensible = 4;        // SupportMessageExtension 1

  Position position = 0;
  std::uint32_t flags = 0;
  std::string body;  // MsgBody as JSON text
  std::string cloud_data;

  static auto fields(auto& r) { return std::tie(r.position, r.flags, r.body, r.cloud_data); }
  static constexpr std::array<std::string_view, 4> kNames{"position", "flags", "body",
                                                          "cloud_data"};
  bool operator==(const MessageRecord&) const = default;
};

/// Extensions of one message: its counter of changes and its quota. Key: MessageRest.
struct ExtensionHeadRecord {
  std::uint64_t latest_seq = 0;
  std::uint64_t clear_seq = 0;  // pairs at or below were cleared
  std::uint32_t minute = 0;     // Unix minute of the last call
  std::uint32_t calls = 0;      // in that minute

  static auto fields(auto& r) { return std::tie(r.latest_seq, r.clear_seq, r.minute, r.calls); }
  static constexpr std::array<std::string_view, 4> kNames{"latest_seq", "clear_seq", "minute",
                                                          "calls"};
  bool operator==(const ExtensionHeadRecord&) const = default;
};

/// One extension of the message whose key comes first.
struct ExtensionRest {
  std::uint32_t time = 0;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint8_t sender = 0;  // a Side
  std::string key;

  static auto fields(auto& r) { return std::tie(r.time, r.seq, r.random, r.sender, r.key); }
  static constexpr std::array<std::string_view, 5> kNames{"time", "seq", "random", "sender", "key"};
  auto operator<=>(const ExtensionRest&) const = default;
};

struct ExtensionRecord {
  std::uint64_t seq = 0;
  std::string value;  // "": deleted; kept so that who reads by Seq notices

  static auto fields(auto& r) { return std::tie(r.seq, r.value); }
  static constexpr std::array<std::string_view, 2> kNames{"seq", "value"};
  bool operator==(const ExtensionRecord&) const = default;
};

/// One message that counts as unread for a side, as long as the key exists and lies above the
/// watermarks.
struct UnreadRest {
  std::uint8_t side = 0;
  Position position = 0;

  static auto fields(auto& r) { return std::tie(r.side, r.position); }
  static constexpr std::array<std::string_view, 2> kNames{"side", "position"};
  auto operator<=>(const UnreadRest&) const = default;
};

struct UnreadRecord {
  std::uint32_t time = 0;

  static auto fields(auto& r) { return std::tie(r.time); }
  static constexpr std::array<std::string_view, 1> kNames{"time"};
  bool operator==(const UnreadRecord&) const = default;
};

/// A message stored with an older MsgTime than its timeline's newest, by position.
struct BackdatedRest {
  Position position = 0;

  static auto fields(auto& r) { return std::tie(r.position); }
  static constexpr std::array<std::string_view, 1> kNames{"position"};
  auto operator<=>(const BackdatedRest&) const = default;
};

struct BackdatedRecord {
  std::uint32_t time = 0;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint32_t sender = 0;

  static auto fields(auto& r) { return std::tie(r.time, r.seq, r.random, r.sender); }
  static constexpr std::array<std::string_view, 4> kNames{"time", "seq", "random", "sender"};
  bool operator==(const BackdatedRecord&) const = default;
};

/// The kinds of conversation, as on the wire and on disk.
enum class ConversationKind : std::uint8_t { kC2c = 1, kGroup = 2 };

/// A conversation as one user names it: the peer's id or the group's id.
struct ViewRest {
  std::uint8_t kind = 0;  // a ConversationKind
  std::string id;

  static auto fields(auto& r) { return std::tie(r.kind, r.id); }
  static constexpr std::array<std::string_view, 2> kNames{"kind", "id"};
  auto operator<=>(const ViewRest&) const = default;
};

/// One user's side of one conversation: watermarks that only rise. Owner: the user.
struct ViewRecord {
  Position refreshed = 0;          // the newest message that put or kept the entry in the list
  std::uint32_t refresh_time = 0;  // conversation time
  Position deleted_upto = 0;       // refreshes and unread counts at or below are void
  Position cleared_upto = 0;       // messages at or below are gone for this user
  std::uint32_t cleared_time = 0;  // the head's last_time when cleared_upto was set
  Position read_upto = 0;
  std::uint32_t pinned_at = 0;   // 0: not pinned
  std::uint32_t generation = 0;  // of the account; a view of an earlier one is void

  static auto fields(auto& r) {
    return std::tie(r.refreshed, r.refresh_time, r.deleted_upto, r.cleared_upto, r.cleared_time,
                    r.read_upto, r.pinned_at, r.generation);
  }
  static constexpr std::array<std::string_view, 8> kNames{"refreshed",    "refresh_time",
                                                          "deleted_upto", "cleared_upto",
                                                          "cleared_time", "read_upto",
                                                          "pinned_at",    "generation"};
  bool operator==(const ViewRecord&) const = default;
};

/// A user's conversation group. Owner: the user.
struct ContactGroupRest {
  std::uint32_t id = 0;

  static auto fields(auto& r) { return std::tie(r.id); }
  static constexpr std::array<std::string_view, 1> kNames{"id"};
  auto operator<=>(const ContactGroupRest&) const = default;
};

struct ContactGroupRecord {
  std::string name;

  static auto fields(auto& r) { return std::tie(r.name); }
  static constexpr std::array<std::string_view, 1> kNames{"name"};
  bool operator==(const ContactGroupRecord&) const = default;
};

/// What a user noted about a conversation, in the list or not (F1). Key: ViewRest. Never all empty.
struct MarkRecord {
  std::uint64_t standard = 0;         // bit n: mark n
  std::string custom;                 // "": none
  std::vector<std::uint32_t> groups;  // ContactGroupRest::id, in the order of joining
  std::uint32_t changed_at = 0;
  // Of a chat group: what `groups` belong to, namely the chat group's life and the time between two
  // leavings of the user (GroupViewRecord::left); they are void in another.
  std::uint64_t serial = 0;
  std::uint64_t left = 0;

  static auto fields(auto& r) {
    return std::tie(r.standard, r.custom, r.groups, r.changed_at, r.serial, r.left);
  }
  static constexpr std::array<std::string_view, 6> kNames{"standard",   "custom", "groups",
                                                          "changed_at", "serial", "left"};
  bool operator==(const MarkRecord&) const = default;
};

}  // namespace confab
