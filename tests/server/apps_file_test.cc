#include "server/apps_file.h"

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/duration.h"
#include "server/files.h"
#include "tests/support/temporary_directory.h"

namespace confab {
namespace {

using ::testing::HasSubstr;

const std::string kKey = "0123456789abcdef";

class AppsFile : public ::testing::Test {
 protected:
  std::string data_dir() const { return (directory_.path() / "data").string(); }

  void write(const std::string& text, mode_t mode = 0600) const {
    ASSERT_TRUE(ensure_private_directory(data_dir()));
    ASSERT_TRUE(replace_file(apps_path(data_dir()), text, mode));
  }

  std::string load_error(const std::string& text) const {
    write(text);
    const auto apps = load_apps(data_dir());
    return apps ? "accepted" : apps.error().detail;
  }

 private:
  testing::TemporaryDirectory directory_;
};

StoredApp stored_app(std::uint32_t id, std::vector<std::string> admins = {"administrator"}) {
  return {.app = {.id = AppId{id}, .keys = {AppKey{kKey}}, .admins = std::move(admins)},
          .created = "2026-01-31T12:00:00Z"};
}

mode_t mode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

TEST_F(AppsFile, WhatWasAddedIsLoaded) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7, {"boss", "Zoë \"Z\" \\"})));
  ASSERT_TRUE(add_app(data_dir(), stored_app(8)));
  const auto apps = load_apps(data_dir());
  ASSERT_TRUE(apps) << apps.error().detail;
  ASSERT_EQ(apps->size(), 2U);
  EXPECT_EQ((*apps)[0].app.id, AppId{7});
  EXPECT_EQ((*apps)[0].app.keys, std::vector{AppKey{kKey}});
  EXPECT_EQ((*apps)[0].app.admins, (std::vector<std::string>{"boss", "Zoë \"Z\" \\"}));
  EXPECT_EQ((*apps)[0].created, "2026-01-31T12:00:00Z");
  EXPECT_EQ((*apps)[1].app.id, AppId{8});
}

TEST_F(AppsFile, OnlyTheOwnerCanRead) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7)));
  EXPECT_EQ(mode_of(data_dir()), 0700U);
  EXPECT_EQ(mode_of(apps_path(data_dir())), 0600U);
}

TEST_F(AppsFile, RefusedWhenOthersCanRead) {
  for (const mode_t mode : {0640U, 0604U, 0660U}) {
    write("", 0600);
    ASSERT_EQ(chmod(apps_path(data_dir()).c_str(), mode), 0);
    const auto apps = load_apps(data_dir());
    ASSERT_FALSE(apps);
    EXPECT_THAT(apps.error().detail, HasSubstr("chmod 600 " + apps_path(data_dir())));
    EXPECT_FALSE(add_app(data_dir(), stored_app(7)));
  }
}

TEST_F(AppsFile, NoFileIsNoApps) {
  const auto apps = load_apps(data_dir());
  ASSERT_TRUE(apps);
  EXPECT_TRUE(apps->empty());
}

TEST_F(AppsFile, AnInterruptedWriteLeavesTheOldFile) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7)));
  // What a crash between writing and renaming leaves behind, with too wide a mode.
  std::ofstream(apps_path(data_dir()) + ".new") << "half";
  EXPECT_EQ(load_apps(data_dir())->size(), 1U);
  ASSERT_TRUE(add_app(data_dir(), stored_app(8)));
  EXPECT_EQ(load_apps(data_dir())->size(), 2U);
  EXPECT_EQ(mode_of(apps_path(data_dir())), 0600U);
}

TEST_F(AppsFile, ADirectoryThatCannotBeWrittenChangesNothing) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7)));
  // Neither can a folder be written over by a file.
  ASSERT_EQ(mkdir((apps_path(data_dir()) + ".new").c_str(), 0700), 0);
  const auto added = add_app(data_dir(), stored_app(8));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::kInternal);
  EXPECT_EQ(load_apps(data_dir())->size(), 1U);
}

TEST_F(AppsFile, ParallelAdditionsAllArrive) {
  std::vector<std::jthread> threads;
  for (std::uint32_t id = 1; id <= 8; ++id) {
    threads.emplace_back([this, id] { EXPECT_TRUE(add_app(data_dir(), stored_app(id))); });
  }
  threads.clear();
  EXPECT_EQ(load_apps(data_dir())->size(), 8U);
}

TEST_F(AppsFile, AddRefusesWhatIsNotAcceptable) {
  const std::pair<StoredApp, std::string> cases[] = {
      {stored_app(0), "app 0: an id is a number from 1 to 4294967295"},
      {stored_app(1, std::vector<std::string>(11, "a")),
       "app 1: an app has 1 to 10 admins, this one has 11"},
      {stored_app(1, {std::string(33, 'a')}),
       "app 1: an admin's name has 1 to 32 bytes, one here has 33"},
      {stored_app(1, {""}), "app 1: an admin's name has 1 to 32 bytes, one here has 0"},
      {stored_app(1, {"a\nb"}), "app 1: an admin's name has no control characters, one here has"},
      {stored_app(1, {"a\xff"}), "app 1: an admin's name is not UTF-8"},
      {stored_app(1, {"a", "a"}), "app 1: admin \"a\" is named twice"},
      {stored_app(1, {std::string(32, 'a')}), "accepted"},
      {stored_app(1),
       "app 1: exists already in " + apps_path(data_dir()) + "; nothing was changed"},
  };
  for (const auto& [added, expected] : cases) {
    const auto status = add_app(data_dir(), added);
    EXPECT_EQ(status ? "accepted" : status.error().detail, expected);
  }
}

TEST_F(AppsFile, ErrorsOfTheFileNameTheLine) {
  const std::pair<std::string, std::string> cases[] = {
      {"[app.1]\nkeys = [\"short\"]\n",
       ": app 1: a key has at least 16 characters, this one has 5"},
      {"[app.1]\nkeys = [\"0123456789 abcdef\"]\n",
       ": app 1: a key is printable ASCII without spaces, this one is not"},
      {"[app.1]\nkeys = [\"0123456789abcdef until 2026-02-31T12:00:00Z\"]\n",
       ":2: app.1.keys: a key's end is a time like 2026-01-31T12:00:00Z, this one is "
       "\"2026-02-31T12:00:00Z\""},
      {"[app.1]\nkeys = [\"0123456789abcdef until now\"]\n",
       ":2: app.1.keys: a key's end is a time like 2026-01-31T12:00:00Z, this one is \"now\""},
      {"[app.x]\nkeys = []\n", ":2: app.x.keys: an app's id is a number from 1 to 4294967295"},
      {"[app.1]\nkey = \"a\"\n",
       ":2: app.1.key: an app has keys and admins, lists of strings, and created, a string"},
      {"\n[apps]\nkeys = []\n", ":3: apps.keys: only [app.<id>] tables belong here"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(load_error(text), apps_path(data_dir()) + expected);
  EXPECT_THAT(load_error("[app.1\n"), HasSubstr(apps_path(data_dir()) + ":1: "));
}

TEST_F(AppsFile, RotationLetsTheFormerKeysRunOut) {
  write("[app.7]\nkeys = [\"0123456789abcdef\", \"another-key-of-7\"]\nadmins = [\"boss\"]\n");
  const auto rotated = rotate_key(data_dir(), AppId{7}, "the-newest-key-1", 1769860800, 60);
  ASSERT_TRUE(rotated) << rotated.error().detail;
  EXPECT_EQ(mode_of(apps_path(data_dir())), 0600U);
  EXPECT_THAT(*read_file(apps_path(data_dir())),
              HasSubstr("keys = [\"the-newest-key-1\", "
                        "\"0123456789abcdef until 2026-01-31T12:01:00Z\", "
                        "\"another-key-of-7 until 2026-01-31T12:01:00Z\"]"));
  const auto apps = load_apps(data_dir());
  ASSERT_TRUE(apps) << apps.error().detail;
  EXPECT_EQ(apps->front().app.keys,
            (std::vector{AppKey{"the-newest-key-1"}, AppKey{kKey, 1769860860},
                         AppKey{"another-key-of-7", 1769860860}}));
  EXPECT_EQ(rotated->app.keys, apps->front().app.keys);
  EXPECT_EQ(apps->front().app.admins, std::vector<std::string>{"boss"});
}

TEST_F(AppsFile, RotationDropsKeysThatHaveRunOutAndProlongsNone) {
  const auto keys_after = [&](const std::string& key, Seconds now, Seconds overlap) {
    const auto rotated = rotate_key(data_dir(), AppId{7}, key, now, overlap);
    return rotated ? rotated->app.keys : std::vector<AppKey>{};
  };
  ASSERT_TRUE(add_app(data_dir(), stored_app(7)));
  const AppKey first{kKey, 1060};
  EXPECT_EQ(keys_after("the-second-key-1", 1000, 60),
            (std::vector{AppKey{"the-second-key-1"}, first}));
  EXPECT_EQ(keys_after("the-third-key-01", 1060, 600),
            (std::vector{AppKey{"the-third-key-01"}, AppKey{"the-second-key-1", 1660}, first}));
  EXPECT_EQ(keys_after("the-fourth-key-1", 1061, 60),
            (std::vector{AppKey{"the-fourth-key-1"}, AppKey{"the-third-key-01", 1121},
                         AppKey{"the-second-key-1", 1121}}));
  EXPECT_EQ(keys_after("the-fifth-key-01", 1061, 0), std::vector{AppKey{"the-fifth-key-01"}});
  EXPECT_EQ(load_apps(data_dir())->front().app.keys, std::vector{AppKey{"the-fifth-key-01"}});
}

TEST_F(AppsFile, RotationRefusesWhatIsNotAcceptable) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7)));
  const auto before = *read_file(apps_path(data_dir()));
  const auto error = [&](std::uint32_t id, const std::string& key) {
    const auto rotated = rotate_key(data_dir(), AppId{id}, key, 1000, 60);
    return rotated ? "accepted" : rotated.error().detail;
  };
  EXPECT_EQ(error(7, kKey),
            "app 7: has this key already in " + apps_path(data_dir()) + "; nothing was changed");
  EXPECT_EQ(error(7, "short"), "app 7: a key has at least 16 characters, this one has 5");
  EXPECT_EQ(error(8, "the-newest-key-1"),
            "app 8: is not in " + apps_path(data_dir()) + "; run: confab app create --id 8");
  EXPECT_EQ(*read_file(apps_path(data_dir())), before);
}

TEST_F(AppsFile, ParallelRotationsAllArrive) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7)));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] {
      EXPECT_TRUE(
          rotate_key(data_dir(), AppId{7}, "a-key-of-thread-" + std::to_string(i), 1000, 60));
    });
  }
  threads.clear();
  EXPECT_EQ(load_apps(data_dir())->front().app.keys.size(), 9U);
}

TEST_F(AppsFile, EnvironmentReplacesKeysAndAddsApps) {
  ASSERT_TRUE(add_app(data_dir(), stored_app(7, {"boss"})));
  const auto apps = load_apps(data_dir(), {{"CONFAB_APP_KEY_7", "another-key-of-7"},
                                           {"CONFAB_APP_KEY_9", "the-key-of-nine-"},
                                           {"CONFAB_PORT", "1"}});
  ASSERT_TRUE(apps);
  ASSERT_EQ(apps->size(), 2U);
  EXPECT_EQ((*apps)[0].app.keys, std::vector{AppKey{"another-key-of-7"}});
  EXPECT_EQ((*apps)[0].app.admins, std::vector<std::string>{"boss"});
  EXPECT_EQ((*apps)[1].app.id, AppId{9});
  EXPECT_EQ((*apps)[1].app.admins, std::vector<std::string>{"administrator"});

  const auto bad_id = load_apps(data_dir(), {{"CONFAB_APP_KEY_x", kKey}});
  ASSERT_FALSE(bad_id);
  EXPECT_EQ(bad_id.error().detail,
            "CONFAB_APP_KEY_x: the name must end with an app's id, a number");
  const auto bad_key = load_apps(data_dir(), {{"CONFAB_APP_KEY_7", "short"}});
  ASSERT_FALSE(bad_key);
  EXPECT_EQ(bad_key.error().detail,
            "CONFAB_APP_KEY_7: a key has at least 16 characters, this one has 5");
}

TEST_F(AppsFile, KeysFromFiles) {
  write(kKey + "\r\n");
  EXPECT_EQ(read_app_key(apps_path(data_dir())), kKey);
  write("123456789012345\n");
  EXPECT_FALSE(read_app_key(apps_path(data_dir())));
}

TEST(AppKeys, AreLongDistinctAndHaveFingerprints) {
  SystemRandom random;
  const auto key = generate_app_key(random);
  EXPECT_THAT(key, ::testing::MatchesRegex("[0-9a-f]{64}"));
  EXPECT_NE(key, generate_app_key(random));
  EXPECT_EQ(key_fingerprint("abc"), "ba7816bf");
}

TEST(Duration, HasAUnitAndALimit) {
  const std::pair<std::string, Seconds> good[] = {{"0", 0},        {"90s", 90},
                                                  {"30m", 1800},   {"12h", 43'200},
                                                  {"7d", 604'800}, {"3650d", 315'360'000}};
  for (const auto& [text, seconds] : good)
    EXPECT_EQ(parse_duration(text, "--overlap"), seconds) << text;
  for (const auto* text :
       {"", "7", "d", "-1d", "3651d", "1.5h", "7 d", "7w", "99999999999999999999s"})
    EXPECT_FALSE(parse_duration(text, "--overlap")) << text;
  EXPECT_EQ(parse_duration("7", "--overlap").error().detail,
            "--overlap: must be a whole number with s, m, h or d (like 12h or 7d), or 0; at most "
            "3650d; is 7");
}

TEST(UtcText, IsIso) {
  EXPECT_EQ(utc_text(1769860800), "2026-01-31T12:00:00Z");
}

}  // namespace
}  // namespace confab
