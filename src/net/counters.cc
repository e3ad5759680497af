#include "net/counters.h"

namespace confab {

NetCounters::NetCounters(Metrics& metrics, const std::string& server)
    : open(metrics.gauge("confab_http_connections",
                         "Connections that are open now.",
                         {{"server", server}})),
      accepted(metrics.counter("confab_http_connections_accepted_total",
                               "Connections that were accepted.",
                               {{"server", server}})),
      refused(metrics.counter("confab_http_connections_refused_total",
                              "Connections that were closed at once: too many are open.",
                              {{"server", server}})),
      accept_failures(metrics.counter("confab_http_accept_failures_total",
                                      "Attempts to accept a connection that the machine refused.",
                                      {{"server", server}})),
      unfinished(metrics.gauge("confab_http_unfinished_body_bytes",
                               "Bytes held of request bodies of which more is to come.",
                               {{"server", server}})) {
  for (const auto* kind :
       {"none", "malformed", "header_too_large", "body_too_large", "timed_out", "overloaded"})
    faults.push_back(metrics.counter("confab_http_faults_total",
                                     "Requests that could not be read as HTTP.",
                                     {{"server", server}, {"kind", kind}}));
}

}  // namespace confab
