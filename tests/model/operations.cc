#include "tests/model/operations.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/model/operation_kinds.h"

namespace confab::testing {
namespace {

constexpr Seconds kDay = 86'400;
const std::vector<std::string> kGroupNames{"work", "home", "x"};
const std::vector<std::string> kKeys{"k1", "k2", "k3"};
constexpr std::array kMarks{0U, 1U, 31U, 32U, 63U};

/// Few numbers, so that keys collide.
constexpr std::array<std::uint32_t, 3> kSeqs{1, 2, std::numeric_limits<std::uint32_t>::max()};

std::string draw_user(const Draw& draw) {
  if (draw.once_in(60)) return kStranger;
  return draw.once_in(2) ? kUsers[draw.below(2)] : kUsers[draw.below(kUsers.size())];
}

SendRequest draw_message(const Draw& draw) {
  return {.from = draw_user(draw),
          .to = draw_user(draw),
          .seq = kSeqs.at(draw.below(kSeqs.size())),
          .random = static_cast<std::uint32_t>(draw.below(2))};
}

/// Now and then the numbers of what the two stored last, in the same second perhaps.
void draw_send(const Draw& draw, Operation& operation) {
  auto& message = operation.message;
  const auto rows = draw.model.ever_stored(message.from, message.to);
  if (!rows.empty() && draw.once_in(4)) {
    message.seq = rows.back().seq;
    message.random = rows.back().random;
  }
  message.online_only = draw.once_in(15);
  message.hidden = draw.once_in(5);
  message.no_unread = draw.once_in(7);
  message.no_last = draw.once_in(7);
  message.extensible = !draw.once_in(3);
  message.text = std::to_string(draw.below(1'000'000));
  if (draw.once_in(3)) message.cloud = "cloud " + message.text;
}

std::vector<std::string> draw_some(const Draw& draw, const std::vector<std::string>& from) {
  std::vector<std::string> some;
  for (auto count = 1 + draw.below(3); count > 0; --count)
    some.push_back(from[draw.below(from.size())]);
  return some;
}

/// Times between those that are there, of the very same second, ahead of the clock, expired, or
/// about to.
Seconds draw_import_time(const Draw& draw, const std::vector<HistoryRow>& rows) {
  const auto now = draw.model.now;
  switch (draw.below(7)) {
    case 0:
      return now + static_cast<Seconds>(draw.below(3));
    case 1:
      return now - 7 * kDay - 1 + static_cast<Seconds>(draw.below(4));
    case 2:
      return now + kDay - static_cast<Seconds>(draw.below(2) * kDay) + 1;
    case 3:
      return now - static_cast<Seconds>(draw.below(8) * kDay);
    default:
      if (rows.empty()) return now - static_cast<Seconds>(draw.below(20));
      return Seconds{rows[draw.below(rows.size())].time} - 1 + static_cast<Seconds>(draw.below(3));
  }
}

/// Half of those that repeat a time repeat the rest of the key, too.
void draw_import(const Draw& draw, Operation& operation) {
  draw_send(draw, operation);
  auto& message = operation.message;
  message.online_only = message.hidden = message.no_unread = message.no_last = false;
  message.extensible = false;
  const auto rows = draw.model.ever_stored(message.from, message.to);
  operation.time = draw_import_time(draw, rows);
  operation.on = draw.once_in(2);
  if (rows.empty() || !draw.once_in(4)) return;
  const auto& row = rows[draw.below(rows.size())];
  operation.time = row.time;
  message.seq = row.seq;
  message.random = row.random;
}

void draw_batch(const Draw& draw, Operation& operation) {
  draw_send(draw, operation);
  operation.message.extensible = false;
  for (auto count = 1 + draw.below(4); count > 0; --count)
    operation.names.push_back(draw_user(draw));
  if (draw.once_in(5)) operation.names.push_back(kStranger);
  operation.message.to = operation.names.front();
}

/// Who is missing mostly comes back.
void draw_account_import(const Draw& draw, Operation& operation) {
  for (const auto& user : kUsers) {
    if (!draw.model.has(user) && !draw.once_in(4)) operation.message.from = user;
  }
  if (operation.message.from == kStranger) operation.message.from = kUsers[0];
}

void draw_wipe(const Draw&, Operation& operation) {
  operation.on = true;
}

void draw_delete(const Draw& draw, Operation& operation) {
  operation.on = draw.once_in(2);
}

/// Mostly the key of a message between the two, half of the time a recent one; the direction may be
/// wrong, and nobody may see the message any more.
void draw_recall(const Draw& draw, Operation& operation) {
  auto& wanted = operation.message;
  operation.time = draw.model.now - static_cast<Seconds>(draw.below(3));
  const auto rows = draw.model.ever_stored(wanted.from, wanted.to);
  if (rows.empty() || draw.once_in(10)) return;
  const auto recent = std::min<std::size_t>(rows.size(), draw.once_in(2) ? 5 : rows.size());
  const auto& row = rows[rows.size() - 1 - draw.below(recent)];
  wanted.seq = row.seq;
  wanted.random = row.random;
  operation.time = row.time;
}

void draw_modify(const Draw& draw, Operation& operation) {
  draw_recall(draw, operation);
  operation.parts = 1 + static_cast<unsigned>(draw.below(3));
  operation.message.text = std::to_string(draw.below(1'000'000));
  if (!draw.once_in(3)) operation.message.cloud = "cloud " + operation.message.text;
}

void draw_extend(const Draw& draw, Operation& operation) {
  draw_recall(draw, operation);
  for (const auto& key : kKeys) {
    if (draw.once_in(2)) operation.names.push_back(key);
  }
  if (operation.names.empty()) operation.names.push_back(kKeys.front());
  if (!draw.once_in(3)) operation.value = std::to_string(draw.below(1000));
  operation.on = draw.once_in(5);  // clear
}

void draw_group(const Draw& draw, Operation& operation) {
  operation.group = kGroupNames[draw.below(kGroupNames.size())];
  operation.names = draw_some(draw, kUsers);
  if (draw.once_in(20)) operation.names.push_back(kStranger);
  operation.value = kGroupNames[draw.below(kGroupNames.size())];
  operation.on = draw.once_in(2);
}

void draw_mark(const Draw& draw, Operation& operation) {
  operation.names = draw_some(draw, kUsers);
  if (draw.once_in(20)) operation.names.push_back(kStranger);
  operation.parts = 1 + static_cast<unsigned>(draw.below(3));
  for (const auto mark : kMarks) {
    if (draw.once_in(3)) operation.clear.push_back(mark);
    if (draw.once_in(4)) operation.set.push_back(mark);
  }
  if (draw.once_in(2)) operation.value = std::to_string(draw.below(3));
}

void draw_read(const Draw& draw, Operation& operation) {
  if (draw.once_in(2)) return;  // everything
  operation.time = draw.model.now - static_cast<Seconds>(draw.below(6));
  if (draw.once_in(3)) operation.time -= static_cast<Seconds>(draw.below(8)) * kDay;
}

void draw_pin(const Draw& draw, Operation& operation) {
  operation.on = !draw.once_in(3);
}

/// Mostly seconds, sometimes days, sometimes to where something has just expired or is about to.
void draw_clock(const Draw& draw, Operation& operation) {
  auto& time = operation.time;
  time = draw.model.now + 1 + static_cast<Seconds>(draw.below(3));
  if (draw.options.clock_steps_back && draw.once_in(3)) {
    time = draw.model.now - 1 - static_cast<Seconds>(draw.below(5));
  } else if (draw.once_in(6)) {
    time = draw.model.now + kDay + static_cast<Seconds>(draw.below(2 * kDay));
  } else if (draw.once_in(5)) {
    const auto expiry = draw.model.next_expiry() - static_cast<Seconds>(draw.below(2));
    if (expiry > draw.model.now) time = expiry;
  }
}

void draw_reclaim(const Draw& draw, Operation& operation) {
  operation.on = draw.once_in(3);
  operation.budget = 1 + draw.below(8);
}

void draw_nothing(const Draw&, Operation&) {}

MessageId id_of(const Operation& operation) {
  const auto& wanted = operation.message;
  return {wanted.from, wanted.to, wanted.seq, wanted.random,
          static_cast<std::uint32_t>(operation.time)};
}

Codes play_send(Stage& stage, const Operation& operation) {
  return whole(stage.rest.send(operation.message), stage.model.send(operation.message));
}

Codes play_import(Stage& stage, const Operation& operation) {
  const auto& [message, time, live] = std::tie(operation.message, operation.time, operation.on);
  return whole(stage.rest.import_message(message, time, live),
               stage.model.import_message(message, time, live));
}

Codes play_batch(Stage& stage, const Operation& operation) {
  return {stage.rest.send_to_many(operation.message, operation.names),
          stage.model.send_to_many(operation.message, operation.names)};
}

Codes play_account_import(Stage& stage, const Operation& operation) {
  stage.rest.import_account(operation.message.from);
  stage.model.import_account(operation.message.from);
  return {};
}

/// What has not yet reached an account would stay when it goes: its groups know of it for ever.
Codes play_account_delete(Stage& stage, const Operation& operation) {
  const auto& user = operation.message.from;
  stage.world.settle();
  return whole(stage.rest.delete_account(user), stage.model.delete_account(user));
}

Codes play_delete(Stage& stage, const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  return whole(stage.rest.remove(user, peer, operation.on),
               stage.model.remove(user, peer, operation.on));
}

/// Both clear their history, so that the numbers of their messages are free again.
Codes play_wipe(Stage& stage, const Operation& operation) {
  auto back = operation;
  std::swap(back.message.from, back.message.to);
  auto first = play_delete(stage, operation);
  if (first.actual != first.expected) return first;
  return play_delete(stage, back);
}

Codes play_recall(Stage& stage, const Operation& operation) {
  const auto id = id_of(operation);
  return whole(stage.rest.recall(id), stage.model.recall(id));
}

Codes play_modify(Stage& stage, const Operation& operation) {
  const auto id = id_of(operation);
  std::optional<std::string> text;
  std::optional<std::string> cloud;
  if ((operation.parts & 1U) != 0) text = operation.message.text;
  if ((operation.parts & 2U) != 0) cloud = operation.message.cloud;
  return whole(stage.rest.modify(id, text, cloud), stage.model.modify(id, text, cloud));
}

Codes play_extend(Stage& stage, const Operation& operation) {
  const auto id = id_of(operation);
  if (operation.on) return whole(stage.rest.clear_extensions(id), stage.model.clear_extensions(id));
  return whole(stage.rest.set_extensions(id, operation.names, operation.value),
               stage.model.set_extensions(id, operation.names, operation.value));
}

Codes play_group_create(Stage& stage, const Operation& operation) {
  const auto& user = operation.message.from;
  return {stage.rest.create_group(user, operation.group, operation.names),
          stage.model.create_group(user, operation.group, operation.names)};
}

Codes play_group_change(Stage& stage, const Operation& operation) {
  const auto& user = operation.message.from;
  return {stage.rest.change_group(user, operation.group, operation.names, operation.on),
          stage.model.change_group(user, operation.group, operation.names, operation.on)};
}

Codes play_group_rename(Stage& stage, const Operation& operation) {
  const auto& user = operation.message.from;
  return whole(stage.rest.rename_group(user, operation.group, operation.value),
               stage.model.rename_group(user, operation.group, operation.value));
}

Codes play_group_delete(Stage& stage, const Operation& operation) {
  const auto& user = operation.message.from;
  return whole(stage.rest.delete_group(user, operation.group),
               stage.model.delete_group(user, operation.group));
}

Codes play_mark(Stage& stage, const Operation& operation) {
  const auto& user = operation.message.from;
  MarkRequest request;
  if ((operation.parts & 1U) != 0) {
    request.clear = operation.clear;
    request.set = operation.set;
  }
  if ((operation.parts & 2U) != 0) request.custom = operation.value;
  return {stage.rest.mark(user, operation.names, request),
          stage.model.mark(user, operation.names, request)};
}

Codes play_read(Stage& stage, const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  // Without a time everything is read, also what a clock that stepped back has made later than now.
  const auto until = operation.time == 0 ? std::numeric_limits<Seconds>::max() : operation.time;
  return whole(stage.rest.mark_read(user, peer, operation.time),
               stage.model.mark_read(user, peer, until));
}

Codes play_pin(Stage& stage, const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  return whole(stage.rest.pin(user, peer, operation.on), stage.model.pin(user, peer, operation.on));
}

/// A step back over an expiry asks for what may be reclaimed already, so it is left out.
Codes play_clock(Stage& stage, const Operation& operation) {
  if (stage.model.expires_between(operation.time, stage.model.now)) return {};
  stage.world.clock.set(operation.time);
  stage.model.now = operation.time;
  return {};
}

/// One bounded step of a sweep that goes on from operation to operation, or the rest of it.
Codes play_reclaim(Stage& stage, const Operation& operation) {
  auto context = stage.world.context();
  while (true) {
    const auto step = reclaim_step(context, stage.sweep, operation.budget);
    if (!step) return whole(static_cast<int>(step.error().code), 0);
    if (!operation.on || step->sweep_done) return {};
  }
}

Codes play_restart(Stage& stage, const Operation&) {
  stage.world.restart();
  stage.sweep = {};
  return {};
}

Codes play_settle(Stage& stage, const Operation&) {
  stage.world.settle();
  return {};
}

constexpr std::array kKinds{
    Kind{"settle", 15, 15, &draw_nothing, &play_settle},
    Kind{"send", 100, 20, &draw_send, &play_send},
    Kind{"delete", 30, 30, &draw_delete, &play_delete},
    Kind{"wipe", 12, 10, &draw_wipe, &play_wipe},
    Kind{"recall", 20, 4, &draw_recall, &play_recall},
    Kind{"read", 20, 8, &draw_read, &play_read},
    Kind{"pin", 12, 50, &draw_pin, &play_pin},
    Kind{"clock", 40, 30, &draw_clock, &play_clock},
    Kind{"reclaim", 25, 25, &draw_reclaim, &play_reclaim},
    Kind{"account import", 14, 40, &draw_account_import, &play_account_import},
    Kind{"account delete", 5, 30, &draw_nothing, &play_account_delete},
    Kind{"import", 35, 3, &draw_import, &play_import},
    Kind{"batch", 12, 2, &draw_batch, &play_batch},
    Kind{"modify", 14, 2, &draw_modify, &play_modify},
    Kind{"extend", 30, 4, &draw_extend, &play_extend},
    Kind{"group create", 6, 10, &draw_group, &play_group_create},
    Kind{"group change", 6, 15, &draw_group, &play_group_change},
    Kind{"group rename", 4, 3, &draw_group, &play_group_rename},
    Kind{"group delete", 2, 3, &draw_group, &play_group_delete},
    Kind{"mark", 10, 25, &draw_mark, &play_mark},
    Kind{"restart", 1, 1, &draw_nothing, &play_restart},
};
constexpr std::size_t kSettle = 0;

/// The rows of both tables count through.
const Kind& kind_of(const Operation& operation) {
  const auto at = operation.kind;
  return at < kKinds.size() ? kKinds.at(at) : group_kinds()[at - kKinds.size()];
}

std::size_t draw_kind(const Draw& draw, std::span<const Kind> kinds) {
  const auto weight = draw.options.few_messages ? &Kind::rare_weight : &Kind::weight;
  std::size_t total = 0;
  for (const auto& kind : kinds)
    total += kind.*weight;
  auto left = draw.below(total);
  std::size_t kind = 0;
  while (left >= kinds[kind].*weight)
    left -= kinds[kind++].*weight;
  return kind;
}

}  // namespace

std::string to_text(const Operation& operation) {
  const auto& message = operation.message;
  auto text =
      fmt::format("{} {} -> {} seq={} random={}{}{}{}{}{} text={} cloud='{}'",
                  kind_of(operation).name, message.from, message.to, message.seq, message.random,
                  message.online_only ? " online-only" : "", message.hidden ? " hidden" : "",
                  message.no_unread ? " NoUnread" : "", message.no_last ? " NoLastMsg" : "",
                  message.extensible ? " extensible" : "", message.text, message.cloud);
  return text +
         fmt::format(" time={} on={} budget={} [{}] {} group={} value='{}' set={} clear={} {}",
                     operation.time, operation.on, operation.budget,
                     fmt::join(operation.names, ","), operation.numbers, operation.group,
                     operation.value, operation.set, operation.clear, operation.parts);
}

bool concerns_group(const Operation& operation) {
  return operation.kind >= kKinds.size();
}

bool settles(const Operation& operation) {
  return operation.kind == kSettle;
}

Operation settling() {
  return {.kind = kSettle};
}

Operation draw_operation(std::mt19937_64& random, const NaiveChat& model, DrawOptions options) {
  const Draw draw{random, model, options};
  const bool on_group = draw.below(100) < options.groups;
  const auto kind =
      on_group ? kKinds.size() + draw_kind(draw, group_kinds()) : draw_kind(draw, kKinds);
  Operation operation{.kind = kind, .message = draw_message(draw)};
  kind_of(operation).draw(draw, operation);
  return operation;
}

Codes play(Stage& stage, const Operation& operation) {
  return kind_of(operation).play(stage, operation);
}

}  // namespace confab::testing
