// TOML text as a flat list of leaves, so that nothing above knows the parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace confab {

/// A value of a kind that no file of ours uses; `kind` is its name for error texts.
struct TomlOther {
  std::string kind;
};

using TomlValue =
    std::variant<std::string, std::int64_t, bool, std::vector<std::string>, TomlOther>;

struct TomlEntry {
  std::string key;  // dotted path from the root
  TomlValue value;
  unsigned line;
};

/// Leaves in the order of the text; an empty table counts as a leaf. kInvalidField: not TOML, named
/// as `name:line: reason`.
Result<std::vector<TomlEntry>> parse_toml(std::string_view text, std::string_view name);

/// `text` as a TOML string with its quotes. REQUIRES: UTF-8 without DEL.
std::string toml_string(std::string_view text);

/// What a value is, for error texts: "a string", "a whole number" ...
std::string toml_kind(const TomlValue& value);

}  // namespace confab
