#include "domain/conversation.h"

#include <algorithm>

#include "base/check.h"
#include "base/key_codec.h"

namespace confab {
namespace {

// First byte of a timeline's name. On disk: never change.
constexpr char kC2cTimeline = 'c';
constexpr char kGroupTimeline = 'g';

}  // namespace

std::uint32_t rank_of(const Conversation& conversation) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  const auto mix = [&](unsigned char byte) {
    hash = (hash ^ byte) * 16777619U;
  };
  mix(static_cast<unsigned char>(conversation.kind));
  for (const char c : conversation.id)
    mix(static_cast<unsigned char>(c));
  return (hash & 0x7fffffffU) | 1U;
}

Shard c2c_timeline(AppId app, std::string_view a, std::string_view b) {
  std::string name(1, kC2cTimeline);
  append_key(name, std::min(a, b));
  append_key(name, std::max(a, b));
  return timeline_shard(app, std::move(name));
}

Side side_of(std::string_view user, std::string_view peer) {
  return user <= peer ? Side::kLow : Side::kHigh;
}

std::pair<std::string, std::string> c2c_users(const Shard& timeline) {
  std::string_view name = timeline.owner;
  CHECK(name.starts_with(kC2cTimeline), "not a one-to-one timeline");
  name.remove_prefix(1);
  std::pair<std::string, std::string> users;
  CHECK(take_key(name, users.first) && take_key(name, users.second) && name.empty(),
        "timeline name cannot be read");
  return users;
}

Shard group_timeline(AppId app, std::string_view group) {
  std::string name(1, kGroupTimeline);
  append_key(name, group);
  return timeline_shard(app, std::move(name));
}

std::optional<std::string> group_of(const Shard& timeline) {
  std::string_view name = timeline.owner;
  if (!name.starts_with(kGroupTimeline)) return std::nullopt;
  name.remove_prefix(1);
  std::string group;
  if (!take_key(name, group) || !name.empty()) return std::nullopt;
  return group;
}

bool is_user_id(std::string_view text) {
  return !text.empty() && text.size() <= 32 &&
         std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c <= 0x7e; });
}

}  // namespace confab
