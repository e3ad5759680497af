#include "domain/reclaim_groups.h"

#include <vector>

#include "domain/accounts.h"
#include "domain/conversation.h"
#include "domain/group_views.h"
#include "store/typed.h"

namespace confab {
namespace {

struct Expired {
  GroupMessageRest rest;
  std::uint64_t digest = 0;
  bool is_named = false;  // its digest leads to this message, not to a later repetition
};

/// Up to `budget` messages after those that are gone already.
Result<std::vector<Expired>> expired_messages(Context& context,
                                              Txn& txn,
                                              const Shard& timeline,
                                              std::uint64_t serial,
                                              const GroupHeadRecord& head,
                                              std::size_t budget) {
  std::vector<Expired> expired;
  TRY_STATUS(scan(txn, kGroupMessages, timeline, GroupMessageRest{serial, head.reclaimed_upto + 1},
                  GroupMessageRest{serial + 1, 0}, Direction::kForward,
                  [&](const GroupMessageRest& rest, const GroupMessageRecord& message) {
                    if (expired.size() == budget ||
                        is_kept(message, context.now(), context.limits)) {
                      return false;
                    }
                    expired.push_back({rest, message.digest});
                    return true;
                  }));
  for (auto& each : expired) {
    if (each.digest == 0) continue;
    TRY(const auto repeat, get(txn, kGroupRepeats, timeline, {serial, each.digest}));
    each.is_named = repeat && repeat->position == each.rest.position;
  }
  return expired;
}

/// Up to `budget` keys of one life. `Rest` begins with the serial.
template <typename K>
Result<std::vector<typename K::Rest>> keys_of_life(
    Txn& txn, const K& keyspace, const Shard& timeline, std::uint64_t serial, std::size_t budget) {
  using Rest = typename K::Rest;
  std::vector<Rest> rests;
  TRY_STATUS(scan(txn, keyspace, timeline, Rest{.serial = serial}, Rest{.serial = serial + 1},
                  Direction::kForward, [&](const Rest& rest, const auto&) {
                    if (rests.size() == budget) return false;
                    rests.push_back(rest);
                    return true;
                  }));
  return rests;
}

/// Members, mutes and the like of a life that is over.
struct Remains {
  std::vector<MemberRest> members;
  std::vector<MemberOrderRest> order;
  std::vector<MemberRest> mutes;
  std::vector<GroupRecallRest> recalls;

  std::size_t size() const { return members.size() + order.size() + mutes.size() + recalls.size(); }
};

Result<Remains> remains_of(Txn& txn,
                           const Shard& timeline,
                           std::uint64_t serial,
                           std::size_t budget) {
  const auto share = budget / 4 + 1;
  Remains remains;
  TRY(remains.members, keys_of_life(txn, kMembers, timeline, serial, share));
  TRY(remains.order, keys_of_life(txn, kMemberOrder, timeline, serial, share));
  TRY(remains.mutes, keys_of_life(txn, kMutes, timeline, serial, share));
  TRY(remains.recalls, keys_of_life(txn, kGroupRecalls, timeline, serial, share));
  return remains;
}

template <typename K>
void erase_all(Txn& txn,
               const K& keyspace,
               const Shard& timeline,
               const std::vector<typename K::Rest>& rests) {
  for (const auto& rest : rests)
    erase(txn, keyspace, timeline, rest);
}

}  // namespace

Result<GroupPass> reclaim_group(Context& context,
                                const Shard& timeline,
                                const GroupLifeRest& life,
                                std::size_t budget) {
  return write(context, timeline, {}, [&](Txn& txn) -> Result<GroupPass> {
    TRY(auto head, get_or_default(txn, kGroupHeads, timeline, life));
    TRY(const auto expired, expired_messages(context, txn, timeline, life.serial, head, budget));
    Remains remains;
    if (head.dissolved_at != 0) {
      TRY(remains, remains_of(txn, timeline, life.serial, budget));
    }

    for (const auto& each : expired) {
      erase(txn, kGroupMessages, timeline, each.rest);
      if (each.is_named) erase(txn, kGroupRepeats, timeline, {life.serial, each.digest});
    }
    erase_all(txn, kMembers, timeline, remains.members);
    erase_all(txn, kMemberOrder, timeline, remains.order);
    erase_all(txn, kMutes, timeline, remains.mutes);
    erase_all(txn, kGroupRecalls, timeline, remains.recalls);
    if (!expired.empty()) {
      head.reclaimed_upto = expired.back().rest.position;
      put(txn, kGroupHeads, timeline, life, head);
    }
    return GroupPass{.looked_at = expired.size() + remains.size(),
                     .messages = expired.size(),
                     .done = expired.size() < budget && remains.size() == 0};
  });
}

Result<bool> reclaim_group_view(Context& context, const Shard& user, const GroupViewRest& rest) {
  return write(context, user, {}, [&](Txn& txn) -> Result<bool> {
    TRY(const auto view, get(txn, kGroupViews, user, rest));
    if (!view) return false;
    TRY(const auto account, load_account(txn, user.app, user.owner));
    if (view->generation < account.generation) {
      erase(txn, kGroupViews, user, rest);
      return true;
    }
    TRY(const auto head,
        get_or_default(txn, kGroupHeads, group_timeline(user.app, rest.group), {view->serial}));
    // While the group lives, also the view of who has left says something: that one has left.
    const bool alive = head.kind != 0 && head.dissolved_at == 0;
    if (alive || is_listed(entry_of(*view, head), context.now(), context.limits)) return false;
    // Refreshed by a message that has not expired and was deleted: it must stay deleted.
    if (head.kind != 0 && !is_expired(head.last_time, context.now(), context.limits)) return false;
    erase(txn, kGroupViews, user, rest);
    return true;
  });
}

}  // namespace confab
