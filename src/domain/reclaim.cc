#include "domain/reclaim.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "domain/accounts.h"
#include "domain/conversation.h"
#include "domain/messages.h"
#include "domain/reclaim_groups.h"
#include "domain/views.h"
#include "store/typed.h"

namespace confab {
namespace {

/// The first entry of a keyspace at or after a key, over all shards.
template <typename K>
struct NextEntry {
  std::string key;
  Shard shard;
  typename K::Rest rest;
};

template <typename K>
Result<std::optional<NextEntry<K>>> next_entry(Context& context,
                                               const K& keyspace,
                                               const std::string& from) {
  return read(context, [&](Txn& txn) -> Result<std::optional<NextEntry<K>>> {
    std::optional<NextEntry<K>> found;
    TRY_STATUS(scan_all_shards(txn, keyspace, from,
                               [&](std::string_view key, const Shard& shard, const auto& rest,
                                   const auto&) {
                                 found = {std::string(key), shard, rest};
                                 return false;
                               }));
    return found;
  });
}

std::string after(std::string key) {
  return std::move(key) + '\0';
}

struct Pass {
  std::size_t looked_at = 0;
  std::size_t erased = 0;
  std::optional<MessageRest> next;  // nothing: the pass is done
};

Result<Viewer> load_side(Txn& txn, AppId app, const std::string& user, const std::string& peer) {
  TRY(const auto account, load_account(txn, app, user));
  return load_viewer(txn, app, user, account.generation, peer);
}

/// One bounded piece of a timeline's pass, oldest message first. Everything that a pass may erase
/// lies before the time at which the slower side cleared, or has expired; it never walks further
/// than that.
Result<Pass> reclaim_timeline(Context& context,
                              const Shard& timeline,
                              ReclaimCursor& cursor,
                              std::size_t budget) {
  return write(context, timeline, {}, [&](Txn& txn) -> Result<Pass> {
    const auto [low, high] = c2c_users(timeline);
    TRY(const auto low_viewer, load_side(txn, timeline.app, low, high));
    TRY(const auto high_viewer, load_side(txn, timeline.app, high, low));
    const auto& slower = std::min(low_viewer.view, high_viewer.view,
                                  [](auto& a, auto& b) { return a.cleared_upto < b.cleared_upto; });
    auto head = low_viewer.head;
    if (!cursor.message) cursor.floor = slower.cleared_upto;
    const auto until = cursor.floor > head.reclaimed_upto ? slower.cleared_time : 0;

    const auto now = context.now();
    Pass pass;
    std::vector<StoredMessage> gone;
    TRY_STATUS(scan(txn, kMessages, timeline, cursor.message, {}, Direction::kForward,
                    [&](const MessageRest& rest, const MessageRecord& message) {
                      if (rest.time > until && !is_expired(rest.time, now, context.limits)) {
                        return false;
                      }
                      if (pass.looked_at == budget) {
                        pass.next = rest;
                        return false;
                      }
                      ++pass.looked_at;
                      const bool seen =
                          is_visible(low_viewer, rest, message, now, context.limits) ||
                          is_visible(high_viewer, rest, message, now, context.limits);
                      if (!seen) gone.push_back({rest, message});
                      return true;
                    }));
    for (auto& each : gone)
      TRY_STATUS(load_extension_keys(txn, timeline, each));
    for (const auto& each : gone)
      erase_message(txn, timeline, head, each);
    pass.erased = gone.size();
    if (!pass.next && cursor.floor > head.reclaimed_upto) {
      head.reclaimed_upto = cursor.floor;
      put(txn, kHeads, timeline, {}, head);
    }
    return pass;
  });
}

/// A view of a deleted account may go. Any other when nothing depends on its watermarks: not
/// pinned, and of its timeline nothing is stored that is younger than the roaming period. Refreshes
/// that are still under way are older, so they cannot bring the entry back. True if it was erased.
Result<bool> reclaim_view(Context& context, const Shard& user, const ViewRest& rest) {
  return write(context, user, {}, [&](Txn& txn) -> Result<bool> {
    TRY(const auto view, get(txn, kViews, user, rest));
    if (!view) return false;
    TRY(const auto account, load_account(txn, user.app, user.owner));
    if (view->generation < account.generation) {
      erase(txn, kViews, user, rest);
      return true;
    }
    if (view->pinned_at != 0) return false;
    const auto timeline = c2c_timeline(user.app, user.owner, rest.id);
    TRY(const auto head, get(txn, kHeads, timeline));
    if (head && !is_expired(head->last_time, context.now(), context.limits)) return false;
    bool empty = true;
    TRY_STATUS(scan(txn, kMessages, timeline, {}, {}, Direction::kForward,
                    [&](const MessageRest&, const MessageRecord&) { return empty = false; }));
    if (!empty) return false;
    erase(txn, kViews, user, rest);
    return true;
  });
}

Status step_timelines(Context& context,
                      ReclaimCursor& cursor,
                      std::size_t budget,
                      ReclaimStep& step) {
  TRY(auto next, next_entry(context, kHeads, cursor.next_key));
  ++step.looked_at;
  if (!next) {
    cursor = {.phase = ReclaimCursor::Phase::kGroups};
    return {};
  }
  // A head that is new since the last step may come before the timeline whose pass goes on.
  if (next->key != cursor.next_key) cursor.message.reset();
  TRY(const auto pass, reclaim_timeline(context, next->shard, cursor, budget));
  step.looked_at += pass.looked_at;
  step.messages += pass.erased;
  cursor.message = pass.next;
  cursor.next_key = pass.next ? std::move(next->key) : after(std::move(next->key));
  return {};
}

Status step_groups(Context& context, ReclaimCursor& cursor, std::size_t budget, ReclaimStep& step) {
  TRY(auto next, next_entry(context, kGroupHeads, cursor.next_key));
  ++step.looked_at;
  if (!next) {
    cursor = {.phase = ReclaimCursor::Phase::kViews};
    return {};
  }
  TRY(const auto pass, reclaim_group(context, next->shard, next->rest, budget));
  step.looked_at += pass.looked_at;
  step.messages += pass.messages;
  cursor.next_key = pass.done ? after(std::move(next->key)) : std::move(next->key);
  return {};
}

/// A view in either keyspace; after the last of them the cursor moves on to `next_phase`.
template <typename K>
Status step_views(Context& context,
                  const K& keyspace,
                  Result<bool> (*reclaim)(Context&, const Shard&, const typename K::Rest&),
                  ReclaimCursor::Phase next_phase,
                  ReclaimCursor& cursor,
                  ReclaimStep& step) {
  TRY(auto next, next_entry(context, keyspace, cursor.next_key));
  ++step.looked_at;
  if (!next) {
    cursor = {.phase = next_phase};
    step.sweep_done = cursor == ReclaimCursor{};
    return {};
  }
  TRY(const bool erased, reclaim(context, next->shard, next->rest));
  if (erased) ++step.views;
  cursor.next_key = after(std::move(next->key));
  return {};
}

}  // namespace

Result<ReclaimStep> reclaim_step(Context& context, ReclaimCursor& cursor, std::size_t budget) {
  using Phase = ReclaimCursor::Phase;
  ReclaimStep step;
  while (step.looked_at < budget && !step.sweep_done) {
    const auto left = budget - step.looked_at;
    switch (cursor.phase) {
      case Phase::kTimelines:
        TRY_STATUS(step_timelines(context, cursor, left, step));
        break;
      case Phase::kGroups:
        TRY_STATUS(step_groups(context, cursor, left, step));
        break;
      case Phase::kViews:
        TRY_STATUS(step_views(context, kViews, &reclaim_view, Phase::kGroupViews, cursor, step));
        break;
      case Phase::kGroupViews:
        TRY_STATUS(
            step_views(context, kGroupViews, &reclaim_group_view, Phase::kTimelines, cursor, step));
        break;
    }
  }
  return step;
}

}  // namespace confab
