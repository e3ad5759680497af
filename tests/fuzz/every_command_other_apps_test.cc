// What a command answers in one app does not depend on what another app holds, and what it changes
// is its own app's: two servers, one with and one without a town in the other app.
#include <string>
#include <utility>

#include "store/description.h"
#include "tests/fuzz/every_command.h"

namespace confab::fuzz {
namespace {

class EveryCommandOtherApps : public EveryCommand {
 protected:
  /// The answer in kOtherApp.
  static std::string answer(ChatServer& server, const Endpoint& row, const std::string& body) {
    const auto before = server.engine().now();
    auto answer = server.handle({.method = "POST",
                                 .target = server.target(ChatServer::kOtherApp, "admin", row),
                                 .body = body});
    for (const auto& key : server.engine().changed_since(before)) {
      const auto description = describe_key(key);
      EXPECT_TRUE(description && description->shard.app == ChatServer::kOtherApp);
    }
    return std::move(answer.body);
  }

  static void import_the_same_names(ChatServer& server) {
    for_each_row([&](const Endpoint& row) {
      if (row.path != "im_open_login_svc/multiaccount_import") return;
      const auto imported =
          answer(server, row, R"({"Accounts":["id1","id2","id3","id4","user","stranger"]})");
      EXPECT_TRUE(imported.contains(R"("ErrorCode":0)")) << imported;
    });
  }

  ChatServer town_{ChatServer::Contents::kTown};
  ChatServer empty_{ChatServer::Contents::kAdmins};
};

TEST_F(EveryCommandOtherApps, AnswersAndChangesDoNotDependOnTheOtherApp) {
  for_each_row([&](const Endpoint& row) {
    const auto sample = sample_of(row);
    for (const bool with_accounts : {false, true}) {
      for (auto* server : {&town_, &empty_}) {
        server->rewind();
        if (with_accounts) import_the_same_names(*server);
      }
      EXPECT_EQ(answer(town_, row, sample), answer(empty_, row, sample));
    }
  });
}

TEST_F(EveryCommandOtherApps, SamplesAreAboutTheTown) {
  // Otherwise the test above shows nothing. In its own app each sample meets what is there, but for
  // those that only make something new.
  for_each_row([&](const Endpoint& row) {
    town_.rewind();
    empty_.rewind();
    const auto sample = sample_of(row);
    const bool makes_new = row.path.contains("import") && row.path.starts_with("im_open_login_svc");
    const auto with_town = town_.call("admin", row, sample).body;
    const auto without = empty_.call("admin", row, sample).body;
    if (!makes_new) EXPECT_NE(with_town, without);
  });
}

}  // namespace
}  // namespace confab::fuzz
