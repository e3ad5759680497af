// What clients can make the server hold is bounded: in bytes, whatever they send or leave unread.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

#include <malloc.h>

namespace confab::test {
namespace {

const std::string kUnfinished = "confab_http_unfinished_body_bytes{server=\"test\"}";

class MemoryTest : public ServerTest {
 protected:
  /// Begins a request with a body of `whole` bytes and sends `sent` of them.
  static void begin_body(Client& client, std::size_t whole, std::size_t sent) {
    client.send("POST /a HTTP/1.1\r\nContent-Length: " + std::to_string(whole) + "\r\n\r\n" +
                std::string(sent, 'x'));
  }
};

TEST_F(MemoryTest, NoMoreAnswersAreMadeForAClientThatDoesNotReadThem) {
  // More than the kernel takes for a client that does not read.
  const std::string large(std::size_t{8} << 20U, 'x');
  std::atomic<int> made = 0;
  const auto port = serve([&](const HttpRequest& request, Respond respond) {
    if (request.target == "/small") return respond(text("small"));
    ++made;
    respond(text(large));
  });
  Client client(port);
  client.take_little();
  constexpr int kRequests = 10;
  std::string requests;
  for (int i = 0; i < kRequests; ++i)
    requests += post("/large", "{}");
  client.send(requests);
  while (made == 0)
    std::this_thread::yield();
  // The one io thread has left the first connection when it serves this.
  Client other(port);
  other.send(post("/small", "{}"));
  EXPECT_EQ(other.read_reply().body, "small");
  EXPECT_LE(made, 2);  // one that is being written, one behind it

  for (int i = 0; i < kRequests; ++i)
    ASSERT_EQ(client.read_reply().body.size(), large.size());
  EXPECT_EQ(made, kRequests);
}

TEST_F(MemoryTest, UnfinishedBodiesOfAllClientsAreBoundedTogether) {
  options_.max_unfinished_bytes = 1'000'000;
  const auto port = serve(echo);
  Client first(port);
  begin_body(first, 1'000'000, 600'000);
  wait_for_metric(kUnfinished, 600'000);
  {
    Client second(port);
    begin_body(second, 1'000'000, 600'000);
    EXPECT_EQ(second.read_reply().body, "overloaded   ");
    EXPECT_TRUE(second.ends());
    EXPECT_EQ(metric("confab_http_faults_total{kind=\"overloaded\",server=\"test\"}"), 1);
  }
  // What it held is free again, and what arrives whole is taken all the while.
  wait_for_metric(kUnfinished, 600'000);
  Client small(port);
  small.send(post("/a", "{}"));
  EXPECT_EQ(small.read_reply().body, "none POST /a {}");
  first.send(std::string(400'000, 'x'));
  EXPECT_EQ(first.read_reply().body.size(), 1'000'000 + std::string("none POST /a ").size());
  wait_for_metric(kUnfinished, 0);
}

TEST_F(MemoryTest, WhatAnUnfinishedBodyHeldIsFreeHoweverItsClientGoes) {
  const auto port = serve(echo);
  {
    Client gone(port);
    begin_body(gone, 1000, 400);
    Client half_closed(port);
    begin_body(half_closed, 1000, 500);
    wait_for_metric(kUnfinished, 900);
    half_closed.end_sending();
    wait_for_metric(kUnfinished, 400);
  }
  wait_for_metric(kUnfinished, 0);
  options_.body_timeout = std::chrono::milliseconds(40);
  server_.reset();
  Client slow(serve(echo));
  begin_body(slow, 1000, 300);
  EXPECT_EQ(slow.read_reply().body, "timed_out   ");
  wait_for_metric(kUnfinished, 0);
}

/// Bytes that the program has from its allocator; 0 where a sanitizer brings its own.
std::size_t allocated() {
  const auto all = ::mallinfo2();
  return all.uordblks + all.hblkhd;
}

TEST_F(MemoryTest, AnIdleConnectionKeepsNoLargeBuffers) {
  constexpr std::size_t kLarge = std::size_t{1} << 20U;
  constexpr std::size_t kClients = 50;
  options_.max_body_bytes = 2 * kLarge;
  const auto port =
      serve([](const HttpRequest& request, Respond respond) { respond(text(request.body)); });
  {
    // Whatever is made once.
    Client warm(port);
    warm.send(post("/a", std::string(kLarge, 'x')));
    warm.read_reply();
  }
  wait_until_all_closed();
  const auto before = allocated();
  std::vector<std::unique_ptr<Client>> idle;
  for (std::size_t i = 0; i < kClients; ++i) {
    idle.push_back(std::make_unique<Client>(port));
    idle.back()->take_little();  // so that the server has to write in pieces
    idle.back()->send(post("/a", std::string(kLarge, 'x')));
    ASSERT_EQ(idle.back()->read_reply().body.size(), kLarge);
  }
  // The server has written all and has come to rest when it serves one more.
  Client last(port);
  last.send(post("/a", "{}"));
  last.read_reply();
  EXPECT_LE(allocated(), before + kClients * (std::size_t{64} << 10U));
}

}  // namespace
}  // namespace confab::test
