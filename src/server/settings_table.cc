#include "server/settings_table.h"

#include <algorithm>
#include <cctype>

namespace confab {
namespace {

constexpr std::int64_t kMaxPort = 65'535;
constexpr std::int64_t kMaxTimeoutSeconds = 3600;
constexpr std::int64_t kMaxReserveMb = 16'777'216;
constexpr std::int64_t kMaxRoamingDays = 36'500;
constexpr std::int64_t kMaxRate = 1'000'000;

// clang-format off
constexpr SettingRow kRows[] = {
    {.key = "data_dir", .member = &Settings::data_dir,
     .doc = "Where everything is kept: the store, apps.toml and the self-signed certificate. Created with mode 0700."},
    {.key = "store", .member = &Settings::store, .choices = "rocks|memory",
     .doc = "rocks: on disk, every answer is durable. memory: nothing survives a restart."},
    {.key = "durability_timeout_ms", .member = &Settings::durability_timeout_ms, .min = 100, .max = 60'000,
     .doc = "How long an answer waits for the disk before it says that the outcome is unknown."},
    {.key = "disk_reserve_mb", .member = &Settings::disk_reserve_mb, .min = 0, .max = kMaxReserveMb,
     .doc = "Writes are refused while less than this is free on the volume; reads go on. 0: off."},
    {.key = "max_message_bytes", .member = &Settings::max_message_bytes, .min = 256, .max = 1'048'576,
     .doc = "Longest request body of a command that sends or imports a message."},

    {.key = "rest.address", .member = &Settings::rest_address,
     .doc = "Address of the REST API. 0.0.0.0: all of IPv4, \"::\": all of IPv6."},
    {.key = "rest.port", .member = &Settings::rest_port, .min = 0, .max = kMaxPort, .short_variable = "CONFAB_PORT",
     .doc = "Port of the REST API. 0: any free one; the ready line tells which."},
    {.key = "rest.tls", .member = &Settings::rest_tls,
     .doc = "true: HTTPS. false: plain HTTP, for use behind a proxy."},
    {.key = "rest.certificate", .member = &Settings::rest_certificate,
     .doc = "PEM file with the certificate chain. Empty: a self-signed one is made in data_dir."},
    {.key = "rest.key", .member = &Settings::rest_key,
     .doc = "PEM file with the certificate's private key."},
    {.key = "rest.allow_plain_http_beyond_loopback", .member = &Settings::rest_allow_plain_http_beyond_loopback,
     .doc = "Plain HTTP shows signatures and messages to the network; say true only if something else protects it."},
    {.key = "rest.threads", .member = &Settings::rest_threads, .min = 0, .max = 256,
     .doc = "Threads that serve requests. 0: one for each core."},
    {.key = "rest.max_connections", .member = &Settings::rest_max_connections, .min = 1, .max = 1'000'000,
     .doc = "Connections open at once; more are closed unanswered."},
    {.key = "rest.header_timeout_s", .member = &Settings::rest_header_timeout_s, .min = 1, .max = kMaxTimeoutSeconds,
     .doc = "Time for the TLS handshake, and for a request's header once it has begun."},
    {.key = "rest.body_timeout_s", .member = &Settings::rest_body_timeout_s, .min = 1, .max = kMaxTimeoutSeconds,
     .doc = "Time for a request's body."},
    {.key = "rest.idle_timeout_s", .member = &Settings::rest_idle_timeout_s, .min = 1, .max = kMaxTimeoutSeconds,
     .doc = "Time that a kept-alive connection may be silent."},
    {.key = "rest.write_timeout_s", .member = &Settings::rest_write_timeout_s, .min = 1, .max = kMaxTimeoutSeconds,
     .doc = "Time for a client to take an answer."},
    {.key = "rest.max_header_bytes", .member = &Settings::rest_max_header_bytes, .min = 4096, .max = 1'048'576,
     .doc = "Longest request line and header together; the signature travels there."},
    {.key = "rest.max_body_bytes", .member = &Settings::rest_max_body_bytes, .min = 1024, .max = 67'108'864,
     .doc = "Longest request body."},
    {.key = "rest.max_unfinished_mb", .member = &Settings::rest_max_unfinished_mb, .min = 64, .max = 1'048'576,
     .doc = "Memory for request bodies of which more is to come, of all connections; beyond it they are answered 60018."},
    {.key = "rest.max_pipelined", .member = &Settings::rest_max_pipelined, .min = 1, .max = 1024,
     .doc = "Unanswered requests on one connection; further ones wait in the socket."},

    {.key = "ops.address", .member = &Settings::ops_address,
     .doc = "Address of the console, which needs signing in, and of /healthz, /readyz and /metrics, which do not."},
    {.key = "ops.port", .member = &Settings::ops_port, .min = 0, .max = kMaxPort,
     .doc = "Port of these. 0: any free one."},
    {.key = "ops.tls", .member = &Settings::ops_tls,
     .doc = "true: HTTPS, with the certificate of the REST API. Beyond loopback the console is there only with it."},
    {.key = "ops.allow_beyond_loopback", .member = &Settings::ops_allow_beyond_loopback,
     .doc = "Say true to let ops.address be reached from other machines."},

    {.key = "console.token", .member = &Settings::console_token,
     .doc = "What operators sign in to the console with: at least 20 random bytes, best in the environment. Empty: nobody can, but for the link that serve --demo prints."},

    {.key = "rate.profile", .member = &Settings::rate_profile, .choices = "documented|off",
     .doc = "documented: the calls per second and command that the cloud's documents state. off: no limit."},
    {.key = "rate.commands", .member = &Settings::rate_commands, .min = 0, .max = kMaxRate,
     .doc = "Calls per second of single commands, whatever the profile. 0: no limit."},

    {.key = "conversation.roaming_days", .member = &Settings::conversation_roaming_days, .min = 1, .max = kMaxRoamingDays,
     .doc = "How long messages are kept, and conversations with them."},
    {.key = "conversation.list_cap", .member = &Settings::conversation_list_cap, .min = 0, .max = 100'000,
     .doc = "Conversations shown in one user's list, newest first. 0: all."},

    {.key = "reclaim.entries_per_second", .member = &Settings::reclaim_entries_per_second, .min = 1, .max = 10'000'000,
     .doc = "Most stored entries a second that the background reclaim of what nobody can see looks at."},
    {.key = "reclaim.interval_s", .member = &Settings::reclaim_interval_s, .min = 1, .max = 86'400,
     .doc = "Pause after everything has been looked at once."},

    {.key = "log.level", .member = &Settings::log_level, .choices = "debug|info|warning|error|off",
     .doc = "Lines below this level are not written. Logs go to standard error."},
};
// clang-format on

}  // namespace

std::span<const SettingRow> setting_rows() {
  return kRows;
}

std::string variable_of(const SettingRow& row) {
  std::string name = "CONFAB_" + std::string(row.key);
  std::ranges::transform(name, name.begin(), [](unsigned char c) {
    return static_cast<char>(c == '.' ? '_' : std::toupper(c));
  });
  return name;
}

}  // namespace confab
