// What cannot be read as HTTP, and above all what two readers could read as different requests.
#include <ostream>
#include <string>

#include "tests/net/client.h"
#include "tests/net/fixture.h"

namespace confab::test {
namespace {

struct Shape {
  const char* name;
  std::string request;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name
void PrintTo(const Shape& shape, std::ostream* out) {
  *out << shape.name;
}

const Shape kMalformed[] = {
    {"NotHttp", "hello\r\n\r\n"},
    {"NoVersion", "GET /\r\n\r\n"},
    {"Http2", "PRI * HTTP/2.0\r\n\r\n"},
    {"Http12", "GET / HTTP/1.2\r\n\r\n"},
    {"VersionInSmallLetters", "GET / http/1.1\r\n\r\n"},
    {"VersionWithZeros", "GET / HTTP/01.1\r\n\r\n"},
    {"VersionTooLong", "GET / HTTP/1.10\r\n\r\n"},
    {"TextAfterVersion", "GET / HTTP/1.1 x\r\n\r\n"},
    {"TlsHello", "\x16\x03\x01\x02\x01\r\n\r\n"},
    {"SpaceInTarget", "GET /a b HTTP/1.1\r\n\r\n"},
    {"ControlInTarget", "GET /a\x01 HTTP/1.1\r\n\r\n"},
    {"EmptyTarget", "GET  HTTP/1.1\r\n\r\n"},
    {"NulInHeader", std::string("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26)},
    {"NulInName", std::string("GET / HTTP/1.1\r\nA\0: b\r\n\r\n", 25)},
    {"ControlInName", "GET / HTTP/1.1\r\nContent-Length\x0b: 5\r\n\r\nhello"},
    {"NoAsciiInName", "GET / HTTP/1.1\r\nContent\xadLength: 5\r\n\r\nhello"},
    {"SpaceBeforeColon", "GET / HTTP/1.1\r\nContent-Length : 5\r\n\r\nhello"},
    {"SpaceInName", "GET / HTTP/1.1\r\nContent Length: 5\r\n\r\nhello"},
    {"NoColon", "GET / HTTP/1.1\r\nHeader\r\n\r\n"},
    {"EmptyName", "GET / HTTP/1.1\r\n: b\r\n\r\n"},
    {"Fold", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n"},
    {"FoldWithTab", "GET / HTTP/1.1\r\nA: b\r\n\tc\r\n\r\n"},
    {"FoldAfterRequestLine", "GET / HTTP/1.1\r\n Content-Length: 5\r\n\r\nhello"},
    {"FoldedCoding", "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"},
    {"BareFeedOnly", "GET / HTTP/1.1\n\n"},
    {"BareFeedFirst", "\nGET / HTTP/1.1\r\n\r\n"},
    {"BareFeedAfterRequestLine", "GET / HTTP/1.1\nA: b\r\n\r\n"},
    {"BareFeedAfterHeader", "GET / HTTP/1.1\r\nA: b\nContent-Length: 5\r\n\r\nhello"},
    {"BareFeedAtTheEnd", "GET / HTTP/1.1\r\nA: b\r\n\n"},
    {"BareReturnInHeader", "GET / HTTP/1.1\r\nA: b\rContent-Length: 5\r\n\r\nhello"},
    {"BareReturnInRequestLine", "GET / HTTP/1.1\rA: b\r\n\r\n"},

    {"LengthAndCoding",
     "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"CodingAndLength",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
    {"LengthsDiffer", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nhello"},
    {"LengthsDifferInOneLine", "POST / HTTP/1.1\r\nContent-Length: 3, 5\r\n\r\nhello"},
    {"LengthSigned", "POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\nhello"},
    {"LengthNegative", "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\nhello"},
    {"LengthHex", "POST / HTTP/1.1\r\nContent-Length: 0x5\r\n\r\nhello"},
    {"LengthWithSpace", "POST / HTTP/1.1\r\nContent-Length: 1 5\r\n\r\nhello"},
    {"LengthEmpty", "POST / HTTP/1.1\r\nContent-Length:\r\n\r\nhello"},
    {"LengthOverflow", "POST / HTTP/1.1\r\nContent-Length: 18446744073709551617\r\n\r\nx"},
    {"LengthsDifferInCase",
     "POST / HTTP/1.1\r\nContent-Length: 3\r\ncontent-length: 5\r\n\r\nhello"},
    {"LengthThenEmpty", "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length:\r\n\r\nhello"},
    {"LengthThenOther", "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: x\r\n\r\nhello"},
    {"LengthEndsWithComma", "POST / HTTP/1.1\r\nContent-Length: 5,\r\n\r\nhello"},
    {"LengthEndsWithNoDigit", "POST / HTTP/1.1\r\nContent-Length: 5;a\r\n\r\nhello"},
    {"LengthFraction", "POST / HTTP/1.1\r\nContent-Length: 5.0\r\n\r\nhello"},
    {"LengthControl",
     "POST / HTTP/1.1\r\nContent-Length: \x0b"
     "5\r\n\r\nhello"},
    {"LengthAndCodingInHttp10",
     "POST / HTTP/1.0\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"LengthAndUnknownCoding",
     "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: identity\r\n\r\nhello"},
    {"CodingUnknown", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n"},
    {"CodingIdentity", "POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"},
    {"CodingSuffix", "POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
    {"CodingQuoted", "POST / HTTP/1.1\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"},
    {"CodingWithParameter", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n"},
    {"CodingTwoInOne", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
    {"CodingChunkedFirst", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"},
    {"CodingEmpty", "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n"},
    {"CodingTwice",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"CodingThenOther",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"},
    {"CodingControl",
     "POST / HTTP/1.1\r\nTransfer-Encoding: \x0b"
     "chunked\r\n\r\n0\r\n\r\n"},
    {"CodingInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},

    {"CodingNoBreakSpace",
     "POST / HTTP/1.1\r\nTransfer-Encoding: \xa0"
     "chunked\r\n\r\n0\r\n\r\n"},
    {"CodingSpaceBeforeColon", "POST / HTTP/1.1\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"},

    {"ChunkNotHex", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"},
    {"ChunkPrefixed", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n"},
    {"ChunkSigned", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n"},
    {"ChunkEmptySize", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n"},
    {"ChunkSpaceFirst", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n"},
    {"ChunkNul",
     std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\0\r\nhello\r\n", 58)},
    {"ChunkOverflow",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n"},
    {"ChunkBareFeed", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"},
    {"ChunkExtensionBareFeed",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a\nb\r\nhello\r\n0\r\n\r\n"},
    {"ChunkExtensionBareReturn",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a\rb\r\nhello\r\n0\r\n\r\n"},
    {"ChunkLongerThanItsSize",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n"},
    {"ChunkEndBareFeed",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n\r\n"},
    {"TrailerLength",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n"},
    {"TrailerCoding",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: "
     "chunked\r\n\r\n"},
    {"TrailerFold", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n c\r\n\r\n"},
    {"TrailerNoColon", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAb\r\n\r\n"},
    {"TrailerBareFeed",
     "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\nC: d\r\n\r\n"},
};

class MalformedTest : public ServerTest, public testing::WithParamInterface<Shape> {};

TEST_P(MalformedTest, IsAnsweredAndClosed) {
  Client client(serve(echo));
  // What follows must not be taken for a request of its own.
  client.send(GetParam().request + "GET /smuggled HTTP/1.1\r\n\r\n");
  const auto reply = client.read_reply();
  EXPECT_EQ(reply.body.substr(0, 10), "malformed ");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_TRUE(client.ends());
  EXPECT_FALSE(client.was_reset());
  EXPECT_EQ(metric("confab_http_faults_total{kind=\"malformed\",server=\"test\"}"), 1);
}

TEST_P(MalformedTest, IsSeenByteByByteToo) {
  Client client(serve(echo));
  for (const char byte : GetParam().request + "\r\n\r\n")
    client.send({&byte, 1});
  EXPECT_EQ(client.read_reply().body.substr(0, 10), "malformed ");
}

INSTANTIATE_TEST_SUITE_P(Shapes,
                         MalformedTest,
                         testing::ValuesIn(kMalformed),
                         [](const auto& shape) { return std::string(shape.param.name); });

class FaultTest : public ServerTest {};

TEST_F(FaultTest, RepeatedEqualLengthsAreOneLength) {
  Client client(serve(echo));
  client.send("POST /a HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.read_reply().body, "none POST /a {}");
}

TEST_F(FaultTest, ABodyBelongsToItsRequestWhateverTheMethod) {
  const std::string inner = "GET /smuggled HTTP/1.1\r\n\r\n";
  for (const std::string method : {"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
    Client client(serve(echo));
    client.send(method + " /a HTTP/1.1\r\nContent-Length: " + std::to_string(inner.size()) +
                "\r\n\r\n" + inner + post("/b", "{}"));
    const bool is_head = method == "HEAD";
    const auto reply = client.read_reply(is_head);
    if (!is_head) EXPECT_EQ(reply.body, "none " + method + " /a " + inner);
    EXPECT_EQ(client.read_reply().body, "none POST /b {}") << method;
  }
}

TEST_F(FaultTest, BareLineFeedsAreNotWaitedOn) {
  Client client(serve(echo));
  client.send("GET / HTTP/1.1\nHost: any\n\n");
  EXPECT_EQ(client.read_reply().body, "malformed   ");
}

TEST_F(FaultTest, RequestsBeforeAMalformedOneAreAnswered) {
  HeldRequests held;
  Client client(serve(held.handler()));
  client.send(post("/a", "{}") + "nonsense\r\n\r\n");
  auto first = held.next();
  auto second = held.next();
  EXPECT_EQ(second.request.fault, HttpRequest::Fault::kMalformed);
  second.respond(text("second"));
  first.respond(text("first"));
  EXPECT_EQ(client.read_reply().body, "first");
  EXPECT_EQ(client.read_reply().body, "second");
  EXPECT_TRUE(client.ends());
}

}  // namespace
}  // namespace confab::test
