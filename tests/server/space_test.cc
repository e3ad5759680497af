// The disk gets back what reclaim erases, while the server serves and without anybody's help.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/accounts.h"
#include "domain/conversations.h"
#include "domain/history.h"
#include "domain/messages.h"
#include "domain/reclaim.h"
#include "server/reclaim_thread.h"
#include "tests/support/world.h"

namespace confab::testing {
namespace {

constexpr std::size_t kBodyBytes = 500;
constexpr std::uint32_t kBystanderMessages = 200;

/// 20,000, or what CONFAB_SPACE_MESSAGES says.
std::uint32_t message_count() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread of this program sets variables
  const char* given = std::getenv("CONFAB_SPACE_MESSAGES");
  return given == nullptr ? 20'000 : static_cast<std::uint32_t>(std::stoul(given));
}

/// What the test says about its run, as a property of its result.
void note(const std::string& name, std::uint64_t value) {
  ::testing::Test::RecordProperty(name, std::to_string(value));
  std::printf("%s %llu\n", name.c_str(), static_cast<unsigned long long>(value));
}

class Space : public ::testing::Test {
 protected:
  Space() {
    for (const auto* name : {"ann", "bob", "cleo", "dan"}) {
      auto context = world_.context();
      EXPECT_TRUE(import_account(context, name, {}));
    }
  }

  /// Bodies that do not compress.
  void send(const std::string& from, const std::string& to, std::uint32_t seq) {
    auto context = world_.context();
    EXPECT_TRUE(
        send_message(context,
                     {.from = from, .to = to, .seq = seq, .random = 1, .body = random_bytes()}));
  }

  void send_all() {
    for (std::uint32_t i = 0; i < message_count(); ++i) {
      if (i % 1000 == 0) world_.clock.advance(1);
      i % 2 == 0 ? send("ann", "bob", i) : send("bob", "ann", i);
    }
    EXPECT_GT(world_.bytes_on_disk(), message_count() * kBodyBytes * 9 / 10);
  }

  void clear(const std::string& user, const std::string& peer) {
    auto context = world_.context();
    EXPECT_TRUE(delete_conversation(context, user, c2c_with(peer), true));
  }

  std::size_t history_rows(const std::string& viewer, const std::string& peer) {
    auto context = world_.context();
    return read_history(context, {.viewer = viewer,
                                  .peer = peer,
                                  .max_time = 0xffffffff,
                                  .max_rows = 100,
                                  .max_bytes = std::size_t{1} << 20U})
        .value()
        .rows.size();
  }

  /// Sweeps as the server does, while cleo and dan go on, until the files are small. `left`:
  /// messages still to erase.
  void reclaim_while_serving(std::size_t left = message_count()) {
    const auto before = world_.bytes_on_disk();
    const auto start = std::chrono::steady_clock::now();
    const ReclaimThread thread({.store = world_.store(),
                                .clock = world_.clock,
                                .random = world_.random,
                                .limits = world_.limits,
                                .metrics = world_.metrics,
                                .entries_per_second = 10'000'000,
                                .interval = std::chrono::seconds(1)});
    std::uint32_t sent = 0;
    // The bystanders' own bytes, in the log and in a file, and what RocksDB writes beside.
    const auto small = before / 20 + std::uint64_t{4} * kBystanderMessages * kBodyBytes;
    while (world_.bytes_on_disk() > small) {
      if (sent < kBystanderMessages) send("cleo", "dan", sent++);
      EXPECT_EQ(history_rows("cleo", "dan"), std::min(sent, 100U));
      EXPECT_EQ(history_rows("ann", "bob"), 0U);
    }
    EXPECT_THAT(world_.metrics.render(),
                ::testing::HasSubstr("confab_reclaimed_total{kind=\"message\"} " +
                                     std::to_string(left) + "\n"));
    note("bytes_before", before);
    note("bytes_after", world_.bytes_on_disk());
    note("milliseconds",
         static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - start)
                                        .count()));
  }

  World world_{WorldOptions{.engine = Engine::kRocks}};

 private:
  std::string random_bytes() {
    std::string bytes;
    while (bytes.size() < kBodyBytes) {
      const auto word = world_.random.next();
      bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return bytes;
  }
};

TEST_F(Space, ReturnsWhenMessagesAndTombstonesAreStillInMemory) {
  send_all();
  clear("ann", "bob");
  clear("bob", "ann");
  reclaim_while_serving();
}

TEST_F(Space, ReturnsWhenTheMessagesAreInFiles) {
  send_all();
  clear("ann", "bob");
  clear("bob", "ann");
  world_.restart();
  reclaim_while_serving();
}

// What a step erased before the end of the process is not what brings the space back.
TEST_F(Space, ReturnsAfterARestartInTheMiddleOfTheSweep) {
  send_all();
  clear("ann", "bob");
  clear("bob", "ann");
  auto context = world_.context();
  ReclaimCursor cursor;
  const auto step = reclaim_step(context, cursor, message_count() / 2).value();
  EXPECT_FALSE(step.sweep_done);
  EXPECT_GT(step.messages, message_count() / 4);
  world_.restart();
  reclaim_while_serving(message_count() - step.messages);
}

}  // namespace
}  // namespace confab::testing
