#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/child.h"

namespace confab::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A demo server that runs.
class Inspect : public ::testing::Test {
 protected:
  Inspect() : server_(confab_words({"serve", "--demo"}), variables()) {
    EXPECT_TRUE(server_.line_beginning("Confab is ready"));
    EXPECT_TRUE(server_.line_beginning("Operations"));
  }

  Variables variables() const {
    return {{"CONFAB_DATA_DIR", (directory_.path() / "data").string()},
            {"CONFAB_PORT", "0"},
            {"CONFAB_OPS_PORT", "0"}};
  }

  Finished run(std::vector<std::string> arguments) const {
    return run_confab(std::move(arguments), variables());
  }

  std::string shown(std::vector<std::string> arguments) const {
    const auto result = run(std::move(arguments));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

 private:
  TemporaryDirectory directory_;
  Child server_;
};

TEST_F(Inspect, CountsEveryKeyspace) {
  const auto all = shown({"inspect"});
  EXPECT_THAT(all, ContainsRegex("\naccount +a +3  user "));
  EXPECT_THAT(all, ContainsRegex("\nview +v +2  user "));
  EXPECT_THAT(all, ContainsRegex("\nmessage +d +4  timeline +0\\.4 +a message\n"));
  EXPECT_THAT(all, Not(HasSubstr("stopped")));
  const auto cut = shown({"inspect", "--limit", "3"});
  EXPECT_THAT(cut, ContainsRegex("\naccount +a +3  user "));
  EXPECT_THAT(cut, ContainsRegex("\nmessage +d +over 3  timeline "));
  EXPECT_THAT(cut, HasSubstr("Counting stopped after 3 entries"));
}

TEST_F(Inspect, ListsAUserAndATimelineWithoutTexts) {
  const auto user = shown({"inspect", "--app", "88888888", "--user", "id1"});
  EXPECT_THAT(user, StartsWith("app 88888888, user \"id1\"\n"));
  EXPECT_THAT(user, HasSubstr("  account: nick=<3 bytes> face_url=<0 bytes> imported_at="));
  EXPECT_THAT(user, ContainsRegex("view kind=1 id=\"id2\": refreshed=4 refresh_time=[0-9]+ \\(20"));
  EXPECT_THAT(user, ContainsRegex("group_view group=\"team\": generation=0 serial=1 joined=1"));
  EXPECT_THAT(user, Not(HasSubstr("timeline")));

  // Both ways round it is the same timeline.
  const auto both = shown({"inspect", "--app", "88888888", "--user", "id2", "--peer", "id1"});
  EXPECT_THAT(both, HasSubstr("timeline of \"id1\" (side 0) and \"id2\" (side 1)\n"));
  EXPECT_THAT(both, HasSubstr("  head: last_position=4 last_time="));
  EXPECT_THAT(both, ContainsRegex("  message time=[^:]*Z?.*random=2 sender=0: position=2 flags=0 "
                                  "body=<84 bytes> cloud_data=<0 bytes>"));
  EXPECT_THAT(both, HasSubstr("  unread side=1 position=4: time="));
  EXPECT_THAT(both, Not(HasSubstr("yours alone")));
  EXPECT_THAT(shown({"inspect", "--app", "88888888", "--user", "id2", "--peer", "id1", "--bodies"}),
              HasSubstr("yours alone"));
}

TEST_F(Inspect, ListsAGroup) {
  const auto group = shown({"inspect", "--app", "88888888", "--group", "team"});
  EXPECT_THAT(group, StartsWith("app 88888888, group \"team\"\n"));
  EXPECT_THAT(group, HasSubstr("  group: serial=1 kind=2 created_at="));
  EXPECT_THAT(group, HasSubstr("  group_message serial=1 position=3: time="));
  EXPECT_THAT(group, HasSubstr("  member serial=1 user=\"id2\": role=1 "));
}

TEST_F(Inspect, SaysWhereItStopped) {
  const auto cut =
      shown({"inspect", "--app", "88888888", "--user", "id1", "--peer", "id2", "--limit", "3"});
  EXPECT_THAT(cut, HasSubstr("message: cut after 3; --limit N lists more"));
  EXPECT_THAT(cut, Not(HasSubstr("view: cut")));
  EXPECT_THAT(shown({"inspect", "--app", "88888888", "--user", "id1", "--peer", "id2", "--limit",
                     "4"}),
              Not(HasSubstr("cut after")));
  EXPECT_EQ(shown({"inspect", "--app", "88888888", "--user", "nobody"}),
            "app 88888888, user \"nobody\"\n  nothing\n");
}

TEST_F(Inspect, ExplainsAKey) {
  // account, app 88888888, "id1"
  const auto account = shown({"inspect", "61054C56386964310001"});
  EXPECT_THAT(account,
              HasSubstr("keyspace  account: an account, or what is left of a deleted one\n"));
  EXPECT_THAT(account, HasSubstr("owner     app 88888888, user \"id1\"\n"));
  EXPECT_THAT(account, HasSubstr("value     nick=<3 bytes>"));
  EXPECT_THAT(shown({"inspect", "61054c56386964310001", "--bodies"}), HasSubstr("nick=\"Ada\""));
  EXPECT_THAT(shown({"inspect", "61054c56396964310001"}), HasSubstr("value     absent"));
  EXPECT_THAT(shown({"inspect", "00666f726d6174"}), HasSubstr("format number, 2"));
  // A head whose owner is no timeline that we make.
  EXPECT_THAT(shown({"inspect", "68054c563878790001"}),
              HasSubstr("owner     app 88888888, timeline 7879\n"));

  for (const auto* wrong : {"6", "zz", "3f00"}) {
    const auto refused = run({"inspect", wrong});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("key")) << wrong;
  }
}

TEST_F(Inspect, WrongUsage) {
  EXPECT_EQ(run({"inspect", "--app", "88888888"}).exit_code, 2);
  EXPECT_EQ(run({"inspect", "--user", "id1"}).exit_code, 2);
  EXPECT_EQ(run({"inspect", "--peer", "id1"}).exit_code, 2);
  EXPECT_EQ(run({"inspect", "--limit", "0"}).exit_code, 2);
  EXPECT_EQ(run({"inspect", "aa", "--app", "88888888", "--user", "id1"}).exit_code, 2);
}

TEST(InspectNothing, MakesNoStore) {
  const TemporaryDirectory directory;
  const auto data = directory.path() / "data";
  const auto result = run_confab({"inspect"}, {{"CONFAB_DATA_DIR", data.string()}});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("there is no store in " + data.string()));
  EXPECT_FALSE(std::filesystem::exists(data));
}

}  // namespace
}  // namespace confab::testing
