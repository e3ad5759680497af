#include "api/apps.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(Apps, FindsById) {
  const Apps apps({{AppId{1400000001}, {"k1"}, {"administrator"}}, {AppId{20000001}, {"k2"}, {}}});
  ASSERT_NE(apps.find(AppId{1400000001}), nullptr);
  EXPECT_EQ(apps.find(AppId{1400000001})->keys.front(), "k1");
  EXPECT_EQ(apps.find(AppId{20000001})->keys.front(), "k2");
  EXPECT_EQ(apps.find(AppId{1}), nullptr);
  EXPECT_EQ(apps.index_of(*apps.find(AppId{20000001})), 0U);
  EXPECT_EQ(apps.index_of(*apps.find(AppId{1400000001})), 1U);
}

TEST(Apps, AdminsAreComparedByteForByte) {  // K11
  const App app{AppId{1}, {}, {"administrator"}};
  EXPECT_TRUE(app.is_admin("administrator"));
  EXPECT_FALSE(app.is_admin("Administrator"));
  EXPECT_FALSE(app.is_admin("administrator "));
  EXPECT_FALSE(app.is_admin(""));
}

TEST(AppsDeathTest, RefusesTwoWithOneId) {
  EXPECT_DEATH(Apps({{AppId{1}, {}, {}}, {AppId{1}, {}, {}}}), "two apps with one id");
}

}  // namespace
}  // namespace confab
