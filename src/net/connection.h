// One client's connection. Everything here belongs to one io thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>

#include "net/counters.h"
#include "net/http.h"
#include "net/mailbox.h"
#include "net/server.h"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's name
}

namespace confab {

class Connection : public AnswerSink {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Acts on the limit that has run out by `now`, if one has.
  virtual void sweep(Time now) = 0;
  /// The lane has begun to drain.
  virtual void drain() = 0;
  /// Cuts the connection and takes it off its lane. May be repeated.
  virtual void close() = 0;
};

/// What the connections of one io thread share.
struct Lane {
  const HttpServerOptions& options;
  const HttpHandler& handler;
  NetCounters& counters;
  const TlsSlot& tls;
  std::function<void()> on_closed;
  std::shared_ptr<Mailbox> mailbox;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  bool draining = false;
};

/// Serves the client of `socket` (non-blocking, owned from now on) until it closes.
void open_connection(Lane& lane, boost::asio::io_context& io, int socket);

}  // namespace confab
