// recentcontact: the conversation list.
#include <string>
#include <utility>
#include <vector>

#include "api/registry.h"
#include "api/rest/contact_items.h"
#include "api/rest/field_types.h"
#include "domain/conversations.h"

namespace confab {
namespace {

constexpr std::int64_t kC2c = std::to_underlying(ConversationKind::kC2c);
constexpr std::int64_t kGroup = std::to_underlying(ConversationKind::kGroup);

Conversation conversation_of(std::int64_t type, const std::string& peer, const std::string& group) {
  return type == kC2c ? c2c_with(peer) : Conversation{ConversationKind::kGroup, group};
}

struct DeleteRequest {
  std::string owner;
  std::int64_t type = 0;
  std::string peer;
  std::string group;
  std::int64_t clear_history = 0;

  static constexpr auto fields() {
    using Self = DeleteRequest;
    return std::tuple{
        Field{
            "From_Account", &Self::owner, {.required = true, .example = R"("id1")"}, "Whose list"},
        Field{"Type",
              &Self::type,
              {.required = true, .min = kC2c, .max = kGroup, .aliases = {"type"}, .example = "1"},
              "1 one-to-one, 2 group"},
        Field{"To_Account",
              &Self::peer,
              {.required = true, .example = R"("id2")"},
              "Type 1: the peer",
              [](const Self& r) {
                return r.type == kC2c;
              }},
        Field{"ToGroupid",
              &Self::group,
              {.required = true, .aliases = {"ToGroupId", "GroupId", "To_Account"}},
              "Type 2: the group",
              [](const Self& r) {
                return r.type == kGroup;
              }},
        Field{"ClearRamble",
              &Self::clear_history,
              {.min = 0, .max = 1, .example = "1"},
              "1: also clear this user's roaming messages of the conversation, for ever"},
    };
  }
};

Result<Empty> contact_delete(Call& call, const DeleteRequest& request) {
  TRY_STATUS(delete_conversation(call.chat, request.owner,
                                 conversation_of(request.type, request.peer, request.group),
                                 request.clear_history == 1));
  return Empty{};
}

/// Bits of AssistFlags.
constexpr std::int64_t kKnowsPinning = 1;
constexpr std::int64_t kWantsEmpty = 2;
constexpr std::int64_t kPagesPinned = 4;
constexpr std::int64_t kFirstHigherBit = 8;  // any bit from here on: wants marks (D18)

struct ListRequest {
  std::string user;
  std::int64_t time = 0;
  std::int64_t index = 0;
  std::int64_t top_time = 0;
  std::int64_t top_index = 0;
  std::int64_t flags = 0;

  static constexpr auto fields() {
    using Self = ListRequest;
    constexpr Rules kCursor{
        .required = true, .min = 0, .max = kMaxTime, .clamp = true, .example = "0"};
    return std::tuple{
        Field{"From_Account", &Self::user, {.required = true, .example = R"("id1")"}, "Whose list"},
        Field{"TimeStamp", &Self::time, kCursor, "0, then the last answer's TimeStamp"},
        Field{"StartIndex", &Self::index, kCursor, "0, then the last answer's StartIndex"},
        Field{"TopTimeStamp", &Self::top_time, kCursor, "0, then the last answer's TopTimeStamp"},
        Field{"TopStartIndex", &Self::top_index, kCursor,
              "0, then the last answer's TopStartIndex"},
        Field{
            "AssistFlags",
            &Self::flags,
            {.required = true, .min = 0, .example = "7"},
            "Sum of 1 (knows pinned conversations), 2 (wants empty conversations), 4 (pages pinned "
            "conversations), 8 and above (wants marks and conversation groups)"},
    };
  }
};

struct SessionItem : MarkFields {
  std::int64_t type = 0;
  std::optional<std::string> peer;
  std::optional<std::string> group;
  std::int64_t time = 0;
  std::int64_t pinned = 0;

  explicit SessionItem(ListRow row);

  static constexpr auto fields() {
    using Self = SessionItem;
    const std::tuple row{
        Field{"Type", &Self::type, {}, "1 one-to-one, 2 group"},
        Field{"To_Account", &Self::peer, {}, "Type 1: the peer"},
        Field{"GroupId", &Self::group, {}, "Type 2: the group"},
        Field{"MsgTime", &Self::time, {}, "Time of the conversation's last activity, seconds"},
        Field{"TopFlag", &Self::pinned, {}, "1 pinned, 0 ordinary"},
    };
    return std::tuple_cat(row, mark_fields<Self>());
  }
};

SessionItem::SessionItem(ListRow row)
    : MarkFields(row.marks),
      type(std::to_underlying(row.conversation.kind)),
      time(row.time),
      pinned(row.pinned ? 1 : 0) {
  (type == kC2c ? peer : group) = std::move(row.conversation.id);
}

struct ListResponse {
  std::vector<SessionItem> sessions;
  std::int64_t complete = 0;
  std::int64_t time = 0;
  std::int64_t index = 0;
  std::int64_t top_time = 0;
  std::int64_t top_index = 0;

  static constexpr auto fields() {
    using Self = ListResponse;
    return std::tuple{
        Field{"SessionItem", &Self::sessions, {}, "Pinned ones first, then by time, newest first"},
        Field{"CompleteFlag", &Self::complete, {}, "1: that was all"},
        Field{"TimeStamp", &Self::time, {}, "For the next page"},
        Field{"StartIndex", &Self::index, {}, "For the next page"},
        Field{"TopTimeStamp", &Self::top_time, {}, "For the next page"},
        Field{"TopStartIndex", &Self::top_index, {}, "For the next page"},
    };
  }
};

ListCursor to_cursor(std::int64_t time, std::int64_t index) {
  return {static_cast<std::uint32_t>(time), static_cast<std::uint32_t>(index)};
}

Result<ListResponse> contact_get_list(Call& call, const ListRequest& request) {
  TRY(auto page, read_list(call.chat, {.user = request.user,
                                       .ordinary = to_cursor(request.time, request.index),
                                       .pinned = to_cursor(request.top_time, request.top_index),
                                       .knows_pinning = (request.flags & kKnowsPinning) != 0,
                                       .wants_empty = (request.flags & kWantsEmpty) != 0,
                                       .pages_pinned = (request.flags & kPagesPinned) != 0,
                                       .wants_marks = request.flags >= kFirstHigherBit}));
  ListResponse response;
  response.sessions.reserve(page.rows.size());
  for (auto& row : page.rows)
    response.sessions.emplace_back(std::move(row));
  if (page.complete) {  // D13: the server's clock, as the documented samples have it
    response.complete = 1;
    response.time = response.top_time = call.chat.now();
  } else {
    response.time = page.ordinary.time;
    response.index = page.ordinary.rank;
    response.top_time = page.pinned.time;
    response.top_index = page.pinned.rank;
  }
  return response;
}

struct PinItem {
  std::int64_t type = 0;
  std::string peer;
  std::string group;

  static constexpr auto fields() {
    using Self = PinItem;
    return std::tuple{
        Field{"Type",
              &Self::type,
              {.required = true, .min = kC2c, .max = kGroup},
              "1 one-to-one, 2 group"},
        Field{"To_Account",
              &Self::peer,
              {.required = true},
              "Type 1: the peer",
              [](const Self& r) {
                return r.type == kC2c;
              }},
        Field{"GroupId",
              &Self::group,
              {.required = true, .max_bytes = kMaxGroupId, .aliases = {"ToGroupId", "ToGroupid"}},
              "Type 2: the group",
              [](const Self& r) {
                return r.type == kGroup;
              }},
    };
  }
};

constexpr std::int64_t kPin = 1;
constexpr std::int64_t kUnpin = 2;

struct PinRequest {
  std::string owner;
  std::int64_t operation = 0;
  std::vector<PinItem> items;

  static constexpr auto fields() {
    using Self = PinRequest;
    return std::tuple{
        Field{
            "From_Account", &Self::owner, {.required = true, .example = R"("id1")"}, "Whose list"},
        Field{"OperationType",
              &Self::operation,
              {.required = true, .min = kPin, .max = kUnpin, .example = "1"},
              "1 pin, 2 unpin"},
        Field{"RecentContactItem",
              &Self::items,
              {.required = true,
               .min_items = 1,
               .max_items = 100,
               .example = R"([{"Type":1,"To_Account":"id2"}])"},
              "Conversations; all of them change or none"},
    };
  }
};

Result<Empty> contact_top(Call& call, const PinRequest& request) {
  std::vector<Conversation> conversations;
  conversations.reserve(request.items.size());
  for (const auto& item : request.items) {
    conversations.push_back(conversation_of(item.type, item.peer, item.group));
  }
  TRY_STATUS(pin_conversations(call.chat, request.owner, conversations, request.operation == kPin));
  return Empty{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&contact_delete>("recentcontact/delete",
        {.summary = "Delete one conversation from one user's list, with or without its history",
         .errors = {ErrorCode::kContactNoAccount},
         .since = "0.1"}),
    post<&contact_get_list>("recentcontact/get_list",
        {.summary = "Read one user's conversation list, page by page",
         .errors = {ErrorCode::kContactNoAccount},
         .since = "0.1"}),
    post<&contact_top>("recentcontact/top",
        {.summary = "Pin or unpin conversations in one user's list",
         .errors = {ErrorCode::kContactNoAccount, ErrorCode::kTooManyPinned},
         .since = "0.1"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> recent_contact_endpoints() {
  return kRows;
}

}  // namespace confab
