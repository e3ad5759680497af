// openim: sending and importing one-to-one messages. The three commands share most of their fields,
// so each of those is described once, for whichever request it is part of.
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "api/rest/message_fields.h"
#include "api/rest/offline_push.h"
#include "domain/messages.h"

namespace confab {
namespace {

constexpr std::int64_t kMaxLifeTime = 604'800;  // 7 days, in seconds
constexpr std::size_t kMaxRecipients = 500;

/// What a message of each kind has.
struct Content {
  std::optional<std::uint32_t> seq;
  std::uint32_t random = 0;
  MessageBody body;
  std::string cloud_data;
};

template <typename Self>
constexpr auto number_fields() {
  return std::tuple{
      Field<Self, std::optional<std::uint32_t>>{
          "MsgSeq",
          &Self::seq,
          {.code = ErrorCode::kBadMsgSeq, .example = "93847"},
          "Order inside one second; drawn by the server when absent"},
      Field<Self, std::uint32_t>{
          "MsgRandom",
          &Self::random,
          {.required = true, .code = ErrorCode::kBadMsgRandom, .example = "1287"},
          "With MsgSeq: makes a repetition in the same second harmless"},
  };
}

template <typename Self>
constexpr auto body_fields() {
  return std::tuple_cat(std::tuple{Field<Self, MessageBody>{"MsgBody",
                                                            &Self::body,
                                                            {.required = true,
                                                             .code = ErrorCode::kBadMsgBody,
                                                             .example = kMsgBodyExample},
                                                            "Elements"}},
                        cloud_data_field<Self>());
}

/// What can be said about the delivery of a message that is sent, not imported.
struct Delivery : Content {
  std::int64_t sync = 0;
  std::int64_t life_time = kMaxLifeTime;
  std::vector<std::string> send_control;
  std::int64_t wants_receipt = 0;
  OfflinePush push;
};

template <typename Self>
constexpr auto sync_field() {
  return std::tuple{
      Field<Self, std::int64_t>{
          "SyncOtherMachine",
          &Self::sync,
          {.type_code = Self::kBadSync},
          "1: the sender gets it too; 2: the sender gets nothing, also no history"},
  };
}

template <typename Self>
constexpr auto delivery_fields() {
  return std::tuple_cat(
      std::tuple{
          Field<Self, std::int64_t>{"MsgLifeTime",
                                    &Self::life_time,
                                    {.min = 0,
                                     .max = kMaxLifeTime,
                                     .clamp = true,
                                     .code = ErrorCode::kBadMsgLifeTime,
                                     .type_code = Self::kBadLifeTimeType},
                                    "Seconds; 0: for online devices only, nothing is stored"}},
      number_fields<Self>(), send_control_field<Self>(), body_fields<Self>(),
      std::tuple{Field<Self, std::int64_t>{"IsNeedReadReceipt",
                                           &Self::wants_receipt,
                                           {.min = 0, .max = 1},
                                           "1: asks the recipient's client for a receipt"},
                 Field<Self, OfflinePush>{"OfflinePushInfo", &Self::push, Self::kPush,
                                          "Push options"}});
}

NewMessage to_message(const Call& call, const std::string& from, const Delivery& delivery) {
  return {.from = from.empty() ? std::string(call.caller) : from,
          .to = {},
          .seq = delivery.seq,
          .random = delivery.random,
          .body = delivery.body.json,
          .cloud_data = delivery.cloud_data,
          .online_only = delivery.life_time == 0,
          .hidden_from_sender = delivery.sync == 2,
          .counts_as_unread = !has_word(delivery.send_control, kNoUnread),
          .refreshes_list = !has_word(delivery.send_control, kNoLastMsg)};
}

struct SendRequest : Delivery {
  static constexpr auto kBadSync = ErrorCode::kBadSyncOtherMachine;
  static constexpr auto kBadLifeTimeType = ErrorCode::kMsgLifeTimeNotInteger;
  static constexpr auto kPush = kPushField;

  std::string from;
  std::string to;
  std::vector<std::string> callback_control;
  std::int64_t extensible = 0;

  static constexpr auto fields() {
    using Self = SendRequest;
    return std::tuple_cat(
        sync_field<Self>(),
        std::tuple{
            Field{"From_Account",
                  &Self::from,
                  {.type_code = ErrorCode::kAccountNotImported, .example = R"("id1")"},
                  "Sender; the calling admin when absent"},
            Field{"To_Account",
                  &Self::to,
                  {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id2")"},
                  "Recipient"},
        },
        delivery_fields<Self>(), callback_control_field<Self>(), extensible_field<Self>());
  }
};

struct SendResponse {
  std::int64_t time = 0;
  std::string key;

  static constexpr auto fields() {
    return std::tuple{
        Field{"MsgTime", &SendResponse::time, {}, "The server's time of the message, seconds"},
        Field{"MsgKey", &SendResponse::key, {}, "Names the message"},
    };
  }
};

Result<SendResponse> sendmsg(Call& call, const SendRequest& request) {
  auto message = to_message(call, request.from, request);
  message.to = request.to;
  message.extensible = request.extensible == 1;
  TRY(const auto key, send_message(call.chat, message));
  return SendResponse{key.time, format_message_key(key)};
}

struct BatchRequest : Delivery {
  static constexpr auto kBadSync = ErrorCode::kInvalidField;
  static constexpr auto kBadLifeTimeType = ErrorCode::kBadMsgLifeTime;
  static constexpr Rules kPush{};

  std::string from;
  std::vector<std::string> to;

  static constexpr auto fields() {
    using Self = BatchRequest;
    return std::tuple_cat(sync_field<Self>(),
                          std::tuple{
                              Field{"From_Account",
                                    &Self::from,
                                    {.code = ErrorCode::kBadFromAccount, .example = R"("id1")"},
                                    "Sender; the calling admin when absent"},
                              Field{"To_Account",
                                    &Self::to,
                                    {.required = true,
                                     .min_items = 1,
                                     .max_items = kMaxRecipients,
                                     .code = ErrorCode::kRecipientNotImported,
                                     .count_code = ErrorCode::kBatchTooLarge,
                                     .empty_code = ErrorCode::kRecipientNotImported,
                                     .example = R"(["id2","id3"])"},
                                    "Recipients; who is named twice gets it once"},
                          },
                          delivery_fields<Self>());
  }
};

struct BatchError {
  std::string to;
  std::int64_t code = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"To_Account", &BatchError::to, {}, "Recipient"},
        Field{"ErrorCode", &BatchError::code, {}, "70107: not imported"},
    };
  }
};

struct BatchResponse {
  std::optional<std::string> key;
  std::vector<BatchError> errors;

  Outcome outcome() const {
    if (errors.empty()) return {};
    if (key) return {.action_status = "SomeError"};
    const auto code = errors.front().code == static_cast<std::int64_t>(ErrorCode::kMessageInternal)
                          ? ErrorCode::kMessageInternal
                          : ErrorCode::kRecipientNotImported;
    // The text is documented literally (A16).
    return {.action_status = "FAIL",
            .code = code,
            .info = code == ErrorCode::kMessageInternal ? error_entry(code).text
                                                        : "invalid To_Account"};
  }
  static constexpr auto fields() {
    return std::tuple{
        Field{"MsgKey", &BatchResponse::key, {}, "Names the message, for each who got it"},
        Field{"ErrorList", &BatchResponse::errors, {}, "Who did not get it"},
    };
  }
};

Result<BatchResponse> batchsendmsg(Call& call, const BatchRequest& request) {
  TRY(const auto sent,
      send_to_many(call.chat, to_message(call, request.from, request), request.to));
  BatchResponse response;
  if (sent.reached != 0) response.key = format_message_key(sent.key);
  for (const auto& [to, code] : sent.failures) {
    response.errors.push_back(
        {to, static_cast<std::int64_t>(find_family("openim")->translate(code))});
  }
  return response;
}

/// SyncFromOldSystem. COMPAT(tencent): older clients leave it out or send 1 for live messages.
constexpr std::int64_t kOldLive = 1;
constexpr std::int64_t kHistory = 2;
constexpr std::int64_t kLive = 5;

struct SyncFromOldSystem {
  std::int64_t value = kHistory;

  static Result<SyncFromOldSystem> from_json(JsonValue value, const FieldPath& path) {
    std::int64_t number = 0;
    TRY_STATUS(decode_json(value, path, {.code = ErrorCode::kBadSyncFromOldSystem}, number));
    if (number == kOldLive || number == kHistory || number == kLive) {
      return SyncFromOldSystem{number};
    }
    return path.refuse(ErrorCode::kBadSyncFromOldSystem,
                       "must be 2 (history) or 5 (live), is " + std::to_string(number));
  }
  void to_json(std::string& out) const { out += std::to_string(value); }
  static void schema(JsonWriter& w) {
    w.member("type", "integer");
    w.key("enum");
    w.raw("[2,5]");
  }
};

struct ImportRequest : Content {
  SyncFromOldSystem sync;
  std::string from;
  std::string to;
  std::uint32_t time = 0;

  static constexpr auto fields() {
    using Self = ImportRequest;
    return std::tuple_cat(
        std::tuple{
            Field{"SyncFromOldSystem",
                  &Self::sync,
                  {.code = ErrorCode::kBadSyncFromOldSystem, .example = "2"},
                  "2: history, not unread; 5: live, counts as unread; absent: 2"},
            Field{"From_Account",
                  &Self::from,
                  {.required = true, .code = ErrorCode::kBadFromAccount, .example = R"("id1")"},
                  "Sender"},
            Field{"To_Account",
                  &Self::to,
                  {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id2")"},
                  "Recipient"},
        },
        number_fields<Self>(),
        std::tuple{
            Field{"MsgTimeStamp",
                  &Self::time,
                  {.required = true,
                   .min = 1,
                   .code = ErrorCode::kBadMsgTimeStamp,
                   .example = "1700000000"},
                  "Time of the message, seconds; at most a day from now"},
        },
        body_fields<Self>());
  }
};

/// Clocks differ; but a message of a far future would stay on top of every list for years.
constexpr Seconds kMaxAhead = Seconds{24} * 3600;

Result<Empty> importmsg(Call& call, const ImportRequest& request) {
  const auto latest = call.chat.now() + kMaxAhead;
  if (Seconds{request.time} > latest) {
    return fail(ErrorCode::kBadMsgTimeStamp, "MsgTimeStamp: at most " + std::to_string(latest) +
                                                 ", a day from now, is " +
                                                 std::to_string(request.time));
  }
  TRY_STATUS(send_message(call.chat, {.from = request.from,
                                      .to = request.to,
                                      .seq = request.seq,
                                      .random = request.random,
                                      .body = request.body.json,
                                      .cloud_data = request.cloud_data,
                                      .counts_as_unread = request.sync.value != kHistory,
                                      .time = request.time,
                                      .imported = true}));
  return Empty{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&sendmsg>("openim/sendmsg",
        {.summary = "Send a one-to-one message",
         .errors = {ErrorCode::kBadMessageElement, ErrorCode::kBadToAccount, ErrorCode::kBadMsgSeq,
                    ErrorCode::kBadMsgRandom, ErrorCode::kBadMsgBody, ErrorCode::kRecipientNotImported,
                    ErrorCode::kBadMsgLifeTime, ErrorCode::kBadSyncOtherMachine,
                    ErrorCode::kBadOfflinePushInfo, ErrorCode::kMsgLifeTimeNotInteger,
                    ErrorCode::kAccountNotImported, ErrorCode::kMessageTooLong},
         .since = "0.1",
         .message_size_limited = true}),
    post<&batchsendmsg>("openim/batchsendmsg",
        {.summary = "Send one message to up to 500 recipients",
         .errors = {ErrorCode::kBadMessageElement, ErrorCode::kBadMsgSeq, ErrorCode::kBadMsgRandom,
                    ErrorCode::kBadMsgBody, ErrorCode::kBadFromAccount, ErrorCode::kBatchTooLarge,
                    ErrorCode::kRecipientNotImported, ErrorCode::kBadMsgLifeTime,
                    ErrorCode::kBadOfflinePushInfo, ErrorCode::kMessageTooLong},
         .since = "0.2",
         .message_size_limited = true}),
    post<&importmsg>("openim/importmsg",
        {.summary = "Import a one-to-one message with a time of its own",
         .errors = {ErrorCode::kBadMessageElement, ErrorCode::kBadToAccount, ErrorCode::kBadMsgSeq,
                    ErrorCode::kBadMsgRandom, ErrorCode::kBadMsgTimeStamp, ErrorCode::kBadMsgBody,
                    ErrorCode::kBadFromAccount, ErrorCode::kRecipientNotImported,
                    ErrorCode::kBadSyncFromOldSystem, ErrorCode::kAccountNotImported,
                    ErrorCode::kMessageTooLong},
         .since = "0.2",
         .message_size_limited = true}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> c2c_send_endpoints() {
  return kRows;
}

}  // namespace confab
