// What an operator sets is what the server does, from the variable to the socket.
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/running.h"

namespace confab::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SettingsEffect : public ::testing::Test {
 protected:
  std::string data_dir() const { return (directory_.path() / "data").string(); }

  Running start(const Variables& more) const {
    Variables all = {{"CONFAB_DATA_DIR", data_dir()},
                     {"CONFAB_PORT", "0"},
                     {"CONFAB_OPS_PORT", "0"},
                     {"CONFAB_STORE", "memory"},
                     {"CONFAB_REST_TLS", "false"}};
    for (const auto& [name, value] : more)
      all[name] = value;
    return {confab_words({"serve", "--demo"}), all};
  }

  /// One of the four timeouts is a second, the others never come.
  Running start_with_short(const std::string& timeout) const {
    Variables timeouts;
    for (const std::string name : {"HEADER", "BODY", "IDLE", "WRITE"})
      timeouts["CONFAB_REST_" + name + "_TIMEOUT_S"] = name == timeout ? "1" : "3600";
    return start(timeouts);
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(SettingsEffect, HeaderTimeout) {
  auto server = start_with_short("HEADER");
  const RawConnection connection(server.port());
  connection.write("POST /v4/no");
  connection.read_all();
}

TEST_F(SettingsEffect, BodyTimeout) {
  auto server = start_with_short("BODY");
  const RawConnection connection(server.port());
  connection.begin_request();
  connection.read_all();
}

TEST_F(SettingsEffect, IdleTimeout) {
  auto server = start_with_short("IDLE");
  const RawConnection connection(server.port());
  connection.write("POST /v4/nothing HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_THAT(connection.read_all(), HasSubstr(R"("ErrorCode":)"));
}

TEST_F(SettingsEffect, WriteTimeout) {
  auto server = start_with_short("WRITE");
  const RawConnection connection(server.port());
  connection.write_until_closed("POST /v4/nothing HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
}

TEST_F(SettingsEffect, MaxConnections) {
  auto server = start({{"CONFAB_REST_MAX_CONNECTIONS", "1"}});
  const RawConnection first(server.port());
  first.begin_request();
  EXPECT_EQ(RawConnection(server.port()).read_all(), "");
  EXPECT_EQ(server.metric(R"(confab_http_connections_refused_total{server="rest"})"), 1);
}

TEST_F(SettingsEffect, MaxHeaderBytes) {
  const std::string header = "-H 'X-Long: " + std::string(5000, 'x') + "'";
  EXPECT_THAT(start({}).list_with(header), HasSubstr(R"("ErrorCode":0)"));
  EXPECT_THAT(start({{"CONFAB_REST_MAX_HEADER_BYTES", "4096"}}).list_with(header),
              HasSubstr(R"("ErrorCode":60002)"));
}

TEST_F(SettingsEffect, MaxUnfinishedMb) {
  auto server =
      start({{"CONFAB_REST_MAX_UNFINISHED_MB", "64"}, {"CONFAB_REST_MAX_BODY_BYTES", "67108864"}});
  const std::string most(std::size_t{62} << 20U, 'x');
  const std::string head = "POST /v4/nothing HTTP/1.1\r\nContent-Length: 67108864\r\n\r\n";
  const RawConnection first(server.port());
  first.write(head + most);
  while (server.metric(R"(confab_http_unfinished_body_bytes{server="rest"})") !=
         static_cast<double>(most.size())) {
  }
  const RawConnection second(server.port());
  second.write(head + most.substr(0, std::size_t{4} << 20U));
  EXPECT_THAT(second.read_all(), HasSubstr(R"("ErrorCode":60018)"));
}

TEST_F(SettingsEffect, MaxMessageBytes) {
  const std::string text(300, 'x');
  EXPECT_THAT(start({}).send_text(text), HasSubstr(R"("ErrorCode":0)"));
  EXPECT_THAT(start({{"CONFAB_MAX_MESSAGE_BYTES", "256"}}).send_text(text),
              HasSubstr(R"("ActionStatus":"FAIL")"));
}

TEST_F(SettingsEffect, ListCap) {
  EXPECT_THAT(start({}).list(), HasSubstr("},{"));
  EXPECT_THAT(start({{"CONFAB_CONVERSATION_LIST_CAP", "1"}}).list(), Not(HasSubstr("},{")));
}

TEST_F(SettingsEffect, RateOfACommand) {
  const TemporaryDirectory directory;
  const auto path = (directory.path() / "confab.toml").string();
  std::ofstream(path) << "[rate.commands]\n\"recentcontact/get_list\" = 1\n";
  const Running server(confab_words({"serve", "--demo", "--config", path}),
                       {{"CONFAB_DATA_DIR", data_dir()},
                        {"CONFAB_PORT", "0"},
                        {"CONFAB_OPS_PORT", "0"},
                        {"CONFAB_STORE", "memory"}});
  while (!server.list().contains(R"("ErrorCode":60007)")) {
  }
}

TEST_F(SettingsEffect, LogLevel) {
  const auto informed = start({{"CONFAB_LOG_LEVEL", "info"}}).stop();
  EXPECT_THAT(informed.err, HasSubstr("event=ready"));
  EXPECT_THAT(start({{"CONFAB_LOG_LEVEL", "off"}}).stop().err, IsEmpty());
}

TEST_F(SettingsEffect, ReclaimInterval) {
  auto server = start(
      {{"CONFAB_RECLAIM_INTERVAL_S", "1"}, {"CONFAB_RECLAIM_ENTRIES_PER_SECOND", "10000000"}});
  for (const std::string words : {R"("From_Account":"id1","Type":1,"To_Account":"id2")",
                                  R"("From_Account":"id2","Type":1,"To_Account":"id1")"}) {
    EXPECT_THAT(server.post("recentcontact/delete", "{" + words + R"(,"ClearRamble":1})"),
                HasSubstr(R"("ErrorCode":0)"));
  }
  while (server.metric(R"(confab_reclaimed_total{kind="message"})") == 0) {
  }
}

TEST_F(SettingsEffect, OwnCertificate) {
  start({{"CONFAB_REST_TLS", "true"}}).stop();  // makes one
  const auto certificate = data_dir() + "/certificate.pem";
  const auto server = start({{"CONFAB_REST_TLS", "true"},
                             {"CONFAB_DATA_DIR", data_dir() + "2"},
                             {"CONFAB_REST_CERTIFICATE", certificate},
                             {"CONFAB_REST_KEY", data_dir() + "/certificate.key"}});
  const auto asked = run_program({"curl", "--silent", "--show-error", "--cacert", certificate, "-d",
                                  "{}", server.url() + "/v4/nothing"});
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  EXPECT_FALSE(std::filesystem::exists(data_dir() + "2/certificate.pem"));
}

}  // namespace
}  // namespace confab::testing
