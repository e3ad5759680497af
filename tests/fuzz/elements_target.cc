// MsgBody: what is accepted is written again as the same message body.
#include <string>

#include "api/json.h"
#include "api/rest/message_body.h"
#include "base/check.h"
#include "tests/fuzz/target.h"

namespace confab::fuzz {
namespace {

Result<MessageBody> decode(JsonParser& parser, std::string_view text) {
  const auto json = parser.parse(text);
  if (!json) return fail(ErrorCode::kBadJson);
  return MessageBody::from_json(*json, FieldPath{nullptr, "MsgBody"});
}

void check_refusal(const Error& error) {
  const auto code = error.code;
  CHECK(code == ErrorCode::kBadJson || code == ErrorCode::kBadMsgBody ||
            code == ErrorCode::kBadMessageElement || code == ErrorCode::kBadMessageFormat,
        "not a code of message bodies");
  CHECK(is_valid_utf8(error.detail), "a refusal that is not UTF-8");
}

}  // namespace

void run_input(std::string_view input) {
  static JsonParser parser;
  const auto body = decode(parser, input);
  if (!body) return check_refusal(body.error());
  std::string text;
  body->to_json(text);
  const auto again = decode(parser, text);
  CHECK(again.has_value(), "a message body that was accepted is refused when it comes back");
  CHECK(again->json == text, "a message body changes each time that it is written");
}

}  // namespace confab::fuzz
