// Reclaim of groups: what it erases, what it must keep, and that it comes in bounded steps.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/group_messages.h"
#include "domain/members.h"
#include "domain/reclaim.h"
#include "store/typed.h"
#include "tests/domain/town.h"

namespace confab::testing {
namespace {

class GroupReclaim : public ::testing::Test {
 protected:
  GroupReclaim() { create(); }

  void create() {
    auto context = town_.context();
    EXPECT_TRUE(create_group(context, "admin",
                             {.id = "team", .owner = "ann", .name = "t", .members = {{"bob"}}}));
  }

  Position send(const std::string& from) {
    auto context = town_.context();
    return send_group_message(context,
                              {.group = "team", .from = from, .random = ++random_, .body = "[]"})
        .value()
        .seq;
  }

  void dissolve() {
    auto context = town_.context();
    EXPECT_TRUE(dissolve_group(context, "team"));
  }

  GroupHistoryPage history() {
    auto context = town_.context();
    return read_group_history(context, {.group = "team", .limit = 20, .with_recalled = true})
        .value();
  }

  JoinedGroup joined(const std::string& user) {
    auto context = town_.context();
    return read_joined_groups(context, {.user = user, .limit = 10}).value().groups.at(0);
  }

  template <typename K>
  std::size_t stored(const K& keyspace) {
    auto context = town_.context();
    std::size_t count = 0;
    EXPECT_TRUE(confab::read(context, [&](Txn& txn) -> Status {
      return scan_all_shards(txn, keyspace, {}, [&](auto&&...) { return ++count > 0; });
    }));
    return count;
  }

  void expire_all() { town_.world.clock.advance(town_.world.limits.roaming_period); }

  Town town_;
  std::uint32_t random_ = 0;
};

// Rule 92: an expired message is an empty row, whether it is still stored or not; rule 77: its
// number is never used again.
TEST_F(GroupReclaim, ErasesExpiredMessagesAndNothingElse) {
  for (int i = 0; i < 5; ++i)
    send("ann");
  auto context = town_.context();
  EXPECT_TRUE(recall_group_messages(context, "team", std::vector<Position>{3}));
  town_.world.clock.advance(town_.world.limits.roaming_period - 1);
  send("bob");
  town_.world.clock.advance(1);
  const auto before = history().rows.size();
  const auto unread = joined("bob").unread;
  EXPECT_EQ(town_.world.reclaim(2), 6U);  // the notice, too
  EXPECT_EQ(stored(kGroupMessages), 1U);
  EXPECT_EQ(stored(kGroupRepeats), 1U);
  EXPECT_EQ(history().rows.size(), before);
  EXPECT_FALSE(history().rows.at(1).message);
  EXPECT_EQ(joined("bob").unread, unread);
  EXPECT_EQ(stored(kMembers), 2U);
  EXPECT_EQ(send("ann"), 8U);
}

// A repetition key that leads to a newer message stays with it.
TEST_F(GroupReclaim, KeepsTheRepetitionKeyOfANewerMessage) {
  const auto say = [&] {
    auto context = town_.context();
    return send_group_message(context, {.group = "team", .from = "ann", .random = 7, .body = "[]"})
        .value()
        .seq;
  };
  const auto first = say();
  expire_all();
  const auto second = say();
  EXPECT_NE(first, second);
  town_.world.reclaim();
  EXPECT_EQ(stored(kGroupRepeats), 1U);
  EXPECT_EQ(say(), second);
}

TEST_F(GroupReclaim, ErasesMembersOfADissolvedLifeAtOnceAndItsMessagesWhenTheyExpire) {
  send("ann");
  auto context = town_.context();
  EXPECT_TRUE(mute_members(context, "admin", "team", std::vector<std::string>{"bob"}, 5));
  dissolve();
  create();
  send("ann");
  town_.world.reclaim(3);
  EXPECT_EQ(stored(kMembers), 2U);
  EXPECT_EQ(stored(kMemberOrder), 2U);
  EXPECT_EQ(stored(kMutes), 0U);
  EXPECT_EQ(stored(kGroupMessages), 3U + 2U);
  expire_all();
  town_.world.reclaim(3);
  EXPECT_EQ(stored(kGroupMessages), 0U);
  EXPECT_EQ(history().rows.size(), 2U);
}

TEST_F(GroupReclaim, ErasesAViewWhenItsGroupIsOverAndItsEntryGone) {
  send("ann");
  dissolve();
  town_.world.reclaim();
  EXPECT_EQ(stored(kGroupViews), 2U);
  EXPECT_EQ(town_.list("bob").size(), 1U);  // D28
  expire_all();
  EXPECT_TRUE(town_.list("bob").empty());
  town_.world.reclaim();
  EXPECT_EQ(stored(kGroupViews), 0U);
}

// It says that bob left; a grouping of his must not come back (F18).
TEST_F(GroupReclaim, KeepsTheViewOfWhoLeftALivingGroup) {
  auto context = town_.context();
  EXPECT_TRUE(leave_group(context, "team", "bob"));
  expire_all();
  town_.world.reclaim();
  EXPECT_EQ(stored(kGroupViews), 2U);
}

}  // namespace
}  // namespace confab::testing
