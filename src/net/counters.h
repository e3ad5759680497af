// What one HTTP server counts. Thread-safe.
#pragma once

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
  std::vector<Counter> faults;  // by HttpRequest::Fault
};

}  // namespace confab
