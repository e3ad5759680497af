#include "server/toml_file.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "base/json_writer.h"

#include <toml++/toml.h>

namespace confab {
namespace {

std::string kind_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::floating_point:
      return "a fraction";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::table:
      return "a table";
    default:
      return "a list";
  }
}

std::optional<std::vector<std::string>> string_list(const toml::array& array) {
  std::vector<std::string> items;
  for (const toml::node& item : array) {
    const auto* text = item.as_string();
    if (text == nullptr) return std::nullopt;
    items.push_back(text->get());
  }
  return items;
}

TomlValue leaf_value(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* array = node.as_array()) {
    if (auto items = string_list(*array)) return *std::move(items);
  }
  return TomlOther{kind_name(node)};
}

void append_leaves(const toml::table& table,
                   const std::string& prefix,
                   std::vector<TomlEntry>& entries) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    const auto* inner = node.as_table();
    if (inner != nullptr && !inner->empty()) {
      append_leaves(*inner, path + '.', entries);
    } else {
      entries.push_back({path, leaf_value(node), key.source().begin.line});
    }
  }
}

}  // namespace

Result<std::vector<TomlEntry>> parse_toml(std::string_view text, std::string_view name) {
  std::vector<TomlEntry> entries;
  try {
    append_leaves(toml::parse(text, name), "", entries);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
  }
  std::ranges::sort(entries, {},
                    [](const TomlEntry& entry) { return std::tie(entry.line, entry.key); });
  return entries;
}

std::string toml_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string toml_kind(const TomlValue& value) {
  static constexpr const char* kKinds[] = {"a string", "a whole number", "true or false",
                                           "a list of strings"};
  if (const auto* other = std::get_if<TomlOther>(&value)) return other->kind;
  return kKinds[value.index()];
}

}  // namespace confab
