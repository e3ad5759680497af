// What `make instructions` counts: requests through the whole dispatcher, on the store in memory,
// without sockets. instructions HANDLER [REQUESTS] makes its data, then serves the requests in
// confab_measured(), where callgrind counts. One thread; the same work each time.

#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/dispatcher.h"
#include "api/registry.h"
#include "api/user_sig.h"
#include "base/check.h"
#include "base/log.h"
#include "domain/accounts.h"
#include "domain/merge_rules.h"
#include "store/memory_store.h"

namespace {

using namespace std::string_literals;
using Bodies = std::vector<std::string>;

constexpr confab::AppId kApp{88888888};
constexpr char kKey[] = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
constexpr confab::Seconds kNow = 1'700'000'000;
constexpr confab::Seconds kSignatureLife = 86400;

/// Answers at once. The committer's threads would meet this one at other moments in each run, and
/// the counts would vary.
class InstantStore final : public confab::Store {
 public:
  std::unique_ptr<confab::Txn> read() override { return store_->read(); }
  std::unique_ptr<confab::Txn> read_newest() override { return store_->read_newest(); }
  confab::Result<std::unique_ptr<confab::Txn>> write(
      const confab::Shard& home, std::span<const confab::Shard> merge_shards) override {
    return store_->write(home, merge_shards);
  }
  void when_durable(confab::Ticket /*ticket*/, Deadline /*deadline*/, OnDurable done) override {
    done({});
  }
  confab::Status give_back_space() override { return store_->give_back_space(); }
  confab::StoreBytes bytes() override { return store_->bytes(); }

 private:
  std::unique_ptr<confab::MemoryStore> store_ =
      confab::MemoryStore::create({.merge_rules = confab::domain_merge_rules()});
};

class Server {
 public:
  Server() {
    confab::Context importing{
        .store = store_, .clock = clock_, .random = random_, .limits = limits_, .app = kApp};
    CHECK(confab::import_admins(importing, apps_.find(kApp)->admins).has_value(), "no admin");
    query_ = "?sdkappid=88888888&identifier=administrator&usersig=" +
             confab::make_user_sig(kKey, kApp, "administrator", kNow, kSignatureLife) +
             "&random=99999999&contenttype=json";
  }

  std::string target(std::string_view command) const {
    return "/v4/" + std::string(command) + query_;
  }

  std::string answer(std::string_view target, std::string_view body) {
    std::string answer;
    dispatcher_.handle({.method = "POST", .target = target, .body = body},
                       [&answer](confab::RestReply reply) { answer = std::move(reply.body); });
    return answer;
  }

  /// Ends the program unless it succeeds.
  void call(std::string_view command, std::string_view body) {
    check(answer(target(command), body), "");
  }

  static void check(const std::string& answer, std::string_view expected) {
    CHECK(answer.contains("\"ErrorCode\":0,") && answer.contains(expected), answer.substr(0, 400));
  }

 private:
  InstantStore store_;
  confab::ManualClock clock_{kNow};
  confab::SeededRandom random_{1};
  confab::Metrics metrics_;
  confab::ChatLimits limits_;
  confab::Apps apps_{{{kApp, {confab::AppKey{kKey}}, {"administrator"}}}};
  confab::Dispatcher dispatcher_{{.tables = confab::rest_tables(),
                                  .store = store_,
                                  .clock = clock_,
                                  .random = random_,
                                  .apps = apps_,
                                  .limits = limits_,
                                  .metrics = metrics_,
                                  .rates = {.documented = false, .overrides = {}}}};
  std::string query_;
};

std::string text_body() {
  return R"("MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"See you at half past six."}}])";
}

std::string message(const std::string& from, const std::string& to, int random) {
  return R"({"From_Account":")" + from + R"(","To_Account":")" + to + R"(","MsgRandom":)" +
         std::to_string(random) + "," + text_body() + "}";
}

void import(Server& server, const std::string& user) {
  server.call("im_open_login_svc/account_import", R"({"UserID":")" + user + "\"}");
}

/// Conversations of r with so many others, p0, p1 …, with so many messages each.
void converse(Server& server, int others, int messages) {
  import(server, "r");
  for (int i = 0; i < others; ++i) {
    const auto other = "p" + std::to_string(i);
    import(server, other);
    for (int k = 0; k < messages; ++k)
      server.call("openim/sendmsg", message("r", other, i * messages + k + 1));
  }
}

Bodies deletions(Server& server, int count) {
  converse(server, count, 1);
  Bodies bodies;
  for (int i = 0; i < count; ++i) {
    bodies.push_back(R"({"From_Account":"r","Type":1,"To_Account":"p)" + std::to_string(i) +
                     R"(","ClearRamble":1})");
  }
  return bodies;
}

Bodies messages(Server& server, int count) {
  converse(server, 10, 1);
  Bodies bodies;
  bodies.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    bodies.push_back(message("r", "p" + std::to_string(i % 10), 1000 + i));
  return bodies;
}

Bodies lists(Server& server, int count) {
  converse(server, 100, 1);
  return {
      static_cast<std::size_t>(count),
      R"({"From_Account":"r","TimeStamp":0,"StartIndex":0,"TopTimeStamp":0,"TopStartIndex":0,)"s +
          R"("AssistFlags":0})"};
}

/// Next to nothing besides the dispatcher's own work.
Bodies checks(Server& server, int count) {
  import(server, "r");
  return {static_cast<std::size_t>(count), R"({"CheckItem":[{"UserID":"r"}]})"};
}

Bodies history_pages(Server& server, int count) {
  converse(server, 1, 30);
  return {static_cast<std::size_t>(count),
          R"({"Operator_Account":"r","Peer_Account":"p0","MaxCnt":20,"MinTime":0,)"s +
              R"("MaxTime":4294967295})"};
}

Bodies group_messages(Server& server, int count) {
  converse(server, 9, 0);
  server.call("group_open_http_svc/create_group",
              R"({"Type":"Public","Name":"g","GroupId":"g","Owner_Account":"r"})");
  for (int i = 0; i < 9; ++i) {
    server.call("group_open_http_svc/add_group_member",
                R"({"GroupId":"g","Silence":1,"MemberList":[{"Member_Account":"p)" +
                    std::to_string(i) + R"("}]})");
  }
  Bodies bodies;
  for (int i = 0; i < count; ++i) {
    bodies.push_back(R"({"GroupId":"g","From_Account":"r","Random":)" + std::to_string(i + 1) +
                     "," + text_body() + "}");
  }
  return bodies;
}

struct Handler {
  std::string_view command;
  Bodies (*prepare)(Server& server, int count);
  std::string_view expected;  // in each answer: the work was done
};

const std::map<std::string_view, Handler> kHandlers{
    {"account_check", {"im_open_login_svc/account_check", checks, "\"Imported\""}},
    {"delete", {"recentcontact/delete", deletions, ""}},
    {"sendmsg", {"openim/sendmsg", messages, "\"MsgKey\""}},
    {"get_list_100", {"recentcontact/get_list", lists, "\"To_Account\":\"p99\""}},
    {"admin_getroammsg_20", {"openim/admin_getroammsg", history_pages, "\"MsgCnt\":20,"}},
    {"send_group_msg", {"group_open_http_svc/send_group_msg", group_messages, "\"MsgSeq\""}},
};

}  // namespace

/// Its name is what callgrind is told to count in.
extern "C" [[gnu::noinline]] void confab_measured(const std::function<void()>& serve) {
  serve();
}

int main(int count, char** arguments) {
  const auto found = count >= 2 ? kHandlers.find(arguments[1]) : kHandlers.end();
  if (found == kHandlers.end()) {
    // Without a handler it names them all.
    for (const auto& [name, handler] : kHandlers)
      std::cout << name << '\n';
    return count >= 2 ? 1 : 0;
  }
  const auto& handler = found->second;
  const int requests = count >= 3 ? static_cast<int>(std::strtol(arguments[2], nullptr, 10)) : 100;
  confab::set_log_level(confab::LogLevel::kOff);

  // The first ones fill what is filled once, and are not counted.
  constexpr int kWarmUp = 5;
  Server server;
  const auto bodies = handler.prepare(server, kWarmUp + requests);
  const auto target = server.target(handler.command);
  Bodies answers(bodies.size());
  const auto serve = [&](std::size_t first, std::size_t last) {
    for (auto i = first; i < last; ++i)
      answers[i] = server.answer(target, bodies[i]);
  };
  serve(0, kWarmUp);
  confab_measured([&] { serve(kWarmUp, bodies.size()); });
  for (const auto& answer : answers)
    Server::check(answer, handler.expected);
}
