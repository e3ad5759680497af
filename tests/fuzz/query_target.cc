// The first line of a request: target, query string and percent-encoding, alone and at the
// dispatcher.
#include <string>

#include "api/fields.h"
#include "api/request_target.h"
#include "base/check.h"
#include "tests/fuzz/chat_server.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

void check_target(std::string_view input) {
  const auto target = parse_target(input);
  if (!target) return;
  CHECK(input.contains(target->path), "the path is not as sent");
  const auto slash = target->path.find('/');
  CHECK(slash != target->path.npos && slash > 0 && slash + 1 < target->path.size(),
        "no service or no command");
  CHECK(target->path.find('?') == target->path.npos &&
            target->path.find('/', slash + 1) == target->path.npos,
        "the path holds more than service and command");
}

void check_encoding(std::string_view input) {
  CHECK(percent_decode(input).size() <= input.size(), "decoded text has grown");
  const auto encoded = percent_encode(input);
  CHECK(percent_decode(encoded) == input, "percent-encoding loses bytes");
  const auto target = "/v4/a/b?x=1&identifier=" + encoded + "&identifier=2&" + encoded + "=3";
  const auto parsed = parse_target(target);
  CHECK(parsed && parsed->path == "a/b", "a plain target is refused");
  CHECK(parsed->query.identifier == input, "a parameter is not what was sent");
}

}  // namespace

void run_input(std::string_view input) {
  static ChatServer server;
  check_target(input);
  check_encoding(input);
  CHECK(is_valid_utf8(quote_value(input)), "a quoted value is not UTF-8");
  server.rewind();
  server.handle({.method = "POST", .target = input, .body = R"({"From_Account":"id1"})"});
}

}  // namespace confab::fuzz
