// group_open_http_svc: making, importing, changing and dissolving groups.
#include <string>
#include <utility>
#include <vector>

#include "api/registry.h"
#include "api/rest/group_fields.h"
#include "domain/groups.h"

namespace confab {
namespace {

constexpr std::size_t kMaxFirstMembers = 100;

/// Members of a profile, as plain strings or as optional ones.
template <typename Self, typename Text>
constexpr auto profile_fields(Rules name) {
  constexpr auto kOptional = [](std::size_t max_bytes) {
    return Rules{.max_bytes = max_bytes, .keep_empty = true};
  };
  name.max_bytes = 30;
  return std::tuple{
      Field<Self, Text>{"Name", &Self::name, name, "Name"},
      Field<Self, Text>{"Introduction", &Self::introduction, kOptional(240), "Introduction"},
      Field<Self, Text>{"Notification", &Self::notification, kOptional(300), "Notice"},
      Field<Self, Text>{"FaceUrl", &Self::face_url, kOptional(100), "Avatar URL"},
  };
}

template <typename Self>
constexpr auto custom_field() {
  return std::tuple{Field<Self, std::vector<GroupFieldItem>>{
      "AppDefinedData", &Self::custom, {}, "Custom fields, at most 10; \"\" takes one away"}};
}

/// SupportTopic: 0, as topics are not served.
struct NoTopicSupport {
  static Result<NoTopicSupport> from_json(JsonValue value, const FieldPath& path) {
    std::int64_t number = 0;
    TRY_STATUS(decode_json(value, path, {.min = 0, .max = 1}, number));
    if (number == 0) return NoTopicSupport{};
    return path.refuse(ErrorCode::kGroupNotPermitted, "topics are not served yet, is 1");
  }
  void to_json(std::string& out) const { out += '0'; }
  static void schema(JsonWriter& w) {
    w.member("type", "integer");
    w.key("enum");
    w.raw("[0]");
  }
};

/// What a new group has, however it comes to be.
struct NewGroupFields {
  GroupKindField kind;
  std::string id;
  std::string owner;
  std::string name;
  std::string introduction;
  std::string notification;
  std::string face_url;
  std::optional<std::uint32_t> max_members;
  JoinOptionField join_option;
  std::vector<GroupFieldItem> custom;
  NoTopicSupport topics;
};

template <typename Self>
constexpr auto new_group_fields() {
  constexpr auto kHasLimit = [](const Self& r) {
    return member_cap(r.kind.value).greatest != 0;
  };
  constexpr auto kIsCommunity = [](const Self& r) {
    return r.kind.value == GroupKind::kCommunity;
  };
  constexpr auto kIsNoCommunity = [](const Self& r) {
    return r.kind.value != GroupKind::kCommunity;
  };
  return std::tuple_cat(
      std::tuple{
          Field<Self, GroupKindField>{
              "Type",
              &Self::kind,
              {.required = true, .example = R"("Public")"},
              "Kind; Work is the same as Private, Meeting the same as ChatRoom"},
          Field<Self, std::string>{"GroupId",
                                   &Self::id,
                                   {.type_code = ErrorCode::kGroupParameter},
                                   "1 to 48 bytes of printable ASCII, not beginning with @TGS#; "
                                   "that of a Community begins with @TGS#_. Made by the server "
                                   "when absent"},
          Field<Self, std::string>{"Owner_Account", &Self::owner,
                                   account_rules({.example = R"("id1")"}),
                                   "Owner, who becomes a member; absent: none"},
      },
      profile_fields<Self, std::string>({.required = true, .example = R"("Team")"}),
      std::tuple{
          Field<Self, std::optional<std::uint32_t>>{"MaxMemberCount",
                                                    &Self::max_members,
                                                    {},
                                                    "Greatest number of members; not AVChatRoom",
                                                    +kHasLimit},
          Field<Self, JoinOptionField>{"ApplyJoinOption",
                                       &Self::join_option,
                                       {},
                                       "What happens to applications; not Community",
                                       +kIsNoCommunity},
          Field<Self, NoTopicSupport>{
              "SupportTopic", &Self::topics, {}, "Community: 1 is not served yet", +kIsCommunity},
      },
      custom_field<Self>());
}

NewGroup to_group(const NewGroupFields& fields) {
  return {.id = fields.id,
          .kind = fields.kind.value,
          .owner = fields.owner,
          .name = fields.name,
          .introduction = fields.introduction,
          .notification = fields.notification,
          .face_url = fields.face_url,
          .max_members = fields.max_members,
          .join_option = fields.join_option.value,
          .custom = to_custom(fields.custom),
          .members = {},
          .created_at = {}};
}

struct NewGroupResponse {
  std::string id;

  static constexpr auto fields() {
    return std::tuple{Field{"GroupId", &NewGroupResponse::id, {}, "The new group"}};
  }
};

struct FirstMemberItem {
  std::string user;
  AdminRoleField role;
  std::vector<MemberFieldItem> custom;

  static constexpr auto fields() {
    using Self = FirstMemberItem;
    return std::tuple{
        Field{"Member_Account", &Self::user, account_rules({.required = true}), "The account"},
        Field{"Role", &Self::role, {}, "Admin; absent: an ordinary member"},
        Field{"AppMemberDefinedData", &Self::custom, {}, "Custom fields, at most 5"},
    };
  }
};

struct CreateRequest : NewGroupFields {
  std::vector<FirstMemberItem> members;

  static constexpr auto fields() {
    using Self = CreateRequest;
    return std::tuple_cat(new_group_fields<Self>(),
                          std::tuple{Field{"MemberList",
                                           &Self::members,
                                           {.max_items = kMaxFirstMembers,
                                            .count_code = ErrorCode::kGroupBatchSize},
                                           "Members from the start; not AVChatRoom"}});
  }
};

Result<NewGroupResponse> group_create(Call& call, const CreateRequest& request) {
  auto group = to_group(request);
  for (const auto& member : request.members)
    group.members.push_back({member.user, member.role.value, to_custom(member.custom)});
  TRY(auto id, create_group(call.chat, std::string(call.caller), group));
  return NewGroupResponse{std::move(id)};
}

struct ImportRequest : NewGroupFields {
  std::uint32_t created_at = 0;

  static constexpr auto fields() {
    using Self = ImportRequest;
    return std::tuple_cat(
        new_group_fields<Self>(),
        std::tuple{
            Field{"CreateTime", &Self::created_at, {}, "Seconds, in the past; absent or 0: now"}});
  }
};

Result<NewGroupResponse> group_import(Call& call, const ImportRequest& request) {
  auto group = to_group(request);
  if (request.created_at != 0) group.created_at = request.created_at;
  group.imported = true;
  TRY(auto id, create_group(call.chat, std::string(call.caller), group));
  return NewGroupResponse{std::move(id)};
}

struct DestroyRequest : GroupTarget {
  static constexpr auto fields() { return group_field<DestroyRequest>(); }
};

Result<Empty> group_destroy(Call& call, const DestroyRequest& request) {
  TRY_STATUS(dissolve_group(call.chat, request.group));
  return Empty{};
}

struct ChangeRequest : GroupTarget {
  std::optional<std::string> name;
  std::optional<std::string> introduction;
  std::optional<std::string> notification;
  std::optional<std::string> face_url;
  std::optional<std::uint32_t> max_members;
  std::optional<JoinOptionField> join_option;
  std::optional<OnOffField> muted;
  std::vector<GroupFieldItem> custom;

  static constexpr auto fields() {
    using Self = ChangeRequest;
    return std::tuple_cat(
        group_field<Self>(), profile_fields<Self, std::optional<std::string>>({}),
        std::tuple{
            Field{"MaxMemberNum", &Self::max_members, {}, "Greatest number of members"},
            Field{"ApplyJoinOption",
                  &Self::join_option,
                  {},
                  "What happens to applications; other kinds than Public keep theirs"},
            Field{"MuteAllMember",
                  &Self::muted,
                  {.aliases = {"ShutUpAllMember"}},
                  "On: only owner, admins and app admins may speak"},
        },
        custom_field<Self>());
  }
};

Result<Empty> group_change(Call& call, const ChangeRequest& request) {
  TRY_STATUS(change_group(call.chat, std::string(call.caller), request.group,
                          {.name = request.name,
                           .introduction = request.introduction,
                           .notification = request.notification,
                           .face_url = request.face_url,
                           .max_members = request.max_members,
                           .join_option = value_of(request.join_option),
                           .muted = value_of(request.muted),
                           .custom = to_custom(request.custom)}));
  return Empty{};
}

struct OwnerRequest : GroupTarget {
  std::string owner;

  static constexpr auto fields() {
    using Self = OwnerRequest;
    return std::tuple_cat(group_field<Self>(),
                          std::tuple{Field{"NewOwner_Account", &Self::owner,
                                           account_rules({.required = true, .example = R"("id2")"}),
                                           "A member, who becomes the owner"}});
  }
};

Result<Empty> group_change_owner(Call& call, const OwnerRequest& request) {
  TRY_STATUS(change_group_owner(call.chat, std::string(call.caller), request.group, request.owner));
  return Empty{};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&group_create>("group_open_http_svc/create_group",
        {.summary = "Make a group, with its first members",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kGroupIdTaken, ErrorCode::kGroupIdOwn,
                    ErrorCode::kGroupNoAccount, ErrorCode::kAccountNotString,
                    ErrorCode::kGroupBatchSize, ErrorCode::kTooManyMembers},
         .since = "0.3"}),
    post<&group_import>("group_open_http_svc/import_group",
        {.summary = "Make a group that was made in the past, without notices",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kGroupIdTaken, ErrorCode::kGroupNoAccount,
                    ErrorCode::kAccountNotString},
         .since = "0.3"}),
    post<&group_destroy>("group_open_http_svc/destroy_group",
        {.summary = "Dissolve a group, for ever",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup},
         .since = "0.3"}),
    post<&group_change>("group_open_http_svc/modify_group_base_info",
        {.summary = "Change a group's profile, limits or custom fields, or mute all its members",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup},
         .since = "0.3"}),
    post<&group_change_owner>("group_open_http_svc/change_group_owner",
        {.summary = "Give a group to one of its members",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAccountNotString},
         .since = "0.3",
         .group_can = GroupCan::kListMembers}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> group_life_endpoints() {
  return kRows;
}

}  // namespace confab
