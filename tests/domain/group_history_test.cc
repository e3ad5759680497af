// Histories of groups that scripts are too small for.
#include <vector>

#include <gtest/gtest.h>

#include "domain/group_messages.h"
#include "domain/members.h"
#include "tests/domain/town.h"

namespace confab::testing {
namespace {

class GroupHistory : public ::testing::Test {
 protected:
  GroupHistory() {
    auto context = town_.context();
    EXPECT_TRUE(create_group(context, "admin",
                             {.id = "team", .owner = "ann", .name = "t", .members = {{"bob"}}}));
  }

  void send(int count) {
    for (int i = 0; i < count; ++i) {
      auto context = town_.context();
      EXPECT_TRUE(
          send_group_message(context,
                             {.group = "team", .from = "ann", .random = ++random_, .body = "[]"}));
    }
  }

  void recall_all_of(const std::string& sender) {
    auto context = town_.context();
    EXPECT_TRUE(recall_by_sender(context, "team", sender));
  }

  GroupHistoryPage page(std::optional<Position> from) {
    auto context = town_.context();
    return read_group_history(context, {.group = "team", .from = from, .limit = 20}).value();
  }

  std::uint64_t unread(const std::string& user) {
    auto context = town_.context();
    return read_joined_groups(context, {.user = user, .limit = 1}).value().groups.at(0).unread;
  }

  Town town_;
  std::uint32_t random_ = 0;
};

// Rule 99 recalls a thousand at a time; a walk must still come to what is older (rule 92).
TEST_F(GroupHistory, AWalkOverManyRecalledMessagesGoesOn) {
  send(3);
  for (int i = 0; i < 2; ++i) {
    send(1'000);
    recall_all_of("ann");
  }
  std::vector<Position> seen;
  std::optional<Position> from;
  for (int pages = 0; pages < 10; ++pages) {
    const auto got = page(from);
    ASSERT_FALSE(got.rows.empty());
    for (const auto& row : got.rows) {
      if (row.message) seen.push_back(row.seq);
    }
    if (got.reached_first) break;
    from = got.rows.back().seq - 1;
  }
  EXPECT_EQ(seen, (std::vector<Position>{4, 3, 2, 1}));
}

// What has expired may be reclaimed any time, so it must not matter whether it was.
TEST_F(GroupHistory, RecallingASenderLeavesExpiredMessagesAlone) {
  send(5);
  town_.world.clock.advance(town_.world.limits.roaming_period);
  send(1);
  recall_all_of("ann");
  EXPECT_EQ(unread("bob"), 5U);
}

}  // namespace
}  // namespace confab::testing
