// What every engine keeps when many threads use it.
#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/store/store_harness.h"

namespace confab {
namespace {

class StoreConcurrency : public ::testing::TestWithParam<EngineKind> {
 protected:
  Store& store() { return harness_.store(); }

  StoreHarness harness_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines,
                         StoreConcurrency,
                         ::testing::Values(EngineKind::kMemory, EngineKind::kRocks),
                         [](const auto& kind) { return engine_name(kind.param); });

TEST_P(StoreConcurrency, AReadTransactionSeesOneStateWhileOthersWrite) {
  const auto alice = user_shard(kApp, "alice");
  const auto bob = user_shard(kApp, "bob");
  const auto first = view_key(alice, "x");
  const auto second = view_key(bob, "x");
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1'000'000'000; !stop; ++i) {  // of one width, so that text orders it
      const auto value = std::to_string(i);
      const auto txn = store().write(alice, std::span(&bob, 1)).value();
      txn->put(first, value);
      txn->merge(second, value);
      ASSERT_TRUE(txn->commit());
    }
  });
  std::optional<std::string> last;
  for (int states = 0; states < 300;) {
    const auto txn = store().read();
    const auto one = txn->get(first).value();
    std::this_thread::yield();
    const auto two = txn->get(second).value();
    const Key both[] = {second, first};
    const auto many = txn->get_many(both).value();
    EXPECT_EQ(one, two);
    EXPECT_EQ(many[0], one);
    EXPECT_EQ(many[1], one);
    EXPECT_GE(one, last);
    if (one != last) ++states;
    last = one;
  }
  stop = true;
  writer.join();
}

TEST_P(StoreConcurrency, RandomShardSetsNeitherDeadlockNorLoseUpdates) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 300;
  constexpr unsigned kUsers = 6;
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::vector<Shard> users;
  for (unsigned i = 0; i < kUsers; ++i)
    users.push_back(user_shard(kApp, "user" + std::to_string(i)));

  std::vector<std::thread> threads;
  for (unsigned t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(seed + t);
      for (int round = 0; round < kRounds; ++round) {
        const auto& home = users[random() % kUsers];
        std::vector<Shard> others;
        for (auto count = random() % 4; count > 0; --count)
          others.push_back(users[random() % kUsers]);
        const auto txn = store().write(home, others).value();
        const auto count = txn->get(view_key(home, "count")).value().value_or("0");
        const auto next = std::to_string(std::stoi(count) + 1);
        txn->put(view_key(home, "count"), next);
        for (const auto& other : others)
          txn->merge(view_key(other, "from " + home.owner), std::string(next.size(), 'x') + next);
        ASSERT_TRUE(txn->commit());
      }
    });
  }
  for (auto& thread : threads)
    thread.join();

  int total = 0;
  for (const auto& user : users)
    total += std::stoi(get(store(), view_key(user, "count")).value_or("0"));
  EXPECT_EQ(total, kThreads * kRounds);
}

TEST_P(StoreConcurrency, EveryWaiterOfManyThreadsIsAnswered) {
  constexpr int kThreads = 6;
  constexpr int kRounds = 200;
  std::atomic<int> durable_commits = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      const auto user = user_shard(kApp, "user" + std::to_string(t));
      std::vector<std::future<Status>> waits;
      for (int round = 0; round < kRounds; ++round) {
        const auto ticket = put(store(), view_key(user, std::to_string(round)), "v");
        waits.push_back(durable(store(), ticket));
      }
      for (auto& wait : waits)
        durable_commits += wait.get().has_value() ? 1 : 0;
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(durable_commits, kThreads * kRounds);
}

}  // namespace
}  // namespace confab
