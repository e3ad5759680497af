// The thread that gives back the space of what nobody can see any more, within a rate.
#pragma once

#include <chrono>
#include <cstddef>
#include <thread>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "domain/limits.h"
#include "store/store.h"

namespace confab {

struct ReclaimOptions {
  Store& store;
  const Clock& clock;
  Random& random;
  const ChatLimits& limits;
  Metrics& metrics;
  std::size_t entries_per_second;
  std::chrono::seconds interval;  // between two sweeps
};

class ReclaimThread {
 public:
  /// Starts. What `options` refers to must outlive this object.
  explicit ReclaimThread(const ReclaimOptions& options);
  ReclaimThread(const ReclaimThread&) = delete;
  ReclaimThread& operator=(const ReclaimThread&) = delete;
  /// Stops after the step that is under way.
  ~ReclaimThread() = default;

 private:
  std::jthread thread_;
};

}  // namespace confab
