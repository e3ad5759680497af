// group_open_http_svc: which groups there are, and which an account is in.
#include <algorithm>
#include <array>
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

constexpr std::int64_t kMaxGroupIds = 10'000;
constexpr std::int64_t kMaxJoined = 5'000;

using MaybeKind = std::optional<GroupKind>;

/// A kind to choose groups by. There are no groups of the legacy kind (rule 17).
constexpr auto kWantedKindWords = [] {
  std::array<Word<MaybeKind>, kGroupKindWords.size() + 1> words{};
  std::ranges::transform(kGroupKindWords, words.begin(), [](const Word<GroupKind>& word) {
    return Word<MaybeKind>{word.text, word.value};
  });
  words.back() = {"BChatRoom", std::nullopt};
  return words;
}();
using WantedKindField = WordOf<kWantedKindWords>;

/// Groups of any kind, of one, or of the legacy kind.
struct WantedKind {
  std::optional<WantedKindField> word;

  std::optional<GroupKind> kind() const { return word ? word->value : std::nullopt; }
  bool matches_nothing() const { return word && !word->value; }
};

template <typename Self>
constexpr auto kind_field() {
  return std::tuple{Field<Self, std::optional<WantedKindField>>{
      "GroupType", &Self::word, {}, "Only groups of this kind"}};
}

struct IdsRequest : WantedKind {
  std::int64_t limit = kMaxGroupIds;
  std::int64_t next = 0;

  static constexpr auto fields() {
    using Self = IdsRequest;
    return std::tuple_cat(
        std::tuple{
            Field{"Limit",
                  &Self::limit,
                  {.min = 1, .max = kMaxGroupIds, .example = "100"},
                  "Groups in one page"},
            Field{"Next",
                  &Self::next,
                  {.min = 0, .max = kMaxCursor, .example = "0"},
                  "0, then the last answer's Next"},
        },
        kind_field<Self>());
  }
};

struct IdItem {
  std::string id;

  static constexpr auto fields() {
    return std::tuple{Field{"GroupId", &IdItem::id, {}, "The group"}};
  }
};

struct IdsResponse {
  std::int64_t total = 0;
  std::vector<IdItem> groups;
  std::int64_t next = 0;

  static constexpr auto fields() {
    using Self = IdsResponse;
    return std::tuple{
        Field{"TotalCount", &Self::total, {}, "Number of groups of the kind"},
        Field{"GroupIdList", &Self::groups, {}, "Oldest first"},
        Field{"Next", &Self::next, {}, "For the next page; 0: that was all"},
    };
  }
};

Result<IdsResponse> group_ids(Call& call, const IdsRequest& request) {
  if (request.matches_nothing()) return IdsResponse{};
  TRY(auto page, list_groups(call.chat, request.kind(), static_cast<std::uint64_t>(request.next),
                             static_cast<std::size_t>(request.limit)));
  IdsResponse response{.total = static_cast<std::int64_t>(page.total),
                       .groups = {},
                       .next = static_cast<std::int64_t>(page.next)};
  for (auto& id : page.ids)
    response.groups.push_back({std::move(id)});
  return response;
}

struct JoinedFilter {
  std::optional<FieldFilter<GroupBase>> group_fields;
  std::optional<FieldFilter<SelfInfo>> self_fields;

  static constexpr auto fields() {
    using Self = JoinedFilter;
    return std::tuple{
        Field{"GroupBaseInfoFilter", &Self::group_fields, {}, "Which fields of groups"},
        Field{"SelfInfoFilter", &Self::self_fields, {}, "Which of the member's own fields"},
    };
  }
};

struct JoinedRequest : WantedKind {
  std::string user;
  std::int64_t with_rooms = 0;
  std::int64_t with_inactive = 0;
  std::int64_t limit = 0;
  std::int64_t offset = 0;
  std::optional<std::int64_t> topics;
  JoinedFilter filter;

  static constexpr auto fields() {
    using Self = JoinedRequest;
    return std::tuple_cat(
        std::tuple{
            Field{"Member_Account", &Self::user,
                  account_rules({.required = true, .example = R"("id1")"}), "Whose groups"},
            Field{"WithHugeGroups",
                  &Self::with_rooms,
                  {.min = 0, .max = 1},
                  "Also AVChatRoom; nobody is a member of any yet"},
            Field{"WithNoActiveGroups",
                  &Self::with_inactive,
                  {.min = 0, .max = 1},
                  "1: also Private groups in which nobody has spoken yet"},
            Field{"Limit",
                  &Self::limit,
                  {.min = 0, .max = kMaxJoined},
                  "Groups in one page; absent or 0: all"},
            Field{"Offset", &Self::offset, {.min = 0, .max = kMaxCursor}, "Groups to pass over"},
        },
        kind_field<Self>(),
        std::tuple{
            Field{"SupportTopic",
                  &Self::topics,
                  {.min = 0, .max = 1},
                  "With GroupType Community: 1 only those with topics (there are none yet), 0 only "
                  "those without"},
            Field{"ResponseFilter", &Self::filter, {}, "What to tell beside GroupId"},
        });
  }

  Status check() const {
    if (!topics || kind() == GroupKind::kCommunity) return {};
    return fail(ErrorCode::kInvalidField, "SupportTopic: needs the GroupType Community");
  }
  bool matches_nothing() const { return WantedKind::matches_nothing() || topics == 1; }
};

struct JoinedItem : GroupBase {
  std::string id;
  std::optional<std::int64_t> topics;
  std::optional<SelfInfo> self;

  static constexpr auto fields() {
    using Self = JoinedItem;
    return std::tuple_cat(std::tuple{Field{"GroupId", &Self::id, {}, "The group"}},
                          fields_of<Self>(),
                          std::tuple{
                              Field{"SupportTopic", &Self::topics, {}, "If the request has it"},
                              Field{"SelfInfo", &Self::self, {}, "The member's own fields"},
                          });
  }
};

struct JoinedResponse {
  std::int64_t total = 0;
  std::vector<JoinedItem> groups;

  static constexpr auto fields() {
    using Self = JoinedResponse;
    return std::tuple{
        Field{"TotalCount", &Self::total, {}, "Number of groups on all pages"},
        Field{"GroupIdList", &Self::groups, {}, "In the order of joining"},
    };
  }
};

JoinedItem to_item(const Call& call, const JoinedGroup& joined, const JoinedRequest& request) {
  JoinedItem item;
  const auto& filter = request.filter;
  if (filter.group_fields) {
    static_cast<GroupBase&>(item) = GroupBase(call.app, joined.group);
    filter.group_fields->apply(item);
  }
  if (filter.self_fields) filter.self_fields->apply(item.self.emplace(joined));
  item.id = joined.group.id;
  item.topics = request.topics;
  return item;
}

Result<JoinedResponse> group_joined(Call& call, const JoinedRequest& request) {
  TRY(const auto page,
      read_joined_groups(call.chat, {.user = request.user,
                                     .kind = request.kind(),
                                     .with_inactive = request.with_inactive == 1,
                                     .with_unread = request.filter.self_fields.has_value(),
                                     .offset = static_cast<std::size_t>(request.offset),
                                     .limit = rows_or_all(request.limit)}));
  if (request.matches_nothing()) return JoinedResponse{};
  JoinedResponse response{.total = static_cast<std::int64_t>(page.total), .groups = {}};
  for (const auto& joined : page.groups)
    response.groups.push_back(to_item(call, joined, request));
  return response;
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&group_ids>("group_open_http_svc/get_appid_group_list",
        {.summary = "List all groups of the app, page by page",
         .calls_per_second = 1,
         .errors = {ErrorCode::kAnswerTooLarge},
         .since = "0.3",
         .answer_size_limited = true}),
    post<&group_joined>("group_open_http_svc/get_joined_group_list",
        {.summary = "List the groups of one member, page by page",
         .errors = {ErrorCode::kAccountNotString, ErrorCode::kGroupNoAccount,
                    ErrorCode::kAnswerTooLarge},
         .since = "0.3",
         .answer_size_limited = true}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> group_list_endpoints() {
  return kRows;
}

}  // namespace confab
