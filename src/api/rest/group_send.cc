// group_open_http_svc: sending and importing messages, system notices, unread counts.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "api/rest/group_fields.h"
#include "api/rest/message_fields.h"
#include "api/rest/offline_push.h"
#include "domain/group_messages.h"

namespace confab {
namespace {

constexpr std::size_t kMaxTargets = 50;
constexpr std::size_t kMaxMentions = 30;
constexpr std::size_t kMaxNoticeTargets = 500;
constexpr std::size_t kMaxImported = 20;

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

/// Rule 80, Q25.
Status check_message_size(std::size_t body, std::size_t cloud_data) {
  if (body + cloud_data <= kMaxGroupMessage) return {};
  return message_too_long(body + cloud_data);
}

struct Mention {
  std::int64_t everybody = 0;
  std::string user;

  static constexpr auto fields() {
    using Self = Mention;
    return std::tuple{
        Field{
            "GroupAtAllFlag", &Self::everybody, {.min = 0, .max = 1}, "1 everybody, 0 one member"},
        Field{"GroupAt_Account", &Self::user, account_rules({.required = true}),
              "GroupAtAllFlag 0: the member",
              [](const Self& r) {
                return r.everybody == 0;
              }},
    };
  }
};

struct SendRequest : TopicTarget {
  std::string from;
  std::optional<std::uint32_t> random;
  PriorityField priority;
  InGroup<MessageBody> body;
  std::string cloud_data;
  InGroup<OfflinePush> push;
  std::vector<std::string> callback_control;
  std::int64_t online_only = 0;
  std::vector<std::string> send_control;
  std::int64_t extensible = 0;
  std::vector<std::string> targets;
  std::vector<Mention> mentions;

  static constexpr auto fields() {
    using Self = SendRequest;
    return std::tuple_cat(
        group_field<Self>(), topic_field<Self>(),
        std::tuple{
            Field{"Random",
                  &Self::random,
                  {.example = "8912345"},
                  "Makes a repetition within 5 minutes harmless; drawn by the server when absent"},
            Field{"MsgPriority", &Self::priority, {}, "High, Normal or Low"},
            Field{
                "MsgBody", &Self::body, {.required = true, .example = kMsgBodyExample}, "Elements"},
            Field{"From_Account", &Self::from, account_rules({.example = R"("id1")"}),
                  "Sender, who needs not be a member; the calling admin when absent"},
            Field{"OfflinePushInfo", &Self::push, {}, "Push options"},
            Field{"OnlineOnlyFlag",
                  &Self::online_only,
                  {.min = 0, .aliases = {"MsgOnlineOnlyFlag"}},
                  "Above 0: for online devices only, nothing is stored"},
            Field{"To_Account", &Self::targets, account_rules({.max_items = kMaxTargets}),
                  "Who alone gets the message"},
            Field{"GroupAtInfo",
                  &Self::mentions,
                  {.max_items = kMaxMentions, .count_code = ErrorCode::kTooManyMentions},
                  "Who is mentioned, in the order of the text"},
        },
        send_control_field<Self>(), cloud_data_field<Self>(), callback_control_field<Self>(),
        extensible_field<Self>());
  }

  static constexpr auto group_options() {
    using Self = SendRequest;
    return std::array{
        GroupOption<Self>{"OnlineOnlyFlag", [](const Self& r) { return r.online_only != 0; },
                          GroupCan::kKeepHistory},
        GroupOption<Self>{"SendMsgControl", [](const Self& r) { return !r.send_control.empty(); },
                          GroupCan::kKeepHistory},
        GroupOption<Self>{"SendMsgControl NoUnread",
                          [](const Self& r) { return has_word(r.send_control, kNoUnread); },
                          GroupCan::kCountUnread},
        GroupOption<Self>{"To_Account", [](const Self& r) { return !r.targets.empty(); },
                          GroupCan::kTargetMessages},
        GroupOption<Self>{"GroupAtAllFlag",
                          [](const Self& r) {
                            return std::ranges::any_of(r.mentions, [](const Mention& m) {
                              return m.everybody == 1;
                            });
                          },
                          GroupCan::kMentionAll},
    };
  }

  /// Options that exclude each other (rules 84, 86), and the size.
  Status check() const {
    TRY_STATUS(check_message_size(body.value.json.size(), cloud_data.size()));
    if (online_only != 0 && !send_control.empty()) {
      return fail(ErrorCode::kInvalidField, "OnlineOnlyFlag: not together with SendMsgControl");
    }
    if (!targets.empty() && !mentions.empty()) {
      return fail(ErrorCode::kInvalidField, "To_Account: not together with GroupAtInfo");
    }
    return {};
  }
};

std::string mentions_text(const std::vector<Mention>& mentions) {
  std::string text;
  if (!mentions.empty()) encode_json(mentions, text);
  return text;
}

struct SendResponse {
  std::int64_t time = 0;
  std::int64_t seq = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"MsgTime", &SendResponse::time, {}, "The server's time of the message, seconds"},
        Field{"MsgSeq", &SendResponse::seq, {}, "Names the message inside the group"},
    };
  }
};

Result<SendResponse> group_send(Call& call, const SendRequest& request) {
  const auto from = request.from.empty() ? std::string(call.caller) : request.from;
  TRY(const auto id,
      send_group_message(call.chat, {.group = request.group,
                                     .from = from,
                                     .random = request.random.value_or(
                                         static_cast<std::uint32_t>(call.chat.random.next())),
                                     .priority = request.priority.value,
                                     .body = request.body.value.json,
                                     .cloud_data = request.cloud_data,
                                     .mentions = mentions_text(request.mentions),
                                     .targets = request.targets,
                                     .online_only = request.online_only != 0,
                                     .counts_as_unread = !has_word(request.send_control, kNoUnread),
                                     .refreshes_list = !has_word(request.send_control, kNoLastMsg),
                                     .extensible = request.extensible == 1,
                                     .from_admin = call.app.is_admin(from)}));
  return SendResponse{id.time, static_cast<std::int64_t>(id.seq)};
}

struct NoticeRequest : TopicTarget {
  std::vector<std::string> targets;
  std::string content;

  static constexpr auto fields() {
    using Self = NoticeRequest;
    return std::tuple_cat(
        group_field<Self>(), topic_field<Self>(),
        std::tuple{
            Field{"ToMembers_Account", &Self::targets,
                  account_rules({.max_items = kMaxNoticeTargets}),
                  "Members who get it; absent or empty: all"},
            Field{"Content", &Self::content, {.required = true, .example = R"("hello")"}, "Text"},
        });
  }

  static constexpr auto group_options() {
    using Self = NoticeRequest;
    return std::array{GroupOption<Self>{"ToMembers_Account",
                                        [](const Self& r) { return !r.targets.empty(); },
                                        GroupCan::kListMembers}};
  }
};

/// A notice goes to connected devices and is stored nowhere (rule 91), and no device can connect.
Result<Empty> group_notify(Call& call, const NoticeRequest& request) {
  TRY_STATUS(require_group(call.chat, request.group, std::nullopt));
  return Empty{};
}

struct ImportItem {
  std::string from;
  std::int64_t time = 0;
  std::optional<std::uint32_t> random;
  PriorityField priority;
  InGroup<MessageBody> body;
  std::string cloud_data;

  static constexpr auto fields() {
    using Self = ImportItem;
    return std::tuple_cat(
        std::tuple{
            Field{"From_Account", &Self::from, account_rules({.required = true}), "Sender"},
            Field{"SendTime",
                  &Self::time,
                  {.required = true, .min = 0, .max = kMaxTime, .clamp = true},
                  "Time of the message, seconds"},
            Field{"Random", &Self::random, {}, "Makes a repetition within 5 minutes harmless"},
            Field{"MsgPriority", &Self::priority, {}, "High, Normal or Low"},
            Field{"MsgBody", &Self::body, {.required = true}, "Elements"},
        },
        cloud_data_field<Self>());
  }
};

struct ImportRequest : TopicTarget {
  std::int64_t refresh_lists = 0;
  std::vector<ImportItem> messages;

  static constexpr auto fields() {
    using Self = ImportRequest;
    return std::tuple_cat(
        group_field<Self>(), topic_field<Self>(),
        std::tuple{
            Field{"RecentContactFlag",
                  &Self::refresh_lists,
                  {.min = 0, .max = 1},
                  "1: the members' lists show the messages; never in a Community"},
            Field{
                "MsgList",
                &Self::messages,
                {.required = true,
                 .min_items = 1,
                 .max_items = kMaxImported,
                 .example =
                     R"([{"From_Account":"id1","SendTime":1700000001,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hi"}}]}])"},
                "Messages, oldest first"},
        });
  }
};

struct ImportResult {
  std::int64_t seq = 0;
  std::int64_t time = 0;
  std::int64_t code = 0;

  static constexpr auto fields() {
    using Self = ImportResult;
    return std::tuple{
        Field{"MsgSeq", &Self::seq, {}, "Names the message inside the group; 0: it failed"},
        Field{"MsgTime", &Self::time, {}, "Its time, seconds"},
        Field{"Result",
              &Self::code,
              {},
              "0; 10004: SendTime not acceptable; 10019: no such sender; 80002: too long"},
    };
  }
};

struct ImportResponse {
  std::vector<ImportResult> results;

  static constexpr auto fields() {
    return std::tuple{
        Field{"ImportMsgResult", &ImportResponse::results, {}, "One for each message"}};
  }
};

Result<ImportResponse> group_import_messages(Call& call, const ImportRequest& request) {
  std::vector<ImportedGroupMessage> messages;
  std::vector<ImportResult> results;
  for (const auto& item : request.messages) {
    if (!check_message_size(item.body.value.json.size(), item.cloud_data.size())) {
      results.push_back({.code = std::to_underlying(ErrorCode::kGroupMessageTooLong)});
      continue;
    }
    results.emplace_back();
    messages.push_back({.from = item.from,
                        .time = static_cast<std::uint32_t>(item.time),
                        .random = item.random,
                        .priority = item.priority.value,
                        .body = item.body.value.json,
                        .cloud_data = item.cloud_data});
  }
  TRY(const auto outcomes,
      import_group_messages(call.chat, request.group, messages, request.refresh_lists == 1));
  auto outcome = outcomes.begin();
  for (auto& result : results) {
    if (result.code != 0) continue;
    const auto& [id, code] = *outcome++;
    result = {static_cast<std::int64_t>(id.seq), id.time, std::to_underlying(code)};
  }
  return ImportResponse{std::move(results)};
}

struct UnreadRequest : TopicTarget {
  std::string user;
  std::int64_t unread = 0;

  static constexpr auto fields() {
    using Self = UnreadRequest;
    return std::tuple_cat(group_field<Self>(), topic_field<Self>(),
                          std::tuple{
                              Field{"Member_Account", &Self::user,
                                    account_rules({.required = true, .example = R"("id2")"}),
                                    "The member"},
                              Field{"UnreadMsgNum",
                                    &Self::unread,
                                    {.required = true, .min = 0, .example = "2"},
                                    "Unread messages; at most as many as there are"},
                          });
  }
};

Result<Empty> group_set_unread(Call& call, const UnreadRequest& request) {
  TRY_STATUS(set_group_unread(call.chat, request.group, request.user,
                              static_cast<std::uint64_t>(request.unread)));
  return Empty{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&group_send>("group_open_http_svc/send_group_msg",
        {.summary = "Send a message to a group",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kAccountNotString, ErrorCode::kGroupNoAccount, ErrorCode::kGroupMuted,
                    ErrorCode::kTooManyMentions, ErrorCode::kGroupMessageTooLong},
         .since = "0.3"}),
    post<&group_notify>("group_open_http_svc/send_group_system_notification",
        {.summary = "Send a notice to the connected devices of a group's members",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kAccountNotString},
         .since = "0.3"}),
    post<&group_import_messages>("group_open_http_svc/import_group_msg",
        {.summary = "Import messages of a group with times of their own",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kAccountNotString},
         .since = "0.3",
         .group_can = GroupCan::kBeImported}),
    post<&group_set_unread>("group_open_http_svc/set_unread_msg_num",
        {.summary = "Set how many messages of a group one member has not read",
         .errors = {ErrorCode::kNoSuchGroup, ErrorCode::kBadGroupId, ErrorCode::kTopicsUnsupported,
                    ErrorCode::kAccountNotString},
         .since = "0.3"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> group_send_endpoints() {
  return kRows;
}

}  // namespace confab
