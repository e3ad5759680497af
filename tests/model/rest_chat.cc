#include "tests/model/rest_chat.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace confab::testing {
namespace {

constexpr std::size_t kMaxPages = 1000;  // more than any run can fill

std::string text_if_any(const Notes& notes) {
  return notes == Notes{} ? "" : notes_text(notes);
}

std::string message_text(const SendRequest& request) {
  return fmt::format(R"("MsgSeq":{},"MsgRandom":{},"CloudCustomData":"{}",)"
                     R"("MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{}"}}}}])",
                     request.seq, request.random, request.cloud, request.text);
}

std::string key_text(std::uint32_t seq, std::uint32_t random, std::uint32_t time) {
  return fmt::format("{}_{}_{}", seq, random, time);
}

}  // namespace

std::string RestChat::delivery_of(const SendRequest& request) const {
  std::string control;
  if (request.no_unread) control = R"("NoUnread")";
  if (request.no_last) control += (control.empty() ? "" : ",") + in_quotes("NoLastMsg");
  return fmt::format(R"("SyncOtherMachine":{},"MsgLifeTime":{},"SendMsgControl":[{}],{})",
                     request.hidden ? 2 : 1, request.online_only ? 0 : 600, control,
                     message_text(request));
}

int RestChat::send(const SendRequest& request) {
  const auto answer = call(
      "openim/sendmsg",
      fmt::format(R"({{"From_Account":"{}","To_Account":"{}","SupportMessageExtension":{},{}}})",
                  request.from, request.to, request.extensible ? 1 : 0, delivery_of(request)));
  const int code = code_of(answer);
  if (code != 0) return code;
  const auto now = world_.clock.unix_seconds();  // G3, G4
  const auto key = key_text(request.seq, request.random, static_cast<std::uint32_t>(now));
  if (number(answer, "MsgTime") != now || text(answer, "MsgKey") != key) {
    complain_(fmt::format("sendmsg should name {}: {}", key, answer_));
  }
  return code;
}

int RestChat::import_message(const SendRequest& request, Seconds time, bool live) {
  return code_of(call(
      "openim/importmsg",
      fmt::format(
          R"({{"From_Account":"{}","To_Account":"{}","SyncFromOldSystem":{},"MsgTimeStamp":{},{}}})",
          request.from, request.to, live ? 5 : 2, time, message_text(request))));
}

// A5, A7, G13: what failed is listed, and the whole says so.
ItemCodes RestChat::send_to_many(const SendRequest& request,
                                 const std::vector<std::string>& recipients) {
  const auto answer = call("openim/batchsendmsg",
                           fmt::format(R"({{"From_Account":"{}","To_Account":{},{}}})",
                                       request.from, json_list(recipients), delivery_of(request)));
  ItemCodes codes{.code = static_cast<int>(number(answer, "ErrorCode"))};
  const auto errors = answer.member("ErrorList");
  if (codes.code != 0 && !errors) return codes;
  std::map<std::string, int> failed;
  for (const auto& item : items(answer, "ErrorList")) {
    const auto code = static_cast<int>(number(item, "ErrorCode"));
    if (!failed.emplace(text(item, "To_Account"), code).second) complain_("twice: " + answer_);
  }
  std::set<std::string> done;
  for (const auto& to : recipients) {
    if (!done.insert(to).second) continue;
    const auto found = failed.find(to);
    codes.items.push_back(found == failed.end() ? 0 : found->second);
  }
  const auto* const status = codes.code != 0 ? "FAIL" : failed.empty() ? "OK" : "SomeError";
  if (text(answer, "ActionStatus") != status) complain_("ActionStatus: " + answer_);
  const auto now = static_cast<std::uint32_t>(world_.clock.unix_seconds());
  if (codes.code == 0 && text(answer, "MsgKey") != key_text(request.seq, request.random, now)) {
    complain_("batchsendmsg names another key: " + answer_);
  }
  return codes;
}

int RestChat::recall(const MessageId& id) {
  return code_of(call("openim/admin_msgwithdraw",
                      fmt::format(R"({{"From_Account":"{}","To_Account":"{}","MsgKey":"{}"}})",
                                  id.from, id.to, key_text(id.seq, id.random, id.time))));
}

int RestChat::modify(const MessageId& id,
                     const std::optional<std::string>& text,
                     const std::optional<std::string>& cloud) {
  auto body = fmt::format(R"({{"From_Account":"{}","To_Account":"{}","MsgKey":"{}")", id.from,
                          id.to, key_text(id.seq, id.random, id.time));
  if (text) {
    body += fmt::format(R"(,"MsgBody":[{{"MsgType":"TIMTextElem","MsgContent":{{"Text":"{}"}}}}])",
                        *text);
  }
  if (cloud) body += ",\"CloudCustomData\":" + in_quotes(*cloud);
  return code_of(call("openim/modify_c2c_msg", body + '}'), "succeed");
}

int RestChat::mark_read(const std::string& user, const std::string& peer, Seconds until) {
  const auto time = until == 0 ? "" : fmt::format(R"(,"MsgReadTime":"{}")", until);
  return code_of(
      call("openim/admin_set_msg_read",
           fmt::format(R"({{"Report_Account":"{}","Peer_Account":"{}"{}}})", user, peer, time)));
}

int RestChat::remove(const std::string& user, const std::string& peer, bool clear) {
  return code_of(
      call("recentcontact/delete",
           fmt::format(R"({{"From_Account":"{}","Type":1,"To_Account":"{}","ClearRamble":{}}})",
                       user, peer, clear ? 1 : 0)));
}

int RestChat::pin(const std::string& user, const std::string& peer, bool on) {
  return code_of(call(
      "recentcontact/top",
      fmt::format(
          R"({{"From_Account":"{}","OperationType":{},"RecentContactItem":[{{"Type":1,"To_Account":"{}"}}]}})",
          user, on ? 1 : 2, peer)));
}

HistoryRow RestChat::to_row(JsonValue message) {
  HistoryRow row{.time = static_cast<std::uint32_t>(number(message, "MsgTimeStamp")),
                 .seq = static_cast<std::uint32_t>(number(message, "MsgSeq")),
                 .random = static_cast<std::uint32_t>(number(message, "MsgRandom")),
                 .from = text(message, "From_Account"),
                 .to = text(message, "To_Account"),
                 .cloud = text(message, "CloudCustomData"),
                 .recalled = number(message, "MsgFlagBits") == 8};
  if (text(message, "MsgKey") != key_text(row.seq, row.random, row.time)) {
    complain_("MsgKey differs from its parts: " + answer_);
  }
  for (const auto& element : items(message, "MsgBody")) {
    const auto content = element.member("MsgContent");
    if (content) row.text += text(*content, "Text");
  }
  return row;
}

// G15, G16: from page to page older, inside a page ascending, and each page names its first row.
std::vector<HistoryRow> RestChat::history(const std::string& user,
                                          const std::string& peer,
                                          std::size_t page,
                                          Seconds min_time,
                                          Seconds max_time) {
  std::vector<HistoryRow> rows;
  std::string last_key;
  for (std::size_t pages = 0; pages < kMaxPages; ++pages) {
    const auto answer = call(
        "openim/admin_getroammsg",
        fmt::format(
            R"({{"Operator_Account":"{}","Peer_Account":"{}","MaxCnt":{},"MinTime":{},"MaxTime":{}{}}})",
            user, peer, page, min_time, max_time, last_key));
    if (code_of(answer) != 0) {
      complain_("history failed: " + answer_);
      return rows;
    }
    std::vector<HistoryRow> part;
    for (const auto& message : items(answer, "MsgList"))
      part.push_back(to_row(message));

    const auto count = number(answer, "MsgCnt");
    // Two directions may share one key, which one cursor cannot tell apart.
    if (part.size() > page + 1 || static_cast<std::size_t>(count) != part.size()) {
      complain_("page size: " + answer_);
    }
    max_time = number(answer, "LastMsgTime");
    const auto key = text(answer, "LastMsgKey");
    last_key = ",\"LastMsgKey\":" + in_quotes(key);
    const auto first_key =
        part.empty() ? "" : key_text(part.front().seq, part.front().random, part.front().time);
    if (key != first_key || max_time != (part.empty() ? 0 : part.front().time)) {
      complain_("the page does not name its first row: " + answer_);
    }
    const bool complete = number(answer, "Complete") == 1;
    if (part.empty() && (!complete || !rows.empty())) complain_("an empty page: " + answer_);
    rows.insert(rows.begin(), part.begin(), part.end());
    if (complete || part.empty()) {
      const auto order = [](const HistoryRow& row) {
        return std::pair(row.time, row.seq);
      };
      if (!std::ranges::is_sorted(rows, {}, order)) complain_("history out of order: " + answer_);
      std::ranges::sort(rows);
      return rows;
    }
  }
  complain_("history has no end");
  return rows;
}

// K18: pinned block first, each newest first.
void RestChat::check_list_order(const std::vector<SessionRow>& rows, const std::string& user) {
  const auto rank = [](const SessionRow& row) {
    return std::pair(row.pinned ? 0 : 1, -row.time);
  };
  if (!std::ranges::is_sorted(rows, {}, rank)) complain_("list out of order: " + user);
}

// D11-D17. The order is checked on lists that come in one page: with several, each page has its own
// pinned block.
std::vector<SessionRow> RestChat::list(const std::string& user, unsigned flags) {
  std::vector<SessionRow> rows;
  Cursors cursors;
  for (std::size_t pages = 0; pages < kMaxPages; ++pages) {
    const auto answer = call(
        "recentcontact/get_list",
        fmt::format(
            R"({{"From_Account":"{}","TimeStamp":{},"StartIndex":{},"TopTimeStamp":{},"TopStartIndex":{},"AssistFlags":{}}})",
            user, cursors.time, cursors.index, cursors.top_time, cursors.top_index, flags));
    if (code_of(answer) != 0) {
      complain_("list failed: " + answer_);
      return rows;
    }
    std::vector<SessionRow> part;
    for (const auto& session : items(answer, "SessionItem")) {
      const bool is_group = number(session, "Type") == 2;
      if (session.member("GroupId").has_value() != is_group ||
          session.member("To_Account").has_value() == is_group) {
        complain("an entry has one name");
      }
      part.push_back({.time = number(session, "MsgTime"),
                      .group = is_group,
                      .peer = text(session, is_group ? "GroupId" : "To_Account"),
                      .pinned = number(session, "TopFlag") == 1,
                      .notes = (flags & kWantsNotes) != 0 ? text_if_any(to_notes(session)) : ""});
    }
    check_list_order(part, user);
    rows.insert(rows.end(), part.begin(), part.end());

    const Cursors next{number(answer, "TimeStamp"), number(answer, "StartIndex"),
                       number(answer, "TopTimeStamp"), number(answer, "TopStartIndex")};
    if (number(answer, "CompleteFlag") == 1) {
      std::ranges::sort(rows);
      return rows;
    }
    if (part.empty() || next == cursors) complain_("a page without progress: " + answer_);
    cursors = next;
  }
  complain_("list has no end");
  return rows;
}

std::vector<std::optional<std::size_t>> RestChat::unread(const std::string& user,
                                                         const std::vector<std::string>& peers) {
  const auto answer =
      call("openim/get_c2c_unread_msg_num",
           fmt::format(R"({{"To_Account":"{}","Peer_Account":{}}})", user, json_list(peers)));
  std::vector<std::optional<std::size_t>> counts(peers.size());
  if (code_of(answer) != 0) complain_("unread failed: " + answer_);
  std::size_t answered = 0;
  for (const auto& item : items(answer, "C2CUnreadMsgNumList")) {
    const auto place = std::ranges::find(peers, text(item, "Peer_Account")) - peers.begin();
    if (place == std::ssize(peers)) continue;
    counts[static_cast<std::size_t>(place)] =
        static_cast<std::size_t>(number(item, "C2CUnreadMsgNum"));
    ++answered;
  }
  for (const auto& item : items(answer, "ErrorList")) {
    if (number(item, "ErrorCode") != 70107) complain_("ErrorList: " + answer_);
    ++answered;
  }
  if (answered != peers.size()) complain_("not every peer was answered: " + answer_);
  return counts;
}

std::size_t RestChat::total_unread(const std::string& user) {
  const auto answer =
      call("openim/get_c2c_unread_msg_num", fmt::format(R"({{"To_Account":"{}"}})", user));
  if (code_of(answer) != 0) complain_("unread failed: " + answer_);
  return static_cast<std::size_t>(number(answer, "AllC2CUnreadMsgNum"));
}

int RestChat::history_code(const std::string& user, const std::string& peer) {
  return code_of(call(
      "openim/admin_getroammsg",
      fmt::format(
          R"({{"Operator_Account":"{}","Peer_Account":"{}","MaxCnt":1,"MinTime":0,"MaxTime":1}})",
          user, peer)));
}

std::vector<int> RestChat::codes_of_stranger(const std::string& stranger,
                                             const std::string& known) {
  const auto of = [](const char* member, const std::string& user) {
    return fmt::format(R"({{"{}":"{}","StartIndex":0,"TimeStamp":0,)"
                       R"("TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":7}})",
                       member, user);
  };
  return {
      code_of(call("recentcontact/get_list", of("From_Account", stranger))),
      code_of(call("recentcontact/get_contact_group", of("From_Account", stranger))),
      history_code(stranger, known),
      code_of(call("openim/get_c2c_unread_msg_num", of("To_Account", stranger))),
  };
}

}  // namespace confab::testing
