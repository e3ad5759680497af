#include "server/serve.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "server/apps_file.h"
#include "server/demo.h"
#include "server/descriptors.h"
#include "server/reload.h"
#include "server/server.h"
#include "server/signals.h"

namespace confab {
namespace {

constexpr std::chrono::seconds kDrainTime{10};
/// After the store's failure only refusals are left to answer.
constexpr std::chrono::seconds kRefusalTime{2};

Status refuse_demo_for_others(const CommandLine& line, const Settings& settings) {
  if (line.demo_beyond_loopback || is_loopback(settings.rest_address)) return {};
  return fail(
      ErrorCode::kInvalidField,
      fmt::format("--demo prints a signature that lets anyone who sees it act as anyone, and "
                  "rest.address is {}; use a loopback address, or add "
                  "--demo-beyond-loopback",
                  settings.rest_address));
}

/// Lowers rest.max_connections to what the machine gives descriptors for; how many of these are the
/// store's.
Result<std::size_t> fit_to_descriptors(Settings& settings) {
  const auto limit = raise_descriptor_limit();
  const auto wanted = static_cast<std::size_t>(settings.rest_max_connections);
  TRY(const auto shares, share_descriptors(limit, wanted, rest_threads(settings)));
  if (shares.connections < wanted) {
    log_event(LogLevel::kWarning, "fewer_connections",
              {{"rest.max_connections", wanted},
               {"instead", shares.connections},
               {"open_files_limit", limit}});
    settings.rest_max_connections = static_cast<std::int64_t>(shares.connections);
  }
  return shares.store;
}

void announce(const Server& server, bool is_demo) {
  fmt::print("Confab is ready: {}\n", server.rest_url());
  if (is_demo) fmt::print("{}", demo_lines(server));
  if (!server.console_link().empty()) {
    fmt::print("The console, to sign in once:\nconsole: {}\n", server.console_link());
  }
  fmt::print("Operations: {0}/healthz {0}/readyz {0}/metrics\nStop with Ctrl-C.\n",
             server.ops_url());
  std::fflush(stdout);
}

/// Nothing more can be made durable, and closing the store would try: so it is left as it is. What
/// was acknowledged is on disk; the next start finds it.
[[noreturn]] void end_after_failure(Server& server, const std::string& reason) {
  log_event(LogLevel::kError, "store_failed", {{"reason", reason}});
  server.drain(std::chrono::steady_clock::now() + kRefusalTime);
  fmt::print(stderr,
             "confab: the store could not make data durable: {}\n"
             "confab: stopped. Nothing acknowledged is lost. Check the disk, then start again.\n",
             reason);
  std::fflush(nullptr);
  std::_Exit(kExitStoreFailed);
}

}  // namespace

Result<int> serve(const CommandLine& line, const Environment& environment) {
  TRY(auto settings, load_settings(line.config_path, environment));
  if (const auto level = parse_log_level(settings.log_level)) set_log_level(*level);
  if (line.demo) {
    TRY_STATUS(refuse_demo_for_others(line, settings));
    SystemRandom random;
    TRY_STATUS(ensure_demo_app(settings.data_dir, random));
  }
  TRY(auto apps, apps_to_serve(settings.data_dir, environment, SystemClock().unix_seconds()));
  TRY(const auto store_files, fit_to_descriptors(settings));
  // A broken connection or a file that may not grow is an error to answer, not the end.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);

  Signals signals;
  TRY(const auto server,
      Server::start(settings, line.demo, std::move(apps), store_files,
                    [&signals](const std::string& reason) { signals.report_failure(reason); }));
  if (line.demo) TRY_STATUS(seed_demo(*server));
  announce(*server, line.demo);
  log_event(LogLevel::kInfo, "ready", {{"rest", server->rest_url()}, {"ops", server->ops_url()}});

  auto event = signals.wait();
  for (; event.kind == Signals::Kind::kReload; event = signals.wait())
    reload(*server, settings, environment);
  if (event.kind == Signals::Kind::kFailure) end_after_failure(*server, event.reason);
  log_event(LogLevel::kInfo, "draining");
  server->drain(std::chrono::steady_clock::now() + kDrainTime);
  log_event(LogLevel::kInfo, "stopped");
  return kExitOk;
}

}  // namespace confab
