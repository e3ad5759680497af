// What operations cost, counted in store operations: E45's "one small write, whatever the history".
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/reclaim.h"
#include "tests/domain/cost_fixture.h"

namespace confab::testing {
namespace {

class Cost : public CostFixture {
 protected:
  StoreCost cost_of_delete(const std::string& owner, const std::string& peer, bool clear) {
    return cost_of([&](Context& context) {
      return delete_conversation(context, owner, c2c_with(peer), clear);
    });
  }

  StoreCost cost_of_send(const std::string& from, const std::string& to) {
    return cost_of([&](Context& context) {
      return send_message(context, {.from = from, .to = to, .seq = 1, .random = 99, .body = "[]"});
    });
  }

  StoreCost cost_of_history(const std::string& viewer, const std::string& peer) {
    return cost_of([&](Context& context) {
      return read_history(context,
                          {.viewer = viewer, .peer = peer, .max_time = 0xffffffff, .max_rows = 20});
    });
  }

  StoreCost cost_of_unread(const std::string& user, const std::string& peer) {
    return cost_of([&](Context& context) {
      return unread_by_peer(context, user, std::vector<std::string>{peer});
    });
  }

  StoreCost cost_of_list(const std::string& user, bool wants_empty) {
    return cost_of([&](Context& context) {
      return read_list(context, {.user = user, .wants_empty = wants_empty});
    });
  }

  /// `peer` writes to ann until the conversation has `count` messages.
  void fill(const std::string& peer, std::size_t count) {
    town_.import(peer);
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 50 == 0) town_.world.clock.advance(1);
      town_.send(peer, "ann");
    }
  }
};

/// Each of the same length, so that keys have the same size.
struct History {
  std::string peer;
  std::size_t messages;
};
const std::vector<History>& histories() {
  static const std::vector<History> kHistories{{"peer1", 10}, {"peer2", 1'000}, {"peer3", 20'000}};
  return kHistories;
}

/// Compares all but the bytes, which vary with the numbers written.
void expect_cost(StoreCost actual, const StoreCost& expected, std::size_t bytes_below) {
  EXPECT_LT(actual.bytes_written, bytes_below);
  actual.bytes_written = 0;
  EXPECT_EQ(actual, expected);
}

TEST_F(Cost, DeletingIsOneSmallWriteWhateverTheHistory) {
  for (const auto& [peer, messages] : histories()) {
    SCOPED_TRACE(messages);
    fill(peer, messages);
    for (const bool clear : {false, true}) {
      // Reads account, view and head.
      expect_cost(cost_of_delete("ann", peer, clear), {.transactions = 1, .gets = 3, .writes = 1},
                  60);
    }
  }
}

TEST_F(Cost, DeletingAgainWritesNothing) {
  fill("peer1", 10);
  cost_of_delete("ann", "peer1", true);
  EXPECT_EQ(cost_of_delete("ann", "peer1", true).writes, 0U);
}

TEST_F(Cost, SendingTouchesAFixedNumberOfEntries) {
  for (const auto& [peer, messages] : histories()) {
    SCOPED_TRACE(messages);
    fill(peer, messages);
    // Reads two accounts, the head, a message of the same key; writes head, message, unread key and
    // two refreshes.
    expect_cost(cost_of_send(peer, "ann"), {.transactions = 1, .gets = 4, .writes = 5}, 300);
  }
}

TEST_F(Cost, HistoryLooksAtNoMoreThanItsPage) {
  for (const auto& [peer, messages] : histories()) {
    fill(peer, messages);
    EXPECT_LE(cost_of_history("ann", peer).messages_scanned, 21U) << messages;
  }
}

// Beside the new rows, the read sees only those of the clearing's own second.
TEST_F(Cost, HistoryAfterAClearingDoesNotWalkWhatWasCleared) {
  for (const auto& [peer, messages] : histories()) {
    fill(peer, messages);
    cost_of_delete("ann", peer, true);
    town_.world.clock.advance(5);
    for (int i = 0; i < 3; ++i)
      town_.send(peer, "ann");
    const auto cost = cost_of_history("ann", peer);
    EXPECT_LE(cost.messages_scanned, 50U + 3U) << messages;
    EXPECT_EQ(cost.others_scanned, 0U) << messages;
    EXPECT_LE(cost.gets, 5U) << messages;
  }
}

// D21.
TEST_F(Cost, AnUnreadCountLooksAtNoMoreKeysThanItCanCount) {
  for (const auto& [peer, messages] : histories()) {
    fill(peer, messages);
    const auto cost = cost_of_unread("ann", peer);
    EXPECT_EQ(cost.messages_scanned, 0U);
    EXPECT_LE(cost.others_scanned, 251U) << messages;
    EXPECT_EQ(town_.unread("ann", peer), std::min<std::size_t>(messages, 250));
  }
}

// The count and the mark after a deletion start above it.
TEST_F(Cost, AnUnreadCountAfterADeletionLooksAtNewKeysOnly) {
  fill("peer3", 20'000);
  cost_of_delete("ann", "peer3", false);
  town_.send("peer3", "ann");
  EXPECT_EQ(cost_of_unread("ann", "peer3").others_scanned, 1U);
}

TEST_F(Cost, AReadMarkIsOneWrite) {
  fill("peer3", 20'000);
  const auto cost =
      cost_of([&](Context& context) { return mark_read(context, "ann", "peer3", context.now()); });
  EXPECT_EQ(cost.writes, 1U);
  EXPECT_LE(cost.others_scanned, 1U);
  EXPECT_EQ(town_.unread("ann", "peer3"), 0U);
}

TEST_F(Cost, AListReadsNoMessagesOfListedEntries) {
  for (int i = 0; i < 50; ++i)
    fill("peer" + std::to_string(100 + i), 20);
  for (const bool wants_empty : {false, true}) {
    const auto cost = cost_of_list("ann", wants_empty);
    EXPECT_EQ(cost.messages_scanned, 0U);
    EXPECT_EQ(cost.others_scanned, 50U);  // the views
    EXPECT_EQ(cost.gets, 1U);             // the account
  }
}

// Only where nothing but the pin keeps the entry, a message is looked for.
TEST_F(Cost, AListLooksForOneMessageOfAnEntryThatOnlyItsPinKeeps) {
  fill("peer2", 1'000);
  cost_of_delete("ann", "peer2", false);
  town_.pin("ann", "peer2", true);
  EXPECT_EQ(cost_of_list("ann", false).messages_scanned, 1U);
}

TEST_F(Cost, ReclaimOfAClearedHistoryDoesNotComeBackToWhatIsLeft) {
  fill("peer2", 1'000);
  cost_of_delete("ann", "peer2", true);
  const auto sweep = [&] {
    return cost_of([&](Context& context) {
      ReclaimCursor cursor;
      return reclaim_step(context, cursor, 100'000);
    });
  };
  sweep();
  EXPECT_LE(sweep().messages_scanned, 1U);
}

}  // namespace
}  // namespace confab::testing
