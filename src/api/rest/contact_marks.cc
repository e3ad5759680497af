// recentcontact: marks of conversations, and reading them with the conversation groups.
#include "domain/contact_marks.h"

#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/contact_items.h"

namespace confab {
namespace {

constexpr std::int64_t kMaxMark = 63;
constexpr std::int64_t kStandard = 1;  // OptType
constexpr std::int64_t kCustom = 2;
constexpr std::int64_t kBoth = 3;

struct MarkItem {
  std::int64_t operation = 0;
  ContactKey contact;
  std::vector<std::int64_t> clear;
  std::vector<std::int64_t> set;
  std::optional<std::string> custom;

  static constexpr auto fields() {
    using Self = MarkItem;
    constexpr auto kWithStandard = [](const Self& r) {
      return r.operation != kCustom;
    };
    return std::tuple{
        Field{"OptType",
              &Self::operation,
              {.required = true, .min = kStandard, .max = kBoth},
              "1 standard marks, 2 custom mark, 3 both"},
        Field{"ContactItem", &Self::contact, {.required = true}, "The conversation"},
        Field{"ClearMark",
              &Self::clear,
              {.min = 0, .max = kMaxMark},
              "OptType 1 and 3: standard marks to take away, before others are set",
              +kWithStandard},
        Field{"SetMark",
              &Self::set,
              {.min = 0, .max = kMaxMark},
              "OptType 1 and 3: standard marks to set; 0 star, 1 unread, 2 folded, 3 hidden",
              +kWithStandard},
        Field{"CustomMark",
              &Self::custom,
              {.max_bytes = 256, .keep_empty = true},
              "OptType 2 and 3: the custom mark; \"\" takes it away",
              [](const Self& r) {
                return r.operation != kStandard;
              }},
    };
  }
};

struct MarkRequest {
  std::string owner;
  std::vector<MarkItem> items;

  static constexpr auto fields() {
    using Self = MarkRequest;
    return std::tuple{
        Field{"From_Account", &Self::owner, kContactOwner, "Whose marks"},
        Field{
            "MarkItem",
            &Self::items,
            {.required = true,
             .min_items = 1,
             .max_items = kMaxContactBatch,
             .count_code = ErrorCode::kMarkBatchSize,
             .example =
                 R"([{"OptType":3,"ContactItem":{"Type":1,"To_Account":"id2"},"SetMark":[0,2],"CustomMark":"vip"}])"},
            "The changes"},
    };
  }
};

struct MarkItemResult : ItemResult {
  std::int64_t operation = 0;

  MarkItemResult() = default;
  MarkItemResult(const MarkItem& item, const Status& status)
      : ItemResult(item.contact, status), operation(item.operation) {}

  static constexpr auto fields() {
    return std::tuple_cat(std::tuple{Field{"OptType", &MarkItemResult::operation, {}, "As asked"}},
                          item_result_fields<MarkItemResult>());
  }
};

struct MarkResponse {
  std::vector<MarkItemResult> items;

  static constexpr auto fields() {
    return std::tuple{Field{"ResultItem", &MarkResponse::items, {}, "One for each change"}};
  }
};

std::uint64_t to_bits(const std::vector<std::int64_t>& marks) {
  std::uint64_t bits = 0;
  for (const auto mark : marks)
    bits |= std::uint64_t{1} << static_cast<unsigned>(mark);
  return bits;
}

Result<MarkResponse> contact_mark(Call& call, const MarkRequest& request) {
  std::vector<MarkChange> changes;
  changes.reserve(request.items.size());
  for (const auto& item : request.items) {
    changes.push_back(
        {item.contact.conversation(), to_bits(item.clear), to_bits(item.set), item.custom});
  }
  TRY(const auto outcomes, mark_contacts(call.chat, request.owner, changes));
  MarkResponse response;
  for (std::size_t i = 0; i < request.items.size(); ++i)
    response.items.emplace_back(request.items[i], outcomes[i]);
  return response;
}

/// A conversation with its notes.
struct MarkedItem : MarkFields {
  std::int64_t type = 0;
  std::optional<std::string> peer;
  std::optional<std::string> group;
  std::int64_t changed_at = 0;

  MarkedItem() = default;
  explicit MarkedItem(const MarkedContact& marked)
      : MarkFields(marked.marks),
        type(std::to_underlying(marked.conversation.kind)),
        changed_at(marked.marks.changed_at) {
    (type == ContactKey::kC2c ? peer : group) = marked.conversation.id;
  }

  static constexpr auto fields() {
    using Self = MarkedItem;
    return std::tuple_cat(
        std::tuple{
            Field{"Type", &Self::type, {}, "1 one-to-one, 2 group"},
            Field{"To_Account", &Self::peer, {}, "Type 1: the peer"},
            Field{"ToGroupId", &Self::group, {}, "Type 2: the group"},
        },
        mark_fields<Self>(),
        std::tuple{Field{"Timestamp", &Self::changed_at, {}, "Last change, seconds"}});
  }
};

std::vector<MarkedItem> to_items(const std::vector<MarkedContact>& contacts) {
  std::vector<MarkedItem> items;
  items.reserve(contacts.size());
  for (const auto& contact : contacts)
    items.emplace_back(contact);
  return items;
}

struct SearchRequest {
  std::string owner;
  std::vector<ContactKey> contacts;

  static constexpr auto fields() {
    using Self = SearchRequest;
    return std::tuple{
        Field{"From_Account", &Self::owner, kContactOwner, "Whose notes"},
        Field{"ContactItem",
              &Self::contacts,
              {.required = true,
               .min_items = 1,
               .max_items = 300,
               .example = R"([{"Type":1,"To_Account":"id2"}])"},
              "Conversations"},
    };
  }
};

struct SearchResponse {
  std::vector<MarkedItem> contacts;
  std::vector<GroupItem> groups;

  static constexpr auto fields() {
    using Self = SearchResponse;
    return std::tuple{
        Field{"ContactResultItem", &Self::contacts, {}, "Those of them that have notes"},
        Field{"GroupItem", &Self::groups, {}, "All groups of the user"},
    };
  }
};

Result<SearchResponse> contact_search_group(Call& call, const SearchRequest& request) {
  std::vector<Conversation> conversations;
  conversations.reserve(request.contacts.size());
  for (const auto& contact : request.contacts)
    conversations.push_back(contact.conversation());
  TRY(const auto found, find_marks(call.chat, request.owner, conversations));
  return SearchResponse{to_items(found.contacts), to_items(found.groups)};
}

struct GetRequest {
  std::string owner;
  std::int64_t start = 0;

  static constexpr auto fields() {
    using Self = GetRequest;
    return std::tuple{
        Field{"From_Account", &Self::owner, kContactOwner, "Whose notes"},
        Field{"StartIndex",
              &Self::start,
              {.required = true, .min = 0, .max = 0x7fffffff, .clamp = true, .example = "0"},
              "0, then the last answer's NextStartIndex"},
    };
  }
};

struct GetResponse {
  std::vector<MarkedItem> contacts;
  std::vector<GroupItem> groups;
  std::int64_t complete = 1;
  std::int64_t next = 0;

  static constexpr auto fields() {
    using Self = GetResponse;
    return std::tuple{
        Field{"ContactItem", &Self::contacts, {}, "Conversations with notes, up to 100"},
        Field{"GroupItem", &Self::groups, {}, "All groups of the user"},
        Field{"CompleteFlag", &Self::complete, {}, "1: that was all"},
        Field{"NextStartIndex", &Self::next, {}, "For the next page"},
    };
  }
};

Result<GetResponse> contact_get_group(Call& call, const GetRequest& request) {
  TRY(const auto page,
      read_marks(call.chat, request.owner, static_cast<std::uint32_t>(request.start)));
  return GetResponse{to_items(page.contacts), to_items(page.groups), page.next == 0 ? 1 : 0,
                     page.next};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&contact_mark>("recentcontact/mark_contact",
        {.summary = "Set and take away marks of up to 100 conversations",
         .errors = {ErrorCode::kContactNoAccount, ErrorCode::kMarkBatchSize},
         .since = "0.2"}),
    post<&contact_search_group>("recentcontact/search_contact_group",
        {.summary = "Read groups and marks of up to 300 conversations",
         .errors = {ErrorCode::kContactNoAccount},
         .since = "0.2"}),
    post<&contact_get_group>("recentcontact/get_contact_group",
        {.summary = "Read groups and marks of all conversations, page by page",
         .errors = {ErrorCode::kContactNoAccount},
         .since = "0.2"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> contact_mark_endpoints() {
  return kRows;
}

MarkFields::MarkFields(const MarkRecord& marks) {
  if (marks.standard != 0) {
    auto& text = standard.emplace();  // F11: no leading zeros
    for (auto bits = marks.standard; bits != 0; bits >>= 1U)
      text.insert(text.begin(), (bits & 1U) != 0 ? '1' : '0');
  }
  if (!marks.custom.empty()) custom = marks.custom;
  if (!marks.groups.empty()) groups.emplace(marks.groups.begin(), marks.groups.end());
}

}  // namespace confab
