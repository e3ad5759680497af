// What must hold in every store, whatever happened to it: each fact that is stored twice agrees
// with itself, and what clients are told can be derived again from the stored messages. Messages
// must be those of load.h, whose texts say what they cause.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "domain/context.h"
#include "store/keyspaces.h"
#include "store/typed.h"

namespace confab::testing {

/// All entries of a keyspace in an app, by shard and rest.
template <typename K>
using Rows = std::map<Shard, std::map<typename K::Rest, typename K::Value>>;

template <const auto& Keyspace>
using RowsOf = Rows<std::remove_cvref_t<decltype(Keyspace)>>;

/// Everything that is stored of one-to-one conversations and groups.
struct Image {
  AppId app{};
  std::map<std::string, AccountRecord> accounts;
  RowsOf<kViews> views;
  std::map<Shard, HeadRecord> heads;
  RowsOf<kMessages> messages;
  RowsOf<kUnread> unread;
  RowsOf<kBackdated> backdated;
  std::map<Shard, GroupRecord> groups;
  RowsOf<kGroupHeads> group_heads;
  RowsOf<kGroupMessages> group_messages;
  RowsOf<kGroupRepeats> group_repeats;
  RowsOf<kGroupRecalls> group_recalls;
  RowsOf<kMembers> members;
  RowsOf<kMemberOrder> member_order;
  RowsOf<kGroupViews> group_views;
};

/// What is wrong, one line each.
class Findings {
 public:
  explicit Findings(const Context& context);

  std::vector<std::string> lines;

 private:
  struct Timeline;
  struct Life;

  template <typename... Args>
  void complain(fmt::format_string<Args...> text, Args&&... args) {
    lines.push_back(fmt::format(text, std::forward<Args>(args)...));
  }
  const AccountRecord& account_of(const std::string& user) const;

  void check_timeline(const Shard& shard, const HeadRecord& head);
  void check_positions(const Timeline& timeline);
  void check_order(const Timeline& timeline);
  void check_unread_keys(const Timeline& timeline);
  void check_side(const Timeline& timeline, const std::string& user, const std::string& peer);
  void check_view(const Shard& user, const ViewRest& rest, const ViewRecord& view);
  void check_list(const std::string& user);

  void check_group_messages(const Life& life);
  void check_ordinals(const Life& life);
  void check_repeats(const Life& life);
  void check_recalls(const Life& life);
  void check_life(const Life& life);
  void check_members(const Life& life);
  void check_group_view(const std::string& user,
                        const std::string& group,
                        const GroupViewRecord& view);
  void check_group_entry(const Life& life, const std::string& user, const GroupViewRecord& view);
  void check_group_unread(const Life& life, const std::string& user, const GroupViewRecord& view);
  Life life_of(const Shard& shard, std::uint64_t serial) const;
  void check_groups();

  Context context_;
  Image image_;
  /// What each user's list must have: the time of the newest refresh (0: none), and of the pin.
  std::map<std::string, std::map<ViewRest, std::uint32_t>> listed_;
  std::map<std::string, std::map<ViewRest, std::uint32_t>> pinned_;
};

}  // namespace confab::testing
