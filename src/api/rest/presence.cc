// openim: who is online. Nobody is as long as clients cannot connect to this server: the commands
// answer which accounts exist.
#include <string>
#include <vector>

#include "api/registry.h"
#include "domain/accounts.h"

namespace confab {
namespace {

constexpr std::string_view kOffline = "Offline";

struct StatusRequest {
  std::vector<std::string> users;
  std::int64_t wants_detail = 0;

  static constexpr auto fields() {
    using Self = StatusRequest;
    return std::tuple{
        Field{"To_Account",
              &Self::users,
              {.required = true,
               .min_items = 1,
               .max_items = 500,
               .code = ErrorCode::kBadToAccount,
               .count_code = ErrorCode::kBatchTooLarge,
               .empty_code = ErrorCode::kMessageBadJson,
               .example = R"(["id1","nobody"])"},
              "Accounts"},
        Field{"IsNeedDetail",
              &Self::wants_detail,
              {.min = 0, .max = 1},
              "1: the state on each platform that the account is connected from"},
    };
  }
};

struct StatusItem {
  std::string user;
  std::string status;
  std::string state;

  static constexpr auto fields() {
    using Self = StatusItem;
    return std::tuple{
        Field{"To_Account", &Self::user, {}, "Account"},
        Field{"Status", &Self::status, {}, "Online, PushOnline or Offline"},
        Field{"State", &Self::state, {}, "The same under its older name"},
    };
  }
};

struct StatusError {
  std::string user;
  std::int64_t code = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"To_Account", &StatusError::user, {}, "Account"},
        Field{"ErrorCode", &StatusError::code, {}, "70107: not imported"},
    };
  }
};

struct StatusResponse {
  std::vector<StatusItem> found;
  std::vector<StatusError> errors;

  /// K15: an error if nobody was found.
  Outcome outcome() const {
    if (!found.empty()) return {};
    constexpr auto kCode = ErrorCode::kNoSuchAccountItem;
    return {.action_status = "FAIL", .code = kCode, .info = error_entry(kCode).text};
  }
  static constexpr auto fields() {
    using Self = StatusResponse;
    return std::tuple{
        Field{"QueryResult", &Self::found, {}, "Accounts that exist"},
        Field{"ErrorList", &Self::errors, {}, "Those that do not"},
    };
  }
};

Result<StatusResponse> query_online_status(Call& call, const StatusRequest& request) {
  TRY(const auto accounts, read_newest(call.chat, [&](Txn& txn) {
        return load_accounts(txn, call.chat.app, request.users);
      }));
  StatusResponse response;
  for (std::size_t i = 0; i < accounts.size(); ++i) {
    const auto& user = request.users[i];
    if (is_imported(accounts[i])) {
      response.found.push_back({user, std::string(kOffline), std::string(kOffline)});
    } else {
      response.errors.push_back({user, static_cast<std::int64_t>(ErrorCode::kNoSuchAccountItem)});
    }
  }
  return response;
}

struct StateItem {
  std::string user;
  std::string state;

  static constexpr auto fields() {
    return std::tuple{
        Field{"To_Account", &StateItem::user, {}, "Account"},
        Field{"State", &StateItem::state, {}, "Online, PushOnline or Offline"},
    };
  }
};

struct StateResponse {
  std::vector<StateItem> found;

  static constexpr auto fields() {
    return std::tuple{Field{"QueryResult", &StateResponse::found, {}, "Accounts that exist"}};
  }
};

/// The older form: accounts that do not exist are left out.
Result<StateResponse> querystate(Call& call, const StatusRequest& request) {
  TRY(const auto statuses, query_online_status(call, request));
  StateResponse response;
  for (const auto& item : statuses.found)
    response.found.push_back({item.user, item.state});
  return response;
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&query_online_status>("openim/query_online_status",
        {.summary = "Tell for up to 500 accounts whether each is online",
         .errors = {ErrorCode::kNoSuchAccountItem, ErrorCode::kBadToAccount, ErrorCode::kBatchTooLarge},
         .since = "0.2"}),
    post<&querystate>("openim/querystate",
        {.summary = "The older form of query_online_status",
         .errors = {ErrorCode::kBadToAccount, ErrorCode::kBatchTooLarge},
         .since = "0.2"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> presence_endpoints() {
  return kRows;
}

}  // namespace confab
