#include "domain/conversations.h"

#include <algorithm>
#include <tuple>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/history.h"
#include "store/typed.h"

namespace confab {
namespace {

/// Orders entries of one second (D7) and names a place between two of them in a cursor. A count of
/// rows would shift when one of them is deleted between two pages. Fits a signed 32-bit integer;
/// never 0.
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

struct RankedEntry {
  ListEntry entry;
  std::uint32_t time;
  std::uint32_t rank;
};

bool comes_before(const RankedEntry& a, const RankedEntry& b) {
  return std::tie(b.time, a.rank, a.entry.conversation.kind, a.entry.conversation.id) <
         std::tie(a.time, b.rank, b.entry.conversation.kind, b.entry.conversation.id);
}

bool is_after(const ListCursor& cursor, const RankedEntry& entry) {
  if (cursor == ListCursor{}) return true;
  return entry.time < cursor.time || (entry.time == cursor.time && entry.rank > cursor.rank);
}

Result<std::vector<RankedEntry>> ranked_entries(Context& context,
                                                Txn& txn,
                                                const std::string& user) {
  const auto now = context.now();
  std::vector<RankedEntry> entries;
  TRY_STATUS(scan(txn, kViews, user_shard(context.app, user), {}, {}, Direction::kForward,
                  [&](const ViewRest& rest, const ViewRecord& view) {
                    if (is_listed(view, now, context.limits)) {
                      const Conversation conversation{static_cast<ConversationKind>(rest.kind),
                                                      rest.id};
                      entries.push_back({{conversation, view},
                                         conversation_time(view, now, context.limits),
                                         rank_of(conversation)});
                    }
                    return true;
                  }));
  std::ranges::sort(entries, comes_before);
  if (context.limits.list_cap == 0) return entries;

  std::size_t kept = static_cast<std::size_t>(
      std::ranges::count_if(entries, [](const auto& e) { return e.entry.is_pinned(); }));
  std::erase_if(entries, [&](const RankedEntry& e) {
    return !e.entry.is_pinned() && kept++ >= context.limits.list_cap;
  });
  return entries;
}

/// An entry without any message that its user sees (D16). Who was refreshed since the last clearing
/// has one: the message that did it.
Result<bool> is_empty_conversation(Context& context,
                                   Txn& txn,
                                   const std::string& user,
                                   const ListEntry& entry) {
  if (is_refreshed(entry.view, context.now(), context.limits) &&
      entry.view.refreshed > entry.view.cleared_upto) {
    return false;
  }
  if (entry.conversation.kind == ConversationKind::kGroup) return true;
  const auto& peer = entry.conversation.id;
  TRY(const bool sees, sees_any_message(context, txn, c2c_timeline(context.app, user, peer),
                                        {side_of(user, peer), entry.view}));
  return !sees;
}

/// Appends up to `room` rows after `cursor` and moves it to the last of them. Entries of equal time
/// and rank stay together, because a cursor cannot point between them. True if nothing is left.
bool take_block(const std::vector<RankedEntry>& block,
                bool pinned,
                std::size_t room,
                ListCursor& cursor,
                std::vector<ListRow>& rows) {
  const auto start = cursor;
  std::size_t taken = 0;
  for (const auto& entry : block) {
    if (!is_after(start, entry)) continue;
    const ListCursor here{entry.time, entry.rank};
    if (taken >= room && here != cursor) return false;
    rows.push_back({entry.entry.conversation, entry.time, pinned});
    cursor = here;
    ++taken;
  }
  return true;
}

Status require_owner(Txn& txn, AppId app, const std::string& owner) {
  TRY(const bool exists, account_exists(txn, app, owner));
  if (exists) return {};
  return fail(ErrorCode::kContactNoAccount, "From_Account " + quote_cut(owner));
}

Status require_target(Txn& txn,
                      AppId app,
                      const std::string& owner,
                      const Conversation& conversation) {
  if (conversation.kind == ConversationKind::kGroup) return {};
  TRY(const bool known, is_known_peer(txn, app, owner, conversation.id));
  if (known) return {};
  return fail(ErrorCode::kContactNoAccount, "To_Account " + quote_cut(conversation.id));
}

Result<std::size_t> count_pinned(Txn& txn, const Shard& home) {
  std::size_t count = 0;
  TRY_STATUS(scan(txn, kViews, home, {}, {}, Direction::kForward,
                  [&](const ViewRest&, const ViewRecord& view) {
                    if (view.pinned_at != 0) ++count;
                    return true;
                  }));
  return count;
}

}  // namespace

Result<std::vector<ListEntry>> listed_entries(Context& context, Txn& txn, const std::string& user) {
  TRY(auto ranked, ranked_entries(context, txn, user));
  std::vector<ListEntry> entries;
  entries.reserve(ranked.size());
  for (auto& each : ranked)
    entries.push_back(std::move(each.entry));
  return entries;
}

Result<ListPage> read_list(Context& context, const ListQuery& query) {
  return read(context, [&](Txn& txn) -> Result<ListPage> {
    TRY_STATUS(require_owner(txn, context.app, query.user));
    TRY(auto entries, ranked_entries(context, txn, query.user));
    std::vector<RankedEntry> pinned;
    std::vector<RankedEntry> ordinary;
    for (auto& each : entries) {
      if (!query.wants_empty) {
        TRY(const bool empty, is_empty_conversation(context, txn, query.user, each.entry));
        if (empty) continue;
      }
      const bool apart = query.knows_pinning && each.entry.is_pinned();
      (apart ? pinned : ordinary).push_back(std::move(each));
    }

    ListPage page{.ordinary = query.ordinary, .pinned = query.pinned};
    const auto room = context.limits.list_page;
    if (query.pages_pinned) {
      page.complete = take_block(pinned, true, room, page.pinned, page.rows);
    } else if (query.ordinary == ListCursor{}) {
      ListCursor unused;
      take_block(pinned, true, pinned.size(), unused, page.rows);
    }
    const auto left = query.pages_pinned ? room - std::min(room, page.rows.size()) : room;
    const bool ordinary_done = take_block(ordinary, false, left, page.ordinary, page.rows);
    page.complete = page.complete && ordinary_done;
    return page;
  });
}

Status delete_conversation(Context& context,
                           const std::string& owner,
                           const Conversation& conversation,
                           bool clear_history) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Status {
    TRY_STATUS(require_owner(txn, context.app, owner));
    TRY(const auto stored, get(txn, kViews, home, conversation.view()));
    if (!stored) TRY_STATUS(require_target(txn, context.app, owner, conversation));

    HeadRecord head;
    if (conversation.kind == ConversationKind::kC2c) {
      TRY(head, get_or_default(txn, kHeads, c2c_timeline(context.app, owner, conversation.id)));
    }
    auto view = stored.value_or(ViewRecord{});
    view.pinned_at = 0;
    view.deleted_upto = head.last_position;
    if (clear_history) {
      view.cleared_upto = head.last_position;
      view.cleared_time = head.last_time;
    }
    if (view != stored.value_or(ViewRecord{})) put(txn, kViews, home, conversation.view(), view);
    return {};
  });
}

Status pin_conversations(Context& context,
                         const std::string& owner,
                         std::span<const Conversation> conversations,
                         bool pin) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Status {
    TRY_STATUS(require_owner(txn, context.app, owner));
    TRY(auto pinned, count_pinned(txn, home));
    std::vector<std::pair<ViewRest, ViewRecord>> changes;
    for (const auto& conversation : conversations) {
      if (pin) TRY_STATUS(require_target(txn, context.app, owner, conversation));
      TRY(auto view, get_or_default(txn, kViews, home, conversation.view()));
      const bool repeated = std::ranges::any_of(changes, [&](const auto& change) {
        return change.first == conversation.view();
      });
      if (repeated || (view.pinned_at != 0) == pin) continue;
      view.pinned_at = pin ? static_cast<std::uint32_t>(context.now()) : 0;
      if (pin) ++pinned;
      changes.emplace_back(conversation.view(), view);
    }
    if (pin && pinned > context.limits.pinned_cap) {
      return fail(ErrorCode::kTooManyPinned, "at most " +
                                                 std::to_string(context.limits.pinned_cap) +
                                                 ", would be " + std::to_string(pinned));
    }
    for (const auto& [rest, view] : changes)
      put(txn, kViews, home, rest, view);
    return {};
  });
}

}  // namespace confab
