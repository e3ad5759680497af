#include "base/failpoints.h"

#include <array>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(Failpoints, NothingFiresUnlessArmed) {
  Failpoints failpoints;
  EXPECT_FALSE(failpoints.fires("a"));
  failpoints.arm("b");
  EXPECT_FALSE(failpoints.fires("a"));
}

TEST(Failpoints, FiresAsOftenAsArmed) {
  Failpoints failpoints;
  failpoints.arm("a", 2);
  EXPECT_TRUE(failpoints.fires("a"));
  EXPECT_TRUE(failpoints.fires("a"));
  EXPECT_FALSE(failpoints.fires("a"));
}

TEST(Failpoints, FiresUntilDisarmed) {
  Failpoints failpoints;
  failpoints.arm("a");
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(failpoints.fires("a"));
  failpoints.arm("a", 0);
  EXPECT_FALSE(failpoints.fires("a"));
}

TEST(Failpoints, CountsOverThreads) {
  Failpoints failpoints;
  failpoints.arm("a", 100);
  std::atomic<int> fired = 0;
  std::array<std::thread, 4> threads;
  for (auto& thread : threads) {
    thread = std::thread([&] {
      for (int i = 0; i < 100; ++i)
        fired += failpoints.fires("a") ? 1 : 0;
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(fired, 100);
}

}  // namespace
}  // namespace confab
