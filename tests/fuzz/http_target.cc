// The HTTP front: one connection over a pair of sockets. Whatever the pieces in which bytes arrive,
// the handler must get the same requests; it gets answers out in their order; and the connection
// ends. The first byte chooses the pieces, the second the limits, the answers and the end.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "base/check.h"
#include "net/connection.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

using Bytes = std::string_view;

/// What the handler got.
struct Taken {
  std::string method;
  std::string target;
  std::string body;
  HttpRequest::Fault fault;
  bool operator==(const Taken&) const = default;
};

enum class Answering : std::uint8_t { kAtOnce, kLate, kLateAndBackwards, kNever };

struct Manner {
  explicit Manner(std::uint8_t byte)
      : small_limits((byte & 1U) != 0),
        closes_early((byte & 2U) != 0),
        drains((byte & 4U) != 0),
        answering(static_cast<Answering>(byte >> 3U & 3U)) {}

  bool small_limits;
  bool closes_early;  // the client ends its side; else it only falls silent
  bool drains;        // the server shuts down when all has arrived
  Answering answering;
};

HttpServerOptions options_of(bool small_limits) {
  if (!small_limits) return {};
  return {.max_header_bytes = 256, .max_body_bytes = 64, .max_pipelined = 2};
}

/// The lane of an io thread, with a client.
class Front {
 public:
  explicit Front(bool small_limits)
      : options_(options_of(small_limits)),
        handler_([this](const HttpRequest& request, Respond respond) {
          take(request, std::move(respond));
        }) {}

  std::vector<Taken> play(Bytes input, std::uint8_t pieces, Manner manner) {
    begin(manner);
    send_in_pieces(input, pieces);
    if (manner.drains) drain();
    answer_all();
    if (manner.closes_early) ::shutdown(client_, SHUT_WR);
    run();
    answer_all();
    wait_for_the_end();
    ::close(client_);
    if (manner_.answering != Answering::kNever) check_answers();
    return std::move(taken_);
  }

 private:
  void begin(Manner manner) {
    manner_ = manner;
    taken_.clear();
    received_.clear();
    lane_.draining = false;
    std::array<int, 2> pair{};
    constexpr int kType = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    CHECK(::socketpair(AF_UNIX, kType, 0, pair.data()) == 0, "no sockets");
    client_ = pair[0];
    open_connection(lane_, io_, pair[1]);
    run();
  }

  void run() {
    io_.restart();
    io_.poll();
    std::array<char, 4096> room{};
    // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): never blocks; no lock is held
    for (ssize_t count = 0; (count = ::recv(client_, room.data(), room.size(), 0)) > 0;)
      received_.append(room.data(), static_cast<std::size_t>(count));
  }

  void send_in_pieces(Bytes input, std::uint8_t pieces) {
    std::uint32_t random = pieces;
    while (!input.empty()) {
      random = random * 1664525 + 1013904223;
      std::size_t size = pieces;
      if (pieces == 0) size = input.size();
      if (pieces >= 128) size = 1 + (random >> 16U) % 64;
      const auto piece = input.substr(0, size);
      input.remove_prefix(piece.size());
      // An error: the server has closed.
      if (::send(client_, piece.data(), piece.size(), MSG_NOSIGNAL) < 0) return;
      run();
    }
  }

  void take(const HttpRequest& request, Respond respond) {
    const auto number = taken_.size();
    taken_.push_back({request.method, request.target, request.body, request.fault});
    if (manner_.answering == Answering::kAtOnce) return respond(answer_to(number));
    held_.emplace_back(number, std::move(respond));
  }

  static HttpResponse answer_to(std::size_t number) {
    HttpResponse answer;
    answer.body = std::to_string(number);
    return answer;
  }

  /// Each answer may let further requests in.
  void answer_all() {
    while (!held_.empty()) {
      auto held = std::exchange(held_, {});
      if (manner_.answering == Answering::kLateAndBackwards) std::ranges::reverse(held);
      for (auto& [number, respond] : held) {
        if (manner_.answering != Answering::kNever) respond(answer_to(number));
      }
      held.clear();
      run();
    }
  }

  std::vector<std::shared_ptr<Connection>> connections() const {
    std::vector<std::shared_ptr<Connection>> copy;
    for (const auto& [key, connection] : lane_.connections)
      copy.push_back(connection);
    return copy;
  }

  void drain() {
    lane_.draining = true;
    for (const auto& connection : connections())
      connection->drain();
    run();
  }

  /// A day passes, as often as there are phases.
  void wait_for_the_end() {
    auto now = std::chrono::steady_clock::now();
    for (int day = 0; day < 4; ++day) {
      now += std::chrono::hours(24);
      for (const auto& connection : connections())
        connection->sweep(now);
      run();
      answer_all();
    }
    CHECK(lane_.connections.empty(), "a connection outlives its limits");
  }

  void check_answers() const {
    Bytes rest = received_;
    for (std::size_t number = 0; number < taken_.size(); ++number) {
      while (take_head(rest).starts_with("HTTP/1.1 100")) {
      }
      if (taken_[number].method == "HEAD") continue;
      const auto body = std::to_string(number);
      CHECK(rest.starts_with(body), "an answer is missing, or in another's place");
      rest.remove_prefix(body.size());
    }
    while (!rest.empty())
      CHECK(take_head(rest).starts_with("HTTP/1.1 100"), "an answer that nobody asked for");
  }

  static Bytes take_head(Bytes& rest) {
    constexpr Bytes kEnd = "\r\n\r\n";
    const auto end = rest.find(kEnd);
    CHECK(rest.starts_with("HTTP/1.1 ") && end != rest.npos, "an answer is missing or cut off");
    const auto head = rest.substr(0, end);
    rest.remove_prefix(end + kEnd.size());
    return head;
  }

  const HttpServerOptions options_;
  const HttpHandler handler_;
  Metrics metrics_;
  NetCounters counters_{metrics_, "fuzz"};
  const TlsSlot tls_;
  boost::asio::io_context io_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  Lane lane_{.options = options_,
             .handler = handler_,
             .counters = counters_,
             .tls = tls_,
             .on_closed = [] {},
             .mailbox = std::make_shared<Mailbox>([] {}),
             .connections = {}};
  int client_ = -1;
  Manner manner_{0};
  std::vector<Taken> taken_;
  std::vector<std::pair<std::size_t, Respond>> held_;
  std::string received_;
};

/// What could be read. Whether the bytes behind it are found bad at once, only with those that
/// follow, or never because they are too few, does depend on the pieces.
std::span<const Taken> good_ones(const std::vector<Taken>& taken) {
  const auto bad = std::ranges::find_if(taken, [](const Taken& one) {
    return one.fault != HttpRequest::Fault::kNone;
  });
  CHECK(bad == taken.end() || bad + 1 == taken.end(), "a request after a bad one");
  return {taken.begin(), bad};
}

}  // namespace

void run_input(std::string_view input) {
  static std::array<std::unique_ptr<Front>, 2> fronts{std::make_unique<Front>(false),
                                                      std::make_unique<Front>(true)};
  Input in(input);
  const auto pieces = in.byte();
  const Manner manner(in.byte());
  auto& front = *fronts.at(manner.small_limits ? 1 : 0);
  const auto whole = front.play(in.rest(), 0, manner);
  if (pieces == 0) return;
  const auto in_pieces = front.play(in.rest(), pieces, manner);
  // A client that is never answered is cut off, sooner or later; so is one while the server drains.
  if (manner.answering == Answering::kNever || manner.drains) return;
  CHECK(std::ranges::equal(good_ones(whole), good_ones(in_pieces)),
        "requests depend on the pieces in which they arrive");
}

}  // namespace confab::fuzz
