// MsgBody: an array of elements, checked against the element table and then kept as the text that
// the sender wrote (without spaces), so that members which only clients understand travel
// unchanged.
#pragma once

#include <string>

#include "api/fields.h"

namespace confab {

/// Codes: kBadMsgBody (not an array), kBadMessageElement (an element that is no object, or has no
/// MsgType or no MsgContent object), kBadMessageFormat (empty, unknown MsgType, a member of the
/// content, more than one TIMCustomElem).
struct MessageBody {
  std::string json = "[]";

  static Result<MessageBody> from_json(JsonValue value, const FieldPath& path);
  void to_json(std::string& out) const { out += json; }
  static void schema(JsonWriter& w);
};

}  // namespace confab
