#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/child.h"

namespace confab::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

/// A demo server with its printed lines.
class Running {
 public:
  Running(const std::vector<std::string>& words, const Variables& variables)
      : child_(words, variables) {
    constexpr std::string_view kReady = "Confab is ready: ";
    url_ = child_.line_beginning(kReady).value_or(std::string(kReady)).substr(kReady.size());
    if (url_.empty()) {
      ADD_FAILURE() << "not ready: " << child_.wait().err;
      return;
    }
    list_line_ = child_.line_beginning("curl ").value_or("");
    delete_line_ = child_.line_beginning("curl ").value_or("");
    const auto operations = child_.line_beginning("Operations: ").value_or("");
    ops_url_ = operations.substr(12, operations.find('/', 19) - 12);
  }

  const std::string& url() const { return url_; }
  std::string list() const { return shell(list_line_); }
  std::string delete_conversation() const { return shell(delete_line_); }
  std::string ops(const std::string& path) const {
    return shell("curl -w ' %{http_code}' " + ops_url_ + path);
  }
  /// A metric's value now; nothing like it: a failure.
  double metric(const std::string& series) const {
    const auto text = ops("/metrics");
    const auto at = text.find('\n' + series + ' ');
    if (at == std::string::npos) {
      ADD_FAILURE() << "no " << series;
      return -1;
    }
    return std::stod(text.substr(at + series.size() + 2));
  }
  /// The printed line with more options, or with another body.
  std::string list_with(const std::string& options) const {
    return shell(list_line_ + " " + options);
  }

  std::string post(std::string_view command, const std::string& body) const {
    constexpr std::string_view kListed = "recentcontact/get_list";
    auto line = list_line_.substr(0, list_line_.find(" -d "));
    line.replace(line.find(kListed), kListed.size(), command);
    return shell(line + " -d '" + body + "'");
  }

  std::uint16_t port() const {
    return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
  }

  Child& child() { return child_; }

  Finished stop() {
    child_.send_signal(SIGTERM);
    return child_.wait();
  }

 private:
  static std::string shell(const std::string& line) {
    const auto result = run_program({"sh", "-c", line + " --silent --show-error"});
    EXPECT_EQ(result.exit_code, 0) << line << '\n' << result.err;
    return result.out;
  }

  Child child_;
  std::string url_;
  std::string list_line_;
  std::string delete_line_;
  std::string ops_url_;
};

class Serve : public ::testing::Test {
 protected:
  std::string data_dir() const { return (directory_.path() / "data").string(); }

  Variables variables(const Variables& more = {}) const {
    Variables all = {{"CONFAB_DATA_DIR", data_dir()},
                     {"CONFAB_PORT", "0"},
                     {"CONFAB_OPS_PORT", "0"}};
    all.insert(more.begin(), more.end());
    return all;
  }

  Running start(const Variables& more = {}) const {
    return {confab_words({"serve", "--demo"}), variables(more)};
  }

  mode_t mode_of(const std::string& name) const {
    struct stat status{};
    EXPECT_EQ(stat((data_dir() + name).c_str(), &status), 0) << name;
    return status.st_mode & 07777U;
  }

 private:
  TemporaryDirectory directory_;
};

/// A plain connection, to send what curl would not.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{.sin_family = AF_INET,
                        .sin_port = htons(port),
                        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                        .sin_zero = {}};
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection() { close(socket_); }

  void write(std::string_view text) const {
    EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  /// A request that the server waits for the rest of, its body "{}"; returns when it does.
  void begin_request() const {
    write("POST /v4/nothing HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    std::string interim;
    char byte = 0;
    while (!interim.ends_with("\r\n\r\n") && recv(socket_, &byte, 1, 0) == 1)
      interim += byte;
    EXPECT_THAT(interim, ::testing::StartsWith("HTTP/1.1 100"));
  }

  std::string read_all() const {
    std::string all;
    char block[4096];
    for (ssize_t got = 0; (got = recv(socket_, block, sizeof block, 0)) > 0;)
      all.append(block, static_cast<std::size_t>(got));
    return all;
  }

 private:
  int socket_;
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
  EXPECT_THAT(before, HasSubstr(R"("GroupId":"@TGS#DEMO")"));
  EXPECT_EQ(server.delete_conversation(),
            R"({"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","ErrorDisplay":""})");
  const auto after = server.list();
  EXPECT_THAT(after, Not(HasSubstr(R"("To_Account":"id2")")));
  EXPECT_THAT(after, HasSubstr(R"("GroupId":"@TGS#DEMO")"));
}

TEST_F(Serve, StopsInOrderAndKeepsWhatWasAcknowledged) {
  {
    auto server = start();
    server.delete_conversation();
    const auto stopped = server.stop();
    EXPECT_EQ(stopped.exit_code, 0) << stopped.err;
  }
  auto again = start();
  EXPECT_THAT(again.list(), HasSubstr(R"("GroupId":"@TGS#DEMO")"));
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
    server.post("openim/sendmsg",
                R"({"From_Account":"id1","To_Account":"id2","MsgRandom":1,"MsgBody":[{"MsgType":)"
                R"("TIMTextElem","MsgContent":{"Text":")" +
                    std::string(5000, 'x') + "\"}}]}");
    EXPECT_GE(server.metric(R"(confab_store_bytes{kind="live"})"),
              store == "memory" ? before + 5000 : before)
        << store;
    EXPECT_EQ(server.metric(R"(confab_store_bytes{kind="dead"})"), 0) << store;
    EXPECT_EQ(server.metric(R"(confab_store_bytes{kind="pending"})"), 0) << store;
  }
}

TEST_F(Serve, SecretsAreTheOwnersAlone) {
  auto server = start();
  EXPECT_EQ(mode_of(""), 0700U);
  EXPECT_EQ(mode_of("/store"), 0700U);
  EXPECT_EQ(mode_of("/apps.toml"), 0600U);
  EXPECT_EQ(mode_of("/certificate.key"), 0600U);
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
  const auto message =
      R"({"From_Account":"id1","To_Account":"id2","MsgRandom":1,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":")" +
      std::string(10'000, 'x') + "\"}}]}";
  std::string answer;
  for (int i = 0; i < 100 && !answer.contains("\"FAIL\""); ++i)
    answer = server.post("openim/sendmsg", message);
  ASSERT_THAT(answer, HasSubstr(R"("ErrorCode":91000)"));
  const auto ended = server.child().wait();
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_THAT(ended.err, HasSubstr("could not make data durable"));
}

}  // namespace
}  // namespace confab::testing
