#include "tests/server/program.h"

#include <csignal>
#include <utility>

#include <gtest/gtest.h>

#include "api/json.h"

namespace confab::testing {
namespace {

Variables variables_of(const std::string& data_dir, const Variables& more) {
  Variables all = {{"CONFAB_DATA_DIR", data_dir},
                   {"CONFAB_PORT", "0"},
                   {"CONFAB_OPS_PORT", "0"},
                   {"CONFAB_REST_TLS", "false"},
                   {"CONFAB_RATE_PROFILE", "off"}};
  for (const auto& [name, value] : more)
    all[name] = value;
  return all;
}

std::vector<std::string> words_after(std::vector<std::string> before) {
  for (auto& word : confab_words({"serve", "--demo"}))
    before.push_back(std::move(word));
  return before;
}

std::uint16_t port_in(const std::string& line) {
  constexpr std::string_view kHost = "127.0.0.1:";
  const auto host = line.find(kHost);
  if (host == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::stoi(line.substr(host + kHost.size())));
}

}  // namespace

Program::Program(const std::string& data_dir,
                 const Variables& more,
                 std::vector<std::string> before)
    : child_(words_after(std::move(before)), variables_of(data_dir, more)) {
  // curl 'http://127.0.0.1:PORT/v4/recentcontact/get_list?QUERY' -d …
  const auto line = child_.line_beginning("curl ").value_or("");
  const auto query = line.find('?');
  if (query == std::string::npos) return;
  port_ = port_in(line);
  query_ = line.substr(query, line.find('\'', query) - query);
  ops_port_ = port_in(child_.line_beginning("Operations: ").value_or(""));
}

test::Reply Program::ops(const std::string& path) const {
  test::Client client(ops_port_);
  client.send("GET " + path + " HTTP/1.1\r\nHost: any\r\n\r\n");
  return client.read_reply();
}

double Program::metric(const std::string& series) const {
  const auto text = ops("/metrics").body;
  const auto at = text.find('\n' + series + ' ');
  return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
}

void Program::kill_hard() {
  child_.send_signal(SIGKILL);
  child_.wait();
}

Finished Program::stop() {
  child_.send_signal(SIGTERM);
  return child_.wait();
}

void Caller::send(const std::string& command, const std::string& body) {
  client_.send(test::post(program_.target(command), body));
}

std::optional<std::string> Caller::answer() {
  auto reply = client_.read_reply();
  if (reply.status != 200) return std::nullopt;
  return std::move(reply.body);
}

std::optional<std::string> Caller::call(const std::string& command, const std::string& body) {
  send(command, body);
  return answer();
}

bool is_ok(const std::optional<std::string>& answer) {
  return code_of(answer) == 0;
}

int code_of(const std::optional<std::string>& answer) {
  constexpr std::string_view kCode = R"("ErrorCode":)";
  const auto at = answer ? answer->find(kCode) : std::string::npos;
  return at == std::string::npos ? -1 : std::stoi(answer->substr(at + kCode.size()));
}

std::string pair_body(const std::string& from, const std::string& to, const std::string& more) {
  return R"({"From_Account":")" + from + R"(","To_Account":")" + to + "\"," + more + '}';
}

std::string message_body(const std::string& from,
                         const std::string& to,
                         int seq,
                         const std::string& text) {
  return pair_body(from, to,
                   R"("MsgRandom":1,"MsgSeq":)" + std::to_string(seq) +
                       R"(,"MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":")" + text +
                       R"("}}])");
}

std::set<int> history(Caller& caller, const std::string& viewer, const std::string& peer) {
  std::set<int> seqs;
  std::string from_here = R"("MaxTime":4294967295)";
  JsonParser parser;
  while (true) {
    const auto answer = caller.call("openim/admin_getroammsg",
                                    R"({"Operator_Account":")" + viewer + R"(","Peer_Account":")" +
                                        peer + R"(","MaxCnt":100,"MinTime":0,)" + from_here + '}');
    const auto page = parser.parse(answer.value_or(""));
    if (!page || !page->member("MsgList")) {
      ADD_FAILURE() << "no history of " << viewer << ": " << answer.value_or("no answer");
      return seqs;
    }
    for (const auto& message : page->member("MsgList")->items()) {
      const auto seq = static_cast<int>(message.member("MsgSeq")->integer().value_or(0));
      EXPECT_TRUE(seqs.insert(seq).second) << viewer << " sees message " << seq << " twice";
    }
    if (page->member("Complete")->integer() == 1) return seqs;
    from_here = R"("MaxTime":)" + std::to_string(*page->member("LastMsgTime")->integer()) +
                R"(,"LastMsgKey":")" + std::string(*page->member("LastMsgKey")->string()) + '"';
  }
}

bool lists(Caller& caller, const std::string& user, const std::string& peer) {
  const auto answer = caller.call(
      "recentcontact/get_list",
      R"({"From_Account":")" + user +
          R"(","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,"AssistFlags":7})");
  EXPECT_TRUE(is_ok(answer));
  return answer && answer->find('"' + peer + '"') != std::string::npos;
}

}  // namespace confab::testing
