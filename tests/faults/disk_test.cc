// A disk that fails, is full or hangs, under the real program.
#include <cerrno>
#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "tests/faults/faulty.h"

namespace confab::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

// Of the message commands: refused or not durable; not durable in time.
constexpr int kInternal = 91000;
constexpr int kOutcomeUnknown = 60008;
constexpr int kExitRefused = 1;
constexpr int kExitStoreFailed = 3;

class Disk : public Faulty {
 protected:
  /// The program ends by itself, says why, and starts again with all that it had acknowledged.
  void expect_end_and_return(Program& program, const Sent& sent, const std::string& reason) {
    const auto ended = program.child().wait();
    EXPECT_EQ(ended.exit_code, kExitStoreFailed);
    EXPECT_THAT(ended.err, HasSubstr("confab: the store could not make data durable: "));
    EXPECT_THAT(ended.err, HasSubstr(reason));
    EXPECT_THAT(ended.err, HasSubstr("Nothing acknowledged is lost"));
    end_faults();
    expect_all_kept(sent);
  }

  /// By a program that starts now, and takes more.
  void expect_all_kept(Sent sent) {
    const Program program = start();
    ASSERT_NE(program.port(), 0);
    Caller caller(program);
    expect_kept(caller, sent);
    send_messages(caller, sent, 900'001, 900'003);
    EXPECT_EQ(sent.last_code, 0);
    expect_kept(caller, sent);
  }
};

struct Failure {
  const char* name;
  std::atomic<int> FaultSwitch::* error;
  int number;
  const char* reason;
};

class DiskFails : public Disk, public ::testing::WithParamInterface<Failure> {};

TEST_P(DiskFails, TheProgramEndsAndLosesNothingAcknowledged) {
  Program program = start();
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 20);
  ASSERT_EQ(sent.last_code, 0);

  faults().*GetParam().error = GetParam().number;
  send_messages(caller, sent, 21, 1000);
  EXPECT_EQ(sent.last_code, kInternal);
  EXPECT_EQ(sent.acknowledged.size(), 20);  // none since the disk fails
  expect_end_and_return(program, sent, GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    Real,
    DiskFails,
    ::testing::Values(
        Failure{"EioOnSync", &FaultSwitch::sync_error, EIO, "Input/output error"},
        Failure{"EnospcOnSync", &FaultSwitch::sync_error, ENOSPC, "No space left on device"},
        Failure{"EioOnWrite", &FaultSwitch::write_error, EIO, "Input/output error"},
        Failure{"EnospcOnWrite", &FaultSwitch::write_error, ENOSPC, "No space left on device"},
        Failure{"EdquotOnWrite", &FaultSwitch::write_error, EDQUOT, "Disk quota exceeded"}),
    [](const auto& failure) { return std::string(failure.param.name); });

TEST_F(Disk, ThatFailsUnderManyClientsAnswersThemAll) {
  Program program = start();
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 5);

  // They wait for one sync, which fails.
  faults().hold_syncs = true;
  faults().sync_error = EIO;
  constexpr int kPipelined = 20;
  for (int seq = 6; seq < 6 + kPipelined; ++seq) {
    caller.send("openim/sendmsg", message_body(sent.from, sent.to, seq));
    sent.unknown.insert(seq);
  }
  ASSERT_TRUE(wait_until([&] {
    return faults().struck > 0 && program.metric("confab_requests_in_flight") == kPipelined;
  }));
  faults().hold_syncs = false;
  for (int i = 0; i < kPipelined; ++i)
    EXPECT_EQ(code_of(caller.answer()), kInternal);
  expect_end_and_return(program, sent, "Input/output error");
}

TEST_F(Disk, ThatTakesNoTablesEndsTheProgramBeforeMemoryFills) {
  Program program = start({{"CONFAB_MAX_MESSAGE_BYTES", "1048576"}});
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  faults().only_tables = true;
  faults().write_error = ENOSPC;
  // What is in memory goes to a table each 64 MiB; the log still takes everything.
  send_messages(caller, sent, 1, 1000, std::string(1'000'000, 'x'));
  EXPECT_EQ(sent.last_code, kInternal);
  EXPECT_LT(sent.acknowledged.size(), 200);
  expect_end_and_return(program, sent, "No space left on device");
}

TEST_F(Disk, ThatTakesNoTablesRefusesTheStartAndChangesNothing) {
  Sent sent;
  {
    Program program = start();
    Caller caller(program);
    import_accounts(caller, sent);
    send_messages(caller, sent, 1, 20);
    program.kill_hard();
  }
  for (const int error : {ENOSPC, EIO}) {
    faults().write_error = error;
    Program refused = start();
    EXPECT_EQ(refused.port(), 0);
    const auto ended = refused.child().wait();
    EXPECT_EQ(ended.exit_code, kExitRefused);
    EXPECT_THAT(ended.err, HasSubstr(data_dir()));
  }
  end_faults();
  expect_all_kept(sent);
}

TEST_F(Disk, ThatIsNearlyFullRefusesWritesUntilSpaceIsBack) {
  Program program = start();
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 20);

  faults().no_space = true;  // it is asked about once a second
  int seq = 100;
  ASSERT_TRUE(wait_until([&] {
    send_messages(caller, sent, seq, seq);
    ++seq;
    return sent.last_code == kInternal;
  }));
  sent.unknown.clear();  // refused before anything changed
  expect_kept(caller, sent);
  EXPECT_EQ(program.ops("/readyz").status, 503);
  EXPECT_TRUE(lists(caller, sent.to, sent.from));
  // A start in this state reads, too.
  program.kill_hard();
  {
    Program again = start();
    ASSERT_NE(again.port(), 0);
    Caller reader(again);
    expect_kept(reader, sent);
    Sent more = sent;
    send_messages(reader, more, seq, seq);
    EXPECT_EQ(more.last_code, kInternal);
    faults().no_space = false;
    ASSERT_TRUE(wait_until([&] {
      send_messages(reader, sent, seq, seq);
      return sent.last_code == 0;
    }));
    sent.unknown.clear();
    expect_kept(reader, sent);
    EXPECT_EQ(again.stop().exit_code, 0);
  }
  expect_all_kept(sent);
}

std::string import_body(const Sent& sent, int seq, Seconds time) {
  auto body = message_body(sent.from, sent.to, seq);
  return body.insert(1, R"("MsgTimeStamp":)" + std::to_string(time) + ',');
}

TEST_F(Disk, ThatHangsInASyncLeavesOutcomesOpenUntilItGoesOn) {
  Program program = start({{"CONFAB_DURABILITY_TIMEOUT_MS", "100"}});
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 20);

  faults().hold_syncs = true;
  send_messages(caller, sent, 21, 21);
  EXPECT_EQ(sent.last_code, kOutcomeUnknown);
  const auto imported = import_body(sent, 22, SystemClock().unix_seconds() - 100);
  EXPECT_EQ(code_of(caller.call("openim/importmsg", imported)), kOutcomeUnknown);
  // What is durable is still shown; what is not yet is not.
  EXPECT_TRUE(lists(caller, "id1", "id2"));
  EXPECT_EQ(code_of(caller.call("openim/get_c2c_unread_msg_num",
                                R"({"To_Account":"reader","Peer_Account":["writer"]})")),
            kOutcomeUnknown);
  end_faults();
  // Repeated, it is one message; and so is what nobody repeated.
  ASSERT_TRUE(wait_until([&] { return is_ok(caller.call("openim/importmsg", imported)); }));
  sent.acknowledged.insert({21, 22});
  sent.unknown.clear();
  send_messages(caller, sent, 23, 40);
  EXPECT_EQ(sent.last_code, 0);
  expect_kept(caller, sent);
  program.kill_hard();
  expect_all_kept(sent);
}

TEST_F(Disk, ThatHangsInAWriteHoldsAnswersAndLosesNothing) {
  Program program = start({{"CONFAB_DURABILITY_TIMEOUT_MS", "100"}});
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 20);

  faults().hold_writes = true;
  for (int seq = 21; seq <= 40; ++seq)
    caller.send("openim/sendmsg", message_body(sent.from, sent.to, seq));
  wait_until_struck();
  end_faults();
  for (int seq = 21; seq <= 40; ++seq) {
    const int code = code_of(caller.answer());
    EXPECT_THAT(code, AnyOf(0, kOutcomeUnknown));
    (code == 0 ? sent.acknowledged : sent.unknown).insert(seq);
  }
  send_messages(caller, sent, 41, 60);
  expect_kept(caller, sent);
  program.kill_hard();
  expect_all_kept(sent);
}

TEST_F(Disk, ThatHangsDoesNotKeepTheOperatorFromEndingTheProgram) {
  Program program = start({{"CONFAB_DURABILITY_TIMEOUT_MS", "100"}});
  Caller caller(program);
  Sent sent;
  import_accounts(caller, sent);
  send_messages(caller, sent, 1, 20);
  faults().hold_syncs = true;
  send_messages(caller, sent, 21, 21);
  EXPECT_EQ(sent.last_code, kOutcomeUnknown);
  program.child().send_signal(SIGTERM);
  // Once it no longer accepts, it has taken the first signal.
  ASSERT_TRUE(wait_until([&] { return !test::Client(program.port()).is_connected(); }));
  program.child().send_signal(SIGTERM);
  EXPECT_EQ(program.child().wait().exit_code, -1);
  end_faults();
  expect_all_kept(sent);
}

}  // namespace
}  // namespace confab::testing
