// Nobody can tell by any answer of the REST API whether reclaim has run.
#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace confab::testing {
namespace {

const std::vector<std::string> kUsers{"ann", "bob", "cleo", "dan"};
constexpr int kAllAssistFlags = 8;  // every combination of the bits

class ReclaimUnseen : public ::testing::TestWithParam<Engine> {
 protected:
  ReclaimUnseen() {
    for (const auto& user : kUsers)
      accepted("im_open_login_svc/account_import", fmt::format(R"({{"UserID":"{}"}})", user));
  }

  void accepted(std::string_view command, const std::string& body) {
    EXPECT_TRUE(world_.call(command, body).contains(R"("ErrorCode":0,)")) << command << body;
  }

  void send(std::string_view from, std::string_view to) {
    ++seq_;
    accepted(
        "openim/sendmsg",
        fmt::format(
            R"({{"From_Account":"{}","To_Account":"{}","MsgSeq":{},"MsgRandom":{},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"m{}"}}}}]}})",
            from, to, seq_, seq_, seq_));
  }

  void talk(std::string_view one, std::string_view other, int messages) {
    for (int i = 0; i < messages; ++i) {
      i % 2 == 0 ? send(one, other) : send(other, one);
      world_.clock.advance(1);
    }
  }

  void remove(std::string_view user, std::string_view peer, int clear) {
    accepted("recentcontact/delete",
             fmt::format(R"({{"From_Account":"{}","Type":1,"To_Account":"{}","ClearRamble":{}}})",
                         user, peer, clear));
  }

  void pin(std::string_view user, std::string_view peer) {
    accepted(
        "recentcontact/top",
        fmt::format(
            R"({{"From_Account":"{}","OperationType":1,"RecentContactItem":[{{"Type":1,"To_Account":"{}"}}]}})",
            user, peer));
  }

  void read(std::string_view user, std::string_view peer) {
    accepted("openim/admin_set_msg_read",
             fmt::format(R"({{"Report_Account":"{}","Peer_Account":"{}"}})", user, peer));
  }

  void recall_last(std::string_view from, std::string_view to) {
    accepted("openim/admin_msgwithdraw",
             fmt::format(R"({{"From_Account":"{}","To_Account":"{}","MsgKey":"{}_{}_{}"}})", from,
                         to, seq_, seq_, world_.clock.unix_seconds()));
  }

  /// What every reading command answers now, each with what was asked.
  std::vector<std::string> answers() {
    std::vector<std::string> all;
    const auto ask = [&](std::string_view command, const std::string& body) {
      all.push_back(fmt::format("{} {} {}", command, body, world_.call(command, body)));
      EXPECT_TRUE(all.back().contains(R"("ErrorCode":0,)")) << all.back();
    };
    for (const auto& user : kUsers) {
      for (int flags = 0; flags < kAllAssistFlags; ++flags) {
        ask("recentcontact/get_list",
            fmt::format(
                R"({{"From_Account":"{}","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":{}}})",
                user, flags));
      }
      ask("openim/get_c2c_unread_msg_num", fmt::format(R"({{"To_Account":"{}"}})", user));
      for (const auto& peer : kUsers) {
        if (peer != user) ask_about(user, peer, ask);
      }
    }
    return all;
  }

  void expect_unseen(std::size_t erased) {
    world_.settle();
    const auto before = answers();
    EXPECT_EQ(world_.reclaim(3), erased);
    EXPECT_EQ(answers(), before);
    world_.restart();
    EXPECT_EQ(answers(), before);
  }

  World world_{WorldOptions{.engine = GetParam(), .rates = {.documented = false, .overrides = {}}}};

 private:
  template <typename Ask>
  void ask_about(const std::string& user, const std::string& peer, const Ask& ask) {
    ask("openim/get_c2c_unread_msg_num",
        fmt::format(R"({{"To_Account":"{}","Peer_Account":["{}"]}})", user, peer));
    for (const int count : {1, 3, 100}) {
      for (const auto until : {World::kStart + 5, World::kStart + 1'000'000}) {
        ask("openim/admin_getroammsg",
            fmt::format(
                R"({{"Operator_Account":"{}","Peer_Account":"{}","MaxCnt":{},"MinTime":0,"MaxTime":{}}})",
                user, peer, count, until));
      }
    }
  }

  int seq_ = 0;
};

TEST_P(ReclaimUnseen, OfWhatBothSidesCleared) {
  talk("ann", "bob", 20);
  talk("cleo", "ann", 6);
  talk("dan", "ann", 5);
  remove("ann", "bob", 1);
  remove("bob", "ann", 1);
  talk("ann", "bob", 3);
  remove("bob", "ann", 1);   // ann still sees these
  remove("cleo", "ann", 1);  // and these
  remove("dan", "ann", 0);   // a deletion that keeps the history
  pin("ann", "cleo");
  pin("bob", "ann");
  read("ann", "dan");
  expect_unseen(20);
}

TEST_P(ReclaimUnseen, OfRecalledAndBackdatedMessages) {
  talk("ann", "bob", 4);
  send("ann", "bob");
  recall_last("ann", "bob");
  world_.clock.advance(-3);
  send("bob", "ann");  // older than the newest, stored before the clearing
  remove("ann", "bob", 1);
  remove("bob", "ann", 1);
  world_.clock.advance(-1);
  send("ann", "bob");       // older, too, but stored after it
  remove("bob", "ann", 1);  // ann still sees that one
  expect_unseen(6);
}

TEST_P(ReclaimUnseen, OfWhatHasExpired) {
  talk("ann", "bob", 7);
  talk("cleo", "ann", 3);
  pin("ann", "bob");
  remove("cleo", "ann", 0);
  world_.clock.advance(world_.limits.roaming_period - 5);
  expect_unseen(6);  // one second more, and it would be the seventh, too
  world_.clock.advance(world_.limits.roaming_period);
  expect_unseen(4);
}

INSTANTIATE_TEST_SUITE_P(Engines,
                         ReclaimUnseen,
                         ::testing::Values(Engine::kMemory, Engine::kAdverseMemory, Engine::kRocks),
                         [](const auto& engine) { return std::string(engine_name(engine.param)); });

}  // namespace
}  // namespace confab::testing
