// Compares an answer with what a test wrote down. In the expectation, `"$any"` stands for every
// value, and `"$name"` takes the value the first time and must equal it later.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "api/json.h"

namespace confab::testing {

/// Names with the JSON text of their values.
using Captures = std::map<std::string, std::string, std::less<>>;

/// Empty if `actual` matches, else where and how it differs. Members must agree exactly, arrays in
/// order.
std::string mismatch(JsonValue expected, JsonValue actual, Captures& captures);

}  // namespace confab::testing
