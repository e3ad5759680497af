#include "server/apps_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/private_path.h"
#include "server/files.h"
#include "server/toml_file.h"
#include "server/whole_number.h"

namespace confab {
namespace {

constexpr std::size_t kMinKeyBytes = 16;
constexpr std::size_t kMaxAdmins = 10;
constexpr std::size_t kMaxAdminBytes = 32;
constexpr int kKeyBytes = 32;
constexpr std::string_view kAppKeyPrefix = "CONFAB_APP_KEY_";

std::unexpected<Error> refuse(std::string_view where, std::string_view reason) {
  return fail(ErrorCode::kInvalidField, fmt::format("{}: {}", where, reason));
}

std::optional<AppId> parse_app_id(std::string_view text) {
  const auto number = whole_number<std::uint32_t>(text);
  if (!number || *number == 0) return std::nullopt;
  return AppId{*number};
}

constexpr std::string_view kUntil = " until ";

/// What utc_text wrote; nothing if it did not.
std::optional<Seconds> parse_utc(const std::string& text) {
  std::tm parts{};
  const char* const end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  const Seconds time = ::timegm(&parts);
  // Neither the 31st of June nor left-out zeros.
  if (utc_text(time) != text) return std::nullopt;
  return time;
}

Result<AppKey> parse_key(std::string_view written, std::string_view where) {
  const auto at = written.find(kUntil);
  if (at == std::string_view::npos) return AppKey{std::string(written)};
  const std::string end(written.substr(at + kUntil.size()));
  const auto last_second = parse_utc(end);
  if (!last_second) {
    return refuse(where, fmt::format("a key's end is a time like 2026-01-31T12:00:00Z, this one is "
                                     "{}",
                                     toml_string(end)));
  }
  return AppKey{std::string(written.substr(0, at)), last_second};
}

Status check_key(std::string_view key, std::string_view where) {
  if (key.size() < kMinKeyBytes) {
    return refuse(where, fmt::format("a key has at least {} characters, this one has {}",
                                     kMinKeyBytes, key.size()));
  }
  const bool is_printable =
      std::ranges::all_of(key, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!is_printable) {
    return refuse(where, "a key is printable ASCII without spaces, this one is not");
  }
  return {};
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Status check_admins(const std::vector<std::string>& admins, std::string_view where) {
  if (admins.empty() || admins.size() > kMaxAdmins) {
    return refuse(where, fmt::format("an app has 1 to {} admins, this one has {}", kMaxAdmins,
                                     admins.size()));
  }
  for (const auto& admin : admins) {
    if (admin.empty() || admin.size() > kMaxAdminBytes) {
      return refuse(where, fmt::format("an admin's name has 1 to {} bytes, one here has {}",
                                       kMaxAdminBytes, admin.size()));
    }
    if (has_control_character(admin)) {
      return refuse(where, "an admin's name has no control characters, one here has");
    }
    if (std::ranges::count(admins, admin) > 1) {
      return refuse(where, fmt::format("admin {} is named twice", toml_string(admin)));
    }
  }
  return {};
}

Status check_app(const StoredApp& stored, std::string_view where) {
  for (const auto& key : stored.app.keys)
    TRY_STATUS(check_key(key.text, where));
  return check_admins(stored.app.admins, where);
}

StoredApp& find_or_add(std::vector<StoredApp>& apps, AppId id) {
  const auto found = std::ranges::find(apps, id, [](const auto& stored) { return stored.app.id; });
  if (found != apps.end()) return *found;
  apps.push_back({});
  apps.back().app.id = id;
  return apps.back();
}

/// One line of the file: app.<id>.<field> = value.
Status take_entry(std::vector<StoredApp>& apps, const TomlEntry& entry, std::string_view where) {
  std::string_view rest = entry.key;
  if (!rest.starts_with("app.")) return refuse(where, "only [app.<id>] tables belong here");
  rest.remove_prefix(4);
  const auto dot = rest.find('.');
  const auto id = parse_app_id(rest.substr(0, dot));
  if (!id) return refuse(where, "an app's id is a number from 1 to 4294967295");
  const auto field = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
  auto& stored = find_or_add(apps, *id);
  const auto* list = std::get_if<std::vector<std::string>>(&entry.value);
  const auto* text = std::get_if<std::string>(&entry.value);
  if (field == "keys" && list != nullptr) {
    stored.app.keys.clear();
    for (const auto& written : *list) {
      TRY(auto key, parse_key(written, where));
      stored.app.keys.push_back(std::move(key));
    }
  } else if (field == "admins" && list != nullptr) {
    stored.app.admins = *list;
  } else if (field == "created" && text != nullptr) {
    stored.created = *text;
  } else {
    return refuse(where, "an app has keys and admins, lists of strings, and created, a string");
  }
  return {};
}

std::string string_list(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items)
    out += (out.empty() ? "" : ", ") + toml_string(item);
  return "[" + out + "]";
}

std::vector<std::string> written_keys(const std::vector<AppKey>& keys) {
  std::vector<std::string> written;
  for (const auto& key : keys) {
    written.push_back(key.text);
    if (key.last_second) written.back().append(kUntil).append(utc_text(*key.last_second));
  }
  return written;
}

std::string apps_text(const std::vector<StoredApp>& apps) {
  std::string out = "# Written by confab app. Whoever reads a key can sign as anyone.\n";
  for (const auto& [app, created] : apps) {
    out += fmt::format("\n[app.{}]\nkeys = {}\nadmins = {}\ncreated = {}\n",
                       std::to_underlying(app.id), string_list(written_keys(app.keys)),
                       string_list(app.admins), toml_string(created));
  }
  return out;
}

/// REQUIRES: the apps are as they may stand in the file, but for the bytes of names.
Status replace_apps(const std::string& data_dir,
                    const std::vector<StoredApp>& apps,
                    std::string_view where) {
  const auto text = apps_text(apps);
  if (!parse_toml(text, "apps.toml")) return refuse(where, "an admin's name is not UTF-8");
  return replace_file(apps_path(data_dir), text, S_IRUSR | S_IWUSR);
}

}  // namespace

std::string apps_path(const std::string& data_dir) {
  return data_dir + "/apps.toml";
}

Result<std::vector<StoredApp>> load_apps(const std::string& data_dir) {
  const auto path = apps_path(data_dir);
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) return std::vector<StoredApp>{};
  TRY_STATUS(check_private(path, "keys"));
  TRY(const auto text, read_file(path));
  TRY(const auto entries, parse_toml(text, path));
  std::vector<StoredApp> apps;
  for (const auto& entry : entries) {
    TRY_STATUS(take_entry(apps, entry, fmt::format("{}:{}: {}", path, entry.line, entry.key)));
  }
  for (auto& stored : apps) {
    if (stored.app.admins.empty()) stored.app.admins = {std::string(kDefaultAdmin)};
    TRY_STATUS(
        check_app(stored, fmt::format("{}: app {}", path, std::to_underlying(stored.app.id))));
  }
  return apps;
}

Result<std::vector<StoredApp>> load_apps(const std::string& data_dir,
                                         const Environment& environment) {
  TRY(auto apps, load_apps(data_dir));
  for (const auto& [name, key] : environment) {
    if (!name.starts_with(kAppKeyPrefix)) continue;
    const auto id = parse_app_id(std::string_view(name).substr(kAppKeyPrefix.size()));
    if (!id) return refuse(name, "the name must end with an app's id, a number");
    TRY_STATUS(check_key(key, name));
    auto& app = find_or_add(apps, *id).app;
    app.keys = {AppKey{key}};
    if (app.admins.empty()) app.admins = {std::string(kDefaultAdmin)};
  }
  return apps;
}

Result<std::vector<App>> apps_to_serve(const std::string& data_dir,
                                       const Environment& environment,
                                       Seconds now) {
  TRY(auto stored, load_apps(data_dir, environment));
  if (stored.empty()) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("there is no app in {}; run: confab app create --id N, N being the "
                            "SDKAppID that your back end uses",
                            apps_path(data_dir)));
  }
  std::vector<App> apps;
  for (auto& [app, created] : stored) {
    if (std::ranges::none_of(app.keys, [&](const auto& key) { return key.is_good_at(now); })) {
      const auto id = std::to_underlying(app.id);
      return fail(ErrorCode::kInvalidField,
                  fmt::format("app {0} in {1} has no key, or none that is still good; run: confab "
                              "app rotate-key --id {0}, or set CONFAB_APP_KEY_{0}",
                              id, apps_path(data_dir)));
    }
    apps.push_back(std::move(app));
  }
  return apps;
}

Status add_app(const std::string& data_dir, const StoredApp& added) {
  const auto where = fmt::format("app {}", std::to_underlying(added.app.id));
  if (added.app.id == AppId{0}) return refuse(where, "an id is a number from 1 to 4294967295");
  TRY_STATUS(check_app(added, where));
  TRY_STATUS(ensure_private_directory(data_dir));
  TRY(const auto lock, lock_directory(data_dir));
  TRY(auto apps, load_apps(data_dir));
  if (std::ranges::any_of(apps, [&](const auto& app) { return app.app.id == added.app.id; })) {
    return refuse(where,
                  fmt::format("exists already in {}; nothing was changed", apps_path(data_dir)));
  }
  apps.push_back(added);
  return replace_apps(data_dir, apps, where);
}

Result<StoredApp> rotate_key(
    const std::string& data_dir, AppId id, const std::string& fresh, Seconds now, Seconds overlap) {
  const auto where = fmt::format("app {}", std::to_underlying(id));
  TRY_STATUS(check_key(fresh, where));
  TRY_STATUS(ensure_private_directory(data_dir));
  TRY(const auto lock, lock_directory(data_dir));
  TRY(auto apps, load_apps(data_dir));
  const auto found = std::ranges::find(apps, id, [](const auto& stored) { return stored.app.id; });
  if (found == apps.end()) {
    return refuse(where, fmt::format("is not in {}; run: confab app create --id {}",
                                     apps_path(data_dir), std::to_underlying(id)));
  }
  auto& keys = found->app.keys;
  if (std::ranges::count(keys, fresh, &AppKey::text) > 0) {
    return refuse(where, fmt::format("has this key already in {}; nothing was changed",
                                     apps_path(data_dir)));
  }
  const auto end = now + overlap;
  for (auto& key : keys)
    key.last_second = std::min(key.last_second.value_or(end), end);
  // A key is good in its last second, but not with an overlap of 0: then it stops at once.
  std::erase_if(keys, [&](const AppKey& key) { return overlap == 0 || !key.is_good_at(now); });
  keys.insert(keys.begin(), AppKey{fresh});
  TRY_STATUS(replace_apps(data_dir, apps, where));
  return *found;
}

Status check_keys_are_in_file(const std::string& data_dir,
                              const Environment& environment,
                              AppId id) {
  const auto variable = fmt::format("{}{}", kAppKeyPrefix, std::to_underlying(id));
  if (!environment.contains(variable)) return {};
  return fail(ErrorCode::kInvalidField,
              fmt::format("{} takes the place of the keys in {}; change it there, or unset it",
                          variable, apps_path(data_dir)));
}

std::string generate_app_key(Random& random) {
  return random_hex(random, kKeyBytes);
}

Result<std::string> read_app_key(const std::string& path) {
  TRY(auto key, read_file(path));
  while (key.ends_with('\n') || key.ends_with('\r'))
    key.pop_back();
  TRY_STATUS(check_key(key, path));
  return key;
}

}  // namespace confab
