// A shard: what is locked, written and (on a distributed engine) placed together. A timeline with
// its messages, head and counts is one; a user with profile and views is another. The app is part
// of every shard and so of every key: no key of one app can name another app's data.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace confab {

/// An SDKAppID.
enum class AppId : std::uint32_t {};

/// On disk: never change.
enum class ShardKind : std::uint8_t { kTimeline = 't', kUser = 'u' };

struct Shard {
  ShardKind kind;
  AppId app;
  std::string owner;  // a user's id, or a timeline's name

  auto operator<=>(const Shard&) const = default;
};

inline Shard user_shard(AppId app, std::string user) {
  return {ShardKind::kUser, app, std::move(user)};
}

inline Shard timeline_shard(AppId app, std::string timeline) {
  return {ShardKind::kTimeline, app, std::move(timeline)};
}

}  // namespace confab
