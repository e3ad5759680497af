#include "tests/faults/faulty.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <new>

namespace confab::testing {
namespace {

FaultSwitch* make_switch(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  EXPECT_EQ(::ftruncate(file, sizeof(FaultSwitch)), 0);
  void* const mapped =
      ::mmap(nullptr, sizeof(FaultSwitch), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return new (mapped) FaultSwitch{};
}

}  // namespace

Faulty::Faulty() : faults_(make_switch((directory_.path() / "switch").string())) {}

Faulty::~Faulty() {
  end_faults();  // or a program that is held could not end
  ::munmap(faults_, sizeof(FaultSwitch));
}

void Faulty::end_faults() {
  faults_->write_error = 0;
  faults_->sync_error = 0;
  faults_->only_tables = false;
  faults_->hold_writes = false;
  faults_->hold_syncs = false;
  faults_->no_space = false;
  faults_->clock_ahead_s = 0;
  faults_->struck = 0;
}

Program Faulty::start(const Variables& more) const {
  Variables all = {{"LD_PRELOAD", FAULTS_LIBRARY},
                   {kSwitchVariable, (directory_.path() / "switch").string()},
                   {kDirectoryVariable, data_dir()}};
  all.insert(more.begin(), more.end());
  return Program(data_dir(), all);
}

void import_accounts(Caller& caller, const Sent& sent) {
  EXPECT_EQ(code_of(caller.call("im_open_login_svc/multiaccount_import",
                                R"({"Accounts":[")" + sent.from + R"(",")" + sent.to + R"("]})")),
            0);
}

void send_messages(Caller& caller, Sent& sent, int first, int last, const std::string& text) {
  for (int seq = first; seq <= last; ++seq) {
    const auto answer = caller.call("openim/sendmsg", message_body(sent.from, sent.to, seq, text));
    sent.last_code = code_of(answer);
    if (sent.last_code != 0) {
      sent.unknown.insert(seq);
      return;
    }
    sent.acknowledged.insert(seq);
  }
}

void expect_kept(Caller& caller, const Sent& sent) {
  auto expected = sent.acknowledged;
  const auto seen = history(caller, sent.to, sent.from);
  std::ranges::copy_if(sent.unknown, std::inserter(expected, expected.end()),
                       [&](int seq) { return seen.contains(seq); });
  EXPECT_EQ(seen, expected);
}

}  // namespace confab::testing
