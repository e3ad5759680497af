// openim: the history of one-to-one messages, recalling and modifying them.
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "api/rest/message_fields.h"
#include "domain/history.h"
#include "domain/messages.h"

namespace confab {
namespace {

struct HistoryRequest {
  std::string viewer;
  std::string peer;
  std::int64_t max_count = 0;
  std::int64_t min_time = 0;
  std::int64_t max_time = 0;
  std::optional<MsgKeyText<ErrorCode::kBadMessageFormat>> last_key;

  static constexpr auto fields() {
    using Self = HistoryRequest;
    constexpr Rules kTime{
        .required = true, .min = 0, .max = kMaxTime, .clamp = true, .example = "0"};
    constexpr Rules kUntil{
        .required = true, .min = 0, .max = kMaxTime, .clamp = true, .example = "4294967295"};
    return std::tuple{
        Field{"Operator_Account",
              &Self::viewer,
              {.required = true,
               .code = ErrorCode::kBadFromAccount,
               .aliases = {"From_Account"},
               .example = R"("id1")"},
              "Whose view of the history"},
        Field{"Peer_Account",
              &Self::peer,
              {.required = true,
               .code = ErrorCode::kBadToAccount,
               .aliases = {"To_Account"},
               .example = R"("id2")"},
              "The other party"},
        Field{"MaxCnt",
              &Self::max_count,
              {.required = true, .min = 1, .max = 100, .clamp = true, .example = "20"},
              "Messages wanted; more than 100 count as 100"},
        Field{"MinTime", &Self::min_time, kTime, "Not older than this, seconds"},
        Field{"MaxTime", &Self::max_time, kUntil,
              "Not newer than this; to go on: the last answer's LastMsgTime"},
        Field{"LastMsgKey", &Self::last_key, {}, "To go on: the last answer's LastMsgKey"},
    };
  }
};

struct HistoryItem {
  std::string from;
  std::string to;
  std::uint32_t seq = 0;
  std::uint32_t random = 0;
  std::uint32_t time = 0;
  std::int64_t flags = 0;
  std::int64_t read_by_peer = 0;
  std::string key;
  RawJson body;
  std::string cloud_data;

  static constexpr auto fields() {
    using Self = HistoryItem;
    return std::tuple{
        Field{"From_Account", &Self::from, {}, "Sender"},
        Field{"To_Account", &Self::to, {}, "Recipient"},
        Field{"MsgSeq", &Self::seq, {}, "Order inside one second"},
        Field{"MsgRandom", &Self::random, {}, "The sender's random number"},
        Field{"MsgTimeStamp", &Self::time, {}, "Seconds"},
        Field{"MsgFlagBits", &Self::flags, {}, "0 normal, 8 recalled"},
        Field{"IsPeerRead", &Self::read_by_peer, {}, "1: the recipient's client sent a receipt"},
        Field{"MsgKey", &Self::key, {}, "Names the message"},
        Field{"MsgBody", &Self::body, {}, "Elements as sent"},
        Field{"CloudCustomData", &Self::cloud_data, {}, "As sent"},
    };
  }
};

struct HistoryResponse {
  std::int64_t complete = 1;
  std::int64_t count = 0;
  std::uint32_t last_time = 0;
  std::string last_key;
  std::vector<HistoryItem> messages;

  static constexpr auto fields() {
    using Self = HistoryResponse;
    return std::tuple{
        Field{"Complete", &Self::complete, {}, "1: nothing older is left in the range"},
        Field{"MsgCnt", &Self::count, {}, "Messages in this answer"},
        Field{"LastMsgTime", &Self::last_time, {}, "Time of the oldest one"},
        Field{"LastMsgKey", &Self::last_key, {}, "Key of the oldest one"},
        Field{"MsgList", &Self::messages, {}, "Oldest first"},
    };
  }
};

constexpr std::int64_t kRecalledBit = 8;

Result<HistoryResponse> admin_getroammsg(Call& call, const HistoryRequest& request) {
  HistoryQuery query{.viewer = request.viewer,
                     .peer = request.peer,
                     .min_time = static_cast<std::uint32_t>(request.min_time),
                     .max_time = static_cast<std::uint32_t>(request.max_time),
                     .max_rows = static_cast<std::size_t>(request.max_count)};
  if (request.last_key) query.before = request.last_key->key;
  TRY(auto page, read_history(call.chat, query));

  HistoryResponse response{.complete = page.complete ? 1 : 0,
                           .count = static_cast<std::int64_t>(page.rows.size())};
  const auto viewer_side = side_of(request.viewer, request.peer);
  response.messages.reserve(page.rows.size());
  for (auto& row : page.rows) {
    const bool sent = row.sender == viewer_side;
    const bool recalled = (row.message.flags & MessageRecord::kRecalled) != 0;
    response.messages.push_back({.from = sent ? request.viewer : request.peer,
                                 .to = sent ? request.peer : request.viewer,
                                 .seq = row.key.seq,
                                 .random = row.key.random,
                                 .time = row.key.time,
                                 .flags = recalled ? kRecalledBit : 0,
                                 .key = format_message_key(row.key),
                                 .body = {std::move(row.message.body)},
                                 .cloud_data = std::move(row.message.cloud_data)});
  }
  if (!response.messages.empty()) {
    response.last_time = response.messages.front().time;
    response.last_key = response.messages.front().key;
  }
  return response;
}

struct RecallRequest {
  std::string from;
  std::string to;
  MsgKeyText<ErrorCode::kBadMsgKey> key;

  static constexpr auto fields() {
    using Self = RecallRequest;
    return std::tuple{
        Field{"From_Account",
              &Self::from,
              {.required = true, .code = ErrorCode::kBadFromAccount, .example = R"("id1")"},
              "Who sent the message"},
        Field{"To_Account",
              &Self::to,
              {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id2")"},
              "Who received it"},
        Field{"MsgKey",
              &Self::key,
              {.required = true,
               .code = ErrorCode::kBadMsgKey,
               .example = R"("93847_1287_1700000000")"},
              "The message"},
    };
  }
};

Result<Empty> admin_msgwithdraw(Call& call, const RecallRequest& request) {
  TRY_STATUS(recall_message(call.chat, request.from, request.to, request.key.key));
  return Empty{};
}

struct ModifyRequest : ModifiedParts {
  std::string from;
  std::string to;
  MsgKeyText<ErrorCode::kBadMsgKey> key;

  static constexpr auto fields() {
    using Self = ModifyRequest;
    return std::tuple_cat(
        std::tuple{
            Field{"From_Account",
                  &Self::from,
                  {.required = true, .code = ErrorCode::kPartyInvalid, .example = R"("id1")"},
                  "Who sent the message"},
            Field{"To_Account",
                  &Self::to,
                  {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id2")"},
                  "Who received it"},
            Field{"MsgKey",
                  &Self::key,
                  {.required = true,
                   .code = ErrorCode::kBadMsgKey,
                   .example = R"("93847_1287_1700000000")"},
                  "The message"},
        },
        modified_fields<Self>());
  }
};

Result<ModifyResponse> modify_c2c_msg(Call& call, const ModifyRequest& request) {
  TRY(const auto change, request.change());
  TRY_STATUS(modify_message(call.chat, request.from, request.to, request.key.key, change));
  return ModifyResponse{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&admin_getroammsg>("openim/admin_getroammsg",
        {.summary = "Read a one-to-one conversation's roaming messages as one party sees them",
         .errors = {ErrorCode::kBadFromAccount, ErrorCode::kBadToAccount},
         .since = "0.1"}),
    post<&admin_msgwithdraw>("openim/admin_msgwithdraw",
        {.summary = "Recall a one-to-one message",
         .errors = {ErrorCode::kNoSuchMessage, ErrorCode::kAlreadyRecalled, ErrorCode::kBadFromAccount,
                    ErrorCode::kBadToAccount, ErrorCode::kBadMsgKey},
         .since = "0.1"}),
    post<&modify_c2c_msg>("openim/modify_c2c_msg",
        {.summary = "Overwrite a stored one-to-one message for both parties",
         .errors = {ErrorCode::kPartyInvalid, ErrorCode::kNoSuchMessage, ErrorCode::kAlreadyRecalled,
                    ErrorCode::kBadMessageElement, ErrorCode::kBadToAccount, ErrorCode::kBadMsgBody,
                    ErrorCode::kRecipientNotImported, ErrorCode::kBadMsgKey, ErrorCode::kMessageTooLong},
         .since = "0.2",
         .message_size_limited = true}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> c2c_history_endpoints() {
  return kRows;
}

}  // namespace confab
