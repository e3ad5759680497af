#include "server/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

App app(std::uint32_t id, std::string key = "k", std::string admin = "boss") {
  return {AppId{id}, {AppKey{std::move(key)}}, {std::move(admin)}};
}

TEST(RestartReasons, KeysAreNone) {
  const Apps served({app(1), app(2)});
  EXPECT_THAT(restart_reasons(served.all(), {app(2, "other"), app(1)}), IsEmpty());
}

TEST(RestartReasons, NewGoneAndOtherwiseChangedApps) {
  const Apps served({app(1), app(3), app(5), app(9)});
  EXPECT_THAT(restart_reasons(served.all(), {app(4), app(5, "k", "deputy"), app(3), app(2)}),
              ElementsAre("app 1 is gone", "app 2 is new", "app 4 is new", "app 5 has other admins",
                          "app 9 is gone"));
  EXPECT_THAT(restart_reasons(served.all(), {app(1), app(3), app(5), app(9), app(10)}),
              ElementsAre("app 10 is new"));
}

}  // namespace
}  // namespace confab
