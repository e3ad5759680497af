#include "tests/model/rest_caller.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/error_codes.h"

namespace confab::testing {

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text) + '"';
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts)
    out += (out.empty() ? "" : ",") + in_quotes(text);
  return '[' + out + ']';
}

JsonValue RestCaller::call(std::string_view command, const std::string& body) {
  answer_ = world_.call(command, body);
  const auto parsed = parser_.parse(answer_);
  if (parsed) return *parsed;
  complain_(fmt::format("{} answered no JSON: {}", command, answer_));
  // NOLINTNEXTLINE(bugprone-unchecked-optional-access): an empty object is always JSON
  return parser_.parse("{}").value();
}

/// A4, A5: the three members agree, and the text is the catalogue's.
int RestCaller::code_of(JsonValue answer, std::string_view success) {
  const auto code = static_cast<int>(number(answer, "ErrorCode"));
  const auto info = text(answer, "ErrorInfo");
  const bool ok = code == 0;
  if (text(answer, "ActionStatus") != (ok ? "OK" : "FAIL")) complain_("ActionStatus: " + answer_);
  const auto entry = std::ranges::find_if(kErrorCatalogue, [&](const auto& each) {
    return static_cast<int>(each.code) == code;
  });
  const bool known = entry != std::end(kErrorCatalogue);
  if (!known || !info.starts_with(entry->text) || (ok && info != success)) {
    complain_("ErrorInfo: " + answer_);
  }
  return code;
}

std::int64_t RestCaller::number(JsonValue object, std::string_view name) {
  const auto found = object.member(name);
  const auto value = found ? found->integer() : std::nullopt;
  if (!value) complain_(fmt::format("no number {} in {}", name, answer_));
  return value.value_or(-1);
}

std::string RestCaller::text(JsonValue object, std::string_view name) {
  const auto found = object.member(name);
  const auto value = found ? found->string() : std::nullopt;
  if (!value) complain_(fmt::format("no text {} in {}", name, answer_));
  return std::string(value.value_or(""));
}

std::vector<JsonValue> RestCaller::items(JsonValue object, std::string_view name) {
  const auto found = object.member(name);
  if (!found || !found->is(JsonKind::kArray)) {
    complain_(fmt::format("no array {} in {}", name, answer_));
    return {};
  }
  return found->items();
}

}  // namespace confab::testing
