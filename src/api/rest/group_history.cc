// group_open_http_svc and openim: stored messages of groups: reading, recalling, modifying.
#include <algorithm>
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/group_fields.h"
#include "api/rest/message_fields.h"
#include "domain/group_messages.h"

namespace confab {
namespace {

constexpr std::int64_t kMaxRows = 20;
constexpr std::size_t kMaxRecalled = 10;

/// IsPlaceMsg.
constexpr std::int64_t kExpired = 1;
constexpr std::int64_t kRecalled = 2;

struct HistoryRequest : TopicTarget {
  std::int64_t count = 0;
  std::int64_t seq = 0;
  std::int64_t with_recalled = 0;

  static constexpr auto fields() {
    using Self = HistoryRequest;
    return std::tuple_cat(group_field<Self>(), topic_field<Self>(),
                          std::tuple{
                              Field{"ReqMsgNumber",
                                    &Self::count,
                                    {.required = true, .min = 1, .example = "20"},
                                    "Messages wanted; at most 20 come"},
                              Field{"ReqMsgSeq",
                                    &Self::seq,
                                    {.min = 0},
                                    "The greatest MsgSeq wanted; absent or 0: the newest"},
                              Field{"WithRecalledMsg",
                                    &Self::with_recalled,
                                    {.min = 0, .max = 1},
                                    "1: recalled messages, too"},
                          });
  }
};

struct HistoryItem {
  std::string from;
  std::int64_t place = 0;
  RawJson body{"[]"};
  std::int64_t priority = std::to_underlying(Priority::kNormal);
  std::int64_t random = 0;
  std::int64_t seq = 0;
  std::int64_t time = 0;
  std::int64_t is_system = 0;
  std::string cloud_data;

  explicit HistoryItem(const GroupHistoryRow& row);

  static constexpr auto fields() {
    using Self = HistoryItem;
    return std::tuple{
        Field{"From_Account", &Self::from, {}, "Sender; of a notice: who caused it"},
        Field{"IsPlaceMsg", &Self::place, {}, "0 message, 1 expired, 2 recalled"},
        Field{"MsgBody", &Self::body, {}, "Elements"},
        Field{"MsgPriority", &Self::priority, {}, "1 High, 2 Normal, 3 Low, 4 Lowest"},
        Field{"MsgRandom", &Self::random, {}, "The sender's Random"},
        Field{"MsgSeq", &Self::seq, {}, "Greater is newer"},
        Field{"MsgTimeStamp", &Self::time, {}, "Seconds"},
        Field{"IsSystemMsg", &Self::is_system, {}, "1: a notice of the group"},
        Field{"CloudCustomData", &Self::cloud_data, {}, "As sent"},
    };
  }
};

HistoryItem::HistoryItem(const GroupHistoryRow& row) : seq(static_cast<std::int64_t>(row.seq)) {
  if (!row.message) {
    place = kExpired;
    return;
  }
  const auto& message = *row.message;
  from = message.sender;
  place = (message.flags & GroupMessageRecord::kRecalled) != 0 ? kRecalled : 0;
  body.text = message.body;
  priority = message.priority;
  random = message.random;
  time = message.time;
  is_system = (message.flags & GroupMessageRecord::kTip) != 0 ? 1 : 0;
  cloud_data = message.cloud_data;
}

/// IsFinished (rule 93).
constexpr std::int64_t kCut = 0;
constexpr std::int64_t kWhole = 1;
constexpr std::int64_t kCutAndExpired = 2;

struct HistoryResponse {
  std::string group;
  std::int64_t finished = kWhole;
  std::vector<HistoryItem> rows;

  static constexpr auto fields() {
    using Self = HistoryResponse;
    return std::tuple{
        Field{"GroupId", &Self::group, {}, "As asked"},
        Field{"IsFinished",
              &Self::finished,
              {},
              "1 all that was asked for; 0 cut; 2 cut, and all expired"},
        Field{"RspMsgList", &Self::rows, {}, "Newest first"},
    };
  }
};

Result<HistoryResponse> group_history(Call& call, const HistoryRequest& request) {
  const auto limit = static_cast<std::size_t>(std::min(request.count, kMaxRows));
  GroupHistoryQuery query{.group = request.group,
                          .limit = limit,
                          .with_recalled = request.with_recalled == 1};
  if (request.seq > 0) query.from = static_cast<Position>(request.seq);
  TRY(const auto page, read_group_history(call.chat, query));
  HistoryResponse response{.group = request.group};
  for (const auto& row : page.rows)
    response.rows.emplace_back(row);
  const bool asked_for_more = request.count > kMaxRows || page.rows.size() < limit;
  if (asked_for_more && !page.reached_first) {
    const bool all_expired = std::ranges::all_of(response.rows, [](const HistoryItem& row) {
      return row.place == kExpired;
    });
    response.finished = all_expired && !response.rows.empty() ? kCutAndExpired : kCut;
  }
  return response;
}

struct SeqItem {
  std::int64_t seq = 0;

  static constexpr auto fields() {
    return std::tuple{Field{"MsgSeq", &SeqItem::seq, {.required = true, .min = 0}, "The message"}};
  }
};

struct RecallRequest : TopicTarget {
  std::vector<SeqItem> messages;

  static constexpr auto fields() {
    using Self = RecallRequest;
    return std::tuple_cat(group_field<Self>(), topic_field<Self>(),
                          std::tuple{Field{"MsgSeqList",
                                           &Self::messages,
                                           {.required = true,
                                            .min_items = 1,
                                            .max_items = kMaxRecalled,
                                            .example = R"([{"MsgSeq":2}])"},
                                           "Messages"}});
  }
};

struct RecallResult {
  std::int64_t seq = 0;
  std::int64_t code = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"MsgSeq", &RecallResult::seq, {}, "The message"},
        Field{"RetCode",
              &RecallResult::code,
              {},
              "0; 10030: no such message; 10032: recalled already, or a notice"},
    };
  }
};

struct RecallResponse {
  std::vector<RecallResult> results;

  static constexpr auto fields() {
    return std::tuple{Field{"RecallRetList", &RecallResponse::results, {}, "One for each message"}};
  }
};

Result<RecallResponse> group_recall(Call& call, const RecallRequest& request) {
  std::vector<Position> seqs;
  seqs.reserve(request.messages.size());
  for (const auto& message : request.messages)
    seqs.push_back(static_cast<Position>(message.seq));
  TRY(const auto codes, recall_group_messages(call.chat, request.group, seqs));
  RecallResponse response;
  for (std::size_t i = 0; i < codes.size(); ++i)
    response.results.push_back({request.messages[i].seq, std::to_underlying(codes[i])});
  return response;
}

struct RecallBySenderRequest : TopicTarget {
  std::string sender;

  static constexpr auto fields() {
    using Self = RecallBySenderRequest;
    return std::tuple_cat(group_field<Self>(), topic_field<Self>(),
                          std::tuple{Field{"Sender_Account", &Self::sender,
                                           account_rules({.required = true, .example = R"("id2")"}),
                                           "Whose messages"}});
  }
};

Result<Empty> group_recall_by_sender(Call& call, const RecallBySenderRequest& request) {
  TRY_STATUS(recall_by_sender(call.chat, request.group, request.sender));
  return Empty{};
}

struct ModifyRequest : TopicTarget, ModifiedParts {
  std::int64_t seq = 0;

  static constexpr auto fields() {
    using Self = ModifyRequest;
    return std::tuple_cat(group_field<Self>(), topic_field<Self>(),
                          std::tuple{Field{"MsgSeq",
                                           &Self::seq,
                                           {.required = true, .min = 0, .example = "2"},
                                           "The message"}},
                          modified_fields<Self>());
  }
};

Result<ModifyResponse> group_modify(Call& call, const ModifyRequest& request) {
  TRY(const auto change, request.change());
  TRY_STATUS(
      modify_group_message(call.chat, request.group, static_cast<Position>(request.seq), change));
  return ModifyResponse{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&group_history>("group_open_http_svc/group_msg_get_simple",
        {.summary = "Read a group's stored messages, newest first",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported},
         .since = "0.3",
         .group_can = GroupCan::kKeepHistory}),
    post<&group_recall>("group_open_http_svc/group_msg_recall",
        {.summary = "Recall up to 10 messages of a group",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kRecallUnsupported},
         .since = "0.3",
         .group_can = GroupCan::kRecall}),
    post<&group_recall_by_sender>("group_open_http_svc/delete_group_msg_by_sender",
        {.summary = "Recall what one sender wrote among the newest 1000 messages of a group",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kAccountNotString},
         .since = "0.3"}),
    post<&group_modify>("openim/modify_group_msg",
        {.summary = "Overwrite a stored message of a group",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kGroupParameter, ErrorCode::kGroupNotPermitted, ErrorCode::kNoSuchMessage,
                    ErrorCode::kAlreadyRecalled, ErrorCode::kBadMessageElement, ErrorCode::kBadMsgBody,
                    ErrorCode::kGroupMessageTooLong},
         .since = "0.3",
         .group_can = GroupCan::kKeepHistory}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> group_history_endpoints() {
  return kRows;
}

}  // namespace confab
