#include "tests/support/scenario_words.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace confab::testing {
namespace {

struct ShortWord {
  std::string_view word;
  std::size_t arguments;  // at least
  std::string_view command;
  std::string_view body;
  std::string_view expectation;
};

// $1 to $3 are arguments. $all: all of them as strings. $more: members from the fourth on.
// $items, $peers, $users, $accounts, $joined, $seqs, $recalled: the second and later ones.
// $owner: the third, - for none; $members: the fourth and later ones. $list, $until, $seq: where
// the page begins.
constexpr ShortWord kWords[] = {
    {"import", 1, "im_open_login_svc/multiaccount_import", R"({"Accounts":[$all]})",
     R"(OK {"FailAccounts":[]})"},
    {"send", 3, "openim/sendmsg",
     R"({"From_Account":"$1","To_Account":"$2","MsgSeq":$3,"MsgRandom":$3,)"
     R"("MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"m$3"}}]$more})",
     R"(OK {"MsgTime":$now,"MsgKey":"$3_$3_$now"})"},
    {"recall", 3, "openim/admin_msgwithdraw",
     R"({"From_Account":"$1","To_Account":"$2","MsgKey":"$3"})", "OK"},
    {"read", 2, "openim/admin_set_msg_read", R"({"Report_Account":"$1","Peer_Account":"$2"})",
     "OK"},
    {"delete", 3, "recentcontact/delete",
     R"({"From_Account":"$1","Type":1,"To_Account":"$2","ClearRamble":$3})", "OK"},
    {"pin", 2, "recentcontact/top",
     R"({"From_Account":"$1","OperationType":1,"RecentContactItem":[$items]})", "OK"},
    {"unpin", 2, "recentcontact/top",
     R"({"From_Account":"$1","OperationType":2,"RecentContactItem":[$items]})", "OK"},
    {"list", 2, "recentcontact/get_list", R"({"From_Account":"$1",$list,"AssistFlags":$2})", ""},
    {"history", 3, "openim/admin_getroammsg",
     R"({"Operator_Account":"$1","Peer_Account":"$2","MaxCnt":$3,"MinTime":0,$until})", ""},
    {"unread", 1, "openim/get_c2c_unread_msg_num", R"({"To_Account":"$1"$peers})", ""},
    {"group", 3, "group_open_http_svc/create_group",
     R"({"GroupId":"$1","Type":"$2","Name":"n"$owner$members})", R"(OK {"GroupId":"$1"})"},
    {"dissolve", 1, "group_open_http_svc/destroy_group", R"({"GroupId":"$1"})", "OK"},
    {"join", 2, "group_open_http_svc/add_group_member", R"({"GroupId":"$1","MemberList":[$users]})",
     R"(OK {"MemberList":[$joined]})"},
    {"leave", 2, "group_open_http_svc/delete_group_member",
     R"({"GroupId":"$1","MemberToDel_Account":[$accounts]})", "OK"},
    {"say", 3, "group_open_http_svc/send_group_msg",
     R"({"GroupId":"$1","From_Account":"$2","Random":$3,)"
     R"("MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"m$3"}}]$more})",
     R"(OK {"MsgTime":$now,"MsgSeq":"$any"})"},
    {"talk", 2, "group_open_http_svc/group_msg_get_simple",
     R"({"GroupId":"$1","ReqMsgNumber":$2,"WithRecalledMsg":1$seq})", ""},
    {"unsay", 2, "group_open_http_svc/group_msg_recall", R"({"GroupId":"$1","MsgSeqList":[$seqs]})",
     R"(OK {"RecallRetList":[$recalled]})"},
    {"gunread", 1, "group_open_http_svc/get_joined_group_list",
     R"({"Member_Account":"$1","ResponseFilter":{"SelfInfoFilter":["UnreadMsgNum","MsgSeq"]}})",
     ""},
    {"gdelete", 3, "recentcontact/delete",
     R"({"From_Account":"$1","Type":2,"ToGroupid":"$2","ClearRamble":$3})", "OK"},
};

constexpr char kFirstList[] = R"("TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0)";
constexpr char kWholeHistory[] = R"("MaxTime":4294967295)";

void replace_all(std::string& text, std::string_view name, const std::string& value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    text.replace(at, name.size(), value);
    at += value.size();
  }
}

template <typename Words, typename Write>
std::string joined(const Words& words, Write write) {
  std::string out;
  for (const auto& word : words) {
    if (!out.empty()) out += ',';
    out += write(word);
  }
  return out;
}

std::string quoted(std::string_view word) {
  return '"' + std::string(word) + '"';
}

/// A digit string's number; 0 for anything else, which no expectation then meets.
std::int64_t whole_number(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool take(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

/// Members that name a conversation: a peer, or a group with # before it.
std::string conversation_of(std::string_view name) {
  return take(name, '#') ? R"("Type":2,"GroupId":)" + quoted(name)
                         : R"("Type":1,"To_Account":)" + quoted(name);
}

std::string member_of(JsonValue object, std::string_view name, std::string_view as) {
  std::string out = quoted(as) + ':';
  if (const auto value = object.member(name)) value->append_to(out);
  return out;
}

bool take_last_if(std::vector<std::string>& words, std::string_view word) {
  if (words.empty() || words.back() != word) return false;
  words.pop_back();
  return true;
}

/// `*name@10`: a pinned entry, 10 seconds after the start; `@?`: at any time.
std::string row(std::string_view word, Seconds start) {
  const bool pinned = take(word, '*');
  const auto at = std::min(word.rfind('@'), word.size());
  const std::string time(word.substr(std::min(at + 1, word.size())));
  return '{' + conversation_of(word.substr(0, at)) + R"(,"MsgTime":)" +
         (time == "?" ? quoted("$any") : std::to_string(start + whole_number(time))) +
         R"(,"TopFlag":)" + (pinned ? "1}" : "0}");
}

std::string list_answer(std::vector<std::string> words, Seconds start, Seconds now) {
  const bool complete = !take_last_if(words, "more");
  const auto rows = joined(words, [&](const auto& word) { return row(word, start); });
  const std::string time = complete ? std::to_string(now) : quoted("$any");
  const std::string index = complete ? "0" : quoted("$any");
  return R"("SessionItem":[)" + rows + R"(],"CompleteFlag":)" + (complete ? "1" : "0") +
         R"(,"TimeStamp":)" + time + R"(,"StartIndex":)" + index + R"(,"TopTimeStamp":)" + time +
         R"(,"TopStartIndex":)" + index;
}

/// `7` is the message with MsgSeq 7, `7~` the same one recalled.
std::string message(std::string_view word) {
  const bool recalled = word.ends_with('~');
  if (recalled) word.remove_suffix(1);
  return R"({"From_Account":"$any","To_Account":"$any","MsgRandom":"$any","MsgTimeStamp":"$any",)"
         R"("IsPeerRead":0,"MsgKey":"$any","MsgBody":"$any","CloudCustomData":"$any","MsgSeq":)" +
         (word.starts_with('$') ? quoted(word) : std::string(word)) + R"(,"MsgFlagBits":)" +
         (recalled ? "8}" : "0}");
}

std::string history_answer(std::vector<std::string> words, JsonValue actual) {
  const bool complete = !take_last_if(words, "more");
  std::string last = R"("LastMsgTime":0,"LastMsgKey":"")";
  if (const auto list = actual.member("MsgList"); list && list->size() != 0) {
    const auto oldest = list->items().front();
    last = member_of(oldest, "MsgTimeStamp", "LastMsgTime") + ',' +
           member_of(oldest, "MsgKey", "LastMsgKey");
  }
  return R"("Complete":)" + std::string(complete ? "1" : "0") + R"(,"MsgCnt":)" +
         std::to_string(words.size()) + ',' + last + R"(,"MsgList":[)" + joined(words, message) +
         ']';
}

/// `3`: the total. `name:3 other:-`: by peer; - is an unknown one.
std::string unread_answer(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0].find(':') == std::string::npos) {
    return R"("AllC2CUnreadMsgNum":)" + words[0];
  }
  std::vector<std::string> counts;
  std::vector<std::string> errors;
  for (const auto& word : words) {
    const auto colon = word.find(':');
    const auto peer = R"({"Peer_Account":)" + quoted(word.substr(0, colon));
    const auto count = word.substr(colon + 1);
    if (count == "-") {
      errors.push_back(peer + R"(,"ErrorCode":70107})");
    } else {
      counts.push_back(peer + R"(,"C2CUnreadMsgNum":)");
      counts.back().append(count).append("}");
    }
  }
  const auto same = [](const std::string& text) {
    return text;
  };
  return R"("C2CUnreadMsgNumList":[)" + joined(counts, same) + R"(],"ErrorList":[)" +
         joined(errors, same) + ']';
}

/// `7` is the message with MsgSeq 7, `7~` recalled, `7!` a notice, `7x` expired.
std::string group_message(std::string_view word) {
  const char mark = word.back();
  if (mark == '~' || mark == '!' || mark == 'x') word.remove_suffix(1);
  const auto seq = std::string(word);
  if (mark == 'x') {
    return R"({"From_Account":"","IsPlaceMsg":1,"MsgBody":[],"MsgPriority":2,"MsgRandom":0,)"
           R"("MsgTimeStamp":0,"IsSystemMsg":0,"CloudCustomData":"","MsgSeq":)" +
           seq + '}';
  }
  return R"({"From_Account":"$any","MsgBody":"$any","MsgPriority":"$any","MsgRandom":"$any",)"
         R"("MsgTimeStamp":"$any","CloudCustomData":"$any","MsgSeq":)" +
         seq + R"(,"IsPlaceMsg":)" + (mark == '~' ? "2" : "0") + R"(,"IsSystemMsg":)" +
         (mark == '!' ? "1}" : "0}");
}

std::string talk_answer(std::vector<std::string> words) {
  const bool cut = take_last_if(words, "more");
  const bool all_expired =
      !words.empty() && std::ranges::all_of(words, [](const auto& w) { return w.ends_with('x'); });
  const std::string finished = !cut ? "1" : all_expired ? "2" : "0";
  return R"("GroupId":"$any","IsFinished":)" + finished + R"(,"RspMsgList":[)" +
         joined(words, group_message) + ']';
}

/// `team:3@5`: 3 unread messages, read up to MsgSeq 5.
std::string group_unread(std::string_view word) {
  const auto at = std::min(word.rfind('@'), word.size());
  const auto colon = std::min(word.substr(0, at).rfind(':'), at);
  return R"({"GroupId":)" + quoted(word.substr(0, colon)) + R"(,"SelfInfo":{"UnreadMsgNum":)" +
         std::to_string(whole_number(word.substr(std::min(colon + 1, at)))) + R"(,"MsgSeq":)" +
         std::to_string(whole_number(word.substr(std::min(at + 1, word.size())))) + "}}";
}

std::string groups_unread_answer(const std::vector<std::string>& words) {
  return R"("TotalCount":)" + std::to_string(words.size()) + R"(,"GroupIdList":[)" +
         joined(words, group_unread) + ']';
}

std::string member_item(std::string_view name) {
  return R"({"Member_Account":)" + quoted(name) + '}';
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;)
    words.push_back(word);
  return words;
}

void NextPage::remember(JsonValue answer) {
  if (answer.member("SessionItem")) {
    const std::vector<std::string_view> names{"TimeStamp", "StartIndex", "TopTimeStamp",
                                              "TopStartIndex"};
    list = joined(names, [&](auto name) { return member_of(answer, name, name); });
  } else if (answer.member("MsgList")) {
    history = member_of(answer, "LastMsgTime", "MaxTime") + ',' +
              member_of(answer, "LastMsgKey", "LastMsgKey");
  } else if (const auto rows = answer.member("RspMsgList"); rows && rows->size() != 0) {
    const auto oldest = rows->items().back().member("MsgSeq");
    talk = R"(,"ReqMsgSeq":)" + std::to_string(oldest->integer().value_or(0) - 1);
  }
}

namespace {

/// What only the words about groups have.
void replace_group_names(std::string& text, const std::vector<std::string>& words) {
  const std::vector<std::string> later(words.begin() + 1, words.end());
  const auto each = [&](std::string_view name, std::string_view before, std::string_view after) {
    replace_all(text, name, joined(later, [&](const auto& w) {
                  return std::string(before) + w + std::string(after);
                }));
  };
  each("$users", R"({"Member_Account":")", R"("})");
  each("$joined", R"({"Member_Account":")", R"(","Result":1})");
  each("$accounts", "\"", "\"");
  each("$seqs", R"({"MsgSeq":)", "}");
  each("$recalled", R"({"MsgSeq":)", R"(,"RetCode":0})");
  const bool ownerless = words.size() < 3 || words[2] == "-";
  replace_all(text, "$owner", ownerless ? "" : R"(,"Owner_Account":)" + quoted(words[2]));
  const std::vector<std::string> members(words.begin() +
                                             std::min<std::ptrdiff_t>(3, std::ssize(words)),
                                         words.end());
  replace_all(text, "$members",
              members.empty() ? "" : R"(,"MemberList":[)" + joined(members, member_item) + ']');
}

}  // namespace

std::optional<ShortRequest> expand_request(std::string_view line,
                                           Seconds now,
                                           const NextPage& page) {
  auto words = split_words(line);
  const auto* found = std::ranges::find(kWords, words.at(0), &ShortWord::word);
  words.erase(words.begin());
  const bool goes_on = take_last_if(words, "next");
  if (found == std::end(kWords) || words.size() < found->arguments) return std::nullopt;

  ShortRequest request{std::string(found->command), std::string(found->body),
                       std::string(found->expectation)};
  const std::vector<std::string> later(words.begin() + 1, words.end());
  std::string more;
  for (std::size_t i = 3; i < words.size(); ++i)
    more += (i == 3 ? "," : " ") + words[i];
  for (auto* text : {&request.body, &request.expectation}) {
    replace_all(*text, "$all", joined(words, quoted));
    replace_all(*text, "$items",
                joined(later, [](const auto& name) { return '{' + conversation_of(name) + '}'; }));
    replace_all(*text, "$peers",
                later.empty() ? "" : R"(,"Peer_Account":[)" + joined(later, quoted) + ']');
    replace_all(*text, "$list", goes_on ? page.list : kFirstList);
    replace_all(*text, "$until", goes_on ? page.history : kWholeHistory);
    replace_group_names(*text, words);
    if (goes_on) replace_all(*text, "$seq", page.talk);
    replace_all(*text, "$seq", words.size() > 2 ? R"(,"ReqMsgSeq":)" + words[2] : "");
    replace_all(*text, "$now", std::to_string(now));
    for (std::size_t i = 0; i < found->arguments; ++i) {
      replace_all(*text, '$' + std::to_string(i + 1), words[i]);
    }
    replace_all(*text, "$more", more);
  }
  return request;
}

std::optional<std::string> expand_answer(std::string_view kind,
                                         const std::vector<std::string>& words,
                                         JsonValue actual,
                                         Seconds start,
                                         Seconds now) {
  if (kind == "rows") return list_answer(words, start, now);
  if (kind == "messages") return history_answer(words, actual);
  if (kind == "unread") return unread_answer(words);
  if (kind == "said") return talk_answer(words);
  if (kind == "gunread") return groups_unread_answer(words);
  return std::nullopt;
}

std::string expand_bulk(std::string text) {
  constexpr std::string_view kPad = "$pad(";
  constexpr std::string_view kTimes = "$times(";
  const auto replace_each = [&](std::string_view opening, auto write) {
    for (auto at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
      const auto inner = at + opening.size();
      const auto close = text.find(')', inner);
      const auto made = write(text.substr(inner, close - inner));
      text.replace(at, close + 1 - at, made);
      at += made.size();
    }
  };
  replace_each(kPad, [](const std::string& count) {
    return std::string(static_cast<std::size_t>(whole_number(count)), 'x');
  });
  replace_each(kTimes, [](const std::string& inner) {
    const auto comma = inner.find(',');
    std::string out;
    for (std::int64_t i = 1; i <= whole_number(inner.substr(0, comma)); ++i) {
      std::string item = inner.substr(comma + 1);
      replace_all(item, "%", std::to_string(i));
      out += (i == 1 ? "" : ",") + item;
    }
    return out;
  });
  return text;
}

}  // namespace confab::testing
