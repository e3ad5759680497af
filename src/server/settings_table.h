// The one table of settings: parser, environment, checks, example file and documents come from it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "server/settings.h"

namespace confab {

struct SettingRow {
  using Member = std::variant<std::string Settings::*,
                              std::int64_t Settings::*,
                              bool Settings::*,
                              std::map<std::string, std::int64_t> Settings::*>;

  std::string_view key;  // dotted, as in the file
  Member member;
  std::int64_t min = 0;  // of a number
  std::int64_t max = 0;
  std::string_view choices;         // of a string: the words allowed, separated by '|'; else any
  std::string_view short_variable;  // a second name in the environment
  std::string_view doc;
};

std::span<const SettingRow> setting_rows();

/// CONFAB_REST_PORT for rest.port.
std::string variable_of(const SettingRow& row);

}  // namespace confab
