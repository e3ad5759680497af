#include "server/descriptors.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab {
namespace {

using ::testing::HasSubstr;

TEST(DescriptorShares, ConnectionsGetWhatTheyWantOfMany) {
  const auto shares = share_descriptors(1'048'576, 10'000, 64);
  ASSERT_TRUE(shares);
  EXPECT_EQ(shares->connections, 10'000);
  EXPECT_EQ(shares->store, 262'144);
}

TEST(DescriptorShares, TogetherTheyStayBelowTheLimit) {
  for (const std::size_t limit : {300UL, 1024UL, 4096UL, 20'000UL}) {
    const auto shares = share_descriptors(limit, 1'000'000, 8);
    ASSERT_TRUE(shares) << limit;
    EXPECT_GT(shares->connections, 0) << limit;
    EXPECT_LT(shares->connections + shares->store + kMaxOpsConnections, limit);
    EXPECT_GE(shares->store, limit / 4);
  }
}

TEST(DescriptorShares, NoLimitIsALimitThatNobodyReaches) {
  const auto shares = share_descriptors(std::numeric_limits<std::size_t>::max(), 1'000'000, 8);
  ASSERT_TRUE(shares);
  EXPECT_EQ(shares->connections, 1'000'000);
  EXPECT_LE(shares->store, 1U << 20U);
}

TEST(DescriptorShares, TooFewAreAnErrorWithItsNumbers) {
  const auto shares = share_descriptors(200, 10'000, 8);
  ASSERT_FALSE(shares);
  for (const auto* part : {"200 files", "needs 236", "rest.max_connections = 10000", "ulimit -n"})
    EXPECT_THAT(shares.error().detail, HasSubstr(part));
}

}  // namespace
}  // namespace confab
