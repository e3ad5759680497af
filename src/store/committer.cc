#include "store/committer.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"

namespace confab {
Committer::Committer(CommitterOptions options, Ticket durable)
    : options_(std::move(options)), durable_(durable) {
  if (options_.metrics != nullptr) {
    auto& metrics = *options_.metrics;
    meters_.emplace(Meters{
        metrics.histogram("confab_commit_batch", "Answers released by one log sync",
                          {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096}),
        metrics.histogram("confab_commit_sync_seconds", "Duration of a log sync", latency_bounds()),
        metrics.gauge("confab_commit_waiters", "Answers that wait for durability"),
        metrics.counter("confab_commit_syncs_total", "Log syncs"),
    });
  }
  sync_thread_ = std::thread([this] { run_syncs(); });
  deadline_thread_ = std::thread([this] { run_deadlines(); });
}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_syncs_ = true;
  }
  sync_wanted_.notify_one();
  sync_thread_.join();
  {
    // Only now: should the last sync hang, deadlines still end the waits.
    const std::lock_guard lock(mutex_);
    stopping_deadlines_ = true;
  }
  deadline_moved_.notify_one();
  deadline_thread_.join();
}

void Committer::when_durable(Ticket ticket, Store::Deadline deadline, Store::OnDurable done) {
  CHECK(ticket <= options_.last_applied(), "a ticket that no commit gave");
  if (auto answer = admit(ticket, deadline, done)) done(*std::move(answer));
}

std::optional<Status> Committer::admit(Ticket ticket,
                                       Store::Deadline deadline,
                                       Store::OnDurable& done) {
  if (ticket <= durable_ && !failed_) return Status{};
  const std::lock_guard lock(mutex_);
  if (failed_) return fail(ErrorCode::kInternal, reason_);
  if (ticket <= durable_) return Status{};
  if (waiters_.size() >= options_.max_waiters) {
    return fail(ErrorCode::kOverloaded,
                std::to_string(waiters_.size()) + " answers wait for durability already");
  }
  waiters_.push_back({ticket, deadline, std::move(done)});
  if (meters_) meters_->waiters.set(static_cast<double>(waiters_.size()));
  sync_wanted_.notify_one();
  if (deadline < next_deadline_) {
    next_deadline_ = deadline;
    deadline_moved_.notify_one();
  }
  return std::nullopt;
}

void Committer::declare_failed(std::string reason) {
  const std::lock_guard lock(mutex_);
  set_failed(std::move(reason));
  sync_wanted_.notify_one();
}

Status Committer::health() const {
  if (!failed_) return {};
  const std::lock_guard lock(mutex_);
  return fail(ErrorCode::kInternal, reason_);
}

void Committer::run_syncs() {
  std::unique_lock lock(mutex_);
  while (true) {
    sync_wanted_.wait(lock, [this] {
      return stopping_syncs_ || !waiters_.empty() || (failed_ && !reported_);
    });
    if (failed_) {
      if (!reported_) {
        report_failure(lock);
        continue;
      }
      if (stopping_syncs_) return;
      continue;
    }
    if (waiters_.empty()) return;

    lock.unlock();
    // Taken before the sync starts: what is applied while it runs may miss it.
    const Ticket covered = options_.last_applied();
    const Status synced = sync_once();
    lock.lock();
    if (synced) {
      release_durable(lock, covered);
    } else {
      set_failed(synced.error().detail);
    }
  }
}

Status Committer::sync_once() {
  stall_if_armed();
  if (fires("store.sync")) return fail(ErrorCode::kInternal, "log sync failed: failpoint");
  if (fires("store.sync.skip")) return {};
  const auto start = std::chrono::steady_clock::now();
  auto synced = options_.sync();
  if (meters_) {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    meters_->sync_seconds.observe(taken.count());
    meters_->syncs.add();
  }
  return synced;
}

void Committer::stall_if_armed() {
  while (fires("store.sync.stall")) {
    std::unique_lock lock(mutex_);
    if (stopping_syncs_) return;
    sync_wanted_.wait_for(lock, std::chrono::milliseconds(1));
  }
}

bool Committer::fires(std::string_view failpoint) const {
  return options_.failpoints != nullptr && options_.failpoints->fires(failpoint);
}

void Committer::release_durable(std::unique_lock<std::mutex>& lock, Ticket durable) {
  durable_ = durable;
  auto released =
      take_waiters_if([durable](const Waiter& waiter) { return waiter.ticket <= durable; });
  lock.unlock();
  if (meters_) meters_->batch.observe(static_cast<double>(released.size()));
  for (auto& waiter : released)
    waiter.done({});
  released.clear();
  lock.lock();
}

void Committer::set_failed(std::string reason) {
  if (failed_) return;
  reason_ = std::move(reason);
  failed_ = true;
}

void Committer::report_failure(std::unique_lock<std::mutex>& lock) {
  reported_ = true;
  auto failed = take_waiters_if([](const Waiter&) { return true; });
  lock.unlock();
  for (auto& waiter : failed)
    waiter.done(fail(ErrorCode::kInternal, reason_));
  failed.clear();
  options_.on_fatal(reason_);
  lock.lock();
}

void Committer::run_deadlines() {
  std::unique_lock lock(mutex_);
  while (!stopping_deadlines_) {
    if (next_deadline_ == Store::Deadline::max()) {
      deadline_moved_.wait(lock);
    } else if (std::chrono::steady_clock::now() < next_deadline_) {
      deadline_moved_.wait_until(lock, next_deadline_);
    } else {
      end_late_waits(lock);
    }
  }
}

void Committer::end_late_waits(std::unique_lock<std::mutex>& lock) {
  const auto now = std::chrono::steady_clock::now();
  auto late = take_waiters_if([now](const Waiter& waiter) { return waiter.deadline <= now; });
  next_deadline_ = Store::Deadline::max();
  for (const auto& waiter : waiters_)
    next_deadline_ = std::min(next_deadline_, waiter.deadline);
  lock.unlock();
  for (auto& waiter : late)
    waiter.done(fail(ErrorCode::kNotDurableInTime));
  late.clear();
  lock.lock();
}

template <typename Predicate>
Committer::Waiters Committer::take_waiters_if(Predicate predicate) {
  Waiters taken;
  Waiters kept;
  for (auto& waiter : waiters_)
    (predicate(waiter) ? taken : kept).push_back(std::move(waiter));
  waiters_ = std::move(kept);
  if (meters_) meters_->waiters.set(static_cast<double>(waiters_.size()));
  return taken;
}

}  // namespace confab
