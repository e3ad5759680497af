#include "server/reclaim_thread.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

#include "base/log.h"
#include "domain/reclaim.h"

namespace confab {
namespace {

// A step keeps its shard locked; so many entries take about a millisecond.
constexpr std::size_t kStepEntries = 500;

std::chrono::nanoseconds pause_after(const ReclaimStep& step, const ReclaimOptions& options) {
  if (step.sweep_done) return options.interval;
  return std::chrono::nanoseconds(std::chrono::seconds(1)) *
         static_cast<std::int64_t>(step.looked_at) /
         static_cast<std::int64_t>(options.entries_per_second);
}

/// Also after a sweep that erased nothing: the last flush may have failed.
void give_back_space(Store& store) {
  if (const auto given = store.give_back_space(); !given) {
    log_event(LogLevel::kWarning, "give_back_space_failed", {{"reason", given.error().detail}});
  }
}

void sweep_until(const std::stop_token& stop, ReclaimOptions options) {
  auto messages = options.metrics.counter("confab_reclaimed_total", "Entries given back, by kind.",
                                          {{"kind", "message"}});
  auto views = options.metrics.counter("confab_reclaimed_total", "Entries given back, by kind.",
                                       {{"kind", "view"}});
  Context context{.store = options.store,
                  .clock = options.clock,
                  .random = options.random,
                  .limits = options.limits,
                  .app = {}};
  ReclaimCursor cursor;
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!stop.stop_requested()) {
    const auto step = reclaim_step(context, cursor, kStepEntries);
    if (step) {
      messages.add(static_cast<double>(step->messages));
      views.add(static_cast<double>(step->views));
      if (step->sweep_done) give_back_space(options.store);
    } else {
      log_event(LogLevel::kWarning, "reclaim_failed", {{"reason", step.error().detail}});
    }
    const auto pause = step ? pause_after(*step, options) : options.interval;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, pause, [] { return false; });
  }
}

}  // namespace

ReclaimThread::ReclaimThread(const ReclaimOptions& options)
    : thread_([options](const std::stop_token& stop) { sweep_until(stop, options); }) {}

}  // namespace confab
