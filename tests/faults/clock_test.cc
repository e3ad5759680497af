// The machine's clock jumps by hours, forwards and back, under the real program.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/faulty.h"

namespace confab::testing {
namespace {

constexpr std::int64_t kHour = 3600;
constexpr int kSignatureExpired = 70001;
constexpr int kRateExceeded = 60007;

class ClockJumps : public Faulty {
 protected:
  /// `there` is the program's time from the next call on.
  void jump(std::int64_t ahead_s) { faults().clock_ahead_s = ahead_s; }

  static int delete_for_writer(Caller& caller, const Sent& sent) {
    return code_of(caller.call("recentcontact/delete",
                               pair_body(sent.from, sent.to, R"("Type":1,"ClearRamble":1)")));
  }
};

TEST_F(ClockJumps, LoseNoMessageOfAnyTime) {
  Sent sent;
  {
    Program program = start();
    Caller caller(program);
    import_accounts(caller, sent);
    int first = 1;
    for (const std::int64_t ahead : {0, 5, -7, 3, -1, 0}) {
      jump(ahead * kHour);
      send_messages(caller, sent, first, first + 9);
      ASSERT_EQ(sent.last_code, 0);
      first += 10;
      expect_kept(caller, sent);
      EXPECT_TRUE(lists(caller, sent.to, sent.from));
    }
    program.kill_hard();
  }
  for (const std::int64_t ahead : {-9, 9, 0}) {
    jump(ahead * kHour);
    Program program = start();
    ASSERT_NE(program.port(), 0);
    Caller caller(program);
    expect_kept(caller, sent);
    EXPECT_EQ(program.stop().exit_code, 0);
  }
}

TEST_F(ClockJumps, BringNoDeletedConversationBackAndHideNoNewMessage) {
  Program program = start();
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  int seq = 1;
  // Deleted at one time, looked at and written to at others, which lie before and after.
  for (const std::int64_t deleted_at : {0, 6, -6}) {
    for (const std::int64_t then : {0, 8, -8, 1, -1}) {
      SCOPED_TRACE(std::to_string(deleted_at) + " h, then " + std::to_string(then) + " h");
      jump(deleted_at * kHour);
      send_messages(caller, sent, seq, seq + 2);
      seq += 3;
      ASSERT_EQ(delete_for_writer(caller, sent), 0);
      jump(then * kHour);
      EXPECT_FALSE(lists(caller, sent.from, sent.to));
      EXPECT_THAT(history(caller, sent.from, sent.to), ::testing::IsEmpty());
      send_messages(caller, sent, seq, seq);
      EXPECT_TRUE(lists(caller, sent.from, sent.to));
      EXPECT_EQ(history(caller, sent.from, sent.to), std::set<int>{seq});
      ++seq;
      expect_kept(caller, sent);  // by the peer, who has deleted nothing
    }
  }
}

TEST_F(ClockJumps, EndSignaturesByTheNewTime) {
  Program program = start();
  const auto signed_now =
      run_confab({"usersig", "make", "--id", "88888888", "--user", "admin", "--expire", "3600"},
                 {{"CONFAB_DATA_DIR", data_dir()}});
  ASSERT_EQ(signed_now.exit_code, 0) << signed_now.err;
  test::Client client(program.port());
  const auto code_with_it = [&] {
    client.send(
        test::post("/v4/im_open_login_svc/account_check?sdkappid=88888888&identifier=admin"
                   "&contenttype=json&random=1&usersig=" +
                       signed_now.out.substr(0, signed_now.out.find('\n')),
                   R"({"CheckItem":[{"UserID":"id1"}]})"));
    return code_of(client.read_reply().body);
  };
  EXPECT_EQ(code_with_it(), 0);
  jump(2 * kHour);
  EXPECT_EQ(code_with_it(), kSignatureExpired);
  jump(0);
  EXPECT_EQ(code_with_it(), 0);
  jump(-2 * kHour);
  EXPECT_EQ(code_with_it(), 0);
}

TEST_F(ClockJumps, StopNeitherRatesNorTimeouts) {
  Program program = start({{"CONFAB_RATE_PROFILE", "documented"},
                           {"CONFAB_REST_HEADER_TIMEOUT_S", "1"},
                           {"CONFAB_DURABILITY_TIMEOUT_MS", "100"},
                           {"CONFAB_RECLAIM_INTERVAL_S", "1"}});
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  int seq = 1;
  for (const std::int64_t ahead : {5, -5, 0}) {
    SCOPED_TRACE(ahead);
    jump(ahead * kHour);
    // The connection has been idle for hours by the wall clock, and is kept. 200 messages a second
    // are let through; another second comes.
    const auto enough = sent.acknowledged.size() + 250;
    ASSERT_TRUE(wait_until([&] {
      send_messages(caller, sent, seq, seq + 249);
      EXPECT_THAT(sent.last_code, ::testing::AnyOf(0, kRateExceeded));
      seq += 250;
      return sent.acknowledged.size() >= enough;
    }));
    // A client that says nothing is cut off all the same.
    test::Client silent(program.port());
    EXPECT_TRUE(silent.ends());
    // An answer that waits for a disk that hangs ends all the same.
    faults().hold_syncs = true;
    send_messages(caller, sent, seq, seq);
    EXPECT_EQ(sent.last_code, 60008);
    faults().hold_syncs = false;
    ASSERT_TRUE(wait_until([&] {
      ++seq;
      send_messages(caller, sent, seq, seq);
      return sent.last_code == 0;
    }));
    ++seq;
  }
  expect_kept(caller, sent);
  EXPECT_EQ(program.stop().exit_code, 0);
}

}  // namespace
}  // namespace confab::testing
