// What every engine keeps when many threads use it.
#include <array>
#include <atomic>
#include <future>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/store/store_harness.h"

namespace confab {
namespace {

constexpr int kThreads = 8;
constexpr int kRounds = 300;
constexpr unsigned kUsers = 6;

class StoreConcurrency : public ::testing::TestWithParam<EngineKind> {
 protected:
  Store& store() { return harness_.store(); }

  /// Sets an entry of two shards to one value.
  void put_both(const std::string& value) {
    const auto txn = store().write(alice_, std::span(&bob_, 1)).value();
    txn->put(first_, value);
    txn->merge(second_, value);
    EXPECT_TRUE(txn->commit());
  }

  /// The one value that a read transaction finds in both.
  std::optional<std::string> get_both() {
    const auto txn = store().read();
    auto one = txn->get(first_).value();
    std::this_thread::yield();
    EXPECT_EQ(txn->get(second_).value(), one);
    const Key both[] = {second_, first_};
    EXPECT_EQ(txn->get_many(both).value(), (std::vector{one, one}));
    return one;
  }

  /// Counts in a random user's shard and merges into those of random others.
  void count_once(std::mt19937& random) {
    const auto& home = users_[random() % kUsers];
    std::vector<Shard> others(random() % 4, home);
    for (auto& other : others)
      other = users_[random() % kUsers];
    const auto txn = store().write(home, others).value();
    const auto count = std::stoi(txn->get(view_key(home, "count")).value().value_or("0"));
    txn->put(view_key(home, "count"), std::to_string(count + 1));
    for (const auto& other : others)
      txn->merge(view_key(other, "from " + home.owner), std::to_string(count));
    EXPECT_TRUE(txn->commit());
  }

  StoreHarness harness_{GetParam()};
  const Shard alice_ = user_shard(kApp, "alice");
  const Shard bob_ = user_shard(kApp, "bob");
  const Key first_ = view_key(alice_, "x");
  const Key second_ = view_key(bob_, "x");
  const std::vector<Shard> users_ = [] {
    std::vector<Shard> users(kUsers, user_shard(kApp, "user"));
    for (unsigned i = 0; i < kUsers; ++i)
      users[i].owner += std::to_string(i);
    return users;
  }();
};

INSTANTIATE_TEST_SUITE_P(Engines,
                         StoreConcurrency,
                         ::testing::Values(EngineKind::kMemory, EngineKind::kRocks),
                         [](const auto& kind) { return engine_name(kind.param); });

/// Runs `body(0)` to `body(kThreads - 1)`, each on a thread.
template <typename Body>
void on_threads(Body body) {
  std::array<std::thread, kThreads> threads;
  for (unsigned t = 0; t < kThreads; ++t)
    threads[t] = std::thread([&body, t] { body(t); });
  for (auto& thread : threads)
    thread.join();
}

/// What newest reads show never goes back, alone or of two entries that are written together.
TEST_P(StoreConcurrency, NewestReadsNeverGoBack) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1'000'000'000; !stop; ++i)  // of one width, so that text orders it
      put_both(std::to_string(i));
  });
  on_threads([&](unsigned t) {
    const auto other = user_shard(kApp, "reader" + std::to_string(t));
    std::string seen;
    for (int i = 0; i < kRounds; ++i) {
      // As a transaction that writes elsewhere, and as a plain one.
      const auto txn = i % 2 == 0 ? store().read_newest() : store().write(other, {}).value();
      const auto first = txn->get(first_).value().value_or("");
      const auto second = txn->get(second_).value().value_or("");
      EXPECT_LE(seen, first);
      EXPECT_LE(first, second);
      seen = second;
    }
  });
  stop = true;
  writer.join();
  const auto last = get_both();
  EXPECT_EQ(store().read_newest()->get(first_).value(), last);
}

TEST_P(StoreConcurrency, AReadTransactionSeesOneStateWhileOthersWrite) {
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1'000'000'000; !stop; ++i)  // of one width, so that text orders it
      put_both(std::to_string(i));
  });
  std::optional<std::string> last;
  for (int states = 0; states < 300;) {
    const auto seen = get_both();
    EXPECT_GE(seen, last);
    states += seen != last ? 1 : 0;
    last = seen;
  }
  stop = true;
  writer.join();
}

TEST_P(StoreConcurrency, RandomShardSetsNeitherDeadlockNorLoseUpdates) {
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  on_threads([&](unsigned t) {
    std::mt19937 random(seed + t);
    for (int round = 0; round < kRounds; ++round)
      count_once(random);
  });
  int total = 0;
  for (const auto& user : users_)
    total += std::stoi(get(store(), view_key(user, "count")).value_or("0"));
  EXPECT_EQ(total, kThreads * kRounds);
}

TEST_P(StoreConcurrency, EveryWaiterOfManyThreadsIsAnswered) {
  std::atomic<int> durable_commits = 0;
  on_threads([&](unsigned t) {
    std::array<std::future<Status>, kRounds> waits;
    for (auto& wait : waits) {
      const auto ticket = put(store(), view_key(users_[t % kUsers], std::to_string(t)), "v");
      wait = durable(store(), ticket);
    }
    for (auto& wait : waits)
      durable_commits += wait.get().has_value() ? 1 : 0;
  });
  EXPECT_EQ(durable_commits, kThreads * kRounds);
}

}  // namespace
}  // namespace confab
