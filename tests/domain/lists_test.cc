// The cap of a list and of pins, and paging while the list changes.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/domain/town.h"

namespace confab::testing {
namespace {

class Lists : public ::testing::Test {
 protected:
  /// user0 .. write to ann, `seconds` after each other.
  void write_to_ann(int users, Seconds seconds) {
    for (int i = 0; i < users; ++i) {
      town_.import(name(i));
      town_.world.clock.advance(seconds);
      town_.send(name(i), "ann");
    }
  }

  static std::string name(int number) { return "user" + std::to_string(number); }

  std::set<std::string> peers() {
    std::set<std::string> names;
    for (const auto& row : town_.list("ann"))
      names.insert(row.conversation.id);
    return names;
  }

  /// All pages; after the first one `between` runs.
  template <typename Between>
  std::vector<std::string> paged(std::size_t page, Between between) {
    town_.world.limits.list_page = page;
    ListQuery query{.user = "ann", .wants_empty = true};
    std::vector<std::string> rows;
    for (bool first = true;; first = false) {
      auto context = town_.context();
      const auto answer = read_list(context, query).value();
      for (const auto& row : answer.rows)
        rows.push_back(row.conversation.id);
      if (answer.complete) return rows;
      query.ordinary = answer.ordinary;
      query.pinned = answer.pinned;
      if (first) between();
    }
  }

  Town town_;
};

// D8.
TEST_F(Lists, ShowTheNewestUpToTheCap) {
  town_.world.limits.list_cap = 3;
  write_to_ann(5, 1);
  EXPECT_EQ(peers(), (std::set<std::string>{"user2", "user3", "user4"}));
}

// E43: the freed slot counts at once, and what was pushed out is still there.
TEST_F(Lists, ADeletionLetsAnEntryBackUnderTheCap) {
  town_.world.limits.list_cap = 3;
  write_to_ann(5, 1);
  town_.remove("ann", "user4", false);
  EXPECT_EQ(peers(), (std::set<std::string>{"user1", "user2", "user3"}));
}

// K21.
TEST_F(Lists, TheCapSparesPinnedEntries) {
  town_.world.limits.list_cap = 3;
  write_to_ann(5, 1);
  town_.pin("ann", "user0", true);
  EXPECT_EQ(peers(), (std::set<std::string>{"user0", "user3", "user4"}));
}

TEST_F(Lists, NoCapShowsAll) {
  town_.world.limits.list_cap = 0;
  town_.world.limits.list_page = 200;
  write_to_ann(120, 0);
  EXPECT_EQ(peers().size(), 120U);
}

// D22: the total is over what the list shows.
TEST_F(Lists, TheTotalIsOverTheCappedList) {
  town_.world.limits.list_cap = 3;
  write_to_ann(5, 1);
  auto context = town_.context();
  EXPECT_EQ(total_unread(context, "ann").value(), 3U);
}

// D10, E43.
TEST_F(Lists, PinsAreAllOrNoneAndDeletingFreesOne) {
  town_.world.limits.pinned_cap = 2;
  write_to_ann(4, 1);
  const std::vector three{c2c_with("user0"), c2c_with("user1"), c2c_with("user2")};
  auto context = town_.context();
  const auto refused = pin_conversations(context, "ann", three, true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooManyPinned);
  EXPECT_TRUE(std::ranges::none_of(town_.list("ann"), &ListRow::pinned));

  town_.pin("ann", "user0", true);
  town_.pin("ann", "user1", true);
  town_.pin("ann", "user1", true);  // again: no third
  town_.remove("ann", "user0", false);
  town_.pin("ann", "user2", true);
  EXPECT_EQ(std::ranges::count_if(town_.list("ann"), &ListRow::pinned), 2);
}

class Paging : public Lists, public ::testing::WithParamInterface<std::size_t> {};

// D12, E42. All in one second, so that only the tie-break tells the rows apart.
TEST_P(Paging, NeitherSkipsNorRepeatsWhenRowsAreDeletedBetweenPages) {
  write_to_ann(12, 0);
  const auto whole = paged(100, [] {});
  ASSERT_EQ(whole.size(), 12U);
  const auto rows = paged(GetParam(), [&] {
    town_.remove("ann", whole.front(), true);
    town_.remove("ann", whole.back(), false);
  });
  auto expected = whole;
  if (GetParam() < whole.size()) expected.pop_back();
  EXPECT_EQ(rows, expected);
}

TEST_P(Paging, NeitherSkipsNorRepeatsWhenRowsMoveToTheTopBetweenPages) {
  write_to_ann(12, 1);
  const auto whole = paged(100, [] {});
  const auto rows = paged(GetParam(), [&] {
    town_.world.clock.advance(1);
    town_.send(whole.front(), "ann");
  });
  EXPECT_EQ(rows, whole);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Paging, ::testing::Values(1, 2, 5, 12));

// D20-D24 at positions and times that do not agree.
TEST(Unread, AReadMarkNeverFalls) {
  Town town;
  town.send("ann", "bob");
  town.world.clock.advance(10);
  town.send("ann", "bob");
  town.read("bob", "ann", town.world.clock.unix_seconds());
  EXPECT_EQ(town.unread("bob", "ann"), 0U);
  town.read("bob", "ann", World::kStart);
  EXPECT_EQ(town.unread("bob", "ann"), 0U);
}

TEST(Unread, AReadMarkTakesWhatIsNotLater) {
  Town town;
  for (int i = 0; i < 3; ++i) {
    town.send("ann", "bob");
    town.world.clock.advance(10);
  }
  town.read("bob", "ann", World::kStart - 1);
  EXPECT_EQ(town.unread("bob", "ann"), 3U);
  town.read("bob", "ann", World::kStart + 10);
  EXPECT_EQ(town.unread("bob", "ann"), 1U);
}

// An old message stored last: the order of positions is not that of times.
TEST(Unread, CountsBehindAnExpiredKeyThatWasBackdated) {
  Town town;
  town.world.clock.set(World::kStart + 10);
  town.send("ann", "bob");
  town.world.clock.set(World::kStart);
  town.send("ann", "bob");
  town.world.clock.advance(town.world.limits.roaming_period);
  EXPECT_EQ(town.unread("bob", "ann"), 1U);
}

}  // namespace
}  // namespace confab::testing
