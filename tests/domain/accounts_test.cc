// The life of an account: what its deletion takes away, from whom, and what it costs (C4, C5, C7).
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "domain/contact_marks.h"
#include "domain/extensions.h"
#include "domain/groups.h"
#include "domain/members.h"
#include "domain/reclaim.h"
#include "store/typed.h"
#include "tests/domain/counting_store.h"
#include "tests/domain/town.h"

namespace confab::testing {
namespace {

class Account : public ::testing::TestWithParam<Engine> {
 protected:
  Account() : town_(GetParam()) {}

  void remove(const std::string& user) {
    auto context = town_.context();
    EXPECT_TRUE(delete_account(context, user));
    town_.world.settle();
  }

  void start_over(const std::string& user) {
    remove(user);
    town_.import(user);
  }

  std::size_t entries(const auto& keyspace) {
    std::size_t count = 0;
    auto context = town_.context();
    EXPECT_TRUE(read(context, [&](Txn& txn) {
      return scan_all_shards(txn, keyspace, {},
                             [&](auto, const auto&, const auto&, const auto&) { return ++count; });
    }));
    return count;
  }

  Town town_;
};

INSTANTIATE_TEST_SUITE_P(Engines,
                         Account,
                         ::testing::Values(Engine::kMemory, Engine::kAdverseMemory, Engine::kRocks),
                         [](const auto& each) { return std::string(engine_name(each.param)); });

TEST_P(Account, ImportedAgainSeesNothingOfItsFormerLife) {
  town_.send("bob", "ann");
  town_.send("ann", "bob");
  // Neither touches the list, so there may be no view that says where the former life ended.
  town_.send("bob", "ann", [](NewMessage& message) { message.refreshes_list = false; });
  town_.pin("ann", "bob", true);
  start_over("ann");
  EXPECT_TRUE(town_.list("ann").empty());
  EXPECT_TRUE(town_.history("ann", "bob").rows.empty());
  EXPECT_EQ(town_.unread("ann", "bob"), 0U);
  EXPECT_EQ(town_.list("bob").size(), 1U);
  EXPECT_EQ(town_.history("bob", "ann").rows.size(), 3U);
  EXPECT_EQ(town_.unread("bob", "ann"), 1U);

  town_.send("bob", "ann");
  town_.world.settle();
  EXPECT_EQ(town_.list("ann").size(), 1U);
  EXPECT_FALSE(town_.list("ann").front().pinned);
  EXPECT_EQ(town_.history("ann", "bob").rows.size(), 1U);
  EXPECT_EQ(town_.unread("ann", "bob"), 1U);
  EXPECT_EQ(town_.history("bob", "ann").rows.size(), 4U);
}

// Without a message in between, the timeline learns of two new generations at once.
TEST_P(Account, ManyLivesOfBothSides) {
  town_.send("bob", "ann");
  start_over("ann");
  start_over("ann");
  start_over("bob");
  EXPECT_TRUE(town_.history("bob", "ann").rows.empty());
  EXPECT_TRUE(town_.list("bob").empty());
  town_.send("ann", "bob");
  start_over("ann");
  EXPECT_TRUE(town_.history("ann", "bob").rows.empty());
  EXPECT_EQ(town_.history("bob", "ann").rows.size(), 1U);
  EXPECT_EQ(town_.unread("bob", "ann"), 1U);
}

// E12: one account is both sides.
TEST_P(Account, TheConversationWithOneselfGoes) {
  town_.send("ann", "ann");
  start_over("ann");
  EXPECT_TRUE(town_.history("ann", "ann").rows.empty());
  town_.send("ann", "ann");
  EXPECT_EQ(town_.history("ann", "ann").rows.size(), 1U);
}

TEST_P(Account, AMessageOfTheFormerLifeIsFoundWhileThePeerSeesIt) {
  const auto key = town_.send("ann", "bob");
  remove("ann");
  auto context = town_.context();
  EXPECT_TRUE(recall_message(context, "ann", "bob", key));
  start_over("bob");
  EXPECT_EQ(recall_message(context, "ann", "bob", key).error().code, ErrorCode::kBadFromAccount);
}

// B10: a party works on the extensions of what it sees; an admin on what anyone sees.
TEST_P(Account, ExtensionsOfTheFormerLifeAreNoneOfItsBusiness) {
  const auto key = town_.send("ann", "bob", [](NewMessage& message) { message.extensible = true; });
  auto context = town_.context();
  const MessageName ann{"ann", "bob", key, "ann"};
  EXPECT_TRUE(read_extensions(context, ann, 0));
  remove("ann");
  EXPECT_EQ(read_extensions(context, ann, 0).error().code, ErrorCode::kExtensionNoMessage);
  town_.import("ann");
  EXPECT_EQ(clear_extensions(context, ann).error().code, ErrorCode::kExtensionNoMessage);
  EXPECT_TRUE(read_extensions(context, {"ann", "bob", key, "bob"}, 0));
  EXPECT_TRUE(read_extensions(context, {"ann", "bob", key}, 0));
  town_.remove("bob", "ann", true);
  EXPECT_EQ(read_extensions(context, {"ann", "bob", key}, 0).error().code,
            ErrorCode::kExtensionNoMessage);
}

TEST_P(Account, DeletingConversationsOfAnEarlierLifeIsOverToo) {
  town_.send("bob", "ann");
  start_over("ann");
  town_.remove("ann", "bob", false);
  EXPECT_TRUE(town_.history("ann", "bob").rows.empty());
  town_.send("bob", "ann");
  EXPECT_EQ(town_.history("ann", "bob").rows.size(), 1U);
  EXPECT_EQ(town_.unread("ann", "bob"), 1U);
}

TEST_P(Account, ReclaimErasesWhatWasVoid) {
  const auto key = town_.send("ann", "bob", [](NewMessage& message) { message.extensible = true; });
  auto context = town_.context();
  const std::vector<ExtensionChange> changes{{.key = "k", .value = "v"},
                                             {.key = "l", .value = "w"}};
  EXPECT_TRUE(change_extensions(context, {"ann", "bob", key}, changes));
  town_.pin("ann", "bob", true);
  start_over("ann");
  EXPECT_EQ(town_.world.reclaim(), 0U);  // bob sees it
  EXPECT_EQ(entries(kExtensions), 2U);
  start_over("bob");
  EXPECT_EQ(town_.world.reclaim(), 1U);
  EXPECT_EQ(entries(kMessages), 0U);
  EXPECT_EQ(entries(kUnread), 0U);
  EXPECT_EQ(entries(kExtensions), 0U);
  EXPECT_EQ(entries(kExtensionHeads), 0U);
  EXPECT_EQ(entries(kViews), 0U);
}

TEST_P(Account, MarksAndConversationGroupsGo) {
  auto context = town_.context();
  const std::vector<Conversation> bob{c2c_with("bob")};
  EXPECT_TRUE(create_contact_group(context, "ann", "work", bob));
  const std::vector<MarkChange> star{{.conversation = bob.front(), .set = 1}};
  EXPECT_TRUE(mark_contacts(context, "ann", star));
  start_over("ann");
  const auto page = read_marks(context, "ann", 0).value();
  EXPECT_TRUE(page.contacts.empty());
  EXPECT_TRUE(page.groups.empty());
}

// The imports of a name that is gone, and deletions of one that is not there.
TEST_P(Account, OnlyImportedOnesCanBeDeletedOrKicked) {
  auto context = town_.context();
  EXPECT_EQ(delete_account(context, "eve").error().code, ErrorCode::kNoSuchAccountItem);
  EXPECT_EQ(kick_account(context, "eve").error().code, ErrorCode::kNoSuchAccountItem);
  remove("ann");
  EXPECT_EQ(delete_account(context, "ann").error().code, ErrorCode::kNoSuchAccountItem);
  EXPECT_EQ(kick_account(context, "ann").error().code, ErrorCode::kNoSuchAccountItem);
}

// A kick outlives the account: whoever has the name next did not make the old signatures.
TEST_P(Account, KicksAreRememberedThroughADeletion) {
  auto context = town_.context();
  EXPECT_EQ(last_kick(context, "ann").value(), 0);
  EXPECT_TRUE(kick_account(context, "ann"));
  const auto kicked = town_.world.clock.unix_seconds();
  town_.world.clock.set(kicked - 10);  // C7: it never gets weaker
  EXPECT_TRUE(kick_account(context, "ann"));
  EXPECT_EQ(last_kick(context, "ann").value(), kicked);
  start_over("ann");
  EXPECT_EQ(last_kick(context, "ann").value(), kicked);
}

// The group knows its members; a view that has not heard of the leaving must not keep the account.
TEST(AccountDeletion, EndsWhenAViewStillSaysMember) {
  Town town;
  auto context = town.context();
  EXPECT_TRUE(create_group(context, "admin", {.id = "g", .name = "g", .members = {{"bob"}}}));
  const auto timeline = group_timeline(context.app, "g");
  EXPECT_TRUE(write(context, timeline, {}, [&](Txn& txn) -> Status {
    erase(txn, kMembers, timeline, {1, "bob"});
    return {};
  }));
  EXPECT_TRUE(delete_account(context, "bob"));
}

TEST(AccountCost, ADeletionIsOneSmallWriteHoweverManyConversationsThereAre) {
  Town town;
  for (int i = 0; i < 300; ++i) {
    const auto peer = "peer" + std::to_string(i);
    town.import(peer);
    town.send(peer, "ann");
  }
  for (const auto* const user : {"ann", "bob"}) {
    CountingStore counting(town.world.store());
    auto context = town.context();
    Context counted{.store = counting,
                    .clock = context.clock,
                    .random = context.random,
                    .limits = context.limits,
                    .app = context.app};
    EXPECT_TRUE(delete_account(counted, user));
    EXPECT_EQ(counting.cost.writes, 1U) << user;
    EXPECT_EQ(counting.cost.gets, 3U) << user;  // the account, each time
    EXPECT_EQ(counting.cost.others_scanned, 0U) << user;
    EXPECT_LT(counting.cost.bytes_written, 40U) << user;
  }
}

}  // namespace
}  // namespace confab::testing
