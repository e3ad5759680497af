// Reading members and memberships page by page.
#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/conversation.h"
#include "domain/group_views.h"
#include "domain/members.h"
#include "store/typed.h"

namespace confab {
namespace {

/// A cursor's text: "<JoinTime>.<UserID>" of the last member on the page.
std::string cursor_of(const MemberOrderRest& rest) {
  return std::to_string(rest.joined_at) + '.' + rest.user;
}

Result<MemberOrderRest> parse_cursor(const std::string& text, std::uint64_t serial) {
  MemberOrderRest rest{.serial = serial};
  const char* const end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, rest.joined_at);
  if (number.ec != std::errc() || number.ptr == end || *number.ptr != '.') {
    return fail(ErrorCode::kGroupParameter,
                "Next: must be \"\" or the last answer's, is " + quote_cut(text));
  }
  rest.user.assign(number.ptr + 1, end);
  return rest;
}

/// The places of the page in the order of joining, and one more if there is one.
Result<std::vector<MemberOrderRest>> places_of_page(Txn& txn,
                                                    const Shard& timeline,
                                                    std::uint64_t serial,
                                                    const MemberQuery& query) {
  MemberOrderRest first{.serial = serial};
  if (!query.after.empty()) {
    TRY(first, parse_cursor(query.after, serial));
    first.user += '\0';
  }
  std::vector<MemberOrderRest> places;
  std::size_t to_skip = query.offset;
  TRY_STATUS(scan(txn, kMemberOrder, timeline, first, MemberOrderRest{.serial = serial + 1},
                  Direction::kForward,
                  [&](const MemberOrderRest& rest, const MemberOrderRecord& place) {
                    const auto role = static_cast<Role>(place.role);
                    const bool wanted = query.roles.empty() ||
                                        std::ranges::find(query.roles, role) != query.roles.end();
                    if (!wanted) return true;
                    if (to_skip != 0) {
                      --to_skip;
                      return true;
                    }
                    places.push_back(rest);
                    return places.size() <= query.limit;
                  }));
  return places;
}

Result<std::vector<Member>> load_members(Context& context,
                                         Txn& txn,
                                         const Group& group,
                                         std::span<const MemberOrderRest> places) {
  const auto timeline = group_timeline(context.app, group.id);
  const auto serial = group.record.serial;
  std::vector<Shard> users;  // outlives the keys, which refer to it
  users.reserve(places.size());
  std::vector<Key> row_keys;
  std::vector<Key> mute_keys;
  std::vector<Key> view_keys;
  for (const auto& place : places) {
    row_keys.push_back(kMembers.key(timeline, {serial, place.user}));
    mute_keys.push_back(kMutes.key(timeline, {serial, place.user}));
    view_keys.push_back(
        kGroupViews.key(users.emplace_back(user_shard(context.app, place.user)), {group.id}));
  }
  TRY(const auto rows, get_all(txn, kMembers, row_keys));
  TRY(const auto mutes, get_all(txn, kMutes, mute_keys));
  TRY(const auto views, get_all(txn, kGroupViews, view_keys));
  std::vector<Member> members;
  members.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool muted = Seconds{mutes[i].until} > context.now();
    const bool known = views[i].serial == serial;
    members.push_back({.user = places[i].user,
                       .record = rows[i],
                       .mute_until = muted ? mutes[i].until : 0,
                       .read_seq = known ? read_mark(views[i], group.head).seq : 0,
                       .last_sent = known ? views[i].last_sent : 0});
  }
  return members;
}

struct Membership {
  std::string group;
  GroupViewRecord view;
  GroupHeadRecord head;
};

/// Those of a user whose account has this generation, in groups that are alive, in the order of
/// joining.
Result<std::vector<Membership>> memberships(Txn& txn, const Shard& user, std::uint32_t generation) {
  TRY(auto groups, groups_of(txn, user, generation));
  std::erase_if(groups, [](const UsersGroup& each) { return each.view.joined <= each.view.left; });
  TRY(const auto heads, load_heads(txn, user.app, groups));
  std::vector<Membership> all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool alive = heads[i].kind != 0 && is_member(groups[i].view, heads[i]);
    if (alive) all.push_back({std::move(groups[i].group), groups[i].view, heads[i]});
  }
  std::ranges::sort(all, {}, [](const Membership& each) {
    return std::tie(each.view.joined_at, each.group);
  });
  return all;
}

bool is_wanted(const Membership& membership, const JoinedQuery& query) {
  const auto kind = static_cast<GroupKind>(membership.head.kind);
  const bool waits = can(kind, GroupCan::kWaitForActivation) && membership.head.activated == 0;
  return (!query.kind || kind == *query.kind) && (!waits || query.with_inactive);
}

}  // namespace

Result<MemberPage> read_members(Context& context, const MemberQuery& query) {
  return read(context, [&](Txn& txn) -> Result<MemberPage> {
    TRY(const auto group, load_group(txn, context.app, query.group));
    TRY(auto places,
        places_of_page(txn, group_timeline(context.app, query.group), group.record.serial, query));
    MemberPage page{.total = group.head.members};
    if (places.size() > query.limit) {
      places.pop_back();
      page.next = cursor_of(places.back());
    }
    TRY(page.members, load_members(context, txn, group, places));
    return page;
  });
}

Result<JoinedPage> read_joined_groups(Context& context, const JoinedQuery& query) {
  return read(context, [&](Txn& txn) -> Result<JoinedPage> {
    const std::vector one{query.user};
    TRY(const auto accounts, require_members(txn, context.app, one));
    const auto shard = user_shard(context.app, query.user);
    TRY(auto all, memberships(txn, shard, accounts.front().generation));
    std::erase_if(all, [&](const Membership& each) { return !is_wanted(each, query); });
    JoinedPage page{.total = all.size()};
    const auto end = query.limit > all.size() - std::min(query.offset, all.size())
                         ? all.size()
                         : query.offset + query.limit;
    for (auto i = query.offset; i < end; ++i) {
      const auto& [id, view, head] = all[i];
      TRY(auto group, load_group(txn, context.app, id));
      const auto timeline = group_timeline(context.app, id);
      TRY(const auto member, get_or_default(txn, kMembers, timeline, {view.serial, query.user}));
      std::uint64_t unread = 0;
      if (query.with_unread) {
        TRY(unread, count_group_unread(txn, timeline, view, head));
      }
      page.groups.push_back({std::move(group), member, view, unread});
    }
    return page;
  });
}

Status leave_all_groups(Context& context, const std::string& user) {
  TRY(const auto all, read(context, [&](Txn& txn) -> Result<std::vector<Membership>> {
        TRY(const auto account, load_account(txn, context.app, user));
        return memberships(txn, user_shard(context.app, user), account.generation);
      }));
  for (const auto& each : all) {
    const auto left = leave_group(context, each.group, user);
    if (!left && left.error().code != ErrorCode::kNoSuchGroup) return left;
  }
  return {};
}

Result<bool> is_in_any_group(Txn& txn, AppId app, const std::string& user) {
  TRY(const auto account, load_account(txn, app, user));
  TRY(const auto all, memberships(txn, user_shard(app, user), account.generation));
  for (const auto& each : all) {
    // The group knows; a view may not have heard yet that its user has left.
    TRY(const auto row,
        get(txn, kMembers, group_timeline(app, each.group), {each.view.serial, user}));
    if (row) return true;
  }
  return false;
}

}  // namespace confab
