#include "server/cli.h"

#include <CLI/CLI.hpp>

namespace confab {
namespace {

using Command = CommandLine::Command;

constexpr const char* kExitCodes =
    "Exit codes: 0 done; 1 the machine refused (directory, port, store); 2 wrong command line, "
    "settings\nor apps; 3 the store failed while serving; 4 usersig verify: not valid.\n"
    "Settings: confab check-config --example prints them all, with their environment variables.";

constexpr std::size_t kMaxInspected = 1'000'000'000;
constexpr std::int64_t kMaxExpireSeconds = 50LL * 365 * 24 * 3600;

/// Adds a command; `line` says which was chosen once the parsing is done.
CLI::App& add_command(
    CLI::App& parent, CommandLine& line, Command command, const char* name, const char* about) {
  auto& added = *parent.add_subcommand(name, about);
  added.callback([&line, command] { line.command = command; });
  return added;
}

void add_config(CLI::App& command, CommandLine& line) {
  command.add_option("--config", line.config_path, "Settings file (TOML); default: none")
      ->type_name("FILE");
}

void add_serve(CLI::App& root, CommandLine& line) {
  auto& serve =
      add_command(root, line, Command::kServe, "serve",
                  "Run the server until SIGTERM; SIGHUP takes in new certificates and keys");
  add_config(serve, line);
  serve.add_flag("--demo", line.demo,
                 "Make app 88888888 with admin \"admin\", two accounts and a few messages, and "
                 "print curl lines to try");
  serve.add_flag("--demo-beyond-loopback", line.demo_beyond_loopback,
                 "Allow --demo on an address that other machines can reach");
}

void add_identity(CLI::App& command, CommandLine& line) {
  add_config(command, line);
  command.add_option("--id", line.app_id, "SDKAppID of the app")->required()->type_name("APP");
  command.add_option("--user", line.user, "Account that signs")->required()->type_name("NAME");
  command
      .add_option("--key-file", line.key_file,
                  "File with the app's key; default: the key in the data directory, or "
                  "CONFAB_APP_KEY_<id>")
      ->type_name("FILE");
}

void add_user_sig(CLI::App& root, CommandLine& line) {
  auto& group = *root.add_subcommand("usersig", "Make and verify signatures");
  group.require_subcommand(1);
  auto& make = add_command(group, line, Command::kUserSigMake, "make", "Print a signature");
  add_identity(make, line);
  make.add_option("--expire", line.expire_seconds, "Seconds that it is valid")
      ->type_name("SECONDS")
      ->check(CLI::Range(std::int64_t{1}, kMaxExpireSeconds))
      ->capture_default_str();
  auto& verify = add_command(group, line, Command::kUserSigVerify, "verify",
                             "Say whether a signature is valid now; exit code 4 if not");
  add_identity(verify, line);
  verify.add_option("signature", line.signature, "The signature; -: read it from standard input")
      ->required()
      ->type_name("");
  verify.add_flag("--explain", line.explain, "Say in plain words what is in it and what is wrong");
}

void add_app(CLI::App& root, CommandLine& line) {
  auto& group = *root.add_subcommand("app", "Create and list apps, and replace their keys");
  group.require_subcommand(1);
  auto& create = add_command(group, line, Command::kAppCreate, "create",
                             "Add an app, and print its new key once");
  add_config(create, line);
  create.add_option("--id", line.app_id, "SDKAppID, the one that your back end uses")
      ->required()
      ->type_name("APP");
  create
      .add_option("--admin", line.admins,
                  "Account that may call the REST API; up to 10; default: administrator")
      ->type_name("NAME")
      ->allow_extra_args(false);
  create
      .add_option("--key-file", line.key_file,
                  "Take the key from a file instead of making one; at least 16 characters")
      ->type_name("FILE");
  auto& rotate = add_command(group, line, Command::kAppRotateKey, "rotate-key",
                             "Give an app a new key, and print it once; the former one runs out");
  add_config(rotate, line);
  rotate.add_option("--id", line.app_id, "SDKAppID of the app")->required()->type_name("APP");
  rotate
      .add_option("--key-file", line.key_file,
                  "Take the new key from a file instead of making one; at least 16 characters")
      ->type_name("FILE");
  rotate
      .add_option("--overlap", line.overlap,
                  "How long signatures of the former keys stay good: 30m, 12h, 7d; 0: they stop at "
                  "once")
      ->type_name("DURATION")
      ->capture_default_str();
  auto& list = add_command(group, line, Command::kAppList, "list", "List apps; never shows a key");
  add_config(list, line);
}

void add_inspect(CLI::App& root, CommandLine& line) {
  auto& inspect = add_command(root, line, Command::kInspect, "inspect",
                              "Look into the store without changing it, also while a server runs. "
                              "Without options: what each "
                              "keyspace holds");
  add_config(inspect, line);
  auto* app =
      inspect.add_option("--app", line.app_id, "SDKAppID of the user or group")->type_name("APP");
  auto* user = inspect.add_option("--user", line.user, "List this account's profile and views")
                   ->type_name("NAME")
                   ->needs(app);
  auto* group =
      inspect.add_option("--group", line.group, "List this group: profile, members, messages")
          ->type_name("GROUP")
          ->needs(app)
          ->excludes(user);
  inspect
      .add_option("--peer", line.peer, "List also the timeline that the user has with this account")
      ->type_name("NAME")
      ->needs(user);
  inspect.add_option("key", line.hex_key, "Explain this key, in hexadecimal, and its value")
      ->type_name("")
      ->excludes(user)
      ->excludes(group);
  inspect
      .add_option("--limit", line.limit,
                  "Entries of each keyspace that are listed (default 100) or counted (default "
                  "1000000)")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, kMaxInspected));
  inspect.add_flag("--bodies", line.bodies,
                   "Print the texts of values: message bodies, nicks. They are personal data; "
                   "otherwise only their sizes are printed");
}

void add_tools(CLI::App& root, CommandLine& line) {
  auto& check = add_command(root, line, Command::kCheckConfig, "check-config",
                            "Check settings file and environment without starting");
  add_config(check, line);
  check.add_flag("--example", line.example, "Print a complete, explained settings file instead");
  add_command(root, line, Command::kDumpApi, "dump-api", "Print the REST API as OpenAPI 3.1 JSON");
}

}  // namespace

std::expected<CommandLine, int> parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App root("Self-hosted chat server that speaks the REST API of Tencent Cloud Chat", "confab");
  root.set_version_flag("--version", "confab " CONFAB_VERSION);
  root.footer(kExitCodes);
  root.require_subcommand(1);
  add_serve(root, line);
  add_app(root, line);
  add_user_sig(root, line);
  add_inspect(root, line);
  add_tools(root, line);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return std::unexpected(root.exit(error) == 0 ? kExitOk : kExitUsage);
  }
  return line;
}

}  // namespace confab
