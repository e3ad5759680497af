// A program with the library of faults in it, and an empty directory for its data.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/faults/switch.h"
#include "tests/server/program.h"

namespace confab::testing {

/// Gives up, and fails the test, after half a minute.
template <typename Condition>
bool wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "waited in vain";
      return false;
    }
  }
  return true;
}

class Faulty : public ::testing::Test {
 public:
  ~Faulty() override;

 protected:
  Faulty();

  std::string data_dir() const { return (directory_.path() / "data").string(); }
  /// What goes wrong from now on.
  FaultSwitch& faults() { return *faults_; }
  void end_faults();
  bool wait_until_struck() {
    return wait_until([this] { return faults_->struck > 0; });
  }

  Program start(const Variables& more = {}) const;

 private:
  TemporaryDirectory directory_;
  FaultSwitch* faults_;
};

/// What one writer sent to one reader, and what it was told.
struct Sent {
  std::string from = "writer";
  std::string to = "reader";
  std::set<int> acknowledged{};
  std::set<int> unknown{};  // answered otherwise, or not at all
  int last_code = 0;
};

void import_accounts(Caller& caller, const Sent& sent);

/// Sends messages with the MsgSeqs `first` to `last` until one is not acknowledged.
void send_messages(Caller& caller, Sent& sent, int first, int last, const std::string& text = "x");

/// All that was acknowledged is there, and nothing that was never sent.
void expect_kept(Caller& caller, const Sent& sent);

}  // namespace confab::testing
