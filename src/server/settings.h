// What an operator can set, and where it comes from: the defaults below, then the file, then the
// environment. Values; a Settings that load_settings gave is complete and consistent.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace confab {

/// One member for each row of the table in settings_table.cc, which says what it means.
struct Settings {
  std::string data_dir = "/var/lib/confab";
  std::string store = "rocks";
  std::int64_t durability_timeout_ms = 3000;
  std::int64_t disk_reserve_mb = 512;
  std::int64_t max_message_bytes = 12288;

  std::string rest_address = "127.0.0.1";
  std::int64_t rest_port = 8443;
  bool rest_tls = true;
  std::string rest_certificate;
  std::string rest_key;
  bool rest_allow_plain_http_beyond_loopback = false;
  std::int64_t rest_threads = 0;
  std::int64_t rest_max_connections = 10'000;
  std::int64_t rest_header_timeout_s = 10;
  std::int64_t rest_body_timeout_s = 20;
  std::int64_t rest_idle_timeout_s = 75;
  std::int64_t rest_write_timeout_s = 20;
  std::int64_t rest_max_header_bytes = 16'384;
  std::int64_t rest_max_body_bytes = 1'048'576;
  std::int64_t rest_max_unfinished_mb = 256;
  std::int64_t rest_max_pipelined = 32;

  std::string ops_address = "127.0.0.1";
  std::int64_t ops_port = 9109;
  bool ops_tls = false;
  bool ops_allow_beyond_loopback = false;
  std::string console_token;

  std::string rate_profile = "documented";
  std::map<std::string, std::int64_t> rate_commands;

  std::int64_t conversation_roaming_days = 7;
  std::int64_t conversation_list_cap = 100;

  std::int64_t reclaim_entries_per_second = 20'000;
  std::int64_t reclaim_interval_s = 60;

  std::string log_level = "info";

  bool operator==(const Settings&) const = default;
};

/// Names and values of environment variables.
using Environment = std::map<std::string, std::string>;

/// The variables of this process that begin with CONFAB_.
Environment confab_environment();

/// Overrides `settings` with the file's text; `name` is the file's, for errors. kInvalidField: one
/// sentence that names file, line, key, limit and actual value.
Status apply_settings_text(Settings& settings, std::string_view text, std::string_view name);

/// Overrides `settings` with the environment. Leaves CONFAB_APP_KEY_<id> to the apps (apps_file.h).
/// kInvalidField: as above, naming the variable.
Status apply_settings_environment(Settings& settings, const Environment& environment);

/// What no single row can say: listeners beyond loopback without protection, certificate without
/// key. kInvalidField: the sentence names the setting that would allow it.
Status check_settings(const Settings& settings);

/// Defaults, then the file (`config_path`; none when empty), then the environment, then checked.
Result<Settings> load_settings(const std::string& config_path, const Environment& environment);

/// A complete file with every setting at its default, explained.
std::string example_settings();

/// 127.0.0.0/8 or ::1.
bool is_loopback(std::string_view address);

}  // namespace confab
