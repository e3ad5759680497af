#include "server/settings.h"

#include <fstream>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/settings_table.h"
#include "server/suggestion.h"
#include "tests/support/temporary_directory.h"

namespace confab {
namespace {

using ::testing::HasSubstr;

std::string error_of_text(const std::string& text) {
  Settings settings;
  const auto status = apply_settings_text(settings, text, "confab.toml");
  if (status) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidField);
  return status.error().detail;
}

std::string error_of_environment(const Environment& environment) {
  Settings settings;
  const auto status = apply_settings_environment(settings, environment);
  if (status) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidField);
  return status.error().detail;
}

std::string error_of_check(const Settings& settings) {
  const auto status = check_settings(settings);
  return status ? "accepted" : status.error().detail;
}

TEST(Settings, ExampleIsTheDefaults) {
  Settings settings;
  settings.rest_port = 1;
  settings.data_dir = "elsewhere";
  ASSERT_TRUE(apply_settings_text(settings, example_settings(), "example"));
  EXPECT_EQ(settings, Settings{});
}

TEST(Settings, ExampleNamesEverySettingAndItsVariable) {
  const auto example = example_settings();
  for (const auto& row : setting_rows()) {
    EXPECT_THAT(example, HasSubstr(std::string(row.doc)));
    if (row.key != "rate.commands") EXPECT_THAT(example, HasSubstr(variable_of(row)));
  }
}

TEST(Settings, DefaultsAreAcceptable) {
  EXPECT_EQ(error_of_check(Settings{}), "accepted");
}

TEST(Settings, FileOverridesDefaultsAndEnvironmentOverridesFile) {
  Settings settings;
  ASSERT_TRUE(apply_settings_text(settings,
                                  "data_dir = \"/a\"\n"
                                  "[rest]\nport = 1000\ntls = false\n"
                                  "[rate.commands]\n\"recentcontact/delete\" = 500\n",
                                  "confab.toml"));
  ASSERT_TRUE(apply_settings_environment(settings, {{"CONFAB_REST_PORT", "2000"},
                                                    {"CONFAB_OPS_ALLOW_BEYOND_LOOPBACK", "true"}}));
  EXPECT_EQ(settings.data_dir, "/a");
  EXPECT_EQ(settings.rest_port, 2000);
  EXPECT_FALSE(settings.rest_tls);
  EXPECT_TRUE(settings.ops_allow_beyond_loopback);
  EXPECT_EQ(settings.rate_commands.at("recentcontact/delete"), 500);
}

TEST(Settings, ShortVariableSetsThePort) {
  Settings settings;
  ASSERT_TRUE(apply_settings_environment(settings, {{"CONFAB_PORT", "0"}}));
  EXPECT_EQ(settings.rest_port, 0);
}

TEST(Settings, EveryRowSetsItsOwnMember) {
  for (const auto& row : setting_rows()) {
    if (!std::holds_alternative<std::int64_t Settings::*>(row.member)) continue;
    Settings settings;
    ASSERT_TRUE(apply_settings_environment(settings, {{variable_of(row), std::to_string(row.max)}}))
        << row.key;
    EXPECT_EQ(settings.*std::get<std::int64_t Settings::*>(row.member), row.max) << row.key;
  }
}

TEST(Settings, ErrorsOfTheFileNameFileLineKeyLimitAndValue) {
  const std::pair<std::string, std::string> cases[] = {
      {"\n[rest]\nport = 70000\n", "confab.toml:3: rest.port: must be 0 to 65535, is 70000"},
      {"[rest]\nport = \"8443\"\n",
       "confab.toml:2: rest.port: must be a whole number, is a string"},
      {"[rest]\nport = 1.5\n", "confab.toml:2: rest.port: must be a whole number, is a fraction"},
      {"[rest]\ntls = 1\n", "confab.toml:2: rest.tls: must be true or false, is a whole number"},
      {"store = \"rock\"\n",
       "confab.toml:1: store: must be one of rocks|memory, is \"rock\"; did you mean rocks?"},
      {"[rest]\nprot = 1\n", "confab.toml:2: rest.prot: no such setting; did you mean rest.port?"},
      {"[rest.port]\nx = 1\n",
       "confab.toml:2: rest.port.x: no such setting; did you mean rest.port?"},
      {"utterly_different = 1\n", "confab.toml:1: utterly_different: no such setting"},
      {"[stare]\n", "confab.toml:1: stare: no such setting; did you mean store?"},
      {"[rate.commands]\n\"openim/sendmsg\" = -1\n",
       "confab.toml:2: rate.commands.openim/sendmsg: must be 0 to 1000000, is -1"},
      {"[rest]\n[rate.commands]\n", "accepted"},
  };
  for (const auto& [given, expected] : cases)
    EXPECT_EQ(error_of_text(given), expected);
  EXPECT_THAT(error_of_text("a = \n"), ::testing::StartsWith("confab.toml:1: "));
}

TEST(Settings, ErrorsOfTheEnvironmentNameTheVariable) {
  const std::pair<Environment, std::string> cases[] = {
      {{{"CONFAB_REST_PORT", "abc"}}, "CONFAB_REST_PORT: must be a whole number, is \"abc\""},
      {{{"CONFAB_PORT", "65536"}}, "CONFAB_PORT: must be 0 to 65535, is 65536"},
      {{{"CONFAB_REST_TLS", "yes"}}, "CONFAB_REST_TLS: must be true or false, is \"yes\""},
      {{{"CONFAB_REST_PROT", "1"}},
       "CONFAB_REST_PROT: no such setting; did you mean CONFAB_REST_PORT?"},
      {{{"CONFAB_PORT", "1"}, {"CONFAB_REST_PORT", "1"}},
       "CONFAB_REST_PORT: sets rest.port as CONFAB_PORT does; keep one of them"},
      {{{"CONFAB_APP_KEY_88888888", "secret"}}, "accepted"},
  };
  for (const auto& [given, expected] : cases)
    EXPECT_EQ(error_of_environment(given), expected);
}

TEST(Settings, PlainHttpBeyondLoopbackNeedsAWord) {
  Settings settings;
  settings.rest_tls = false;
  EXPECT_EQ(error_of_check(settings), "accepted");
  settings.rest_address = "0.0.0.0";
  EXPECT_THAT(error_of_check(settings), HasSubstr("rest.allow_plain_http_beyond_loopback = true"));
  settings.rest_allow_plain_http_beyond_loopback = true;
  EXPECT_EQ(error_of_check(settings), "accepted");
  settings.rest_allow_plain_http_beyond_loopback = false;
  settings.rest_tls = true;
  EXPECT_EQ(error_of_check(settings), "accepted");
}

TEST(Settings, OperationsBeyondLoopbackNeedAWord) {
  Settings settings;
  settings.ops_address = "::";
  EXPECT_THAT(error_of_check(settings), HasSubstr("ops.allow_beyond_loopback = true"));
  settings.ops_allow_beyond_loopback = true;
  EXPECT_EQ(error_of_check(settings), "accepted");
}

TEST(Settings, CombinationsThatCannotWork) {
  Settings settings;
  settings.rest_certificate = "/a.pem";
  EXPECT_THAT(error_of_check(settings), HasSubstr("set both or neither"));
  settings = {};
  settings.rest_address = "localhost";
  EXPECT_EQ(error_of_check(settings),
            "rest.address: must be an IPv4 or IPv6 address, is \"localhost\"");
  settings = {};
  settings.data_dir = "";
  EXPECT_EQ(error_of_check(settings), "data_dir: must not be empty");
  settings = {};
  settings.rate_commands = {{"recentcontact/delet", 1}};
  EXPECT_EQ(error_of_check(settings),
            "rate.commands: no such command as \"recentcontact/delet\"; did you mean "
            "recentcontact/delete?");
}

TEST(Settings, LoadReadsTheFile) {
  const testing::TemporaryDirectory directory;
  const auto path = (directory.path() / "confab.toml").string();
  const auto missing = load_settings(path, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().detail, "cannot read " + path + ": No such file or directory");
  std::ofstream(path) << "[ops]\nport = 9200\n";
  const auto loaded = load_settings(path, {{"CONFAB_PORT", "7000"}});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->ops_port, 9200);
  EXPECT_EQ(loaded->rest_port, 7000);
}

TEST(Settings, Loopback) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.1.2.3"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("::"));
  EXPECT_FALSE(is_loopback("12.7.0.1"));
}

TEST(Suggestion, TheNearestOrNone) {
  const std::string candidates[] = {"alpha", "beta", "gamma"};
  EXPECT_EQ(did_you_mean("alhpa", candidates), "; did you mean alpha?");
  EXPECT_EQ(did_you_mean("bet", candidates), "; did you mean beta?");
  EXPECT_EQ(did_you_mean("zzzzz", candidates), "");
}

}  // namespace
}  // namespace confab
