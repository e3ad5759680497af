// The running program, asked by several clients at once: for every conversation there is an order
// of the requests that explains all answers, also when the program is killed and started again.
// Replay the requests (not their timing) of a failing round with
//   CONFAB_LINEAR_SEED=<its seed> linear_wire_test
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/linear/play.h"
#include "tests/net/client.h"
#include "tests/server/child.h"

namespace confab::linear {
namespace {

using testing::Child;
using testing::confab_words;
using testing::TemporaryDirectory;

class Program {
 public:
  explicit Program(const std::string& data_dir)
      : child_(confab_words({"serve", "--demo"}),
               {{"CONFAB_DATA_DIR", data_dir},
                {"CONFAB_PORT", "0"},
                {"CONFAB_OPS_PORT", "0"},
                {"CONFAB_REST_TLS", "false"},
                {"CONFAB_RATE_PROFILE", "off"}}) {
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

  bool is_ready() const { return port_ != 0; }

  /// Over a connection of its own.
  Caller connect() const {
    return [this, client = std::make_shared<test::Client>(
                      port_)](const std::string& command,
                              const std::string& body) -> std::optional<std::string> {
      std::string target = "/v4/";
      target += command;
      target += query_;
      if (!client->send(test::post(target, body))) return std::nullopt;
      auto reply = client->read_reply();
      if (reply.status != 200) return std::nullopt;
      return std::move(reply.body);
    };
  }

  void kill_hard() {
    child_.send_signal(SIGKILL);
    child_.wait();
  }

 private:
  Child child_;
  std::uint16_t port_ = 0;
  std::string query_;
};

/// Wakes whoever waits for a number of answers.
class Progress {
 public:
  void add(std::size_t answers = 1) {
    const std::lock_guard lock(mutex_);
    answers_ += answers;
    changed_.notify_all();
  }
  void wait_for(std::size_t answers) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answers_ >= answers; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t answers_ = 0;
};

constexpr PlanSize kSize{.clients = 5, .steps = 8};
constexpr std::size_t kCalls = 40;

std::string name_of(std::uint64_t seed, bool group) {
  return (group ? "g" : "p") + std::to_string(seed);
}

std::string trace_of(std::uint64_t seed) {
  return "CONFAB_LINEAR_SEED=" + std::to_string(seed);
}

/// One round between two users or in a group.
void play_round(const Program& program, std::uint64_t seed, bool group) {
  SCOPED_TRACE(trace_of(seed));
  std::mt19937_64 random(seed);
  const auto plan = draw_plan(random, kSize, group);
  const auto caller = program.connect();
  const auto scene = set_scene(caller, name_of(seed, group), group);
  ASSERT_TRUE(scene);
  Moments moments;
  auto calls = play(*scene, plan, moments, [&] { return program.connect(); });
  for (auto& call : look(*scene, moments, caller))
    calls.push_back(std::move(call));
  EXPECT_EQ(complaint_about(*scene, calls), "");
}

void play_rounds(bool group) {
  const TemporaryDirectory directory;
  const Program program((directory.path() / "data").string());
  ASSERT_TRUE(program.is_ready());
  const auto rounds = rounds_of(60);
  for (std::uint64_t i = 0; i < rounds.count && !::testing::Test::HasFailure(); ++i)
    play_round(program, rounds.first_seed + i, group);
}

TEST(LinearOverTheWire, BetweenTwo) {
  play_rounds(false);
}

TEST(LinearOverTheWire, InAGroup) {
  play_rounds(true);
}

/// Kills the program when some answers have been read; what they showed is there after a start.
void kill_in_round(const std::string& data_dir, std::uint64_t seed, bool group) {
  SCOPED_TRACE(trace_of(seed));
  std::mt19937_64 random(seed);
  const auto plan = draw_plan(random, kSize, group);
  const auto answers = 5 + random() % (kCalls - 5);
  Moments moments;
  std::optional<Scene> scene;
  std::vector<Call> calls;
  {
    Program program(data_dir);
    ASSERT_TRUE(program.is_ready());
    scene = set_scene(program.connect(), name_of(seed, group), group);
    ASSERT_TRUE(scene);
    Progress progress;
    std::thread players([&] {
      calls =
          play(*scene, plan, moments, [&] { return program.connect(); }, [&] { progress.add(); });
      progress.add(kCalls);  // whatever became of them
    });
    progress.wait_for(answers);
    program.kill_hard();
    players.join();
  }
  const Program program(data_dir);
  ASSERT_TRUE(program.is_ready());
  for (auto& call : look(*scene, moments, program.connect()))
    calls.push_back(std::move(call));
  EXPECT_EQ(complaint_about(*scene, calls), "");
}

TEST(LinearOverTheWire, WhatWasShownOutlivesAKill) {
  const TemporaryDirectory directory;
  const auto data_dir = (directory.path() / "data").string();
  const auto rounds = rounds_of(8);
  for (std::uint64_t i = 0; i < rounds.count && !HasFailure(); ++i)
    kill_in_round(data_dir, rounds.first_seed + i, (rounds.first_seed + i) % 2 == 1);
}

}  // namespace
}  // namespace confab::linear
