// The console as the program serves it: where it is, over TLS, and what it changes.
#include <csignal>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/running.h"

namespace confab::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ServeConsole : public ::testing::Test {
 protected:
  Running start(const Variables& more) const {
    Variables all = {{"CONFAB_DATA_DIR", (directory_.path() / "data").string()},
                     {"CONFAB_PORT", "0"},
                     {"CONFAB_OPS_PORT", "0"},
                     {"CONFAB_STORE", "memory"},
                     {"CONFAB_CONSOLE_TOKEN", "the token of these tests"}};
    for (const auto& [name, value] : more)
      all[name] = value;
    return {confab_words({"serve", "--demo"}), all};
  }

  /// The body and the status.
  static std::string call(const Running& server, const std::string& name, const std::string& body) {
    const auto answer = run_program({"curl", "--silent", "--show-error", "--insecure", "-w",
                                     " %{http_code}", "-H", "Content-Type: application/json", "-H",
                                     "Authorization: Bearer the token of these tests", "-d", body,
                                     server.ops_url() + "/console/" + name});
    EXPECT_EQ(answer.exit_code, 0) << answer.err;
    return answer.out;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(ServeConsole, IsOnTheOperationsListener) {
  const auto server = start({});
  EXPECT_THAT(server.ops("/"), HasSubstr("<title>"));
  EXPECT_THAT(server.ops("/openapi.json"), StartsWith(R"({"openapi":"3.1.0")"));
  const auto overview = call(server, "overview", "{}");
  EXPECT_THAT(overview, HasSubstr(R"("rest_url":")" + server.url()));
  EXPECT_THAT(overview, HasSubstr(R"("store":"memory")"));
  EXPECT_THAT(overview, HasSubstr(" 200"));
}

TEST_F(ServeConsole, BeyondLoopbackItNeedsTls) {
  const Variables beyond{{"CONFAB_OPS_ADDRESS", "0.0.0.0"},
                         {"CONFAB_OPS_ALLOW_BEYOND_LOOPBACK", "true"}};
  const auto plain = start(beyond);
  EXPECT_THAT(plain.ops("/healthz"), HasSubstr(" 200"));
  EXPECT_THAT(plain.ops("/"), HasSubstr("ops.tls\n 404"));
  EXPECT_THAT(call(plain, "overview", "{}"), HasSubstr(" 404"));

  auto with_tls = beyond;
  with_tls["CONFAB_OPS_TLS"] = "true";
  const auto safe = start(with_tls);
  EXPECT_THAT(safe.ops_url(), StartsWith("https://"));
  EXPECT_THAT(call(safe, "overview", "{}"), HasSubstr(" 200"));
}

TEST_F(ServeConsole, TlsOfOperationsDoesNotNeedThatOfRest) {
  const auto server = start({{"CONFAB_OPS_TLS", "true"}, {"CONFAB_REST_TLS", "false"}});
  EXPECT_THAT(server.url(), StartsWith("http://"));
  EXPECT_THAT(call(server, "overview", "{}"), HasSubstr(" 200"));
}

TEST_F(ServeConsole, ARotatedKeySignsAtOnceAndTheFormerRunsOut) {
  const auto server = start({});
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
  const auto rotated = call(server, "rotate_key", R"({"sdkappid":88888888,"overlap":3600})");
  EXPECT_THAT(rotated, HasSubstr(" 200"));
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)")) << "signed with the former key";
  EXPECT_THAT(call(server, "rotate_key", R"({"sdkappid":88888888,"overlap":0})"),
              HasSubstr(" 200"));
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":70009)"));
  EXPECT_THAT(call(server, "call",
                   R"({"sdkappid":88888888,"identifier":"admin","command":)"
                   R"("recentcontact/delete","body":"{\"From_Account\":\"id1\",\"Type\":1,)"
                   R"(\"To_Account\":\"id2\"}"})"),
              HasSubstr(R"(\"ErrorCode\":0)"))
      << "signed with the fresh one";
}

TEST_F(ServeConsole, AKeyOfTheEnvironmentIsNotRotated) {
  const auto server = start({{"CONFAB_APP_KEY_88888888", "0123456789abcdef0123456789abcdef"}});
  const auto refused = call(server, "rotate_key", R"({"sdkappid":88888888,"overlap":0})");
  EXPECT_THAT(refused, HasSubstr("CONFAB_APP_KEY_88888888 takes the place"));
  EXPECT_THAT(refused, HasSubstr(" 400"));
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
}

TEST_F(ServeConsole, ItsLinkIsPrintedForADemoOnly) {
  const TemporaryDirectory directory;
  const Variables variables{{"CONFAB_DATA_DIR", (directory.path() / "data").string()},
                            {"CONFAB_PORT", "0"},
                            {"CONFAB_OPS_PORT", "0"},
                            {"CONFAB_STORE", "memory"},
                            {"CONFAB_APP_KEY_7", "0123456789abcdef0123456789abcdef"}};
  Child plain(confab_words({"serve"}), variables);
  EXPECT_TRUE(plain.line_beginning("Operations: "));
  plain.send_signal(SIGTERM);
  EXPECT_THAT(plain.wait().out, Not(HasSubstr("console: ")));
  Child demo(confab_words({"serve", "--demo"}), variables);
  EXPECT_THAT(demo.line_beginning("console: ").value_or(""), HasSubstr("/sign-in?link="));
  demo.send_signal(SIGTERM);
  demo.wait();
}

}  // namespace
}  // namespace confab::testing
