// Fields that one-to-one and group messages have in common, each described once, for whichever
// request it is part of.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.h"
#include "api/rest/message_body.h"
#include "domain/messages.h"

namespace confab {

/// MsgBody, for the documentation and the tester.
inline constexpr std::string_view kMsgBodyExample =
    R"([{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}])";

/// Words of SendMsgControl.
inline constexpr std::string_view kNoUnread = "NoUnread";
inline constexpr std::string_view kNoLastMsg = "NoLastMsg";

constexpr bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

template <typename Self>
constexpr auto send_control_field() {
  return std::tuple{Field<Self, std::vector<std::string>>{
      "SendMsgControl",
      &Self::send_control,
      {},
      "NoUnread: does not count as unread; NoLastMsg: does not touch the lists"}};
}

template <typename Self>
constexpr auto cloud_data_field() {
  return std::tuple{Field<Self, std::string>{
      "CloudCustomData", &Self::cloud_data, {}, "Stored and given back unchanged"}};
}

template <typename Self>
constexpr auto callback_control_field() {
  return std::tuple{Field<Self, std::vector<std::string>>{
      "ForbidCallbackControl", &Self::callback_control, {}, "Webhooks to leave out"}};
}

template <typename Self>
constexpr auto extensible_field() {
  return std::tuple{Field<Self, std::int64_t>{"SupportMessageExtension",
                                              &Self::extensible,
                                              {.min = 0, .max = 1},
                                              "1: extensions may be set later"}};
}

/// What replaces parts of a stored message; at least one must be there (K48).
struct ModifiedParts {
  std::optional<MessageBody> body;
  std::optional<std::string> cloud_data;

  Result<MessageChange> change() const {
    if (!body && !cloud_data) {
      return fail(ErrorCode::kInvalidField,
                  "MsgBody or CloudCustomData: one of them must be there");
    }
    MessageChange change{.cloud_data = cloud_data};
    if (body) change.body = body->json;
    return change;
  }
};

template <typename Self>
constexpr auto modified_fields() {
  return std::tuple{
      Field<Self, std::optional<MessageBody>>{"MsgBody",
                                              &Self::body,
                                              {.code = ErrorCode::kBadMsgBody},
                                              "Elements in place of the stored ones"},
      Field<Self, std::optional<std::string>>{"CloudCustomData",
                                              &Self::cloud_data,
                                              {.example = R"("edited")"},
                                              "In place of what is stored"},
  };
}

/// The documented answer has a text of its own (A5).
struct ModifyResponse {
  static Outcome outcome() { return {.info = "succeed"}; }
  static constexpr auto fields() { return std::tuple{}; }
};

}  // namespace confab
