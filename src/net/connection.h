// One client's connection, inside the net layer. Everything here belongs to one io thread, except
// Mailbox.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/metrics.h"
#include "net/http.h"
#include "net/server.h"

namespace boost::asio {
class io_context;
}

namespace confab {

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// The answer to request `number`; nothing if its handler dropped it, which cuts the connection.
  virtual void answer(std::uint64_t number, std::optional<HttpResponse> response) = 0;
  /// Acts on the limit that has run out by `now`, if one has.
  virtual void sweep(Time now) = 0;
  /// The lane has begun to drain.
  virtual void drain() = 0;
  /// Cuts the connection and takes it off its lane. May be repeated.
  virtual void close() = 0;
};

/// Brings answers to their io thread. Thread-safe; outlives its lane for handlers that are late.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  struct Answer {
    std::weak_ptr<Connection> connection;
    std::uint64_t number;
    std::optional<HttpResponse> response;
  };

  /// `io_thread` runs `io`.
  Mailbox(boost::asio::io_context& io, std::thread::id io_thread)
      : io_(&io), io_thread_(io_thread) {}

  /// On the io thread at once, else soon on it.
  void deliver(Answer answer);
  /// From now on answers are dropped. `io` is not used any more.
  void close();

 private:
  static void hand_out(Answer answer);
  static void empty(const std::shared_ptr<Mailbox>& mailbox);

  std::mutex mutex_;
  boost::asio::io_context* io_;  // guarded by mutex_; null once closed
  std::vector<Answer> waiting_;  // guarded by mutex_
  const std::thread::id io_thread_;
};

struct NetCounters {
  NetCounters(Metrics& metrics, const std::string& server);

  Gauge open;
  Counter accepted;
  Counter refused;
  Counter accept_failures;
  std::vector<Counter> faults;  // by HttpRequest::Fault
};

/// What the connections of one io thread share.
struct Lane {
  const HttpServerOptions& options;
  const HttpHandler& handler;
  NetCounters& counters;
  ssl_ctx_st* tls;  // null: plain
  std::function<void()> on_closed;
  std::shared_ptr<Mailbox> mailbox;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections;
  bool draining = false;
};

/// Serves the client of `socket` (non-blocking, owned from now on) until it closes.
void open_connection(Lane& lane, boost::asio::io_context& io, int socket);

}  // namespace confab
