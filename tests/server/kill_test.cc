// kill -9 of the real program under load: whatever it acknowledged is there after the next start,
// and nothing is half-done.
#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/server/killed_program.h"

namespace confab::testing {
namespace {

/// Conversations that are looked at again after each kill; all of them at the end.
constexpr std::size_t kChecked = 3 * std::size_t{kClients};

/// One user's side of a conversation.
struct Member {
  std::string name;
  int cleared_upto = 0;              // MsgSeq before the last acknowledged clearing
  std::optional<int> clearing_upto;  // the same, on its way when the program died
};

/// A conversation of two users of its own: what a client did in it, and how far that was
/// acknowledged. What both clear is reclaimed.
struct Conversation {
  Member writer;
  Member reader;
  std::set<int> sent;          // acknowledged MsgSeqs
  std::optional<int> sending;  // on its way when the program died
};

bool clear(Caller& caller, Member& who, const Member& peer, int upto) {
  who.clearing_upto = upto;
  const auto body = pair_body(who.name, peer.name, R"("Type":1,"ClearRamble":1)");
  if (!is_ok(caller.call("recentcontact/delete", body))) return false;
  who.cleared_upto = upto;
  who.clearing_upto.reset();
  return true;
}

void play(const Program& program, Conversation& c, unsigned seed, Progress& progress) {
  std::mt19937 random(seed);
  Caller caller(program);
  for (int seq = 1; seq <= 200; ++seq) {  // unread counts end at 250
    c.sending = seq;
    const auto body = message_body(c.writer.name, c.reader.name, seq);
    if (!is_ok(caller.call("openim/sendmsg", body))) break;
    c.sent.insert(seq);
    c.sending.reset();
    progress.add();
    if (random() % 8 == 0) {
      if (!clear(caller, c.writer, c.reader, seq)) break;
      progress.add();
    }
    if (random() % 16 == 0) {
      if (!clear(caller, c.reader, c.writer, seq)) break;
      progress.add();
    }
  }
  progress.end();
}

std::set<int> above(const std::set<int>& seqs, int floor) {
  return {seqs.upper_bound(floor), seqs.end()};
}

/// What `who` sees is what came after the acknowledged clearing or the one on its way.
void expect_sees(const Member& who, const std::set<int>& seen, const std::set<int>& all) {
  const bool late = who.clearing_upto && seen == above(all, *who.clearing_upto);
  EXPECT_TRUE(late || seen == above(all, who.cleared_upto))
      << who.name << " sees " << seen.size() << " of " << all.size() << ", cleared up to "
      << who.cleared_upto;
}

void check(Caller& caller, const Conversation& c) {
  const auto& [writer, reader, sent, sending] = c;
  SCOPED_TRACE(writer.name);
  // Acknowledged means present; what was on its way is there or not, but whole.
  const auto read = history(caller, reader.name, writer.name);
  const auto written = history(caller, writer.name, reader.name);
  auto all = sent;
  if (sending && read.contains(*sending)) all.insert(*sending);
  expect_sees(reader, read, all);
  expect_sees(writer, written, all);

  // What belongs to a change is there with it: the count, and the entries of both lists.
  const auto unread = caller.call("openim/get_c2c_unread_msg_num",
                                  R"({"To_Account":")" + reader.name + R"(","Peer_Account":[")" +
                                      writer.name + R"("]})");
  EXPECT_NE(unread.value_or("").find(R"("C2CUnreadMsgNum":)" + std::to_string(read.size()) + '}'),
            std::string::npos)
      << unread.value_or("");
  EXPECT_EQ(lists(caller, reader.name, writer.name), !read.empty());
  EXPECT_EQ(lists(caller, writer.name, reader.name), !written.empty());
}

TEST(KillHard, LosesNothingAcknowledged) {
  const TemporaryDirectory directory;
  const auto data_dir = (directory.path() / "data").string();
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));

  std::vector<Conversation> all;
  for (int round = 0; round < kill_rounds(5); ++round) {
    Program program(data_dir, reclaiming());
    ASSERT_NE(program.port(), 0);
    Caller caller(program);
    for (auto i = all.size() - std::min(all.size(), kChecked); i < all.size(); ++i)
      check(caller, all[i]);

    std::array<Conversation, kClients> conversations;
    for (int i = 0; i < kClients; ++i) {
      const auto name = std::to_string(round) + '_' + std::to_string(i);
      conversations[static_cast<std::size_t>(i)].writer.name = "w" + name;
      conversations[static_cast<std::size_t>(i)].reader.name = "r" + name;
      ASSERT_TRUE(is_ok(caller.call("im_open_login_svc/multiaccount_import",
                                    R"({"Accounts":["w)" + name + R"(","r)" + name + R"("]})")));
    }

    Progress progress;
    std::vector<std::thread> clients;
    for (auto& conversation : conversations)
      clients.emplace_back(play, std::cref(program), std::ref(conversation), random(),
                           std::ref(progress));
    progress.wait_for(100 + static_cast<int>(random() % 600));
    program.kill_hard();
    for (auto& client : clients)
      client.join();
    all.insert(all.end(), conversations.begin(), conversations.end());
  }
  Program program(data_dir, reclaiming());
  ASSERT_NE(program.port(), 0);
  Caller caller(program);
  for (const auto& conversation : all)
    check(caller, conversation);
}

}  // namespace
}  // namespace confab::testing
