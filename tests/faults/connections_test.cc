// Ten thousand clients that are connected and say nothing, at the real program.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/faults/faulty.h"

namespace confab::testing {
namespace {

constexpr std::size_t kWanted = 10'000;
/// What a client may cost while it says nothing.
constexpr std::size_t kMostBytesEach = std::size_t{24} << 10U;

/// Resident bytes of the program.
std::size_t resident(const Program& program) {
  std::ifstream file("/proc/" + std::to_string(program.pid()) + "/status");
  constexpr std::string_view kLine = "VmRSS:";
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(kLine)) return std::stoul(line.substr(kLine.size())) << 10U;
  ADD_FAILURE() << "the program has gone";
  return 0;
}

/// Clients that this machine lets a program have, and the program serve: kWanted, or fewer, and
/// then it is said.
std::size_t possible_clients() {
  rlimit limit{};
  EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  // The program keeps a quarter for its store, and some for itself.
  const auto possible = limit.rlim_max / 4 * 3 - 500;
  if (possible < kWanted)
    std::printf("only %zu clients: the limit of open files is %zu\n",
                static_cast<std::size_t>(possible), static_cast<std::size_t>(limit.rlim_max));
  return std::min<std::size_t>(possible, kWanted);
}

TEST(Connections, TenThousandThatAreIdleCostLittleAndDoNotKeepOthersFromBeingServed) {
  const auto clients = possible_clients();
  const TemporaryDirectory directory;
  Program program((directory.path() / "data").string(),
                  {{"CONFAB_REST_MAX_CONNECTIONS", std::to_string(clients + 1)},
                   {"CONFAB_REST_HEADER_TIMEOUT_S", "3600"},
                   {"CONFAB_REST_IDLE_TIMEOUT_S", "3600"}});
  ASSERT_NE(program.port(), 0);
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 100);
  const auto before = resident(program);

  std::vector<std::unique_ptr<test::Client>> idle;
  idle.reserve(clients);
  for (std::size_t i = 0; i < clients; ++i) {
    idle.push_back(std::make_unique<test::Client>(program.port()));
    ASSERT_TRUE(idle.back()->is_connected()) << i;
  }
  ASSERT_TRUE(wait_until([&] {
    return program.metric(R"(confab_http_connections{server="rest"})") ==
           static_cast<double>(clients + 1);
  }));
  const auto silent = (resident(program) - before) / clients;

  // The same after a request of each.
  const auto request = test::post("/v4/nothing", "{}");
  for (const auto& client : idle)
    ASSERT_TRUE(client->send(request));
  for (const auto& client : idle)
    ASSERT_EQ(client->read_reply().status, 200);
  const auto served = (resident(program) - before) / clients;
  std::printf("%zu idle connections: %zu resident bytes each, %zu after a request of each\n",
              clients, silent, served);
  EXPECT_LE(silent, kMostBytesEach);
  EXPECT_LE(served, kMostBytesEach);

  send_messages(caller, sent, 101, 200);
  EXPECT_EQ(sent.last_code, 0);
  expect_kept(caller, sent);
  EXPECT_TRUE(test::Client(program.port()).ends());  // one too many
  EXPECT_EQ(program.stop().exit_code, 0);
}

}  // namespace
}  // namespace confab::testing
