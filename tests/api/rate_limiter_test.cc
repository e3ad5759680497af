#include "api/rate_limiter.h"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace confab {
namespace {

constexpr Seconds kNow = 1'700'000'000;

int admitted(RateLimiter& limiter, std::size_t app, std::size_t command, int calls) {
  int count = 0;
  for (int i = 0; i < calls; ++i)
    count += limiter.admit(app, command) ? 1 : 0;
  return count;
}

TEST(RateLimiter, CountsEachSecondAnew) {  // A9
  ManualClock clock(kNow);
  RateLimiter limiter(clock, {3}, 1);
  EXPECT_EQ(admitted(limiter, 0, 0, 10), 3);
  clock.advance(1);
  EXPECT_EQ(admitted(limiter, 0, 0, 10), 3);
  clock.advance(-1);
  EXPECT_EQ(admitted(limiter, 0, 0, 10), 3);
}

TEST(RateLimiter, KeepsAppsAndCommandsApart) {
  ManualClock clock(kNow);
  RateLimiter limiter(clock, {1, 2}, 2);
  EXPECT_EQ(admitted(limiter, 0, 0, 5), 1);
  EXPECT_EQ(admitted(limiter, 0, 1, 5), 2);
  EXPECT_EQ(admitted(limiter, 1, 0, 5), 1);
  EXPECT_EQ(admitted(limiter, 1, 1, 5), 2);
}

TEST(RateLimiter, ZeroIsUnlimited) {
  ManualClock clock(kNow);
  RateLimiter limiter(clock, {0}, 1);
  EXPECT_EQ(admitted(limiter, 0, 0, 1000), 1000);
}

TEST(RateLimiter, CountsExactlyUnderContention) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 200'000;
  ManualClock clock(kNow);
  RateLimiter limiter(clock, {kThreads * kCalls - 1}, 1);
  std::atomic<int> total = 0;
  std::latch start(kThreads);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        total += admitted(limiter, 0, 0, kCalls);
      });
    }
  }
  // A lost count would admit the one call that is too many.
  EXPECT_EQ(total, kThreads * kCalls - 1);
}

TEST(RateProfile, TakesTheRowsNumberUnlessOverridden) {
  Endpoint row{};
  row.path = "recentcontact/delete";
  row.notes.calls_per_second = 200;
  EXPECT_EQ((RateProfile{}.limit_of(row)), 200);
  EXPECT_EQ((RateProfile{.documented = false}.limit_of(row)), 0);
  EXPECT_EQ((RateProfile{.overrides = {{"recentcontact/delete", 5}}}.limit_of(row)), 5);
  EXPECT_EQ((RateProfile{.overrides = {{"recentcontact/delete", 0}}}.limit_of(row)), 0);
  EXPECT_EQ((RateProfile{.overrides = {{"recentcontact/top", 5}}}.limit_of(row)), 200);
  EXPECT_EQ((RateProfile{.documented = false, .overrides = {{"recentcontact/delete", 5}}}.limit_of(
                row)),
            5);
}

}  // namespace
}  // namespace confab
