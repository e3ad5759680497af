// Group commit: one thread syncs once for everyone who waits, another ends waits whose deadline
// passes, so that a sync that hangs keeps nobody. Internal to the store layer, shared by its
// engines. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/failpoints.h"
#include "base/metrics.h"
#include "store/store.h"

namespace confab {

struct CommitterOptions {
  /// The newest ticket that a sync started now would cover.
  std::function<Ticket()> last_applied;
  /// Makes everything applied so far durable. Called by one thread at a time, never again after it
  /// failed.
  std::function<Status()> sync;
  /// Called once, on the sync thread, after all waiters were answered; must not destroy the
  /// committer.
  std::function<void(const std::string& reason)> on_fatal;
  std::size_t max_waiters = 0;
  /// "store.sync": the sync fails. "store.sync.stall": it hangs until disarmed or shut down.
  /// "store.sync.skip": it reports success without having synced.
  Failpoints* failpoints = nullptr;
  Metrics* metrics = nullptr;
};

class Committer {
 public:
  /// Everything up to `durable` is already on disk.
  Committer(CommitterOptions options, Ticket durable);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  /// Answers whoever still waits, after one last sync.
  ~Committer();

  /// As Store::when_durable. REQUIRES: ticket <= last_applied().
  void when_durable(Ticket ticket, Store::Deadline deadline, Store::OnDurable done);

  /// The engine cannot go on: everyone who waits, now or later, gets kInternal with `reason`.
  void declare_failed(std::string reason);

  /// kInternal with the first reason once a sync failed or the engine was declared failed.
  Status health() const;

 private:
  struct Waiter {
    Ticket ticket;
    Store::Deadline deadline;
    Store::OnDurable done;
  };
  using Waiters = std::vector<Waiter>;
  struct Meters {
    Histogram batch;
    Histogram sync_seconds;
    Gauge waiters;
    Counter syncs;
  };

  /// What to answer at once; nothing if `done` was taken in to wait.
  std::optional<Status> admit(Ticket ticket, Store::Deadline deadline, Store::OnDurable& done);
  void run_syncs();
  void run_deadlines();
  Status sync_once();
  void stall_if_armed();
  bool fires(std::string_view failpoint) const;

  // REQUIRES: mutex_ is held by `lock`; it is released while callbacks run.
  void release_durable(std::unique_lock<std::mutex>& lock, Ticket durable);
  void report_failure(std::unique_lock<std::mutex>& lock);
  void end_late_waits(std::unique_lock<std::mutex>& lock);
  // REQUIRES: mutex_ is held.
  void set_failed(std::string reason);
  template <typename Predicate>
  Waiters take_waiters_if(Predicate predicate);

  const CommitterOptions options_;
  std::optional<Meters> meters_;

  // Written under mutex_, read without it.
  std::atomic<Ticket> durable_;
  std::atomic<bool> failed_ = false;

  mutable std::mutex mutex_;  // protects what follows, up to the threads
  std::condition_variable sync_wanted_;
  std::condition_variable deadline_moved_;
  Waiters waiters_;
  /// No waiter's deadline is earlier. May lag behind as waits end; a wake-up for nothing corrects
  /// it.
  Store::Deadline next_deadline_ = Store::Deadline::max();
  std::string reason_;
  bool reported_ = false;
  bool stopping_syncs_ = false;
  bool stopping_deadlines_ = false;

  std::thread sync_thread_;
  std::thread deadline_thread_;
};

}  // namespace confab
