// group_open_http_svc: members of a group: joining, leaving, mutes, roles.
#include <string>
#include <utility>
#include <vector>

#include "api/registry.h"
#include "api/rest/group_fields.h"
#include "domain/members.h"

namespace confab {
namespace {

constexpr std::size_t kMaxJoining = 300;
constexpr std::size_t kMaxAccounts = 500;

constexpr Rules kAccountRules = account_rules({.required = true});
constexpr Rules kAccountsRules = account_rules(
    {.required = true, .min_items = 1, .max_items = kMaxAccounts, .example = R"(["id2"])"});
constexpr Rules kJoiningRules{.required = true,
                              .min_items = 1,
                              .max_items = kMaxJoining,
                              .count_code = ErrorCode::kGroupBatchSize,
                              .empty_code = ErrorCode::kInvalidField,
                              .example = R"([{"Member_Account":"id2"}])"};

template <typename Self>
constexpr auto silence_field() {
  return std::tuple{Field<Self, std::int64_t>{
      "Silence", &Self::silence, {.min = 0, .max = 1}, "1: without a notice in the group"}};
}

template <typename Self>
constexpr auto custom_field() {
  return std::tuple{Field<Self, std::vector<MemberFieldItem>>{
      "AppMemberDefinedData", &Self::custom, {}, "Custom fields, at most 5; \"\" takes one away"}};
}

struct JoiningResponse {
  std::vector<MemberResult> members;

  static constexpr auto fields() {
    return std::tuple{
        Field{"MemberList", &JoiningResponse::members, {}, "One for each account, in their order"}};
  }
};

template <typename Items>
JoiningResponse to_response(const Items& items, const std::vector<JoinResult>& results) {
  JoiningResponse response;
  for (std::size_t i = 0; i < results.size(); ++i)
    response.members.push_back({items[i].user, std::to_underlying(results[i])});
  return response;
}

struct AddItem {
  std::string user;

  static constexpr auto fields() {
    return std::tuple{Field{"Member_Account", &AddItem::user, kAccountRules, "The account"}};
  }
};

struct AddRequest : GroupTarget {
  std::vector<AddItem> members;
  std::int64_t silence = 0;

  static constexpr auto fields() {
    using Self = AddRequest;
    return std::tuple_cat(group_field<Self>(), silence_field<Self>(),
                          std::tuple{Field{"MemberList", &Self::members, kJoiningRules,
                                           "Who is to join"}});
  }
};

Result<JoiningResponse> member_add(Call& call, const AddRequest& request) {
  std::vector<std::string> users;
  users.reserve(request.members.size());
  for (const auto& member : request.members)
    users.push_back(member.user);
  TRY(const auto results,
      add_members(call.chat, std::string(call.caller), request.group, users, request.silence == 1));
  return to_response(request.members, results);
}

struct ImportItem {
  std::string user;
  AdminRoleField role;
  std::optional<std::uint32_t> joined_at;
  std::uint32_t unread = 0;

  static constexpr auto fields() {
    using Self = ImportItem;
    return std::tuple{
        Field{"Member_Account", &Self::user, kAccountRules, "The account"},
        Field{"Role", &Self::role, {}, "Admin; absent: an ordinary member"},
        Field{"JoinTime",
              &Self::joined_at,
              {.clamp = true},
              "Seconds, between the making of the group and now; absent: now"},
        Field{"UnreadMsgNum",
              &Self::unread,
              {.clamp = true},
              "Unread messages; at most as many as the group has"},
    };
  }
};

struct ImportRequest : GroupTarget {
  std::vector<ImportItem> members;

  static constexpr auto fields() {
    using Self = ImportRequest;
    return std::tuple_cat(group_field<Self>(), std::tuple{Field{"MemberList", &Self::members,
                                                                kJoiningRules, "Members"}});
  }
};

Result<JoiningResponse> member_import(Call& call, const ImportRequest& request) {
  std::vector<ImportedMember> members;
  members.reserve(request.members.size());
  for (const auto& member : request.members)
    members.push_back({member.user, member.role.value, member.joined_at, member.unread});
  TRY(const auto results, import_members(call.chat, request.group, members));
  return to_response(request.members, results);
}

struct RemoveRequest : GroupTarget {
  std::vector<std::string> users;
  std::int64_t silence = 0;
  std::string reason;

  static constexpr auto fields() {
    using Self = RemoveRequest;
    return std::tuple_cat(
        group_field<Self>(), silence_field<Self>(),
        std::tuple{
            Field{"Reason", &Self::reason, {}, "For who is removed; told to nobody yet"},
            Field{"MemberToDel_Account", &Self::users, kAccountsRules,
                  "Who is to leave; no members are passed over, the owner is refused"},
        });
  }
};

Result<Empty> member_remove(Call& call, const RemoveRequest& request) {
  TRY_STATUS(remove_members(call.chat, std::string(call.caller), request.group, request.users,
                            request.silence == 1));
  return Empty{};
}

constexpr std::array<std::string_view, 4> kOlderMuteTime{"ShutUpTime"};

struct MuteRequest : TopicTarget {
  std::vector<std::string> users;
  std::uint32_t seconds = 0;

  static constexpr auto fields() {
    using Self = MuteRequest;
    return std::tuple_cat(group_field<Self>(), topic_field<Self>(),
                          std::tuple{
                              Field{"Members_Account", &Self::users, kAccountsRules,
                                    "Members or not; a mute outlives the membership"},
                              Field{"MuteTime",
                                    &Self::seconds,
                                    {.required = true, .aliases = kOlderMuteTime, .example = "60"},
                                    "Seconds from now; 0 ends the mute, 4294967295 is for ever"},
                          });
  }
};

Result<Empty> member_mute(Call& call, const MuteRequest& request) {
  TRY_STATUS(mute_members(call.chat, std::string(call.caller), request.group, request.users,
                          request.seconds));
  return Empty{};
}

struct MutesRequest : TopicTarget {
  static constexpr auto fields() {
    return std::tuple_cat(group_field<MutesRequest>(), topic_field<MutesRequest>());
  }
};

/// Two commands answer the same in older and newer words.
template <bool IsOlder>
struct MuteItem {
  std::string user;
  std::int64_t until = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"Member_Account", &MuteItem::user, {}, "The member"},
        Field{IsOlder ? "ShuttedUntil" : "MutedUntil",
              &MuteItem::until,
              {},
              "End of the mute, seconds; 4294967295: never"},
    };
  }
};

template <bool IsOlder>
struct MutesResponse {
  std::string group;
  std::vector<MuteItem<IsOlder>> mutes;

  static constexpr auto fields() {
    return std::tuple{
        Field{"GroupId", &MutesResponse::group, {}, "As asked"},
        Field{IsOlder ? "ShuttedUinList" : "MutedAccountList",
              &MutesResponse::mutes,
              {},
              "Members who are muted now"},
    };
  }
};

template <bool IsOlder>
Result<MutesResponse<IsOlder>> member_mutes(Call& call, const MutesRequest& request) {
  TRY(const auto mutes, read_mutes(call.chat, request.group));
  MutesResponse<IsOlder> response{.group = request.group, .mutes = {}};
  for (const auto& [user, until] : mutes)
    response.mutes.push_back({user, until});
  return response;
}

struct RolesRequest : GroupTarget {
  std::vector<std::string> users;

  static constexpr auto fields() {
    using Self = RolesRequest;
    return std::tuple_cat(group_field<Self>(),
                          std::tuple{Field{"User_Account", &Self::users, kAccountsRules,
                                           "Accounts to look up"}});
  }
};

struct RoleItem {
  std::string user;
  std::string role;

  static constexpr auto fields() {
    return std::tuple{
        Field{"Member_Account", &RoleItem::user, {}, "The account"},
        Field{"Role", &RoleItem::role, {}, "Owner, Admin, Member or NotMember"},
    };
  }
};

struct RolesResponse {
  std::vector<RoleItem> roles;

  static constexpr auto fields() {
    return std::tuple{
        Field{"UserIdList", &RolesResponse::roles, {}, "One for each account, in their order"}};
  }
};

Result<RolesResponse> member_roles(Call& call, const RolesRequest& request) {
  TRY(const auto roles, read_roles(call.chat, request.group, request.users));
  RolesResponse response;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    response.roles.push_back(
        {request.users[i], std::string(roles[i] ? name_of(*roles[i]) : "NotMember")});
  }
  return response;
}

struct ChangeRequest : GroupTarget {
  std::string user;
  std::optional<AdminRoleField> role;
  std::optional<ReceiveField> receive;
  std::optional<std::string> name_card;
  std::optional<std::uint32_t> mute_seconds;
  std::vector<MemberFieldItem> custom;

  static constexpr auto fields() {
    using Self = ChangeRequest;
    return std::tuple_cat(
        group_field<Self>(),
        std::tuple{
            Field{"Member_Account", &Self::user,
                  account_rules({.required = true, .example = R"("id2")"}), "The member"},
            Field{"Role", &Self::role, {}, "Makes an admin or an ordinary member"},
            Field{"MsgFlag", &Self::receive, {}, "How the member receives messages"},
            Field{"NameCard",
                  &Self::name_card,
                  {.max_bytes = 50, .keep_empty = true, .example = R"("Bee")"},
                  "Name in the group"},
            Field{"MuteTime",
                  &Self::mute_seconds,
                  {.aliases = kOlderMuteTime},
                  "Seconds from now; 0 ends the mute, 4294967295 is for ever"},
        },
        custom_field<Self>());
  }
};

Result<Empty> member_change(Call& call, const ChangeRequest& request) {
  TRY_STATUS(change_member(call.chat, std::string(call.caller), request.group, request.user,
                           {.role = value_of(request.role),
                            .receive = value_of(request.receive),
                            .name_card = request.name_card,
                            .mute_seconds = request.mute_seconds,
                            .custom = to_custom(request.custom)}));
  return Empty{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&member_add>("group_open_http_svc/add_group_member",
        {.summary = "Make up to 300 accounts members of a group",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString,
                    ErrorCode::kGroupBatchSize, ErrorCode::kGroupNoAccount, ErrorCode::kGroupFull},
         .since = "0.3",
         .group_can = GroupCan::kAddMembers}),
    post<&member_remove>("group_open_http_svc/delete_group_member",
        {.summary = "Remove members from a group",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString},
         .since = "0.3",
         .group_can = GroupCan::kRemoveMembers}),
    post<&member_import>("group_open_http_svc/import_group_member",
        {.summary = "Add members with a past and without notices",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString,
                    ErrorCode::kGroupBatchSize},
         .since = "0.3",
         .group_can = GroupCan::kBeImported}),
    post<&member_mute>("group_open_http_svc/forbid_send_msg",
        {.summary = "Mute accounts in a group for some time, or end that",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString,
                    ErrorCode::kTopicsUnsupported, ErrorCode::kGroupNoAccount},
         .since = "0.3",
         .group_can = GroupCan::kMuteMembers}),
    post<&member_mutes<false>>("group_open_http_svc/get_group_muted_account",
        {.summary = "List the members of a group who are muted now",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup,
                    ErrorCode::kTopicsUnsupported},
         .since = "0.3"}),
    post<&member_mutes<true>>("group_open_http_svc/get_group_shutted_uin",
        {.summary = "The same as get_group_muted_account, in older words",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup,
                    ErrorCode::kTopicsUnsupported},
         .since = "0.3"}),
    post<&member_roles>("group_open_http_svc/get_role_in_group",
        {.summary = "Tell for up to 500 accounts what they are in a group",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString},
         .since = "0.3",
         .group_can = GroupCan::kListMembers}),
    post<&member_change>("group_open_http_svc/modify_group_member_info",
        {.summary = "Change one member's role, receive option, name, custom fields or mute",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString},
         .since = "0.3",
         .group_can = GroupCan::kListMembers}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> group_member_endpoints() {
  return kRows;
}

}  // namespace confab
