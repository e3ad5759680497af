#include "server/apps_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/sha.h>

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
    TRY_STATUS(check_key(key, where));
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
    stored.app.keys = *list;
  } else if (field == "admins" && list != nullptr) {
    stored.app.admins = *list;
  } else if (field == "created" && text != nullptr) {
    stored.created = *text;
  } else {
    return refuse(where, "an app has keys and admins, lists of strings, and created, a string");
  }
  return {};
}

Status refuse_readable_by_others(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    return fail(ErrorCode::kInternal,
                fmt::format("cannot read {}: {}", path, std::generic_category().message(errno)));
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return refuse(path, fmt::format("holds keys and has mode {:04o}, so that others can read it; "
                                    "run: chmod 600 {}",
                                    status.st_mode & 07777U, path));
  }
  return {};
}

std::string string_list(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items)
    out += (out.empty() ? "" : ", ") + toml_string(item);
  return "[" + out + "]";
}

std::string apps_text(const std::vector<StoredApp>& apps) {
  std::string out = "# Written by confab app create. Whoever reads a key can sign as anyone.\n";
  for (const auto& [app, created] : apps) {
    out += fmt::format("\n[app.{}]\nkeys = {}\nadmins = {}\ncreated = {}\n",
                       std::to_underlying(app.id), string_list(app.keys), string_list(app.admins),
                       toml_string(created));
  }
  return out;
}

}  // namespace

std::string apps_path(const std::string& data_dir) {
  return data_dir + "/apps.toml";
}

Result<std::vector<StoredApp>> load_apps(const std::string& data_dir) {
  const auto path = apps_path(data_dir);
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) return std::vector<StoredApp>{};
  TRY_STATUS(refuse_readable_by_others(path));
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
    app.keys = {key};
    if (app.admins.empty()) app.admins = {std::string(kDefaultAdmin)};
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
  const auto text = apps_text(apps);
  if (!parse_toml(text, "apps.toml")) return refuse(where, "an admin's name is not UTF-8");
  return replace_file(apps_path(data_dir), text, S_IRUSR | S_IWUSR);
}

std::string utc_text(Seconds time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time)));
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

std::string key_fingerprint(std::string_view key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  return fmt::format("{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
}

}  // namespace confab
