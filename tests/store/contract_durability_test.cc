// What every engine keeps about tickets, waits and failures. While "store.sync.stall" is armed
// nothing becomes durable, so "not yet" needs no clock.
#include <array>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "tests/store/store_harness.h"

namespace confab {
namespace {

constexpr std::size_t kMaxWaiters = 10;

class StoreDurability : public ::testing::TestWithParam<EngineKind> {
 protected:
  Store& store() { return harness_.store(); }
  Failpoints& failpoints() { return harness_.failpoints; }

  void write_during_stall() {
    failpoints().arm("store.sync.stall");
    put(store(), key_, "1");
  }

  /// What a transaction of `body` ends with must wait for the write under stall, and for it only.
  template <typename Body>
  void expect_covered(Body body) {
    put(store(), key_, "before");
    ASSERT_TRUE(durable(store(), newest()).get());
    write_during_stall();
    const Ticket ticket = body();
    auto wait = durable(store(), ticket);
    EXPECT_FALSE(is_ready(wait));
    failpoints().arm("store.sync.stall", 0);
    EXPECT_TRUE(wait.get());
  }

  Ticket newest() {
    const auto txn = store().read();
    EXPECT_TRUE(txn->get(key_));
    return txn->ticket_so_far();
  }

  StoreHarness harness_{GetParam(), kMaxWaiters};
  const Shard alice_ = user_shard(kApp, "alice");
  const Shard bob_ = user_shard(kApp, "bob");
  const Key key_ = view_key(alice_, "x");
};

INSTANTIATE_TEST_SUITE_P(Engines,
                         StoreDurability,
                         ::testing::Values(EngineKind::kMemory, EngineKind::kRocks),
                         [](const auto& kind) { return engine_name(kind.param); });

TEST_P(StoreDurability, ACommitsTicketCoversItsWrites) {
  expect_covered([&] { return put(store(), key_, "2"); });
}

TEST_P(StoreDurability, AGetIsCovered) {
  expect_covered([&] {
    const auto txn = store().read();
    EXPECT_EQ(txn->get(key_).value(), "1");
    return txn->ticket_so_far();
  });
}

TEST_P(StoreDurability, AnAbsentKeyIsCoveredByWhoeverErasedIt) {
  expect_covered([&] {
    {
      const auto txn = store().write(alice_, {}).value();
      txn->erase(key_);
      EXPECT_TRUE(txn->commit());
    }
    const auto txn = store().read();
    EXPECT_EQ(txn->get(key_).value(), std::nullopt);
    return txn->ticket_so_far();
  });
}

TEST_P(StoreDurability, AScanIsCovered) {
  expect_covered([&] {
    const auto txn = store().read();
    const auto start = kViews.shard_prefix(alice_);
    const KeyRange range{&alice_, start, after_prefix(start)};
    EXPECT_EQ(scan_keys(*txn, range, Direction::kForward).size(), 1U);
    return txn->commit().value();
  });
}

TEST_P(StoreDurability, AScanOverAllShardsIsCovered) {
  expect_covered([&] {
    const auto txn = store().read();
    scan_keys(*txn, {nullptr, "v", "w"}, Direction::kForward);
    return txn->ticket_so_far();
  });
}

TEST_P(StoreDurability, GetManyIsCovered) {
  expect_covered([&] {
    const auto txn = store().read();
    const Key keys[] = {view_key(bob_, "y"), key_};
    EXPECT_TRUE(txn->get_many(keys));
    return txn->ticket_so_far();
  });
}

TEST_P(StoreDurability, AWriteTransactionThatChangesNothingIsCovered) {
  expect_covered([&] {
    const auto txn = store().write(bob_, {}).value();
    EXPECT_EQ(txn->get(key_).value(), "1");
    return txn->commit().value();
  });
}

TEST_P(StoreDurability, AWriteTransactionThatGivesUpIsCovered) {
  expect_covered([&] {
    const auto txn = store().write(bob_, {}).value();
    EXPECT_EQ(txn->get(key_).value(), "1");
    txn->put(view_key(bob_, "y"), "2");
    return txn->ticket_so_far();
  });
}

TEST_P(StoreDurability, AMergeIsCoveredInTheShardThatReceivedIt) {
  expect_covered([&] {
    {
      const auto txn = store().write(alice_, std::span(&bob_, 1)).value();
      txn->merge(view_key(bob_, "y"), "2");
      EXPECT_TRUE(txn->commit());
    }
    const auto txn = store().read();
    EXPECT_EQ(txn->get(view_key(bob_, "y")).value(), "2");
    return txn->ticket_so_far();
  });
}

TEST_P(StoreDurability, AReadOfOtherShardsWaitsForNobody) {
  write_during_stall();
  const auto txn = store().read();
  EXPECT_TRUE(txn->get(view_key(bob_, "y")));
  EXPECT_TRUE(is_ready(durable(store(), txn->ticket_so_far())));
}

TEST_P(StoreDurability, WhatIsDurableIsAnsweredAtOnceOnTheCallersThread) {
  const auto ticket = put(store(), key_, "1");
  ASSERT_TRUE(durable(store(), ticket).get());
  failpoints().arm("store.sync.stall");
  std::thread::id answered_on;
  store().when_durable(ticket, Store::Deadline::max(), [&](const Status& status) {
    EXPECT_TRUE(status);
    answered_on = std::this_thread::get_id();
  });
  EXPECT_EQ(answered_on, std::this_thread::get_id());
}

TEST_P(StoreDurability, ADeadlineEndsTheWaitEvenWhileTheSyncHangs) {
  failpoints().arm("store.sync.stall");
  const auto ticket = put(store(), key_, "1");
  auto patient = durable(store(), ticket);
  auto late = durable(store(), ticket, std::chrono::steady_clock::now());
  const auto outcome = late.get();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kNotDurableInTime);
  EXPECT_FALSE(is_ready(patient));
  failpoints().arm("store.sync.stall", 0);
  EXPECT_TRUE(patient.get());
}

TEST_P(StoreDurability, ASoonerDeadlineDoesNotWaitForALaterOne) {
  failpoints().arm("store.sync.stall");
  const auto ticket = put(store(), key_, "1");
  const auto now = std::chrono::steady_clock::now();
  auto later = durable(store(), ticket, now + std::chrono::hours(1));
  auto sooner = durable(store(), ticket, now + std::chrono::milliseconds(5));
  EXPECT_EQ(sooner.get().error().code, ErrorCode::kNotDurableInTime);
  EXPECT_FALSE(is_ready(later));
}

TEST_P(StoreDurability, AFailedSyncEndsTheStore) {
  failpoints().arm("store.sync", 1);
  failpoints().arm("store.sync.stall");
  const auto ticket = put(store(), key_, "1");
  auto one = durable(store(), ticket);
  auto two = durable(store(), ticket);
  failpoints().arm("store.sync.stall", 0);
  EXPECT_EQ(one.get().error().code, ErrorCode::kInternal);
  EXPECT_EQ(two.get().error().code, ErrorCode::kInternal);
  EXPECT_EQ(harness_.fatal.get_future().get(), "log sync failed: failpoint");

  // Nothing is acknowledged any more, not even what a sync would cover now.
  EXPECT_EQ(durable(store(), ticket).get().error().code, ErrorCode::kInternal);
  const auto refused = store().write(alice_, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::kInternal, "log sync failed: failpoint"}));
}

TEST_P(StoreDurability, AFailedCommitChangesNothing) {
  put(store(), key_, "old");
  failpoints().arm("store.commit", 1);
  {
    const auto txn = store().write(alice_, std::span(&bob_, 1)).value();
    txn->put(key_, "new");
    txn->merge(view_key(bob_, "y"), "new");
    const auto committed = txn->commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, ErrorCode::kInternal);
    EXPECT_TRUE(durable(store(), txn->ticket_so_far()).get());
  }
  EXPECT_EQ(get(store(), key_), "old");
  EXPECT_EQ(get(store(), view_key(bob_, "y")), std::nullopt);
  EXPECT_TRUE(durable(store(), put(store(), key_, "newer")).get());
}

TEST_P(StoreDurability, TooManyWaitersAreRefusedAtOnce) {
  failpoints().arm("store.sync.stall");
  const auto ticket = put(store(), key_, "1");
  std::array<std::future<Status>, kMaxWaiters> waits;
  for (auto& wait : waits)
    wait = durable(store(), ticket);
  auto refused = durable(store(), ticket);
  ASSERT_TRUE(is_ready(refused));
  EXPECT_EQ(refused.get().error().code, ErrorCode::kOverloaded);
  EXPECT_NE(harness_.metrics.render().find("confab_commit_waiters 10\n"), std::string::npos);
  failpoints().arm("store.sync.stall", 0);
  for (auto& wait : waits)
    EXPECT_TRUE(wait.get());
  EXPECT_TRUE(durable(store(), put(store(), key_, "2")).get());
}

TEST_P(StoreDurability, ClosingSyncsForWhoeverWaits) {
  failpoints().arm("store.sync.stall");
  auto wait = durable(store(), put(store(), key_, "1"));
  EXPECT_FALSE(is_ready(wait));
  harness_.close();
  ASSERT_TRUE(is_ready(wait));
  EXPECT_TRUE(wait.get());
}

TEST_P(StoreDurability, CountsTransactionsThatWrote) {
  put(store(), view_key(alice_, "x"), "value");
  EXPECT_TRUE(store().write(alice_, {}).value()->commit());
  EXPECT_TRUE(store().read()->commit());
  EXPECT_NE(harness_.metrics.render().find("confab_commits_total 1\n"), std::string::npos);
}

}  // namespace
}  // namespace confab
