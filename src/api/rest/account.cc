// im_open_login_svc: importing and checking accounts.
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/field_types.h"
#include "domain/accounts.h"

namespace confab {
namespace {

struct ImportRequest {
  UserIdText user;
  std::optional<std::string> nick;
  std::optional<std::string> face_url;

  static constexpr auto fields() {
    using Self = ImportRequest;
    return std::tuple{
        Field{"UserID",
              &Self::user,
              {.required = true, .aliases = {"Identifier"}, .example = R"("id3")"},
              "Account to import"},
        Field{"Nick",
              &Self::nick,
              {.max_bytes = 500,
               .code = ErrorCode::kProfileValueTooLong,
               .type_code = ErrorCode::kInvalidField,
               .example = R"("Ida")"},
              "Nickname"},
        Field{"FaceUrl",
              &Self::face_url,
              {.max_bytes = 500,
               .code = ErrorCode::kProfileValueTooLong,
               .type_code = ErrorCode::kInvalidField},
              "Avatar URL"},
    };
  }
};

Result<Empty> account_import(Call& call, const ImportRequest& request) {
  TRY_STATUS(import_account(call.chat, request.user.text, {request.nick, request.face_url}));
  return Empty{};
}

/// A name, or an object like a single import's. What a single import would refuse fails alone (C3).
struct ImportItem {
  std::string name;
  std::optional<ImportRequest> account;  // nothing: refused

  static Result<ImportItem> from_json(JsonValue value, const FieldPath& path) {
    const auto name = value.is(JsonKind::kString) ? value : value.member("UserID");
    if (!name || !name->is(JsonKind::kString)) {
      return path.refuse_type(ErrorCode::kInvalidField, "a string or an object with UserID", value);
    }
    ImportItem item{.name = std::string(*name->string())};
    ImportRequest account;
    if (value.is(JsonKind::kObject)) {
      if (decode_members(value, &path, account)) item.account = std::move(account);
    } else if (is_user_id(item.name)) {
      account.user.text = item.name;
      item.account = std::move(account);
    }
    return item;
  }
  void to_json(std::string& out) const { append_json_string(out, name); }
  static void schema(JsonWriter& w) {
    w.key("oneOf");
    w.begin_array();
    w.begin_object();
    UserIdText::schema(w);
    w.end_object();
    w.begin_object();
    write_schema<ImportRequest>(w);
    w.end_object();
    w.end_array();
  }
};

struct MultiImportRequest {
  std::vector<ImportItem> accounts;

  static constexpr auto fields() {
    return std::tuple{Field{"Accounts",
                            &MultiImportRequest::accounts,
                            {.required = true,
                             .min_items = 1,
                             .max_items = 100,
                             .count_code = ErrorCode::kBatchSize,
                             .aliases = {"AccountList"},
                             .example = R"(["id3","id4"])"},
                            "Accounts to import"}};
  }
};

struct MultiImportResponse {
  std::vector<std::string> failed;

  static constexpr auto fields() {
    return std::tuple{
        Field{"FailAccounts", &MultiImportResponse::failed, {}, "What was not imported"}};
  }
};

Result<MultiImportResponse> multiaccount_import(Call& call, const MultiImportRequest& request) {
  MultiImportResponse response;
  for (const auto& item : request.accounts) {
    if (!item.account) {
      response.failed.push_back(item.name);
      continue;
    }
    TRY_STATUS(import_account(call.chat, item.account->user.text,
                              {item.account->nick, item.account->face_url}));
  }
  return response;
}

struct CheckItem {
  std::string user;

  static constexpr auto fields() {
    return std::tuple{Field{"UserID", &CheckItem::user, {.required = true}, "Account"}};
  }
};

struct CheckRequest {
  std::vector<CheckItem> items;

  static constexpr auto fields() {
    return std::tuple{Field{"CheckItem",
                            &CheckRequest::items,
                            {.required = true,
                             .min_items = 1,
                             .max_items = 100,
                             .count_code = ErrorCode::kBatchSize,
                             .example = R"([{"UserID":"id1"},{"UserID":"nobody"}])"},
                            "Accounts to check"}};
  }
};

struct CheckResult {
  std::string user;
  std::int64_t code = 0;
  std::string text;
  std::string status;

  static constexpr auto fields() {
    using Self = CheckResult;
    return std::tuple{
        Field{"UserID", &Self::user, {}, "Account"},
        Field{"ResultCode", &Self::code, {}, "0: the check worked"},
        Field{"ResultInfo", &Self::text, {}, "Why it did not"},
        Field{"AccountStatus", &Self::status, {}, "Imported or NotImported"},
    };
  }
};

struct CheckResponse {
  std::vector<CheckResult> results;

  static constexpr auto fields() {
    return std::tuple{
        Field{"ResultItem", &CheckResponse::results, {}, "One for each account, in their order"}};
  }
};

Result<CheckResponse> account_check(Call& call, const CheckRequest& request) {
  std::vector<std::string> users;
  users.reserve(request.items.size());
  for (const auto& item : request.items)
    users.push_back(item.user);
  TRY(const auto accounts,
      read_newest(call.chat, [&](Txn& txn) { return load_accounts(txn, call.chat.app, users); }));
  CheckResponse response;
  for (std::size_t i = 0; i < users.size(); ++i) {
    response.results.push_back(
        {.user = users[i], .status = is_imported(accounts[i]) ? "Imported" : "NotImported"});
  }
  return response;
}

struct DeleteRequest {
  std::vector<CheckItem> items;

  static constexpr auto fields() {
    return std::tuple{Field{"DeleteItem",
                            &DeleteRequest::items,
                            {.required = true,
                             .min_items = 1,
                             .max_items = 100,
                             .count_code = ErrorCode::kBatchSize,
                             .example = R"([{"UserID":"id4"},{"UserID":"nobody"}])"},
                            "Accounts to delete"}};
  }
};

struct DeleteResult {
  std::string user;
  std::int64_t code = 0;
  std::string text;

  static constexpr auto fields() {
    using Self = DeleteResult;
    return std::tuple{
        Field{"UserID", &Self::user, {}, "Account"},
        Field{"ResultCode", &Self::code, {}, "0 deleted, 70107 not imported"},
        Field{"ResultInfo", &Self::text, {}, "Why it was not"},
    };
  }
};

struct DeleteResponse {
  std::vector<DeleteResult> results;

  static constexpr auto fields() {
    return std::tuple{
        Field{"ResultItem", &DeleteResponse::results, {}, "One for each account, in their order"}};
  }
};

Result<DeleteResponse> account_delete(Call& call, const DeleteRequest& request) {
  DeleteResponse response;
  for (const auto& [user] : request.items) {
    auto& result = response.results.emplace_back(DeleteResult{.user = user});
    const auto deleted = delete_account(call.chat, user);
    if (!deleted) {
      const auto code = find_family("im_open_login_svc")->translate(deleted.error().code);
      result.code = static_cast<std::int64_t>(code);
      result.text = error_entry(code).text;
    } else if (call.app.is_admin(user)) {
      // B12: a configured admin is imported as long as it is one.
      TRY_STATUS(import_account(call.chat, user, {}));
    }
  }
  return response;
}

struct KickRequest {
  std::string user;

  static constexpr auto fields() {
    return std::tuple{Field{"UserID",
                            &KickRequest::user,
                            {.required = true, .aliases = {"Identifier"}, .example = R"("id3")"},
                            "Account whose UserSigs are to stop working"}};
  }
};

Result<Empty> kick(Call& call, const KickRequest& request) {
  TRY_STATUS(kick_account(call.chat, request.user));
  return Empty{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&account_import>("im_open_login_svc/account_import",
        {.summary = "Import one account; a repeated import changes the profile",
         .errors = {ErrorCode::kProfileValueTooLong},
         .since = "0.1"}),
    post<&multiaccount_import>("im_open_login_svc/multiaccount_import",
        {.summary = "Import up to 100 accounts",
         .calls_per_second = 100,
         .errors = {ErrorCode::kBatchSize},
         .since = "0.1"}),
    post<&account_delete>("im_open_login_svc/account_delete",
        {.summary = "Delete up to 100 accounts with all that is theirs, for ever; peers keep their side",
         .calls_per_second = 100,
         .errors = {ErrorCode::kBatchSize},
         .since = "0.2"}),
    post<&kick>("im_open_login_svc/kick",
        {.summary = "Stop one account's UserSigs that were made up to now from working",
         .errors = {ErrorCode::kNoSuchAccountItem},
         .since = "0.2"}),
    post<&account_check>("im_open_login_svc/account_check",
        {.summary = "Tell for up to 100 accounts whether each is imported",
         .calls_per_second = 100,
         .errors = {ErrorCode::kBatchSize},
         .since = "0.1"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> account_endpoints() {
  return kRows;
}

}  // namespace confab
