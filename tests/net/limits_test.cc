// Every way to hold a connection without using it is cut off by its own limit.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShort{40};
constexpr milliseconds kNever{600'000};

class LimitsTest : public ServerTest {
 protected:
  LimitsTest() {
    // Each test makes one of them short, so that no other can be what cut its client off.
    options_.header_timeout = kNever;
    options_.body_timeout = kNever;
    options_.idle_timeout = kNever;
    options_.write_timeout = kNever;
  }

  /// Sends single bytes until the server answers.
  static void drip_until_answered(Client& client) {
    while (!client.has_input() && client.send("x")) {
    }
  }

  /// The first answer to a client that sends `start` and then `go_on`s. The limit of the header
  /// counts from the accept, so a client that this machine held up is closed unanswered: another
  /// one tries.
  static std::string body_after(
      std::uint16_t port, std::string_view start, void (*go_on)(Client&) = [](Client&) {}) {
    for (int attempt = 0; attempt < 100; ++attempt) {
      Client client(port);
      client.send(start);
      go_on(client);
      const auto reply = client.read_reply();
      if (reply.status == 0) continue;
      EXPECT_EQ(reply.header("connection"), "close");
      EXPECT_TRUE(client.ends());
      return reply.body;
    }
    return "no answer";
  }
};

TEST_F(LimitsTest, SilentConnectionIsClosed) {
  options_.header_timeout = kShort;
  Client client(serve(echo));
  EXPECT_TRUE(client.ends());
  wait_until_all_closed();
}

TEST_F(LimitsTest, HalfAHeaderIsAnsweredAndClosed) {
  options_.header_timeout = kShort;
  EXPECT_EQ(body_after(serve(echo), "POST /a HTTP/1.1\r\nA: "), "timed_out   ");
  EXPECT_GE(metric("confab_http_faults_total{kind=\"timed_out\",server=\"test\"}"), 1);
}

TEST_F(LimitsTest, HeaderThatDripsIsCutOff) {
  options_.header_timeout = kShort;
  options_.max_header_bytes = std::size_t{64} << 20U;
  EXPECT_EQ(body_after(serve(echo), "POST /a HTTP/1.1\r\nA: ", drip_until_answered),
            "timed_out   ");
}

TEST_F(LimitsTest, HeaderOfALaterRequestHasTheLimitToo) {
  options_.header_timeout = kShort;
  const auto port = serve([](const HttpRequest& request, Respond respond) {
    if (request.fault == HttpRequest::Fault::kNone) return respond(text("first"));
    echo(request, std::move(respond));
  });
  for (int attempt = 0; attempt < 100; ++attempt) {
    Client client(port);
    client.send(post("/a", "{}") + "POST /b");
    if (client.read_reply().body != "first") continue;
    EXPECT_EQ(client.read_reply().body, "timed_out   ");
    EXPECT_TRUE(client.ends());
    return;
  }
  FAIL() << "no connection was quick enough";
}

TEST_F(LimitsTest, HalfABodyIsAnsweredAndClosed) {
  options_.body_timeout = kShort;
  Client client(serve(echo));
  client.send("POST /a HTTP/1.1\r\nContent-Length: 10\r\n\r\n{");
  EXPECT_EQ(client.read_reply().body, "timed_out   ");
  EXPECT_TRUE(client.ends());
}

TEST_F(LimitsTest, BodyThatDripsIsCutOff) {
  options_.body_timeout = kShort;
  options_.max_body_bytes = std::size_t{64} << 20U;
  Client client(serve(echo));
  client.send("POST /a HTTP/1.1\r\nContent-Length: 64000000\r\n\r\n");
  drip_until_answered(client);
  EXPECT_EQ(client.read_reply().body, "timed_out   ");
}

TEST_F(LimitsTest, IdleConnectionIsClosed) {
  options_.idle_timeout = kShort;
  Client client(serve(echo));
  client.send(post("/a", "{}"));
  EXPECT_EQ(client.read_reply().status, 200);
  EXPECT_TRUE(client.ends());
}

TEST_F(LimitsTest, WaitingForAnAnswerIsNotIdle) {
  options_.idle_timeout = kShort;
  HeldRequests held;
  const auto port = serve(held.handler());
  Client waiting(port);
  waiting.send(post("/a", "{}"));
  auto first = held.next();
  Client waiting_to_close(port);
  waiting_to_close.send(post("/a", "{}", "Connection: close\r\n"));
  auto last = held.next();
  // When this one has been cut off, the others have waited for longer than the limit.
  Client idle(port);
  idle.send(post("/b", "{}"));
  held.next().respond(text("second"));
  EXPECT_EQ(idle.read_reply().body, "second");
  EXPECT_TRUE(idle.ends());
  first.respond(text("first"));
  EXPECT_EQ(waiting.read_reply().body, "first");
  last.respond(text("last"));
  EXPECT_EQ(waiting_to_close.read_reply().body, "last");
}

TEST_F(LimitsTest, ClientThatNeverReadsIsCutOff) {
  options_.write_timeout = kShort;
  const auto port = serve([](const HttpRequest&, Respond respond) {
    respond(text(std::string(std::size_t{64} << 20U, 'x')));
  });
  Client client(port);
  client.take_little();
  client.send(post("/a", "{}"));
  wait_for_metric("confab_http_connections_accepted_total{server=\"test\"}", 1);
  wait_until_all_closed();
  EXPECT_LT(client.read_to_end().size(), std::size_t{64} << 20U);
  EXPECT_TRUE(client.was_reset());
}

TEST_F(LimitsTest, ConnectionsBeyondTheCapAreClosedUnanswered) {
  options_.max_connections = 2;
  const auto port = serve(echo);
  Client second(port);
  second.send(post("/a", "{}"));
  EXPECT_EQ(second.read_reply().status, 200);
  {
    Client first(port);
    first.send(post("/a", "{}"));
    EXPECT_EQ(first.read_reply().status, 200);
    Client third(port);
    EXPECT_TRUE(third.ends());
    EXPECT_EQ(metric("confab_http_connections_refused_total{server=\"test\"}"), 1);
    EXPECT_EQ(open_connections(), 2);
  }
  wait_for_metric("confab_http_connections{server=\"test\"}", 1);
  Client fourth(port);
  fourth.send(post("/a", "{}"));
  EXPECT_EQ(fourth.read_reply().status, 200);
}

/// While it lives, this program cannot open another file descriptor.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::close(next);
    const rlimit none{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(LimitsTest, OutOfDescriptorsItWaitsAndGoesOn) {
  const auto port = serve(echo);
  const std::string failures = "confab_http_accept_failures_total{server=\"test\"}";
  std::unique_ptr<Client> client;
  {
    const int spare = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const NoMoreDescriptors none;
    ::close(spare);  // for the client's own socket
    client = std::make_unique<Client>(port);
    ASSERT_TRUE(client->is_connected());
    client->send(post("/a", "{}"));
    while (metric(failures) == 0)
      std::this_thread::yield();
  }
  EXPECT_EQ(client->read_reply().body, "none POST /a {}");
}

}  // namespace
}  // namespace confab::test
