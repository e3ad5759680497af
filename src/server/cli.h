// The command line, read into a value; what the commands do is in commands.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace confab {

/// What the program ends with; stated in --help and docs/operations.md.
enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,       // the machine's fault: a directory, a port, the store
  kExitUsage = 2,        // the operator's: command line, settings, apps
  kExitStoreFailed = 3,  // while serving, the store could not make an answer durable
  kExitNotValid = 4,     // usersig verify: the signature is not valid
};

struct CommandLine {
  enum class Command {
    kServe,
    kUserSigMake,
    kUserSigVerify,
    kAppCreate,
    kAppRotateKey,
    kAppList,
    kInspect,
    kCheckConfig,
    kDumpApi,
  };

  Command command = Command::kServe;
  std::string config_path;
  // serve
  bool demo = false;
  bool demo_beyond_loopback = false;
  // usersig, app, inspect
  std::uint32_t app_id = 0;
  std::string user;
  std::int64_t expire_seconds = 180LL * 24 * 3600;
  std::string key_file;
  std::string signature;  // "-": from standard input
  bool explain = false;
  std::vector<std::string> admins;
  std::string overlap = "7d";
  // inspect
  std::string peer;
  std::string group;
  std::string hex_key;
  std::optional<std::size_t> limit;
  bool bodies = false;
  // check-config
  bool example = false;
};

/// The command to run; or, when that was --help, --version or a mistake, which has been answered on
/// standard output or error by then, the code to exit with.
std::expected<CommandLine, int> parse_command_line(int argc, const char* const* argv);

}  // namespace confab
