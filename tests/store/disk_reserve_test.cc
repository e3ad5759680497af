#include "store/disk_reserve.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

class DiskReserveTest : public ::testing::Test {
 protected:
  std::uint64_t free_ = 100;
  int questions_ = 0;
  std::chrono::steady_clock::time_point now_;
  DiskReserve reserve_{100,
                       [this] {
                         ++questions_;
                         return free_;
                       },
                       [this] {
                         return now_;
                       }};
};

TEST_F(DiskReserveTest, RefusesBelowTheReserveAndResumes) {
  EXPECT_TRUE(reserve_.check());
  free_ = 99;
  now_ += std::chrono::seconds(1);
  const auto refused = reserve_.check();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::kInternal, "disk reserve reached: 99 bytes free, 100 reserved"}));
  free_ = 100;
  now_ += std::chrono::seconds(1);
  EXPECT_TRUE(reserve_.check());
}

TEST_F(DiskReserveTest, AsksAtMostOnceASecond) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(reserve_.check());
    now_ += std::chrono::milliseconds(99);
  }
  EXPECT_EQ(questions_, 1);
  now_ += std::chrono::milliseconds(10);
  EXPECT_TRUE(reserve_.check());
  EXPECT_EQ(questions_, 2);
}

}  // namespace
}  // namespace confab
