// Types of fields that several commands share and that check their own text.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "api/fields.h"
#include "domain/conversation.h"
#include "domain/messages.h"

namespace confab {

/// The greatest MsgTime; times and cursors in requests are clamped to it.
inline constexpr std::int64_t kMaxTime = std::numeric_limits<std::uint32_t>::max();

/// The UserID of an account to be imported (C1). An account that is merely named may be any string.
struct UserIdText {
  std::string text;

  static Result<UserIdText> from_json(JsonValue value, const FieldPath& path) {
    const auto text = value.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", value);
    if (is_user_id(*text)) return UserIdText{std::string(*text)};
    return path.refuse(ErrorCode::kInvalidField, "must be 1 to 32 bytes of printable ASCII, is " +
                                                     quote_value(*text) + " with " +
                                                     std::to_string(text->size()) + " bytes");
  }
  void to_json(std::string& out) const { append_json_string(out, text); }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.member("minLength", 1);
    w.member("maxLength", 32);
    w.member("pattern", "^[ -~]+$");
  }
};

/// A MsgKey; `Code` when it is malformed.
template <ErrorCode Code>
struct MsgKeyText {
  MessageKey key;

  static Result<MsgKeyText> from_json(JsonValue value, const FieldPath& path) {
    const auto text = value.string();
    if (!text) return path.refuse_type(Code, "a string", value);
    const auto key = parse_message_key(*text);
    if (key) return MsgKeyText{*key};
    return path.refuse(Code, "must be <MsgSeq>_<MsgRandom>_<MsgTime>, is " + quote_value(*text));
  }
  void to_json(std::string& out) const { append_json_string(out, format_message_key(key)); }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.member("pattern", "^[0-9]+_[0-9]+_[0-9]+$");
    w.member("maxLength", 50);
  }
};

}  // namespace confab
