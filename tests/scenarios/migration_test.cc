// A big group moves in: import_group, then its messages, then its members (rule 40 of the group
// digest), through the REST commands; what is then read is exactly what was imported.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "api/json.h"
#include "tests/support/world.h"

namespace confab::testing {
namespace {

constexpr int kMessages = 10'000;
constexpr int kMembers = 2'000;
constexpr int kMessagesInCall = 20;
constexpr int kMembersInCall = 250;
constexpr int kAccountsInCall = 100;
constexpr int kPage = 20;
constexpr Seconds kCreated = World::kStart - 100'000;
constexpr Seconds kSecondsBetween = 9;

std::string name_of(int member) {
  return "u" + std::to_string(member);
}

// Message n has the MsgSeq n. Three of a second, from some of the members.
Seconds time_of(int message) {
  return kCreated + 1 + kSecondsBetween * (message / 3);
}
int sender_of(int message) {
  return message * 7 % 300;
}
/// As numbered in history: High, Normal, Low.
int priority_of(int message) {
  return message % 3 + 1;
}

// Members joined one after the other, the last of them after the last message; they are imported in
// another order.
Seconds joined_at(int member) {
  return kCreated + 1 + Seconds{20} * member;
}
int imported_as(int place) {
  return place * 1'237 % kMembers;
}
int unread_asked(int member) {
  return member * 13 % 12'000;
}
int unread_of(int member) {
  return std::min(unread_asked(member), kMessages);
}
int read_upto(int member) {
  return std::max(kMessages - unread_asked(member), 0);
}

/// `write(i)` for first to last, with commas between.
std::string items(int first, int last, const std::function<std::string(int)>& write) {
  std::string out;
  for (int i = first; i <= last; ++i)
    out += (i == first ? "" : ",") + write(i);
  return out;
}

std::string text_body(int message) {
  return R"([{"MsgType":"TIMTextElem","MsgContent":{"Text":"m)" + std::to_string(message) +
         R"("}}])";
}

std::string text_of(JsonValue value) {
  std::string out;
  value.append_to(out);
  return out;
}

class Migration : public ::testing::TestWithParam<Engine> {
 protected:
  Migration() : world_({.engine = GetParam(), .rates = {.documented = false, .overrides = {}}}) {}

  /// A call that succeeds; the answer is valid until the next one.
  JsonValue call(std::string_view command, const std::string& body) {
    const auto answer = world_.call(command, body);
    const auto parsed = parser_.parse(answer);
    EXPECT_EQ(parsed->member("ErrorCode")->integer(), 0) << command << ' ' << answer;
    return *parsed;
  }
  JsonValue group_call(std::string_view command, const std::string& members) {
    return call("group_open_http_svc/" + std::string(command),
                R"({"GroupId":"big",)" + members + "}");
  }

  void import_accounts() {
    for (int first = 0; first < kMembers; first += kAccountsInCall) {
      call("im_open_login_svc/multiaccount_import",
           R"({"Accounts":[)" + items(first, first + kAccountsInCall - 1, [](int member) {
             return '"' + name_of(member) + '"';
           }) + "]}");
    }
  }

  void import_messages() {
    constexpr std::string_view kPriorities[] = {"High", "Normal", "Low"};
    for (int first = 1; first <= kMessages; first += kMessagesInCall) {
      const auto answer =
          group_call("import_group_msg",
                     R"("RecentContactFlag":1,"MsgList":[)" +
                         items(first, first + kMessagesInCall - 1,
                               [&](int message) {
                                 return R"({"From_Account":")" + name_of(sender_of(message)) +
                                        R"(","SendTime":)" + std::to_string(time_of(message)) +
                                        R"(,"Random":)" + std::to_string(message) +
                                        R"(,"MsgPriority":")" +
                                        std::string(kPriorities[priority_of(message) - 1]) +
                                        R"(","MsgBody":)" + text_body(message) + '}';
                               }) +
                         ']');
      int seq = first;
      for (const auto result : answer.member("ImportMsgResult")->items())
        ASSERT_EQ(result.member("MsgSeq")->integer(), seq++) << text_of(result);
    }
  }

  void import_members() {
    for (int first = 0; first < kMembers; first += kMembersInCall) {
      const auto answer =
          group_call("import_group_member",
                     R"("MemberList":[)" + items(first, first + kMembersInCall - 1, [](int place) {
                       const int member = imported_as(place);
                       return R"({"Member_Account":")" + name_of(member) + R"(","JoinTime":)" +
                              std::to_string(joined_at(member)) + R"(,"UnreadMsgNum":)" +
                              std::to_string(unread_asked(member)) + '}';
                     }) + ']');
      for (const auto result : answer.member("MemberList")->items())
        ASSERT_EQ(result.member("Result")->integer(), 1) << text_of(result);
    }
  }

  /// The user's unread messages and read mark, as "3@5".
  std::string unread(int member) {
    const auto answer =
        call("group_open_http_svc/get_joined_group_list",
             R"({"Member_Account":")" + name_of(member) +
                 R"(","ResponseFilter":{"SelfInfoFilter":["UnreadMsgNum","MsgSeq"]}})");
    const auto self = answer.member("GroupIdList")->items().at(0).member("SelfInfo");
    return text_of(*self->member("UnreadMsgNum")) + '@' + text_of(*self->member("MsgSeq"));
  }

  /// All rows of the history, newest first, and how many pages they took.
  int read_history(const std::function<void(JsonValue row)>& visit) {
    int pages = 0;
    for (std::int64_t from = kMessages; from > 0; ++pages) {
      const auto page =
          group_call("group_msg_get_simple", R"("WithRecalledMsg":1,"ReqMsgNumber":)" +
                                                 std::to_string(kPage) + R"(,"ReqMsgSeq":)" +
                                                 std::to_string(from));
      EXPECT_EQ(page.member("IsFinished")->integer(), 1);
      const auto rows = page.member("RspMsgList")->items();
      std::ranges::for_each(rows, visit);
      if (rows.empty()) break;
      from = *rows.back().member("MsgSeq")->integer() - 1;
    }
    return pages;
  }

  void move_in() {
    import_accounts();
    group_call("import_group",
               R"("Type":"Public","Name":"Big","MaxMemberCount":6000,"CreateTime":)" +
                   std::to_string(kCreated));
    import_messages();
    import_members();
  }

  World world_;
  JsonParser parser_;
};

TEST_P(Migration, KeepsHistoryMembersAndCounts) {
  ASSERT_NO_FATAL_FAILURE(move_in());
  world_.restart();

  int message = kMessages;
  const int pages = read_history([&](JsonValue row) {
    const auto seq = std::to_string(message);
    ASSERT_EQ(text_of(row), R"({"From_Account":")" + name_of(sender_of(message)) +
                                R"(","IsPlaceMsg":0,"MsgBody":)" + text_body(message) +
                                R"(,"MsgPriority":)" + std::to_string(priority_of(message)) +
                                R"(,"MsgRandom":)" + seq + R"(,"MsgSeq":)" + seq +
                                R"(,"MsgTimeStamp":)" + std::to_string(time_of(message)) +
                                R"(,"IsSystemMsg":0,"CloudCustomData":""})");
    --message;
  });
  EXPECT_EQ(message, 0);
  EXPECT_EQ(pages, kMessages / kPage);

  const auto list =
      group_call("get_group_member_info", R"("MemberInfoFilter":["JoinTime","MsgSeq"])");
  EXPECT_EQ(list.member("MemberNum")->integer(), kMembers);
  int member = 0;
  for (const auto row : list.member("MemberList")->items()) {
    ASSERT_EQ(text_of(row), R"({"Member_Account":")" + name_of(member) + R"(","JoinTime":)" +
                                std::to_string(joined_at(member)) + R"(,"MsgSeq":)" +
                                std::to_string(read_upto(member)) + '}');
    ++member;
  }
  EXPECT_EQ(member, kMembers);
  for (member = 0; member < kMembers; ++member) {
    ASSERT_EQ(unread(member),
              std::to_string(unread_of(member)) + '@' + std::to_string(read_upto(member)));
  }
}

TEST_P(Migration, ListsTheGroupForWhoWasThereWhenItLastSpoke) {
  ASSERT_NO_FATAL_FAILURE(move_in());
  for (int member = 0; member < kMembers; member += 83) {
    const auto answer =
        call("recentcontact/get_list", R"({"From_Account":")" + name_of(member) +
                                           R"(","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,)"
                                           R"("TopStartIndex":0,"AssistFlags":7})");
    const std::string row = R"({"Type":2,"GroupId":"big","MsgTime":)" +
                            std::to_string(time_of(kMessages)) + R"(,"TopFlag":0})";
    const bool there = joined_at(member) <= time_of(kMessages);
    EXPECT_EQ(text_of(*answer.member("SessionItem")), there ? '[' + row + ']' : "[]") << member;
  }
}

TEST_P(Migration, SetsUnreadCountsAfterwards) {
  ASSERT_NO_FATAL_FAILURE(move_in());
  const auto wanted = [](int member) {
    return (member * 31 + 5) % 11'000;
  };
  for (int member = 0; member < kMembers; ++member) {
    group_call("set_unread_msg_num", R"("Member_Account":")" + name_of(member) +
                                         R"(","UnreadMsgNum":)" + std::to_string(wanted(member)));
  }
  const auto expect_counts = [&](int newer) {
    for (int member = 0; member < kMembers; member += 7) {
      const int count = std::min(wanted(member), kMessages);
      ASSERT_EQ(unread(member), std::to_string(count + newer) + '@' +
                                    std::to_string(std::max(kMessages - wanted(member), 0)));
    }
  };
  expect_counts(0);
  group_call("send_group_msg", R"("Random":1,"MsgBody":)" + text_body(kMessages + 1));
  expect_counts(1);
}

TEST_P(Migration, RecallsOneSendersAmongTheNewestThousand) {
  ASSERT_NO_FATAL_FAILURE(move_in());
  const int sender = sender_of(kMessages);
  group_call("delete_group_msg_by_sender", R"("Sender_Account":")" + name_of(sender) + '"');
  int message = kMessages;
  int recalled = 0;
  read_history([&](JsonValue row) {
    const bool gone = sender_of(message) == sender && message > kMessages - 1'000;
    recalled += gone ? 1 : 0;
    ASSERT_EQ(row.member("IsPlaceMsg")->integer(), gone ? 2 : 0) << message;
    --message;
  });
  EXPECT_GT(recalled, 0);
  // What is recalled was unread for some, and is not replaced by older messages.
  for (int member = 0; member < kMembers; member += 83) {
    int left = 0;
    for (int each = kMessages - unread_of(member) + 1; each <= kMessages; ++each)
      left += sender_of(each) == sender && each > kMessages - 1'000 ? 0 : 1;
    ASSERT_EQ(unread(member), std::to_string(left) + '@' + std::to_string(read_upto(member)));
  }
}

INSTANTIATE_TEST_SUITE_P(All,
                         Migration,
                         ::testing::Values(Engine::kMemory, Engine::kRocks),
                         [](const auto& info) { return std::string(engine_name(info.param)); });

}  // namespace
}  // namespace confab::testing
