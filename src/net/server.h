// The HTTP front: listens, reads requests, hands them to a handler, writes the answers in order.
// HTTP/1.1 and 1.0, keep-alive, pipelining, chunked bodies, plain or TLS. One io thread for each
// of `threads`, each with a listening socket of its own on the same port.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/metrics.h"
#include "base/result.h"
#include "net/http.h"
#include "net/tls.h"

namespace confab {

struct HttpServerOptions {
  std::string name = "rest";  // the value of the `server` label of the metrics
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  int threads = 1;
  std::optional<TlsFiles> tls;  // none: plain HTTP

  /// More are closed at once, unanswered.
  std::size_t max_connections = 10'000;
  /// Request line and headers; also one chunk's header, and the trailers.
  std::size_t max_header_bytes = std::size_t{16} << 10U;
  std::size_t max_body_bytes = std::size_t{1} << 20U;
  /// Bytes of request bodies of which more is to come, of all connections together. The request
  /// that goes beyond them is at fault (kOverloaded); those that arrive whole never do.
  std::size_t max_unfinished_bytes = std::size_t{256} << 20U;
  /// Requests of one connection that wait for their answers; reading pauses at this number, and
  /// while answers of 64 KiB wait for the client to take those before them.
  std::size_t max_pipelined = 32;

  // Limits are checked on a tick of a quarter of the shortest one, at most a second: so much later
  // than its limit may a connection be cut off.

  /// TLS handshake; accept to the first request's end of head; first byte to end of head.
  std::chrono::milliseconds header_timeout{10'000};
  /// From the end of the head to the end of the body.
  std::chrono::milliseconds body_timeout{20'000};
  /// Between an answer and the next request.
  std::chrono::milliseconds idle_timeout{75'000};
  /// For the client to take what is being written (at most 64 KiB and one answer at a time).
  std::chrono::milliseconds write_timeout{20'000};

  /// The handler looks at headers.
  bool keep_headers = false;

  Metrics* metrics = nullptr;  // must outlive the server
};

/// start, drain and stop are called by one thread at a time. The handler is called on io threads.
class HttpServer {
 public:
  HttpServer(HttpServerOptions options, HttpHandler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Stops.
  ~HttpServer();

  /// Listens and serves; the port that it listens on. kInternal, with a text for the operator:
  /// address or port cannot be used, or the TLS files cannot. Once.
  Result<std::uint16_t> start();

  /// Reads the TLS files again, for the connections that are accepted from now on. Any thread.
  /// kInternal, with a text for the operator: they cannot be used, and nothing has changed.
  Status reload_tls();

  /// Ends gently: refuses new connections, closes idle ones, answers what was accepted, with
  /// `Connection: close` on each connection's last answer. A request of which some bytes have
  /// arrived may still become complete and is then answered; one that follows on a connection
  /// whose last answer is already on its way is not. Blocks until every connection is closed
  /// (true) or until the deadline (false; stop() cuts the rest).
  bool drain(std::chrono::steady_clock::time_point deadline);

  /// Cuts every connection and ends the threads. Handlers that have not answered yet may still do
  /// so, to no effect, also after this object is gone.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace confab
