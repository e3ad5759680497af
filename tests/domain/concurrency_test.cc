// Several threads on the same two users. What they saw while it went on and what is left at the end
// must be a history in which each deletion lies before or after each message (E40).
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "domain/reclaim.h"
#include "store/typed.h"
#include "tests/domain/town.h"

namespace confab::testing {
namespace {

constexpr std::uint32_t kThreads = 4;
constexpr std::uint32_t kRounds = 250;

/// One stored message.
struct Stored {
  MessageRest rest;
  MessageRecord message;
};

class Concurrency : public ::testing::TestWithParam<Engine> {
 protected:
  const Shard timeline_ = c2c_timeline(World::kApp, "ann", "bob");

  std::vector<Stored> all_messages() {
    std::vector<Stored> all;
    auto context = town_.context();
    EXPECT_TRUE(confab::read(context, [&](Txn& txn) {
      return scan(txn, kMessages, timeline_, {}, {}, Direction::kForward,
                  [&](const MessageRest& rest, const MessageRecord& message) {
                    all.push_back({rest, message});
                    return true;
                  });
    }));
    std::ranges::sort(all, {}, [](const Stored& each) { return each.message.position; });
    return all;
  }

  ViewRecord view(const std::string& user, const std::string& peer) {
    auto context = town_.context();
    return confab::read(context,
                        [&](Txn& txn) { return load_viewer(txn, World::kApp, user, 0, peer); })
        .value()
        .view;
  }

  /// What the rules say of `user` from its watermarks and all messages, counted anew.
  void check_history(const std::string& user,
                     const std::string& peer,
                     const std::vector<Stored>& all) {
    const auto cleared = view(user, peer).cleared_upto;
    const auto rows = town_.history(user, peer).rows;
    EXPECT_EQ(rows.size(), all.size() - cleared);
    EXPECT_TRUE(std::ranges::all_of(rows, [&](const HistoryRow& row) {
      return row.message.position > cleared;
    }));
  }

  void check_unread(const std::string& user,
                    const std::string& peer,
                    const std::vector<Stored>& all) {
    const auto floor = unread_floor(view(user, peer));
    const auto own = static_cast<std::uint8_t>(side_of(user, peer));
    const auto unread = std::ranges::count_if(all, [&](const Stored& each) {
      return each.rest.sender != own && each.message.position > floor &&
             (each.message.flags & MessageRecord::kRecalled) == 0;
    });
    EXPECT_EQ(town_.unread(user, peer),
              std::min(static_cast<std::size_t>(unread), town_.world.limits.unread_cap));
  }

  void check_list(const std::string& user,
                  const std::string& peer,
                  const std::vector<Stored>& all) {
    const auto marks = view(user, peer);
    EXPECT_LE(marks.cleared_upto, marks.deleted_upto);
    EXPECT_LE(marks.deleted_upto, all.size());
    EXPECT_EQ(!town_.list(user).empty(), all.size() > marks.deleted_upto);
  }

  Town town_{GetParam()};
};

/// What one thread does to the conversation, as ann on even rounds and as bob on odd ones. The
/// context is the thread's own.
void live(Context context, std::uint32_t thread, std::atomic<int>& failures) {
  const auto expect = [&](bool good) {
    if (!good) ++failures;
  };
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    const std::string user = round % 2 == 0 ? "ann" : "bob";
    const std::string peer = round % 2 == 0 ? "bob" : "ann";
    const NewMessage message{
        .from = user, .to = peer, .seq = round, .random = thread, .body = "[]"};
    const auto key = send_message(context, message);
    expect(key.has_value());
    if (round % 7 == thread) {
      expect(delete_conversation(context, user, c2c_with(peer), round % 3 == 0).has_value());
    }
    if (round % 11 == thread) {
      // Both may have cleared it meanwhile; nothing else may go wrong.
      const auto recalled = recall_message(context, user, peer, *key);
      expect(recalled.has_value() || recalled.error().code == ErrorCode::kNoSuchMessage);
    }
    if (round % 13 == thread) expect(mark_read(context, user, peer, context.now()).has_value());
    const auto page =
        read_history(context,
                     {.viewer = user, .peer = peer, .max_time = 0xffffffff, .max_rows = 10});
    expect(page.has_value());
    const auto list = read_list(context, {.user = user, .wants_empty = true});
    expect(list.has_value() && list->rows.size() <= 1);
  }
}

TEST_P(Concurrency, LeavesEverythingAsTheWatermarksSay) {
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (std::uint32_t thread = 0; thread < kThreads; ++thread)
    threads.emplace_back([&, thread] { live(town_.context(), thread, failures); });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(failures, 0);

  const auto all = all_messages();
  ASSERT_EQ(all.size(), std::size_t{kThreads} * kRounds);
  for (std::size_t i = 0; i < all.size(); ++i)
    ASSERT_EQ(all[i].message.position, i + 1) << "positions are not dense";
  for (const auto& [user, peer] : {std::pair("ann", "bob"), std::pair("bob", "ann")}) {
    check_history(user, peer, all);
    check_unread(user, peer, all);
    check_list(user, peer, all);
  }
}

constexpr std::uint32_t kSent = 600;

void send_all(Context context, std::atomic<int>& failures) {
  for (std::uint32_t i = 0; i < kSent; ++i) {
    const NewMessage message{.from = "bob", .to = "ann", .seq = i, .random = 1, .body = "[]"};
    if (!send_message(context, message)) ++failures;
  }
}

void reclaim_while(const std::atomic<bool>& going, Context context, std::atomic<int>& failures) {
  ReclaimCursor cursor;
  while (going) {
    if (!reclaim_step(context, cursor, 5)) ++failures;
  }
}

// E40, with a watcher: who has deleted and cleared, and is the only one to do so, sees nothing of
// before, whatever else is under way.
TEST_P(Concurrency, NothingOfBeforeAClearingIsEverSeenAfterIt) {
  std::atomic<bool> sending = true;
  std::atomic<int> failures = 0;
  std::thread sender([&] {
    send_all(town_.context(), failures);
    sending = false;
  });
  std::thread reclaimer([&] { reclaim_while(sending, town_.context(), failures); });
  auto context = town_.context();
  while (sending) {
    if (!delete_conversation(context, "ann", c2c_with("bob"), true)) ++failures;
    const auto cleared = view("ann", "bob").cleared_upto;
    const auto rows = town_.history("ann", "bob").rows;
    const bool shows_cleared = std::ranges::any_of(rows, [&](const HistoryRow& row) {
      return row.message.position <= cleared;
    });
    if (shows_cleared || town_.unread("ann", "bob") > kSent - cleared) ++failures;
  }
  sender.join();
  reclaimer.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(town_.history("bob", "ann").rows.size(), kSent);  // E17
}

INSTANTIATE_TEST_SUITE_P(Engines,
                         Concurrency,
                         ::testing::Values(Engine::kMemory, Engine::kRocks),
                         [](const auto& engine) { return std::string(engine_name(engine.param)); });

}  // namespace
}  // namespace confab::testing
