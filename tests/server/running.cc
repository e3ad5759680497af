#include "tests/server/running.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace confab::testing {

Running::Running(const std::vector<std::string>& words, const Variables& variables)
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
  ops_url_ = operations.substr(12, operations.find('/', 20) - 12);
}

double Running::metric(const std::string& series) const {
  const auto text = ops("/metrics");
  const auto at = text.find('\n' + series + ' ');
  if (at == std::string::npos) {
    ADD_FAILURE() << "no " << series;
    return -1;
  }
  return std::stod(text.substr(at + series.size() + 2));
}

std::string Running::post(std::string_view command, const std::string& body) const {
  constexpr std::string_view kListed = "recentcontact/get_list";
  auto line = list_line_.substr(0, list_line_.find(" -d "));
  line.replace(line.find(kListed), kListed.size(), command);
  return shell(line + " -d '" + body + "'");
}

std::string Running::send_text(const std::string& text) const {
  return post("openim/sendmsg",
              R"({"From_Account":"id1","To_Account":"id2","MsgRandom":1,"MsgBody":[{"MsgType":)"
              R"("TIMTextElem","MsgContent":{"Text":")" +
                  text + "\"}}]}");
}

Finished Running::stop() {
  child_.send_signal(SIGTERM);
  return child_.wait();
}

std::string Running::shell(const std::string& line) {
  const auto result = run_program({"sh", "-c", line + " --silent --show-error"});
  EXPECT_EQ(result.exit_code, 0) << line << '\n' << result.err;
  return result.out;
}

RawConnection::RawConnection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  if (socket_ < 0) {
    ADD_FAILURE() << "no socket";
    return;
  }
  sockaddr_in address{.sin_family = AF_INET,
                      .sin_port = htons(port),
                      .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                      .sin_zero = {}};
  EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
}

RawConnection::~RawConnection() {
  close(socket_);
}

void RawConnection::write(std::string_view text) const {
  EXPECT_EQ(send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(text.size()));
}

void RawConnection::write_until_closed(std::string_view text) const {
  while (send(socket_, text.data(), text.size(), MSG_NOSIGNAL) > 0) {
  }
}

void RawConnection::begin_request() const {
  write("POST /v4/nothing HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  std::string interim;
  char byte = 0;
  while (!interim.ends_with("\r\n\r\n") && recv(socket_, &byte, 1, 0) == 1)
    interim += byte;
  EXPECT_THAT(interim, ::testing::StartsWith("HTTP/1.1 100"));
}

std::string RawConnection::read_all() const {
  std::string all;
  char block[4096];
  for (ssize_t got = 0; (got = recv(socket_, block, sizeof block, 0)) > 0;)
    all.append(block, static_cast<std::size_t>(got));
  return all;
}

}  // namespace confab::testing
