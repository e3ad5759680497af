#include "api/user_sig_cache.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace confab {
namespace {

constexpr AppId kApp{1400000000};
constexpr std::uint64_t kKeys = 5;  // the generation

TEST(UserSigCache, HoldsUntilTheLastSecond) {  // B5
  UserSigCache cache;
  EXPECT_FALSE(cache.holds("sig", kApp, "admin", kKeys, 100));
  cache.insert("sig", kApp, "admin", kKeys, 100);
  EXPECT_TRUE(cache.holds("sig", kApp, "admin", kKeys, 100));
  EXPECT_FALSE(cache.holds("sig", kApp, "admin", kKeys, 101));
  EXPECT_TRUE(cache.holds("sig", kApp, "admin", kKeys, 99));
}

TEST(UserSigCache, IsGoodForOneAccountOnly) {
  UserSigCache cache;
  cache.insert("sig", kApp, "admin", kKeys, 100);
  EXPECT_FALSE(cache.holds("sig", kApp, "Admin", kKeys, 100));
  EXPECT_FALSE(cache.holds("sig", kApp, "", kKeys, 100));
  EXPECT_FALSE(cache.holds("sig", AppId{1}, "admin", kKeys, 100));
  EXPECT_FALSE(cache.holds("sih", kApp, "admin", kKeys, 100));
}

TEST(UserSigCache, WhatOtherKeysFoundGoodCountsForNothing) {
  UserSigCache cache;
  cache.insert("sig", kApp, "admin", kKeys, 100);
  EXPECT_FALSE(cache.holds("sig", kApp, "admin", kKeys + 1, 100));
  // A thread that was verifying with the old keys while they were replaced.
  cache.insert("late", kApp, "admin", kKeys, 100);
  EXPECT_FALSE(cache.holds("late", kApp, "admin", kKeys + 1, 100));
  cache.insert("sig", kApp, "admin", kKeys + 1, 100);
  EXPECT_TRUE(cache.holds("sig", kApp, "admin", kKeys + 1, 100));
}

TEST(UserSigCache, IsBounded) {
  UserSigCache cache(1600);
  for (int i = 0; i < 20'000; ++i) {
    cache.insert("sig" + std::to_string(i), kApp, "admin", kKeys, 100);
    ASSERT_LE(cache.size(), 1600U);
  }
  EXPECT_GT(cache.size(), 600U);
  EXPECT_TRUE(cache.holds("sig19999", kApp, "admin", kKeys, 100));
}

TEST(UserSigCache, IsThreadSafe) {
  UserSigCache cache(64);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 2000; ++i) {
        const auto text = std::to_string(i % 100);
        cache.insert(text, kApp, "admin" + text, kKeys, 100 + t);
        EXPECT_FALSE(cache.holds(text, kApp, "other", kKeys, 100));
        cache.holds(text, kApp, "admin" + text, kKeys, 100);
      }
    });
  }
  threads.clear();
  EXPECT_LE(cache.size(), 64U);
}

}  // namespace
}  // namespace confab
