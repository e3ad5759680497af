// Accounts, extensions, marks and conversation groups.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/model/rest_chat.h"

namespace confab::testing {
namespace {

std::string message_of(const MessageId& id) {
  return fmt::format(R"("From_Account":"{}","To_Account":"{}","MsgKey":"{}_{}_{}")", id.from, id.to,
                     id.seq, id.random, id.time);
}

std::string contact(const std::string& peer) {
  return fmt::format(R"({{"Type":1,"To_Account":"{}"}})", peer);
}

template <typename Make>
std::string json_items(const std::vector<std::string>& names, Make make) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ",") + make(name);
  return '[' + out + ']';
}

}  // namespace

void RestChat::import_account(const std::string& user) {
  const auto answer =
      call("im_open_login_svc/account_import", fmt::format(R"({{"UserID":"{}"}})", user));
  if (code_of(answer) != 0) complain_("import failed: " + answer_);
}

int RestChat::delete_account(const std::string& user) {
  const auto answer = call("im_open_login_svc/account_delete",
                           fmt::format(R"({{"DeleteItem":[{{"UserID":"{}"}}]}})", user));
  if (code_of(answer) != 0) complain_("account_delete failed: " + answer_);
  const auto results = items(answer, "ResultItem");
  if (results.size() != 1 || text(results.front(), "UserID") != user) {
    complain_("account_delete answers for others: " + answer_);
    return -1;
  }
  return static_cast<int>(number(results.front(), "ResultCode"));
}

std::vector<std::string> RestChat::imported(const std::vector<std::string>& users) {
  std::vector<std::string> found;
  const auto checked =
      call("im_open_login_svc/account_check",
           fmt::format(R"({{"CheckItem":{}}})", json_items(users, [](const std::string& user) {
                         return fmt::format(R"({{"UserID":"{}"}})", user);
                       })));
  for (const auto& item : items(checked, "ResultItem")) {
    if (text(item, "AccountStatus") == "Imported") found.push_back(text(item, "UserID"));
  }
  std::vector<std::string> known;
  std::size_t unknown = 0;
  const auto status =
      call("openim/query_online_status", fmt::format(R"({{"To_Account":{}}})", json_list(users)));
  if (code_of(status) != (found.empty() ? 70107 : 0)) complain_("code of status: " + answer_);
  if (status.member("QueryResult")) {
    for (const auto& item : items(status, "QueryResult")) {
      known.push_back(text(item, "To_Account"));
      if (text(item, "Status") != "Offline") complain_("nobody is online: " + answer_);
    }
  }
  if (status.member("ErrorList")) unknown = items(status, "ErrorList").size();
  if (known != found || known.size() + unknown != users.size()) {
    complain_("account_check disagrees: " + answer_);
  }
  return found;
}

int RestChat::set_extensions(const MessageId& id,
                             const std::vector<std::string>& keys,
                             const std::string& value) {
  const auto pairs = json_items(keys, [&](const std::string& key) {
    return fmt::format(R"({{"Key":"{}","Value":"{}"}})", key, value);
  });
  const auto answer = call("openim_msg_ext_http_svc/set_key_values",
                           fmt::format(R"({{{},"OperateType":{},"ExtensionList":{}}})",
                                       message_of(id), value.empty() ? 2 : 1, pairs));
  const int code = code_of(answer);
  if (code != 0) return code;
  std::vector<std::string> answered;
  for (const auto& item : items(answer, "ExtensionList")) {
    const auto pair = item.member("Extension");
    if (number(item, "ErrorCode") != 0 || !pair || text(*pair, "Value") != value) {
      complain_("an admin's change has no conflict: " + answer_);
    }
    if (pair) answered.push_back(text(*pair, "Key"));
  }
  if (answered != keys) complain_("other keys are answered: " + answer_);
  return code;
}

int RestChat::clear_extensions(const MessageId& id) {
  return code_of(call("openim_msg_ext_http_svc/set_key_values",
                      fmt::format(R"({{{},"OperateType":3}})", message_of(id))));
}

Extensions RestChat::extensions(const MessageId& id) {
  const auto answer = call("openim_msg_ext_http_svc/get_key_values",
                           fmt::format(R"({{{},"StartSeq":0}})", message_of(id)));
  Extensions extensions{.code = code_of(answer)};
  if (extensions.code != 0) return extensions;
  extensions.latest = number(answer, "LatestSeq");
  extensions.cleared = number(answer, "ClearSeq");
  if (number(answer, "CompleteFlag") != 1) complain_("few pairs need one page: " + answer_);
  for (const auto& pair : items(answer, "ExtensionList"))
    extensions.pairs.push_back({number(pair, "Seq"), text(pair, "Key"), text(pair, "Value")});
  return extensions;
}

ItemCodes RestChat::item_codes_of(JsonValue list) {
  ItemCodes codes;
  for (const auto& item : list.items())
    codes.items.push_back(static_cast<int>(number(item, "ResultCode")));
  return codes;
}

ItemCodes RestChat::create_group(const std::string& user,
                                 const std::string& group,
                                 const std::vector<std::string>& peers) {
  const auto answer = call(
      "recentcontact/create_contact_group",
      fmt::format(
          R"({{"From_Account":"{}","GroupContactItem":[{{"GroupName":"{}","ContactItem":{}}}]}})",
          user, group, json_items(peers, contact)));
  if (const int code = code_of(answer); code != 0) return {.code = code};
  const auto results = items(answer, "GroupResultItem");
  const auto outcomes = results.size() == 1 ? results.front().member("ResultItem") : std::nullopt;
  if (outcomes) return item_codes_of(*outcomes);
  complain_("one group has one result: " + answer_);
  return {};
}

int RestChat::rename_group(const std::string& user,
                           const std::string& group,
                           const std::string& name) {
  return code_of(
      call("recentcontact/update_contact_group",
           fmt::format(R"({{"From_Account":"{}","UpdateType":1,"UpdateGroup":{{)"
                       R"("UpdateGroupType":1,"OldGroupName":"{}","NewGroupName":"{}"}}}})",
                       user, group, name)));
}

ItemCodes RestChat::change_group(const std::string& user,
                                 const std::string& group,
                                 const std::vector<std::string>& peers,
                                 bool add) {
  const auto changes = json_items(peers, [&](const std::string& peer) {
    return fmt::format(R"({{"ContactOptType":{},"ContactItem":{}}})", add ? 1 : 2, contact(peer));
  });
  const auto answer =
      call("recentcontact/update_contact_group",
           fmt::format(R"({{"From_Account":"{}","UpdateType":1,"UpdateGroup":{{)"
                       R"("UpdateGroupType":2,"OldGroupName":"{}","ContactUpdateItem":{}}}}})",
                       user, group, changes));
  if (const int code = code_of(answer); code != 0) return {.code = code};
  const auto result = answer.member("UpdateGroupResult");
  const auto outcomes = result ? result->member("ContactResultItem") : std::nullopt;
  if (outcomes) return item_codes_of(*outcomes);
  complain_("no result for each conversation: " + answer_);
  return {};
}

int RestChat::delete_group(const std::string& user, const std::string& group) {
  return code_of(call("recentcontact/del_contact_group",
                      fmt::format(R"({{"From_Account":"{}","GroupName":["{}"]}})", user, group)));
}

ItemCodes RestChat::mark(const std::string& user,
                         const std::vector<std::string>& peers,
                         const MarkRequest& request) {
  const bool standard = !request.clear.empty() || !request.set.empty();
  const int type = !request.custom ? 1 : standard ? 3 : 2;
  const auto custom =
      request.custom ? fmt::format(R"(,"CustomMark":"{}")", *request.custom) : std::string();
  const auto changes = json_items(peers, [&](const std::string& peer) {
    return fmt::format(R"({{"OptType":{},"ContactItem":{},"ClearMark":[{}],"SetMark":[{}]{}}})",
                       type, contact(peer), fmt::join(request.clear, ","),
                       fmt::join(request.set, ","), custom);
  });
  const auto answer = call("recentcontact/mark_contact",
                           fmt::format(R"({{"From_Account":"{}","MarkItem":{}}})", user, changes));
  if (const int code = code_of(answer); code != 0) return {.code = code};
  const auto outcomes = answer.member("ResultItem");
  if (outcomes) return item_codes_of(*outcomes);
  complain_("no result for each conversation: " + answer_);
  return {};
}

// F11: what says nothing is left out.
Notes RestChat::to_notes(JsonValue object) {
  Notes notes;
  if (object.member("StandardMark")) {
    const auto bits = text(object, "StandardMark");
    if (!bits.starts_with('1')) complain_("leading zeros: " + answer_);
    for (const char bit : bits)
      notes.marks = notes.marks * 2 + (bit == '1' ? 1 : 0);
  }
  if (object.member("CustomMark")) notes.custom = text(object, "CustomMark");
  if (object.member("ContactGroupId")) {
    for (const auto& id : items(object, "ContactGroupId"))
      notes.groups.insert(id.integer().value_or(-1));
  }
  return notes;
}

NoteBook RestChat::to_book(JsonValue answer, std::string_view contacts) {
  NoteBook book;
  for (const auto& item : items(answer, "GroupItem"))
    book.groups.emplace(number(item, "GroupId"), text(item, "GroupName"));
  for (const auto& item : items(answer, contacts)) {
    auto notes = to_notes(item);
    notes.changed = number(item, "Timestamp");
    if (!book.contacts.emplace(text(item, "To_Account"), notes).second) {
      complain_("a conversation twice: " + answer_);
    }
  }
  return book;
}

NoteBook RestChat::notes(const std::string& user) {
  const auto answer = call("recentcontact/get_contact_group",
                           fmt::format(R"({{"From_Account":"{}","StartIndex":0}})", user));
  if (code_of(answer) != 0) complain_("notes failed: " + answer_);
  if (number(answer, "CompleteFlag") != 1) complain_("few notes need one page: " + answer_);
  return to_book(answer, "ContactItem");
}

NoteBook RestChat::notes(const std::string& user, const std::vector<std::string>& peers) {
  const auto answer = call("recentcontact/search_contact_group",
                           fmt::format(R"({{"From_Account":"{}","ContactItem":{}}})", user,
                                       json_items(peers, contact)));
  if (code_of(answer) != 0) complain_("search failed: " + answer_);
  return to_book(answer, "ContactResultItem");
}

}  // namespace confab::testing
