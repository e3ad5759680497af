// What is told of groups and members, and filters that choose from it. A struct's optional members
// are what a filter can name, by the name in the answer or an alias; the names stand in fields()
// and nowhere else.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "api/endpoint.h"
#include "api/rest/group_fields.h"
#include "domain/group_views.h"
#include "domain/members.h"

namespace confab {

/// More rows than an answer of 1 MB can hold, of "{}," each.
inline constexpr std::size_t kMaxRows = kMaxAnswer / 3;
/// The greatest Next and Offset: exact for every client.
inline constexpr std::int64_t kMaxCursor = (std::int64_t{1} << 53U) - 1;

inline std::size_t rows_or_all(std::int64_t limit) {
  return limit == 0 ? kMaxRows : static_cast<std::size_t>(limit);
}

/// Names of T's members. Unknown ones are passed over, so that who asks for more than this server
/// has gets what it has.
template <Described T>
struct FieldFilter {
  std::vector<std::string> names;

  static Result<FieldFilter> from_json(JsonValue value, const FieldPath& path) {
    FieldFilter filter;
    TRY_STATUS(decode_json(value, path, {}, filter.names));
    return filter;
  }
  void to_json(std::string& out) const { encode_json(names, out); }
  static void schema(JsonWriter& w) {
    w.member("type", "array");
    w.key("items");
    w.begin_object();
    w.member("type", "string");
    w.key("examples");
    w.begin_array();
    const auto one = [&]<typename M>(const Field<T, M>& field) {
      if constexpr (fields::kIsOptional<M>) w.value(field.name);
    };
    std::apply([&](const auto&... field) { (one(field), ...); }, T::fields());
    w.end_array();
    w.end_object();
  }

  /// Takes away the optional members that are not named.
  void apply(T& object) const {
    const auto one = [&]<typename M>(const Field<T, M>& field) {
      if constexpr (fields::kIsOptional<M>) {
        const auto& aliases = field.rules.aliases;
        const bool named = std::ranges::any_of(names, [&](std::string_view name) {
          return name == field.name ||
                 (!name.empty() && std::ranges::find(aliases, name) != aliases.end());
        });
        if (!named) (object.*field.member).reset();
      }
    };
    std::apply([&](const auto&... field) { (one(field), ...); }, T::fields());
  }
};

/// Of custom fields those that are asked for by key.
template <typename Item>
std::vector<Item> with_keys(std::vector<Item> items, const std::vector<std::string>& keys) {
  std::erase_if(items, [&](const Item& item) {
    return std::ranges::find(keys, item.key.text) == keys.end();
  });
  return items;
}

/// The profile of a group.
struct GroupBase {
  std::optional<std::int64_t> app;
  std::optional<GroupKindField> kind;
  std::optional<std::string> name;
  std::optional<std::string> introduction;
  std::optional<std::string> notification;
  std::optional<std::string> face_url;
  std::optional<std::string> owner;
  std::optional<std::int64_t> created_at;
  std::optional<std::int64_t> changed_at;
  std::optional<std::int64_t> last_message_at;
  std::optional<std::int64_t> next_seq;
  std::optional<std::int64_t> members;
  std::optional<std::int64_t> max_members;
  std::optional<JoinOptionField> join_option;
  std::optional<OnOffField> muted;
  std::optional<OnOffField> muted_in_older_words;
  std::optional<std::vector<GroupFieldItem>> custom;

  GroupBase() = default;
  GroupBase(const App& the_app, const Group& group)
      : app(static_cast<std::int64_t>(the_app.id)),
        kind(GroupKindField{group.kind()}),
        name(group.record.name),
        introduction(group.record.introduction),
        notification(group.record.notification),
        face_url(group.record.face_url),
        owner(group.record.owner),
        created_at(group.record.created_at),
        changed_at(group.record.changed_at),
        last_message_at(group.head.last_time),
        next_seq(group.head.last_position + 1),
        members(group.head.members),
        max_members(group.record.max_members),
        join_option(JoinOptionField{static_cast<JoinOption>(group.record.join_option)}),
        muted(OnOffField{group.record.muted != 0}),
        muted_in_older_words(muted),
        custom(to_items<GroupFieldItem>(group.record.custom)) {}

  template <typename Self>
  static constexpr auto fields_of() {
    using Number = std::optional<std::int64_t>;
    using Text = std::optional<std::string>;
    return std::tuple{
        Field<Self, Number>{"Appid", &Self::app, {}, "SDKAppID"},
        Field<Self, std::optional<GroupKindField>>{"Type", &Self::kind, {}, "Kind"},
        Field<Self, Text>{"Name", &Self::name, {}, "Name"},
        Field<Self, Text>{"Introduction", &Self::introduction, {}, "Introduction"},
        Field<Self, Text>{"Notification", &Self::notification, {}, "Notice"},
        Field<Self, Text>{"FaceUrl", &Self::face_url, {}, "Avatar URL"},
        Field<Self, Text>{"Owner_Account", &Self::owner, {}, "Owner; \"\": none"},
        Field<Self, Number>{"CreateTime", &Self::created_at, {}, "Seconds"},
        Field<Self, Number>{"LastInfoTime", &Self::changed_at, {}, "Last change of the profile"},
        Field<Self, Number>{"LastMsgTime", &Self::last_message_at, {}, "Last message; 0: none"},
        Field<Self, Number>{"NextMsgSeq", &Self::next_seq, {}, "MsgSeq of the next message"},
        Field<Self, Number>{"MemberNum", &Self::members, {}, "Number of members"},
        Field<Self, Number>{
            "MaxMemberNum", &Self::max_members, {}, "Greatest number of members; 0: no limit"},
        Field<Self, std::optional<JoinOptionField>>{
            "ApplyJoinOption", &Self::join_option, {}, "What happens to applications"},
        Field<Self, std::optional<OnOffField>>{
            "MuteAllMember", &Self::muted, {}, "On: only owner and admins may speak"},
        Field<Self, std::optional<OnOffField>>{
            "ShutUpAllMember", &Self::muted_in_older_words, {}, "The older name of MuteAllMember"},
        Field<Self, std::optional<std::vector<GroupFieldItem>>>{
            "AppDefinedData", &Self::custom, {}, "Custom fields"},
    };
  }
  static constexpr auto fields() { return fields_of<GroupBase>(); }
};

struct MemberInfo {
  std::optional<std::string> user;
  std::optional<RoleField> role;
  std::optional<std::int64_t> joined_at;
  std::optional<std::int64_t> read_seq;
  std::optional<ReceiveField> receive;
  std::optional<std::int64_t> last_sent;
  std::optional<std::int64_t> mute_until;
  std::optional<std::int64_t> mute_until_in_older_words;
  std::optional<std::string> name_card;
  std::optional<std::vector<MemberFieldItem>> custom;

  explicit MemberInfo(const Member& member)
      : user(member.user),
        role(RoleField{static_cast<Role>(member.record.role)}),
        joined_at(member.record.joined_at),
        read_seq(member.read_seq),
        receive(ReceiveField{static_cast<ReceiveOption>(member.record.receive)}),
        last_sent(member.last_sent),
        mute_until(member.mute_until),
        mute_until_in_older_words(member.mute_until),
        name_card(member.record.name_card),
        custom(to_items<MemberFieldItem>(member.record.custom)) {}

  static constexpr auto fields() {
    using Self = MemberInfo;
    return std::tuple{
        Field{"Member_Account", &Self::user, {.aliases = {"Account"}}, "The member"},
        Field{"Role", &Self::role, {}, "Role"},
        Field{"JoinTime", &Self::joined_at, {}, "Seconds"},
        Field{"MsgSeq", &Self::read_seq, {}, "Read up to this message"},
        Field{"MsgFlag", &Self::receive, {}, "How the member receives messages"},
        Field{"LastSendMsgTime", &Self::last_sent, {}, "Seconds; 0: never"},
        Field{"MuteUntil", &Self::mute_until, {}, "Seconds; 0: not muted, 4294967295: for ever"},
        Field{"ShutUpUntil", &Self::mute_until_in_older_words, {}, "The older name of MuteUntil"},
        Field{"NameCard", &Self::name_card, {}, "Name in the group"},
        Field{"AppMemberDefinedData", &Self::custom, {}, "Custom fields"},
    };
  }
};

/// What is asked of members. Nothing: everything. Custom fields are chosen by their keys, or all of
/// them by the name of their list.
struct MemberFilter {
  std::optional<FieldFilter<MemberInfo>> member_fields;
  std::optional<std::vector<std::string>> member_keys;

  MemberInfo apply(const Member& member) const {
    MemberInfo info(member);
    auto custom = info.custom;
    if (member_fields) member_fields->apply(info);
    if (member_keys) info.custom = with_keys(*std::move(custom), *member_keys);
    return info;
  }
};

template <typename Self>
constexpr auto member_filter_fields() {
  return std::tuple{
      Field<Self, std::optional<FieldFilter<MemberInfo>>>{
          "MemberInfoFilter", &Self::member_fields, {}, "Which fields of members"},
      Field<Self, std::optional<std::vector<std::string>>>{"AppDefinedDataFilter_GroupMember",
                                                           &Self::member_keys,
                                                           {},
                                                           "Which custom fields of members"},
  };
}

/// A member's own side of a group.
struct SelfInfo {
  std::optional<RoleField> role;
  std::optional<std::int64_t> joined_at;
  std::optional<ReceiveField> receive;
  std::optional<std::int64_t> read_seq;
  std::optional<std::int64_t> unread;

  SelfInfo() = default;
  explicit SelfInfo(const JoinedGroup& joined)
      : role(RoleField{static_cast<Role>(joined.member.role)}),
        joined_at(joined.member.joined_at),
        receive(ReceiveField{static_cast<ReceiveOption>(joined.member.receive)}),
        read_seq(read_mark(joined.view, joined.group.head).seq),
        unread(joined.unread) {}

  static constexpr auto fields() {
    using Self = SelfInfo;
    return std::tuple{
        Field{"Role", &Self::role, {}, "Role"},
        Field{"JoinTime", &Self::joined_at, {}, "Seconds"},
        Field{"MsgFlag", &Self::receive, {}, "How the member receives messages"},
        Field{"MsgSeq", &Self::read_seq, {}, "Read up to this message"},
        Field{"UnreadMsgNum", &Self::unread, {}, "Number of unread messages"},
    };
  }
};

}  // namespace confab
