// Like domain/history.cc, but with what is not seen, and why not.
#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "domain/conversations.h"
#include "domain/explain.h"
#include "domain/group_views.h"
#include "domain/messages.h"
#include "domain/unread.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr Seconds kSecondsPerDay = 24LL * 3600;

// Cursors: of a one-to-one message its MsgKey and its sender's side, "7_8_1600000000_1"; of a group
// message its MsgSeq.

std::string c2c_cursor(const MessageRest& rest) {
  return fmt::format("{}_{}", format_message_key(message_key(rest)), rest.sender);
}

std::unexpected<Error> no_cursor(std::string_view before) {
  return fail(ErrorCode::kInvalidField,
              "before: must be a cursor of this conversation or empty, is " + quote_cut(before));
}

Result<std::optional<MessageRest>> parse_c2c_cursor(std::string_view before) {
  if (before.empty()) return std::nullopt;
  const auto at = before.rfind('_');
  if (at == std::string_view::npos) return no_cursor(before);
  const auto side = before.substr(at + 1);
  const auto key = parse_message_key(before.substr(0, at));
  if (!key || (side != "0" && side != "1")) return no_cursor(before);
  return key->sent_by(side == "0" ? Side::kLow : Side::kHigh);
}

Result<Position> parse_group_cursor(std::string_view before) {
  if (before.empty()) return std::numeric_limits<Position>::max();
  Position position = 0;
  const auto* const end = before.data() + before.size();
  if (std::from_chars(before.data(), end, position).ptr != end) return no_cursor(before);
  return position;
}

Reason cleared(Position upto) {
  return {"E16", fmt::format("Cleared: this user deleted all messages up to {} with ClearRamble 1, "
                             "or the account is a later one of this name.",
                             upto)};
}

Reason expired(const ChatLimits& limits) {
  return {"G19", fmt::format("Expired: messages are kept {} days (conversation.roaming_days).",
                             limits.roaming_period / kSecondsPerDay)};
}

struct C2cLook {
  Context& context;
  const Viewer& viewer;
  const std::string& user;
  const std::string& peer;
  std::span<const Position> unread;  // newest first
};

std::vector<Reason> c2c_reasons(const C2cLook& look,
                                const MessageRest& rest,
                                const MessageRecord& message,
                                bool is_unread) {
  const auto& view = look.viewer.view;
  const bool is_received = static_cast<Side>(rest.sender) != look.viewer.side;
  std::vector<Reason> reasons;
  if (message.position <= view.cleared_upto) reasons.push_back(cleared(view.cleared_upto));
  if (is_expired(rest.time, look.context.now(), look.context.limits)) {
    reasons.push_back(expired(look.context.limits));
  }
  if (!is_received && (message.flags & MessageRecord::kHiddenFromSender) != 0) {
    reasons.push_back({"G11", "Sent with SyncOtherMachine 2: not for the sender's own view."});
  }
  if (!is_received || is_unread) return reasons;
  if (message.position <= view.read_upto) {
    reasons.push_back({"D23", fmt::format("Read: the user has read up to {}.", view.read_upto)});
  } else if (message.position <= view.deleted_upto) {
    reasons.push_back({"E23", fmt::format("Not unread: the user deleted the conversation up to {}.",
                                          view.deleted_upto)});
  } else if (message.position > unread_floor(view)) {
    reasons.push_back({"D20",
                       "Not counted as unread: sent with NoUnread, imported as read, "
                       "recalled, or beyond what is counted."});
  }
  return reasons;
}

SeenMessage see_c2c(const C2cLook& look, const MessageRest& rest, const MessageRecord& message) {
  const bool is_mine = static_cast<Side>(rest.sender) == look.viewer.side;
  const bool is_unread = std::ranges::find(look.unread, message.position) != look.unread.end();
  return {.cursor = c2c_cursor(rest),
          .position = message.position,
          .time = rest.time,
          .from = is_mine ? look.user : look.peer,
          .key = format_message_key(message_key(rest)),
          .body = message.body,
          .cloud_data = message.cloud_data,
          .recalled = (message.flags & MessageRecord::kRecalled) != 0,
          .visible =
              is_visible(look.viewer, rest, message, look.context.now(), look.context.limits),
          .unread = is_unread,
          .reasons = c2c_reasons(look, rest, message, is_unread)};
}

/// Adds a row while there is room; false ends the walk.
bool add_row(SeenPage& page, std::size_t limit, const auto& make_row) {
  page.complete = page.rows.size() < limit;
  if (page.complete) page.rows.push_back(make_row());
  return page.complete;
}

Result<SeenPage> see_c2c_history(Context& context,
                                 Txn& txn,
                                 std::uint32_t generation,
                                 const SeenQuery& query) {
  const auto& peer = query.conversation.id;
  const auto timeline = c2c_timeline(context.app, query.user, peer);
  TRY(const auto last, parse_c2c_cursor(query.before));
  TRY(const auto viewer, load_viewer(txn, context.app, query.user, generation, peer));
  TRY(const auto unread, unread_positions(context, txn, timeline, viewer));
  const C2cLook look{context, viewer, query.user, peer, unread};
  SeenPage page;
  TRY_STATUS(scan(txn, kMessages, timeline, {}, last, Direction::kBackward,
                  [&](const MessageRest& rest, const MessageRecord& message) {
                    return add_row(page, query.limit, [&] { return see_c2c(look, rest, message); });
                  }));
  return page;
}

struct GroupLook {
  Context& context;
  const GroupViewRecord& view;
  const GroupHeadRecord& head;
  const std::string& user;
};

std::vector<Reason> group_reasons(const GroupLook& look,
                                  Position position,
                                  const GroupMessageRecord& message,
                                  bool visible) {
  const auto& view = look.view;
  std::vector<Reason> reasons;
  if (position <= view.cleared_upto) reasons.push_back(cleared(view.cleared_upto));
  if (!is_kept(message, look.context.now(), look.context.limits)) {
    reasons.push_back(expired(look.context.limits));
  }
  if (visible || !reasons.empty()) return reasons;
  if (view.joined == 0) {
    reasons.push_back({"D28", "The user was not a member of this life of the group."});
  } else if (position <= view.visible_from) {
    reasons.push_back({"D28", fmt::format("The user joined after message {}.", view.visible_from)});
  } else if (!message.targets.empty()) {
    reasons.push_back({"D4", "Sent to some members only, and this user is none of them."});
  } else {
    reasons.push_back({"D28", fmt::format("The user left after message {}.", view.visible_to)});
  }
  return reasons;
}

SeenMessage see_group_message(const GroupLook& look,
                              Position position,
                              const GroupMessageRecord& message) {
  const bool visible = is_visible(look.view, look.head, look.user, position, message,
                                  look.context.now(), look.context.limits);
  return {.cursor = std::to_string(position),
          .position = position,
          .time = message.time,
          .from = message.sender,
          .body = message.body,
          .cloud_data = message.cloud_data,
          .recalled = (message.flags & GroupMessageRecord::kRecalled) != 0,
          .visible = visible,
          .unread = is_unread(look.view, look.head, message),
          .reasons = group_reasons(look, position, message, visible)};
}

Result<SeenPage> see_group_history(Context& context,
                                   Txn& txn,
                                   std::uint32_t generation,
                                   const SeenQuery& query) {
  const auto& group = query.conversation.id;
  const auto timeline = group_timeline(context.app, group);
  TRY(const auto before, parse_group_cursor(query.before));
  TRY(const auto stored, get(txn, kGroupViews, user_shard(context.app, query.user), {group}));
  TRY(const auto record, get_or_default(txn, kGroups, timeline));
  auto view = present_group_view(stored, generation);
  if (view.serial == 0) begin_life(view, record.serial);
  TRY(const auto head, get_or_default(txn, kGroupHeads, timeline, {view.serial}));
  const GroupLook look{context, view, head, query.user};
  SeenPage page;
  TRY_STATUS(scan(txn, kGroupMessages, timeline, GroupMessageRest{view.serial, 0},
                  GroupMessageRest{view.serial, before}, Direction::kBackward,
                  [&](const GroupMessageRest& rest, const GroupMessageRecord& message) {
                    return add_row(page, query.limit,
                                   [&] { return see_group_message(look, rest.position, message); });
                  }));
  return page;
}

}  // namespace

Result<SeenPage> see_history(Context& context, const SeenQuery& query) {
  return read(context, [&](Txn& txn) -> Result<SeenPage> {
    TRY(const auto account, require_owner(txn, context.app, query.user));
    return query.conversation.kind == ConversationKind::kC2c
               ? see_c2c_history(context, txn, account.generation, query)
               : see_group_history(context, txn, account.generation, query);
  });
}

}  // namespace confab
