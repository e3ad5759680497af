// Breaking a rule of store.h is our own bug and ends the program.
#include <span>
#include <string>
#include <thread>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/store/store_harness.h"

namespace confab {
namespace {

class StoreRulesDeathTest : public ::testing::Test {
 protected:
  StoreRulesDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  std::unique_ptr<Txn> write() {
    return harness_.store().write(alice_, std::span(&bob_, 1)).value();
  }
  std::unique_ptr<Txn> read() { return harness_.store().read(); }

  StoreHarness harness_{EngineKind::kMemory};
  const Shard alice_ = user_shard(kApp, "alice");
  const Shard bob_ = user_shard(kApp, "bob");
  const Shard carol_ = user_shard(kApp, "carol");
  const Key key_ = view_key(alice_, "x");
  const Visitor ignore_ = [](std::string_view, std::string_view) {
    return true;
  };
};

TEST_F(StoreRulesDeathTest, ReadsComeBeforeWrites) {
  const auto start = kViews.shard_prefix(alice_);
  const KeyRange range{&alice_, start, after_prefix(start)};
  const auto txn = write();
  txn->merge(view_key(bob_, "x"), "1");
  EXPECT_DEATH(std::ignore = txn->get(key_), "a read after the first write");
  EXPECT_DEATH(std::ignore = txn->get_many(std::span(&key_, 1)), "a read after the first write");
  EXPECT_DEATH(std::ignore = txn->scan(range, Direction::kForward, ignore_),
               "a scan after the first");
}

TEST_F(StoreRulesDeathTest, AReadTransactionWritesNothing) {
  const auto txn = read();
  EXPECT_DEATH(txn->put(key_, "1"), "a write in a read transaction");
  EXPECT_DEATH(txn->erase(key_), "a write in a read transaction");
  EXPECT_DEATH(txn->merge(key_, "1"), "a merge in a read transaction");
}

TEST_F(StoreRulesDeathTest, OnlyTheHomeShardIsWritten) {
  const auto txn = write();
  EXPECT_DEATH(txn->put(view_key(bob_, "x"), "1"), "a write outside the home shard");
  EXPECT_DEATH(txn->erase(view_key(bob_, "x")), "a write outside the home shard");
}

TEST_F(StoreRulesDeathTest, OnlyDeclaredShardsReceiveMerges) {
  const auto txn = write();
  EXPECT_DEATH(txn->merge(view_key(carol_, "x"), "1"), "a merge to an undeclared shard");
}

TEST_F(StoreRulesDeathTest, OnlyKeyspacesWithARuleAreMerged) {
  const auto txn = write();
  EXPECT_DEATH(txn->merge(kAccounts.key(bob_, {}), "1"), "a keyspace without a merge rule");
}

TEST_F(StoreRulesDeathTest, AKeyBelongsToTheShardThatItNames) {
  const auto txn = write();
  const auto other_app = user_shard(AppId{2}, "alice");
  EXPECT_DEATH(std::ignore = txn->get({alice_, view_key(bob_, "x").bytes}), "does not belong");
  EXPECT_DEATH(txn->put({alice_, view_key(other_app, "x").bytes}, "1"), "does not belong");
  EXPECT_DEATH(txn->merge({bob_, view_key(alice_, "x").bytes}, "1"), "does not belong");
}

TEST_F(StoreRulesDeathTest, ARangeStaysInsideItsShard) {
  const auto txn = read();
  const auto start = kViews.shard_prefix(alice_);
  EXPECT_DEATH(std::ignore =
                   txn->scan({&bob_, start, after_prefix(start)}, Direction::kForward, ignore_),
               "the range begins outside");
  EXPECT_DEATH(std::ignore = txn->scan({&alice_, start, "w"}, Direction::kForward, ignore_),
               "the range ends outside");
}

TEST_F(StoreRulesDeathTest, ARangeOverAllShardsStaysInsideItsKeyspace) {
  const auto txn = read();
  EXPECT_DEATH(std::ignore = txn->scan({nullptr, "v", "z"}, Direction::kForward, ignore_),
               "the range ends outside");
  EXPECT_DEATH(std::ignore = txn->scan({nullptr, "", "z"}, Direction::kForward, ignore_),
               "a range begins inside a keyspace");
}

TEST_F(StoreRulesDeathTest, ACommitEndsTheTransaction) {
  const auto txn = write();
  txn->put(key_, "1");
  ASSERT_TRUE(txn->commit());
  EXPECT_DEATH(std::ignore = txn->commit(), "a second commit");
  EXPECT_DEATH(std::ignore = txn->get(key_), "a read after");
  EXPECT_DEATH(txn->put(key_, "2"), "a write after commit");
}

TEST_F(StoreRulesDeathTest, AThreadHasOneTransactionAtATime) {
  const auto txn = read();
  EXPECT_DEATH(std::ignore = harness_.store().write(alice_, {}), "this thread has a transaction");
  EXPECT_DEATH(std::ignore = read(), "this thread has a transaction");
}

TEST_F(StoreRulesDeathTest, ATransactionEndsOnItsThread) {
  EXPECT_DEATH(
      {
        auto txn = read();
        std::thread([&] { txn.reset(); }).join();
      },
      "ended on another thread");
}

TEST_F(StoreRulesDeathTest, ATicketComesFromTheStore) {
  EXPECT_DEATH(std::ignore = durable(harness_.store(), 1000), "a ticket that no commit gave");
}

TEST(StoreRules, TransactionsOfTwoStoresMayNest) {
  StoreHarness one(EngineKind::kMemory);
  StoreHarness two(EngineKind::kMemory);
  const auto alice = user_shard(kApp, "alice");
  const auto outer = one.store().read();
  put(two.store(), view_key(alice, "x"), "1");
  EXPECT_EQ(outer->get(view_key(alice, "x")).value(), std::nullopt);
}

}  // namespace
}  // namespace confab
