// openim: unread counts and read marks of one-to-one conversations.
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "domain/unread.h"

namespace confab {
namespace {

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

std::span<const Endpoint> c2c_unread_endpoints() {
  return kRows;
}

}  // namespace confab
