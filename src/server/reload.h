// What a running server takes in anew on SIGHUP: the certificate, and the keys of its apps.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "api/apps.h"
#include "server/server.h"
#include "server/settings.h"

namespace confab {

/// Reads the TLS files and the apps again. What cannot be used changes nothing. The outcome is one
/// line in the log.
void reload(Server& server, const Settings& settings, const Environment& environment);

/// rotate_key (apps_file.h) with a fresh key, which the server takes at once and which is given.
/// Errors: those of rotate_key, check_keys_are_in_file and apps_to_serve.
Result<std::string> rotate_served_key(Server& server,
                                      const std::string& data_dir,
                                      const Environment& environment,
                                      AppId id,
                                      Seconds overlap);

/// What of `found` a server that serves `served` takes only when it is started again, in words for
/// the operator: "app 8 is new", "app 9 is gone", "app 7 has other admins"; by id.
std::vector<std::string> restart_reasons(std::span<const App> served, std::vector<App> found);

}  // namespace confab
