// kill -9 under load, in groups: the state of each group is the one before or after the call that
// was on its way.
#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "api/json.h"
#include "tests/server/killed_program.h"

namespace confab::testing {
namespace {

constexpr std::size_t kChecked = 3 * std::size_t{kClients};

/// All that clients can tell of a group with an owner, a reader and a guest who comes and goes.
struct State {
  int newest = 1;  // MsgSeq; the first is the notice of the creation
  std::set<int> recalled;
  int deleted_upto = 1;  // by the reader, who has nothing unread at or below
  bool guest = false;

  int unread() const {
    int count = 0;
    for (int seq = deleted_upto + 1; seq <= newest; ++seq)
      count += recalled.contains(seq) ? 0 : 1;
    return count;
  }
  bool operator==(const State&) const = default;
};

std::ostream& operator<<(std::ostream& out, const State& state) {
  return out << state.newest << " messages, " << state.recalled.size() << " recalled, "
             << state.unread() << " unread, the guest is " << (state.guest ? "in" : "out");
}

struct Group {
  std::string id;
  std::string owner;
  std::string reader;
  std::string guest;
  State acknowledged = {};
  State wanted = {};  // differs while a call is on its way
};

std::string quoted(const std::string& name, const std::string& value) {
  return '"' + name + R"(":")" + value + '"';
}

std::string group_command(const std::string& name) {
  return "group_open_http_svc/" + name;
}

bool create(Caller& caller, Group& group) {
  return is_ok(caller.call("im_open_login_svc/multiaccount_import",
                           R"({"Accounts":[")" + group.owner + R"(",")" + group.reader + R"(",")" +
                               group.guest + R"("]})")) &&
         is_ok(caller.call(group_command("create_group"),
                           '{' + quoted("GroupId", group.id) + ',' + quoted("Type", "Public") +
                               ',' + quoted("Name", "n") + ',' +
                               quoted("Owner_Account", group.owner) + R"(,"MemberList":[{)" +
                               quoted("Member_Account", group.reader) + "}]}")) &&
         is_ok(caller.call("recentcontact/delete",
                           '{' + quoted("From_Account", group.reader) + R"(,"Type":2,)" +
                               quoted("ToGroupid", group.id) + R"(,"ClearRamble":1})"));
}

/// Draws a change, asks for it, and says whether it was acknowledged.
bool change(Caller& caller, Group& group, std::mt19937& random) {
  auto& wanted = group.wanted;
  const auto of_group = '{' + quoted("GroupId", group.id) + ',';
  const auto draw = random() % 10;
  std::string command;
  std::string body;
  if (draw == 0) {
    wanted.deleted_upto = wanted.newest;
    command = "recentcontact/delete";
    body = '{' + quoted("From_Account", group.reader) + R"(,"Type":2,)" +
           quoted("ToGroupid", group.id) + R"(,"ClearRamble":1})";
  } else if (draw == 1) {
    command = group_command(wanted.guest ? "delete_group_member" : "add_group_member");
    body = of_group + R"("Silence":1,)" +
           (wanted.guest ? R"("MemberToDel_Account":[")" + group.guest + "\"]}"
                         : R"("MemberList":[{)" + quoted("Member_Account", group.guest) + "}]}");
    wanted.guest = !wanted.guest;
  } else if (draw == 2 && wanted.newest > 1) {
    const auto seq = 2 + static_cast<int>(random() % static_cast<unsigned>(wanted.newest - 1));
    wanted.recalled.insert(seq);
    command = group_command("group_msg_recall");
    body = of_group + R"("MsgSeqList":[{"MsgSeq":)" + std::to_string(seq) + "}]}";
  } else {
    ++wanted.newest;
    command = group_command("send_group_msg");
    body = of_group + quoted("From_Account", group.owner) + R"(,"Random":)" +
           std::to_string(wanted.newest) +
           R"(,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"x"}}]})";
  }
  if (!is_ok(caller.call(command, body))) return false;
  group.acknowledged = wanted;
  return true;
}

void play(const Program& program, Group& group, unsigned seed, Progress& progress) {
  std::mt19937 random(seed);
  Caller caller(program);
  for (int call = 0; call < 250 && change(caller, group, random); ++call)
    progress.add();
  progress.end();
}

/// The MsgSeqs from the newest on, to the first.
std::vector<int> history(Caller& caller, const Group& group, bool with_recalled) {
  std::vector<int> seqs;
  JsonParser parser;
  while (seqs.empty() || seqs.back() > 1) {
    const auto from = seqs.empty() ? "" : R"(,"ReqMsgSeq":)" + std::to_string(seqs.back() - 1);
    const auto answer =
        caller.call(group_command("group_msg_get_simple"),
                    '{' + quoted("GroupId", group.id) + R"(,"ReqMsgNumber":20,"WithRecalledMsg":)" +
                        (with_recalled ? "1" : "0") + from + '}');
    const auto page = parser.parse(answer.value_or(""));
    if (!page || !page->member("RspMsgList") || page->member("RspMsgList")->items().empty()) {
      ADD_FAILURE() << "no history of " << group.id << ": " << answer.value_or("no answer");
      return seqs;
    }
    for (const auto& message : page->member("RspMsgList")->items())
      seqs.push_back(static_cast<int>(message.member("MsgSeq")->integer().value_or(0)));
  }
  return seqs;
}

/// What the answers about the group say; each is compared with what they all amount to.
void check(Caller& caller, const Group& group) {
  SCOPED_TRACE(group.id);
  const auto all = history(caller, group, true);
  ASSERT_FALSE(all.empty());
  State state{.newest = all.front(), .deleted_upto = group.acknowledged.deleted_upto};
  EXPECT_EQ(static_cast<int>(all.size()), state.newest) << "MsgSeqs are not dense";
  const auto left = history(caller, group, false);
  for (const int seq : all) {
    if (std::ranges::find(left, seq) == left.end()) state.recalled.insert(seq);
  }
  const auto members =
      caller.call(group_command("get_group_member_info"), '{' + quoted("GroupId", group.id) + '}');
  const auto is_in = [](const std::optional<std::string>& answer, const std::string& text) {
    return answer.value_or("").find(text) != std::string::npos;
  };
  state.guest = is_in(members, '"' + group.guest + '"');
  EXPECT_TRUE(is_in(members, R"("MemberNum":)" + std::to_string(state.guest ? 3 : 2)));
  const auto joined = caller.call(group_command("get_joined_group_list"),
                                  '{' + quoted("Member_Account", group.guest) + '}');
  EXPECT_EQ(is_in(joined, '"' + group.id + '"'), state.guest);

  const auto unread = caller.call(group_command("get_joined_group_list"),
                                  '{' + quoted("Member_Account", group.reader) +
                                      R"(,"ResponseFilter":{"SelfInfoFilter":["UnreadMsgNum"]}})");
  const auto counts = [&](int number) {
    const auto text = R"("UnreadMsgNum":)" + std::to_string(number);
    return is_in(unread, text + '}') || is_in(unread, text + ',');
  };
  const auto list =
      caller.call("recentcontact/get_list", '{' + quoted("From_Account", group.reader) +
                                                R"(,"TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,)"
                                                R"("TopStartIndex":0,"AssistFlags":7})");
  // Whether the deletion that was on its way is there shows in the count.
  if (!counts(state.unread()) ||
      is_in(list, '"' + group.id + '"') != (state.deleted_upto < state.newest)) {
    state.deleted_upto = group.wanted.deleted_upto;
  }
  EXPECT_TRUE(counts(state.unread())) << unread.value_or("") << state;
  EXPECT_EQ(is_in(list, '"' + group.id + '"'), state.deleted_upto < state.newest);
  EXPECT_TRUE(state == group.acknowledged || state == group.wanted)
      << state << "\n  acknowledged: " << group.acknowledged << "\n  on its way: " << group.wanted;
}

TEST(KillHard, LeavesGroupsWhole) {
  const TemporaryDirectory directory;
  const auto data_dir = (directory.path() / "data").string();
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  SCOPED_TRACE("seed " + std::to_string(seed));

  std::vector<Group> all;
  for (int round = 0; round < kill_rounds(4); ++round) {
    Program program(data_dir, reclaiming());
    ASSERT_NE(program.port(), 0);
    Caller caller(program);
    for (auto i = all.size() - std::min(all.size(), kChecked); i < all.size(); ++i)
      check(caller, all[i]);

    std::array<Group, kClients> groups;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto name = std::to_string(round) + '_' + std::to_string(i);
      groups.at(
          i) = {.id = "g" + name, .owner = "o" + name, .reader = "r" + name, .guest = "s" + name};
      ASSERT_TRUE(create(caller, groups.at(i)));
    }
    Progress progress;
    std::vector<std::thread> clients;
    for (auto& group : groups)
      clients.emplace_back(play, std::cref(program), std::ref(group), random(), std::ref(progress));
    progress.wait_for(100 + static_cast<int>(random() % 600));
    program.kill_hard();
    for (auto& client : clients)
      client.join();
    all.insert(all.end(), groups.begin(), groups.end());
  }
  Program program(data_dir, reclaiming());
  ASSERT_NE(program.port(), 0);
  Caller caller(program);
  for (const auto& group : all)
    check(caller, group);
}

}  // namespace
}  // namespace confab::testing
