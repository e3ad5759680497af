// What the commands about group messages have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "api/rest/group_fields.h"
#include "api/rest/message_body.h"
#include "domain/group_messages.h"

namespace confab {

/// A field type of the openim service in a command of the group service, whose code for whatever is
/// wrong with it is 10004.
template <typename T>
struct InGroup {
  T value;

  static Result<InGroup> from_json(JsonValue json, const FieldPath& path) {
    InGroup field;
    const auto decoded = decode_json(json, path, {}, field.value);
    if (!decoded) return fail(ErrorCode::kInvalidField, decoded.error().detail);
    return field;
  }
  void to_json(std::string& out) const { encode_json(value, out); }
  static void schema(JsonWriter& w) {
    if constexpr (CustomJson<T>) {
      T::schema(w);
    } else {
      write_schema<T>(w);
    }
  }
};

inline constexpr Rules kMsgBodyRules{
    .required = true, .example = R"([{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}])"};

/// MsgPriority. COMPAT(tencent): a word that is not documented means Normal.
struct PriorityWord {
  Priority value = Priority::kNormal;

  static Result<PriorityWord> from_json(JsonValue json, const FieldPath& path) {
    const auto text = json.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", json);
    if (*text == "High") return PriorityWord{Priority::kHigh};
    if (*text == "Low") return PriorityWord{Priority::kLow};
    if (*text == "Lowest") return PriorityWord{Priority::kLowest};
    return PriorityWord{};
  }
  void to_json(std::string& out) const {
    append_json_string(out, value == Priority::kHigh     ? "High"
                            : value == Priority::kLow    ? "Low"
                            : value == Priority::kLowest ? "Lowest"
                                                         : "Normal");
  }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.key("enum");
    w.raw(R"(["High","Normal","Low","Lowest"])");
  }
};

inline Status check_message_size(std::size_t body, std::size_t cloud_data) {
  if (body + cloud_data <= kMaxGroupMessage) return {};
  return message_too_long(body + cloud_data);
}

}  // namespace confab
