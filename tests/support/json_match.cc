#include "tests/support/json_match.h"

namespace confab::testing {
namespace {

std::string text_of(JsonValue value) {
  std::string out;
  value.append_to(out);
  return out;
}

std::string differ(std::string_view where, JsonValue expected, JsonValue actual) {
  return std::string(where) + ": expected " + text_of(expected) + ", is " + text_of(actual);
}

std::string match_at(const std::string& where,
                     JsonValue expected,
                     JsonValue actual,
                     Captures& captures);

std::string match_members(const std::string& where,
                          JsonValue expected,
                          JsonValue actual,
                          Captures& captures) {
  for (const auto& [name, value] : expected.members()) {
    const auto found = actual.member(name);
    if (!found) return where + "." + std::string(name) + ": missing";
    const auto inner = match_at(where + "." + std::string(name), value, *found, captures);
    if (!inner.empty()) return inner;
  }
  for (const auto& [name, value] : actual.members()) {
    if (!expected.member(name)) {
      return where + "." + std::string(name) + ": not expected, is " + text_of(value);
    }
  }
  return {};
}

std::string match_items(const std::string& where,
                        JsonValue expected,
                        JsonValue actual,
                        Captures& captures) {
  const auto wanted = expected.items();
  const auto given = actual.items();
  if (wanted.size() != given.size()) return differ(where, expected, actual);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto inner =
        match_at(where + "[" + std::to_string(i) + "]", wanted[i], given[i], captures);
    if (!inner.empty()) return inner;
  }
  return {};
}

std::string match_at(const std::string& where,
                     JsonValue expected,
                     JsonValue actual,
                     Captures& captures) {
  if (const auto text = expected.string(); text && text->starts_with('$')) {
    if (*text == "$any") return {};
    const auto [found, fresh] = captures.try_emplace(std::string(text->substr(1)), text_of(actual));
    if (fresh || found->second == text_of(actual)) return {};
    return where + ": expected " + found->second + ", is " + text_of(actual);
  }
  if (expected.kind() != actual.kind()) return differ(where, expected, actual);
  if (expected.is(JsonKind::kObject)) return match_members(where, expected, actual, captures);
  if (expected.is(JsonKind::kArray)) return match_items(where, expected, actual, captures);
  return text_of(expected) == text_of(actual) ? std::string() : differ(where, expected, actual);
}

}  // namespace

std::string mismatch(JsonValue expected, JsonValue actual, Captures& captures) {
  return match_at("answer", expected, actual, captures);
}

}  // namespace confab::testing
