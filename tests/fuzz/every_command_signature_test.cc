// Who calls without a good signature, or without the right to, gets the documented code from every
// command. That nothing has changed then, ChatServer::handle checks.
#include <string>
#include <string_view>
#include <vector>

#include "api/user_sig.h"
#include "tests/fuzz/every_command.h"

namespace confab::fuzz {
namespace {

constexpr Seconds kLife = 3600;
constexpr Seconds kNow = ChatServer::kStart;

std::string sign(std::string_view key, AppId app, std::string_view identifier, Seconds at = kNow) {
  return make_user_sig(key, app, identifier, at, kLife);
}

std::string good_signature() {
  return sign(ChatServer::key().text, ChatServer::kApp, "admin");
}

std::string with_one_byte_changed(std::string text, std::size_t at) {
  text[at] = text[at] == 'A' ? 'B' : 'A';
  return text;
}

std::string target_of(const Endpoint& row, const std::string& query) {
  return "/v4/" + std::string(row.path) + "?" + query;
}

struct Forgery {
  std::string query;
  ErrorCode code;
};

/// B4 to B6, K2 to K4.
std::vector<Forgery> forgeries() {
  const auto& key = ChatServer::key().text;
  const auto good = good_signature();
  const std::string app = "sdkappid=88888888&identifier=";
  const auto signed_with = [&](const std::string& signature) {
    return app + "admin&usersig=" + percent_encode(signature);
  };
  return {
      {signed_with(sign(with_one_byte_changed(key, 0), ChatServer::kApp, "admin")),
       ErrorCode::kUserSigMismatch},
      {signed_with(sign("", ChatServer::kApp, "admin")), ErrorCode::kUserSigMismatch},
      {signed_with(with_one_byte_changed(good, good.size() / 2)), ErrorCode::kUserSigUndecodable},
      {signed_with(good.substr(0, good.size() - 1)), ErrorCode::kUserSigUndecodable},
      {signed_with(good.substr(0, good.size() - 8)), ErrorCode::kUserSigUndecodable},
      {signed_with(good.substr(0, 8)), ErrorCode::kUserSigUndecodable},
      {signed_with(sign(key, ChatServer::kApp, "admin", kNow - kLife - 1)),
       ErrorCode::kUserSigExpired},
      {signed_with(sign(key, ChatServer::kOtherApp, "admin")), ErrorCode::kUserSigWrongApp},
      {"sdkappid=99999999&identifier=admin&usersig=" + percent_encode(good),
       ErrorCode::kUserSigWrongApp},
      {app + "administrator&usersig=" + percent_encode(good), ErrorCode::kUserSigWrongIdentifier},
      {app + "Admin&usersig=" + percent_encode(good), ErrorCode::kUserSigWrongIdentifier},
      {app + "&usersig=" + percent_encode(good), ErrorCode::kBadIdentifier},
      {"sdkappid=88888888&usersig=" + percent_encode(good), ErrorCode::kBadIdentifier},
      {app + "admin&usersig=", ErrorCode::kUserSigEmpty},
      {app + "admin", ErrorCode::kMissingUserSig},
      {"identifier=admin&usersig=" + percent_encode(good), ErrorCode::kMissingApp},
      {"sdkappid=77777777&identifier=admin&usersig=" + percent_encode(good),
       ErrorCode::kUnknownApp},
  };
}

class EveryCommandSignature : public EveryCommand {
 protected:
  void expect(ErrorCode code, const std::string& target, const std::string& body) {
    const auto answer = server_.handle({.method = "POST", .target = target, .body = body});
    EXPECT_EQ(answer.code, static_cast<int>(code)) << target << '\n' << answer.body;
  }

  ChatServer server_;
};

TEST_F(EveryCommandSignature, RefusesForgeriesBeforeAndAfterAGoodSignatureIsRemembered) {
  const auto all = forgeries();
  for_each_row([&](const Endpoint& row) {
    const auto sample = sample_of(row);
    for (const auto& [query, code] : all)
      expect(code, target_of(row, query), sample);
    // The sample is not what was refused.
    EXPECT_EQ(server_.call("admin", row, sample).code, 0);
    for (const auto& [query, code] : all)
      expect(code, target_of(row, query), sample);
    server_.rewind();
  });
}

TEST_F(EveryCommandSignature, RefusesOneFromBeforeAKickAlsoWhenItIsRemembered) {  // C7, K9
  const auto query =
      "sdkappid=88888888&identifier=admin&usersig=" + percent_encode(good_signature());
  for_each_row([&](const Endpoint& row) {
    server_.rewind();
    const auto sample = sample_of(row);
    expect(ErrorCode::kOk, target_of(row, query), sample);
    server_.advance(1);
    const auto kicked = server_.handle(
        {.method = "POST",
         .target =
             "/v4/im_open_login_svc/kick?sdkappid=88888888&identifier=administrator&usersig=" +
             percent_encode(sign(ChatServer::key().text, ChatServer::kApp, "administrator")),
         .body = R"({"UserID":"admin"})"});
    ASSERT_EQ(kicked.code, 0) << kicked.body;
    expect(ErrorCode::kUserSigExpired, target_of(row, query), sample);
  });
}

TEST_F(EveryCommandSignature, RefusesWhoIsNoAdminOfTheApp) {  // B8 to B10, E5
  for_each_row([&](const Endpoint& row) {
    const auto sample = sample_of(row);
    for (const auto* caller : {"nobody", "id4", "Admin", "admin ", "root"}) {
      const auto answer = server_.call(caller, row, sample);
      EXPECT_EQ(answer.code, static_cast<int>(row.family().admin_required)) << answer.body;
    }
    // The other app has no admin of this name.
    expect(row.family().admin_required, server_.target(ChatServer::kOtherApp, "administrator", row),
           sample);
  });
}

TEST_F(EveryCommandSignature, NoPlaceOfASignatureTakesAnotherByte) {
  const auto good = good_signature();
  const auto& row = rest_tables().front().front();
  for (std::size_t at = 0; at < good.size(); ++at) {
    const auto answer = server_.handle(
        {.method = "POST",
         .target = target_of(row, "sdkappid=88888888&identifier=admin&usersig=" +
                                      percent_encode(with_one_byte_changed(good, at))),
         .body = sample_of(row)});
    EXPECT_GE(answer.code, 70001) << at << answer.body;
    EXPECT_LE(answer.code, 70014) << at << answer.body;
  }
}

}  // namespace
}  // namespace confab::fuzz
