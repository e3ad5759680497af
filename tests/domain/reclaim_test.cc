// Reclaim: what it erases, what it must keep, and that it comes in bounded steps.
#include "domain/reclaim.h"

#include <cstddef>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "domain/merge_rules.h"
#include "store/typed.h"
#include "tests/domain/town.h"

namespace confab::testing {
namespace {

struct Sum {
  std::size_t steps = 0;
  std::size_t most_in_a_step = 0;
  std::size_t messages = 0;
  std::size_t views = 0;
};

class Reclaim : public ::testing::Test {
 protected:
  Sum sweep(std::size_t budget = 100) {
    ReclaimCursor cursor;
    return sweep_from(cursor, budget);
  }

  /// Until the sweep that `cursor` is in ends.
  Sum sweep_from(ReclaimCursor& cursor, std::size_t budget) {
    Sum sum;
    while (true) {
      auto context = town_.context();
      const auto step = reclaim_step(context, cursor, budget).value();
      ++sum.steps;
      sum.most_in_a_step = std::max(sum.most_in_a_step, step.looked_at);
      sum.messages += step.messages;
      sum.views += step.views;
      if (step.sweep_done) return sum;
    }
  }

  /// Stored entries of a keyspace, in all shards.
  template <typename K>
  std::size_t stored(const K& keyspace) {
    auto context = town_.context();
    std::size_t count = 0;
    EXPECT_TRUE(confab::read(context, [&](Txn& txn) -> Status {
      return scan_all_shards(txn, keyspace, {}, [&](auto&&...) { return ++count > 0; });
    }));
    return count;
  }

  void send_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      town_.send(i % 2 == 0 ? "ann" : "bob", i % 2 == 0 ? "bob" : "ann");
  }

  /// Delivers the refresh of the first message between ann and bob to ann once more.
  void refresh_ann_late() {
    const auto ann = user_shard(World::kApp, "ann");
    auto context = town_.context();
    EXPECT_TRUE(confab::write(context, ann, {}, [&](Txn& txn) -> Status {
      txn.merge(kViews.key(ann, c2c_with("bob").view()),
                refresh_operand(1, static_cast<std::uint32_t>(World::kStart), 0));
      return {};
    }));
  }

  Town town_;
};

TEST_F(Reclaim, FindsNothingInAnEmptyStore) {
  const auto sum = sweep();
  EXPECT_EQ(sum.messages, 0U);
  EXPECT_EQ(sum.views, 0U);
}

TEST_F(Reclaim, KeepsWhatOneSideSees) {
  send_many(10);
  town_.remove("ann", "bob", true);
  EXPECT_EQ(sweep().messages, 0U);
  EXPECT_EQ(town_.history("bob", "ann").rows.size(), 10U);  // E17
  EXPECT_EQ(town_.unread("bob", "ann"), 5U);
}

TEST_F(Reclaim, ErasesWhatBothCleared) {
  send_many(10);
  town_.remove("ann", "bob", true);
  town_.send("ann", "bob");  // bob clears this one, ann still sees it
  town_.remove("bob", "ann", true);
  EXPECT_EQ(sweep().messages, 10U);
  EXPECT_EQ(stored(kMessages), 1U);
  EXPECT_EQ(stored(kUnread), 1U);
  EXPECT_EQ(town_.history("ann", "bob").rows.size(), 1U);
  EXPECT_TRUE(town_.history("bob", "ann").rows.empty());
}

TEST_F(Reclaim, ErasesUnreadAndBackdatedKeysWithTheMessage) {
  town_.send("ann", "bob");
  town_.world.clock.advance(-10);
  town_.send("ann", "bob");
  EXPECT_EQ(stored(kBackdated), 1U);
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  EXPECT_EQ(sweep().messages, 2U);
  EXPECT_EQ(stored(kMessages), 0U);
  EXPECT_EQ(stored(kUnread), 0U);
  EXPECT_EQ(stored(kBackdated), 0U);
}

// E19: stored after the clearing, though its time is before.
TEST_F(Reclaim, KeepsABackdatedMessageThatWasStoredAfterTheClearing) {
  town_.send("ann", "bob");
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  town_.world.clock.advance(-10);
  town_.send("ann", "bob");
  EXPECT_EQ(sweep().messages, 1U);
  EXPECT_EQ(town_.history("ann", "bob").rows.size(), 1U);
  EXPECT_EQ(town_.history("bob", "ann").rows.size(), 1U);
}

TEST_F(Reclaim, ErasesWhatExpiredInItsFirstSecond) {
  send_many(4);
  town_.world.clock.advance(town_.world.limits.roaming_period - 1);
  EXPECT_EQ(sweep().messages, 0U);
  town_.world.clock.advance(1);
  EXPECT_EQ(sweep().messages, 4U);
  EXPECT_EQ(stored(kMessages), 0U);
}

class ReclaimBudget : public Reclaim, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(ReclaimBudget, BoundsEachStepAndChangesNoOutcome) {
  const auto budget = GetParam();
  send_many(60);
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  town_.send("ann", "bob");
  const auto sum = sweep(budget);
  EXPECT_EQ(sum.messages, 60U);
  EXPECT_EQ(stored(kMessages), 1U);
  EXPECT_LE(sum.most_in_a_step, budget + 1);
  EXPECT_GE(sum.steps, 60 / budget);
}

TEST_P(ReclaimBudget, GoesOnAfterTheCursorIsLost) {
  send_many(60);
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  std::size_t erased = 0;
  ReclaimCursor cursor;
  for (int i = 0; i < 2; ++i) {
    auto context = town_.context();
    erased += reclaim_step(context, cursor, GetParam()).value().messages;
  }
  erased += sweep(GetParam()).messages;
  EXPECT_EQ(erased, 60U);
  EXPECT_EQ(stored(kMessages), 0U);
}

TEST_P(ReclaimBudget, SurvivesNewMessagesAndClearingsInTheMiddleOfAPass) {
  send_many(30);
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  ReclaimCursor cursor;
  auto context = town_.context();
  std::size_t erased = reclaim_step(context, cursor, GetParam()).value().messages;
  town_.world.clock.advance(-5);
  town_.send("ann", "bob");  // before the place where the pass is
  town_.world.clock.advance(10);
  town_.send("ann", "bob");
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  erased += sweep_from(cursor, GetParam()).messages;
  erased += sweep(GetParam()).messages;
  EXPECT_EQ(erased, 32U);
  EXPECT_EQ(stored(kMessages), 0U);
}

INSTANTIATE_TEST_SUITE_P(Sizes, ReclaimBudget, ::testing::Values(1, 2, 3, 7, 1000));

TEST_F(Reclaim, IsIdempotent) {
  send_many(10);
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  EXPECT_EQ(sweep().messages, 10U);
  const auto again = sweep();
  EXPECT_EQ(again.messages, 0U);
  EXPECT_EQ(again.views, 0U);
}

TEST_F(Reclaim, LooksAgainAtNothingThatItLeft) {
  send_many(500);
  town_.remove("ann", "bob", true);  // bob still sees them all
  sweep();
  ReclaimCursor cursor;
  auto context = town_.context();
  EXPECT_LE(reclaim_step(context, cursor, 1000).value().looked_at, 10U);
}

TEST_F(Reclaim, ErasesViewsThatSayNothing) {
  town_.send("ann", "bob");
  town_.remove("ann", "bob", false);
  town_.world.clock.advance(town_.world.limits.roaming_period);
  EXPECT_EQ(stored(kViews), 2U);
  EXPECT_EQ(sweep().views, 2U);
  EXPECT_EQ(stored(kViews), 0U);
}

// K22.
TEST_F(Reclaim, KeepsAPinnedView) {
  town_.send("ann", "bob");
  town_.pin("ann", "bob", true);
  town_.world.clock.advance(town_.world.limits.roaming_period);
  EXPECT_EQ(sweep().views, 1U);
  EXPECT_EQ(town_.list("ann").size(), 1U);
}

// Both cleared, so no message is left, but a refresh of the cleared message may still be under way.
TEST_F(Reclaim, KeepsAViewWhoseDeletionALateRefreshWouldUndo) {
  town_.send("ann", "bob");
  town_.remove("ann", "bob", true);
  town_.remove("bob", "ann", true);
  EXPECT_EQ(sweep().messages, 1U);
  town_.world.clock.advance(town_.world.limits.roaming_period - 1);
  EXPECT_EQ(sweep().views, 0U);
  refresh_ann_late();
  EXPECT_TRUE(town_.list("ann").empty());

  town_.world.clock.advance(1);  // now the refresh is expired, too
  EXPECT_EQ(sweep().views, 2U);
  refresh_ann_late();
  EXPECT_TRUE(town_.list("ann").empty());
}

TEST_F(Reclaim, KeepsTheViewOfALivingConversation) {
  town_.send("ann", "bob");
  town_.read("bob", "ann", World::kStart);
  EXPECT_EQ(sweep().views, 0U);
  EXPECT_EQ(town_.unread("bob", "ann"), 0U);
}

// The entry expired and was pinned anew: whether its view was reclaimed in between must not show.
TEST_F(Reclaim, CannotBeToldFromThePinOfAnExpiredEntry) {
  for (const bool reclaimed : {false, true}) {
    Town town;
    town.send("ann", "bob");
    town.world.clock.advance(town.world.limits.roaming_period);
    if (reclaimed) town.world.reclaim();
    town.pin("ann", "bob", true);
    ASSERT_EQ(town.list("ann").size(), 1U);
    EXPECT_EQ(town.list("ann").front().time, town.world.clock.unix_seconds()) << reclaimed;
  }
}

// The clock stepped back between two unread messages and the second has expired first.
TEST_F(Reclaim, CannotBeToldFromAReadMarkAtAnExpiredTime) {
  for (const bool reclaimed : {false, true}) {
    Town town;
    town.world.clock.set(World::kStart + 10);
    town.send("ann", "bob");
    town.world.clock.set(World::kStart);
    town.send("ann", "bob");
    town.world.clock.advance(town.world.limits.roaming_period);
    if (reclaimed) town.world.reclaim();
    town.read("bob", "ann", World::kStart + 5);
    EXPECT_EQ(town.unread("bob", "ann"), 1U) << reclaimed;
  }
}

TEST_F(Reclaim, SweepsEveryApp) {
  auto other = town_.world.context(World::kOtherApp);
  EXPECT_TRUE(import_account(other, "ann", {}));
  EXPECT_TRUE(import_account(other, "bob", {}));
  EXPECT_TRUE(send_message(other, {.from = "ann", .to = "bob", .random = 1, .body = "[]"}));
  town_.send("ann", "bob");
  town_.world.clock.advance(town_.world.limits.roaming_period);
  EXPECT_EQ(sweep().messages, 2U);
}

TEST_F(Reclaim, ManyTimelinesInSmallSteps) {
  for (int i = 0; i < 20; ++i) {
    const auto user = "user" + std::to_string(i);
    town_.import(user);
    for (int k = 0; k <= i; ++k)
      town_.send(user, "ann");
    if (i % 2 == 0) {
      town_.remove(user, "ann", true);
      town_.remove("ann", user, true);
    }
  }
  std::size_t cleared = 0;
  for (std::size_t i = 0; i < 20; i += 2)
    cleared += i + 1;
  EXPECT_EQ(sweep(3).messages, cleared);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(town_.history("ann", "user" + std::to_string(i)).rows.size(), i % 2 == 0 ? 0 : i + 1);
  }
}

}  // namespace
}  // namespace confab::testing
