#include "api/apps.h"

#include <gtest/gtest.h>

namespace confab {
namespace {

TEST(Apps, FindsById) {
  const Apps apps({{AppId{1400000001}, {AppKey{"k1"}}, {"administrator"}},
                   {AppId{20000001}, {AppKey{"k2"}}, {}}});
  ASSERT_NE(apps.find(AppId{1400000001}), nullptr);
  EXPECT_NE(apps.find(AppId{20000001}), nullptr);
  EXPECT_EQ(apps.find(AppId{1}), nullptr);
  EXPECT_EQ(apps.index_of(*apps.find(AppId{20000001})), 0U);
  EXPECT_EQ(apps.index_of(*apps.find(AppId{1400000001})), 1U);
}

TEST(Apps, KeysCanBeReplaced) {
  const auto key = [](std::string text) {
    return std::vector{AppKey{std::move(text)}};
  };
  Apps apps({{AppId{1}, key("k1"), {}}, {AppId{2}, key("k2"), {}}});
  const auto before = apps.keys();
  EXPECT_EQ(before->of_app, (std::vector{key("k1"), key("k2")}));
  EXPECT_EQ(before->generation, apps.key_generation());

  apps.replace_keys({{AppId{3}, key("k3"), {}}, {AppId{2}, key("other"), {}}});
  const auto after = apps.keys();
  EXPECT_EQ(after->of_app, (std::vector{key("k1"), key("other")}));
  EXPECT_GT(after->generation, before->generation);
  EXPECT_EQ(after->generation, apps.key_generation());
  EXPECT_EQ(before->of_app.back(), key("k2"));
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
