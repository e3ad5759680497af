// openim: one-to-one messages, their history and their unread counts.
#include <algorithm>
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "api/rest/message_body.h"
#include "api/rest/offline_push.h"
#include "domain/history.h"
#include "domain/messages.h"
#include "domain/unread.h"

namespace confab {
namespace {

constexpr std::int64_t kMaxLifeTime = 604'800;  // 7 days, in seconds
struct SendRequest {
  std::int64_t sync = 0;
  std::string from;
  std::string to;
  std::int64_t life_time = kMaxLifeTime;
  std::optional<std::uint32_t> seq;
  std::uint32_t random = 0;
  std::vector<std::string> callback_control;
  std::vector<std::string> send_control;
  MessageBody body;
  std::string cloud_data;
  std::int64_t extensible = 0;
  std::int64_t wants_receipt = 0;
  OfflinePush push;

  static constexpr auto fields() {
    using Self = SendRequest;
    return std::tuple{
        Field{"SyncOtherMachine",
              &Self::sync,
              {.type_code = ErrorCode::kBadSyncOtherMachine},
              "1: the sender gets it too; 2: the sender gets nothing, also no history"},
        Field{"From_Account",
              &Self::from,
              {.type_code = ErrorCode::kAccountNotImported, .example = R"("id1")"},
              "Sender; the calling admin when absent"},
        Field{"To_Account",
              &Self::to,
              {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id2")"},
              "Recipient"},
        Field{"MsgLifeTime",
              &Self::life_time,
              {.min = 0,
               .max = kMaxLifeTime,
               .clamp = true,
               .code = ErrorCode::kBadMsgLifeTime,
               .type_code = ErrorCode::kMsgLifeTimeNotInteger},
              "Seconds; 0: for online devices only, nothing is stored"},
        Field{"MsgSeq",
              &Self::seq,
              {.code = ErrorCode::kBadMsgSeq, .example = "93847"},
              "Order inside one second; drawn by the server when absent"},
        Field{"MsgRandom",
              &Self::random,
              {.required = true, .code = ErrorCode::kBadMsgRandom, .example = "1287"},
              "With MsgSeq: makes a repetition in the same second harmless"},
        Field{"ForbidCallbackControl", &Self::callback_control, {}, "Webhooks to leave out"},
        Field{"SendMsgControl",
              &Self::send_control,
              {},
              "NoUnread: does not count as unread; NoLastMsg: does not touch the lists"},
        Field{"MsgBody",
              &Self::body,
              {.required = true,
               .code = ErrorCode::kBadMsgBody,
               .example = R"([{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}])"},
              "Elements"},
        Field{"CloudCustomData", &Self::cloud_data, {}, "Stored and given back unchanged"},
        Field{"SupportMessageExtension",
              &Self::extensible,
              {.min = 0, .max = 1},
              "1: extensions may be set later"},
        Field{"IsNeedReadReceipt",
              &Self::wants_receipt,
              {.min = 0, .max = 1},
              "1: asks the recipient's client for a receipt"},
        Field{"OfflinePushInfo", &Self::push, kPushField, "Push options"},
    };
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

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

Result<SendResponse> sendmsg(Call& call, const SendRequest& request) {
  TRY(const auto key,
      send_message(call.chat,
                   {.from = request.from.empty() ? std::string(call.caller) : request.from,
                    .to = request.to,
                    .seq = request.seq,
                    .random = request.random,
                    .body = request.body.json,
                    .cloud_data = request.cloud_data,
                    .online_only = request.life_time == 0,
                    .hidden_from_sender = request.sync == 2,
                    .counts_as_unread = !has(request.send_control, "NoUnread"),
                    .refreshes_list = !has(request.send_control, "NoLastMsg"),
                    .extensible = request.extensible == 1}));
  return SendResponse{key.time, format_message_key(key)};
}

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
  TRY(const auto page, read_history(call.chat, query));

  HistoryResponse response{.complete = page.complete ? 1 : 0,
                           .count = static_cast<std::int64_t>(page.rows.size())};
  const auto viewer_side = side_of(request.viewer, request.peer);
  for (const auto& row : page.rows) {
    const bool sent = row.sender == viewer_side;
    const bool recalled = (row.message.flags & MessageRecord::kRecalled) != 0;
    response.messages.push_back({.from = sent ? request.viewer : request.peer,
                                 .to = sent ? request.peer : request.viewer,
                                 .seq = row.key.seq,
                                 .random = row.key.random,
                                 .time = row.key.time,
                                 .flags = recalled ? kRecalledBit : 0,
                                 .key = format_message_key(row.key),
                                 .body = {row.message.body},
                                 .cloud_data = row.message.cloud_data});
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

struct UnreadRequest {
  std::string user;
  std::vector<std::string> peers;

  static constexpr auto fields() {
    using Self = UnreadRequest;
    return std::tuple{
        Field{"To_Account",
              &Self::user,
              {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id1")"},
              "Whose unread messages"},
        Field{"Peer_Account",
              &Self::peers,
              {.max_items = 10, .count_code = ErrorCode::kTooManyAccounts},
              "Count for each of these; the total when absent"},
    };
  }
};

struct UnreadItem {
  std::string peer;
  std::int64_t count = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"Peer_Account", &UnreadItem::peer, {}, "Peer"},
        Field{"C2CUnreadMsgNum", &UnreadItem::count, {}, "Unread messages, at most 250"},
    };
  }
};

struct UnreadError {
  std::string peer;
  std::int64_t code = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"Peer_Account", &UnreadError::peer, {}, "Peer"},
        Field{"ErrorCode", &UnreadError::code, {}, "70107: not imported"},
    };
  }
};

struct UnreadResponse {
  std::optional<std::int64_t> total;
  std::optional<std::vector<UnreadItem>> counts;
  std::optional<std::vector<UnreadError>> errors;

  static constexpr auto fields() {
    using Self = UnreadResponse;
    return std::tuple{
        Field{"AllC2CUnreadMsgNum", &Self::total, {}, "Without Peer_Account: the total"},
        Field{"C2CUnreadMsgNumList", &Self::counts, {}, "With Peer_Account: one for each"},
        Field{"ErrorList", &Self::errors, {}, "With Peer_Account: those that failed"},
    };
  }
};

Result<UnreadResponse> get_c2c_unread_msg_num(Call& call, const UnreadRequest& request) {
  UnreadResponse response;
  if (request.peers.empty()) {
    TRY(const auto total, total_unread(call.chat, request.user));
    response.total = static_cast<std::int64_t>(total);
    return response;
  }
  TRY(const auto counts, unread_by_peer(call.chat, request.user, request.peers));
  response.counts.emplace();
  response.errors.emplace();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i]) {
      response.counts->push_back({request.peers[i], static_cast<std::int64_t>(*counts[i])});
    } else {
      response.errors->push_back(
          {request.peers[i], static_cast<std::int64_t>(ErrorCode::kNoSuchAccountItem)});
    }
  }
  return response;
}

struct ReadRequest {
  std::string reader;
  std::string peer;
  std::optional<std::int64_t> until;

  static constexpr auto fields() {
    using Self = ReadRequest;
    return std::tuple{
        Field{"Report_Account",
              &Self::reader,
              {.required = true, .code = ErrorCode::kBadFromAccount, .example = R"("id1")"},
              "Who has read"},
        Field{"Peer_Account",
              &Self::peer,
              {.required = true, .code = ErrorCode::kBadToAccount, .example = R"("id2")"},
              "Whose messages"},
        Field{"MsgReadTime", &Self::until, {.min = 0}, "Up to this time, seconds; now when absent"},
    };
  }
};

Result<Empty> admin_set_msg_read(Call& call, const ReadRequest& request) {
  // Without a time: all that there is, also what bears a later time because the clock stepped back.
  TRY_STATUS(mark_read(call.chat, request.reader, request.peer, request.until.value_or(kMaxTime)));
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
    post<&admin_getroammsg>("openim/admin_getroammsg",
        {.summary = "Read a one-to-one conversation's roaming messages as one party sees them",
         .errors = {ErrorCode::kBadFromAccount, ErrorCode::kBadToAccount},
         .since = "0.1"}),
    post<&admin_msgwithdraw>("openim/admin_msgwithdraw",
        {.summary = "Recall a one-to-one message",
         .errors = {ErrorCode::kNoSuchMessage, ErrorCode::kAlreadyRecalled, ErrorCode::kBadFromAccount,
                    ErrorCode::kBadToAccount, ErrorCode::kBadMsgKey},
         .since = "0.1"}),
    post<&get_c2c_unread_msg_num>("openim/get_c2c_unread_msg_num",
        {.summary = "Count one user's unread one-to-one messages",
         .errors = {ErrorCode::kBadToAccount, ErrorCode::kTooManyAccounts},
         .since = "0.1"}),
    post<&admin_set_msg_read>("openim/admin_set_msg_read",
        {.summary = "Mark one user's one-to-one conversation as read",
         .errors = {ErrorCode::kBadFromAccount, ErrorCode::kBadToAccount},
         .since = "0.1"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> c2c_endpoints() {
  return kRows;
}

}  // namespace confab
