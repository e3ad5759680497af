// What operators ask: /healthz, /readyz, /metrics, and the console.
#pragma once

#include <functional>
#include <string>

#include "base/metrics.h"
#include "console/console.h"
#include "net/http.h"

namespace confab {

/// GET /healthz: 200 as long as anything answers. GET /readyz: 200, or 503 with the reason that
/// `why_not_ready` gives (empty: ready). GET /metrics: Prometheus text. Anything else goes to the
/// console; without one (null) it is 404. What is referred to must outlive the handler.
HttpHandler ops_handler(Metrics& metrics,
                        std::function<std::string()> why_not_ready,
                        Console* console);

}  // namespace confab
