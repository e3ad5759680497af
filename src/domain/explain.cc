#include "domain/explain.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/conversations.h"
#include "domain/group_views.h"
#include "domain/unread.h"
#include "store/typed.h"

namespace confab {
namespace {

constexpr Seconds kSecondsPerDay = 24LL * 3600;

std::string at_text(Seconds time) {
  return time == 0 ? std::string("never") : utc_text(time);
}

/// The user's list entry, in it or not, and what else decides.
struct EntryState {
  ListEntry entry;
  Seconds now;
  const ChatLimits& limits;
  bool in_list;
  bool is_empty;
};

Result<EntryState> entry_state(Context& context,
                               Txn& txn,
                               const std::string& user,
                               std::uint32_t generation,
                               ListEntry entry) {
  TRY(const auto listed, listed_entries(context, txn, user, generation));
  const bool in_list = std::ranges::any_of(listed, [&](const ListEntry& each) {
    return each.conversation == entry.conversation;
  });
  const auto now = context.now();
  TRY(const bool is_empty, is_empty_conversation(context, txn, user, entry, now));
  return EntryState{std::move(entry), now, context.limits, in_list, is_empty};
}

Reason why_refreshed(const EntryState& state) {
  const auto& view = state.entry.view;
  const auto message =
      fmt::format("essage {} of {}", view.refreshed, at_text(view.refresh_time));  // m or M
  if (view.refreshed == 0) return {"D2", "No message has put it into the list."};
  if (view.refreshed <= view.deleted_upto) {
    return {"E14",
            fmt::format("It was deleted up to message {}, and nothing has put it back since: "
                        "the newest that could was m{}.",
                        view.deleted_upto, message)};
  }
  if (is_expired(view.refresh_time, state.now, state.limits)) {
    return {"D9", fmt::format("M{} put it into the list, but is older than messages are kept "
                              "(conversation.roaming_days, {} days).",
                              message, state.limits.roaming_period / kSecondsPerDay)};
  }
  if (view.deleted_upto != 0) {
    return {"E30", fmt::format("It was deleted up to message {}; m{} put it back.",
                               view.deleted_upto, message)};
  }
  return {"D3", fmt::format("M{} keeps it in the list.", message)};
}

std::vector<Reason> why_listed(const EntryState& state) {
  std::vector<Reason> why;
  const auto& view = state.entry.view;
  if (state.entry.is_pinned()) {
    why.push_back({"D10", fmt::format("It was pinned at {}, which keeps it in the list whatever "
                                      "else happens, short of deleting it.",
                                      at_text(view.pinned_at))});
  }
  why.push_back(why_refreshed(state));
  if (!state.in_list && is_listed(view, state.now, state.limits)) {
    why.push_back({"D8", fmt::format("Only the newest {} conversations are shown "
                                     "(conversation.list_cap), and as many are newer.",
                                     state.limits.list_cap)});
  }
  if (state.in_list && state.is_empty) {
    why.push_back({"D16",
                   "None of its messages is left for this user: get_list shows it only to "
                   "callers that set bit 1 of AssistFlags."});
  }
  return why;
}

Fact position_fact(std::string_view name,
                   Position position,
                   std::string_view meaning,
                   std::string_view rule) {
  return {name, std::to_string(position), meaning, rule};
}

Fact time_fact(std::string_view name,
               Seconds time,
               std::string_view meaning,
               std::string_view rule) {
  return {name, at_text(time), meaning, rule};
}

/// What entries of both kinds have.
std::vector<Fact> entry_facts(const ViewRecord& view) {
  return {
      position_fact("refreshed", view.refreshed, "newest message that puts the entry into the list",
                    "D3"),
      time_fact("refresh time", view.refresh_time, "its time: the conversation's place in the list",
                "D5"),
      position_fact(
          "deleted up to", view.deleted_upto,
          "the user deleted the conversation at this message; it and those before neither "
          "list it nor count as unread",
          "E14"),
      position_fact("cleared up to", view.cleared_upto,
                    "this message and those before are gone for the user, for good", "E16"),
      time_fact("pinned at", view.pinned_at, "pinned entries stay in the list", "D10"),
  };
}

std::vector<Reason> why_c2c_unread(const Viewer& viewer, std::size_t unread, std::size_t cap) {
  const auto& view = viewer.view;
  const auto floor = unread_floor(view);
  std::vector<Reason> why;
  if (floor != 0 && floor == view.read_upto) {
    why.push_back({"D23", fmt::format("Read up to message {}.", floor)});
  }
  if (floor != 0 && floor == view.deleted_upto) {
    why.push_back({"E23", fmt::format("Deleted up to message {}, which made it read.", floor)});
  }
  if (floor != 0 && floor == view.cleared_upto && floor != view.deleted_upto) {
    why.push_back({"E16", fmt::format("Cleared up to message {}.", floor)});
  }
  why.push_back(
      {"D20",
       fmt::format("Of the messages after {}, {} received and count: not those "
                   "sent with NoUnread, recalled or expired.",
                   floor, unread == 1 ? std::string("1 was") : fmt::format("{} were", unread))});
  if (unread == cap) why.push_back({"D21", fmt::format("Counting stops at {}.", cap)});
  return why;
}

Result<Explanation> explain_c2c(Context& context,
                                Txn& txn,
                                const std::string& user,
                                std::uint32_t generation,
                                const std::string& peer) {
  TRY(const auto viewer, load_viewer(txn, context.app, user, generation, peer));
  TRY(const auto state, entry_state(context, txn, user, generation, {c2c_with(peer), viewer.view}));
  Explanation out{.listed = state.in_list, .why_listed = why_listed(state)};
  TRY(out.unread, count_unread(context, txn, c2c_timeline(context.app, user, peer), viewer));
  out.why_unread = why_c2c_unread(viewer, out.unread, context.limits.unread_cap);
  out.facts = entry_facts(viewer.view);
  out.facts.push_back(position_fact("read up to", viewer.view.read_upto,
                                    "newest message that the user has read", "D23"));
  out.facts.push_back(position_fact("newest message", viewer.head.last_position,
                                    "of both sides, whatever became of it", "G6"));
  out.facts.push_back(
      position_fact("reclaimed up to", viewer.head.reclaimed_upto,
                    "nothing up to here is stored any more, since nobody could see it", "G19"));
  return out;
}

std::vector<Reason> why_group_unread(const GroupViewRecord& view,
                                     const GroupHeadRecord& head,
                                     std::uint64_t unread) {
  if (view.joined == 0) return {{"D28", "The user was never a member of this life of the group."}};
  if (!can(static_cast<GroupKind>(head.kind), GroupCan::kCountUnread)) {
    return {{"D25", fmt::format("Groups of kind {} count no unread messages.",
                                name_of(static_cast<GroupKind>(head.kind)))}};
  }
  const auto mark = read_mark(view, head);
  const auto newest = newest_ordinal(view, head);
  std::vector<Reason> why;
  if (view.deleted_upto != 0 && view.deleted_upto == mark.seq) {
    why.push_back({"E24", fmt::format("Deleted up to message {}, which made it read.", mark.seq)});
  } else if (view.unread_set_at != 0 && view.unread_set_seq == mark.seq) {
    why.push_back(
        {"D25", fmt::format("set_unread_msg_num put the read mark to message {}.", mark.seq)});
  } else {
    why.push_back({"D25", fmt::format("Read up to message {}: the latest of joining, writing and "
                                      "importing.",
                                      mark.seq)});
  }
  const auto after = newest - std::min(newest, mark.ordinal);
  why.push_back({"D20", fmt::format("Of the messages after it that count, {} {} not recalled.",
                                    unread, unread == 1 ? "is" : "are")});
  if (after > unread) {
    why.push_back(
        {"D24", fmt::format("{} more were recalled, and count no longer.", after - unread)});
  }
  return why;
}

Result<Explanation> explain_group(Context& context,
                                  Txn& txn,
                                  const std::string& user,
                                  std::uint32_t generation,
                                  const std::string& group) {
  const auto timeline = group_timeline(context.app, group);
  TRY(const auto stored, get(txn, kGroupViews, user_shard(context.app, user), {group}));
  const auto view = present_group_view(stored, generation);
  TRY(const auto head, get_or_default(txn, kGroupHeads, timeline, {view.serial}));
  TRY(const auto state, entry_state(context, txn, user, generation,
                                    {group_conversation(group), entry_of(view, head)}));
  Explanation out{.listed = state.in_list, .why_listed = why_listed(state)};
  TRY(out.unread, count_group_unread(txn, timeline, view, head));
  out.why_unread = why_group_unread(view, head, out.unread);
  out.facts = entry_facts(state.entry.view);
  const bool member = is_member(view, head);
  out.facts.push_back(
      {"member", member ? "yes" : "no", "a group's messages list it for its members alone", "D4"});
  out.facts.push_back(time_fact("joined at", view.joined_at, "last joining", "D4"));
  out.facts.push_back(position_fact("joined after", view.visible_from,
                                    "the user sees later messages; earlier ones only in a "
                                    "ChatRoom or Community",
                                    "D28"));
  if (!member && view.joined != 0) {
    out.facts.push_back(
        position_fact("left after", view.visible_to, "the user sees no later message", "D28"));
  }
  out.facts.push_back(position_fact("read mark", read_mark(view, head).seq,
                                    "newest message that counts as read", "D25"));
  out.facts.push_back(
      position_fact("newest message", head.last_position, "MsgSeq of the group", "D4"));
  out.facts.push_back(time_fact("dissolved at", head.dissolved_at, "end of the group", "D28"));
  out.facts.push_back(position_fact("reclaimed up to", head.reclaimed_upto,
                                    "nothing up to here is stored any more", "G19"));
  return out;
}

}  // namespace

Result<Explanation> explain_conversation(Context& context,
                                         const std::string& user,
                                         const Conversation& conversation) {
  return read(context, [&](Txn& txn) -> Result<Explanation> {
    TRY(const auto account, require_owner(txn, context.app, user));
    return conversation.kind == ConversationKind::kC2c
               ? explain_c2c(context, txn, user, account.generation, conversation.id)
               : explain_group(context, txn, user, account.generation, conversation.id);
  });
}

}  // namespace confab
