#include "server/commands.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "api/openapi.h"
#include "api/registry.h"
#include "api/user_sig.h"
#include "base/clock.h"
#include "base/random.h"
#include "server/apps_file.h"
#include "server/duration.h"
#include "server/inspect.h"
#include "server/serve.h"

namespace confab {
namespace {

using Command = CommandLine::Command;

/// A command that failed has said why; the value is its exit code.
using Outcome = Result<int>;

/// The app's key as --key-file has it, or a new one.
Result<std::string> new_key(const CommandLine& line) {
  if (!line.key_file.empty()) return read_app_key(line.key_file);
  SystemRandom random;
  return generate_app_key(random);
}

Result<std::vector<AppKey>> keys_for(const CommandLine& line, const Environment& environment) {
  if (!line.key_file.empty()) {
    TRY(auto key, read_app_key(line.key_file));
    return std::vector{AppKey{std::move(key)}};
  }
  TRY(const auto settings, load_settings(line.config_path, environment));
  TRY(auto apps, load_apps(settings.data_dir, environment));
  const auto found = std::ranges::find(apps, AppId{line.app_id},
                                       [](const StoredApp& stored) { return stored.app.id; });
  if (found == apps.end() || found->app.keys.empty()) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("no key for app {} in {}; run confab app create --id {}, or give "
                            "--key-file or CONFAB_APP_KEY_{}",
                            line.app_id, apps_path(settings.data_dir), line.app_id, line.app_id));
  }
  return std::move(found->app.keys);
}

Outcome user_sig_make(const CommandLine& line, const Environment& environment) {
  TRY(const auto keys, keys_for(line, environment));
  const auto now = SystemClock().unix_seconds();
  const auto key = std::ranges::find_if(keys, [&](const auto& k) { return k.is_good_at(now); });
  if (key == keys.end()) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("all keys of app {} have run out; run confab app rotate-key --id {}",
                            line.app_id, line.app_id));
  }
  fmt::print("{}\n",
             make_user_sig(key->text, AppId{line.app_id}, line.user, now, line.expire_seconds));
  return kExitOk;
}

Outcome user_sig_verify(const CommandLine& line, const Environment& environment) {
  TRY(const auto keys, keys_for(line, environment));
  std::string signature = line.signature;
  if (signature == "-") std::getline(std::cin, signature);
  const AppId app{line.app_id};
  const auto now = SystemClock().unix_seconds();
  const auto last_second = verify_user_sig(signature, app, line.user, keys, now);
  if (line.explain) {
    fmt::print("{}\n", explain_user_sig(signature, app, line.user, keys, now));
  } else if (last_second) {
    fmt::print("valid until {}\n", utc_text(*last_second));
  } else {
    fmt::print("not valid, {}: {}\n", std::to_underlying(last_second.error().code),
               last_second.error().detail);
  }
  return last_second ? kExitOk : kExitNotValid;
}

Outcome app_create(const CommandLine& line, const Environment& environment) {
  TRY(const auto settings, load_settings(line.config_path, environment));
  const bool is_imported = !line.key_file.empty();
  TRY(auto key, new_key(line));
  StoredApp added{.app = {.id = AppId{line.app_id},
                          .keys = {AppKey{std::move(key)}},
                          .admins = line.admins},
                  .created = utc_text(SystemClock().unix_seconds())};
  if (added.app.admins.empty()) added.app.admins = {std::string(kDefaultAdmin)};
  TRY_STATUS(add_app(settings.data_dir, added));
  fmt::print("App {} is stored in {}.\n", line.app_id, apps_path(settings.data_dir));
  if (!is_imported) {
    fmt::print("Its key, which your back end signs with, is shown this once:\n{}\n",
               added.app.keys.front().text);
  }
  fmt::print(
      "Make a signature to try: confab usersig make --id {} --user {}\n"
      "A running server takes the app in when it is started again.\n",
      line.app_id, added.app.admins.front());
  return kExitOk;
}

/// When the former keys stop, for the operator.
std::string former_keys_text(const std::vector<AppKey>& keys) {
  if (keys.size() < 2) return "No former key is good any more: it stops with the reload.";
  const auto last = std::ranges::max(keys | std::views::drop(1), {}, &AppKey::last_second);
  return fmt::format("The former key is good until {}; move your back end over before.",
                     utc_text(*last.last_second));
}

Outcome app_rotate_key(const CommandLine& line, const Environment& environment) {
  TRY(const auto settings, load_settings(line.config_path, environment));
  TRY(const auto overlap, parse_duration(line.overlap, "--overlap"));
  TRY_STATUS(check_keys_are_in_file(settings.data_dir, environment, AppId{line.app_id}));
  TRY(const auto key, new_key(line));
  TRY(const auto rotated, rotate_key(settings.data_dir, AppId{line.app_id}, key,
                                     SystemClock().unix_seconds(), overlap));
  fmt::print("App {} has a new key in {}.\n", line.app_id, apps_path(settings.data_dir));
  if (line.key_file.empty()) fmt::print("It is shown this once:\n{}\n", key);
  fmt::print(
      "{}\n"
      "A running server takes the new key when it gets SIGHUP or is started again.\n",
      former_keys_text(rotated.app.keys));
  return kExitOk;
}

/// Fingerprint and end.
std::string key_text(const AppKey& key, Seconds now) {
  auto text = key_fingerprint(key.text);
  if (!key.last_second) return text;
  return text + (key.is_good_at(now) ? " until " : " ended ") + utc_text(*key.last_second);
}

Outcome app_list(const CommandLine& line, const Environment& environment) {
  TRY(const auto settings, load_settings(line.config_path, environment));
  TRY(const auto apps, load_apps(settings.data_dir, environment));
  const auto now = SystemClock().unix_seconds();
  for (const auto& [app, created] : apps) {
    std::vector<std::string> keys;
    std::ranges::transform(app.keys, std::back_inserter(keys),
                           [&](const AppKey& key) { return key_text(key, now); });
    fmt::print("app {}  admins {}  keys {}  created {}\n", std::to_underlying(app.id),
               fmt::join(app.admins, ", "),
               keys.empty() ? "none" : fmt::format("{}", fmt::join(keys, ", ")),
               created.empty() ? "by the environment" : created);
  }
  if (apps.empty()) fmt::print("no apps; run confab app create --id N\n");
  return kExitOk;
}

Outcome inspect_store(const CommandLine& line, const Environment& environment) {
  if (line.app_id != 0 && line.user.empty() && line.group.empty()) {
    return fail(ErrorCode::kInvalidField, "--app needs --user or --group");
  }
  TRY(const auto settings, load_settings(line.config_path, environment));
  TRY(const auto text, inspect({.store_path = settings.data_dir + "/store",
                                .hex_key = line.hex_key,
                                .app_id = line.app_id,
                                .user = line.user,
                                .peer = line.peer,
                                .group = line.group,
                                .limit = line.limit,
                                .show_texts = line.bodies}));
  fmt::print("{}", text);
  return kExitOk;
}

Outcome check_config(const CommandLine& line, const Environment& environment) {
  if (line.example) {
    fmt::print("{}", example_settings());
    return kExitOk;
  }
  TRY(const auto settings, load_settings(line.config_path, environment));
  TRY(const auto apps, load_apps(settings.data_dir, environment));
  fmt::print("The settings are good. {} in {}.\n",
             apps.size() == 1 ? "1 app" : fmt::format("{} apps", apps.size()),
             apps_path(settings.data_dir));
  return kExitOk;
}

Outcome dump_api(const CommandLine& /*line*/, const Environment& /*environment*/) {
  fmt::print("{}\n", openapi_json(rest_tables()));
  return kExitOk;
}

/// Prints `error` for the operator; the exit code that belongs to it.
int report_error(const Error& error) {
  fmt::print(stderr, "confab: {}\n", error.detail);
  return error.code == ErrorCode::kInvalidField ? kExitUsage : kExitFailed;
}

struct CommandRow {
  Command command;
  Outcome (*run)(const CommandLine&, const Environment&);
};

constexpr CommandRow kCommands[] = {
    {Command::kServe, &serve},
    {Command::kUserSigMake, &user_sig_make},
    {Command::kUserSigVerify, &user_sig_verify},
    {Command::kAppCreate, &app_create},
    {Command::kAppRotateKey, &app_rotate_key},
    {Command::kAppList, &app_list},
    {Command::kInspect, &inspect_store},
    {Command::kCheckConfig, &check_config},
    {Command::kDumpApi, &dump_api},
};

}  // namespace

int run_command(const CommandLine& line, const Environment& environment) {
  const auto* row = std::ranges::find(kCommands, line.command, &CommandRow::command);
  const auto outcome = row->run(line, environment);
  return outcome ? *outcome : report_error(outcome.error());
}

}  // namespace confab
