#include "api/dispatcher.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/probe.h"

namespace confab {
namespace {

using probe::code_of;
using probe::Rest;
using ::testing::HasSubstr;
using ::testing::Not;

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  return text.replace(at, from.size(), to);
}

std::string without(const std::string& url, std::string_view name) {
  const auto at = url.find(std::string(name) + "=");
  const auto end = url.find('&', at);
  return url.substr(0, at) + (end == url.npos ? "" : url.substr(end + 1));
}

TEST(Dispatcher, AnswersWithEnvelopeAndMembers) {  // A4, A5
  Rest rest;
  EXPECT_EQ(
      rest.call("openim/probe", R"({"Text":"a\"b"})"),
      R"({"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","Text":"a\"b","Caller":"administrator"})");
}

TEST(Dispatcher, RecentContactAnswersCarryErrorDisplay) {  // A6
  Rest rest;
  EXPECT_EQ(
      rest.call("recentcontact/probe", R"({"Text":"x"})"),
      R"({"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"","ErrorDisplay":"","Text":"x","Caller":"administrator"})");
  EXPECT_EQ(
      rest.call("recentcontact/probe", R"({"FailCode":50001})"),
      R"({"ActionStatus":"FAIL","ErrorCode":50001,"ErrorInfo":"account is not imported: as asked","ErrorDisplay":""})");
  EXPECT_THAT(rest.call("recentcontact/nothing"), HasSubstr(R"("ErrorDisplay":"")"));
  EXPECT_THAT(rest.call("openim/probe", "["), Not(HasSubstr("ErrorDisplay")));
}

TEST(Dispatcher, RefusesWhatIsNoCall) {  // K6, K7
  Rest rest;
  const auto url = Rest::target("openim/probe");
  const auto code = [&](const RestRequest& request) {
    return code_of(rest.ask(request));
  };
  EXPECT_EQ(code({.method = "POST", .target = url, .body = "{}"}), ErrorCode::kOk);
  EXPECT_EQ(code({.method = "GET", .target = url, .body = "{}"}), ErrorCode::kBadHttpRequest);
  EXPECT_EQ(code({.method = "post", .target = url, .body = "{}"}), ErrorCode::kBadHttpRequest);
  EXPECT_EQ(code({.method = "POST", .target = "/v4/openim", .body = "{}"}),
            ErrorCode::kBadHttpRequest);
  EXPECT_EQ(
      code({.method = "POST", .target = url, .body = "{}", .refused = ErrorCode::kBadHttpRequest}),
      ErrorCode::kBadHttpRequest);
  EXPECT_EQ(code(
                {.method = "POST", .target = url, .body = "{}", .refused = ErrorCode::kOverloaded}),
            ErrorCode::kOverloaded);
  EXPECT_EQ(code_of(rest.ask_target(replaced(url, "contenttype=json", "contenttype=xml"))),
            ErrorCode::kBadHttpRequest);
  EXPECT_EQ(code_of(rest.ask_target(replaced(url, "contenttype=json", "contenttype="))),
            ErrorCode::kBadHttpRequest);
  EXPECT_EQ(code_of(rest.ask_target(without(url, "contenttype"))), ErrorCode::kOk);
}

TEST(Dispatcher, ChecksTheApp) {  // K2
  Rest rest;
  const auto url = Rest::target("openim/probe");
  const auto with = [&](std::string_view value) {
    return code_of(rest.ask_target(replaced(url, "sdkappid=1400000000", value)));
  };
  EXPECT_EQ(code_of(rest.ask_target(without(url, "sdkappid"))), ErrorCode::kMissingApp);
  EXPECT_EQ(with("sdkappid="), ErrorCode::kUnknownApp);
  EXPECT_EQ(with("sdkappid=abc"), ErrorCode::kUnknownApp);
  EXPECT_EQ(with("sdkappid=1400000001"), ErrorCode::kUnknownApp);
  EXPECT_EQ(with("sdkappid=1400000000x"), ErrorCode::kUnknownApp);
  EXPECT_EQ(with("sdkappid=5694967296"), ErrorCode::kUnknownApp);  // the app's id plus 2^32
  EXPECT_EQ(with("sdkappid=01400000000"), ErrorCode::kOk);
  EXPECT_EQ(with("sdkappid=7"), ErrorCode::kUserSigWrongApp);
}

TEST(Dispatcher, ChecksIdentifierAndUserSig) {  // K3
  Rest rest;
  const auto url = Rest::target("openim/probe");
  const auto with = [&](std::string_view from, std::string_view to) {
    return code_of(rest.ask_target(replaced(url, from, to)));
  };
  EXPECT_EQ(code_of(rest.ask_target(without(url, "identifier"))), ErrorCode::kBadIdentifier);
  EXPECT_EQ(with("identifier=administrator", "identifier="), ErrorCode::kBadIdentifier);
  EXPECT_EQ(code_of(rest.ask_target(Rest::target("openim/probe", "a%0Ab"))),
            ErrorCode::kBadIdentifier);
  EXPECT_EQ(with("identifier=administrator", "identifier=bob"), ErrorCode::kUserSigWrongIdentifier);
  EXPECT_EQ(code_of(rest.ask_target(without(url, "usersig"))), ErrorCode::kMissingUserSig);
  EXPECT_EQ(code_of(rest.ask_target(without(url, "usersig") + "&usersig=")),
            ErrorCode::kUserSigEmpty);
  EXPECT_EQ(with("usersig=", "usersig=abc"), ErrorCode::kUserSigUndecodable);
}

TEST(Dispatcher, ARememberedUserSigEndsWithItsKey) {
  Rest rest;
  const auto url = Rest::target("openim/probe");
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kOk);

  const AppKey old{std::string(probe::kKey), probe::kNow + 10};
  rest.apps.replace_keys({{probe::kApp, {AppKey{"a newer key"}, old}, {}}});
  rest.clock.set(probe::kNow + 10);
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kOk);
  rest.clock.set(probe::kNow + 11);
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kUserSigMismatch);
}

TEST(Dispatcher, ARememberedUserSigEndsWhenItsKeyIsRemoved) {
  Rest rest;
  const auto url = Rest::target("openim/probe");
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kOk);
  rest.apps.replace_keys({{probe::kApp, {AppKey{"a newer key"}}, {}}});
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kUserSigMismatch);
  rest.apps.replace_keys({{probe::kApp, {AppKey{std::string(probe::kKey)}}, {}}});
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kOk);
}

TEST(Dispatcher, TakesIdentifierAndUserSigRawOrEncoded) {
  Rest rest;
  EXPECT_EQ(code_of(rest.ask_target(Rest::target("openim/probe", "你好%20root"))), ErrorCode::kOk);
  EXPECT_EQ(code_of(rest.ask_target(Rest::target("openim/probe", "%E4%BD%A0%E5%A5%BD+root"))),
            ErrorCode::kOk);
  std::string encoded;
  for (const char c : Rest::target("openim/probe")) {
    if (c == '*') {
      encoded += "%2A";
    } else {
      encoded += c;
    }
  }
  EXPECT_EQ(code_of(rest.ask_target(encoded)), ErrorCode::kOk);
}

TEST(Dispatcher, RandomMayBeAnything) {  // A11
  Rest rest;
  const auto url = Rest::target("openim/probe");
  for (const auto* value :
       {"random=123456789012345678901", "random=", "random=abc", "random=-1", "r"}) {
    EXPECT_EQ(code_of(rest.ask_target(replaced(url, "random=99999999", value))), ErrorCode::kOk)
        << value;
  }
}

TEST(Dispatcher, ACachedUserSigExpiresAllTheSame) {  // B5
  Rest rest;
  const auto url = Rest::target("openim/probe");
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kOk);
  rest.clock.advance(86400);
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kOk);
  rest.clock.advance(1);
  EXPECT_EQ(code_of(rest.ask_target(url)), ErrorCode::kUserSigExpired);
}

TEST(Dispatcher, UnknownCommandsAndServices) {  // K6
  Rest rest;
  EXPECT_EQ(code_of(rest.call("openim/nothing")), ErrorCode::kUnknownCommand);
  EXPECT_EQ(code_of(rest.call("nothing/probe")), ErrorCode::kUnknownCommand);
  EXPECT_EQ(code_of(rest.call("openim/Probe")), ErrorCode::kUnknownCommand);
  EXPECT_EQ(
      rest.call("x/%00\xff"),
      R"({"ActionStatus":"FAIL","ErrorCode":60009,"ErrorInfo":"no such service or command: \"x/%00?\""})");
}

TEST(Dispatcher, LimitsCallsPerSecond) {  // A9
  Rest rest;
  EXPECT_EQ(code_of(rest.call("recentcontact/slow")), ErrorCode::kOk);
  EXPECT_EQ(code_of(rest.call("recentcontact/slow")), ErrorCode::kOk);
  EXPECT_EQ(
      rest.call("recentcontact/slow"),
      R"({"ActionStatus":"FAIL","ErrorCode":60007,"ErrorInfo":"call frequency of this command exceeded: 2 calls per second","ErrorDisplay":""})");
  EXPECT_EQ(code_of(rest.call("recentcontact/probe")), ErrorCode::kOk);
  rest.clock.advance(1);
  EXPECT_EQ(code_of(rest.call("recentcontact/slow")), ErrorCode::kOk);
}

TEST(Dispatcher, RefusedCallersDoNotUseUpTheRate) {
  Rest rest;
  for (int i = 0; i < 5; ++i) {
    rest.ask_target(replaced(Rest::target("recentcontact/slow"), "usersig=", "usersig=x"));
  }
  EXPECT_EQ(code_of(rest.call("recentcontact/slow")), ErrorCode::kOk);
}

TEST(Dispatcher, BodyIsAnObjectOrNothing) {  // A2, A13, K5
  Rest rest;
  for (const auto* body : {"{}", "", " \r\n\t", "[]", " [ ] ", "{\"Unknown\":null}"}) {
    EXPECT_EQ(code_of(rest.call("openim/probe", body)), ErrorCode::kOk) << body;
  }
  for (const auto* body : {"[1]", "7", "\"{}\"", "null", "{", "{}x", "{\"Text\":\"a\",}", "\xff"}) {
    EXPECT_EQ(
        rest.call("openim/probe", body),
        R"({"ActionStatus":"FAIL","ErrorCode":90001,"ErrorInfo":"Fail to Parse json data of body, Please check it"})");
    EXPECT_EQ(code_of(rest.call("recentcontact/probe", body)), ErrorCode::kBadJson) << body;
    EXPECT_EQ(code_of(rest.call("im_open_login_svc/probe", body)), ErrorCode::kBadJson) << body;
  }
}

TEST(Dispatcher, TheDocumentedTextOf90001StandsAlone) {  // A16
  Rest rest;
  EXPECT_EQ(
      rest.call("openim/probe", R"({"FailCode":90001})"),
      R"({"ActionStatus":"FAIL","ErrorCode":90001,"ErrorInfo":"Fail to Parse json data of body, Please check it"})");
}

TEST(Dispatcher, LimitsMessagesInBytes) {
  Rest rest;
  const auto body_of = [](std::size_t size) {
    const std::string frame = R"({"X":""})";
    return R"({"X":")" + std::string(size - frame.size(), 'a') + R"("})";
  };
  EXPECT_EQ(code_of(rest.call("openim/sized", body_of(12288))), ErrorCode::kOk);
  EXPECT_EQ(
      rest.call("openim/sized", body_of(12289)),
      R"({"ActionStatus":"FAIL","ErrorCode":93000,"ErrorInfo":"message JSON too long: at most 12288 bytes, has 12289"})");
  EXPECT_EQ(code_of(rest.call("openim/probe", body_of(12289))), ErrorCode::kOk);
}

TEST(Dispatcher, OnlyAdminsMayCall) {  // B8, B9, K1
  Rest rest;
  const auto code = [&](std::string_view path) {
    return code_of(rest.ask_target(Rest::target(path, "bob")));
  };
  EXPECT_EQ(code("im_open_login_svc/probe"), ErrorCode::kAccountAdminRequired);
  EXPECT_EQ(code("openim/probe"), ErrorCode::kMessageAdminRequired);
  EXPECT_EQ(code("recentcontact/probe"), ErrorCode::kContactAdminRequired);
}

TEST(Dispatcher, FieldErrorsTakeTheFamilysCode) {
  Rest rest;
  EXPECT_EQ(
      rest.call("openim/probe", R"({"Number":7})"),
      R"({"ActionStatus":"FAIL","ErrorCode":90010,"ErrorInfo":"request does not follow the message format: Number: must be 1 to 3, is 7"})");
  EXPECT_EQ(code_of(rest.call("recentcontact/probe", R"({"Number":7})")),
            ErrorCode::kContactParameter);
  EXPECT_EQ(code_of(rest.call("im_open_login_svc/probe", R"({"Number":7})")),
            ErrorCode::kAccountParameter);
}

TEST(Dispatcher, ChecksInTheirOrder) {  // A12
  Rest rest;
  // Each request has every fault from its own step on; the first one answers.
  const auto signed_url = Rest::target("openim/nothing", "bob");
  const auto ask = [&](std::string_view url) {
    return code_of(rest.ask_target(url, "["));
  };
  EXPECT_EQ(ask("/v4/openim"), ErrorCode::kBadHttpRequest);
  EXPECT_EQ(ask("/v4/openim/nothing?contenttype=x"), ErrorCode::kBadHttpRequest);
  EXPECT_EQ(ask("/v4/openim/nothing"), ErrorCode::kMissingApp);
  EXPECT_EQ(ask("/v4/openim/nothing?sdkappid=1400000000"), ErrorCode::kBadIdentifier);
  EXPECT_EQ(ask("/v4/openim/nothing?sdkappid=1400000000&identifier=bob"),
            ErrorCode::kMissingUserSig);
  EXPECT_EQ(ask(signed_url), ErrorCode::kUnknownCommand);
  const auto slow = Rest::target("recentcontact/slow", "bob");
  EXPECT_EQ(ask(slow), ErrorCode::kBadJson);
  EXPECT_EQ(ask(slow), ErrorCode::kBadJson);
  EXPECT_EQ(ask(slow), ErrorCode::kCommandRateExceeded);
  const auto too_long = R"({"Number":7,"X":")" + std::string(20000, 'a') + "\"}";
  EXPECT_EQ(code_of(rest.ask_target(Rest::target("openim/sized", "bob"), too_long)),
            ErrorCode::kMessageAdminRequired);
  EXPECT_EQ(code_of(rest.call("openim/sized", too_long)), ErrorCode::kMessageTooLong);
  EXPECT_EQ(code_of(rest.ask_target(Rest::target("openim/probe", "bob"), R"({"Number":7})")),
            ErrorCode::kMessageAdminRequired);
  EXPECT_EQ(code_of(rest.call("openim/probe", R"({"Number":7,"FailCode":20022})")),
            ErrorCode::kBadMessageFormat);
}

TEST(Dispatcher, InternalFailuresKeepTheirDetailForTheLog) {
  Rest rest;
  const auto body = rest.call("openim/probe", R"({"FailCode":-1})");
  EXPECT_EQ(
      body,
      R"({"ActionStatus":"FAIL","ErrorCode":91000,"ErrorInfo":"internal error, retry: request )" +
          rest.request_id + R"("})");
  EXPECT_EQ(code_of(rest.call("recentcontact/probe", R"({"FailCode":-1})")),
            ErrorCode::kContactInternal);
  EXPECT_EQ(code_of(rest.call("im_open_login_svc/probe", R"({"FailCode":-1})")),
            ErrorCode::kAccountInternal);
}

TEST(Dispatcher, AnExceptionIsOurBugAndAnswered) {
  Rest rest;
  ::testing::internal::CaptureStderr();
  const auto body = rest.call("openim/probe", R"({"Throw":1})");
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(code_of(body), ErrorCode::kMessageInternal);
  EXPECT_THAT(body, Not(HasSubstr("library said no")));
  EXPECT_THAT(log, HasSubstr("level=error event=handler_threw request_id=" + rest.request_id));
  EXPECT_THAT(log, HasSubstr("library said no"));
}

TEST(Dispatcher, LogsFailuresWithoutSecrets) {
  Rest rest;
  ::testing::internal::CaptureStderr();
  rest.call("recentcontact/probe", R"({"FailCode":50001,"Text":"confidential"})");
  rest.call("recentcontact/probe", R"({"Text":"confidential"})");
  const auto log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("level=info event=request_failed request_id="));
  EXPECT_THAT(log, HasSubstr(" app=1400000000 command=recentcontact/probe code=50001 "
                             "reason=\"account is not imported: as asked\" ms="));
  EXPECT_EQ(std::ranges::count(log, '\n'), 1);
  EXPECT_THAT(log, Not(HasSubstr("confidential")));
  EXPECT_THAT(log, Not(HasSubstr("eJ")));
}

TEST(Dispatcher, CountsByCommandAndCode) {
  Rest rest;
  rest.call("openim/probe");
  rest.call("openim/probe");
  rest.call("openim/probe", R"({"FailCode":20022})");
  rest.call("openim/one");
  rest.call("openim/two");
  const auto text = rest.metrics.render();
  EXPECT_THAT(text, HasSubstr(R"(confab_requests_total{code="0",command="openim/probe"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(confab_requests_total{code="20022",command="openim/probe"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(confab_requests_total{code="60009",command="unknown"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(confab_request_seconds_count{command="openim/probe"} 3)"));
  EXPECT_THAT(text, HasSubstr(R"(confab_request_seconds_count{command="unknown"} 2)"));
  EXPECT_THAT(text, HasSubstr("confab_requests_in_flight 0"));
  EXPECT_THAT(text, Not(HasSubstr("openim/one")));
}

TEST(Dispatcher, RequestIdsAreSixteenHexDigits) {
  Rest rest;
  rest.call("openim/probe");
  const auto first = rest.request_id;
  EXPECT_THAT(first, ::testing::MatchesRegex("[0-9a-f]{16}"));
  rest.call("openim/probe");
  EXPECT_NE(rest.request_id, first);
}

TEST(Dispatcher, RateProfileMayBeOff) {
  Rest rest({.documented = false, .overrides = {{"openim/probe", 1}}});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(code_of(rest.call("recentcontact/slow")), ErrorCode::kOk);
  }
  EXPECT_EQ(code_of(rest.call("openim/probe")), ErrorCode::kOk);
  EXPECT_EQ(code_of(rest.call("openim/probe")), ErrorCode::kCommandRateExceeded);
}

#ifndef NDEBUG
TEST(DispatcherDeathTest, AnUnlistedCodeIsOurBug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // the store has threads
  Rest rest;
  EXPECT_DEATH(rest.call("openim/probe", R"({"FailCode":50001})"),
               "openim/probe answered kContactNoAccount, which its row does not list");
}
#endif

TEST(DispatcherDeathTest, RefusesOnePathTwice) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // the store has threads
  Rest rest;
  const std::span<const Endpoint> twice[] = {probe::kMessageRows, probe::kMessageRows};
  EXPECT_DEATH(Dispatcher({.tables = twice,
                           .store = rest.store,
                           .clock = rest.clock,
                           .random = rest.random,
                           .apps = rest.apps,
                           .limits = rest.limits,
                           .metrics = rest.metrics}),
               "two rows for one path");
}

}  // namespace
}  // namespace confab
