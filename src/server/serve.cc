#include "server/serve.h"

#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/random.h"
#include "server/apps_file.h"
#include "server/demo.h"
#include "server/server.h"
#include "server/stop_signal.h"

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

Result<std::vector<App>> apps_to_serve(const Settings& settings, const Environment& environment) {
  TRY(auto stored, load_apps(settings.data_dir, environment));
  if (stored.empty()) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("there is no app in {}; run: confab app create --id N, N being the "
                            "SDKAppID that your back end uses",
                            apps_path(settings.data_dir)));
  }
  std::vector<App> apps;
  for (auto& [app, created] : stored) {
    if (app.keys.empty()) {
      const auto id = std::to_underlying(app.id);
      return fail(ErrorCode::kInvalidField,
                  fmt::format("app {} in {} has no key; add one to its keys there, or set "
                              "CONFAB_APP_KEY_{}",
                              id, apps_path(settings.data_dir), id));
    }
    apps.push_back(std::move(app));
  }
  return apps;
}

/// A connection is a descriptor: take as many as the machine gives.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void announce(const Server& server, bool is_demo) {
  fmt::print("Confab is ready: {}\n", server.rest_url());
  if (is_demo) fmt::print("{}", demo_lines(server));
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
  TRY(const auto settings, load_settings(line.config_path, environment));
  if (const auto level = parse_log_level(settings.log_level)) set_log_level(*level);
  if (line.demo) {
    TRY_STATUS(refuse_demo_for_others(line, settings));
    SystemRandom random;
    TRY_STATUS(ensure_demo_app(settings.data_dir, random));
  }
  TRY(auto apps, apps_to_serve(settings, environment));
  raise_descriptor_limit();
  // A broken connection or a file that may not grow is an error to answer, not the end.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);

  StopSignal stop;
  TRY(const auto server,
      Server::start(settings, std::move(apps),
                    [&stop](const std::string& reason) { stop.report_failure(reason); }));
  if (line.demo) TRY_STATUS(seed_demo(*server));
  announce(*server, line.demo);
  log_event(LogLevel::kInfo, "ready", {{"rest", server->rest_url()}, {"ops", server->ops_url()}});

  if (const auto failure = stop.wait()) end_after_failure(*server, *failure);
  log_event(LogLevel::kInfo, "draining");
  server->drain(std::chrono::steady_clock::now() + kDrainTime);
  log_event(LogLevel::kInfo, "stopped");
  return kExitOk;
}

}  // namespace confab
