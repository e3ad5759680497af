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
                                     .max_bytes = 48,
                                     .code = ErrorCode::kBadGroupId,
                                     .type_code = ErrorCode::kGroupParameter,
                                     .example = R"("team")"};

template <typename Self>
constexpr auto group_field() {
  return std::tuple{Field<Self, std::string>{"GroupId", &Self::group, kGroupIdRules, "The group"}};
}

template <typename Self>
constexpr auto topic_field() {
  return std::tuple{
      Field<Self, std::string>{"TopicId", &Self::topic, {}, "Not served yet: must be absent"}};
}

/// Accounts must be strings (rule 15).
constexpr Rules account_rules(Rules rules = {}) {
  rules.type_code = ErrorCode::kAccountNotString;
  return rules;
}

/// A field with one of a few words. `kWords` of the traits lists word and value; the first is what
/// is documented for a value and what answers say.
template <typename Traits>
struct WordOf {
  using Value = decltype(Traits::kWords[0].value);
  Value value = Traits::kWords[0].value;

  static Result<WordOf> from_json(JsonValue json, const FieldPath& path) {
    const auto text = json.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", json);
    for (const auto& word : Traits::kWords) {
      if (word.text == *text) return WordOf{word.value};
    }
    std::string wanted = "must be one of";
    for (const auto& word : Traits::kWords)
      wanted += ' ' + std::string(word.text);
    return path.refuse(ErrorCode::kInvalidField, wanted + ", is " + quote_value(*text));
  }
  void to_json(std::string& out) const {
    for (const auto& word : Traits::kWords) {
      if (word.value == value) return append_json_string(out, word.text);
    }
  }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.key("enum");
    w.begin_array();
    for (const auto& word : Traits::kWords)
      w.value(word.text);
    w.end_array();
  }
};

template <typename Word>
auto value_of(const std::optional<Word>& word) {
  return word ? std::optional(word->value) : std::nullopt;
}

template <typename T>
struct Word {
  std::string_view text;
  T value;
};

struct GroupKindWords {
  static constexpr std::array kWords{
      Word{"Private", GroupKind::kPrivate},     Word{"Work", GroupKind::kPrivate},
      Word{"Public", GroupKind::kPublic},       Word{"ChatRoom", GroupKind::kChatRoom},
      Word{"Meeting", GroupKind::kChatRoom},    Word{"AVChatRoom", GroupKind::kAvChatRoom},
      Word{"Community", GroupKind::kCommunity},
  };
};
using GroupKindField = WordOf<GroupKindWords>;

struct JoinOptionWords {
  static constexpr std::array kWords{
      Word{"NeedPermission", JoinOption::kNeedPermission},
      Word{"FreeAccess", JoinOption::kFreeAccess},
      Word{"DisableApply", JoinOption::kDisableApply},
  };
};
using JoinOptionField = WordOf<JoinOptionWords>;

struct OnOffWords {
  static constexpr std::array kWords{Word{"Off", false}, Word{"On", true}};
};
using OnOffField = WordOf<OnOffWords>;

struct AdminRoleWords {
  static constexpr std::array kWords{Word{"Member", Role::kMember}, Word{"Admin", Role::kAdmin}};
};
using AdminRoleField = WordOf<AdminRoleWords>;

struct RoleWords {
  static constexpr std::array kWords{Word{"Owner", Role::kOwner}, Word{"Admin", Role::kAdmin},
                                     Word{"Member", Role::kMember}};
};
using RoleField = WordOf<RoleWords>;

struct ReceiveWords {
  static constexpr std::array kWords{Word{"AcceptAndNotify", ReceiveOption::kAndNotify},
                                     Word{"AcceptNotNotify", ReceiveOption::kNotNotify},
                                     Word{"Discard", ReceiveOption::kDiscard}};
};
using ReceiveField = WordOf<ReceiveWords>;

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
