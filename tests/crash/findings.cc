#include "tests/crash/findings.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "domain/accounts.h"
#include "domain/conversations.h"
#include "domain/history.h"
#include "domain/unread.h"
#include "domain/views.h"
#include "tests/crash/load.h"

namespace confab::testing {
namespace {

struct Stored {
  MessageRest rest;
  MessageRecord message;
};

template <typename K>
Status load_rows(Txn& txn, const K& keyspace, Rows<K>& rows) {
  return scan_all_shards(txn, keyspace, "",
                         [&](std::string_view, const Shard& shard, const auto& rest,
                             const auto& value) {
                           rows[shard][rest] = value;
                           return true;
                         });
}

template <typename K, typename Value>
Status load_single(Txn& txn, const K& keyspace, std::map<Shard, Value>& rows) {
  return scan_all_shards(txn, keyspace, "",
                         [&](std::string_view, const Shard& shard, const auto&, const auto& value) {
                           rows[shard] = value;
                           return true;
                         });
}

Status load_image(Txn& txn, Image& image) {
  std::map<Shard, AccountRecord> accounts;
  TRY_STATUS(load_single(txn, kAccounts, accounts));
  for (const auto& [shard, account] : accounts) {
    if (shard.app == image.app) image.accounts[shard.owner] = account;
  }
  TRY_STATUS(load_rows(txn, kViews, image.views));
  TRY_STATUS(load_single(txn, kHeads, image.heads));
  TRY_STATUS(load_rows(txn, kMessages, image.messages));
  TRY_STATUS(load_rows(txn, kUnread, image.unread));
  TRY_STATUS(load_rows(txn, kBackdated, image.backdated));
  TRY_STATUS(load_single(txn, kGroups, image.groups));
  TRY_STATUS(load_rows(txn, kGroupHeads, image.group_heads));
  TRY_STATUS(load_rows(txn, kGroupMessages, image.group_messages));
  TRY_STATUS(load_rows(txn, kGroupRepeats, image.group_repeats));
  TRY_STATUS(load_rows(txn, kGroupRecalls, image.group_recalls));
  TRY_STATUS(load_rows(txn, kMembers, image.members));
  TRY_STATUS(load_rows(txn, kMemberOrder, image.member_order));
  return load_rows(txn, kGroupViews, image.group_views);
}

}  // namespace

/// A timeline with what its two sides see of it.
struct Findings::Timeline {
  std::string name;
  Shard shard;
  HeadRecord head;
  std::map<Position, Stored> messages;
  std::map<BackdatedRest, BackdatedRecord> backdated;
  std::map<UnreadRest, UnreadRecord> unread;
  Position gone_upto;  // whatever is missing at or below may have been reclaimed

  bool is_backdated(Position position) const { return backdated.contains({position}); }
};

Findings::Findings(const Context& context) : context_(context) {
  image_.app = context.app;
  const auto loaded = read(context_, [&](Txn& txn) { return load_image(txn, image_); });
  if (!loaded) {
    complain("the store cannot be read: {}", loaded.error().detail);
    return;
  }
  for (const auto& [shard, messages] : image_.messages) {
    if (!image_.heads.contains(shard)) complain("messages of {} without a head", shard.owner);
  }
  for (const auto& [shard, head] : image_.heads)
    check_timeline(shard, head);
  for (const auto& [shard, views] : image_.views) {
    for (const auto& [rest, view] : views)
      check_view(shard, rest, view);
  }
  check_groups();
  for (const auto& [user, account] : image_.accounts) {
    if (is_imported(account)) check_list(user);
  }
}

void Findings::check_timeline(const Shard& shard, const HeadRecord& head) {
  const auto [low, high] = c2c_users(shard);
  Timeline timeline{.name = low + "/" + high,
                    .shard = shard,
                    .head = head,
                    .messages = {},
                    .backdated = image_.backdated[shard],
                    .unread = image_.unread[shard],
                    .gone_upto = 0};
  for (const auto& [rest, message] : image_.messages[shard]) {
    const auto [at, fresh] = timeline.messages.emplace(message.position, Stored{rest, message});
    if (!fresh) complain("{}: two messages at {}", timeline.name, message.position);
  }
  const auto loaded = read(context_, [&](Txn& txn) -> Status {
    TRY(const auto one, load_viewer(txn, context_.app, low, account_of(low).generation, high));
    TRY(const auto two, load_viewer(txn, context_.app, high, account_of(high).generation, low));
    timeline.gone_upto = std::max(one.view.cleared_upto, two.view.cleared_upto);
    return {};
  });
  if (!loaded) complain("{}: {}", timeline.name, loaded.error().detail);
  check_positions(timeline);
  check_order(timeline);
  check_unread_keys(timeline);
  if (is_imported(account_of(low))) check_side(timeline, low, high);
  if (low != high && is_imported(account_of(high))) check_side(timeline, high, low);
}

/// Dense above what may have been reclaimed. Of what is missing no time is known; but times rise
/// with the positions unless a message was backdated, and nothing expires before an older one.
void Findings::check_positions(const Timeline& timeline) {
  const auto& [name, shard, head, messages, backdated, unread, gone_upto] = timeline;
  const auto now = context_.now();
  if (!messages.empty() && messages.rbegin()->first > head.last_position) {
    complain("{}: the head ends at {}, a message has {}", name, head.last_position,
             messages.rbegin()->first);
  }
  if (!messages.empty() && messages.begin()->first <= head.reclaimed_upto) {
    complain("{}: {} is stored, reclaimed up to {}", name, messages.begin()->first,
             head.reclaimed_upto);
  }
  const auto may_be_missing = std::max(gone_upto, head.backdated);
  const auto first = std::ranges::find_if(messages, [&](const auto& each) {
    return !timeline.is_backdated(each.first) &&
           !is_expired(each.second.rest.time, now, context_.limits);
  });
  auto from = first == messages.end() ? head.last_position + 1 : first->first;
  if (!is_expired(head.last_time, now, context_.limits)) from = std::min(from, head.last_position);
  for (auto position = std::max(from, may_be_missing + 1); position <= head.last_position;
       ++position) {
    if (!messages.contains(position)) complain("{}: {} is missing", name, position);
  }
}

void Findings::check_order(const Timeline& timeline) {
  const auto& name = timeline.name;
  std::uint32_t newest = 0;
  for (const auto& [position, stored] : timeline.messages) {
    const auto time = stored.rest.time;
    if (time < newest && !timeline.is_backdated(position)) {
      complain("{}: {} is older than one before it and not backdated", name, position);
    }
    if (time > timeline.head.last_time) complain("{}: {} is newer than the head", name, position);
    newest = std::max(newest, time);
  }
  for (const auto& [rest, backdated] : timeline.backdated) {
    const auto found = timeline.messages.find(rest.position);
    const MessageRest key{backdated.time, backdated.seq, backdated.random,
                          static_cast<std::uint8_t>(backdated.sender)};
    if (found == timeline.messages.end() || found->second.rest != key) {
      complain("{}: backdated {} leads nowhere", name, rest.position);
    }
    if (rest.position > timeline.head.backdated) {
      complain("{}: the head does not know backdated {}", name, rest.position);
    }
  }
}

void Findings::check_unread_keys(const Timeline& timeline) {
  const auto& name = timeline.name;
  const auto [low, high] = c2c_users(timeline.shard);
  std::map<UnreadRest, UnreadRecord> expected;
  for (const auto& [position, stored] : timeline.messages) {
    const bool recalled = (stored.message.flags & MessageRecord::kRecalled) != 0;
    if (recalled || low == high || !counts_as_unread(stored.message.body)) continue;
    const auto side = other(static_cast<Side>(stored.rest.sender));
    expected[{static_cast<std::uint8_t>(side), position}] = {stored.rest.time};
  }
  for (const auto& [rest, unread] : expected) {
    if (!timeline.unread.contains(rest))
      complain("{}: {} lacks its unread key", name, rest.position);
  }
  for (const auto& [rest, unread] : timeline.unread) {
    const auto found = expected.find(rest);
    if (found == expected.end()) {
      complain("{}: unread key {} of no such message", name, rest.position);
    } else if (found->second != unread) {
      complain("{}: unread key {} with another time", name, rest.position);
    }
  }
}

/// What one side is told, counted again from the messages.
void Findings::check_side(const Timeline& timeline,
                          const std::string& user,
                          const std::string& peer) {
  const auto who = fmt::format("{} of {}", user, peer);
  const auto now = context_.now();
  const auto generation = account_of(user).generation;
  const auto viewer = read(context_, [&](Txn& txn) {
    return load_viewer(txn, context_.app, user, generation, peer);
  });
  if (!viewer) return complain("{}: {}", who, viewer.error().detail);
  const auto& view = viewer->view;

  std::set<MessageRest> seen;
  std::size_t unread = 0;
  std::uint32_t refreshed = 0;
  for (const auto& [position, stored] : timeline.messages) {
    const auto& [rest, message] = stored;
    if (is_expired(rest.time, now, context_.limits)) continue;
    const bool own = user == peer || static_cast<Side>(rest.sender) == viewer->side;
    const bool hidden = user != peer && own && (message.flags & MessageRecord::kHiddenFromSender);
    if (position > view.cleared_upto && !hidden) seen.insert(rest);
    const bool recalled = (message.flags & MessageRecord::kRecalled) != 0;
    if (!own && !recalled && counts_as_unread(message.body) && position > unread_floor(view)) {
      ++unread;
    }
    if (refreshes_lists(message.body) && !hidden && position > view.deleted_upto) {
      refreshed = std::max(refreshed, rest.time);
    }
  }

  const auto page = read_history(context_, {.viewer = user,
                                            .peer = peer,
                                            .max_time = 0xffffffff,
                                            .max_rows = 1'000'000,
                                            .max_bytes = std::size_t{1} << 40U});
  std::set<MessageRest> shown;
  if (page) {
    for (const auto& row : page->rows)
      shown.insert(row.key.sent_by(row.sender));
  }
  if (!page || shown != seen || shown.size() != page->rows.size()) {
    complain("{} sees {} messages, should {}", who, shown.size(), seen.size());
  }
  const std::vector<std::string> one{peer};
  const auto counted = unread_by_peer(context_, user, one);
  const auto expected = std::min(unread, context_.limits.unread_cap);
  if (!counted || counted->front() != expected) {
    complain("{}: {} unread, should be {}", who,
             counted ? static_cast<int>(counted->front().value_or(9999)) : -1, expected);
  }
  auto& listed = listed_[user][c2c_with(peer).view()];
  if (refreshed != 0) listed = refreshed;
}

void Findings::check_view(const Shard& user, const ViewRest& rest, const ViewRecord& view) {
  if (user.app != context_.app || view.generation != account_of(user.owner).generation) return;
  const auto head = image_.heads.find(c2c_timeline(context_.app, user.owner, rest.id));
  const Position last = head == image_.heads.end() ? 0 : head->second.last_position;
  if (std::max({view.refreshed, view.deleted_upto, view.cleared_upto, view.read_upto}) > last) {
    complain("{} of {}: a watermark above {}", user.owner, rest.id, last);
  }
  if (view.cleared_upto > view.deleted_upto) {
    complain("{} of {}: cleared but not deleted", user.owner, rest.id);
  }
  if (view.pinned_at != 0) pinned_[user.owner][rest] = view.pinned_at;
}

/// Exactly what messages have refreshed, with their times, and what is pinned.
void Findings::check_list(const std::string& user) {
  const auto page = read_list(context_, {.user = user, .wants_empty = true});
  if (!page) return complain("the list of {}: {}", user, page.error().detail);
  std::map<ViewRest, std::uint32_t> expected = listed_[user];
  std::erase_if(expected, [](const auto& each) { return each.second == 0; });
  // Which of its times an entry shows that is pinned and expired is not derived here.
  for (const auto& [rest, time] : pinned_[user])
    expected.try_emplace(rest, 0);
  for (const auto& row : page->rows) {
    const auto found = expected.find(row.conversation.view());
    if (found == expected.end()) {
      complain("{} lists {} without a reason", user, row.conversation.id);
    } else if (found->second != 0 && found->second != row.time) {
      complain("{} lists {} at {}, should be {}", user, row.conversation.id, row.time,
               found->second);
    }
    if (found != expected.end()) expected.erase(found);
  }
  for (const auto& [rest, time] : expected)
    complain("{} does not list {}", user, rest.id);
}

const AccountRecord& Findings::account_of(const std::string& user) const {
  static const AccountRecord kNone;
  const auto found = image_.accounts.find(user);
  return found == image_.accounts.end() ? kNone : found->second;
}

}  // namespace confab::testing
