// kill -9 of the real program under load: whatever it acknowledged is there after the next start,
// and nothing is half-done.
#include <array>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "api/json.h"
#include "tests/net/client.h"
#include "tests/server/child.h"

namespace confab::testing {
namespace {

constexpr int kRounds = 6;
constexpr int kClients = 6;

/// Counts acknowledged calls and wakes whoever waits for a number of them.
class Progress {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++calls_;
    changed_.notify_all();
  }
  void end() {
    const std::lock_guard lock(mutex_);
    ++ended_;
    changed_.notify_all();
  }
  void wait_for(int calls) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_ >= calls || ended_ == kClients; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int calls_ = 0;
  int ended_ = 0;
};

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

  std::uint16_t port() const { return port_; }
  std::string target(const std::string& command) const { return "/v4/" + command + query_; }

  void kill_hard() {
    child_.send_signal(SIGKILL);
    child_.wait();
  }

 private:
  Child child_;
  std::uint16_t port_ = 0;
  std::string query_;
};

/// Calls over one kept connection; nothing once the program has gone.
class Caller {
 public:
  explicit Caller(const Program& program) : program_(program), client_(program.port()) {}

  std::optional<std::string> call(const std::string& command, const std::string& body) {
    if (!client_.send(test::post(program_.target(command), body))) return std::nullopt;
    auto reply = client_.read_reply();
    if (reply.status != 200) return std::nullopt;
    return std::move(reply.body);
  }

 private:
  const Program& program_;
  test::Client client_;
};

bool is_ok(const std::optional<std::string>& answer) {
  return answer && answer->find(R"("ErrorCode":0)") != std::string::npos;
}

std::string pair_body(const std::string& from, const std::string& to, const std::string& more) {
  return R"({"From_Account":")" + from + R"(","To_Account":")" + to + "\"," + more + '}';
}

/// One conversation of two users of its own: what a client did in it, and how far that was
/// acknowledged.
struct Conversation {
  std::string writer;
  std::string reader;
  std::set<int> sent;                // acknowledged MsgSeqs
  std::optional<int> sending;        // on its way when the program died
  int cleared_upto = 0;              // MsgSeq before the writer's last acknowledged clearing
  std::optional<int> clearing_upto;  // the same, on its way when the program died
};

void play(const Program& program, Conversation& c, unsigned seed, Progress& progress) {
  std::mt19937 random(seed);
  Caller caller(program);
  for (int seq = 1; seq <= 200; ++seq) {  // unread counts end at 250
    c.sending = seq;
    const auto message = R"("MsgRandom":1,"MsgSeq":)" + std::to_string(seq) +
                         R"(,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"x"}}])";
    if (!is_ok(caller.call("openim/sendmsg", pair_body(c.writer, c.reader, message)))) break;
    c.sent.insert(seq);
    c.sending.reset();
    progress.add();
    if (random() % 8 != 0) continue;
    c.clearing_upto = seq;
    const auto clear = pair_body(c.writer, c.reader, R"("Type":1,"ClearRamble":1)");
    if (!is_ok(caller.call("recentcontact/delete", clear))) break;
    c.cleared_upto = seq;
    c.clearing_upto.reset();
    progress.add();
  }
  progress.end();
}

/// The MsgSeqs that `viewer` sees, over all pages.
std::set<int> history(Caller& caller, const std::string& viewer, const std::string& peer) {
  std::set<int> seqs;
  std::string from_here = R"("MaxTime":4294967295)";
  JsonParser parser;
  while (true) {
    const auto answer = caller.call("openim/admin_getroammsg",
                                    R"({"Operator_Account":")" + viewer + R"(","Peer_Account":")" +
                                        peer + R"(","MaxCnt":100,"MinTime":0,)" + from_here + '}');
    const auto page = parser.parse(answer.value_or(""));
    if (!page || !page->member("MsgList")) {
      ADD_FAILURE() << "no history of " << viewer << ": " << answer.value_or("no answer");
      return seqs;
    }
    for (const auto& message : page->member("MsgList")->items()) {
      const auto seq = static_cast<int>(message.member("MsgSeq")->integer().value_or(0));
      EXPECT_TRUE(seqs.insert(seq).second) << viewer << " sees message " << seq << " twice";
    }
    if (page->member("Complete")->integer() == 1) return seqs;
    from_here = R"("MaxTime":)" + std::to_string(*page->member("LastMsgTime")->integer()) +
                R"(,"LastMsgKey":")" + std::string(*page->member("LastMsgKey")->string()) + '"';
  }
}

std::set<int> above(const std::set<int>& seqs, int floor) {
  return {seqs.upper_bound(floor), seqs.end()};
}

bool lists(Caller& caller, const std::string& user, const std::string& peer) {
  const auto answer = caller.call(
      "recentcontact/get_list",
      R"({"From_Account":")" + user +
          R"(","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":7})");
  EXPECT_TRUE(is_ok(answer));
  return answer && answer->find('"' + peer + '"') != std::string::npos;
}

void check(Caller& caller, const Conversation& c) {
  SCOPED_TRACE(c.writer);
  // Acknowledged means present; what was on its way is there or not, but whole.
  const auto read = history(caller, c.reader, c.writer);
  auto expected = c.sent;
  if (c.sending && read.contains(*c.sending)) expected.insert(*c.sending);
  EXPECT_EQ(read, expected);

  // The writer sees exactly what came after a clearing: the acknowledged one or the one on its way.
  const auto written = history(caller, c.writer, c.reader);
  const bool late_clearing = c.clearing_upto && written == above(read, *c.clearing_upto);
  EXPECT_TRUE(late_clearing || written == above(read, c.cleared_upto))
      << written.size() << " seen of " << read.size() << ", cleared up to " << c.cleared_upto;

  // What belongs to a change is there with it: the count, and the entries of both lists.
  const auto unread =
      caller.call("openim/get_c2c_unread_msg_num",
                  R"({"To_Account":")" + c.reader + R"(","Peer_Account":[")" + c.writer + R"("]})");
  EXPECT_NE(unread.value_or("").find(R"("C2CUnreadMsgNum":)" + std::to_string(read.size()) + '}'),
            std::string::npos)
      << unread.value_or("");
  EXPECT_EQ(lists(caller, c.reader, c.writer), !read.empty());
  EXPECT_EQ(lists(caller, c.writer, c.reader), !written.empty());
}

TEST(KillHard, LosesNothingAcknowledged) {
  const TemporaryDirectory directory;
  const auto data_dir = (directory.path() / "data").string();
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));

  std::vector<Conversation> all;
  for (int round = 0; round < kRounds; ++round) {
    Program program(data_dir);
    ASSERT_NE(program.port(), 0);
    Caller caller(program);
    for (const auto& earlier : all)
      check(caller, earlier);

    std::array<Conversation, kClients> conversations;
    for (int i = 0; i < kClients; ++i) {
      const auto name = std::to_string(round) + '_' + std::to_string(i);
      conversations[static_cast<std::size_t>(i)].writer = "w" + name;
      conversations[static_cast<std::size_t>(i)].reader = "r" + name;
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
  Program program(data_dir);
  ASSERT_NE(program.port(), 0);
  Caller caller(program);
  for (const auto& conversation : all)
    check(caller, conversation);
}

}  // namespace
}  // namespace confab::testing
