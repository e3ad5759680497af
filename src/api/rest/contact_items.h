// What requests and answers about marks and conversation groups have in common.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/fields.h"
#include "domain/contact_marks.h"
#include "domain/conversation.h"
#include "domain/group_kinds.h"
#include "store/records.h"

namespace confab {

struct ContactKey {
  static constexpr std::int64_t kC2c = std::to_underlying(ConversationKind::kC2c);
  static constexpr std::int64_t kGroup = std::to_underlying(ConversationKind::kGroup);

  std::int64_t type = 0;
  std::string peer;
  std::string group;

  Conversation conversation() const {
    return type == kC2c ? c2c_with(peer) : Conversation{ConversationKind::kGroup, group};
  }

  static constexpr auto fields() {
    using Self = ContactKey;
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
        Field{"ToGroupId",
              &Self::group,
              {.required = true, .max_bytes = kMaxGroupId, .aliases = {"ToGroupid", "GroupId"}},
              "Type 2: the group",
              [](const Self& r) {
                return r.type == kGroup;
              }},
    };
  }
};

/// The marks of a conversation as their fields say it; what is empty is left out.
struct MarkFields {
  std::optional<std::string> standard;
  std::optional<std::string> custom;
  std::optional<std::vector<std::int64_t>> groups;

  explicit MarkFields(const MarkRecord& marks);
  MarkFields() = default;
};

template <typename Self>
constexpr auto mark_fields() {
  return std::tuple{
      Field<Self, std::optional<std::string>>{
          "StandardMark", &Self::standard, {}, "Marks as bits, mark 0 last"},
      Field<Self, std::optional<std::string>>{"CustomMark", &Self::custom, {}, "Custom mark"},
      Field<Self, std::optional<std::vector<std::int64_t>>>{
          "ContactGroupId", &Self::groups, {}, "Conversation groups that it is in"},
  };
}

inline constexpr std::int64_t kMaxContactBatch = 100;  // conversations in one change (F2)
inline constexpr Rules kContactOwner{.required = true, .example = R"("id1")"};

struct GroupItem {
  std::string name;
  std::int64_t id = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"GroupName", &GroupItem::name, {}, "Name"},
        Field{"GroupId", &GroupItem::id, {}, "Number, private to the user"},
    };
  }
};

inline GroupItem to_item(const ContactGroup& group) {
  return {group.name, group.id};
}

inline std::vector<GroupItem> to_items(const std::vector<ContactGroup>& groups) {
  std::vector<GroupItem> items;
  items.reserve(groups.size());
  for (const auto& group : groups)
    items.push_back(to_item(group));
  return items;
}

/// What became of one conversation of a request.
struct ItemResult {
  ContactKey contact;
  std::int64_t code = 0;
  std::string text;

  ItemResult() = default;
  ItemResult(ContactKey key, const Status& status) : contact(std::move(key)) {
    if (status) return;
    code = static_cast<std::int64_t>(status.error().code);
    text = std::string(error_entry(status.error().code).text) + ": " + status.error().detail;
  }
};

template <typename Self>
constexpr auto item_result_fields() {
  return std::tuple{
      Field<Self, ContactKey>{"ContactItem", &Self::contact, {}, "The conversation"},
      Field<Self, std::int64_t>{"ResultCode",
                                &Self::code,
                                {},
                                "0; 50001: no such account; 51008: too many conversations"},
      Field<Self, std::string>{"ResultInfo", &Self::text, {}, "Why it failed"},
  };
}

}  // namespace confab
