#include "net/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/connection.h"

#include <pthread.h>

namespace confab {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>,
                                         Executor>;
using Endpoint = asio::ip::tcp::endpoint;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable_t<Executor>{});

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kAcceptLogInterval{1};

/// The descriptor or memory limit: accepting again at once would fail again at once.
bool is_exhaustion(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

std::chrono::milliseconds tick_of(const HttpServerOptions& o) {
  const auto shortest =
      std::min({o.header_timeout, o.body_timeout, o.idle_timeout, o.write_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(1), std::chrono::milliseconds(1000));
}

/// Opens and binds; `shared`: with other sockets of ours.
error_code bind_to(Acceptor& acceptor, const Endpoint& endpoint, bool shared) {
  error_code ec;
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(Acceptor::reuse_address(true), ec);
  if (!ec && shared) acceptor.set_option(ReusePort(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  return ec;
}

}  // namespace

struct HttpServer::State {
  /// One io thread.
  struct Loop {
    explicit Loop(State& state)
        : state(state),
          acceptor(io),
          pause(io),
          tick(io),
          lane{.options = state.options,
               .handler = state.handler,
               .counters = state.counters,
               .tls = state.tls,
               .on_closed = [&state] { state.one_closed(); },
               .mailbox = nullptr,
               .connections = {}} {}

    void run();
    /// A copy, because whoever is spoken to may leave the lane.
    std::vector<std::shared_ptr<Connection>> connections() const;
    void stop_accepting();
    static asio::awaitable<void, Executor> accept_clients(Loop* self);
    static asio::awaitable<void, Executor> watch_limits(Loop* self);
    /// 0 once there is nobody to accept, else what went wrong.
    int accept_waiting();
    void log_exhaustion(int error);

    State& state;
    asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
    Acceptor acceptor;
    Timer pause;
    Timer tick;
    Lane lane;
    bool accepting = true;
    bool stopping = false;
    std::chrono::steady_clock::time_point logged_exhaustion;
    std::thread thread;
  };

  State(HttpServerOptions given, HttpHandler given_handler)
      : options(std::move(given)),
        handler(std::move(given_handler)),
        counters(options.metrics != nullptr ? *options.metrics : unread_metrics, options.name) {}

  void one_closed() {
    const std::lock_guard lock(mutex);
    --open;
    quieter.notify_all();
  }

  Error cannot_listen(const Endpoint& endpoint, const error_code& ec) const;
  /// A listener for each loop; the endpoint with the port that they got.
  Result<Endpoint> listen(Endpoint endpoint);

  /// Runs `action` on each loop's thread, soon.
  void on_each_loop(void (*action)(Loop&)) {
    for (const auto& loop : loops)
      asio::post(loop->io, [&loop = *loop, action] { action(loop); });
  }

  const HttpServerOptions options;
  const HttpHandler handler;
  Metrics unread_metrics;  // counted into when the options name none
  NetCounters counters;
  TlsSlot tls;

  std::mutex mutex;
  std::condition_variable quieter;  // one of the next two went down
  std::size_t open = 0;             // connections; guarded by mutex
  std::size_t listening = 0;        // loops; guarded by mutex

  std::vector<std::unique_ptr<Loop>> loops;
};

// --- one io thread

void HttpServer::State::Loop::run() {
  pthread_setname_np(pthread_self(), ("http " + state.options.name).substr(0, 15).c_str());
  lane.mailbox = std::make_shared<Mailbox>(
      [this] { asio::post(io, [mailbox = lane.mailbox] { mailbox->empty(); }); });
  asio::co_spawn(io, accept_clients(this), asio::detached);
  asio::co_spawn(io, watch_limits(this), asio::detached);
  io.run();
  CHECK(lane.connections.empty(), "an io thread ended with open connections");
  lane.mailbox->close();
}

std::vector<std::shared_ptr<Connection>> HttpServer::State::Loop::connections() const {
  std::vector<std::shared_ptr<Connection>> copy;
  copy.reserve(lane.connections.size());
  for (const auto& [key, connection] : lane.connections)
    copy.push_back(connection);
  return copy;
}

void HttpServer::State::Loop::stop_accepting() {
  if (!std::exchange(accepting, false)) return;
  error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
  const std::lock_guard lock(state.mutex);
  --state.listening;
  state.quieter.notify_all();
}

asio::awaitable<void, Executor> HttpServer::State::Loop::accept_clients(Loop* self) {
  while (self->accepting) {
    const int error = self->accept_waiting();
    if (error == 0) {
      co_await self->acceptor.async_wait(Acceptor::wait_read, kAsTuple);
    } else if (is_exhaustion(error)) {
      self->log_exhaustion(error);
      self->pause.expires_after(kAcceptPause);
      co_await self->pause.async_wait(kAsTuple);
    }
  }
}

int HttpServer::State::Loop::accept_waiting() {
  for (;;) {
    const int socket =
        ::accept4(acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : errno;
    {
      const std::lock_guard lock(state.mutex);
      if (state.open >= state.options.max_connections) {
        state.counters.refused.add();
        ::close(socket);
        continue;
      }
      ++state.open;
    }
    open_connection(lane, io, socket);
  }
}

void HttpServer::State::Loop::log_exhaustion(int error) {
  state.counters.accept_failures.add();
  const auto now = std::chrono::steady_clock::now();
  if (now - logged_exhaustion < kAcceptLogInterval) return;
  logged_exhaustion = now;
  log_event(LogLevel::kError, "cannot_accept_connections",
            {{"server", state.options.name}, {"reason", std::generic_category().message(error)}});
}

asio::awaitable<void, Executor> HttpServer::State::Loop::watch_limits(Loop* self) {
  const auto interval = tick_of(self->state.options);
  while (!self->stopping) {
    self->tick.expires_after(interval);
    co_await self->tick.async_wait(kAsTuple);
    const auto now = std::chrono::steady_clock::now();
    for (const auto& connection : self->connections())
      connection->sweep(now);
  }
}

// --- start

Error HttpServer::State::cannot_listen(const Endpoint& endpoint, const error_code& ec) const {
  return {ErrorCode::kInternal, "cannot listen on " + options.address + " port " +
                                    std::to_string(endpoint.port()) + ": " + ec.message()};
}

Result<Endpoint> HttpServer::State::listen(Endpoint endpoint) {
  if (endpoint.port() != 0) {
    // SO_REUSEPORT would let a second server of the same user share the port unnoticed.
    Acceptor probe(loops.front()->io);
    if (const auto ec = bind_to(probe, endpoint, false))
      return std::unexpected(cannot_listen(endpoint, ec));
  }
  for (const auto& loop : loops) {
    auto ec = bind_to(loop->acceptor, endpoint, true);
    if (!ec) loop->acceptor.non_blocking(true, ec);
    if (!ec) loop->acceptor.listen(Acceptor::max_listen_connections, ec);
    if (!ec) endpoint = loop->acceptor.local_endpoint(ec);
    if (ec) return std::unexpected(cannot_listen(endpoint, ec));
  }
  return endpoint;
}

HttpServer::HttpServer(HttpServerOptions options, HttpHandler handler)
    : state_(std::make_unique<State>(std::move(options), std::move(handler))) {
  const auto& o = state_->options;
  CHECK(o.threads > 0 && o.max_pipelined > 0, "at least one thread and one request");
  CHECK(o.max_header_bytes >= 4096, "max_header_bytes below the first buffer of a connection");
}

HttpServer::~HttpServer() {
  stop();
}

Result<std::uint16_t> HttpServer::start() {
  const auto& o = state_->options;
  CHECK(state_->loops.empty(), "a server starts once");
  error_code ec;
  const auto address = asio::ip::make_address(o.address, ec);
  if (ec) return fail(ErrorCode::kInternal, "not an IP address to listen on: " + o.address);
  TRY_STATUS(reload_tls());
  state_->loops.reserve(static_cast<std::size_t>(o.threads));
  for (int i = 0; i < o.threads; ++i)
    state_->loops.push_back(std::make_unique<State::Loop>(*state_));
  const auto endpoint = state_->listen({address, o.port});
  if (!endpoint) {
    state_->loops.clear();
    return std::unexpected(endpoint.error());
  }
  state_->listening = state_->loops.size();
  for (const auto& loop : state_->loops)
    loop->thread = std::thread([&loop = *loop] { loop.run(); });
  return endpoint->port();
}

Status HttpServer::reload_tls() {
  const auto& files = state_->options.tls;
  if (!files) return {};
  TRY(auto context, make_tls_context(*files, SystemClock().now()));
  state_->tls.set(std::move(context));
  return {};
}

// --- the end

bool HttpServer::drain(std::chrono::steady_clock::time_point deadline) {
  state_->on_each_loop([](State::Loop& loop) {
    loop.stop_accepting();
    loop.lane.draining = true;
    for (const auto& connection : loop.connections())
      connection->drain();
  });
  std::unique_lock lock(state_->mutex);
  return state_->quieter.wait_until(lock, deadline,
                                    [&] { return state_->listening == 0 && state_->open == 0; });
}

void HttpServer::stop() {
  state_->on_each_loop([](State::Loop& loop) {
    loop.stop_accepting();
    loop.stopping = true;
    loop.tick.cancel();
    for (const auto& connection : loop.connections())
      connection->close();
  });
  for (const auto& loop : state_->loops)
    loop->thread.join();
  state_->loops.clear();
}

}  // namespace confab
