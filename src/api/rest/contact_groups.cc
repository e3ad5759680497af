// recentcontact: conversation groups.
#include <string>
#include <vector>

#include "api/registry.h"
#include "api/rest/contact_items.h"
#include "domain/contact_marks.h"

namespace confab {
namespace {

/// A new name of a conversation group: 1 to 32 bytes (F2).
struct GroupName {
  std::string text;

  static Result<GroupName> from_json(JsonValue value, const FieldPath& path) {
    const auto text = value.string();
    if (!text) return path.refuse_type(ErrorCode::kInvalidField, "a string", value);
    if (!text->empty() && text->size() <= 32) return GroupName{std::string(*text)};
    return path.refuse(ErrorCode::kBadContactGroupName,
                       "must be 1 to 32 bytes, has " + std::to_string(text->size()));
  }
  void to_json(std::string& out) const { append_json_string(out, text); }
  static void schema(JsonWriter& w) {
    w.member("type", "string");
    w.member("minLength", 1);
    w.member("maxLength", 32);
  }
};

struct CreateItem {
  GroupName name;
  std::vector<ContactKey> contacts;

  static constexpr auto fields() {
    return std::tuple{
        Field{"GroupName", &CreateItem::name, {.required = true}, "Name"},
        Field{"ContactItem",
              &CreateItem::contacts,
              {.required = true,
               .min_items = 1,
               .max_items = kMaxContactBatch,
               .count_code = ErrorCode::kMarkBatchSize},
              "Conversations to put into it"},
    };
  }
};

struct CreateRequest {
  std::string owner;
  std::vector<CreateItem> groups;

  static constexpr auto fields() {
    using Self = CreateRequest;
    return std::tuple{
        Field{"From_Account", &Self::owner, kContactOwner, "Whose group"},
        Field{"GroupContactItem",
              &Self::groups,
              {.required = true,
               .min_items = 1,
               .max_items = 1,
               .example =
                   R"([{"GroupName":"work","ContactItem":[{"Type":1,"To_Account":"id2"}]}])"},
              "The group; one in each call"},
    };
  }
};

struct CreateItemResult : ItemResult {
  using ItemResult::ItemResult;
  static constexpr auto fields() { return item_result_fields<CreateItemResult>(); }
};

struct CreateResult {
  GroupItem group;
  std::vector<CreateItemResult> items;

  static constexpr auto fields() {
    return std::tuple{
        Field{"GroupItem", &CreateResult::group, {}, "The group"},
        Field{"ResultItem", &CreateResult::items, {}, "One for each conversation"},
    };
  }
};

struct CreateResponse {
  std::vector<CreateResult> results;

  static constexpr auto fields() {
    return std::tuple{Field{"GroupResultItem", &CreateResponse::results, {}, "What became of it"}};
  }
};

Result<CreateResponse> contact_create_group(Call& call, const CreateRequest& request) {
  const auto& wanted = request.groups.front();
  std::vector<Conversation> conversations;
  conversations.reserve(wanted.contacts.size());
  for (const auto& contact : wanted.contacts)
    conversations.push_back(contact.conversation());
  TRY(const auto created,
      create_contact_group(call.chat, request.owner, wanted.name.text, conversations));
  CreateResult result{.group = to_item(created.group)};
  for (std::size_t i = 0; i < wanted.contacts.size(); ++i)
    result.items.emplace_back(wanted.contacts[i], created.items[i]);
  return CreateResponse{{std::move(result)}};
}

constexpr std::int64_t kFromGroup = 1;  // UpdateType
constexpr std::int64_t kRename = 1;     // UpdateGroupType
constexpr std::int64_t kMembers = 2;
constexpr std::int64_t kAdd = 1;  // ContactOptType
constexpr std::int64_t kRemove = 2;

struct UpdateItem {
  std::int64_t operation = 0;
  ContactKey contact;

  static constexpr auto fields() {
    return std::tuple{
        Field{"ContactOptType",
              &UpdateItem::operation,
              {.required = true, .min = kAdd, .max = kRemove},
              "1 add, 2 remove"},
        Field{"ContactItem", &UpdateItem::contact, {.required = true}, "The conversation"},
    };
  }
};

struct UpdateGroup {
  std::int64_t type = 0;
  std::string name;
  GroupName new_name;
  std::vector<UpdateItem> items;

  static constexpr auto fields() {
    using Self = UpdateGroup;
    return std::tuple{
        Field{"UpdateGroupType",
              &Self::type,
              {.required = true, .min = kRename, .max = kMembers},
              "1 rename, 2 add and remove conversations"},
        Field{"OldGroupName", &Self::name, {.required = true}, "The group"},
        Field{"NewGroupName",
              &Self::new_name,
              {.required = true},
              "UpdateGroupType 1: its new name",
              [](const Self& r) {
                return r.type == kRename;
              }},
        Field{"ContactUpdateItem",
              &Self::items,
              {.required = true,
               .min_items = 1,
               .max_items = kMaxContactBatch,
               .count_code = ErrorCode::kMarkBatchSize},
              "UpdateGroupType 2: the changes",
              [](const Self& r) {
                return r.type == kMembers;
              }},
    };
  }
};

struct UpdateRequest {
  std::string owner;
  std::int64_t type = 0;
  UpdateGroup group;

  static constexpr auto fields() {
    using Self = UpdateRequest;
    return std::tuple{
        Field{"From_Account", &Self::owner, kContactOwner, "Whose group"},
        Field{"UpdateType",
              &Self::type,
              {.required = true, .min = kFromGroup, .max = kFromGroup, .example = "1"},
              "1: the change is seen from the group"},
        Field{
            "UpdateGroup",
            &Self::group,
            {.required = true,
             .example =
                 R"({"UpdateGroupType":2,"OldGroupName":"work","ContactUpdateItem":[{"ContactOptType":1,"ContactItem":{"Type":1,"To_Account":"id2"}}]})"},
            "The change"},
    };
  }
};

struct UpdateItemResult : ItemResult {
  std::int64_t operation = 0;

  UpdateItemResult() = default;
  UpdateItemResult(const UpdateItem& item, const Status& status)
      : ItemResult(item.contact, status), operation(item.operation) {}

  static constexpr auto fields() {
    return std::tuple_cat(
        std::tuple{Field{"ContactOptType", &UpdateItemResult::operation, {}, "1 add, 2 remove"}},
        item_result_fields<UpdateItemResult>());
  }
};

struct UpdateResult {
  std::int64_t type = 0;
  std::string name;
  std::int64_t id = 0;
  std::string old_name;
  std::vector<UpdateItemResult> items;

  static constexpr auto fields() {
    using Self = UpdateResult;
    return std::tuple{
        Field{"UpdateGroupType", &Self::type, {}, "As asked"},
        Field{"GroupName", &Self::name, {}, "Name after the change"},
        Field{"GroupId", &Self::id, {}, "Number"},
        Field{"OldGroupName", &Self::old_name, {}, "Name before the change"},
        Field{"ContactResultItem", &Self::items, {}, "One for each conversation"},
    };
  }
};

struct UpdateResponse {
  std::int64_t type = kFromGroup;
  UpdateResult result;

  static constexpr auto fields() {
    return std::tuple{
        Field{"UpdateType", &UpdateResponse::type, {}, "As asked"},
        Field{"UpdateGroupResult", &UpdateResponse::result, {}, "What became of it"},
    };
  }
};

Result<UpdateResponse> contact_update_group(Call& call, const UpdateRequest& request) {
  const auto& wanted = request.group;
  UpdateResult result{.type = wanted.type, .old_name = wanted.name};
  if (wanted.type == kRename) {
    TRY(const auto group,
        rename_contact_group(call.chat, request.owner, wanted.name, wanted.new_name.text));
    result.name = group.name;
    result.id = group.id;
    return UpdateResponse{.result = std::move(result)};
  }
  std::vector<ContactGroupChange> changes;
  changes.reserve(wanted.items.size());
  for (const auto& item : wanted.items)
    changes.push_back({item.operation == kAdd, item.contact.conversation()});
  TRY(const auto changed, change_contact_group(call.chat, request.owner, wanted.name, changes));
  result.name = changed.group.name;
  result.id = changed.group.id;
  for (std::size_t i = 0; i < wanted.items.size(); ++i)
    result.items.emplace_back(wanted.items[i], changed.items[i]);
  return UpdateResponse{.result = std::move(result)};
}

struct DeleteRequest {
  std::string owner;
  std::vector<std::string> names;

  static constexpr auto fields() {
    using Self = DeleteRequest;
    return std::tuple{
        Field{"From_Account", &Self::owner, kContactOwner, "Whose group"},
        Field{"GroupName",
              &Self::names,
              {.required = true, .min_items = 1, .max_items = 1, .example = R"(["work"])"},
              "The group; one in each call"},
    };
  }
};

struct DeleteResponse {
  std::vector<GroupItem> groups;

  static constexpr auto fields() {
    return std::tuple{Field{"GroupItem", &DeleteResponse::groups, {}, "What was deleted"}};
  }
};

Result<DeleteResponse> contact_delete_group(Call& call, const DeleteRequest& request) {
  TRY(const auto group, delete_contact_group(call.chat, request.owner, request.names.front()));
  return DeleteResponse{{to_item(group)}};
}

// clang-format off
constexpr Endpoint kRows[] = {
    post<&contact_create_group>("recentcontact/create_contact_group",
        {.summary = "Create a conversation group, or add to it",
         .errors = {ErrorCode::kContactNoAccount, ErrorCode::kMarkBatchSize,
                    ErrorCode::kTooManyContactGroups, ErrorCode::kBadContactGroupName},
         .since = "0.2"}),
    post<&contact_update_group>("recentcontact/update_contact_group",
        {.summary = "Rename a conversation group, or add and remove conversations",
         .errors = {ErrorCode::kContactNoAccount, ErrorCode::kMarkBatchSize,
                    ErrorCode::kNoSuchContactGroup, ErrorCode::kBadContactGroupName},
         .since = "0.2"}),
    post<&contact_delete_group>("recentcontact/del_contact_group",
        {.summary = "Delete a conversation group; its conversations stay",
         .errors = {ErrorCode::kContactNoAccount, ErrorCode::kNoSuchContactGroup},
         .since = "0.2"}),
};
// clang-format on
static_assert(paths_are_unique(kRows));

}  // namespace

std::span<const Endpoint> contact_group_endpoints() {
  return kRows;
}

}  // namespace confab
