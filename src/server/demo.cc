#include "server/demo.h"

#include <algorithm>
#include <cctype>
#include <future>
#include <utility>

#include <fmt/format.h>

#include "api/user_sig.h"
#include "base/clock.h"
#include "server/apps_file.h"

namespace confab {
namespace {

constexpr AppId kDemoApp{88'888'888};
constexpr std::string_view kDemoAdmin = "admin";
constexpr Seconds kSignatureSeconds = 180LL * 24 * 3600;

constexpr std::string_view kListBody =
    R"({"From_Account":"id1","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":7})";
constexpr std::string_view kDeleteBody =
    R"({"From_Account":"id1","Type":1,"To_Account":"id2","ClearRamble":1})";
constexpr std::string_view kDeleteGroupBody =
    R"({"From_Account":"id1","Type":2,"ToGroupid":"team","ClearRamble":1})";

struct Step {
  std::string_view command;
  std::string body;
};

Step message(std::string_view from, std::string_view to, int number, std::string_view text) {
  return {
      "openim/sendmsg",
      fmt::format(
          R"({{"From_Account":"{0}","To_Account":"{1}","MsgSeq":{2},"MsgRandom":{2},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{3}"}}}}]}})",
          from, to, number, text)};
}

Step group_message(std::string_view from, int random, std::string_view text) {
  return {
      "group_open_http_svc/send_group_msg",
      fmt::format(
          R"({{"GroupId":"team","From_Account":"{}","Random":{},"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{}"}}}}]}})",
          from, random, text)};
}

std::vector<Step> seed_steps() {
  return {
      {"im_open_login_svc/account_import", R"({"UserID":"id1","Nick":"Ada"})"},
      {"im_open_login_svc/account_import", R"({"UserID":"id2","Nick":"Grace"})"},
      message("id2", "id1", 1, "Hello, is anybody here?"),
      message("id1", "id2", 2, "Yes. This server is yours alone."),
      message("id2", "id1", 3, "And it speaks the same API?"),
      message("id1", "id2", 4, "Word for word."),
      {"group_open_http_svc/create_group",
       R"({"GroupId":"team","Type":"Public","Name":"The team","Owner_Account":"id1","MemberList":[{"Member_Account":"id2"}]})"},
      group_message("id1", 1, "Welcome to the team."),
      group_message("id2", 2, "Glad to be here."),
  };
}

std::string target_of(const Server& server, std::string_view command) {
  const auto& apps = server.apps();
  const auto keys = apps.keys();
  const auto& key = keys->of_app[apps.index_of(*apps.find(kDemoApp))].front();
  const auto signature = make_user_sig(key.text, kDemoApp, kDemoAdmin, SystemClock().unix_seconds(),
                                       kSignatureSeconds);
  return fmt::format("/v4/{}?sdkappid={}&identifier={}&usersig={}&random=1&contenttype=json",
                     command, std::to_underlying(kDemoApp), kDemoAdmin, signature);
}

std::string call(Server& server, std::string_view command, std::string_view body) {
  const auto target = target_of(server, command);
  std::promise<std::string> answer;
  server.dispatcher().handle({.method = "POST", .target = target, .body = body},
                             [&answer](RestReply reply) {
                               answer.set_value(std::move(reply.body));
                             });
  return answer.get_future().get();
}

Status expect_ok(Server& server, std::string_view command, std::string_view body) {
  const auto answer = call(server, command, body);
  if (answer.contains(R"("ActionStatus":"OK")")) return {};
  return fail(ErrorCode::kInternal, fmt::format("the demo's {} was refused: {}", command, answer));
}

/// `text` as one word of a shell.
std::string shell_word(std::string_view text) {
  const bool is_plain = std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("/._-").contains(static_cast<char>(c));
  });
  if (is_plain) return std::string(text);
  std::string out = "'";
  for (const char c : text)
    out += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return out + "'";
}

std::string curl_line(const Server& server, std::string_view command, std::string_view body) {
  std::string trust;
  if (!server.own_certificate().empty()) {
    trust = "--cacert " + shell_word(server.own_certificate()) + ' ';
  }
  return fmt::format("curl {}{} -d {}", trust,
                     shell_word(server.rest_url() + target_of(server, command)), shell_word(body));
}

}  // namespace

Status ensure_demo_app(const std::string& data_dir, Random& random) {
  TRY(const auto apps, load_apps(data_dir));
  if (std::ranges::any_of(apps, [](const auto& stored) { return stored.app.id == kDemoApp; })) {
    return {};
  }
  return add_app(data_dir, {.app = {.id = kDemoApp,
                                    .keys = {AppKey{generate_app_key(random)}},
                                    .admins = {std::string(kDemoAdmin)}},
                            .created = utc_text(SystemClock().unix_seconds())});
}

Status seed_demo(Server& server) {
  const auto known =
      call(server, "im_open_login_svc/account_check", R"({"CheckItem":[{"UserID":"id1"}]})");
  if (known.contains(R"("AccountStatus":"Imported")")) return {};
  for (const auto& [command, body] : seed_steps())
    TRY_STATUS(expect_ok(server, command, body));
  return {};
}

std::string demo_lines(const Server& server) {
  return fmt::format(
      "The conversations of id1:\n{}\n"
      "Delete the one with id2, history included, then list again:\n{}\n"
      "Delete the one of the group, which id1 stays a member of:\n{}\n",
      curl_line(server, "recentcontact/get_list", kListBody),
      curl_line(server, "recentcontact/delete", kDeleteBody),
      curl_line(server, "recentcontact/delete", kDeleteGroupBody));
}

}  // namespace confab
