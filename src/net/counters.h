// What one HTTP server counts. Thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "base/metrics.h"

namespace confab {

struct NetCounters {
  NetCounters(Metrics& metrics, const std::string& server);

  Gauge open;
  Counter accepted;
  Counter refused;
  Counter accept_failures;
  std::atomic<std::size_t> unfinished_bytes = 0;  // of bodies of which more is to come
  Gauge unfinished;                               // the same, to be seen
  std::vector<Counter> faults;                    // by HttpRequest::Fault
};

}  // namespace confab
