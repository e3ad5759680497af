// What explain_conversation and see_history say, against what clients are answered.
#include "domain/explain.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/domain/town.h"

namespace confab::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Explain : public ::testing::Test {
 protected:
  Explanation explain(const std::string& user, const Conversation& conversation) {
    auto context = town_.context();
    const auto explanation = explain_conversation(context, user, conversation);
    EXPECT_TRUE(explanation) << explanation.error().detail;
    return explanation.value_or(Explanation{});
  }
  Explanation explain() { return explain("bob", c2c_with("ann")); }

  SeenPage see(const std::string& user,
               const Conversation& conversation,
               const std::string& before = {},
               std::size_t limit = 500) {
    auto context = town_.context();
    const auto page = see_history(context, {user, conversation, before, limit});
    EXPECT_TRUE(page) << page.error().detail;
    return page.value_or(SeenPage{});
  }
  SeenPage see() { return see("bob", c2c_with("ann")); }

  static std::vector<std::string> rules(const std::vector<Reason>& reasons) {
    std::vector<std::string> out;
    for (const auto& reason : reasons)
      out.emplace_back(reason.rule);
    return out;
  }

  std::string fact(const Explanation& explanation, std::string_view name) {
    const auto found = std::ranges::find(explanation.facts, name, &Fact::name);
    return found == explanation.facts.end() ? "no such fact" : found->value;
  }

  Town town_;
};

TEST_F(Explain, WhatNobodyEverWroteInIsNotListed) {
  const auto explanation = explain();
  EXPECT_FALSE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("D2"));
  EXPECT_EQ(explanation.unread, 0U);
  EXPECT_THAT(see().rows, IsEmpty());
}

TEST_F(Explain, AMessageListsItAndCounts) {
  town_.send("ann", "bob");
  const auto explanation = explain();
  EXPECT_TRUE(explanation.listed);
  EXPECT_THAT(explanation.why_listed,
              ElementsAre(Reason{"D3", "Message 1 of 2023-11-14T22:13:20Z keeps it in the list."}));
  EXPECT_EQ(explanation.unread, 1U);
  EXPECT_EQ(fact(explanation, "newest message"), "1");
  const auto page = see();
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_TRUE(page.rows[0].visible);
  EXPECT_TRUE(page.rows[0].unread);
  EXPECT_EQ(page.rows[0].from, "ann");
  EXPECT_EQ(page.rows[0].key, "1_7_1700000000");
  EXPECT_THAT(page.rows[0].reasons, IsEmpty());
  // For who sent it, it is not unread, and there is nothing to say.
  const auto own = see("ann", c2c_with("bob"));
  EXPECT_FALSE(own.rows[0].unread);
  EXPECT_THAT(own.rows[0].reasons, IsEmpty());
}

TEST_F(Explain, ADeletionIsNamedWithWhatItReached) {
  town_.send("ann", "bob");
  town_.remove("bob", "ann", false);
  auto explanation = explain();
  EXPECT_FALSE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("E14"));
  EXPECT_THAT(rules(explanation.why_unread), ElementsAre("E23", "D20"));
  EXPECT_EQ(fact(explanation, "deleted up to"), "1");
  EXPECT_EQ(fact(explanation, "cleared up to"), "0");
  EXPECT_TRUE(see().rows[0].visible) << "E15: the history stays";
  EXPECT_THAT(rules(see().rows[0].reasons), ElementsAre("E23"));

  town_.send("ann", "bob");
  explanation = explain();
  EXPECT_TRUE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("E30"));
  EXPECT_EQ(explanation.unread, 1U);
}

TEST_F(Explain, AClearingHidesForItsUserAlone) {
  town_.send("ann", "bob");
  town_.remove("bob", "ann", true);
  const auto row = see().rows.at(0);
  EXPECT_FALSE(row.visible);
  EXPECT_THAT(rules(row.reasons), ElementsAre("E16", "E23"));
  const auto peers = see("ann", c2c_with("bob")).rows.at(0);
  EXPECT_TRUE(peers.visible);
  EXPECT_THAT(peers.reasons, IsEmpty());
}

TEST_F(Explain, AReadMarkIsNamed) {
  town_.send("ann", "bob");
  town_.send("ann", "bob");
  town_.read("bob", "ann", World::kStart);
  town_.send("ann", "bob");
  const auto explanation = explain();
  EXPECT_EQ(explanation.unread, 1U);
  EXPECT_THAT(rules(explanation.why_unread), ElementsAre("D23", "D20"));
  EXPECT_EQ(fact(explanation, "read up to"), "2");
  const auto rows = see().rows;
  EXPECT_THAT(rules(rows.at(1).reasons), ElementsAre("D23"));
  EXPECT_TRUE(rows.at(0).unread);
}

TEST_F(Explain, ExpiryAndPinAreNamed) {
  town_.send("ann", "bob");
  town_.world.clock.advance(town_.world.limits.roaming_period);
  auto explanation = explain();
  EXPECT_FALSE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("D9"));
  EXPECT_THAT(rules(see().rows.at(0).reasons), Contains("G19"));
  town_.pin("bob", "ann", true);
  explanation = explain();
  EXPECT_TRUE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("D10", "D9", "D16"));
}

TEST_F(Explain, WhatTheCapPushesOutIsNamed) {
  town_.world.limits.list_cap = 1;
  town_.import("carl");
  town_.send("ann", "bob");
  town_.world.clock.advance(1);
  town_.send("carl", "bob");
  const auto explanation = explain();
  EXPECT_FALSE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("D3", "D8"));
}

TEST_F(Explain, WhatDoesNotCountIsNamed) {
  town_.send("ann", "bob", [](NewMessage& m) { m.counts_as_unread = false; });
  town_.send("ann", "bob", [](NewMessage& m) { m.hidden_from_sender = true; });
  EXPECT_THAT(rules(see().rows.at(1).reasons), ElementsAre("D20"));
  const auto own = see("ann", c2c_with("bob")).rows;
  EXPECT_FALSE(own.at(0).visible);
  EXPECT_THAT(rules(own.at(0).reasons), ElementsAre("G11"));
}

TEST_F(Explain, ARecalledMessageIsSeenAsRecalled) {
  const auto key = town_.send("ann", "bob");
  auto context = town_.context();
  ASSERT_TRUE(recall_message(context, "ann", "bob", key));
  const auto row = see().rows.at(0);
  EXPECT_TRUE(row.recalled);
  EXPECT_TRUE(row.visible) << "G17";
  EXPECT_FALSE(row.unread) << "D24";
}

TEST_F(Explain, PagesGoFromNewToOldWithoutGapOrRepetition) {
  for (int i = 0; i < 7; ++i)
    town_.send(i % 2 == 0 ? "ann" : "bob", i % 2 == 0 ? "bob" : "ann");
  std::vector<Position> seen;
  std::string before;
  for (bool complete = false; !complete;) {
    const auto page = see("bob", c2c_with("ann"), before, 3);
    for (const auto& row : page.rows)
      seen.push_back(row.position);
    complete = page.complete;
    before = page.rows.back().cursor;
  }
  EXPECT_THAT(seen, ElementsAre(7, 6, 5, 4, 3, 2, 1));
}

TEST_F(Explain, ABadCursorIsNamed) {
  auto context = town_.context();
  for (const auto* bad : {"x", "1_2_3", "1_2_3_2", "_0"}) {
    const auto page = see_history(context, {"bob", c2c_with("ann"), bad, 1});
    ASSERT_FALSE(page) << bad;
    EXPECT_EQ(page.error().code, ErrorCode::kInvalidField);
    EXPECT_THAT(page.error().detail, HasSubstr(bad));
  }
  EXPECT_FALSE(see_history(context, {"bob", group_conversation("g"), "1x", 1}));
}

TEST_F(Explain, WhoIsNotImportedHasNoSide) {
  auto context = town_.context();
  const auto explanation = explain_conversation(context, "nobody", c2c_with("ann"));
  ASSERT_FALSE(explanation);
  EXPECT_EQ(explanation.error().code, ErrorCode::kContactNoAccount);
  EXPECT_FALSE(see_history(context, {"nobody", c2c_with("ann"), "", 1}));
}

TEST_F(Explain, AnAccountMadeAgainSeesNothingOfItsFormerLife) {
  town_.send("ann", "bob");
  auto context = town_.context();
  ASSERT_TRUE(delete_account(context, "bob"));
  town_.import("bob");
  EXPECT_FALSE(explain().listed);
  const auto row = see().rows.at(0);
  EXPECT_FALSE(row.visible);
  EXPECT_THAT(rules(row.reasons), Contains("E16"));
}

class ExplainGroup : public Explain {
 protected:
  ExplainGroup() {
    call("group_open_http_svc/create_group",
         R"({"GroupId":"g","Type":"Public","Name":"g","Owner_Account":"ann"})");
    say("before bob joined");
    call("group_open_http_svc/add_group_member",
         R"({"GroupId":"g","MemberList":[{"Member_Account":"bob"}]})");
  }

  void call(const std::string& command, const std::string& body) {
    EXPECT_THAT(town_.world.call(command, body), HasSubstr(R"("ErrorCode":0)"));
  }
  void say(const std::string& text, const std::string& more = {}) {
    call("group_open_http_svc/send_group_msg",
         R"({"GroupId":"g","From_Account":"ann","Random":)" + std::to_string(++random_) +
             R"(,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":")" + text + R"("}}])" +
             more + "}");
  }
  /// What counts as unread one by one is what is counted.
  Explanation explain_group() {
    const auto explanation = explain("bob", group_conversation("g"));
    const auto unread = std::ranges::count_if(rows(), &SeenMessage::unread);
    EXPECT_EQ(static_cast<std::uint64_t>(unread), explanation.unread);
    return explanation;
  }
  std::vector<SeenMessage> rows() { return see("bob", group_conversation("g")).rows; }

 private:
  int random_ = 0;
};

TEST_F(ExplainGroup, AMemberSeesAndCountsWhatFollowsItsJoining) {
  say("hello");
  const auto explanation = explain_group();
  EXPECT_TRUE(explanation.listed);
  EXPECT_EQ(explanation.unread, 1U);
  EXPECT_EQ(fact(explanation, "member"), "yes");
  const auto seen = rows();
  EXPECT_TRUE(seen.front().unread);
  EXPECT_TRUE(seen.front().visible);
  EXPECT_FALSE(seen.back().visible);
  EXPECT_THAT(seen.back().reasons, ElementsAre(Field(&Reason::text, HasSubstr("joined after"))));
}

TEST_F(ExplainGroup, DeletingIsNamedForItsUserAlone) {
  say("hello");
  call("recentcontact/delete",
       R"({"From_Account":"bob","Type":2,"ToGroupid":"g","ClearRamble":1})");
  const auto explanation = explain_group();
  EXPECT_FALSE(explanation.listed);
  EXPECT_THAT(rules(explanation.why_listed), ElementsAre("E14"));
  EXPECT_THAT(rules(explanation.why_unread), Contains("E24"));
  EXPECT_THAT(rules(rows().front().reasons), ElementsAre("E16"));
  EXPECT_TRUE(explain("ann", group_conversation("g")).listed);
}

TEST_F(ExplainGroup, RecallsAndTargetsAreNamed) {
  call("im_open_login_svc/account_import", R"({"UserID":"carl"})");
  call("group_open_http_svc/add_group_member",
       R"({"GroupId":"g","MemberList":[{"Member_Account":"carl"}]})");
  say("for carl", R"(,"To_Account":["carl"])");
  EXPECT_FALSE(rows().front().visible);
  EXPECT_THAT(rules(rows().front().reasons), ElementsAre("D4"));
  say("oops");
  const auto before = explain_group().unread;
  const auto seq = std::to_string(rows().front().position);
  call("group_open_http_svc/group_msg_recall",
       R"({"GroupId":"g","MsgSeqList":[{"MsgSeq":)" + seq + "}]}");
  EXPECT_EQ(explain_group().unread, before - 1);
  EXPECT_THAT(rules(explain_group().why_unread), Contains("D24"));
  EXPECT_TRUE(rows().front().recalled);
}

TEST_F(ExplainGroup, WhoLeftSeesWhatWasBefore) {
  say("hello");
  call("group_open_http_svc/delete_group_member",
       R"({"GroupId":"g","MemberToDel_Account":["bob"]})");
  say("without bob");
  const auto seen = rows();
  EXPECT_FALSE(seen.front().visible);
  EXPECT_THAT(seen.front().reasons, ElementsAre(Field(&Reason::text, HasSubstr("left after"))));
  EXPECT_EQ(fact(explain_group(), "member"), "no");
  EXPECT_TRUE(explain_group().listed) << "D28";
}

TEST_F(ExplainGroup, PagesGoByMsgSeq) {
  for (int i = 0; i < 5; ++i)
    say("hello");
  const auto all = rows();
  const auto page = see("bob", group_conversation("g"), all.at(1).cursor, 2);
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].position, all.at(2).position);
  EXPECT_FALSE(page.complete);
}

/// Whatever happened, what is said is what clients are answered.
class ExplainAnything : public Explain {
 protected:
  /// Something at random.
  void act() {
    const auto& from = users_[pick(3)];
    const auto& to = users_[pick(3)];
    switch (pick(8)) {
      case 0:
        return town_.remove(from, to, pick(2) == 0);
      case 1:
        return town_.read(from, to,
                          town_.world.clock.unix_seconds() - static_cast<Seconds>(pick(3)));
      case 2:
        return town_.pin(from, to, pick(2) == 0);
      case 3:
        return town_.world.clock.advance(static_cast<Seconds>(pick(100'000)));
      default:
        town_.send(from, to, [&](NewMessage& m) {
          m.counts_as_unread = pick(4) != 0;
          m.refreshes_list = pick(4) != 0;
          m.hidden_from_sender = pick(4) == 0;
        });
    }
  }

  void expect_agreement(const std::string& user, const std::string& peer) {
    const auto explanation = explain(user, c2c_with(peer));
    const bool is_listed = std::ranges::any_of(town_.list(user), [&](const ListRow& row) {
      return row.conversation == c2c_with(peer);
    });
    EXPECT_EQ(explanation.listed, is_listed);
    EXPECT_EQ(explanation.unread, town_.unread(user, peer));
    EXPECT_FALSE(explanation.why_listed.empty());
    EXPECT_FALSE(explanation.why_unread.empty());

    std::vector<std::string> visible;
    std::size_t unread = 0;
    for (const auto& row : see(user, c2c_with(peer)).rows) {
      unread += row.unread ? 1U : 0U;
      if (row.visible) visible.push_back(row.key);
      EXPECT_TRUE(row.visible || !row.reasons.empty()) << "hidden without a reason";
    }
    std::vector<std::string> answered;
    for (const auto& row : town_.history(user, peer).rows)
      answered.push_back(format_message_key(row.key));
    EXPECT_THAT(visible, ::testing::UnorderedElementsAreArray(answered));
    EXPECT_EQ(unread, explanation.unread);
    shown_ += visible.size();
  }

  std::size_t pick(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }

  const std::vector<std::string> users_{"ann", "bob", "carl"};
  std::mt19937 random_{7};
  std::size_t shown_ = 0;
};

TEST_F(ExplainAnything, AgreesWithTheAnswers) {
  town_.import("carl");
  for (int step = 0; step < 400 && !HasFailure(); ++step) {
    act();
    for (const auto& user : users_) {
      for (const auto& peer : users_) {
        SCOPED_TRACE(user + " with " + peer + " after step " + std::to_string(step));
        expect_agreement(user, peer);
      }
    }
  }
  EXPECT_GT(shown_, 100U);
}

TEST(ListAccounts, GoesByNameInPages) {
  Town town;
  for (const auto* user : {"zoe", "carl", "a"})
    town.import(user);
  auto context = town.context();
  ASSERT_TRUE(delete_account(context, "carl"));
  std::vector<std::string> names;
  std::string after;
  for (bool complete = false; !complete;) {
    const auto page = list_accounts(context, after, 2).value();
    for (const auto& row : page.rows)
      names.push_back(row.user);
    complete = page.complete;
    if (!page.rows.empty()) after = page.rows.back().user;
  }
  EXPECT_THAT(names, ElementsAre("a", "admin", "administrator", "ann", "bob", "zoe"));
  auto other = town.world.context(World::kOtherApp);
  EXPECT_EQ(list_accounts(other, "", 10).value().rows.size(), 1U) << "accounts belong to their app";
}

}  // namespace
}  // namespace confab::testing
