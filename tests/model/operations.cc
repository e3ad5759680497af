#include "tests/model/operations.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace confab::testing {
namespace {

constexpr Seconds kDay = 86'400;

/// Few numbers, so that keys collide.
constexpr std::array<std::uint32_t, 3> kSeqs{1, 2, std::numeric_limits<std::uint32_t>::max()};

struct Draw {
  std::mt19937_64& random;
  const NaiveChat& model;
  DrawOptions options;

  std::size_t below(std::size_t bound) const { return random() % bound; }
  bool once_in(std::size_t count) const { return below(count) == 0; }
};

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

void draw_send(const Draw& draw, Operation& operation) {
  auto& message = operation.message;
  message.online_only = draw.once_in(15);
  message.hidden = draw.once_in(5);
  message.no_unread = draw.once_in(7);
  message.no_last = draw.once_in(7);
  message.text = std::to_string(draw.below(1'000'000));
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

Codes play_send(Stage& stage, const Operation& operation) {
  return {stage.rest.send(operation.message), stage.model.send(operation.message)};
}

Codes play_delete(Stage& stage, const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  return {stage.rest.remove(user, peer, operation.on),
          stage.model.remove(user, peer, operation.on)};
}

Codes play_recall(Stage& stage, const Operation& operation) {
  const auto& wanted = operation.message;
  const auto time = static_cast<std::uint32_t>(operation.time);
  return {stage.rest.recall(wanted.from, wanted.to, wanted.seq, wanted.random, time),
          stage.model.recall(wanted.from, wanted.to, wanted.seq, wanted.random, time)};
}

Codes play_read(Stage& stage, const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  // Without a time everything is read, also what a clock that stepped back has made later than now.
  const auto until = operation.time == 0 ? std::numeric_limits<Seconds>::max() : operation.time;
  return {stage.rest.mark_read(user, peer, operation.time),
          stage.model.mark_read(user, peer, until)};
}

Codes play_pin(Stage& stage, const Operation& operation) {
  const auto& [user, peer] = std::tie(operation.message.from, operation.message.to);
  return {stage.rest.pin(user, peer, operation.on), stage.model.pin(user, peer, operation.on)};
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
    if (!step) return {.actual = static_cast<int>(step.error().code)};
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

struct Kind {
  std::string_view name;
  std::size_t weight;
  void (*draw)(const Draw& draw, Operation& operation);
  Codes (*play)(Stage& stage, const Operation& operation);
};

constexpr std::array kKinds{
    Kind{"settle", 15, &draw_nothing, &play_settle},
    Kind{"send", 100, &draw_send, &play_send},
    Kind{"delete", 30, &draw_delete, &play_delete},
    Kind{"recall", 20, &draw_recall, &play_recall},
    Kind{"read", 20, &draw_read, &play_read},
    Kind{"pin", 12, &draw_pin, &play_pin},
    Kind{"clock", 40, &draw_clock, &play_clock},
    Kind{"reclaim", 25, &draw_reclaim, &play_reclaim},
    Kind{"restart", 1, &draw_nothing, &play_restart},
};
constexpr std::size_t kSettle = 0;

}  // namespace

std::string to_text(const Operation& operation) {
  const auto& message = operation.message;
  return fmt::format("{} {} -> {} seq={} random={}{}{}{}{} text={} time={} on={} budget={}",
                     kKinds.at(operation.kind).name, message.from, message.to, message.seq,
                     message.random, message.online_only ? " online-only" : "",
                     message.hidden ? " hidden" : "", message.no_unread ? " NoUnread" : "",
                     message.no_last ? " NoLastMsg" : "", message.text, operation.time,
                     operation.on, operation.budget);
}

bool settles(const Operation& operation) {
  return operation.kind == kSettle;
}

Operation settling() {
  return {.kind = kSettle};
}

Operation draw_operation(std::mt19937_64& random, const NaiveChat& model, DrawOptions options) {
  const Draw draw{random, model, options};
  std::size_t total = 0;
  for (const auto& kind : kKinds)
    total += kind.weight;
  auto left = draw.below(total);
  std::size_t kind = 0;
  while (left >= kKinds.at(kind).weight)
    left -= kKinds.at(kind++).weight;
  Operation operation{.kind = kind, .message = draw_message(draw)};
  kKinds.at(kind).draw(draw, operation);
  return operation;
}

Codes play(Stage& stage, const Operation& operation) {
  return kKinds.at(operation.kind).play(stage, operation);
}

}  // namespace confab::testing
