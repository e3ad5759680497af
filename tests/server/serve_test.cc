#include <csignal>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/running.h"

namespace confab::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Serve : public ::testing::Test {
 protected:
  std::string data_dir() const { return (directory_.path() / "data").string(); }

  Variables variables(const Variables& more = {}) const { return variables(more, data_dir()); }

  static Variables variables(const Variables& more, const std::string& data_dir) {
    Variables all = {{"CONFAB_DATA_DIR", data_dir}, {"CONFAB_PORT", "0"}, {"CONFAB_OPS_PORT", "0"}};
    all.insert(more.begin(), more.end());
    return all;
  }

  Running start(const Variables& more = {}) const {
    return {confab_words({"serve", "--demo"}), variables(more)};
  }

 private:
  TemporaryDirectory directory_;
};

void wait_until_draining(const Running& server) {
  std::string answer;
  do
    answer = server.ops("/readyz");
  while (answer == "ready\n 200");
  EXPECT_EQ(answer, "draining\n 503");
}

TEST_F(Serve, ThePrintedLinesWorkAsTheyAre) {
  auto server = start();
  EXPECT_THAT(server.url(), ContainsRegex("^https://127\\.0\\.0\\.1:[0-9]+$"));
  const auto before = server.list();
  EXPECT_THAT(before, HasSubstr(R"("To_Account":"id2")"));
  EXPECT_THAT(before, HasSubstr(R"("GroupId":"team")"));
  EXPECT_EQ(server.delete_conversation(),
            R"({"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","ErrorDisplay":""})");
  const auto after = server.list();
  EXPECT_THAT(after, Not(HasSubstr(R"("To_Account":"id2")")));
  EXPECT_THAT(after, HasSubstr(R"("GroupId":"team")"));
}

TEST_F(Serve, StopsInOrderAndKeepsWhatWasAcknowledged) {
  {
    auto server = start();
    server.delete_conversation();
    const auto stopped = server.stop();
    EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  }
  auto again = start();
  EXPECT_THAT(again.list(), HasSubstr(R"("GroupId":"team")"));
  // The demo is not played again: what was deleted stays so.
  EXPECT_THAT(again.list(), Not(HasSubstr(R"("To_Account":"id2")")));
  again.child().send_signal(SIGINT);
  EXPECT_EQ(again.child().wait().exit_code, 0);
}

TEST_F(Serve, Operations) {
  auto server = start();
  EXPECT_EQ(server.ops("/healthz"), "ok\n 200");
  EXPECT_EQ(server.ops("/readyz"), "ready\n 200");
  EXPECT_THAT(server.ops("/metrics"), HasSubstr("confab_requests_total{"));
  EXPECT_THAT(server.ops("/else"), HasSubstr(" 404"));
}

TEST_F(Serve, MetricsTellWhatTheStoreHolds) {
  for (const std::string store : {"rocks", "memory"}) {
    auto server = start({{"CONFAB_STORE", store}, {"CONFAB_DATA_DIR", data_dir() + store}});
    const auto before = server.metric(R"(confab_store_bytes{kind="live"})");
    EXPECT_GT(before, 0) << store;
    server.send_text(std::string(5000, 'x'));
    EXPECT_GE(server.metric(R"(confab_store_bytes{kind="live"})"),
              store == "memory" ? before + 5000 : before)
        << store;
    EXPECT_EQ(server.metric(R"(confab_store_bytes{kind="dead"})"), 0) << store;
    EXPECT_EQ(server.metric(R"(confab_store_bytes{kind="pending"})"), 0) << store;
  }
}

TEST_F(Serve, AnswersCarryTheRequestId) {
  auto server = start();
  EXPECT_THAT(server.list_with("--include"), ContainsRegex("X-Request-Id: [0-9a-f]{16}\r\n"));
}

TEST_F(Serve, WhatIsNotARequestIsAnsweredWithStatus200) {
  auto server = start({{"CONFAB_REST_MAX_BODY_BYTES", "1024"}});
  for (const auto& options : {std::string("-X PUT"), "-d '" + std::string(2000, 'x') + "'"}) {
    const auto answer = server.list_with(options + " -w ' %{http_code}'");
    EXPECT_THAT(answer, HasSubstr(R"("ErrorCode":60002)")) << options;
    EXPECT_THAT(answer, HasSubstr(" 200")) << options;
  }
}

TEST_F(Serve, PlainHttpOnLoopback) {
  auto server = start({{"CONFAB_REST_TLS", "false"}});
  EXPECT_THAT(server.url(), ContainsRegex("^http://127\\.0\\.0\\.1:[0-9]+$"));
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
}

TEST_F(Serve, ADemoBeyondLoopbackIfItIsMeant) {
  Running server(confab_words({"serve", "--demo", "--demo-beyond-loopback"}),
                 variables({{"CONFAB_REST_ADDRESS", "0.0.0.0"}}));
  EXPECT_THAT(server.url(), HasSubstr("0.0.0.0"));
  EXPECT_EQ(server.stop().exit_code, 0);
}

TEST_F(Serve, TheMemoryStoreForgets) {
  {
    auto server = start({{"CONFAB_STORE", "memory"}});
    server.delete_conversation();
    EXPECT_EQ(server.stop().exit_code, 0);
  }
  EXPECT_THAT(start({{"CONFAB_STORE", "memory"}}).list(), HasSubstr(R"("To_Account":"id2")"));
}

TEST_F(Serve, ADataDirectoryServesOneProcess) {
  auto server = start();
  const auto second = run_confab({"serve"}, variables());
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr(data_dir()));
}

TEST_F(Serve, APortServesOneProcess) {
  auto server = start();
  const auto second =
      run_confab({"serve", "--demo"}, {{"CONFAB_DATA_DIR", data_dir() + "2"},
                                       {"CONFAB_PORT", std::to_string(server.port())},
                                       {"CONFAB_OPS_PORT", "0"}});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(server.port())));
}

TEST_F(Serve, HangupTakesARotatedKey) {
  auto server = start();
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
  const auto rotated =
      run_confab({"app", "rotate-key", "--id", "88888888", "--overlap", "0"}, variables());
  ASSERT_EQ(rotated.exit_code, 0) << rotated.err;
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
  // Half a certificate must not keep the keys from being taken.
  std::filesystem::resize_file(data_dir() + "/certificate.key", 20);
  server.child().send_signal(SIGHUP);
  while (server.list().contains(R"("ErrorCode":0)")) {
  }
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":70009)"));
  const auto stopped = server.stop();
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_THAT(stopped.err,
              ContainsRegex("level=warning event=reloaded certificate=\"kept: [^\n]*certificate.key"
                            "[^\n]* keys=taken"));
}

TEST_F(Serve, HangupTakesANewCertificate) {
  auto server = start();
  {
    Running other(confab_words({"serve", "--demo"}),
                  variables({{"CONFAB_STORE", "memory"}}, data_dir() + "2"));
  }
  for (const auto* name : {"/certificate.pem", "/certificate.key"})
    std::filesystem::rename(data_dir() + "2" + name, data_dir() + name);
  EXPECT_FALSE(server.is_trusted());
  // Half an apps file must not keep the certificate from being taken, nor change the keys.
  std::filesystem::resize_file(data_dir() + "/apps.toml", 90);
  server.child().send_signal(SIGHUP);
  while (!server.is_trusted()) {
  }
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
  const auto stopped = server.stop();
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_THAT(stopped.err, ContainsRegex("level=warning event=reloaded certificate=taken "
                                         "keys=\"kept: [^\n]*apps.toml"));
}

TEST_F(Serve, AFullDiskRefusesWritesAndGoesOnReading) {
  EXPECT_EQ(start().stop().exit_code, 0);
  auto server = start({{"CONFAB_DISK_RESERVE_MB", "16777216"}});
  EXPECT_THAT(server.list(), HasSubstr(R"("To_Account":"id2")"));
  EXPECT_THAT(server.delete_conversation(), HasSubstr(R"("ErrorCode":50004)"));
  EXPECT_THAT(server.ops("/readyz"), ContainsRegex("disk reserve.* 503"));
  EXPECT_EQ(server.ops("/healthz"), "ok\n 200");
  EXPECT_EQ(server.stop().exit_code, 0);
}

TEST_F(Serve, ARequestUnderWayIsAnsweredWhileDraining) {
  auto server = start({{"CONFAB_REST_TLS", "false"}});
  const RawConnection connection(server.port());
  connection.begin_request();
  server.child().send_signal(SIGTERM);
  wait_until_draining(server);
  connection.write("{}");
  EXPECT_THAT(connection.read_all(), HasSubstr(R"("ErrorCode":60002)"));
  EXPECT_EQ(server.child().wait().exit_code, 0);
}

TEST_F(Serve, ASecondSignalEndsAtOnce) {
  auto server = start({{"CONFAB_REST_TLS", "false"}});
  const RawConnection connection(server.port());
  connection.begin_request();
  server.child().send_signal(SIGTERM);
  wait_until_draining(server);
  server.child().send_signal(SIGTERM);
  EXPECT_EQ(server.child().wait().exit_code, -1);
}

TEST_F(Serve, AStoreThatCannotSyncEndsTheServer) {
  // No file may grow beyond 64 KiB: the log soon cannot take what was written.
  auto words = confab_words({"serve", "--demo"});
  words.insert(words.begin(), {"bash", "-c", "ulimit -f 64; exec \"$@\"", "bash"});
  Running server(words, variables());
  std::string answer;
  for (int i = 0; i < 100 && !answer.contains("\"FAIL\""); ++i)
    answer = server.send_text(std::string(10'000, 'x'));
  ASSERT_THAT(answer, HasSubstr(R"("ErrorCode":91000)"));
  const auto ended = server.child().wait();
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.err, HasSubstr("could not make data durable"));
}

}  // namespace
}  // namespace confab::testing
