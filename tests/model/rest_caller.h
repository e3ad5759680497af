// A caller of the REST API that complains about what no answer may look like, whatever the rules
// say. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json.h"
#include "tests/support/world.h"

namespace confab::testing {

std::string in_quotes(std::string_view text);

/// A JSON array of strings.
std::string json_list(const std::vector<std::string>& texts);

class RestCaller {
 public:
  /// Both outlive this; each complaint is one line of `complain`.
  RestCaller(World& world, std::function<void(std::string)> complain)
      : world_(world), complain_(std::move(complain)) {}

 protected:
  /// The answer's members, valid until the next call.
  JsonValue call(std::string_view command, const std::string& body);
  /// `success`: ErrorInfo of a success.
  int code_of(JsonValue answer, std::string_view success = "");
  std::int64_t number(JsonValue object, std::string_view name);
  std::string text(JsonValue object, std::string_view name);
  std::vector<JsonValue> items(JsonValue object, std::string_view name);
  void complain(const std::string& what) { complain_(what + ": " + answer_); }

  World& world_;
  std::function<void(std::string)> complain_;
  JsonParser parser_;
  std::string answer_;
};

}  // namespace confab::testing
