// The real program under the load of several clients, for tests that kill it.
#pragma once

#include <condition_variable>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/net/client.h"
#include "tests/server/child.h"

namespace confab::testing {

constexpr int kClients = 6;

/// How often a test kills the program; `make crash` asks for more.
inline int kill_rounds(int usual) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread when they read it
  const char* const text = std::getenv("CONFAB_KILL_ROUNDS");
  return text == nullptr ? usual : std::stoi(text);
}

/// Counts acknowledged calls and wakes whoever waits for a number of them.
class Progress {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++calls_;
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_all();
  }
  void wait_for(int calls) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_ >= calls || ended_ == kClients; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int calls_ = 0;
  int ended_ = 0;
};

/// Reclaims what it can all the time.
class Program {
 public:
  explicit Program(const std::string& data_dir)
      : child_(confab_words({"serve", "--demo"}),
               {{"CONFAB_DATA_DIR", data_dir},
                {"CONFAB_PORT", "0"},
                {"CONFAB_OPS_PORT", "0"},
                {"CONFAB_REST_TLS", "false"},
                {"CONFAB_RATE_PROFILE", "off"},
                {"CONFAB_RECLAIM_INTERVAL_S", "1"},
                {"CONFAB_RECLAIM_ENTRIES_PER_SECOND", "1000000"}}) {
    // curl 'http://127.0.0.1:PORT/v4/recentcontact/get_list?QUERY' -d …
    const auto line = child_.line_beginning("curl ").value_or("");
    const auto host = line.find("127.0.0.1:");
    const auto query = line.find('?');
    if (host == std::string::npos || query == std::string::npos) {
      ADD_FAILURE() << "not ready: " << child_.wait().err;
      return;
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(host + 10)));
    query_ = line.substr(query, line.find('\'', query) - query);
  }

  std::uint16_t port() const { return port_; }
  std::string target(const std::string& command) const { return "/v4/" + command + query_; }

  void kill_hard() {
    child_.send_signal(SIGKILL);
    child_.wait();
  }

 private:
  Child child_;
  std::uint16_t port_ = 0;
  std::string query_;
};

/// Calls over one kept connection; nothing once the program has gone.
class Caller {
 public:
  explicit Caller(const Program& program) : program_(program), client_(program.port()) {}

  std::optional<std::string> call(const std::string& command, const std::string& body) {
    if (!client_.send(test::post(program_.target(command), body))) return std::nullopt;
    auto reply = client_.read_reply();
    if (reply.status != 200) return std::nullopt;
    return std::move(reply.body);
  }

 private:
  const Program& program_;
  test::Client client_;
};

inline bool is_ok(const std::optional<std::string>& answer) {
  return answer && answer->find(R"("ErrorCode":0)") != std::string::npos;
}

inline std::string pair_body(const std::string& from,
                             const std::string& to,
                             const std::string& more) {
  return R"({"From_Account":")" + from + R"(","To_Account":")" + to + "\"," + more + '}';
}

}  // namespace confab::testing
