// The apps of a data directory with their keys: <data_dir>/apps.toml, readable by its owner alone.
// A key is written as its text, or as `TEXT until 2026-01-31T12:00:00Z` if it runs out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/apps.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "server/settings.h"

namespace confab {

struct StoredApp {
  App app;
  std::string created;  // utc_text; empty: known from the environment alone
};

inline constexpr std::string_view kDefaultAdmin = "administrator";

std::string apps_path(const std::string& data_dir);

/// The apps of the file; none when there is no file. kInvalidField: the file can be read by others,
/// or something in it is wrong (file, line, reason). kInternal: cannot be read.
Result<std::vector<StoredApp>> load_apps(const std::string& data_dir);

/// load_apps, then CONFAB_APP_KEY_<id> gives an app its key, in place of those of the file; an app
/// that the file does not hold gets the default admin. kInvalidField also: a bad id or key there.
Result<std::vector<StoredApp>> load_apps(const std::string& data_dir,
                                         const Environment& environment);

/// All apps of load_apps. kInvalidField also: there is none, or one without a key that is good at
/// `now`.
Result<std::vector<App>> apps_to_serve(const std::string& data_dir,
                                       const Environment& environment,
                                       Seconds now);

/// Creates the directory if need be, and adds one app; safe against another such command at the
/// same time. kInvalidField: the id exists, or id, key or admins are not acceptable. kInternal: the
/// file cannot be read or written, and is as it was.
Status add_app(const std::string& data_dir, const StoredApp& added);

/// Puts `fresh` before the app's keys, and lets the former ones run out `overlap` seconds after
/// `now` if they do not sooner; those that have run out by then leave the file, with an overlap of
/// 0 all of them. The app as it is then. Errors: those of add_app; kInvalidField: no such app in
/// the file, or it has this key already. REQUIRES: overlap >= 0, now + overlap does not overflow.
Result<StoredApp> rotate_key(
    const std::string& data_dir, AppId id, const std::string& fresh, Seconds now, Seconds overlap);

/// 64 hex digits.
std::string generate_app_key(Random& random);

/// The key in a file: its text without the newline at its end. kInvalidField: not acceptable as a
/// key. kInternal: cannot be read.
Result<std::string> read_app_key(const std::string& path);

/// kInvalidField: the environment has the app's keys, so that those in the file count for nothing.
Status check_keys_are_in_file(const std::string& data_dir,
                              const Environment& environment,
                              AppId id);

}  // namespace confab
