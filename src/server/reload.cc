#include "server/reload.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/apps_file.h"

namespace confab {

std::vector<std::string> restart_reasons(std::span<const App> served, std::vector<App> found) {
  std::vector<std::string> reasons;
  const auto note = [&](const App& app, std::string_view what) {
    reasons.push_back(fmt::format("app {} {}", std::to_underlying(app.id), what));
  };
  std::ranges::sort(found, {}, &App::id);
  const auto* at = served.data();
  const auto* const end = at + served.size();
  for (const auto& app : found) {
    for (; at != end && at->id < app.id; ++at)
      note(*at, "is gone");
    if (at == end || at->id != app.id) {
      note(app, "is new");
    } else if ((at++)->admins != app.admins) {
      note(app, "has other admins");
    }
  }
  for (; at != end; ++at)
    note(*at, "is gone");
  return reasons;
}

void reload(Server& server, const Settings& settings, const Environment& environment) {
  const auto certificate = server.reload_certificate();
  auto apps = apps_to_serve(settings.data_dir, environment, SystemClock().unix_seconds());
  const auto keys = apps ? Status{} : std::unexpected(apps.error());
  std::vector<std::string> reasons;
  if (apps) {
    reasons = restart_reasons(server.apps().all(), *apps);
    server.replace_keys(*std::move(apps));
  }
  const bool complete = certificate && keys && reasons.empty();
  const auto outcome = [](const Status& status) {
    return status ? "taken" : "kept: " + status.error().detail;
  };
  log_event(complete ? LogLevel::kInfo : LogLevel::kWarning, "reloaded",
            {{"certificate", outcome(certificate)},
             {"keys", outcome(keys)},
             {"needs_restart", fmt::format("{}", fmt::join(reasons, ", "))}});
}

}  // namespace confab
