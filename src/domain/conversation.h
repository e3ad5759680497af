// The names of conversations, and where their messages and views live.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/keyspaces.h"

namespace confab {

/// A conversation as one of its users names it.
struct Conversation {
  ConversationKind kind;
  std::string id;  // the peer's UserID or the group's id

  ViewRest view() const { return {static_cast<std::uint8_t>(kind), id}; }
  bool operator==(const Conversation&) const = default;
};

inline Conversation c2c_with(std::string peer) {
  return {ConversationKind::kC2c, std::move(peer)};
}

inline Conversation group_conversation(std::string group) {
  return {ConversationKind::kGroup, std::move(group)};
}

/// Orders conversations of one second (D7) and names a place between two of them in a cursor. A
/// count of rows would shift when one of them goes between two pages. 1 to 2^31-1.
std::uint32_t rank_of(const Conversation& conversation);

/// The one timeline that two accounts share; the same for (a, b) and (b, a). a may equal b.
Shard c2c_timeline(AppId app, std::string_view a, std::string_view b);

/// The side that `user` has in its timeline with `peer`.
Side side_of(std::string_view user, std::string_view peer);

/// The two users of a one-to-one timeline, lower name first. REQUIRES: a shard from c2c_timeline.
std::pair<std::string, std::string> c2c_users(const Shard& timeline);

/// The timeline of a group: all that is stored of it lives there.
Shard group_timeline(AppId app, std::string_view group);

/// The GroupId of a group's timeline; nothing if it is another one.
std::optional<std::string> group_of(const Shard& timeline);

/// C1: 1 to 32 bytes of printable ASCII, what account imports accept.
bool is_user_id(std::string_view text);

}  // namespace confab
