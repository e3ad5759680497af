// Requests and answers on plain connections: versions, bodies, keep-alive.
#include <initializer_list>
#include <string>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

class HttpTest : public ServerTest {
 protected:
  /// The body of echo's answer to `request` on a connection of its own.
  std::string echo_of(const std::string& request) {
    Client client(serve(echo));
    client.send(request);
    return client.read_reply().body;
  }
};

TEST_F(HttpTest, ManyRequestsOnOneConnection) {
  Client client(serve(echo));
  for (int i = 0; i < 500; ++i) {
    const auto target = "/v4/a/b?random=" + std::to_string(i);
    client.send(post(target, "{}"));
    const auto reply = client.read_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "none POST " + target + " {}");
    EXPECT_EQ(reply.header("connection"), "keep-alive");
  }
  EXPECT_EQ(metric("confab_http_connections_accepted_total{server=\"test\"}"), 1);
}

TEST_F(HttpTest, ConnectionCloseIsHonoured) {
  Client client(serve(echo));
  client.send(post("/a", "{}", "Connection: close\r\n"));
  const auto reply = client.read_reply();
  EXPECT_EQ(reply.body, "none POST /a {}");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(client.ends());
}

TEST_F(HttpTest, RequestsAfterConnectionCloseAreIgnored) {
  Client client(serve(echo));
  client.send(post("/a", "{}", "Connection: close\r\n") + post("/b", "{}"));
  EXPECT_EQ(client.read_reply().body, "none POST /a {}");
  EXPECT_TRUE(client.ends());
}

TEST_F(HttpTest, Http10ClosesUnlessAskedNotTo) {
  const auto port = serve(echo);
  Client plain(port);
  plain.send("POST /a HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(plain.read_reply().header("connection"), "close");
  EXPECT_TRUE(plain.ends());

  Client keeping(port);
  for (int i = 0; i < 2; ++i) {
    keeping.send("POST /a HTTP/1.0\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\n{}");
    const auto reply = keeping.read_reply();
    EXPECT_EQ(reply.body, "none POST /a {}");
    EXPECT_EQ(reply.header("connection"), "keep-alive");
  }
}

TEST_F(HttpTest, HeadTellsTheLengthAndSendsNoBody) {
  Client client(serve(echo));
  client.send("HEAD /a HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read_reply(true).header("content-length"), "13");
  client.send("GET /b HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.read_reply().body, "none GET /b ");
}

TEST_F(HttpTest, AnyMethodAndAnyHostAndNone) {
  Client client(serve(echo));
  for (const auto* line : {"GET / HTTP/1.1\r\n", "PATCH / HTTP/1.1\r\nHost: console.tim.qq.com\r\n",
                           "BREW / HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n"}) {
    client.send(std::string(line) + "\r\n");
    const std::string method(line, std::string_view(line).find(' '));
    EXPECT_EQ(client.read_reply().body, "none " + method + " / ");
  }
}

TEST_F(HttpTest, RawUtf8AndLongSignatureInTheTarget) {
  const auto target = "/v4/a/b?identifier=\xe7\xae\xa1&usersig=" + std::string(3000, 'x');
  EXPECT_EQ(echo_of(post(target, "{}")), "none POST " + target + " {}");
}

TEST_F(HttpTest, LineBreaksBetweenRequestsAreSkipped) {
  Client client(serve(echo));
  client.send(post("/a", "{}") + "\r\n" + post("/b", "{}") + "\r\n\r\n");
  client.send(post("/c", "{}"));
  for (const auto* target : {"/a", "/b", "/c"})
    EXPECT_EQ(client.read_reply().body, std::string("none POST ") + target + " {}");
}

TEST_F(HttpTest, RequestsMayArriveByteByByte) {
  Client client(serve(echo));
  const auto request = post("/a", "{1}") +
                       "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "3\r\n{\r\n\r\na;x=\"y\"\r\n0123456789\r\n0\r\nA: b\r\n\r\n";
  for (const char byte : request)
    client.send({&byte, 1});
  EXPECT_EQ(client.read_reply().body, "none POST /a {1}");
  EXPECT_EQ(client.read_reply().body, "none POST /b {\r\n0123456789");
}

TEST_F(HttpTest, ChunkedBodyWithExtensionsAndTrailers) {
  Client client(serve(echo));
  client.send(
      "POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "1\r\n{\r\n000A;name=value\r\n\"key\": 12}\r\n0\r\nChecksum: abc\r\n\r\n" +
      post("/b", "{}"));
  EXPECT_EQ(client.read_reply().body, "none POST /a {\"key\": 12}");
  EXPECT_EQ(client.read_reply().body, "none POST /b {}");
}

TEST_F(HttpTest, EmptyChunkedBodyMayArriveInAnyPieces) {
  const auto port = serve(echo);
  Client client(port);
  Client other(port);
  client.send("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const auto* piece : {"0", "\r", "\n", "\r", "\n"}) {
    // The one io thread has read what was sent before when it has answered two requests since.
    for (int i = 0; i < 2; ++i) {
      other.send(post("/b", "{}"));
      EXPECT_EQ(other.read_reply().status, 200);
    }
    client.send(piece);
  }
  EXPECT_EQ(client.read_reply().body, "none POST /a ");
}

TEST_F(HttpTest, ContinueIsSentWhenTheBodyIsAwaited) {
  Client client(serve(echo));
  client.send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_reply().status, 100);
  client.send("{}");
  EXPECT_EQ(client.read_reply().body, "none POST /a {}");
}

TEST_F(HttpTest, ContinueIsNotSentWhenTheBodyIsHereOrEmptyOrTheClientIsOld) {
  Client client(serve(echo));
  client.send(post("/a", "{}", "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.read_reply().status, 200);
  client.send(post("/a", "", "Expect: 100-continue\r\n"));
  EXPECT_EQ(client.read_reply().status, 200);
  client.send("POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  client.send("{}");
  EXPECT_EQ(client.read_reply().status, 200);
}

TEST_F(HttpTest, ContinueWaitsForTheAnswersBeforeIt) {
  HeldRequests held;
  Client client(serve(held.handler()));
  client.send(post("/a", "{}") +
              "POST /b HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  held.next().respond(text("first"));
  EXPECT_EQ(client.read_reply().body, "first");
  EXPECT_EQ(client.read_reply().status, 100);
  client.send("{}");
  held.next().respond(text("second"));
  EXPECT_EQ(client.read_reply().body, "second");
}

TEST_F(HttpTest, HandlersHeadersAreSent) {
  Client client(serve([](const HttpRequest&, Respond respond) {
    respond({.status = 404,
             .content_type = "text/html",
             .body = "no",
             .headers = {{"Access-Control-Allow-Origin", "*"}}});
  }));
  client.send(post("/a", "{}"));
  const auto reply = client.read_reply();
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.header("content-type"), "text/html");
  EXPECT_EQ(reply.header("access-control-allow-origin"), "*");
}

TEST_F(HttpTest, BodyOfTheGreatestSize) {
  const std::string body(options_.max_body_bytes, 'x');
  Client client(serve(echo));
  for (int i = 0; i < 2; ++i) {
    client.send(post("/a", body));
    EXPECT_EQ(client.read_reply().body, "none POST /a " + body);
  }
}

TEST_F(HttpTest, TooLargeABodyIsRefusedAndItsClientReadsTheAnswer) {
  const std::string body(options_.max_body_bytes + 1, 'x');
  const auto port = serve(echo);
  Client counted(port);
  EXPECT_TRUE(counted.send(post("/a", body)));
  const auto reply = counted.read_reply();
  EXPECT_EQ(reply.body, "body_too_large   ");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(counted.ends());
  EXPECT_FALSE(counted.was_reset());

  Client chunked(port);
  EXPECT_TRUE(chunked.send(
      "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "80000\r\n" +
      body.substr(0, 0x80000) + "\r\n80001\r\n" + body.substr(0, 0x80001) + "\r\n0\r\n\r\n"));
  EXPECT_EQ(chunked.read_reply().body, "body_too_large   ");
  EXPECT_TRUE(chunked.ends());
  EXPECT_EQ(metric("confab_http_faults_total{kind=\"body_too_large\",server=\"test\"}"), 2);
}

TEST_F(HttpTest, TooLargeABodyIsRefusedBeforeItIsSent) {
  Client client(serve(echo));
  client.send("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(client.read_reply().body, "body_too_large   ");
}

TEST_F(HttpTest, HeaderOfTheGreatestSizeAndOneByteMore) {
  const auto with_header_size = [&](std::size_t size) {
    const std::string frame = "GET /a HTTP/1.1\r\nA: \r\n\r\n";
    return "GET /a HTTP/1.1\r\nA: " + std::string(size - frame.size(), 'x') + "\r\n\r\n";
  };
  const auto port = serve(echo);
  Client fits(port);
  fits.send(with_header_size(options_.max_header_bytes) + post("/b", "{}"));
  EXPECT_EQ(fits.read_reply().body, "none GET /a ");
  EXPECT_EQ(fits.read_reply().body, "none POST /b {}");
  Client exceeds(port);
  exceeds.send(with_header_size(options_.max_header_bytes + 1));
  EXPECT_EQ(exceeds.read_reply().body, "header_too_large   ");
  EXPECT_TRUE(exceeds.ends());
}

TEST_F(HttpTest, EndlessChunkHeaderOrTrailersAreTooLarge) {
  const auto port = serve(echo);
  const std::string endless(options_.max_header_bytes, 'x');
  for (const auto* start : {"1;", "0\r\nA: "}) {
    Client client(port);
    client.send("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + (start + endless));
    EXPECT_EQ(client.read_reply().body, "header_too_large   ") << start;
  }
}

}  // namespace
}  // namespace confab::test
