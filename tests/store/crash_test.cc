// Power losses at random moments: what was acknowledged or shown is there afterwards, and every
// transaction is whole or absent.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "tests/store/crash_file_system.h"
#include "tests/store/store_harness.h"

namespace confab {
namespace {

constexpr int kThreads = 4;

/// One transaction of a run, told by thread and number: two entries in its home, one merged into
/// another shard.
struct Step {
  std::size_t thread;
  int number;
};

Shard home_of(Step step) {
  return user_shard(kApp, "home" + std::to_string(
                                       (step.thread + static_cast<std::size_t>(step.number)) % 3));
}
Shard peer_of(Step step) {
  return user_shard(kApp, "peer" + std::to_string(step.number % 3));
}
std::string name_of(Step step) {
  return std::to_string(step.thread) + ":" + std::to_string(step.number);
}

int entries_of(Store& store, Step step) {
  int present = 0;
  for (const auto& key :
       {view_key(home_of(step), name_of(step) + "a"), view_key(home_of(step), name_of(step) + "b"),
        view_key(peer_of(step), name_of(step))}) {
    present += get(store, key).has_value() ? 1 : 0;
  }
  return present;
}

class CrashEnv final : public rocksdb::EnvWrapper {
 public:
  explicit CrashEnv(std::shared_ptr<CrashFileSystem> file_system) : EnvWrapper(Env::Default()) {
    file_system_ = std::move(file_system);
    system_clock_ = std::make_shared<SleeplessClock>();
  }
  const char* Name() const override { return "CrashEnv"; }
};

class CrashRun {
 public:
  explicit CrashRun(std::uint64_t seed) : random_(seed) {}

  Failpoints failpoints;

  /// Works until power is gone, restarts, and compares. Returns how many acknowledged transactions
  /// are lost.
  int crash_once() {
    file_system_->cut_power_after(random_() % 400);
    if (auto store = open()) {
      std::array<std::thread, kThreads> threads;
      for (std::size_t t = 0; t < kThreads; ++t)
        threads[t] =
            std::thread([&, t, seed = random_()] { work(**store, t, std::mt19937(seed)); });
      for (auto& thread : threads)
        thread.join();
    }
    EXPECT_FALSE(file_system_->has_power());
    file_system_->restore_power(random_);
    return check();
  }

 private:
  struct Progress {
    int next = 0;                                            // number of the next transaction
    std::atomic<int> committed = -1;                         // the newest applied one
    std::array<int, kThreads> acknowledged{-1, -1, -1, -1};  // of each thread, as this one saw it
    std::vector<int> refused;                                // commits that failed
  };

  Result<std::unique_ptr<Store>> open() {
    auto options = test_rocks_options((directory_.path() / "db").string());
    options.memtable_bytes = 64 << 10U;
    options.on_fatal = [](const std::string&) {
    };
    options.failpoints = &failpoints;
    options.env = &env_;
    return open_rocks_store(std::move(options));
  }

  void work(Store& store, std::size_t thread, std::mt19937 random) {
    auto& own = progress_[thread];
    while (true) {
      Step step{thread, own.next++};
      Ticket ticket = 0;
      {
        const auto peer = peer_of(step);
        const auto txn = store.write(home_of(step), std::span(&peer, 1));
        if (!txn) break;
        const std::string value(random() % 2000, 'v');
        (*txn)->put(view_key(home_of(step), name_of(step) + "a"), value);
        (*txn)->put(view_key(home_of(step), name_of(step) + "b"), value);
        (*txn)->merge(view_key(peer, name_of(step)), value);
        const auto committed = (*txn)->commit();
        if (!committed) break;
        ticket = *committed;
      }
      own.committed = step.number;
      if (random() % 3 == 0) {
        // Instead of its own, wait for what this thread sees of another.
        step.thread = random() % kThreads;
        step.number = progress_[step.thread].committed;
        if (step.number < 0) continue;
        const auto txn = store.read();
        const auto seen = txn->get(view_key(peer_of(step), name_of(step)));
        if (!seen || !*seen) continue;
        ticket = txn->ticket_so_far();
      }
      if (random() % 2 == 0) continue;
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
      if (!durable(store, ticket, deadline).get()) break;
      auto& acknowledged = own.acknowledged[step.thread];
      acknowledged = std::max(acknowledged, step.number);
    }
  }

  int check() {
    const auto reopened = open();
    EXPECT_TRUE(reopened) << reopened.error().detail;
    if (!reopened) return 0;
    for (const auto& step : kept_)
      EXPECT_EQ(entries_of(**reopened, step), 3) << name_of(step) << " survived a restart before";
    int lost = 0;
    for (std::size_t t = 0; t < kThreads; ++t)
      lost += check_thread(**reopened, t);
    return lost;
  }

  /// What became of a thread's transactions of this round.
  int check_thread(Store& store, std::size_t thread) {
    // A thread's transactions are applied in their order, so with one all earlier ones are durable.
    int acknowledged = -1;
    for (const auto& witness : progress_)
      acknowledged = std::max(acknowledged, witness.acknowledged[thread]);
    int lost = 0;
    for (int& number = begun_[thread]; number < progress_[thread].next; ++number) {
      const int present = entries_of(store, {thread, number});
      EXPECT_TRUE(present == 0 || present == 3) << name_of({thread, number}) << " is torn";
      if (present == 3) {
        kept_.push_back({thread, number});
      } else if (number <= acknowledged) {
        ++lost;
      }
    }
    return lost;
  }

  std::mt19937_64 random_;
  testing::TemporaryDirectory directory_;
  std::shared_ptr<CrashFileSystem> file_system_ = std::make_shared<CrashFileSystem>();
  CrashEnv env_{file_system_};
  std::array<Progress, kThreads> progress_;
  std::array<int, kThreads> begun_{};  // the first transaction of this round
  std::vector<Step> kept_;             // found after a restart
};

std::uint64_t fresh_seed() {
  const std::uint64_t seed = std::random_device()();
  std::cout << "seed " << seed << '\n';
  return seed;
}

class CrashTest : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Runs, CrashTest, ::testing::Range(0, 5));

TEST_P(CrashTest, WhatWasAcknowledgedSurvivesPowerLoss) {
  CrashRun run(fresh_seed());
  for (int crash = 0; crash < 10; ++crash)
    ASSERT_EQ(run.crash_once(), 0) << "acknowledged transactions lost in crash " << crash;
}

TEST(CrashTestItself, SeesALossWhenSyncsAreSkipped) {
  CrashRun run(fresh_seed());
  run.failpoints.arm("store.sync.skip");
  int lost = 0;
  for (int crash = 0; crash < 5; ++crash)
    lost += run.crash_once();
  EXPECT_GT(lost, 0);
}

}  // namespace
}  // namespace confab
