#include "server/reload.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
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

Result<std::string> rotate_served_key(Server& server,
                                      const std::string& data_dir,
                                      const Environment& environment,
                                      AppId id,
                                      Seconds overlap) {
  TRY_STATUS(check_keys_are_in_file(data_dir, environment, id));
  SystemRandom random;
  const auto now = SystemClock().unix_seconds();
  auto key = generate_app_key(random);
  TRY_STATUS(rotate_key(data_dir, id, key, now, overlap));
  TRY(auto apps, apps_to_serve(data_dir, environment, now));
  server.replace_keys(std::move(apps));
  log_event(LogLevel::kInfo, "key_rotated",
            {{"app", std::to_underlying(id)}, {"fingerprint", key_fingerprint(key)}});
  return key;
}

}  // namespace confab
