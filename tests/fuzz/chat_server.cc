#include "tests/fuzz/chat_server.h"

#include <array>
#include <optional>
#include <utility>

#include "api/registry.h"
#include "api/user_sig.h"
#include "base/check.h"
#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/merge_rules.h"
#include "store/description.h"
#include "store/engine_store.h"

namespace confab::fuzz {
namespace {

constexpr Seconds kSignatureLife = Seconds{10} * 365 * 24 * 3600;

struct Step {
  std::string_view path;
  std::string_view body;
};

constexpr std::string_view kHello =
    R"("MsgBody":[{"MsgType":"TIMTextElem","MsgContent":{"Text":"hello"}}])";

// What inputs find; the seeds (seeds.py) speak of it.
constexpr Step kSetUp[] = {
    {"im_open_login_svc/multiaccount_import",
     R"({"Accounts":["id1","id2","id3","id4","user","stranger"]})"},
    {"openim/sendmsg", R"({"From_Account":"id1","To_Account":"id2","MsgSeq":1,"MsgRandom":1,)"},
    {"openim/sendmsg", R"({"From_Account":"id2","To_Account":"id1","MsgSeq":2,"MsgRandom":2,)"},
    {"openim/sendmsg", R"({"From_Account":"id1","To_Account":"id2","MsgSeq":3,"MsgRandom":3,)"
                       R"("SupportMessageExtension":1,)"},
    {"openim/sendmsg", R"({"From_Account":"id3","To_Account":"id1","MsgSeq":4,"MsgRandom":4,)"},
    {"group_open_http_svc/create_group",
     R"({"Type":"Public","GroupId":"team","Name":"n","Owner_Account":"id1",)"
     R"("AppDefinedData":[{"Key":"color","Value":"red"}],)"
     R"("MemberList":[{"Member_Account":"id2","Role":"Admin"},{"Member_Account":"id3"}]})"},
    {"group_open_http_svc/create_group",
     R"({"Type":"Private","GroupId":"work","Name":"n","MemberList":[{"Member_Account":"id1"}]})"},
    {"group_open_http_svc/create_group",
     R"({"Type":"ChatRoom","GroupId":"room","Name":"n","Owner_Account":"id2"})"},
    {"group_open_http_svc/create_group", R"({"Type":"AVChatRoom","GroupId":"live","Name":"n"})"},
    {"group_open_http_svc/create_group",
     R"({"Type":"Community","GroupId":"@TGS#_town","Name":"n","Owner_Account":"id3"})"},
    {"group_open_http_svc/send_group_msg", R"({"GroupId":"team","From_Account":"id2","Random":1,)"},
    {"group_open_http_svc/send_group_msg", R"({"GroupId":"team","From_Account":"id3","Random":2,)"},
    {"recentcontact/top",
     R"({"From_Account":"id1","OperationType":1,"RecentContactItem":[{"Type":1,)"
     R"("To_Account":"id2"}]})"},
    {"recentcontact/create_contact_group",
     R"({"From_Account":"id1","GroupContactItem":[{"GroupName":"work","ContactItem":[{"Type":1,)"
     R"("To_Account":"id3"}]}]})"},
    {"openim_msg_ext_http_svc/set_key_values",
     R"({"From_Account":"id1","To_Account":"id2","MsgKey":"3_3_1700000000","OperateType":1,)"
     R"("ExtensionList":[{"Key":"k","Value":"v"}]})"},
};

constexpr std::string_view kSuccesses[] = {"OK", "SomeError", "succeed"};

const Endpoint* find_row(std::string_view path) {
  for (const auto table : rest_tables()) {
    for (const auto& row : table) {
      if (row.path == path) return &row;
    }
  }
  return nullptr;
}

/// What the row, its family or a step before the handler may answer to a signed request.
bool may_answer(const Endpoint& row, ErrorCode code) {
  const auto& family = row.family();
  if (code == family.internal || code == family.timeout) return false;  // nothing has failed
  return code == ErrorCode::kOk || row.answers(code) ||
         code == ErrorCode::kUserSigExpired ||  // after a kick
         (row.notes.message_size_limited && code == ErrorCode::kMessageTooLong);
}

}  // namespace

/// Durable at once, on the caller's thread.
class ChatServer::PromptStore final : public Store {
 public:
  explicit PromptStore(std::unique_ptr<Engine> engine)
      : store_(std::move(engine),
               {.merge_rules = domain_merge_rules(), .on_fatal = [](const std::string&) {
                }}) {}

  std::unique_ptr<Txn> read() override { return store_.read(); }
  std::unique_ptr<Txn> read_newest() override { return store_.read_newest(); }
  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override {
    return store_.write(home, merge_shards);
  }
  void when_durable(Ticket /*ticket*/, Deadline /*deadline*/, OnDurable done) override { done({}); }
  Status give_back_space() override { return {}; }
  StoreBytes bytes() override { return {}; }

 private:
  EngineStore store_;
};

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
  }
  return out;
}

std::string sample_of(const Endpoint& row) {
  std::string sample;
  JsonWriter w(sample);
  row.request_example(w);
  constexpr std::string_view kDocumented = "93847_1287_1700000000";
  if (const auto at = sample.find(kDocumented); at != std::string::npos)
    sample.replace(at, kDocumented.size(), "3_3_1700000000");
  return sample;
}

const AppKey& ChatServer::key() {
  static const AppKey kKey{"5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"};
  return kKey;
}

ChatServer::ChatServer(Contents contents)
    : apps_({{kApp, {key()}, {"admin", "administrator"}}, {kOtherApp, {key()}, {"admin"}}}) {
  auto engine = std::make_unique<JournalEngine>();
  engine_ = engine.get();
  store_ = std::make_unique<PromptStore>(std::move(engine));
  dispatcher_ = std::make_unique<Dispatcher>(DispatcherOptions{.tables = rest_tables(),
                                                               .store = *store_,
                                                               .clock = clock_,
                                                               .random = random_,
                                                               .apps = apps_,
                                                               .limits = limits_,
                                                               .metrics = metrics_,
                                                               .rates = {.documented = false}});
  import_all_admins();
  if (contents == Contents::kTown) set_up_town();
  ready_ = engine_->now();
  rewind();
}

ChatServer::~ChatServer() = default;

void ChatServer::import_all_admins() {
  for (const auto& app : apps_.all()) {
    Context context{
        .store = *store_, .clock = clock_, .random = random_, .limits = limits_, .app = app.id};
    CHECK(import_admins(context, app.admins).has_value(), "admins cannot be imported");
  }
}

void ChatServer::set_up_town() {
  for (const auto& [path, body] : kSetUp) {
    // A line that ends with a comma takes the message's text.
    must_succeed(path, body.ends_with(',') ? std::string(body) + std::string(kHello) + "}"
                                           : std::string(body));
  }
}

void ChatServer::must_succeed(std::string_view path, std::string_view body) {
  const auto* const row = find_row(path);
  CHECK(row != nullptr, path);
  const auto answer = call("admin", *row, body);
  CHECK(answer.code == 0, answer.body);
}

void ChatServer::rewind() {
  engine_->go_back_to(ready_);
  clock_.set(kStart);
  random_.restart();
}

ChatServer::Answer ChatServer::handle(const RestRequest& request) {
  const auto before = engine_->now();
  std::optional<std::string> answer;
  dispatcher_->handle(request, [&](RestReply reply) { answer = std::move(reply.body); });
  CHECK(answer.has_value(), "no answer");
  const auto code = check_answer(*answer, before);
  return {*std::move(answer), code};
}

std::int64_t ChatServer::check_answer(std::string_view answer, std::size_t state_before) {
  const auto json = parser_.parse(answer);
  CHECK(json && json->is(JsonKind::kObject), answer);
  const auto status = json->member("ActionStatus");
  const auto code = json->member("ErrorCode");
  const auto text = json->member("ErrorInfo");
  CHECK(status && status->string() && code && code->integer() && text && text->string(), answer);
  const bool failed = *status->string() == "FAIL";
  CHECK(failed || std::ranges::find(kSuccesses, *status->string()) != std::end(kSuccesses), answer);
  CHECK(failed == (*code->integer() != 0) && *code->integer() >= 0, answer);
  CHECK(!failed || engine_->changed_since(state_before).empty(), answer);
  return *code->integer();
}

const std::string& ChatServer::signature_of(AppId app, std::string_view caller) {
  // Of the start, as long as the clock stands: what is signed with it was checked before.
  const auto now = clock_.unix_seconds();
  if (signatures_.size() > 1000) signatures_.clear();
  auto& signature = signatures_[{app, std::string(caller), now}];
  if (signature.empty()) {
    signature = percent_encode(make_user_sig(key().text, app, caller, now, kSignatureLife));
  }
  return signature;
}

std::string ChatServer::target(AppId app, std::string_view caller, const Endpoint& row) {
  return "/v4/" + std::string(row.path) + "?sdkappid=" + std::to_string(std::to_underlying(app)) +
         "&identifier=" + percent_encode(caller) + "&usersig=" + signature_of(app, caller);
}

ChatServer::Answer ChatServer::call(std::string_view caller,
                                    const Endpoint& row,
                                    std::string_view body) {
  const auto before = engine_->now();
  auto answer = handle({.method = "POST", .target = target(kApp, caller, row), .body = body});
  CHECK(may_answer(row, static_cast<ErrorCode>(answer.code)),
        std::string(row.path) + ": " + answer.body);
  check_stored(before);
  return answer;
}

void ChatServer::check_stored(std::size_t since) const {
  for (const auto& key : engine_->changed_since(since)) {
    const auto description = describe_key(key);
    CHECK(description.has_value(), "a key of no keyspace");
    CHECK(description->shard.app == kApp, "another app's entry");
    const auto found = engine_->entries().find(key);
    CHECK(found == engine_->entries().end() ||
              describe_value(description->keyspace, found->second).has_value(),
          "a value that cannot be decoded");
  }
}

}  // namespace confab::fuzz
