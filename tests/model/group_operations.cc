// Operations on groups.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tests/model/operation_kinds.h"

namespace confab::testing {
namespace {

constexpr Seconds kDay = 86'400;
constexpr std::int64_t kForEver = 4'294'967'295;
const std::vector<std::string> kAnyKind{"Private", "Private",  "Public",     "Public",
                                        "Public",  "ChatRoom", "AVChatRoom", "Community"};
const std::string kCommunity = "Community";

std::string draw_user(const Draw& draw) {
  if (draw.once_in(80)) return kStranger;
  return draw.once_in(2) ? kUsers[draw.below(2)] : draw.one_of(kUsers);
}

/// Half of the time the first, so that much happens in one.
const std::string& draw_id(const Draw& draw) {
  return draw.once_in(2) ? kGroupIds.front() : draw.one_of(kGroupIds);
}

/// Mostly one who is in the group.
std::string draw_member(const Draw& draw, const std::string& group) {
  const auto members = draw.model.groups.member_names(group);
  return members.empty() || draw.once_in(6) ? draw_user(draw) : draw.one_of(members);
}

std::vector<std::string> draw_users(const Draw& draw) {
  std::vector<std::string> users;
  for (auto count = 1 + draw.below(3); count > 0; --count)
    users.push_back(draw_user(draw));
  return users;
}

/// Mostly one that is alive.
void draw_group(const Draw& draw, Operation& operation) {
  auto& group = operation.group;
  group = draw_id(draw);
  for (int tries = 0; tries < 3 && draw.model.groups.code_of(group) != 0; ++tries)
    group = draw_id(draw);
}

void draw_create(const Draw& draw, Operation& operation) {
  auto& group = operation.group;
  auto& kind = operation.value;
  group = draw.one_of(kGroupIds);
  for (int tries = 0; tries < 4 && draw.model.groups.code_of(group) == 0; ++tries)
    group = draw.one_of(kGroupIds);
  kind = draw.one_of(kAnyKind);
  const bool fits = (kind == kCommunity) == (group == kGroupIds.back());
  if (!fits && !draw.once_in(40)) kind = group == kGroupIds.back() ? kCommunity : "Public";
  operation.message.from = draw.once_in(4) ? "" : draw_user(draw);
  if (kind != "AVChatRoom" || draw.once_in(10)) {
    if (!draw.once_in(4)) operation.names = draw_users(draw);
  }
}

void draw_users_of_group(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  operation.names = draw_users(draw);
  operation.on = draw.once_in(3);  // silent
}

void draw_remove(const Draw& draw, Operation& operation) {
  draw_users_of_group(draw, operation);
  operation.names = {draw_member(draw, operation.group)};
  if (draw.once_in(4)) operation.names.push_back(draw_user(draw));
}

void draw_say(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  auto& message = operation.message;
  message.from = draw.once_in(10) ? "" : draw_member(draw, operation.group);
  message.text = std::to_string(draw.below(draw.once_in(3) ? 2 : 1'000'000));
  if (draw.once_in(4)) message.cloud = "cloud " + message.text;
  message.online_only = draw.once_in(15);
  message.no_unread = draw.once_in(message.online_only ? 20 : 6);
  message.no_last = draw.once_in(message.online_only ? 20 : 6);
  if (!draw.once_in(6)) return;
  for (const auto& user : draw_users(draw)) {
    if (std::ranges::find(operation.names, user) == operation.names.end()) {
      operation.names.push_back(draw.once_in(3) ? user : draw_member(draw, operation.group));
    }
  }
}

/// Between the making of the group and now, mostly late enough.
Seconds draw_past(const Draw& draw, const std::string& group) {
  const auto now = draw.model.now;
  const auto history = draw.model.groups.message_times();
  const auto newest = history.empty() ? now : history[draw.below(history.size())];
  switch (draw.below(6)) {
    case 0:
      return draw.model.groups.created(group) + static_cast<Seconds>(draw.below(3));
    case 1:
      return newest + static_cast<Seconds>(draw.below(3)) - 1;
    case 2:
      return now - static_cast<Seconds>(draw.below(3) * kDay);
    default:
      return now + 1 - static_cast<Seconds>(draw.below(4));
  }
}

void draw_import(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  for (auto count = 1 + draw.below(3); count > 0; --count) {
    operation.names.push_back(draw_member(draw, operation.group));
    operation.numbers.push_back(draw_past(draw, operation.group));
  }
  if (!draw.once_in(4)) std::ranges::sort(operation.numbers);
  operation.message.text = std::to_string(draw.below(draw.once_in(3) ? 2 : 1'000'000));
  operation.on = draw.once_in(2);  // RecentContactFlag
}

void draw_import_members(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  operation.names = draw_users(draw);
  for (std::size_t i = 0; i < operation.names.size(); ++i) {
    operation.numbers.push_back(draw_past(draw, operation.group));
    operation.numbers.push_back(static_cast<std::int64_t>(draw.below(6)));
  }
}

/// Mostly recent ones.
void draw_seqs(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  const auto newest = static_cast<std::size_t>(draw.model.groups.newest_seq(operation.group));
  for (auto count = 1 + draw.below(2); count > 0; --count) {
    const auto depth = std::min<std::size_t>(newest + 1, draw.once_in(2) ? 4 : newest + 1);
    operation.numbers.push_back(static_cast<std::int64_t>(newest + 1 - draw.below(depth)));
  }
}

void draw_modify(const Draw& draw, Operation& operation) {
  draw_seqs(draw, operation);
  operation.numbers.resize(1);
  operation.parts = static_cast<unsigned>(draw.below(4));
  operation.message.text = std::to_string(draw.below(1'000'000));
  if (!draw.once_in(4)) operation.message.cloud = "cloud " + operation.message.text;
}

void draw_one_member(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  operation.message.from = draw_member(draw, operation.group);
  operation.on = draw.once_in(2);
  operation.numbers = {static_cast<std::int64_t>(draw.below(6))};
}

void draw_delete(const Draw& draw, Operation& operation) {
  draw_one_member(draw, operation);
  if (draw.once_in(3)) operation.group = draw_id(draw);
}

void draw_mute(const Draw& draw, Operation& operation) {
  draw_users_of_group(draw, operation);
  constexpr std::array<std::int64_t, 5> kSpans{0, 2, 600, 2 * kDay, kForEver};
  operation.numbers = {kSpans.at(draw.below(kSpans.size()))};
}

void draw_rename(const Draw& draw, Operation& operation) {
  draw_group(draw, operation);
  operation.value = "name" + std::to_string(draw.below(3));
  operation.on = draw.once_in(3);
}

GroupMessageRequest message_of(const Operation& operation) {
  const auto& message = operation.message;
  return {.group = operation.group,
          .from = message.from,
          .random = message.random,
          .online_only = message.online_only,
          .no_unread = message.no_unread,
          .no_last = message.no_last,
          .text = message.text,
          .cloud = message.cloud,
          .targets = operation.names};
}

Codes play_create(Stage& stage, const Operation& operation) {
  const NewGroupRequest request{operation.group, operation.value, operation.message.from,
                                operation.names};
  return whole(stage.groups.create(request), stage.model.groups.create(request));
}

Codes play_dissolve(Stage& stage, const Operation& operation) {
  return whole(stage.groups.dissolve(operation.group),
               stage.model.groups.dissolve(operation.group));
}

Codes play_add(Stage& stage, const Operation& operation) {
  const auto& [group, users, silent] = std::tie(operation.group, operation.names, operation.on);
  return {stage.groups.add(group, users, silent), stage.model.groups.add(group, users, silent)};
}

Codes play_import_members(Stage& stage, const Operation& operation) {
  std::vector<MemberImportItem> items;
  for (std::size_t i = 0; i < operation.names.size(); ++i) {
    items.push_back(
        {operation.names[i], operation.numbers.at(2 * i), operation.numbers.at(2 * i + 1)});
  }
  return {stage.groups.import_members(operation.group, items),
          stage.model.groups.import_members(operation.group, items)};
}

Codes play_remove(Stage& stage, const Operation& operation) {
  const auto& [group, users, silent] = std::tie(operation.group, operation.names, operation.on);
  return whole(stage.groups.remove(group, users, silent),
               stage.model.groups.remove(group, users, silent));
}

Codes play_say(Stage& stage, const Operation& operation) {
  const auto request = message_of(operation);
  Codes codes;
  codes.sent = {stage.groups.send(request)};
  codes.expected_sent = {stage.model.groups.send(request)};
  return codes;
}

Codes play_import(Stage& stage, const Operation& operation) {
  std::vector<GroupImportItem> items;
  for (std::size_t i = 0; i < operation.names.size(); ++i) {
    items.push_back({operation.names[i], operation.numbers.at(i), operation.message.random,
                     operation.message.text + std::to_string(i)});
  }
  Codes codes;
  codes.sent = stage.groups.import_messages(operation.group, items, operation.on);
  codes.expected_sent = stage.model.groups.import_messages(operation.group, items, operation.on);
  return codes;
}

Codes play_recall(Stage& stage, const Operation& operation) {
  return {stage.groups.recall(operation.group, operation.numbers),
          stage.model.groups.recall(operation.group, operation.numbers)};
}

Codes play_recall_of(Stage& stage, const Operation& operation) {
  const auto& [group, user] = std::tie(operation.group, operation.message.from);
  return whole(stage.groups.recall_of(group, user), stage.model.groups.recall_of(group, user));
}

Codes play_modify(Stage& stage, const Operation& operation) {
  std::optional<std::string> text;
  std::optional<std::string> cloud;
  if ((operation.parts & 1U) != 0) text = operation.message.text;
  if ((operation.parts & 2U) != 0) cloud = operation.message.cloud;
  const auto seq = operation.numbers.at(0);
  return whole(stage.groups.modify(operation.group, seq, text, cloud),
               stage.model.groups.modify(operation.group, seq, text, cloud));
}

Codes play_delete(Stage& stage, const Operation& operation) {
  const auto& [group, user] = std::tie(operation.group, operation.message.from);
  return whole(stage.groups.remove_entry(user, group, operation.on),
               stage.model.remove_group(user, group, operation.on));
}

Codes play_pin(Stage& stage, const Operation& operation) {
  const auto& [group, user] = std::tie(operation.group, operation.message.from);
  return whole(stage.groups.pin(user, group, operation.on),
               stage.model.pin_group(user, group, operation.on));
}

Codes play_mute(Stage& stage, const Operation& operation) {
  const auto seconds = operation.numbers.at(0);
  return whole(stage.groups.mute(operation.group, operation.names, seconds),
               stage.model.groups.mute(operation.group, operation.names, seconds));
}

Codes play_mute_all(Stage& stage, const Operation& operation) {
  return whole(stage.groups.mute_all(operation.group, operation.on),
               stage.model.groups.mute_all(operation.group, operation.on));
}

Codes play_rename(Stage& stage, const Operation& operation) {
  return whole(stage.groups.rename(operation.group, operation.value),
               stage.model.groups.rename(operation.group, operation.value));
}

Codes play_give(Stage& stage, const Operation& operation) {
  const auto& [group, user] = std::tie(operation.group, operation.message.from);
  return whole(stage.groups.give(group, user), stage.model.groups.give(group, user));
}

Codes play_role(Stage& stage, const Operation& operation) {
  const auto& [group, user] = std::tie(operation.group, operation.message.from);
  return whole(stage.groups.set_role(group, user, operation.on),
               stage.model.groups.set_role(group, user, operation.on));
}

Codes play_unread(Stage& stage, const Operation& operation) {
  const auto& [group, user] = std::tie(operation.group, operation.message.from);
  const auto unread = operation.numbers.at(0);
  return whole(stage.groups.set_unread(group, user, unread),
               stage.model.groups.set_unread(group, user, unread));
}

constexpr std::array kKinds{
    Kind{"create", 25, 30, &draw_create, &play_create},
    Kind{"dissolve", 6, 15, &draw_group, &play_dissolve},
    Kind{"add members", 20, 30, &draw_users_of_group, &play_add},
    Kind{"import members", 8, 10, &draw_import_members, &play_import_members},
    Kind{"remove members", 18, 25, &draw_remove, &play_remove},
    Kind{"say", 80, 20, &draw_say, &play_say},
    Kind{"import said", 14, 6, &draw_import, &play_import},
    Kind{"recall said", 12, 4, &draw_seqs, &play_recall},
    Kind{"recall all of", 8, 4, &draw_one_member, &play_recall_of},
    Kind{"modify said", 8, 2, &draw_modify, &play_modify},
    Kind{"delete group entry", 16, 20, &draw_delete, &play_delete},
    Kind{"pin group", 10, 25, &draw_delete, &play_pin},
    Kind{"mute", 6, 6, &draw_mute, &play_mute},
    Kind{"mute all", 4, 4, &draw_rename, &play_mute_all},
    Kind{"rename", 4, 6, &draw_rename, &play_rename},
    Kind{"give", 5, 8, &draw_one_member, &play_give},
    Kind{"role", 5, 8, &draw_one_member, &play_role},
    Kind{"unread", 10, 5, &draw_one_member, &play_unread},
};

}  // namespace

std::span<const Kind> group_kinds() {
  return kKinds;
}

}  // namespace confab::testing
