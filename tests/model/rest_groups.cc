#include "tests/model/rest_groups.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace confab::testing {
namespace {

constexpr std::size_t kMaxPages = 1000;  // more than any run can fill
constexpr std::size_t kMaxHistoryPage = 20;

std::string service(std::string_view command) {
  return "group_open_http_svc/" + std::string(command);
}

std::string of_group(const std::string& group) {
  return fmt::format(R"("GroupId":"{}")", group);
}

std::string accounts(const std::vector<std::string>& users) {
  std::string out;
  for (const auto& user : users)
    out += fmt::format(R"({}{{"Member_Account":"{}"}})", out.empty() ? "" : ",", user);
  return '[' + out + ']';
}

std::string text_body(std::string_view text) {
  return fmt::format(R"("MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{}"}}}}])",
                     text);
}

std::string controls(const GroupMessageRequest& request) {
  std::vector<std::string> words;
  if (request.no_unread) words.emplace_back("NoUnread");
  if (request.no_last) words.emplace_back("NoLastMsg");
  return words.empty() ? "" : fmt::format(R"(,"SendMsgControl":{})", json_list(words));
}

}  // namespace

int RestGroups::create(const NewGroupRequest& request) {
  auto body = fmt::format(R"({{{},"Type":"{}","Name":"name")", of_group(request.id), request.kind);
  if (!request.owner.empty()) body += fmt::format(R"(,"Owner_Account":"{}")", request.owner);
  if (!request.members.empty()) body += ",\"MemberList\":" + accounts(request.members);
  const auto answer = call(service("create_group"), body + '}');
  const int code = code_of(answer);
  if (code == 0 && text(answer, "GroupId") != request.id) complain("another group");
  return code;
}

int RestGroups::dissolve(const std::string& group) {
  return simple(service("destroy_group"), '{' + of_group(group) + '}');
}

ItemCodes RestGroups::results_of(JsonValue answer, std::string_view list, std::string_view code) {
  ItemCodes codes{.code = code_of(answer)};
  if (codes.code != 0) return codes;
  for (const auto& item : items(answer, list))
    codes.items.push_back(static_cast<int>(number(item, code)));
  return codes;
}

ItemCodes RestGroups::add(const std::string& group,
                          const std::vector<std::string>& users,
                          bool silent) {
  return results_of(call(service("add_group_member"),
                         fmt::format(R"({{{},"Silence":{},"MemberList":{}}})", of_group(group),
                                     silent ? 1 : 0, accounts(users))),
                    "MemberList", "Result");
}

ItemCodes RestGroups::import_members(const std::string& group,
                                     const std::vector<MemberImportItem>& members) {
  std::string list;
  for (const auto& [user, joined, unread] : members) {
    list += fmt::format(R"({}{{"Member_Account":"{}","JoinTime":{},"UnreadMsgNum":{}}})",
                        list.empty() ? "" : ",", user, joined, unread);
  }
  return results_of(call(service("import_group_member"),
                         fmt::format(R"({{{},"MemberList":[{}]}})", of_group(group), list)),
                    "MemberList", "Result");
}

int RestGroups::remove(const std::string& group,
                       const std::vector<std::string>& users,
                       bool silent) {
  return simple(service("delete_group_member"),
                fmt::format(R"({{{},"Silence":{},"MemberToDel_Account":{}}})", of_group(group),
                            silent ? 1 : 0, json_list(users)));
}

int RestGroups::rename(const std::string& group, const std::string& name) {
  return simple(service("modify_group_base_info"),
                fmt::format(R"({{{},"Name":"{}"}})", of_group(group), name));
}

int RestGroups::mute_all(const std::string& group, bool on) {
  return simple(service("modify_group_base_info"),
                fmt::format(R"({{{},"MuteAllMember":"{}"}})", of_group(group), on ? "On" : "Off"));
}

int RestGroups::mute(const std::string& group,
                     const std::vector<std::string>& users,
                     std::int64_t seconds) {
  return simple(service("forbid_send_msg"),
                fmt::format(R"({{{},"Members_Account":{},"MuteTime":{}}})", of_group(group),
                            json_list(users), seconds));
}

int RestGroups::give(const std::string& group, const std::string& owner) {
  return simple(service("change_group_owner"),
                fmt::format(R"({{{},"NewOwner_Account":"{}"}})", of_group(group), owner));
}

int RestGroups::set_role(const std::string& group, const std::string& user, bool admin) {
  return simple(service("modify_group_member_info"),
                fmt::format(R"({{{},"Member_Account":"{}","Role":"{}"}})", of_group(group), user,
                            admin ? "Admin" : "Member"));
}

SentCode RestGroups::send(const GroupMessageRequest& request) {
  auto body = fmt::format(R"({{{},"Random":{},"OnlineOnlyFlag":{},"CloudCustomData":"{}",{}{})",
                          of_group(request.group), request.random, request.online_only ? 1 : 0,
                          request.cloud, text_body(request.text), controls(request));
  if (!request.from.empty()) body += fmt::format(R"(,"From_Account":"{}")", request.from);
  if (!request.targets.empty()) body += ",\"To_Account\":" + json_list(request.targets);
  const auto answer = call(service("send_group_msg"), body + '}');
  SentCode code{.code = code_of(answer)};
  if (code.code != 0) return code;
  code.seq = number(answer, "MsgSeq");
  code.time = number(answer, "MsgTime");
  return code;
}

std::vector<SentCode> RestGroups::import_messages(const std::string& group,
                                                  const std::vector<GroupImportItem>& messages,
                                                  bool refreshes) {
  std::string list;
  for (const auto& item : messages) {
    list += fmt::format(R"({}{{"From_Account":"{}","SendTime":{},"Random":{},{}}})",
                        list.empty() ? "" : ",", item.from, item.time, item.random,
                        text_body(item.text));
  }
  const auto answer = call(service("import_group_msg"),
                           fmt::format(R"({{{},"RecentContactFlag":{},"MsgList":[{}]}})",
                                       of_group(group), refreshes ? 1 : 0, list));
  if (const int code = code_of(answer); code != 0) return {{code}};
  std::vector<SentCode> codes;
  for (const auto& item : items(answer, "ImportMsgResult")) {
    codes.push_back({static_cast<int>(number(item, "Result")), number(item, "MsgSeq"),
                     number(item, "MsgTime")});
  }
  return codes;
}

ItemCodes RestGroups::recall(const std::string& group, const std::vector<std::int64_t>& seqs) {
  std::vector<std::string> list;
  for (const auto seq : seqs)
    list.push_back(fmt::format(R"({{"MsgSeq":{}}})", seq));
  const auto answer =
      call(service("group_msg_recall"),
           fmt::format(R"({{{},"MsgSeqList":[{}]}})", of_group(group), fmt::join(list, ",")));
  auto codes = results_of(answer, "RecallRetList", "RetCode");
  if (codes.code != 0) return codes;
  std::vector<std::int64_t> answered;
  for (const auto& item : items(answer, "RecallRetList"))
    answered.push_back(number(item, "MsgSeq"));
  if (answered != seqs) complain("other messages are answered");
  return codes;
}

int RestGroups::recall_of(const std::string& group, const std::string& sender) {
  return simple(service("delete_group_msg_by_sender"),
                fmt::format(R"({{{},"Sender_Account":"{}"}})", of_group(group), sender));
}

int RestGroups::modify(const std::string& group,
                       std::int64_t seq,
                       const std::optional<std::string>& text,
                       const std::optional<std::string>& cloud) {
  auto body = fmt::format(R"({{{},"MsgSeq":{})", of_group(group), seq);
  if (text) body += ',' + text_body(*text);
  if (cloud) body += fmt::format(R"(,"CloudCustomData":"{}")", *cloud);
  return code_of(call("openim/modify_group_msg", body + '}'), "succeed");
}

int RestGroups::set_unread(const std::string& group, const std::string& user, std::int64_t unread) {
  return simple(service("set_unread_msg_num"),
                fmt::format(R"({{{},"Member_Account":"{}","UnreadMsgNum":{}}})", of_group(group),
                            user, unread));
}

int RestGroups::remove_entry(const std::string& user, const std::string& group, bool clear) {
  return simple("recentcontact/delete",
                fmt::format(R"({{"From_Account":"{}","Type":2,"ToGroupid":"{}","ClearRamble":{}}})",
                            user, group, clear ? 1 : 0));
}

int RestGroups::pin(const std::string& user, const std::string& group, bool on) {
  return simple(
      "recentcontact/top",
      fmt::format(
          R"({{"From_Account":"{}","OperationType":{},"RecentContactItem":[{{"Type":2,{}}}]}})",
          user, on ? 1 : 2, of_group(group)));
}

std::vector<int> RestGroups::codes_of(const std::string& group) {
  const auto body = '{' + of_group(group) + '}';
  return {simple(service("get_group_muted_account"), body),
          simple(service("get_group_member_info"), body),
          simple(service("group_msg_get_simple"),
                 fmt::format(R"({{{},"ReqMsgNumber":1}})", of_group(group)))};
}

GroupRow RestGroups::to_row(JsonValue message) {
  GroupRow row{.seq = number(message, "MsgSeq"),
               .place = static_cast<int>(number(message, "IsPlaceMsg")),
               .time = number(message, "MsgTimeStamp"),
               .random = static_cast<std::uint32_t>(number(message, "MsgRandom")),
               .from = text(message, "From_Account")};
  const auto body = items(message, "MsgBody");
  if (number(message, "MsgPriority") != 2) complain("everything is of normal priority");
  row.system = message.member("IsSystemMsg") && number(message, "IsSystemMsg") == 1;
  if (row.place == 1) {
    if (!body.empty()) complain("an expired row with a body");
    return row;
  }
  row.cloud = message.member("CloudCustomData") ? text(message, "CloudCustomData") : "";
  if (row.system) {
    row.random = 0;
    return row;
  }
  for (const auto& element : body) {
    const auto content = element.member("MsgContent");
    if (content) row.text += text(*content, "Text");
  }
  return row;
}

// Rules 92, 93.
std::vector<GroupRow> RestGroups::history(const std::string& group,
                                          bool with_recalled,
                                          std::size_t page) {
  std::vector<GroupRow> rows;
  std::string from;
  for (std::size_t pages = 0; pages < kMaxPages; ++pages) {
    const auto answer = call(service("group_msg_get_simple"),
                             fmt::format(R"({{{},"ReqMsgNumber":{},"WithRecalledMsg":{}{}}})",
                                         of_group(group), page, with_recalled ? 1 : 0, from));
    if (code_of(answer) != 0) {
      complain("history failed");
      return rows;
    }
    std::vector<GroupRow> part;
    for (const auto& message : items(answer, "RspMsgList"))
      part.push_back(to_row(message));
    const bool ordered = std::ranges::is_sorted(part, std::greater(), &GroupRow::seq) &&
                         (rows.empty() || part.empty() || part.front().seq < rows.back().seq);
    if (!ordered || part.size() > std::min(page, kMaxHistoryPage)) complain("not a page");
    rows.insert(rows.end(), part.begin(), part.end());
    if (part.size() < std::min(page, kMaxHistoryPage) || part.back().seq == 1) {
      const auto finished = number(answer, "IsFinished");
      if (finished != 1) complain("the first message was reached");
      return rows;
    }
    from = fmt::format(R"(,"ReqMsgSeq":{})", part.back().seq - 1);
  }
  complain("history has no end");
  return rows;
}

std::vector<MemberRow> RestGroups::members(const std::string& group, std::size_t page) {
  std::vector<MemberRow> rows;
  std::string next;
  for (std::size_t pages = 0; pages < kMaxPages; ++pages) {
    const auto answer =
        call(service("get_group_member_info"),
             fmt::format(R"({{{},"Limit":{},"Next":"{}"}})", of_group(group), page, next));
    if (code_of(answer) != 0) {
      complain("members failed");
      return rows;
    }
    for (const auto& item : items(answer, "MemberList")) {
      rows.push_back({text(item, "Member_Account"), text(item, "Role"), number(item, "JoinTime"),
                      number(item, "MsgSeq"), text(item, "MsgFlag"),
                      number(item, "LastSendMsgTime"), number(item, "MuteUntil")});
    }
    next = text(answer, "Next");
    if (!next.empty()) continue;
    if (static_cast<std::size_t>(number(answer, "MemberNum")) != rows.size()) {
      complain("MemberNum is another");
    }
    return rows;
  }
  complain("members have no end");
  return rows;
}

std::vector<std::pair<std::string, Seconds>> RestGroups::mutes(const std::string& group) {
  std::vector<std::pair<std::string, Seconds>> muted;
  const auto answer = call(service("get_group_muted_account"), '{' + of_group(group) + '}');
  if (code_of(answer) != 0) complain("mutes failed");
  for (const auto& item : items(answer, "MutedAccountList"))
    muted.emplace_back(text(item, "Member_Account"), number(item, "MutedUntil"));
  std::ranges::sort(muted);
  return muted;
}

JoinedRow RestGroups::to_joined(JsonValue item) {
  JoinedRow row{.group = text(item, "GroupId"),
                .kind = text(item, "Type"),
                .owner = text(item, "Owner_Account"),
                .next_seq = number(item, "NextMsgSeq"),
                .members = number(item, "MemberNum"),
                .last_time = number(item, "LastMsgTime"),
                .muted = text(item, "MuteAllMember") == "On"};
  const auto self = item.member("SelfInfo");
  if (!self) {
    complain("no SelfInfo");
    return row;
  }
  row.role = text(*self, "Role");
  row.joined = number(*self, "JoinTime");
  row.receive = text(*self, "MsgFlag");
  row.read = number(*self, "MsgSeq");
  row.unread = number(*self, "UnreadMsgNum");
  return row;
}

std::vector<JoinedRow> RestGroups::joined(const std::string& user,
                                          bool with_inactive,
                                          std::size_t page) {
  std::vector<JoinedRow> rows;
  for (std::size_t pages = 0; pages < kMaxPages; ++pages) {
    const auto answer =
        call(service("get_joined_group_list"),
             fmt::format(
                 R"({{"Member_Account":"{}","WithNoActiveGroups":{},"Limit":{},"Offset":{},)"
                 R"("ResponseFilter":{{"GroupBaseInfoFilter":["Type","Owner_Account","NextMsgSeq",)"
                 R"("MemberNum","LastMsgTime","MuteAllMember"],)"
                 R"("SelfInfoFilter":["Role","JoinTime","MsgFlag","MsgSeq","UnreadMsgNum"]}}}})",
                 user, with_inactive ? 1 : 0, page, rows.size()));
    if (code_of(answer) != 0) {
      complain("joined groups failed");
      return rows;
    }
    const auto part = items(answer, "GroupIdList");
    for (const auto& item : part)
      rows.push_back(to_joined(item));
    const auto total = static_cast<std::size_t>(number(answer, "TotalCount"));
    if (part.size() > page || rows.size() > total || (part.empty() && rows.size() != total)) {
      complain("TotalCount is another");
      return rows;
    }
    if (rows.size() == total) return rows;
  }
  complain("joined groups have no end");
  return rows;
}

int RestGroups::joined_code(const std::string& user) {
  return simple(service("get_joined_group_list"),
                fmt::format(R"({{"Member_Account":"{}"}})", user));
}

std::vector<std::string> RestGroups::alive(const std::string& kind, std::size_t page) {
  std::vector<std::string> groups;
  std::int64_t next = 0;
  const auto filter = kind.empty() ? "" : fmt::format(R"(,"GroupType":"{}")", kind);
  for (std::size_t pages = 0; pages < kMaxPages; ++pages) {
    const auto answer = call(service("get_appid_group_list"),
                             fmt::format(R"({{"Limit":{},"Next":{}{}}})", page, next, filter));
    if (code_of(answer) != 0) complain("the list of groups failed");
    for (const auto& item : items(answer, "GroupIdList"))
      groups.push_back(text(item, "GroupId"));
    next = number(answer, "Next");
    if (next > 0) continue;
    if (static_cast<std::size_t>(number(answer, "TotalCount")) != groups.size()) {
      complain("TotalCount is another");
    }
    return groups;
  }
  complain("the list of groups has no end");
  return groups;
}

}  // namespace confab::testing
