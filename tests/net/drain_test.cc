// Starting and ending a server.
#include <chrono>
#include <future>
#include <string>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

using Time = std::chrono::steady_clock::time_point;

class DrainTest : public ServerTest {
 protected:
  /// Drains on another thread; returns when new connections are refused.
  std::future<bool> begin_drain(std::uint16_t port) {
    auto drained = std::async(std::launch::async, [this] { return server_->drain(Time::max()); });
    while (Client(port).is_connected()) {
    }
    return drained;
  }
};

TEST_F(DrainTest, AcceptedRequestsAreAnswered) {
  HeldRequests held;
  const auto port = serve(held.handler());
  Client client(port);
  client.send(post("/a", "{}") + post("/b", "{}"));
  auto first = held.next();
  auto second = held.next();
  auto drained = begin_drain(port);
  second.respond(text("second"));
  first.respond(text("first"));
  auto reply = client.read_reply();
  EXPECT_EQ(reply.body, "first");
  EXPECT_EQ(reply.header("connection"), "keep-alive");
  reply = client.read_reply();
  EXPECT_EQ(reply.body, "second");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(client.ends());
  EXPECT_FALSE(client.was_reset());
  EXPECT_TRUE(drained.get());
}

TEST_F(DrainTest, RequestInTheMiddleMayBecomeComplete) {
  HeldRequests held;
  const auto port = serve(held.handler());
  Client client(port);
  // The first one tells when the half of the second has been read, too.
  client.send(post("/a", "{}") + "POST /b HTTP/1.1\r\nContent-Length: 2\r\n\r\n{");
  held.next().respond(text("first"));
  EXPECT_EQ(client.read_reply().body, "first");
  auto drained = begin_drain(port);
  client.send("}");
  held.next().respond(text("second"));
  const auto reply = client.read_reply();
  EXPECT_EQ(reply.body, "second");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(client.ends());
  EXPECT_TRUE(drained.get());
}

TEST_F(DrainTest, IdleConnectionsAreClosed) {
  options_.threads = 2;
  const auto port = serve(echo);
  Client fresh(port);
  Client used(port);
  used.send(post("/a", "{}"));
  EXPECT_EQ(used.read_reply().status, 200);
  EXPECT_TRUE(server_->drain(Time::max()));
  EXPECT_TRUE(used.ends());
  EXPECT_TRUE(fresh.ends());
  EXPECT_FALSE(Client(port).is_connected());
  EXPECT_EQ(open_connections(), 0);
}

TEST_F(DrainTest, DeadlineEndsIt) {
  HeldRequests held;
  Client client(serve(held.handler()));
  client.send(post("/a", "{}"));
  auto late = held.next();
  EXPECT_FALSE(server_->drain(std::chrono::steady_clock::now()));
  server_->stop();
  EXPECT_TRUE(client.ends());
  late.respond(text("late"));
}

TEST_F(DrainTest, StopCutsWhatIsUnderWay) {
  HeldRequests held;
  const auto port = serve(held.handler());
  Client fresh(port);
  Client half(port);
  half.send("POST /a HT");
  Client waiting(port);
  waiting.send(post("/a", "{}"));
  auto late = held.next();
  server_->stop();
  EXPECT_TRUE(fresh.ends());
  EXPECT_TRUE(half.ends());
  EXPECT_TRUE(waiting.ends());
}

TEST_F(DrainTest, ServerThatNeverStarted) {
  HttpServer idle({}, echo);
  EXPECT_TRUE(idle.drain(Time::max()));
  idle.stop();
}

TEST_F(DrainTest, PortInUseIsRefused) {
  const auto port = serve(echo);
  HttpServer second({.port = port}, echo);
  const auto outcome = second.start();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().detail,
            "cannot listen on 127.0.0.1 port " + std::to_string(port) + ": Address already in use");
}

TEST_F(DrainTest, AddressThatIsNoneIsRefused) {
  HttpServer wrong({.address = "localhost:80"}, echo);
  const auto outcome = wrong.start();
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().detail, "not an IP address to listen on: localhost:80");
}

TEST_F(DrainTest, PortIsFreeAgainAfterTheEnd) {
  options_.port = serve(echo);
  {
    Client client(options_.port);
    client.send(post("/a", "{}"));
    EXPECT_EQ(client.read_reply().status, 200);
    server_->stop();
  }
  EXPECT_EQ(serve(echo), options_.port);
}

}  // namespace
}  // namespace confab::test
