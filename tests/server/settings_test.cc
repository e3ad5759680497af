#include "server/settings.h"

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

TEST(Settings, AShortConsoleTokenIsRefused) {
  Settings settings;
  settings.console_token = "nineteen bytes long";
  EXPECT_THAT(error_of_check(settings),
              HasSubstr("console.token: must have at least 20 bytes, has 19"));
  settings.console_token += '!';
  EXPECT_EQ(error_of_check(settings), "accepted");
}

TEST(Settings, ShortVariableSetsThePort) {
  Settings settings;
  ASSERT_TRUE(apply_settings_environment(settings, {{"CONFAB_PORT", "0"}}));
  EXPECT_EQ(settings.rest_port, 0);
}

struct Expected {
  std::string key;
  SettingRow::Member member;
  std::string text;  // as in the environment; not the default
};

// Written out, so that a row with the wrong member differs.
const Expected kExpected[] = {
    {"data_dir", &Settings::data_dir, "/somewhere"},
    {"store", &Settings::store, "memory"},
    {"durability_timeout_ms", &Settings::durability_timeout_ms, "101"},
    {"disk_reserve_mb", &Settings::disk_reserve_mb, "102"},
    {"max_message_bytes", &Settings::max_message_bytes, "303"},
    {"rest.address", &Settings::rest_address, "127.0.0.2"},
    {"rest.port", &Settings::rest_port, "104"},
    {"rest.tls", &Settings::rest_tls, "false"},
    {"rest.certificate", &Settings::rest_certificate, "/a.pem"},
    {"rest.key", &Settings::rest_key, "/a.key"},
    {"rest.allow_plain_http_beyond_loopback", &Settings::rest_allow_plain_http_beyond_loopback,
     "true"},
    {"rest.threads", &Settings::rest_threads, "105"},
    {"rest.max_connections", &Settings::rest_max_connections, "106"},
    {"rest.header_timeout_s", &Settings::rest_header_timeout_s, "107"},
    {"rest.body_timeout_s", &Settings::rest_body_timeout_s, "108"},
    {"rest.idle_timeout_s", &Settings::rest_idle_timeout_s, "109"},
    {"rest.write_timeout_s", &Settings::rest_write_timeout_s, "110"},
    {"rest.max_header_bytes", &Settings::rest_max_header_bytes, "5111"},
    {"rest.max_body_bytes", &Settings::rest_max_body_bytes, "1112"},
    {"rest.max_unfinished_mb", &Settings::rest_max_unfinished_mb, "119"},
    {"rest.max_pipelined", &Settings::rest_max_pipelined, "113"},
    {"ops.address", &Settings::ops_address, "127.0.0.3"},
    {"ops.port", &Settings::ops_port, "114"},
    {"ops.tls", &Settings::ops_tls, "true"},
    {"ops.allow_beyond_loopback", &Settings::ops_allow_beyond_loopback, "true"},
    {"console.token", &Settings::console_token, "twenty bytes or more"},
    {"rate.profile", &Settings::rate_profile, "off"},
    {"rate.commands", &Settings::rate_commands, ""},
    {"conversation.roaming_days", &Settings::conversation_roaming_days, "115"},
    {"conversation.list_cap", &Settings::conversation_list_cap, "116"},
    {"reclaim.entries_per_second", &Settings::reclaim_entries_per_second, "117"},
    {"reclaim.interval_s", &Settings::reclaim_interval_s, "118"},
    {"log.level", &Settings::log_level, "error"},
};

Settings with(const Expected& expected) {
  Settings settings;
  if (const auto* number = std::get_if<std::int64_t Settings::*>(&expected.member)) {
    settings.** number = std::stoll(expected.text);
  } else if (const auto* flag = std::get_if<bool Settings::*>(&expected.member)) {
    settings.** flag = expected.text == "true";
  } else if (const auto* word = std::get_if<std::string Settings::*>(&expected.member)) {
    settings.** word = expected.text;
  } else {
    settings.rate_commands = {{"recentcontact/delete", 500}};
  }
  return settings;
}

/// The line of a settings file.
std::string line_of(const Expected& expected) {
  if (expected.key == "rate.commands") return "rate.commands.\"recentcontact/delete\" = 500\n";
  const bool quoted = std::holds_alternative<std::string Settings::*>(expected.member);
  return expected.key + " = " + (quoted ? '"' + expected.text + '"' : expected.text) + "\n";
}

TEST(Settings, EachIsReadIntoItsMemberAndNoOther) {
  ASSERT_EQ(std::size(kExpected), setting_rows().size());
  for (std::size_t i = 0; i < std::size(kExpected); ++i) {
    const auto& expected = kExpected[i];
    const auto& row = setting_rows()[i];
    ASSERT_EQ(row.key, expected.key);
    ASSERT_FALSE(with(expected) == Settings{}) << row.key;
    Settings from_file;
    ASSERT_TRUE(apply_settings_text(from_file, line_of(expected), "confab.toml")) << row.key;
    EXPECT_EQ(from_file, with(expected)) << row.key;
    if (row.key == "rate.commands") continue;  // has no variable
    Settings from_environment;
    ASSERT_TRUE(apply_settings_environment(from_environment, {{variable_of(row), expected.text}}))
        << row.key;
    EXPECT_EQ(from_environment, with(expected)) << row.key;
  }
}

TEST(Settings, EachNumberHasLimits) {
  for (const auto& row : setting_rows()) {
    if (!std::holds_alternative<std::int64_t Settings::*>(row.member)) continue;
    const auto given = [&](std::int64_t number) {
      return error_of_environment({{variable_of(row), std::to_string(number)}});
    };
    EXPECT_EQ(given(row.min), "accepted") << row.key;
    EXPECT_EQ(given(row.max), "accepted") << row.key;
    EXPECT_THAT(given(row.min - 1), HasSubstr("must be " + std::to_string(row.min))) << row.key;
    EXPECT_THAT(given(row.max + 1), HasSubstr("to " + std::to_string(row.max))) << row.key;
  }
}

TEST(Settings, EachChoiceIsAcceptedAndNothingElse) {
  const std::pair<std::string, std::vector<std::string>> cases[] = {
      {"CONFAB_STORE", {"rocks", "memory"}},
      {"CONFAB_RATE_PROFILE", {"documented", "off"}},
      {"CONFAB_LOG_LEVEL", {"debug", "info", "warning", "error", "off"}}};
  for (const auto& [variable, words] : cases) {
    for (const auto& word : words)
      EXPECT_EQ(error_of_environment({{variable, word}}), "accepted") << word;
    EXPECT_THAT(error_of_environment({{variable, "else"}}), HasSubstr("must be one of"));
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
