// The console without sockets: who gets in, what is refused, what calls answer. What its pages do
// is tested in a browser.
#include "console/console.h"

#include <future>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace confab::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Headers = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kToken = "a token of the operator's";

class ConsoleTest : public ::testing::Test {
 protected:
  ConsoleOptions options() {
    return {.dispatcher = world_.dispatcher(),
            .store = world_.store(),
            .apps = world_.apps(),
            .clock = world_.clock,
            .random = world_.random,
            .limits = world_.limits,
            .failures = world_.failures,
            .store_name = "memory",
            .rest_url = "https://127.0.0.1:8443",
            .certificate = "/data/certificate.pem",
            .rotate_key = [this](AppId app, Seconds overlap) -> Result<std::string> {
              rotated_ = {app, overlap};
              return "fresh key";
            },
            .token = std::string(kToken),
            .one_time_link = true};
  }

  HttpResponse ask(const std::string& method,
                   const std::string& target,
                   const std::string& body,
                   Headers headers) {
    headers.emplace_back("host", "127.0.0.1:9109");
    return ask_from("", method, target, body, std::move(headers));
  }

  /// Without a Host header of this machine's; `host` empty: as the headers say.
  HttpResponse ask_from(const std::string& host,
                        const std::string& method,
                        const std::string& target,
                        const std::string& body,
                        Headers headers) {
    if (!host.empty()) headers.emplace_back("host", host);
    std::promise<HttpResponse> answer;
    HttpRequest request{.method = method, .target = target, .body = body};
    request.headers = std::move(headers);
    console_.handle(request, [&](HttpResponse response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }

  HttpResponse get(const std::string& target) { return ask("GET", target, "", {}); }

  static Headers json_headers() { return {{"content-type", "application/json"}}; }

  HttpResponse post(const std::string& name, const std::string& body, Headers more = {}) {
    auto headers = json_headers();
    headers.insert(headers.end(), more.begin(), more.end());
    return ask("POST", "/console/" + name, body, headers);
  }

  /// With the operator's token.
  HttpResponse call(const std::string& name, const std::string& body) {
    return post(name, body, {{"authorization", "Bearer " + std::string(kToken)}});
  }
  std::string good(const std::string& name, const std::string& body) {
    const auto answer = call(name, body);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return answer.body;
  }

  static std::string header(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }

  /// "name=value" of the cookie that the answer sets.
  static std::string cookie(const HttpResponse& response) {
    const auto all = header(response, "Set-Cookie");
    return all.substr(0, all.find(';'));
  }

  World world_{{}};
  std::pair<AppId, Seconds> rotated_{};
  Console console_{options()};
};

// ---- Who gets in.

TEST_F(ConsoleTest, WithoutSigningInEveryCallAnswers401) {
  for (const auto* name :
       {"overview", "failures", "call", "user_sig", "explain_user_sig", "rotate_key", "accounts",
        "history", "explain", "sign_out", "nonsense"}) {
    const auto answer = post(name, "{}");
    EXPECT_EQ(answer.status, 401U) << name;
    EXPECT_EQ(answer.body, R"({"error":"Sign in first."})") << name;
  }
}

TEST_F(ConsoleTest, TheLinkSignsInOnce) {
  const auto link = console_.link();
  ASSERT_THAT(link, StartsWith("/sign-in?link="));
  const auto first = get(link);
  EXPECT_EQ(first.status, 303U);
  EXPECT_EQ(header(first, "Location"), "/");
  EXPECT_THAT(header(first, "Set-Cookie"), HasSubstr("; HttpOnly; SameSite=Strict"));
  EXPECT_EQ(post("overview", "{}", {{"cookie", "x=1; " + cookie(first) + "; y=2"}}).status, 200U);

  EXPECT_THAT(console_.link(), IsEmpty());
  const auto second = get(link);
  EXPECT_EQ(header(second, "Location"), "/#/sign-in?link=void");
  EXPECT_THAT(header(second, "Set-Cookie"), IsEmpty());
}

TEST_F(ConsoleTest, AnEmptyOrWrongLinkSignsNobodyIn) {
  for (const auto* target : {"/sign-in", "/sign-in?", "/sign-in?link=", "/sign-in?link=x"})
    EXPECT_THAT(header(get(target), "Set-Cookie"), IsEmpty()) << target;
  for (int i = 0; i < Sessions::kAttempts; ++i)
    get("/sign-in?link=x");
  EXPECT_EQ(post("sign_in", R"({"token":")" + std::string(kToken) + R"("})").status, 200U)
      << "a page elsewhere must not lock the operator out";
  EXPECT_FALSE(get(console_.link()).headers.empty());
  EXPECT_THAT(console_.link(), IsEmpty());
}

TEST_F(ConsoleTest, TheTokenSignsInAndOut) {
  const auto answer = post("sign_in", R"({"token":")" + std::string(kToken) + R"("})");
  ASSERT_EQ(answer.status, 200U);
  const Headers session{{"cookie", cookie(answer)}};
  EXPECT_EQ(post("overview", "{}", session).status, 200U);
  const auto gone = post("sign_out", "{}", session);
  EXPECT_THAT(header(gone, "Set-Cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(post("overview", "{}", session).status, 401U);
}

TEST_F(ConsoleTest, ASessionEnds) {
  const auto answer = post("sign_in", R"({"token":")" + std::string(kToken) + R"("})");
  const Headers session{{"cookie", cookie(answer)}};
  world_.clock.advance(Sessions::kLifetime - 1);
  EXPECT_EQ(post("overview", "{}", session).status, 200U);
  world_.clock.advance(1);
  EXPECT_EQ(post("overview", "{}", session).status, 401U);
}

TEST_F(ConsoleTest, WrongTokensAreRefusedAndCounted) {
  const auto wrong = R"({"token":"a tokem of the operator's"})";
  for (int i = 0; i < Sessions::kAttempts; ++i)
    EXPECT_EQ(post("sign_in", wrong).status, 401U);
  const auto right = R"({"token":")" + std::string(kToken) + R"("})";
  EXPECT_EQ(post("sign_in", right).status, 429U) << "for the rest of the minute, for everybody";
  EXPECT_EQ(call("overview", "{}").status, 401U) << "also as a header";
  world_.clock.advance(60);
  EXPECT_EQ(post("sign_in", right).status, 200U);
}

TEST_F(ConsoleTest, WithoutATokenNoneIsRight) {
  auto without = options();
  without.token.clear();
  Console other(without);
  for (const auto* body : {"{}", R"({"token":""})", R"({"token":null})", "[]", ""}) {
    HttpRequest request{.method = "POST", .target = "/console/sign_in", .body = body};
    request.headers = json_headers();
    request.headers.emplace_back("host", "localhost");
    other.handle(request, [&](const HttpResponse& response) {
      EXPECT_EQ(response.status, 401U) << body;
      EXPECT_THAT(response.body, HasSubstr("console.token"));
    });
  }
}

// ---- From where.

TEST_F(ConsoleTest, CallsOfOtherSitesAreRefused) {
  const auto session = cookie(post("sign_in", R"({"token":")" + std::string(kToken) + R"("})"));
  const auto with = [&](const std::string& name, const std::string& value) {
    return post("overview", "{}", {{"cookie", session}, {name, value}}).status;
  };
  EXPECT_EQ(with("origin", "http://127.0.0.1:9109"), 200U);
  EXPECT_EQ(with("sec-fetch-site", "same-origin"), 200U);
  EXPECT_EQ(with("origin", "http://127.0.0.1:9110"), 403U) << "another port is another site";
  EXPECT_EQ(with("origin", "https://evil.example"), 403U);
  EXPECT_EQ(with("origin", "null"), 403U);
  EXPECT_EQ(with("sec-fetch-site", "cross-site"), 403U);
  EXPECT_EQ(with("sec-fetch-site", "same-site"), 403U);
}

TEST_F(ConsoleTest, AFormCannotCall) {
  for (const auto* type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    EXPECT_EQ(ask("POST", "/console/sign_in", R"({"token":""})", {{"content-type", type}}).status,
              400U)
        << type;
  }
  EXPECT_EQ(ask("GET", "/console/overview", "", {}).status, 404U);
}

TEST_F(ConsoleTest, OnLoopbackOnlyItsOwnNamesAreAnswered) {
  const auto status = [&](const std::string& host) {
    return ask_from(host, "GET", "/", "", {}).status;
  };
  for (const auto* host : {"localhost", "localhost:1", "127.0.0.1:9109", "127.1.2.3", "[::1]:9109"})
    EXPECT_EQ(status(host), 200U) << host;
  for (const auto* host :
       {"rebound.example:9109", "127.0.0.1.example", "localhost.example", "[::2]", "10.0.0.1"})
    EXPECT_EQ(status(host), 403U) << host;
  EXPECT_EQ(ask_from("", "GET", "/", "", {}).status, 403U) << "no name at all";
}

TEST_F(ConsoleTest, EveryAnswerIsSafeToShow) {
  for (const auto& answer :
       {get("/"), get("/openapi.json"), get("/nothing"), post("overview", "{}"),
        call("overview", "{}"), get("/sign-in?link=x")}) {
    EXPECT_THAT(header(answer, "Content-Security-Policy"),
                StartsWith("default-src 'none'; script-src 'self'; style-src 'self'"));
    EXPECT_THAT(header(answer, "Content-Security-Policy"), Not(HasSubstr("unsafe")));
    EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header(answer, "Cache-Control"), "no-store");
  }
}

TEST_F(ConsoleTest, ThePagesHoldNothingInline) {
  const auto page = get("/");
  EXPECT_THAT(page.content_type, StartsWith("text/html"));
  EXPECT_THAT(page.body, Not(HasSubstr("<style")));
  EXPECT_THAT(page.body, Not(HasSubstr(" style=")));
  const auto script = page.body.find("/assets/");
  ASSERT_NE(script, std::string::npos);
  const auto path = page.body.substr(script, page.body.find('"', script) - script);
  EXPECT_THAT(header(get(path), "Cache-Control"), HasSubstr("immutable"));
}

TEST_F(ConsoleTest, ACookieOfATlsServerIsSecure) {
  auto tls = options();
  tls.is_tls = true;
  Console other(tls);
  HttpRequest request{.method = "GET", .target = other.link(), .body = {}};
  request.headers = {{"host", "localhost"}};
  other.handle(request, [&](const HttpResponse& response) {
    EXPECT_THAT(header(response, "Set-Cookie"), HasSubstr("; Secure"));
  });
}

// ---- Calls.

TEST_F(ConsoleTest, OverviewTellsOfAppsWithoutTheirKeys) {
  const auto body = good("overview", "{}");
  EXPECT_THAT(body, HasSubstr(R"("sdkappid":88888888,"admins":["admin")"));
  EXPECT_THAT(body, HasSubstr(R"("rest_url":"https://127.0.0.1:8443")"));
  EXPECT_THAT(body, HasSubstr(R"("certificate":"/data/certificate.pem")"));
  for (const auto& keys : world_.apps().keys()->of_app) {
    for (const auto& key : keys) {
      EXPECT_THAT(body, Not(HasSubstr(key.text)));
      EXPECT_THAT(body, HasSubstr(key_fingerprint(key.text)));
    }
  }
}

TEST_F(ConsoleTest, ACallGoesThroughTheDispatcher) {
  const auto body =
      good("call", R"({"sdkappid":88888888,"identifier":"admin","command":"recentcontact/delete",)"
                   R"("body":"{\"From_Account\":\"nobody\",\"Type\":1,\"To_Account\":\"x\"}"})");
  EXPECT_THAT(body, HasSubstr(R"(\"ErrorCode\":50001)"));
  EXPECT_THAT(body, HasSubstr(R"("request_id":")"));
  const auto failures = good("failures", "{}");
  EXPECT_THAT(failures, HasSubstr(R"("command":"recentcontact/delete","sdkappid":88888888,)"
                                  R"("identifier":"admin","code":50001)"));
}

TEST_F(ConsoleTest, ACallIsMadeAsWhoeverIsNamed) {
  const auto body = good("call", R"({"sdkappid":88888888,"identifier":"a b&c=d%","command":)"
                                 R"("recentcontact/get_list","body":"{}"})");
  EXPECT_THAT(body, HasSubstr("50003"));
  EXPECT_THAT(body, HasSubstr("a b&c=d%"));
}

TEST_F(ConsoleTest, AUserSigIsGoodForWhomItIsMade) {
  const auto made = good("user_sig", R"({"sdkappid":88888888,"identifier":"id1","seconds":60})");
  EXPECT_THAT(made, HasSubstr(R"("expires_at":1700000060)"));
  const auto start = made.find(R"("usersig":")") + 11;
  const auto signature = made.substr(start, made.find('"', start) - start);
  const auto explain = [&](const std::string& identifier) {
    return good("explain_user_sig", R"({"sdkappid":88888888,"identifier":")" + identifier +
                                        R"(","usersig":")" + signature + R"("})");
  };
  EXPECT_THAT(explain("id1"), HasSubstr(R"("valid":true,"code":0)"));
  EXPECT_THAT(explain("id2"), HasSubstr(R"("valid":false,"code":70013)"));
  world_.clock.advance(61);
  EXPECT_THAT(explain("id1"), HasSubstr(R"("valid":false,"code":70001)"));
}

TEST_F(ConsoleTest, AKeyIsRotatedAndShown) {
  EXPECT_EQ(good("rotate_key", R"({"sdkappid":88888888,"overlap":3600})"),
            R"({"key":"fresh key"})");
  EXPECT_EQ(rotated_, std::pair(World::kApp, Seconds{3600}));
}

TEST_F(ConsoleTest, StoredThingsAreShown) {
  world_.call("im_open_login_svc/multiaccount_import", R"({"Accounts":["id1","id2"]})");
  world_.call("openim/sendmsg",
              R"({"From_Account":"id1","To_Account":"id2","MsgSeq":5,"MsgRandom":6,)"
              R"("MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"<b>"}}]})");
  EXPECT_THAT(good("accounts", R"({"sdkappid":88888888,"after":"administrator","limit":1})"),
              HasSubstr(R"({"accounts":[{"user_id":"id1","nick":"","imported_at":1700000000}],)"
                        R"("complete":false})"));
  const auto history =
      good("history", R"({"sdkappid":88888888,"user":"id2","peer":"id1","limit":9})");
  EXPECT_THAT(history, HasSubstr(R"("msg_key":"5_6_1700000000")"));
  EXPECT_THAT(history, HasSubstr(R"(\"Text\":\"<b>\")"));
  EXPECT_THAT(history, HasSubstr(R"("visible":true,"unread":true,"reasons":[])"));
  const auto explanation = good("explain", R"({"sdkappid":88888888,"user":"id2","peer":"id1"})");
  EXPECT_THAT(explanation, HasSubstr(R"({"listed":true,"why_listed":[{"rule":"D3")"));
  EXPECT_THAT(explanation, HasSubstr(R"("unread":1)"));
}

struct BadCall {
  std::string_view name;
  std::string_view body;
  std::string_view words;
};

TEST_F(ConsoleTest, BadCallsAreNamed) {
  for (const auto& [name, body, words] : {
           BadCall{"overview", "[]", "must be a JSON object"},
           BadCall{"accounts", R"({"sdkappid":88888888,"limit":501})",
                   "limit: must be 1 to 500, is 501"},
           BadCall{"accounts", R"({"limit":1})", "sdkappid: missing"},
           BadCall{"accounts", R"({"sdkappid":7,"limit":1})", "sdkappid: 7 is not served here"},
           BadCall{"call", R"({"sdkappid":7,"identifier":"a","command":"b/c","body":"{}"})",
                   "sdkappid: 7 is not served here"},
           BadCall{"explain", R"({"sdkappid":88888888,"user":"admin"})",
                   "peer, group: one of them"},
           BadCall{"explain", R"({"sdkappid":88888888,"user":"admin","peer":"a","group":"b"})",
                   "only one"},
           BadCall{"explain", R"({"sdkappid":88888888,"user":"nobody","peer":"a"})",
                   "account is not imported"},
           BadCall{"user_sig", R"({"sdkappid":88888888,"identifier":"a","seconds":0})",
                   "seconds: must be"},
           BadCall{"rotate_key", R"({"sdkappid":88888888,"overlap":-1})", "overlap: must be"},
           BadCall{"history",
                   R"({"sdkappid":88888888,"user":"admin","peer":"a","limit":1,"before":"?"})",
                   "before: must be a cursor"},
       }) {
    const auto answer = call(std::string(name), std::string(body));
    EXPECT_EQ(answer.status, 400U) << body;
    EXPECT_THAT(answer.body, HasSubstr(words)) << body;
  }
  EXPECT_EQ(call("nonsense", "{}").status, 404U);
}

/// A store whose disk never answers.
class NeverDurable final : public Store {
 public:
  explicit NeverDurable(Store& store) : store_(store) {}
  std::unique_ptr<Txn> read() override { return store_.read(); }
  std::unique_ptr<Txn> read_newest() override { return store_.read_newest(); }
  Result<std::unique_ptr<Txn>> write(const Shard& home, std::span<const Shard> merges) override {
    return store_.write(home, merges);
  }
  void when_durable(Ticket, Deadline, OnDurable done) override {
    done(fail(ErrorCode::kNotDurableInTime));
  }
  Status give_back_space() override { return store_.give_back_space(); }
  StoreBytes bytes() override { return store_.bytes(); }

 private:
  Store& store_;
};

TEST_F(ConsoleTest, WhatIsNotDurableIsNotShown) {
  NeverDurable store(world_.store());
  const auto all = options();
  Console other({.dispatcher = all.dispatcher,
                 .store = store,
                 .apps = all.apps,
                 .clock = all.clock,
                 .random = all.random,
                 .limits = all.limits,
                 .failures = all.failures,
                 .store_name = all.store_name,
                 .rest_url = all.rest_url,
                 .rotate_key = all.rotate_key,
                 .token = all.token});
  HttpRequest request{.method = "POST",
                      .target = "/console/accounts",
                      .body = R"({"sdkappid":88888888,"limit":9})"};
  request.headers = {{"host", "localhost"},
                     {"content-type", "application/json"},
                     {"authorization", "Bearer " + std::string(kToken)}};
  bool answered = false;
  other.handle(request, [&](const HttpResponse& response) {
    answered = true;
    EXPECT_EQ(response.status, 500U);
    EXPECT_THAT(response.body, HasSubstr("outcome unknown"));
    EXPECT_THAT(response.body, Not(HasSubstr("administrator")));
  });
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace confab::testing
