#include "net/connection.h"

#include <unistd.h>

#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/check.h"
#include "net/answer_queue.h"
#include "net/head_scan.h"
#include "net/input_buffer.h"
#include "net/phase.h"
#include "net/request_parser.h"

#include <time.h>

namespace confab {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>,
                                         Executor>;
template <typename T>
using Await = asio::awaitable<T, Executor>;
constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable_t<Executor>{});

using Fault = HttpRequest::Fault;

constexpr std::size_t kBatchBytes = std::size_t{64} << 10U;
// Buffers that have grown beyond this are given back between requests.
constexpr std::size_t kKeptBytes = std::size_t{16} << 10U;
// A chunked body ends with at least `0 CRLF CRLF`. Beast 1.81 asserts that it is not resumed with
// less in the middle of that.
constexpr std::size_t kLeastOfChunks = 5;
// Of what follows the last request so much is read and dropped.
constexpr std::size_t kLingerBytes = std::size_t{4} << 20U;

/// A few milliseconds late at most, for limits that are much longer, and cheap.
Connection::Time coarse_now() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return Connection::Time(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

/// A reader coroutine that takes requests as they arrive, a queue of slots that puts their answers
/// in order, and a writer coroutine that lives while the client is slower than the answers.
class ClientConnection final : public Connection,
                               public std::enable_shared_from_this<ClientConnection> {
 public:
  ClientConnection(Lane& lane, asio::io_context& io)
      : lane_(lane), socket_(io), input_(lane.options.max_header_bytes), room_(io, Time::max()) {}

  void start(int socket);

  void answer(std::uint64_t number, std::optional<HttpResponse> response) override;
  void sweep(Time now) override;
  void drain() override {
    if (!writing_) settle();
  }
  void close() override;

 private:
  static Await<void> serve(std::shared_ptr<ClientConnection> self);
  static Await<void> write_out(std::shared_ptr<ClientConnection> self);
  static Await<void> say_farewell(std::shared_ptr<ClientConnection> self);

  bool takes_requests() const { return !closed_ && phase_ < Phase::kDiscard; }
  /// The answers must leave before another request is taken.
  bool is_full() const {
    return answers_.size() >= lane_.options.max_pipelined || answers_.bytes() >= kBatchBytes;
  }
  bool is_between_requests() const { return phase_ <= Phase::kIdle && input_.empty(); }

  void consume();
  bool take_request();
  bool start_head();
  bool scan_head();
  bool parse();
  bool hold_body(std::size_t bytes);
  void drop_request();
  void hand_over(bool last);
  void fail(Fault fault);
  void input_ended(const error_code& ec);

  void gather();
  void all_written();
  bool write_at_once();
  void flush();
  void settle();
  void finish();

  void enter(Phase phase) {
    phase_ = phase;
    since_ = coarse_now();
  }

  Lane& lane_;
  Socket socket_;
  std::optional<asio::ssl::stream<Socket&>> tls_;

  // Input.
  Phase phase_ = Phase::kConnected;
  Time since_ = std::chrono::steady_clock::now();  // when the phase began; idle: the last answer
  InputBuffer input_;
  HeadScan head_;
  std::optional<RequestParser> parser_;
  HttpRequest request_;
  std::size_t held_ = 0;  // bytes of its body that are counted as unfinished
  Timer room_;            // cancelled when another request may be taken
  bool waits_for_room_ = false;
  std::size_t discarded_ = 0;
  bool faulted_ = false;
  bool peer_closed_ = false;

  // Output.
  AnswerQueue answers_;
  bool corked_ = false;  // input is being parsed: answers are gathered for one write
  std::string out_;
  bool writing_ = false;  // write_out runs and owns out_
  Time writing_since_;
  bool closed_ = false;
};

// --- input

void ClientConnection::start(int socket) {
  error_code ec;
  socket_.assign(asio::ip::tcp::v4(), socket, ec);
  if (ec) {
    ::close(socket);
    return close();
  }
  socket_.non_blocking(true, ec);
  socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  if (const auto context = lane_.tls.get()) {
    auto* const session = SSL_new(context.get());
    CHECK(session != nullptr, "out of memory for a TLS session");
    tls_.emplace(socket_, session);
  }
  asio::co_spawn(socket_.get_executor(), serve(shared_from_this()), asio::detached);
}

Await<void> ClientConnection::serve(std::shared_ptr<ClientConnection> self) {
  auto& c = *self;
  if (c.tls_) {
    const auto [ec] = co_await c.tls_->async_handshake(asio::ssl::stream_base::server, kAsTuple);
    if (ec) co_return c.close();
    c.enter(Phase::kConnected);
  }
  while (!c.closed_ && c.discarded_ <= kLingerBytes) {
    if (c.takes_requests() && c.is_full()) {
      c.waits_for_room_ = true;
      co_await c.room_.async_wait(kAsTuple);
      c.waits_for_room_ = false;
    } else {
      const auto free = c.input_.room();
      const auto room = asio::buffer(free.data(), free.size());
      const auto [ec, count] = c.tls_ ? co_await c.tls_->async_read_some(room, kAsTuple)
                                      : co_await c.socket_.async_read_some(room, kAsTuple);
      if (ec) co_return c.input_ended(ec);
      c.input_.received(count);
    }
    c.consume();
  }
  // More than kLingerBytes came after the last request: what is owed is still answered, and the
  // sweep closes.
}

/// Takes all that has arrived. Answers that handlers give meanwhile leave in one write.
void ClientConnection::consume() {
  for (bool more = true; more;) {
    corked_ = true;
    while (takes_requests() && !is_full() && take_request()) {
    }
    corked_ = false;
    const bool stopped_full = is_full();
    flush();
    more = stopped_full && takes_requests() && !is_full();
  }
  if (!takes_requests()) {
    discarded_ += input_.pending().size();
    input_.drop(input_.pending().size());
  }
}

/// False if there is no further whole request.
bool ClientConnection::take_request() {
  if (phase_ <= Phase::kIdle && !start_head()) return false;
  if (phase_ == Phase::kHead && !scan_head()) return false;
  return parse();
}

bool ClientConnection::start_head() {
  // Old clients end a body with a line break that they do not count.
  while (input_.pending().starts_with("\r\n"))
    input_.drop(2);
  if (input_.empty() || input_.pending() == "\r") return false;
  if (phase_ == Phase::kIdle) {
    enter(Phase::kHead);
  } else {
    phase_ = Phase::kHead;  // the limit counts from the accept
  }
  head_ = {};
  return true;
}

bool ClientConnection::scan_head() {
  const auto outcome = head_.advance(input_.pending());
  if (outcome == HeadScan::Outcome::kComplete) parser_.emplace(request_, lane_.options);
  if (outcome == HeadScan::Outcome::kMalformed) fail(Fault::kMalformed);
  if (outcome == HeadScan::Outcome::kIncomplete && input_.is_full()) fail(Fault::kHeaderTooLarge);
  return outcome == HeadScan::Outcome::kComplete;
}

bool ClientConnection::parse() {
  if (!parser_ || input_.empty()) return false;
  auto& parser = *parser_;
  const bool in_chunks = phase_ == Phase::kBody && parser.chunked();
  if (in_chunks && input_.pending().size() < kLeastOfChunks) return false;
  error_code ec;
  input_.drop(parser.read(input_.pending(), ec));
  if (ec && ec != boost::beast::http::error::need_more) {
    fail(fault_of(ec));
    return false;
  }
  if (parser.is_done()) {
    const bool last = !parser.keep_alive();
    parser_.reset();
    hold_body(0);
    phase_ = last ? Phase::kDiscard : Phase::kIdle;
    hand_over(last);
    return true;
  }
  if (phase_ == Phase::kHead) {
    enter(Phase::kBody);
    if (parser.expects_continue() && request_.body.empty() && input_.empty())
      answers_.add_continue();
  }
  if (input_.is_full()) {
    fail(Fault::kHeaderTooLarge);
  } else if (!hold_body(request_.body.size())) {
    fail(Fault::kOverloaded);
  }
  return false;
}

/// Counts what is held of a body of which more is to come; 0: none is. False if that is too much,
/// together with what the other connections hold.
bool ClientConnection::hold_body(std::size_t bytes) {
  if (bytes == held_) return true;
  auto& counters = lane_.counters;
  const auto more = bytes - std::exchange(held_, bytes);  // may wrap around; so does the sum
  counters.unfinished.add(static_cast<double>(static_cast<std::ptrdiff_t>(more)));
  return (counters.unfinished_bytes += more) <= lane_.options.max_unfinished_bytes;
}

/// Nothing more of it is taken.
void ClientConnection::drop_request() {
  parser_.reset();
  hold_body(0);
  request_ = {};
}

void ClientConnection::hand_over(bool last) {
  const auto number = answers_.add(last, request_.method != "HEAD");
  lane_.handler(request_, make_respond(lane_.mailbox, weak_from_this(), number));
  request_.body.clear();
  if (request_.body.capacity() > kKeptBytes) request_.body.shrink_to_fit();
}

void ClientConnection::fail(Fault fault) {
  lane_.counters.faults[static_cast<std::size_t>(fault)].add();
  drop_request();
  faulted_ = true;
  phase_ = Phase::kDiscard;
  request_.fault = fault;
  hand_over(true);
}

void ClientConnection::input_ended(const error_code& ec) {
  // A client may close its sending side and still wait for answers.
  if (ec != asio::error::eof && ec != asio::ssl::error::stream_truncated) return close();
  peer_closed_ = true;
  if (phase_ == Phase::kLinger) return close();
  drop_request();
  phase_ = Phase::kDiscard;
  flush();
}

// --- output

void ClientConnection::answer(std::uint64_t number, std::optional<HttpResponse> response) {
  if (closed_) return;
  if (!response) return close();  // its client would wait for ever
  answers_.answer(number, *std::move(response));
  if (!corked_) flush();
}

void ClientConnection::gather() {
  if (answers_.gather(out_, kBatchBytes, lane_.draining && is_between_requests()))
    phase_ = Phase::kDiscard;
  if (waits_for_room_ && !is_full()) room_.cancel();
}

void ClientConnection::all_written() {
  out_.clear();
  if (out_.capacity() > kKeptBytes) out_.shrink_to_fit();
}

/// True if all of out_ is gone.
bool ClientConnection::write_at_once() {
  error_code ec;
  const auto count = socket_.write_some(asio::buffer(out_), ec);
  if (ec == asio::error::would_block) return false;
  if (ec) {
    close();
    return true;
  }
  if (count < out_.size()) {
    out_.erase(0, count);
    return false;
  }
  all_written();
  return true;
}

void ClientConnection::flush() {
  while (!closed_ && !writing_) {
    gather();
    if (out_.empty()) return settle();
    if (!tls_ && write_at_once()) continue;
    writing_ = true;
    asio::co_spawn(socket_.get_executor(), write_out(shared_from_this()), asio::detached);
  }
}

Await<void> ClientConnection::write_out(std::shared_ptr<ClientConnection> self) {
  auto& c = *self;
  while (!c.closed_ && !c.out_.empty()) {
    c.writing_since_ = std::chrono::steady_clock::now();
    const auto bytes = asio::buffer(c.out_);
    const auto [ec, count] = c.tls_ ? co_await asio::async_write(*c.tls_, bytes, kAsTuple)
                                    : co_await asio::async_write(c.socket_, bytes, kAsTuple);
    if (ec) co_return c.close();
    c.all_written();
    c.gather();
  }
  c.writing_ = false;
  c.settle();
}

/// Everything that is ready has been written.
void ClientConnection::settle() {
  if (closed_ || !answers_.empty()) return;
  if (phase_ == Phase::kDiscard) return finish();
  if (phase_ == Phase::kIdle) since_ = coarse_now();
  if (lane_.draining && is_between_requests()) close();
}

/// Says that nothing more follows.
void ClientConnection::finish() {
  if (peer_closed_) return close();
  enter(Phase::kLinger);
  error_code ignored;
  if (faulted_ || discarded_ > 0 || !input_.empty() || socket_.available(ignored) > 0) {
    socket_.shutdown(Socket::shutdown_send, ignored);
  } else if (tls_) {
    asio::co_spawn(socket_.get_executor(), say_farewell(shared_from_this()), asio::detached);
  } else {
    close();
  }
}

Await<void> ClientConnection::say_farewell(std::shared_ptr<ClientConnection> self) {
  if (auto& tls = self->tls_) {
    // As if the client had said its own: that is not worth waiting for.
    SSL_set_shutdown(tls->native_handle(), SSL_RECEIVED_SHUTDOWN);
    co_await tls->async_shutdown(kAsTuple);
  }
  self->close();
}

// --- limits and the end

void ClientConnection::sweep(Time now) {
  const auto& o = lane_.options;
  if (writing_ && now - writing_since_ > o.write_timeout) {
    // A reset, so that the kernel does not keep for this client what it will not read.
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    return close();
  }
  if (now - since_ <= limit_of(phase_, o)) return;
  if (phase_ == Phase::kHead || phase_ == Phase::kBody) return fail(Fault::kTimedOut);
  const bool answers_owed = !answers_.empty() || writing_;
  if (phase_ != Phase::kIdle || !answers_owed) close();
}

void ClientConnection::close() {
  if (closed_) return;
  const auto self = shared_from_this();  // the lane may hold the last other reference
  closed_ = true;
  hold_body(0);  // no more: a handler may still be looking at the request
  error_code ignored;
  socket_.close(ignored);
  room_.cancel();
  lane_.connections.erase(this);
  lane_.counters.open.add(-1);
  lane_.on_closed();
}

}  // namespace

void open_connection(Lane& lane, asio::io_context& io, int socket) {
  const auto connection = std::make_shared<ClientConnection>(lane, io);
  lane.connections.emplace(connection.get(), connection);
  lane.counters.open.add(1);
  lane.counters.accepted.add();
  connection->start(socket);
}

}  // namespace confab
