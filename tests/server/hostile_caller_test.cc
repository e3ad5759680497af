// A caller whose every value tries to add a header to an answer, or a line to the log, or to speak
// to the operator's terminal. On the real program, over the wire.
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/running.h"

namespace confab::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr std::string_view kBodyText = "the text of a message is nobody's business";

// What would break a line, a field or a header, or be obeyed by a terminal.
const std::string kPoisons[] = {
    "a\r\nX-Evil: 1",
    "a\nlevel=error event=forged",
    "a\r\r\n\r\nHTTP/1.1 200 OK",
    "\x1b[2J\x1b]0;t\a",
    "\u009b2J",
    "\x7f",
    "\u2028event=forged",
    "\u202eevent=forged",
    "\xff\xfe\n",
    "\xc0\x8a",
    "\" level=error event=forged",
    std::string("a\0b", 3),
};

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
  }
  return out;
}

/// As the value of a JSON member; bytes that JSON must not hold are left as they are.
std::string in_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"') {
      std::ostringstream escape;
      escape << "\\u00" << (byte < 0x10 ? "0" : "") << std::hex << unsigned{byte};
      out += escape.str();
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string file_content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class HostileCaller : public ::testing::Test {
 protected:
  HostileCaller() : server_(confab_words({"serve", "--demo"}), variables()) {
    const auto apps = file_content(data_dir() + "/apps.toml");
    constexpr std::string_view kBefore = "keys = [\"";
    key_ = apps.substr(std::min(apps.size(), apps.find(kBefore) + kBefore.size()), 64);
  }

  std::string data_dir() const { return (directory_.path() / "data").string(); }
  Variables variables() const {
    return {{"CONFAB_DATA_DIR", data_dir()},
            {"CONFAB_PORT", "0"},
            {"CONFAB_OPS_PORT", "0"},
            {"CONFAB_STORE", "memory"},
            {"CONFAB_REST_TLS", "false"}};
  }

  /// A query that is signed for `identifier`; NUL cannot stand in an argument.
  std::string query_of(const std::string& identifier) {
    const auto made =
        run_confab({"usersig", "make", "--id", "88888888", "--user", identifier}, variables());
    EXPECT_EQ(made.exit_code, 0) << made.err;
    const auto signature = made.out.substr(0, made.out.find('\n'));
    signatures_.push_back(signature);
    return "sdkappid=88888888&identifier=" + percent_encoded(identifier) + "&usersig=" + signature +
           "&contenttype=json";
  }

  /// The answer, head and body, of a connection of its own.
  std::string answer_to(const std::string& target,
                        const std::string& body,
                        const std::string& headers = {}) {
    ++sent_;
    const RawConnection connection(server_.port());
    connection.write("POST " + target + " HTTP/1.1\r\nConnection: close\r\n" + headers +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return connection.read_all();
  }

  /// One answer, with the head that every answer has.
  static void expect_ordinary(const std::string& answer) {
    const auto end = answer.find("\r\n\r\n");
    ASSERT_NE(end, std::string::npos) << answer;
    const auto body = answer.substr(end + 4);
    EXPECT_THAT(answer.substr(0, end),
                MatchesRegex("HTTP/1.1 200 OK\r\nServer: confab\r\nContent-Type: "
                             "application/json\r\nContent-Length: " +
                             std::to_string(body.size()) +
                             "\r\nConnection: close\r\nX-Request-Id: [0-9a-f]{16}"));
    EXPECT_THAT(body, MatchesRegex(R"(\{"ActionStatus":"[A-Za-z]+","ErrorCode":[0-9]+,.*\})"));
    EXPECT_EQ(std::ranges::count_if(body, [](unsigned char c) { return c < 0x20; }), 0) << body;
  }

  void send_everywhere(const std::string& poison) {
    const auto good = query_of("admin");
    const auto encoded = percent_encoded(poison);
    const std::string path = "/v4/recentcontact/delete";
    for (const auto& target : {"/v4/" + encoded + "/x?" + good, "/v4/recentcontact/" + encoded,
                               path + "?sdkappid=" + encoded,
                               path + "?" + good + "&random=" + encoded + "&" + encoded + "=1",
                               path + "?sdkappid=88888888&identifier=" + encoded + "&usersig=x",
                               path + "?sdkappid=88888888&identifier=x&usersig=" + encoded,
                               path + "?" + query_of(poison)}) {
      expect_ordinary(answer_to(target, "{}"));
    }
    const auto text = in_json(poison);
    for (const auto& body :
         {R"({"From_Account":)" + text + R"(,"Type":1,"To_Account":"id2"})",
          R"({"From_Account":"id1","Type":)" + text + R"(,"To_Account":"id2"})",
          R"({"From_Account":"id1","Type":2,"ToGroupid":)" + text + "}", "{" + text + ":1}"}) {
      expect_ordinary(answer_to(path + "?" + good, body));
    }
  }

  TemporaryDirectory directory_;
  Running server_;
  std::string key_;
  std::vector<std::string> signatures_;
  int sent_ = 0;
};

TEST_F(HostileCaller, AddsNothingToTheHeadOfAnAnswerAndNoLineToTheLog) {
  for (const auto& poison : kPoisons)
    send_everywhere(poison);
  const auto log = server_.stop().err;
  const auto is_line =
      MatchesRegex(R"(time=[-0-9T:.]+Z level=info event=(ready|request_failed|draining|stopped))"
                   R"(( [a-z_]+=("([^"\\]|\\.)*"|[^" =\\]+))*)");
  std::istringstream lines(log);
  int refused = 0;
  for (std::string text; std::getline(lines, text);) {
    EXPECT_THAT(text, is_line);
    EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c != 0x7f; }))
        << text;
    for (const auto* obeyed : {"\xc2\x9b", "\u2028", "\u202e", "\xff", "\xc0"})
      EXPECT_THAT(text, Not(HasSubstr(obeyed)));
    refused += text.contains(" event=request_failed ") ? 1 : 0;
  }
  EXPECT_LE(refused, sent_);
  EXPECT_GT(refused, sent_ / 2);
}

TEST_F(HostileCaller, GetsNothingOfItsHeadersBack) {
  const auto target = "/v4/recentcontact/delete?" + query_of("admin");
  for (const auto* name : {"Origin", "Host", "Cookie", "Referer", "X-Forwarded-For", "X-Request-Id",
                           "User-Agent", "Accept", "Expect", "Upgrade"}) {
    const auto headers = std::string(name) + ": evil\xc2\x9b%0d%0aX-Evil:1\xff\r\n";
    const auto answer = answer_to(target, "{}", headers);
    expect_ordinary(answer);
    EXPECT_THAT(answer, HasSubstr("\"ErrorCode\":50002,")) << name;
    EXPECT_THAT(answer, Not(HasSubstr("vil"))) << name;
  }
  EXPECT_THAT(server_.stop().err, Not(HasSubstr("vil")));
}

TEST_F(HostileCaller, NeverSeesSecretsNorDoesTheLogTellThem) {
  ASSERT_THAT(key_, MatchesRegex("[0-9a-f]{64}"));
  const auto good = query_of("id1");
  auto changed = good;
  const auto at = changed.find("&usersig=") + 40;
  changed[at] = changed[at] == 'x' ? 'y' : 'x';
  const auto body = R"({"From_Account":"id1","To_Account":"nobody","MsgRandom":1,"MsgBody":[{)"
                    R"("MsgType":"TIMTextElem","MsgContent":{"Text":")" +
                    std::string(kBodyText) + R"("}}]})";
  std::string told;
  for (const auto& query :
       {good, changed, good.substr(0, good.find("&content") - 8), query_of("admin"),
        std::string(good).replace(9, 8, "99999999"), good + "&contenttype=xml",
        std::string(good).replace(good.find("%69"), 3, "i")}) {
    told += answer_to("/v4/openim/sendmsg?" + query, body);
    told += answer_to("/v4/openim/nothing?" + query, body);
    told += answer_to("/v4/openim/sendmsg?" + query, body + "x");
  }
  told += server_.ops("/metrics");
  told += server_.stop().err;
  EXPECT_THAT(told, HasSubstr("event=request_failed"));
  EXPECT_THAT(told, Not(HasSubstr(key_)));
  for (const auto& signature : signatures_) {
    EXPECT_THAT(told, Not(HasSubstr(signature.substr(0, 20))));
    EXPECT_THAT(told, Not(HasSubstr(signature.substr(signature.size() - 20))));
  }
  EXPECT_THAT(told, Not(HasSubstr(std::string(kBodyText))));
}

TEST(Secrets, DoNotStandInWhatTheProgramSaysOfFilesAndVariablesThatItRefuses) {
  const TemporaryDirectory directory;
  const std::string secret = "5bd2850fff3ecb11d7c805251c51ee46";
  const auto path = (directory.path() / "apps.toml").string();
  for (const auto& text :
       {"keys = [\"" + secret + "\"", "keys = [\"" + secret, "keys = " + secret,
        "keys = \"" + secret + "\"", "keys = [\"" + secret + " \"]",
        "keys = [\"" + secret + "\u00e9\"]", "keys = [\"" + secret + " until then\"]",
        "key = \"" + secret + "\"", "keys = [" + secret + "]", "keys = [\"" + secret + "\\q\"]",
        "keys = [\"" + secret + "\"] x"}) {
    std::ofstream(path) << "[app.7]\n" << text << "\n";
    ASSERT_EQ(chmod(path.c_str(), 0600), 0);
    const auto refused = run_confab({"serve"}, {{"CONFAB_DATA_DIR", directory.path().string()}});
    EXPECT_EQ(refused.exit_code, 2) << text;
    EXPECT_THAT(refused.err + refused.out, Not(ContainsRegex("5bd2850f|1c51ee46"))) << text;
  }
  std::filesystem::remove(path);
  for (const std::string name : {"CONFAB_APP_KEY_7", "CONFAB_APP_KEY_x", "CONFAB_APP_KEYS"}) {
    const auto refused = run_confab({"serve"}, {{"CONFAB_DATA_DIR", directory.path().string()},
                                                {name, secret + " "}});
    EXPECT_EQ(refused.exit_code, 2) << name;
    EXPECT_THAT(refused.err + refused.out, Not(HasSubstr("5bd2850f"))) << name;
  }
}

}  // namespace
}  // namespace confab::testing
