// What the group commands have in common.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/endpoint.h"
#include "domain/group_kinds.h"
#include "domain/groups.h"

namespace confab {

inline constexpr Rules kGroupIdRules{.required = true,
                                     .max_bytes = kMaxGroupId,
                                     .code = ErrorCode::kBadGroupId,
                                     .type_code = ErrorCode::kGroupParameter,
                                     .example = R"("team")"};

template <typename Self>
constexpr auto group_field() {
  return std::tuple{Field<Self, std::string>{"GroupId", &Self::group, kGroupIdRules, "The group"}};
}

/// The field of a request that could name a topic. Topics are not served, so nothing is kept.
struct NoTopic {
  static Result<NoTopic> from_json(JsonValue json, const FieldPath& path) {
    const auto text = json.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", json);
    return fail(ErrorCode::kTopicsUnsupported, std::string(path.name) + ' ' + quote_value(*text));
  }
  void to_json(std::string& out) const { append_json_string(out, ""); }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.member("maxLength", 0);
  }
};

/// A request about one group, or a topic in it.
struct TopicTarget : GroupTarget {
  NoTopic topic;
};

template <typename Self>
constexpr auto topic_field() {
  return std::tuple{Field<Self, NoTopic>{"TopicId",
                                         &Self::topic,
                                         {.code = ErrorCode::kTopicsUnsupported},
                                         "Not served yet: must be absent"}};
}

/// Accounts must be strings (rule 15).
constexpr Rules account_rules(Rules rules = {}) {
  rules.type_code = ErrorCode::kAccountNotString;
  return rules;
}

/// A field with one of a few words, an array of Word; `Otherwise`, if given, is what an unknown
/// word means.
template <const auto& Words, auto... Otherwise>
struct WordOf {
  using Value = decltype(Words[0].value);
  Value value = Words[0].value;

  static Result<WordOf> from_json(JsonValue json, const FieldPath& path) {
    const auto text = json.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", json);
    for (const auto& word : Words) {
      if (word.text == *text) return WordOf{word.value};
    }
    if constexpr (sizeof...(Otherwise) != 0) {
      return WordOf{Otherwise...};
    } else {
      std::string wanted = "must be one of";
      for (const auto& word : Words)
        wanted += ' ' + std::string(word.text);
      return path.refuse(ErrorCode::kInvalidField, wanted + ", is " + quote_value(*text));
    }
  }
  void to_json(std::string& out) const { append_json_string(out, name_in(Words, value)); }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.key("enum");
    w.begin_array();
    for (const auto& word : Words)
      w.value(word.text);
    w.end_array();
  }
};

template <typename Field>
auto value_of(const std::optional<Field>& field) {
  return field ? std::optional(field->value) : std::nullopt;
}

inline constexpr std::array kOnOffWords{Word{"Off", false}, Word{"On", true}};
inline constexpr std::array kAdminRoleWords{kRoleWords[2], kRoleWords[1]};
static_assert(kAdminRoleWords[0].value == Role::kMember &&
              kAdminRoleWords[1].value == Role::kAdmin);

using GroupKindField = WordOf<kGroupKindWords>;
using JoinOptionField = WordOf<kJoinOptionWords>;
using OnOffField = WordOf<kOnOffWords>;
using AdminRoleField = WordOf<kAdminRoleWords>;
using RoleField = WordOf<kRoleWords>;
using ReceiveField = WordOf<kReceiveWords>;
/// COMPAT(tencent): a word that is not documented means Normal.
using PriorityField = WordOf<kPriorityWords, Priority::kNormal>;

/// The key of a custom field (rule 26).
struct CustomKey {
  std::string text;

  static constexpr std::size_t kMaxBytes = 16;
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

  static Result<CustomKey> from_json(JsonValue json, const FieldPath& path) {
    const auto text = json.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", json);
    if (!text->empty() && text->size() <= kMaxBytes &&
        text->find_first_not_of(kLetters) == std::string_view::npos) {
      return CustomKey{std::string(*text)};
    }
    return path.refuse(ErrorCode::kInvalidField,
                       "must be 1 to 16 letters, digits and underscores, is " + quote_value(*text));
  }
  void to_json(std::string& out) const { append_json_string(out, text); }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.member("pattern", "^[A-Za-z0-9_]{1,16}$");
  }
};

/// A custom field of a group or member; `MaxValue` bytes at most (rule 26).
template <std::size_t MaxValue>
struct CustomFieldItem {
  CustomKey key;
  std::string value;

  static constexpr auto fields() {
    using Self = CustomFieldItem;
    return std::tuple{
        Field{"Key", &Self::key, {.required = true}, "Key"},
        Field{"Value", &Self::value, {.max_bytes = MaxValue, .keep_empty = true}, "Value"},
    };
  }
};
using GroupFieldItem = CustomFieldItem<512>;
using MemberFieldItem = CustomFieldItem<64>;

template <typename Item>
std::vector<CustomField> to_custom(const std::vector<Item>& items) {
  std::vector<CustomField> fields;
  fields.reserve(items.size());
  for (const auto& item : items)
    fields.push_back({item.key.text, item.value});
  return fields;
}

template <typename Item>
std::vector<Item> to_items(const std::vector<std::string>& stored) {
  std::vector<Item> items;
  for (auto& field : custom_fields(stored))
    items.push_back({{std::move(field.key)}, std::move(field.value)});
  return items;
}

/// What became of one account of a batch.
struct MemberResult {
  std::string user;
  std::int64_t result = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"Member_Account", &MemberResult::user, {}, "The account"},
        Field{"Result", &MemberResult::result, {}, "0 failed, 1 joined, 2 was a member already"},
    };
  }
};

}  // namespace confab
