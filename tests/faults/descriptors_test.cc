// More clients than the machine gives descriptors for, at the real program.
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/faulty.h"

namespace confab::testing {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> limited_to(int descriptors) {
  return {"bash", "-c", "ulimit -n " + std::to_string(descriptors) + "; exec \"$@\"", "bash"};
}

std::size_t open_descriptors(const Program& program) {
  std::error_code ignored;
  const auto all =
      std::filesystem::directory_iterator("/proc/" + std::to_string(program.pid()) + "/fd",
                                          ignored);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(Descriptors, ThatClientsUseUpAreNotMissingToTheStore) {
  constexpr int kLimit = 400;
  const TemporaryDirectory directory;
  const auto data_dir = (directory.path() / "data").string();
  Sent sent;
  {
    Program program(data_dir, {{"CONFAB_MAX_MESSAGE_BYTES", "1048576"}}, limited_to(kLimit));
    ASSERT_NE(program.port(), 0);
    Caller caller(program);
    import_accounts(caller, sent);
    // Until one is turned away, or there is no descriptor left for it.
    std::vector<std::unique_ptr<test::Client>> idle;
    ASSERT_TRUE(wait_until([&] {
      if (idle.size() < std::size_t{2} * kLimit)
        idle.push_back(std::make_unique<test::Client>(program.port()));
      return open_descriptors(program) >= kLimit || (idle.size() > 1 && idle.back()->has_input());
    }));
    // The store needs new files each 64 MiB: a log and a table.
    send_messages(caller, sent, 1, 150, std::string(1'000'000, 'x'));
    EXPECT_EQ(sent.last_code, 0);
    EXPECT_EQ(sent.acknowledged.size(), 150);
    EXPECT_EQ(program.ops("/readyz").status, 200);
    EXPECT_GT(program.metric(R"(confab_http_connections_refused_total{server="rest"})"), 0);
    const auto stopped = program.stop();
    EXPECT_EQ(stopped.exit_code, 0);
    EXPECT_THAT(stopped.err, HasSubstr("event=fewer_connections "));
  }
  Program program(data_dir);
  Caller caller(program);
  expect_kept(caller, sent);
}

TEST(Descriptors, TooFewToServeAreSaidAtTheStart) {
  const TemporaryDirectory directory;
  Program program((directory.path() / "data").string(), {}, limited_to(100));
  EXPECT_EQ(program.port(), 0);
  const auto ended = program.child().wait();
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.err, HasSubstr("100"));
  EXPECT_THAT(ended.err, HasSubstr("rest.max_connections"));
}

}  // namespace
}  // namespace confab::testing
