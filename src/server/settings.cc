#include "server/settings.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "api/registry.h"
#include "console/console.h"
#include "server/files.h"
#include "server/settings_table.h"
#include "server/suggestion.h"
#include "server/toml_file.h"
#include "server/whole_number.h"

namespace confab {
namespace {

constexpr std::string_view kAppKeyPrefix = "CONFAB_APP_KEY_";

template <typename Member>
constexpr bool kIsTable = std::is_same_v<Member, std::map<std::string, std::int64_t> Settings::*>;

std::unexpected<Error> refuse(std::string_view where, std::string_view reason) {
  return fail(ErrorCode::kInvalidField, fmt::format("{}: {}", where, reason));
}

Status check_choice(const SettingRow& row, std::string_view word, std::string_view where) {
  if (row.choices.empty()) return {};
  std::vector<std::string> words(1);
  for (const char c : row.choices) {
    if (c == '|') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (std::ranges::find(words, word) != words.end()) return {};
  return refuse(where, fmt::format("must be one of {}, is {}{}", row.choices, toml_string(word),
                                   did_you_mean(word, words)));
}

Status check_range(const SettingRow& row, std::int64_t number, std::string_view where) {
  if (row.min <= number && number <= row.max) return {};
  return refuse(where, fmt::format("must be {} to {}, is {}", row.min, row.max, number));
}

std::unexpected<Error> wrong_kind(std::string_view where,
                                  const TomlValue& wanted,
                                  const TomlValue& value) {
  return refuse(where, fmt::format("must be {}, is {}", toml_kind(wanted), toml_kind(value)));
}

/// `rest` is what follows the row's key in the file: the entry of a table, else empty.
Status assign(Settings& settings,
              const SettingRow& row,
              std::string_view rest,
              const TomlValue& value,
              std::string_view where) {
  return std::visit(
      [&](auto member) -> Status {
        auto& target = settings.*member;
        if constexpr (kIsTable<decltype(member)>) {
          const auto* number = std::get_if<std::int64_t>(&value);
          if (number == nullptr) return wrong_kind(where, std::int64_t{}, value);
          TRY_STATUS(check_range(row, *number, where));
          target[std::string(rest)] = *number;
        } else {
          using Target = std::remove_reference_t<decltype(target)>;
          const auto* given = std::get_if<Target>(&value);
          if (given == nullptr) return wrong_kind(where, Target{}, value);
          if constexpr (std::is_same_v<Target, std::string>) {
            TRY_STATUS(check_choice(row, *given, where));
          } else if constexpr (!std::is_same_v<Target, bool>) {
            TRY_STATUS(check_range(row, *given, where));
          }
          target = *given;
        }
        return {};
      },
      row.member);
}

bool is_table(const SettingRow& row) {
  return std::visit([](auto member) { return kIsTable<decltype(member)>; }, row.member);
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const auto& row : setting_rows())
    keys.emplace_back(row.key);
  return keys;
}

std::vector<std::string> all_commands() {
  std::vector<std::string> commands;
  for (const auto table : rest_tables()) {
    for (const auto& row : table)
      commands.emplace_back(row.path);
  }
  return commands;
}

/// The row that `key` belongs to, with what follows the row's key.
std::optional<std::pair<const SettingRow*, std::string_view>> find_row(std::string_view key) {
  for (const auto& row : setting_rows()) {
    if (key == row.key) return std::pair{&row, std::string_view{}};
    if (is_table(row) && key.starts_with(row.key) && key[row.key.size()] == '.') {
      return std::pair{&row, key.substr(row.key.size() + 1)};
    }
  }
  return std::nullopt;
}

/// An empty table is no setting, but its name must be the beginning of one.
bool names_a_table(const TomlEntry& entry) {
  const auto* other = std::get_if<TomlOther>(&entry.value);
  return other != nullptr && other->kind == "a table" &&
         std::ranges::any_of(setting_rows(), [&](const SettingRow& row) {
           return row.key == entry.key ? is_table(row) : row.key.starts_with(entry.key + '.');
         });
}

/// The text of a variable as the file would say it.
Result<TomlValue> value_of_text(const SettingRow& row,
                                const std::string& text,
                                std::string_view variable) {
  if (std::holds_alternative<std::int64_t Settings::*>(row.member)) {
    const auto number = whole_number<std::int64_t>(text);
    if (number) return *number;
    return refuse(variable, fmt::format("must be a whole number, is {}", toml_string(text)));
  }
  if (std::holds_alternative<bool Settings::*>(row.member)) {
    if (text == "true" || text == "false") return text == "true";
    return refuse(variable, fmt::format("must be true or false, is {}", toml_string(text)));
  }
  return text;
}

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

std::string default_text(const SettingRow& row) {
  static const Settings kDefaults;
  return std::visit(
      [](auto member) -> std::string {
        const auto& value = kDefaults.*member;
        if constexpr (kIsTable<decltype(member)>) {
          return {};
        } else if constexpr (std::is_same_v<decltype(member), std::string Settings::*>) {
          return toml_string(value);
        } else {
          return fmt::format("{}", value);
        }
      },
      row.member);
}

void append_row(std::string& out, const SettingRow& row, std::string_view name) {
  out += fmt::format("# {}\n", row.doc);
  if (is_table(row)) {
    out += fmt::format("# {} to {}.\n[{}]\n# \"recentcontact/delete\" = 500\n", row.min, row.max,
                       row.key);
    return;
  }
  std::string limits;
  if (row.max > 0) limits = fmt::format("{} to {}. ", row.min, row.max);
  if (!row.choices.empty()) limits = fmt::format("One of {}. ", row.choices);
  std::string variables = variable_of(row);
  if (!row.short_variable.empty()) variables += fmt::format(" or {}", row.short_variable);
  out += fmt::format("# {}Environment: {}.\n{} = {}\n", limits, variables, name, default_text(row));
}

}  // namespace

Environment confab_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const auto equals = line.find('=');
    if (!line.starts_with("CONFAB_") || equals == std::string_view::npos) continue;
    environment.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return environment;
}

Status apply_settings_text(Settings& settings, std::string_view text, std::string_view name) {
  TRY(const auto entries, parse_toml(text, name));
  for (const auto& entry : entries) {
    if (names_a_table(entry)) continue;
    const std::string where = fmt::format("{}:{}: {}", name, entry.line, entry.key);
    const auto found = find_row(entry.key);
    if (!found) return refuse(where, "no such setting" + did_you_mean(entry.key, all_keys()));
    TRY_STATUS(assign(settings, *found->first, found->second, entry.value, where));
  }
  return {};
}

Status apply_settings_environment(Settings& settings, const Environment& environment) {
  std::map<std::string, const SettingRow*> rows;
  std::vector<std::string> names;
  for (const auto& row : setting_rows()) {
    if (is_table(row)) continue;
    rows[variable_of(row)] = &row;
    if (!row.short_variable.empty()) rows[std::string(row.short_variable)] = &row;
  }
  std::ranges::transform(rows, std::back_inserter(names),
                         [](const auto& row) { return row.first; });

  std::map<const SettingRow*, std::string> given;
  for (const auto& [name, text] : environment) {
    if (name.starts_with(kAppKeyPrefix)) continue;
    const auto found = rows.find(name);
    if (found == rows.end()) return refuse(name, "no such setting" + did_you_mean(name, names));
    const auto [first, is_new] = given.try_emplace(found->second, name);
    if (!is_new) {
      return refuse(name, fmt::format("sets {} as {} does; keep one of them", found->second->key,
                                      first->second));
    }
    TRY(const auto value, value_of_text(*found->second, text, name));
    TRY_STATUS(assign(settings, *found->second, {}, value, name));
  }
  return {};
}

bool is_loopback(std::string_view address) {
  return address == "::1" || address.starts_with("127.");
}

Status check_settings(const Settings& settings) {
  if (settings.data_dir.empty()) return refuse("data_dir", "must not be empty");
  for (const auto& [key, address] : {std::pair{"rest.address", &settings.rest_address},
                                     std::pair{"ops.address", &settings.ops_address}}) {
    if (!is_ip_address(*address)) {
      return refuse(key,
                    fmt::format("must be an IPv4 or IPv6 address, is {}", toml_string(*address)));
    }
  }
  if (settings.rest_certificate.empty() != settings.rest_key.empty()) {
    return refuse("rest.certificate and rest.key", "set both or neither");
  }
  if (!settings.rest_tls && !is_loopback(settings.rest_address) &&
      !settings.rest_allow_plain_http_beyond_loopback) {
    return refuse("rest.tls",
                  fmt::format("plain HTTP on {} shows signatures and messages to the network; set "
                              "rest.tls = true, or a loopback rest.address, or, if something else "
                              "protects it, rest.allow_plain_http_beyond_loopback = true",
                              settings.rest_address));
  }
  if (!is_loopback(settings.ops_address) && !settings.ops_allow_beyond_loopback) {
    return refuse("ops.address",
                  fmt::format("{} lets other machines read metrics without authentication; use a "
                              "loopback address, or set ops.allow_beyond_loopback = true",
                              settings.ops_address));
  }
  const auto token_bytes = settings.console_token.size();
  if (token_bytes != 0 && token_bytes < kMinConsoleToken) {
    return refuse("console.token", fmt::format("must have at least {} bytes, has {}",
                                               kMinConsoleToken, token_bytes));
  }
  const auto commands = all_commands();
  for (const auto& [command, limit] : settings.rate_commands) {
    if (std::ranges::find(commands, command) == commands.end()) {
      return refuse("rate.commands", fmt::format("no such command as {}{}", toml_string(command),
                                                 did_you_mean(command, commands)));
    }
  }
  return {};
}

Result<Settings> load_settings(const std::string& config_path, const Environment& environment) {
  Settings settings;
  if (!config_path.empty()) {
    TRY(const auto text, read_file(config_path));
    TRY_STATUS(apply_settings_text(settings, text, config_path));
  }
  TRY_STATUS(apply_settings_environment(settings, environment));
  TRY_STATUS(check_settings(settings));
  return settings;
}

std::string example_settings() {
  std::string out =
      "# Settings of confab, each at its default. Keep what you change, delete the rest.\n"
      "# Use: confab serve --config FILE. A variable in the environment wins over this file.\n";
  std::string_view section;
  for (const auto& row : setting_rows()) {
    const auto dot = row.key.find('.');
    const auto wanted = dot == std::string_view::npos ? std::string_view{} : row.key.substr(0, dot);
    out += '\n';
    if (wanted != section && !is_table(row)) out += fmt::format("[{}]\n", wanted);
    section = wanted;
    append_row(out, row, dot == std::string_view::npos ? row.key : row.key.substr(dot + 1));
  }
  return out;
}

}  // namespace confab
