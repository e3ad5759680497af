// Keys and messages are their owner's alone, whatever the umask; a server whose files others can
// get at does not start. On the real program.
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/running.h"

namespace confab::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class PrivateFiles : public ::testing::Test {
 protected:
  fs::path data_dir() const { return directory_.path() / "new" / "data"; }
  Variables variables() const {
    return {{"CONFAB_DATA_DIR", data_dir()}, {"CONFAB_PORT", "0"}, {"CONFAB_OPS_PORT", "0"}};
  }

  /// Under a umask that takes nothing away.
  static std::vector<std::string> generously(std::vector<std::string> arguments) {
    auto words = confab_words(std::move(arguments));
    words.insert(words.begin(), {"sh", "-c", "umask 000; exec \"$@\"", "sh"});
    return words;
  }

  void make_all_files() const {
    EXPECT_EQ(Running(generously({"serve", "--demo"}), variables()).stop().exit_code, 0);
  }

  static void expect_private_beneath(const fs::path& top) {
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      const auto is_public = entry.path().filename() == "certificate.pem";
      EXPECT_EQ(mode_of(entry.path()), entry.is_directory() ? 0700U
                                       : is_public          ? 0644U
                                                            : 0600U)
          << entry.path();
    }
  }

  static unsigned mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  }

  TemporaryDirectory directory_;
};

TEST_F(PrivateFiles, WhatTheServerMakesIsItsOwnersAloneUnderAnyUmask) {
  make_all_files();
  EXPECT_TRUE(fs::exists(data_dir() / "store" / "CURRENT"));
  expect_private_beneath(directory_.path());
}

TEST_F(PrivateFiles, WhatTheCommandsMakeIsItsOwnersAloneUnderAnyUmask) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"app", "create", "--id", "7"},
                                             {"app", "rotate-key", "--id", "7"}}) {
    const auto done = run_program(generously(arguments), variables());
    ASSERT_EQ(done.exit_code, 0) << done.err;
    expect_private_beneath(directory_.path());
  }
}

TEST_F(PrivateFiles, TheServerDoesNotStartWhileOthersCanGetAtItsFiles) {
  make_all_files();
  struct Case {
    std::string name;
    mode_t good;
    std::vector<mode_t> bad;
    std::string mend;
  };
  const Case cases[] = {{"apps.toml", 0600, {0640, 0604, 0620}, "0600.* run: chmod 600 "},
                        {"certificate.key", 0600, {0640, 0604, 0622}, "0600.* run: chmod 600 "},
                        {"store", 0700, {0750, 0705, 0710}, "0700.* run: chmod 700 "}};
  for (const auto& [name, good, bad, mend] : cases) {
    const auto path = (data_dir() / name).string();
    for (const auto mode : bad) {
      ASSERT_EQ(chmod(path.c_str(), mode), 0);
      // One that starts all the same is ended.
      auto words = confab_words({"serve", "--demo"});
      words.insert(words.begin(), {"timeout", "30"});
      const auto refused = run_program(words, variables());
      EXPECT_EQ(refused.exit_code, 2) << name;
      EXPECT_THAT(refused.err, ContainsRegex("confab: " + path + ": has mode 0[0-7]{3}, .*" + mend +
                                             path + "\n"));
      EXPECT_EQ(mode_of(path), mode) << "mending is the operator's";
    }
    ASSERT_EQ(chmod(path.c_str(), good), 0);
  }
  EXPECT_EQ(Running(confab_words({"serve", "--demo"}), variables()).stop().exit_code, 0);
}

TEST_F(PrivateFiles, AKeyThatOthersCanReadIsNotTakenOnHangup) {
  Running server(confab_words({"serve", "--demo"}), variables());
  const auto key = (data_dir() / "certificate.key").string();
  ASSERT_EQ(chmod(key.c_str(), 0644), 0);
  server.child().send_signal(SIGHUP);
  EXPECT_THAT(server.list(), HasSubstr(R"("ErrorCode":0)"));
  EXPECT_THAT(server.stop().err,
              ContainsRegex("event=reloaded certificate=\"kept: [^\n]*has mode 0644, [^\n]*chmod "
                            "600 [^\n]*certificate.key\" keys=taken"));
}

}  // namespace
}  // namespace confab::testing
