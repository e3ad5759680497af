// Several requests at once on one connection, and answers from anywhere at any time.
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

constexpr int kRequests = 1000;
constexpr int kThreads = 4;

class PipelineTest : public ServerTest {};

TEST_F(PipelineTest, AnswersKeepTheOrderOfRequests) {
  HeldRequests held;
  Client client(serve(held.handler()));
  client.send(post("/0", "{}") + post("/1", "{}") + post("/2", "{}"));
  std::vector<HeldRequests::Held> requests;
  requests.reserve(3);
  for (int i = 0; i < 3; ++i)
    requests.push_back(held.next());
  for (const std::size_t i : {2U, 0U, 1U})
    requests[i].respond(text(requests[i].request.target));
  for (const auto* target : {"/0", "/1", "/2"})
    EXPECT_EQ(client.read_reply().body, target);
}

TEST_F(PipelineTest, ThousandRequestsInOneWrite) {
  Client client(serve(echo));
  std::string requests;
  for (int i = 0; i < kRequests; ++i)
    requests += post("/" + std::to_string(i), "{}");
  client.send(requests);
  for (int i = 0; i < kRequests; ++i)
    ASSERT_EQ(client.read_reply().body, "none POST /" + std::to_string(i) + " {}");
}

TEST_F(PipelineTest, ReadingPausesWhenTooManyWait) {
  options_.max_pipelined = 4;
  HeldRequests held;
  const auto port = serve(held.handler());
  Client client(port);
  std::string requests;
  for (int i = 0; i < 100; ++i)
    requests += post("/" + std::to_string(i), "{}");
  client.send(requests);
  std::vector<HeldRequests::Held> first;
  first.reserve(4);
  for (int i = 0; i < 4; ++i)
    first.push_back(held.next());
  // The one io thread has left the first connection when it takes this.
  Client other(port);
  other.send(post("/other", "{}"));
  auto last = held.next();
  EXPECT_EQ(last.request.target, "/other");
  EXPECT_EQ(held.arrived(), 5);

  for (auto& request : first)
    request.respond(text(request.request.target));
  for (int i = 4; i < 100; ++i) {
    auto request = held.next();
    request.respond(text(request.request.target));
  }
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(client.read_reply().body, "/" + std::to_string(i));
  last.respond(text("other"));
  EXPECT_EQ(other.read_reply().body, "other");
}

TEST_F(PipelineTest, AnswersFromManyThreads) {
  options_.threads = 2;
  HeldRequests held;
  const auto port = serve(held.handler());
  std::vector<std::thread> answering;
  answering.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    answering.emplace_back([&] {
      for (int j = 0; j < kRequests / kThreads; ++j) {
        auto request = held.next();
        request.respond(text(request.request.target));
      }
    });
  }
  std::string requests;
  for (int i = 0; i < kRequests / 2; ++i)
    requests += post("/" + std::to_string(i), "{}");
  Client clients[] = {Client(port), Client(port)};
  for (auto& client : clients)
    client.send(requests);
  for (auto& client : clients)
    for (int i = 0; i < kRequests / 2; ++i)
      EXPECT_EQ(client.read_reply().body, "/" + std::to_string(i));
  for (auto& thread : answering)
    thread.join();
}

TEST_F(PipelineTest, HandlerRunsOnTheIoThreads) {
  options_.threads = 2;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  const auto port = serve([&](const HttpRequest& request, Respond respond) {
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    }
    echo(request, std::move(respond));
  });
  // The kernel spreads connections over the listeners by their addresses.
  for (int i = 0; i < 200; ++i) {
    Client client(port);
    client.send(post("/a", "{}"));
    ASSERT_EQ(client.read_reply().status, 200);
  }
  EXPECT_EQ(threads.size(), 2);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST_F(PipelineTest, LargeAnswersToAClientThatReadsLate) {
  const std::string large(std::size_t{3} << 20U, 'x');
  std::atomic<int> answered = 0;
  Client client(serve([&](const HttpRequest&, Respond respond) {
    respond(text(large));
    ++answered;
  }));
  client.take_little();
  for (int i = 0; i < 3; ++i)
    client.send(post("/a", "{}"));
  while (answered < 2)  // the third is made once the client takes the first
    std::this_thread::yield();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.read_reply().body, large);
}

TEST_F(PipelineTest, ClientThatStoppedSendingGetsItsAnswers) {
  HeldRequests held;
  Client client(serve(held.handler()));
  client.send(post("/a", "{}") + post("/b", "{}") + "POST /c HTTP/1.1\r\nContent-Le");
  client.end_sending();
  held.next().respond(text("first"));
  held.next().respond(text("second"));
  EXPECT_EQ(client.read_reply().body, "first");
  EXPECT_EQ(client.read_reply().body, "second");
  EXPECT_TRUE(client.ends());
}

TEST_F(PipelineTest, AnswerAfterTheClientHasGone) {
  HeldRequests held;
  const auto port = serve(held.handler());
  std::vector<HeldRequests::Held> late;
  {
    Client client(port);
    client.send(post("/a", "{}") + post("/b", "{}"));
    late.push_back(held.next());
    late.push_back(held.next());
  }
  late[1].respond(text("late"));
  late[0].respond(text("late"));
  wait_until_all_closed();
}

TEST_F(PipelineTest, AnswerAfterTheServerHasGone) {
  HeldRequests held;
  auto client = std::make_unique<Client>(serve(held.handler()));
  client->send(post("/a", "{}") + post("/b", "{}"));
  auto late = held.next();
  const auto dropped = held.next();
  server_.reset();
  EXPECT_TRUE(client->ends());
  late.respond(text("late"));
}

TEST_F(PipelineTest, DroppedRequestCutsItsConnection) {
  const auto port = serve([](const HttpRequest& request, Respond respond) {
    if (request.target == "/dropped") return;
    echo(request, std::move(respond));
  });
  Client client(port);
  client.send(post("/dropped", "{}"));
  EXPECT_TRUE(client.ends());
  Client other(port);
  other.send(post("/a", "{}"));
  EXPECT_EQ(other.read_reply().status, 200);
}

TEST_F(PipelineTest, RequestDroppedOnAnotherThreadCutsItsConnection) {
  HeldRequests held;
  Client client(serve(held.handler()));
  client.send(post("/a", "{}"));
  {
    const auto dropped = held.next();
  }
  EXPECT_TRUE(client.ends());
}

}  // namespace
}  // namespace confab::test
