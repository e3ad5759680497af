// group_open_http_svc: reading profiles of groups and members.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/registry.h"
#include "api/rest/group_projection.h"
#include "domain/groups.h"
#include "domain/members.h"

namespace confab {
namespace {

constexpr std::size_t kMaxGroupInfos = 50;
constexpr std::int64_t kMaxMembers = 6'000;

/// Only what it names is answered.
struct InfoFilter : MemberFilter {
  FieldFilter<GroupBase> group_fields;
  std::optional<std::vector<std::string>> group_keys;

  bool wants_members() const { return member_fields || member_keys; }

  static constexpr auto fields() {
    using Self = InfoFilter;
    return std::tuple_cat(
        std::tuple{
            Field{"GroupBaseInfoFilter", &Self::group_fields, {}, "Which fields of groups"},
            Field{"AppDefinedDataFilter_Group",
                  &Self::group_keys,
                  {},
                  "Which custom fields of groups"},
        },
        member_filter_fields<Self>());
  }
};

struct InfoRequest {
  std::vector<std::string> groups;
  std::optional<InfoFilter> filter;

  static constexpr auto fields() {
    using Self = InfoRequest;
    return std::tuple{
        Field{"GroupIdList",
              &Self::groups,
              {.required = true,
               .min_items = 1,
               .max_items = kMaxGroupInfos,
               .example = R"(["team"])"},
              "Groups to read"},
        Field{"ResponseFilter", &Self::filter, {}, "Absent: everything; else what it names"},
    };
  }
};

struct GroupInfo : GroupBase {
  std::string id;
  std::int64_t code = 0;
  std::string text;
  std::optional<std::vector<MemberInfo>> members_told;

  static constexpr auto fields() {
    using Self = GroupInfo;
    return std::tuple_cat(
        std::tuple{
            Field{"GroupId", &Self::id, {}, "As asked"},
            Field{"ErrorCode", &Self::code, {}, "0; 10010: no such group; 10015: no GroupId"},
            Field{"ErrorInfo", &Self::text, {}, "Why it failed"},
        },
        fields_of<Self>(),
        std::tuple{Field{"MemberList",
                         &Self::members_told,
                         {},
                         "Members in the order of joining; not AVChatRoom"}});
  }
};

struct InfoResponse {
  std::vector<GroupInfo> groups;

  static constexpr auto fields() {
    return std::tuple{
        Field{"GroupInfo", &InfoResponse::groups, {}, "One for each group, in their order"}};
  }
};

/// The members of one group as the filter wants them, at most `most` and one more.
Result<std::vector<MemberInfo>> read_infos(Call& call,
                                           const std::string& group,
                                           const std::optional<InfoFilter>& wanted,
                                           std::size_t most) {
  MemberFilter filter;
  if (wanted) filter = static_cast<const MemberFilter&>(*wanted);
  if (filter.member_keys && !filter.member_fields) {
    filter.member_fields = FieldFilter<MemberInfo>{{"Member_Account"}};
  }
  MemberQuery query{.group = group};
  query.limit = most + 1;
  TRY(const auto page, read_members(call.chat, query));
  std::vector<MemberInfo> infos;
  infos.reserve(page.members.size());
  for (const auto& member : page.members)
    infos.push_back(filter.apply(member));
  return infos;
}

GroupBase to_base(const Call& call, const Group& group, const std::optional<InfoFilter>& filter) {
  GroupBase base(call.app, group);
  if (!filter) return base;
  auto custom = *base.custom;
  filter->group_fields.apply(base);
  if (filter->group_keys) base.custom = with_keys(std::move(custom), *filter->group_keys);
  return base;
}

Result<InfoResponse> group_infos(Call& call, const InfoRequest& request) {
  const bool wants_members = !request.filter || request.filter->wants_members();
  InfoResponse response;
  auto room = kMaxRows;
  for (const auto& id : request.groups) {
    auto& info = response.groups.emplace_back();
    info.id = id;
    const auto group = require_group(call.chat, id, std::nullopt);
    if (!group) {
      const auto& [code, detail] = group.error();
      if (code != ErrorCode::kBadGroupId && code != ErrorCode::kNoSuchGroup) {
        return std::unexpected(group.error());
      }
      info.code = static_cast<std::int64_t>(code);
      info.text = std::string(error_entry(code).text) + ": " + detail;
      continue;
    }
    static_cast<GroupBase&>(info) = to_base(call, *group, request.filter);
    if (!wants_members || !group->can(GroupCan::kListMembers)) continue;
    TRY(info.members_told, read_infos(call, id, request.filter, room));
    if (info.members_told->size() > room) {
      return fail(ErrorCode::kAnswerTooLarge, "MemberList: more rows than fit");
    }
    room -= info.members_told->size();
  }
  return response;
}

struct MembersRequest : GroupTarget, MemberFilter {
  std::vector<RoleField> roles;
  std::int64_t limit = 0;
  std::int64_t offset = 0;
  std::string next;

  static constexpr auto fields() {
    using Self = MembersRequest;
    return std::tuple_cat(
        group_field<Self>(), member_filter_fields<Self>(),
        std::tuple{
            Field{"MemberRoleFilter", &Self::roles, {}, "Only members with these roles"},
            Field{"Limit",
                  &Self::limit,
                  {.min = 0, .max = kMaxMembers, .example = "100"},
                  "Members in one page; absent or 0: all"},
            Field{"Offset",
                  &Self::offset,
                  {.min = 0, .max = kMaxCursor, .example = "0"},
                  "Members to pass over; not Community"},
            Field{"Next", &Self::next, {}, "\"\", then the last answer's Next; any kind of group"},
        });
  }
};

struct MembersResponse {
  std::int64_t total = 0;
  std::vector<MemberInfo> members;
  std::string next;

  static constexpr auto fields() {
    using Self = MembersResponse;
    return std::tuple{
        Field{"MemberNum", &Self::total, {}, "Number of members, whatever the filters"},
        Field{"MemberList", &Self::members, {}, "In the order of joining"},
        Field{"Next", &Self::next, {}, "For the next page; \"\": that was all"},
    };
  }
};

Result<MembersResponse> group_members(Call& call, const MembersRequest& request) {
  if (request.offset != 0) {
    TRY(const auto group, require_group(call.chat, request.group, std::nullopt));
    if (group.kind() == GroupKind::kCommunity) {
      return fail(ErrorCode::kInvalidField,
                  "Offset: must be 0 in a Community, which has Next; is " +
                      std::to_string(request.offset));
    }
  }
  MemberQuery query{.group = request.group,
                    .roles = {},
                    .offset = static_cast<std::size_t>(request.offset),
                    .after = request.next,
                    .limit = rows_or_all(request.limit)};
  for (const auto& role : request.roles)
    query.roles.push_back(role.value);
  TRY(auto page, read_members(call.chat, query));
  MembersResponse response{.total = static_cast<std::int64_t>(page.total),
                           .members = {},
                           .next = std::move(page.next)};
  for (const auto& member : page.members)
    response.members.emplace_back(request.apply(member)).user = member.user;
  return response;
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&group_infos>("group_open_http_svc/get_group_info",
        {.summary = "Read up to 50 groups, with their members",
         .errors = {ErrorCode::kAnswerTooLarge},
         .since = "0.3",
         .answer_size_limited = true}),
    post<&group_members>("group_open_http_svc/get_group_member_info",
        {.summary = "List the members of a group, page by page",
         .errors = {ErrorCode::kBadGroupId, ErrorCode::kNoSuchGroup, ErrorCode::kAnswerTooLarge},
         .since = "0.3",
         .group_can = GroupCan::kListMembers,
         .answer_size_limited = true}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> group_profile_endpoints() {
  return kRows;
}

}  // namespace confab
