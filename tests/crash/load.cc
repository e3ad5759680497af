#include "tests/crash/load.h"

#include <array>

#include <fmt/format.h>

namespace confab::testing {
namespace {

const std::array<std::string, 4> kUsers{"ann", "bob", "cid", "dan"};
const std::array<std::string, 3> kGroups{"g1", "g2", "@TGS#_c"};
constexpr std::array<std::string_view, 4> kKinds{"Public", "Private", "ChatRoom", "Community"};

constexpr std::string_view kCounts = "counts";
constexpr std::string_view kRefreshes = "refreshes";

std::string text_body(const std::string& text) {
  return fmt::format(R"("MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{}"}}}}])",
                     text);
}

}  // namespace

bool counts_as_unread(std::string_view body) {
  return body.contains(kCounts);
}

bool refreshes_lists(std::string_view body) {
  return body.contains(kRefreshes);
}

std::string message_text(std::uint64_t number, bool counts, bool refreshes) {
  return fmt::format("{} {} {}", number, counts ? kCounts : "", refreshes ? kRefreshes : "");
}

const std::string& Load::user() {
  return kUsers.at(once_in(2) ? below(2) : below(kUsers.size()));
}

const std::string& Load::group() {
  return kGroups.at(below(kGroups.size()));
}

std::string Load::members() {
  std::string out;
  for (auto count = 1 + below(3); count > 0; --count)
    out += fmt::format(R"({}{{"Member_Account":"{}"}})", out.empty() ? "" : ",", user());
  return out;
}

std::string Load::names() {
  std::string out;
  for (auto count = 1 + below(3); count > 0; --count)
    out += fmt::format(R"({}"{}")", out.empty() ? "" : ",", user());
  return out;
}

std::string Load::controls(bool counts, bool refreshes) {
  std::string words;
  if (!counts) words = R"("NoUnread")";
  if (!refreshes) words += words.empty() ? R"("NoLastMsg")" : R"(,"NoLastMsg")";
  return fmt::format(R"("SendMsgControl":[{}])", words);
}

Request Load::next(Seconds now) {
  ++number_;
  const auto draw = below(100);
  if (draw < 5) return on_account();
  if (draw < 35) return on_message(now);
  if (draw < 41) return on_stored(now);
  if (draw < 55) return on_list();
  if (draw < 63) return on_group();
  if (draw < 71) return on_members();
  if (draw < 91) return on_group_message(now);
  return reading();
}

Request Load::on_account() {
  if (once_in(3)) {
    return {"im_open_login_svc/account_delete",
            fmt::format(R"({{"DeleteItem":[{{"UserID":"{}"}}]}})", user())};
  }
  return {"im_open_login_svc/multiaccount_import", R"({"Accounts":["ann","bob","cid","dan"]})"};
}

Request Load::on_message(Seconds now) {
  const bool counts = !once_in(5);
  const bool refreshes = !once_in(5);
  // Now and then long, so that logs and memtables fill.
  const auto text = message_text(number_, counts, refreshes) +
                    std::string(once_in(3) ? 1000 + below(9000) : below(30), 'x');
  const auto numbers = fmt::format(R"("MsgSeq":{},"MsgRandom":{})", 1 + below(4), below(3));
  if (once_in(6)) {  // SyncFromOldSystem 2 counts nowhere, and refreshes
    const auto past = message_text(number_, false, true);
    return {"openim/importmsg",
            fmt::format(R"({{"SyncFromOldSystem":2,"From_Account":"{}","To_Account":"{}",)"
                        R"("MsgTimeStamp":{},{},{}}})",
                        user(), user(), now - static_cast<Seconds>(below(40)), numbers,
                        text_body(past))};
  }
  const auto more = fmt::format(R"("SyncOtherMachine":{},{},{},{})", once_in(5) ? 2 : 1,
                                controls(counts, refreshes), numbers, text_body(text));
  if (once_in(6)) {
    return {"openim/batchsendmsg",
            fmt::format(R"({{"From_Account":"{}","To_Account":[{}],{}}})", user(), names(), more)};
  }
  return {
      "openim/sendmsg",
      fmt::format(R"({{"From_Account":"{}","To_Account":"{}","SupportMessageExtension":{},{}}})",
                  user(), user(), below(2), more)};
}

Request Load::on_stored(Seconds now) {
  const auto key =
      fmt::format(R"("From_Account":"{}","To_Account":"{}","MsgKey":"{}_{}_{}")", user(), user(),
                  1 + below(4), below(3), now - static_cast<Seconds>(below(3)));
  if (once_in(2)) return {"openim/admin_msgwithdraw", fmt::format("{{{}}}", key)};
  return {"openim/modify_c2c_msg", fmt::format(R"({{{},"CloudCustomData":"{}"}})", key, number_)};
}

Request Load::on_list() {
  switch (below(6)) {
    case 0:
      return {"recentcontact/top",
              fmt::format(R"({{"From_Account":"{}","OperationType":{},)"
                          R"("RecentContactItem":[{{"Type":1,"To_Account":"{}"}}]}})",
                          user(), 1 + below(2), user())};
    case 1:
      return {"openim/admin_set_msg_read",
              fmt::format(R"({{"Report_Account":"{}","Peer_Account":"{}"}})", user(), user())};
    case 2:
      return {"recentcontact/delete",
              fmt::format(R"({{"From_Account":"{}","Type":2,"ToGroupid":"{}","ClearRamble":{}}})",
                          user(), group(), below(2))};
    default:
      return {"recentcontact/delete",
              fmt::format(R"({{"From_Account":"{}","Type":1,"To_Account":"{}","ClearRamble":{}}})",
                          user(), user(), once_in(4) ? 0 : 1)};
  }
}

Request Load::on_group() {
  const auto& id = group();
  switch (below(8)) {
    case 0:
      return {"group_open_http_svc/destroy_group", fmt::format(R"({{"GroupId":"{}"}})", id)};
    case 1:
      return {"group_open_http_svc/modify_group_base_info",
              fmt::format(R"({{"GroupId":"{}","Name":"n{}"}})", id, number_)};
    case 2:
      return {"group_open_http_svc/change_group_owner",
              fmt::format(R"({{"GroupId":"{}","NewOwner_Account":"{}"}})", id, user())};
    default:
      return {"group_open_http_svc/create_group",
              fmt::format(R"({{"GroupId":"{}","Type":"{}","Name":"name","Owner_Account":"{}",)"
                          R"("MemberList":[{}]}})",
                          id, id.front() == '@' ? kKinds[3] : kKinds.at(below(3)), user(),
                          members())};
  }
}

Request Load::on_members() {
  const auto& id = group();
  const auto silence = below(2);
  switch (below(6)) {
    case 0:
      return {"group_open_http_svc/delete_group_member",
              fmt::format(R"({{"GroupId":"{}","Silence":{},"MemberToDel_Account":[{}]}})", id,
                          silence, names())};
    case 1:
      return {"group_open_http_svc/import_group_member",
              fmt::format(R"({{"GroupId":"{}","MemberList":[{{"Member_Account":"{}",)"
                          R"("UnreadMsgNum":{}}}]}})",
                          id, user(), below(4))};
    case 2:
      return {"group_open_http_svc/modify_group_member_info",
              fmt::format(R"({{"GroupId":"{}","Member_Account":"{}","Role":"{}"}})", id, user(),
                          once_in(2) ? "Admin" : "Member")};
    default:
      return {"group_open_http_svc/add_group_member",
              fmt::format(R"({{"GroupId":"{}","Silence":{},"MemberList":[{}]}})", id, silence,
                          members())};
  }
}

Request Load::on_group_message(Seconds now) {
  const auto& id = group();
  const auto draw = below(12);
  if (draw == 0) {
    return {"group_open_http_svc/group_msg_recall",
            fmt::format(R"({{"GroupId":"{}","MsgSeqList":[{{"MsgSeq":{}}}]}})", id, 1 + below(30))};
  }
  if (draw == 1) {
    return {"openim/modify_group_msg",
            fmt::format(R"({{"GroupId":"{}","MsgSeq":{},"CloudCustomData":"{}"}})", id,
                        1 + below(30), number_)};
  }
  if (draw == 2) {
    return {"group_open_http_svc/set_unread_msg_num",
            fmt::format(R"({{"GroupId":"{}","Member_Account":"{}","UnreadMsgNum":{}}})", id, user(),
                        below(5))};
  }
  if (draw == 3) {  // which refreshes no list of a Community
    return {"group_open_http_svc/import_group_msg",
            fmt::format(R"({{"GroupId":"{}","RecentContactFlag":1,"MsgList":[)"
                        R"({{"From_Account":"{}","SendTime":{},"Random":{},{}}}]}})",
                        id, user(), now, below(1'000'000),
                        text_body(message_text(number_, true, id.front() != '@')))};
  }
  const bool aimed = id.front() != '@' && once_in(6);
  const bool counts = !once_in(5);
  const bool refreshes = !once_in(5);
  const auto text = message_text(number_, counts && !aimed, refreshes) +
                    std::string(once_in(3) ? 1000 + below(9000) : below(30), 'x');
  auto body = fmt::format(R"({{"GroupId":"{}","From_Account":"{}","Random":{},{},{})", id, user(),
                          below(1'000'000), controls(counts, refreshes), text_body(text));
  if (aimed) body += fmt::format(R"(,"To_Account":[{}])", names());
  return {"group_open_http_svc/send_group_msg", body + '}'};
}

Request Load::reading() {
  switch (below(3)) {
    case 0:
      return {"openim/get_c2c_unread_msg_num",
              fmt::format(R"({{"To_Account":"{}","Peer_Account":[{}]}})", user(), names())};
    case 1:
      return {"recentcontact/get_list",
              fmt::format(R"({{"From_Account":"{}","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,)"
                          R"("TopStartIndex":0,"AssistFlags":7}})",
                          user())};
    default:
      return {"group_open_http_svc/get_joined_group_list",
              fmt::format(R"({{"Member_Account":"{}"}})", user())};
  }
}

}  // namespace confab::testing
