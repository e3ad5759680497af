// The real program under the load of several clients, for tests that kill it.
#pragma once

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>

#include "tests/server/program.h"

namespace confab::testing {

constexpr int kClients = 6;

/// How often a test kills the program; `make crash` asks for more.
inline int kill_rounds(int usual) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread when they read it
  const char* const text = std::getenv("CONFAB_KILL_ROUNDS");
  return text == nullptr ? usual : std::stoi(text);
}

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

/// What makes a program reclaim what it can all the time.
inline Variables reclaiming() {
  return {{"CONFAB_RECLAIM_INTERVAL_S", "1"}, {"CONFAB_RECLAIM_ENTRIES_PER_SECOND", "1000000"}};
}

}  // namespace confab::testing
