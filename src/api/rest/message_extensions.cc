// openim_msg_ext_http_svc: key-value extensions of one-to-one messages. Open to admins and to the
// two parties of the conversation (B10).
#include <set>
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "domain/extensions.h"

namespace confab {
namespace {

constexpr std::int64_t kSet = 1;
constexpr std::int64_t kDelete = 2;
constexpr std::int64_t kClear = 3;
constexpr std::int64_t kMaxSeq = std::numeric_limits<std::int64_t>::max();

struct MessageRequest {
  std::string from;
  std::string to;
  MsgKeyText<ErrorCode::kInvalidField> key;
};

template <typename Self>
constexpr auto message_fields() {
  return std::tuple{
      Field<Self, std::string>{"From_Account",
                               &Self::from,
                               {.example = R"("id1")"},
                               "Who sent the message; the caller when absent"},
      Field<Self, std::string>{
          "To_Account", &Self::to, {.required = true, .example = R"("id2")"}, "Who received it"},
      Field<Self, MsgKeyText<ErrorCode::kInvalidField>>{"MsgKey",
                                                        &Self::key,
                                                        {.required = true,
                                                         .example = R"("93847_1287_1700000000")"},
                                                        "The message"},
  };
}

/// The message that the caller means, if it may.
Result<MessageName> name_message(const Call& call, const MessageRequest& request) {
  MessageName name{request.from.empty() ? std::string(call.caller) : request.from, request.to,
                   request.key.key};
  if (call.app.is_admin(call.caller)) return name;
  if (call.caller == name.from || call.caller == name.to) {
    name.viewer = call.caller;
    return name;
  }
  return fail(ErrorCode::kGroupNotPermitted,
              "identifier " + quote_value(call.caller) + " is neither an admin nor a party");
}

struct Pair {
  std::string key;
  std::string value;
  std::optional<std::int64_t> seq;

  static constexpr auto fields() {
    using Self = Pair;
    return std::tuple{
        Field{"Key", &Self::key, {.required = true, .max_bytes = 100}, "Key"},
        Field{"Value", &Self::value, {.max_bytes = 1000}, "Value; \"\" deletes the pair"},
        Field{"Seq",
              &Self::seq,
              {.min = 0, .max = kMaxSeq},
              "The pair's Seq as last seen, 0 for a new one; admins may leave it out"},
    };
  }
};

struct SetRequest : MessageRequest {
  std::int64_t operation = 0;
  std::vector<Pair> pairs;

  static constexpr auto fields() {
    using Self = SetRequest;
    return std::tuple_cat(message_fields<Self>(),
                          std::tuple{
                              Field{"OperateType",
                                    &Self::operation,
                                    {.required = true, .min = kSet, .max = kClear, .example = "1"},
                                    "1 set, 2 delete the keys of the list, 3 clear all"},
                              Field{"ExtensionList",
                                    &Self::pairs,
                                    {.required = true,
                                     .min_items = 1,
                                     .max_items = 20,
                                     .example = R"([{"Key":"k1","Value":"v1","Seq":0}])"},
                                    "OperateType 1 and 2: pairs",
                                    [](const Self& r) {
                                      return r.operation != kClear;
                                    }},
                          });
  }
};

struct PairNow {
  std::string key;
  std::string value;
  std::int64_t seq = 0;

  static constexpr auto fields() {
    using Self = PairNow;
    return std::tuple{
        Field{"Key", &Self::key, {}, "Key"},
        Field{"Value", &Self::value, {}, "Value; \"\": deleted"},
        Field{"Seq", &Self::seq, {}, "Number of the change that made it so"},
    };
  }
};

PairNow to_pair(const Extension& extension) {
  return {extension.key, extension.value, static_cast<std::int64_t>(extension.seq)};
}

struct SetItem {
  std::int64_t code = 0;
  PairNow pair;

  static constexpr auto fields() {
    return std::tuple{
        Field{"ErrorCode", &SetItem::code, {}, "0, or 23001: somebody else changed the pair"},
        Field{"Extension", &SetItem::pair, {}, "The pair as it is now"},
    };
  }
};

struct SetResponse {
  std::vector<SetItem> items;

  static constexpr auto fields() {
    return std::tuple{
        Field{"ExtensionList", &SetResponse::items, {}, "One for each pair, in their order"}};
  }
};

Result<SetResponse> set_key_values(Call& call, const SetRequest& request) {
  TRY(const auto message, name_message(call, request));
  if (request.operation == kClear) {
    TRY_STATUS(clear_extensions(call.chat, message));
    return SetResponse{};
  }
  const bool may_omit_seq = call.app.is_admin(call.caller);
  std::vector<ExtensionChange> changes;
  std::set<std::string_view> keys;
  for (const auto& [key, value, seq] : request.pairs) {
    if (!keys.insert(key).second) {
      return fail(ErrorCode::kInvalidField, "ExtensionList: Key " + quote_value(key) + " twice");
    }
    if (!seq && !may_omit_seq) {
      return fail(ErrorCode::kInvalidField, "ExtensionList: Seq missing for Key " +
                                                quote_value(key) + "; only admins may omit it");
    }
    ExtensionChange change{.key = key, .value = request.operation == kDelete ? "" : value};
    if (seq && !may_omit_seq) change.seq = static_cast<std::uint64_t>(*seq);
    changes.push_back(std::move(change));
  }
  TRY(const auto outcomes, change_extensions(call.chat, message, changes));
  SetResponse response;
  for (const auto& [conflict, current] : outcomes) {
    const auto code = conflict ? ErrorCode::kExtensionConflict : ErrorCode::kOk;
    response.items.push_back({static_cast<std::int64_t>(code), to_pair(current)});
  }
  return response;
}

struct GetRequest : MessageRequest {
  std::int64_t start = 0;

  static constexpr auto fields() {
    using Self = GetRequest;
    return std::tuple_cat(message_fields<Self>(),
                          std::tuple{Field{"StartSeq",
                                           &Self::start,
                                           {.min = 0, .max = kMaxSeq},
                                           "Pairs whose Seq is at least this"}});
  }
};

struct GetResponse {
  std::vector<PairNow> pairs;
  std::int64_t complete = 1;
  std::int64_t latest = 0;
  std::int64_t cleared = 0;

  static constexpr auto fields() {
    using Self = GetResponse;
    return std::tuple{
        Field{"ExtensionList", &Self::pairs, {}, "By Seq"},
        Field{"CompleteFlag",
              &Self::complete,
              {},
              "1: that was all; 0: go on with the last Seq + 1 as StartSeq"},
        Field{"LatestSeq", &Self::latest, {}, "The greatest Seq so far"},
        Field{"ClearSeq", &Self::cleared, {}, "Pairs up to this Seq were cleared"},
    };
  }
};

Result<GetResponse> get_key_values(Call& call, const GetRequest& request) {
  TRY(const auto message, name_message(call, request));
  TRY(const auto page,
      read_extensions(call.chat, message, static_cast<std::uint64_t>(request.start)));
  GetResponse response{.complete = page.complete ? 1 : 0,
                       .latest = static_cast<std::int64_t>(page.latest_seq),
                       .cleared = static_cast<std::int64_t>(page.clear_seq)};
  for (const auto& extension : page.pairs)
    response.pairs.push_back(to_pair(extension));
  return response;
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&set_key_values>("openim_msg_ext_http_svc/set_key_values",
        {.summary = "Set, delete or clear extensions of a one-to-one message",
         .errors = {ErrorCode::kExtensionUnsupported, ErrorCode::kExtensionRate,
                    ErrorCode::kExtensionNoMessage},
         .since = "0.2",
         .open_to_users = true}),
    post<&get_key_values>("openim_msg_ext_http_svc/get_key_values",
        {.summary = "Read the extensions of a one-to-one message",
         .errors = {ErrorCode::kExtensionUnsupported, ErrorCode::kExtensionNoMessage},
         .since = "0.2",
         .open_to_users = true}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> message_extension_endpoints() {
  return kRows;
}

}  // namespace confab
