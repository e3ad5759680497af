#include "domain/conversations.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/contact_marks.h"
#include "domain/group_messages.h"
#include "domain/group_views.h"
#include "domain/history.h"
#include "store/typed.h"

namespace confab {
namespace {

/// Where an entry stands in its list: less is nearer to the top.
class Place {
 public:
  Place(std::uint32_t time, std::uint32_t rank)
      : number_(std::uint64_t{~time} << kRankBits | rank) {}

  std::uint32_t time() const { return ~static_cast<std::uint32_t>(number_ >> kRankBits); }
  std::uint32_t rank() const { return static_cast<std::uint32_t>(number_); }
  auto operator<=>(const Place&) const = default;

 private:
  static constexpr unsigned kRankBits = 32;
  std::uint64_t number_;
};

struct RankedEntry {
  Place place;
  ListEntry entry;

  bool operator<(const RankedEntry& other) const {
    if (place != other.place) return place < other.place;
    const auto& mine = entry.conversation;
    const auto& others = other.entry.conversation;
    return std::tie(mine.kind, mine.id) < std::tie(others.kind, others.id);
  }
};

/// Entries in the order of their list. Pointers, because an entry is long to move.
using Ranking = std::vector<RankedEntry*>;

/// Every conversation that is in the list, in no order: one-to-one from its view, a group from the
/// view and the group's head.
Result<std::vector<RankedEntry>> all_entries(Context& context,
                                             Txn& txn,
                                             const std::string& user,
                                             std::uint32_t generation) {
  const auto shard = user_shard(context.app, user);
  const auto now = context.now();
  std::vector<RankedEntry> entries;
  entries.reserve(context.limits.list_page);
  const auto add = [&](Conversation conversation, const ViewRecord& view) {
    if (!is_listed(view, now, context.limits)) return;
    const Place place(conversation_time(view, now, context.limits), rank_of(conversation));
    entries.push_back({place, {std::move(conversation), view}});
  };
  TRY_STATUS(scan(txn, kViews, shard, {}, {}, Direction::kForward,
                  [&](const ViewRest& rest, const ViewRecord& view) {
                    if (view.generation == generation) add(c2c_with(rest.id), view);
                    return true;
                  }));
  TRY(const auto groups, groups_of(txn, shard, generation));
  TRY(const auto heads, load_heads(txn, context.app, groups));
  for (std::size_t i = 0; i < groups.size(); ++i)
    add(group_conversation(groups[i].group), entry_of(groups[i].view, heads[i]));
  return entries;
}

/// What the list shows of `entries`, which must outlive it.
Ranking ranked(std::vector<RankedEntry>& entries, const ChatLimits& limits) {
  Ranking ranking;
  ranking.reserve(entries.size());
  for (auto& each : entries)
    ranking.push_back(&each);
  std::ranges::sort(ranking, [](const auto* a, const auto* b) { return *a < *b; });
  if (limits.list_cap == 0 || ranking.size() <= limits.list_cap) return ranking;

  std::size_t kept = static_cast<std::size_t>(
      std::ranges::count_if(ranking, [](const auto* e) { return e->entry.is_pinned(); }));
  std::erase_if(ranking, [&](const RankedEntry* e) {
    return !e->entry.is_pinned() && kept++ >= limits.list_cap;
  });
  return ranking;
}

/// Appends up to `room` rows after `cursor` and moves it to the last of them. Entries of equal time
/// and rank stay together, because a cursor cannot point between them. True if nothing is left. The
/// rows take the names of their conversations away from the entries.
bool take_block(const Ranking& block,
                bool pinned,
                std::size_t room,
                ListCursor& cursor,
                std::vector<ListRow>& rows) {
  const bool from_the_top = cursor == ListCursor{};
  const Place start(cursor.time, cursor.rank);
  std::size_t taken = 0;
  for (auto* const each : block) {
    if (!from_the_top && each->place <= start) continue;
    const ListCursor here{each->place.time(), each->place.rank()};
    if (taken >= room && here != cursor) return false;
    rows.push_back({std::move(each->entry.conversation), here.time, pinned});
    cursor = here;
    ++taken;
  }
  return true;
}

Result<std::size_t> count_pinned(Txn& txn, const Shard& home, std::uint32_t generation) {
  std::size_t count = 0;
  TRY_STATUS(scan(txn, kViews, home, {}, {}, Direction::kForward,
                  [&](const ViewRest&, const ViewRecord& view) {
                    if (view.pinned_at != 0 && view.generation == generation) ++count;
                    return true;
                  }));
  TRY(const auto groups, groups_of(txn, home, generation));
  count += static_cast<std::size_t>(std::ranges::count_if(groups, [](const UsersGroup& each) {
    return each.view.pinned_at != 0;
  }));
  return count;
}

/// Adds what the user noted about the conversations of `rows`.
Status add_marks(Txn& txn,
                 const Shard& user,
                 std::uint32_t generation,
                 std::vector<ListRow>& rows) {
  std::vector<Key> keys;
  keys.reserve(rows.size());
  for (const auto& row : rows)
    keys.push_back(kMarks.key(user, row.conversation.view()));
  TRY(auto marks, get_all(txn, kMarks, keys));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    TRY(rows[i].marks,
        present_marks(txn, user, generation, rows[i].conversation.view(), std::move(marks[i])));
  }
  return {};
}

Status delete_c2c(Txn& txn,
                  const Shard& home,
                  std::uint32_t generation,
                  const std::string& peer,
                  bool clear_history) {
  const auto conversation = c2c_with(peer);
  TRY(const auto stored, get(txn, kViews, home, conversation.view()));
  const auto before = present_view(stored, generation);
  TRY(const auto head, get_or_default(txn, kHeads, c2c_timeline(home.app, home.owner, peer)));
  // A stored view alone says nothing: it may be a leftover of an earlier account or of a pin,
  // which reclaim may take any time (E9).
  const bool has_something = before.pinned_at != 0 || head.last_position != 0;
  if (!has_something) TRY_STATUS(require_target(txn, home.app, home.owner, conversation));

  auto view = before;
  view.pinned_at = 0;
  view.deleted_upto = head.last_position;
  if (clear_history) {
    view.cleared_upto = head.last_position;
    view.cleared_time = head.last_time;
  }
  if (view != before) put(txn, kViews, home, conversation.view(), view);
  return {};
}

/// Of the group's latest life; an entry of an earlier one goes with that (E10, E20).
Status delete_group_view(Txn& txn,
                         const Shard& home,
                         std::uint32_t generation,
                         const std::string& group,
                         bool clear_history) {
  const auto timeline = group_timeline(home.app, group);
  TRY(const auto stored, get(txn, kGroupViews, home, {group}));
  TRY(const auto record, get_or_default(txn, kGroups, timeline));
  TRY(const auto head, get_or_default(txn, kGroupHeads, timeline, {record.serial}));
  auto view = present_group_view(stored, generation);
  if (view.serial == 0) {
    // Nothing of a group is known here; what the group itself knows may still be on its way.
    TRY(const auto row, get(txn, kMembers, timeline, {record.serial, home.owner}));
    const bool is_member = row && row->generation == generation;
    if (!is_member && view.pinned_at == 0) return {};
  }
  const auto before = view;
  begin_life(view, record.serial);
  delete_up_to(view, head, clear_history);
  if (view != before) put(txn, kGroupViews, home, {group}, view);
  return {};
}

/// Views that an operation is about to write.
struct Views {
  std::map<ViewRest, ViewRecord> c2c;
  std::map<GroupViewRest, GroupViewRecord> groups;
};

/// Pins (`pinned_at`) or unpins (0) one conversation in `changes`; true if that changes anything.
template <typename K>
Result<bool> set_pin(Txn& txn,
                     const K& keyspace,
                     const Shard& home,
                     std::uint32_t generation,
                     const typename K::Rest& rest,
                     std::uint32_t pinned_at,
                     std::map<typename K::Rest, typename K::Value>& changes) {
  if (changes.contains(rest)) return false;
  TRY(auto view, get_or_default(txn, keyspace, home, rest));
  if (view.generation != generation) view = {.generation = generation};
  if ((view.pinned_at != 0) == (pinned_at != 0)) return false;
  view.pinned_at = pinned_at;
  changes.emplace(rest, view);
  return true;
}

}  // namespace

Result<AccountRecord> require_owner(Txn& txn, AppId app, const std::string& owner) {
  TRY(auto account, load_account(txn, app, owner));
  if (is_imported(account)) return account;
  return fail(ErrorCode::kContactNoAccount, "From_Account " + quote_cut(owner));
}

Status require_target(Txn& txn,
                      AppId app,
                      const std::string& owner,
                      const Conversation& conversation) {
  if (conversation.kind == ConversationKind::kGroup) {
    TRY(const auto record, get_or_default(txn, kGroups, group_timeline(app, conversation.id)));
    if (record.kind != 0) return {};
    return fail(ErrorCode::kNoSuchContactTarget, "ToGroupId " + quote_cut(conversation.id));
  }
  TRY(const bool known, is_known_peer(txn, app, owner, conversation.id));
  if (known) return {};
  return fail(ErrorCode::kContactNoAccount, "To_Account " + quote_cut(conversation.id));
}

Result<std::vector<ListEntry>> listed_entries(Context& context,
                                              Txn& txn,
                                              const std::string& user,
                                              std::uint32_t generation) {
  TRY(auto all, all_entries(context, txn, user, generation));
  std::vector<ListEntry> entries;
  for (auto* const each : ranked(all, context.limits))
    entries.push_back(std::move(each->entry));
  return entries;
}

Result<bool> is_empty_conversation(
    Context& context, Txn& txn, const std::string& user, const ListEntry& entry, Seconds now) {
  if (is_refreshed(entry.view, now, context.limits) &&
      entry.view.refreshed > entry.view.cleared_upto) {
    return false;
  }
  if (entry.conversation.kind == ConversationKind::kGroup) {
    const auto& group = entry.conversation.id;
    TRY(const auto view, get_or_default(txn, kGroupViews, user_shard(context.app, user), {group}));
    TRY(const auto head,
        get_or_default(txn, kGroupHeads, group_timeline(context.app, group), {view.serial}));
    TRY(const bool sees, sees_any_group_message(context, txn, user, group, view, head));
    return !sees;
  }
  const auto& peer = entry.conversation.id;
  TRY(const auto viewer, viewer_with(txn, context.app, user, peer, entry.view));
  TRY(const bool sees,
      sees_any_message(context, txn, c2c_timeline(context.app, user, peer), viewer));
  return !sees;
}

Result<ListPage> read_list(Context& context, const ListQuery& query) {
  return read(context, [&](Txn& txn) -> Result<ListPage> {
    TRY(const auto owner, require_owner(txn, context.app, query.user));
    TRY(auto entries, all_entries(context, txn, query.user, owner.generation));
    const auto now = context.now();
    Ranking pinned;
    Ranking ordinary;
    for (auto* const each : ranked(entries, context.limits)) {
      if (!query.wants_empty) {
        TRY(const bool empty, is_empty_conversation(context, txn, query.user, each->entry, now));
        if (empty) continue;
      }
      const bool apart = query.knows_pinning && each->entry.is_pinned();
      (apart ? pinned : ordinary).push_back(each);
    }

    ListPage page{.ordinary = query.ordinary, .pinned = query.pinned};
    const auto room = context.limits.list_page;
    page.rows.reserve(std::min(room, entries.size()));
    if (query.pages_pinned) {
      page.complete = take_block(pinned, true, room, page.pinned, page.rows);
    } else if (query.ordinary == ListCursor{}) {
      ListCursor unused;
      take_block(pinned, true, pinned.size(), unused, page.rows);
    }
    const auto left = query.pages_pinned ? room - std::min(room, page.rows.size()) : room;
    const bool ordinary_done = take_block(ordinary, false, left, page.ordinary, page.rows);
    page.complete = page.complete && ordinary_done;
    if (query.wants_marks) {
      TRY_STATUS(add_marks(txn, user_shard(context.app, query.user), owner.generation, page.rows));
    }
    return page;
  });
}

Status delete_conversation(Context& context,
                           const std::string& owner,
                           const Conversation& conversation,
                           bool clear_history) {
  const auto home = user_shard(context.app, owner);
  // A message to a group locks only the group, so this must, too: it comes before the deletion or
  // after it (E40). One to one, a message locks both users.
  std::vector<Shard> also;
  if (conversation.kind == ConversationKind::kGroup) {
    also.push_back(group_timeline(context.app, conversation.id));
  }
  return write(context, home, also, [&](Txn& txn) -> Status {
    TRY(const auto account, require_owner(txn, context.app, owner));
    return conversation.kind == ConversationKind::kC2c
               ? delete_c2c(txn, home, account.generation, conversation.id, clear_history)
               : delete_group_view(txn, home, account.generation, conversation.id, clear_history);
  });
}

Status pin_conversations(Context& context,
                         const std::string& owner,
                         std::span<const Conversation> conversations,
                         bool pin) {
  const auto home = user_shard(context.app, owner);
  return write(context, home, {}, [&](Txn& txn) -> Status {
    TRY(const auto account, require_owner(txn, context.app, owner));
    TRY(auto pinned, count_pinned(txn, home, account.generation));
    const auto now = static_cast<std::uint32_t>(context.now());
    Views changes;
    for (const auto& conversation : conversations) {
      if (pin && conversation.kind == ConversationKind::kC2c) {
        TRY_STATUS(require_target(txn, context.app, owner, conversation));
      }
      TRY(const bool changed, conversation.kind == ConversationKind::kC2c
                                  ? set_pin(txn, kViews, home, account.generation,
                                            conversation.view(), pin ? now : 0, changes.c2c)
                                  : set_pin(txn, kGroupViews, home, account.generation,
                                            {conversation.id}, pin ? now : 0, changes.groups));
      if (changed && pin) ++pinned;
    }
    if (pin && pinned > context.limits.pinned_cap) {
      return fail(ErrorCode::kTooManyPinned, "at most " +
                                                 std::to_string(context.limits.pinned_cap) +
                                                 ", would be " + std::to_string(pinned));
    }
    for (const auto& [rest, view] : changes.c2c)
      put(txn, kViews, home, rest, view);
    for (const auto& [rest, view] : changes.groups)
      put(txn, kGroupViews, home, rest, view);
    return {};
  });
}

}  // namespace confab
