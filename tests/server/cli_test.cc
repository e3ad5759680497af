#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/child.h"

namespace confab::testing {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Cli : public ::testing::Test {
 protected:
  std::string data_dir() const { return (directory_.path() / "data").string(); }
  Variables variables() const { return {{"CONFAB_DATA_DIR", data_dir()}}; }

  std::string file(const std::string& name, const std::string& content) const {
    const auto path = (directory_.path() / name).string();
    std::ofstream(path) << content;
    return path;
  }

  Finished run(std::vector<std::string> arguments, const std::string& input = {}) const {
    return run_confab(std::move(arguments), variables(), input);
  }

  std::string make_signature(const std::string& user) const {
    const auto made = run({"usersig", "make", "--id", "7", "--user", user});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return made.out.substr(0, made.out.find('\n'));
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(Cli, HelpAndVersion) {
  const auto help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const auto* word :
       {"serve", "app", "usersig", "inspect", "check-config", "dump-api", "Exit codes"})
    EXPECT_THAT(help.out, HasSubstr(word));
  EXPECT_THAT(run({"--version"}).out, ContainsRegex("^confab [0-9]+\\.[0-9]+\\.[0-9]+\n$"));
}

TEST_F(Cli, EachCommandHasHelp) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"serve", "--help"},
                                             {"app", "--help"},
                                             {"app", "create", "--help"},
                                             {"app", "list", "--help"},
                                             {"app", "rotate-key", "--help"},
                                             {"inspect", "--help"},
                                             {"usersig", "--help"},
                                             {"usersig", "make", "--help"},
                                             {"usersig", "verify", "--help"},
                                             {"check-config", "--help"},
                                             {"dump-api", "--help"}}) {
    const auto help = run(arguments);
    EXPECT_EQ(help.exit_code, 0);
    EXPECT_THAT(help.out, HasSubstr("Usage: confab " + arguments.front()));
    EXPECT_THAT(help.out, HasSubstr("Exit codes"));
  }
}

// Each works on the data directory that the file names, and only a wrong file stops it.
TEST_F(Cli, EachCommandWithSettingsTakesAFile) {
  const auto good = file("good.toml", "data_dir = \"" + data_dir() + "\"\n");
  const auto bad = file("bad.toml", "nonsense = 1\n");
  const auto ask = [&](std::vector<std::string> arguments) {
    EXPECT_THAT(run_confab(arguments).err, HasSubstr("bad.toml:1: nonsense")) << arguments.front();
    *std::ranges::find(arguments, bad) = good;
    return run_confab(arguments);
  };
  EXPECT_EQ(ask({"app", "create", "--config", bad, "--id", "7"}).exit_code, 0);
  EXPECT_THAT(ask({"app", "list", "--config", bad}).out, StartsWith("app 7 "));
  EXPECT_EQ(ask({"app", "rotate-key", "--config", bad, "--id", "7"}).exit_code, 0);
  const auto made = ask({"usersig", "make", "--config", bad, "--id", "7", "--user", "a"});
  EXPECT_EQ(made.exit_code, 0);
  const auto signature = made.out.substr(0, made.out.find('\n'));
  EXPECT_THAT(
      ask({"usersig", "verify", "--config", bad, "--id", "7", "--user", "a", signature}).out,
      StartsWith("valid until"));
  EXPECT_THAT(ask({"check-config", "--config", bad}).out, HasSubstr("1 app in " + data_dir()));
  EXPECT_THAT(ask({"inspect", "--config", bad}).err, HasSubstr(data_dir() + "/store"));
}

TEST_F(Cli, ServeTakesAFile) {
  const auto bad = file("bad.toml", "nonsense = 1\n");
  const auto result = run({"serve", "--config", bad});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("bad.toml:1: nonsense"));
}

TEST_F(Cli, UserSigNeedsNoDataDirectoryWithAKeyFile) {
  const auto key = file("key", "the-key-of-seven");
  const auto made = run({"usersig", "make", "--id", "7", "--user", "a", "--key-file", key});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto verify_with = [&](const std::string& path) {
    return run({"usersig", "verify", "--id", "7", "--user", "a", "--key-file", path, "-"}, made.out)
        .exit_code;
  };
  EXPECT_EQ(verify_with(key), 0);
  EXPECT_EQ(verify_with(file("other", "the-key-of-eight")), 4);
}

TEST_F(Cli, UserSigExpires) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto life_of = [&](const std::string& seconds) {
    const auto made = run({"usersig", "make", "--id", "7", "--user", "a", "--expire", seconds});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return run({"usersig", "verify", "--explain", "--id", "7", "--user", "a", "-"}, made.out).out;
  };
  EXPECT_THAT(life_of("4321"), HasSubstr("for 72 min"));
  EXPECT_THAT(life_of("86400"), Not(HasSubstr(" 72 min")));
  for (const std::string wrong : {"0", "-1", "x", "1576800001"}) {
    EXPECT_EQ(run({"usersig", "make", "--id", "7", "--user", "a", "--expire", wrong}).exit_code, 2)
        << wrong;
  }
}

TEST_F(Cli, WrongUsageIsExitCode2) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {}, {"nonsense"}, {"serve", "--nonsense"}, {"usersig", "make"}, {"app", "create"}}) {
    const auto result = run(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, Not(IsEmpty()));
  }
}

TEST_F(Cli, NoKeyTravelsOnTheCommandLine) {
  EXPECT_EQ(
      run({"usersig", "make", "--id", "7", "--user", "a", "--key", "0123456789abcdef"}).exit_code,
      2);
}

TEST_F(Cli, AppCreateShowsTheKeyOnceAndListNever) {
  const auto created = run({"app", "create", "--id", "7", "--admin", "boss", "--admin", "deputy"});
  ASSERT_EQ(created.exit_code, 0) << created.err;
  EXPECT_THAT(created.out, HasSubstr(data_dir() + "/apps.toml"));
  EXPECT_THAT(created.out, HasSubstr("confab usersig make --id 7 --user boss"));
  ASSERT_THAT(created.out, ContainsRegex("\n[0-9a-f]{64}\n"));

  const auto listed = run({"app", "list"});
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_THAT(listed.out,
              ContainsRegex("^app 7  admins boss, deputy  keys [0-9a-f]{8}  created 20"));
  EXPECT_THAT(listed.out, Not(ContainsRegex("[0-9a-f]{16}")));
}

TEST_F(Cli, AppCreateTwiceIsRefused) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto again = run({"app", "create", "--id", "7"});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("exists already"));
}

TEST_F(Cli, AppCreateImportsAKeyAndDoesNotRepeatIt) {
  const auto created =
      run({"app", "create", "--id", "7", "--key-file", file("key", "an-imported-key-1\n")});
  EXPECT_EQ(created.exit_code, 0) << created.err;
  EXPECT_THAT(created.out, Not(HasSubstr("an-imported-key-1")));
  const auto short_key = run({"app", "create", "--id", "8", "--key-file", file("key", "short")});
  EXPECT_EQ(short_key.exit_code, 2);
  EXPECT_THAT(short_key.err, HasSubstr("a key has at least 16 characters"));
}

TEST_F(Cli, RotatedKeySignsAndTheFormerOneRunsOut) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto old_signature = make_signature("id1");
  const auto rotated = run({"app", "rotate-key", "--id", "7", "--overlap", "12h"});
  ASSERT_EQ(rotated.exit_code, 0) << rotated.err;
  EXPECT_THAT(rotated.out, ContainsRegex("\n[0-9a-f]{64}\n"));
  EXPECT_THAT(rotated.out, ContainsRegex("former key is good until 20[0-9T:-]+Z"));
  EXPECT_THAT(rotated.out, HasSubstr("SIGHUP"));
  EXPECT_THAT(run({"app", "list"}).out,
              ContainsRegex("keys [0-9a-f]{8}, [0-9a-f]{8} until 20[0-9T:-]+Z  created"));

  const auto verify = [&](const std::string& signature) {
    return run({"usersig", "verify", "--explain", "--id", "7", "--user", "id1", signature});
  };
  EXPECT_THAT(verify(make_signature("id1")).out, HasSubstr(" days more"));
  EXPECT_THAT(verify(old_signature).out, ContainsRegex("for 1[12] h more"));

  const auto at_once = run({"app", "rotate-key", "--id", "7", "--overlap", "0"});
  EXPECT_EQ(at_once.exit_code, 0) << at_once.err;
  EXPECT_THAT(at_once.out, HasSubstr("No former key is good any more"));
  EXPECT_THAT(verify(old_signature).out, HasSubstr("70009"));
}

TEST_F(Cli, RotateKeyImportsAKeyAndRefusesMistakes) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto key_file = file("key", "an-imported-key-1\n");
  const auto rotated = run({"app", "rotate-key", "--id", "7", "--key-file", key_file});
  EXPECT_EQ(rotated.exit_code, 0) << rotated.err;
  EXPECT_THAT(rotated.out, Not(HasSubstr("an-imported-key-1")));
  const auto refused = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"app", "rotate-key", "--id", "7"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run(words);
    EXPECT_EQ(result.exit_code, 2);
    return result.err;
  };
  EXPECT_THAT(refused({"--key-file", key_file}), HasSubstr("has this key already"));
  EXPECT_THAT(refused({"--overlap", "7"}), HasSubstr("--overlap: must be"));
  auto with_key = variables();
  with_key["CONFAB_APP_KEY_7"] = "the-key-of-seven";
  const auto by_variable = run_confab({"app", "rotate-key", "--id", "7"}, with_key);
  EXPECT_EQ(by_variable.exit_code, 2);
  EXPECT_THAT(by_variable.err, HasSubstr("CONFAB_APP_KEY_7 takes the place"));
}

TEST_F(Cli, UsersigMakeNeedsAKeyThatHasNotRunOut) {
  ASSERT_EQ(mkdir(data_dir().c_str(), 0700), 0);
  const auto path = data_dir() + "/apps.toml";
  std::ofstream(path) << "[app.7]\nkeys = [\"0123456789abcdef until 2020-01-31T12:00:00Z\"]\n";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  const auto made = run({"usersig", "make", "--id", "7", "--user", "id1"});
  EXPECT_EQ(made.exit_code, 2);
  EXPECT_THAT(made.err, HasSubstr("all keys of app 7 have run out"));
  const auto served = run({"serve"});
  EXPECT_EQ(served.exit_code, 2);
  EXPECT_THAT(served.err, HasSubstr("has no key"));
  EXPECT_THAT(run({"app", "list"}).out, HasSubstr(" ended 2020-01-31T12:00:00Z"));
}

TEST_F(Cli, UserSigRoundTrip) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto signature = make_signature("id1");
  const auto verified = run({"usersig", "verify", "--id", "7", "--user", "id1", signature});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  EXPECT_THAT(verified.out, StartsWith("valid until 20"));
  const auto from_input =
      run({"usersig", "verify", "--id", "7", "--user", "id1", "-"}, signature + "\n");
  EXPECT_EQ(from_input.exit_code, 0) << from_input.err;
}

TEST_F(Cli, UserSigVerifyExplains) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto signature = make_signature("id1");
  const auto explain = [&](const std::string& user, const std::string& text) {
    return run({"usersig", "verify", "--explain", "--id", "7", "--user", user, text});
  };
  EXPECT_EQ(explain("id1", signature).exit_code, 0);
  EXPECT_THAT(explain("id1", signature).out,
              HasSubstr(" days more"));  // 180, or 179 and some hours

  EXPECT_EQ(explain("id2", signature).exit_code, 4);
  EXPECT_THAT(explain("id2", signature).out, HasSubstr("\"id1\""));
  EXPECT_THAT(explain("id1", signature.substr(0, signature.size() / 2)).out, HasSubstr("70003"));

  const auto other_key = run({"usersig", "verify", "--explain", "--id", "7", "--user", "id1",
                              "--key-file", file("key", "some-other-key-1"), signature});
  EXPECT_EQ(other_key.exit_code, 4);
  EXPECT_THAT(other_key.out, HasSubstr("70009"));
}

TEST_F(Cli, UserSigVerifySaysTheCode) {
  ASSERT_EQ(run({"app", "create", "--id", "7"}).exit_code, 0);
  const auto refused =
      run({"usersig", "verify", "--id", "7", "--user", "id2", make_signature("id1")});
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.out, StartsWith("not valid, 70013: "));
}

TEST_F(Cli, UserSigKeyFromEnvironmentAndFileAgree) {
  auto with_key = variables();
  with_key["CONFAB_APP_KEY_7"] = "the-key-of-seven";
  const auto made = run_confab({"usersig", "make", "--id", "7", "--user", "id1"}, with_key);
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto verified =
      run({"usersig", "verify", "--id", "7", "--user", "id1", "--key-file",
           file("key", "the-key-of-seven"), made.out.substr(0, made.out.size() - 1)});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

TEST_F(Cli, UserSigWithoutKeySaysWhatToRun) {
  const auto result = run({"usersig", "make", "--id", "7", "--user", "id1"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("confab app create --id 7"));
  EXPECT_THAT(result.err, HasSubstr("CONFAB_APP_KEY_7"));
}

TEST_F(Cli, CheckConfig) {
  EXPECT_THAT(run({"check-config"}).out, StartsWith("The settings are good."));
  const auto good = file("good.toml", run({"check-config", "--example"}).out);
  EXPECT_EQ(run({"check-config", "--config", good}).exit_code, 0);
  const auto bad = run({"check-config", "--config", file("bad.toml", "[rest]\nport = -1\n")});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("bad.toml:2: rest.port: must be 0 to 65535, is -1"));
  EXPECT_EQ(run({"check-config", "--config", "/nonexistent.toml"}).exit_code, 1);
}

TEST_F(Cli, DumpApiIsJson) {
  const auto dumped = run({"dump-api"});
  ASSERT_EQ(dumped.exit_code, 0);
  const auto parsed =
      run_program({"python3", "-c",
                   "import json, sys; api = json.load(sys.stdin); "
                   "print(api['openapi'], '/v4/recentcontact/delete' in api['paths'])"},
                  {}, dumped.out);
  EXPECT_THAT(parsed.out, ContainsRegex("^3\\.1\\.[0-9] True\n$")) << parsed.err;
}

TEST_F(Cli, ServeWithoutAppSaysWhatToRun) {
  const auto result = run({"serve"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("run: confab app create --id"));
}

TEST_F(Cli, ServeWithAnAppWithoutKeyIsRefused) {
  ASSERT_EQ(mkdir(data_dir().c_str(), 0700), 0);
  const auto path = data_dir() + "/apps.toml";
  std::ofstream(path) << "[app.7]\nkeys = []\n";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  const auto result = run({"serve"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("app 7"));
  EXPECT_THAT(result.err, HasSubstr("has no key"));
}

TEST_F(Cli, ServeRefusesToShowSecretsToTheNetwork) {
  auto plain = variables();
  plain["CONFAB_REST_ADDRESS"] = "0.0.0.0";
  plain["CONFAB_REST_TLS"] = "false";
  const auto plain_result = run_confab({"serve"}, plain);
  EXPECT_EQ(plain_result.exit_code, 2);
  EXPECT_THAT(plain_result.err, HasSubstr("rest.allow_plain_http_beyond_loopback"));

  auto demo = variables();
  demo["CONFAB_REST_ADDRESS"] = "0.0.0.0";
  const auto demo_result = run_confab({"serve", "--demo"}, demo);
  EXPECT_EQ(demo_result.exit_code, 2);
  EXPECT_THAT(demo_result.err, HasSubstr("--demo-beyond-loopback"));

  auto ops = variables();
  ops["CONFAB_OPS_ADDRESS"] = "0.0.0.0";
  const auto ops_result = run_confab({"serve"}, ops);
  EXPECT_EQ(ops_result.exit_code, 2);
  EXPECT_THAT(ops_result.err, HasSubstr("ops.allow_beyond_loopback"));
}

}  // namespace
}  // namespace confab::testing
