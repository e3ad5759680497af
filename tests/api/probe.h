// A small family of commands that do what their request says, and a dispatcher that serves them.
#pragma once

#include <future>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "api/dispatcher.h"
#include "api/user_sig.h"
#include "store/keyspaces.h"
#include "store/memory_store.h"
#include "store/typed.h"

namespace confab::probe {

inline constexpr Seconds kNow = 1'700'000'000;
inline constexpr AppId kApp{1400000000};
inline constexpr std::string_view kKey = "the secret text";

struct Request {
  std::string text;
  std::int64_t number = 0;
  std::int64_t fail_code = 0;
  std::int64_t store = 0;
  std::int64_t thrown = 0;

  static constexpr auto fields() {
    return std::tuple{
        Field{"Text", &Request::text, {.max_bytes = 500, .example = R"("hi")"}, "Echoed"},
        Field{"Number", &Request::number, {.min = 1, .max = 3}, "One to three"},
        Field{"FailCode", &Request::fail_code, {}, "Fail with this code"},
        Field{"Store", &Request::store, {}, "1: read, 2: write"},
        Field{"Throw", &Request::thrown, {}, "1: a library throws"},
    };
  }
};

struct Response {
  std::string text;
  std::string caller;

  static constexpr auto fields() {
    return std::tuple{Field{"Text", &Response::text, {}, "What was sent"},
                      Field{"Caller", &Response::caller, {}, "Who sent it"}};
  }
};

inline Result<Response> run(Call& call, const Request& request) {
  const auto shard = user_shard(call.chat.app, "probe");
  if (request.store == 1) {
    TRY_STATUS(read(call.chat, [&](Txn& txn) -> Status {
      TRY([[maybe_unused]] const auto found, get(txn, kAccounts, shard));
      return {};
    }));
  }
  if (request.store == 2) {
    TRY_STATUS(write(call.chat, shard, {}, [&](Txn& txn) -> Status {
      put(txn, kAccounts, shard, {}, {.nick = request.text});
      return {};
    }));
  }
  if (request.thrown == 1) throw std::runtime_error("library said no");
  if (request.fail_code != 0) {
    return fail(static_cast<ErrorCode>(request.fail_code), "as asked");
  }
  return Response{request.text, std::string(call.caller)};
}

inline constexpr Endpoint kAccountRows[] = {
    post<&run>("im_open_login_svc/probe", {.summary = "Probe", .since = "0.1"})};
inline constexpr Endpoint kMessageRows[] = {
    post<&run>("openim/probe",
               {.summary = "Probe", .errors = {ErrorCode::kNoSuchMessage}, .since = "0.1"}),
    post<&run>("openim/sized", {.summary = "Probe", .since = "0.1", .message_size_limited = true})};
inline constexpr Endpoint kContactRows[] = {
    post<&run>("recentcontact/probe",
               {.summary = "Probe", .errors = {ErrorCode::kContactNoAccount}, .since = "0.1"}),
    post<&run>("recentcontact/slow", {.summary = "Probe", .calls_per_second = 2, .since = "0.1"})};
static_assert(paths_are_unique(kMessageRows) && paths_are_unique(kContactRows));

inline const std::span<const Endpoint> kTables[] = {kAccountRows, kMessageRows, kContactRows};

/// A memory store that is durable when the test says so.
class HeldStore final : public Store {
 public:
  std::unique_ptr<Txn> read() override { return memory_->read(); }
  std::unique_ptr<Txn> read_newest() override { return memory_->read_newest(); }
  Result<std::unique_ptr<Txn>> write(const Shard& home,
                                     std::span<const Shard> merge_shards) override {
    return memory_->write(home, merge_shards);
  }
  void when_durable(Ticket ticket, Deadline deadline, OnDurable done) override {
    if (!hold) return memory_->when_durable(ticket, deadline, std::move(done));
    deadlines.push_back(deadline);
    held.push_back(std::move(done));
  }
  Status give_back_space() override { return memory_->give_back_space(); }
  StoreBytes bytes() override { return memory_->bytes(); }

  bool hold = false;
  std::vector<OnDurable> held;
  std::vector<Deadline> deadlines;

 private:
  std::unique_ptr<MemoryStore> memory_ = MemoryStore::create({});
};

struct Rest {
  explicit Rest(RateProfile rates = {})
      : dispatcher({.tables = kTables,
                    .store = store,
                    .clock = clock,
                    .random = random,
                    .apps = apps,
                    .limits = limits,
                    .metrics = metrics,
                    .rates = std::move(rates)}) {}

  /// A signed target; `identifier` as it stands in the URL.
  static std::string target(std::string_view path, std::string_view identifier = "administrator") {
    return "/v4/" + std::string(path) +
           "?sdkappid=1400000000&identifier=" + std::string(identifier) +
           "&usersig=" + make_user_sig(kKey, kApp, percent_decode(identifier), kNow, 86400) +
           "&random=99999999&contenttype=json";
  }

  /// The answer's body. REQUIRES: the store holds nothing back.
  std::string ask(const RestRequest& request) {
    std::promise<RestReply> answered;
    dispatcher.handle(request, [&](RestReply reply) { answered.set_value(std::move(reply)); });
    auto reply = answered.get_future().get();
    request_id = std::move(reply.request_id);
    return std::move(reply.body);
  }

  std::string ask_target(std::string_view url, std::string_view body = "{}") {
    return ask({.method = "POST", .target = url, .body = body});
  }

  std::string call(std::string_view path, std::string_view body = "{}") {
    return ask_target(target(path), body);
  }

  ManualClock clock{kNow};
  SeededRandom random{1};
  HeldStore store;
  Apps apps{{{kApp, {AppKey{std::string(kKey)}}, {"administrator", "你好 root"}},
             {AppId{7}, {AppKey{"x"}}, {}}}};
  ChatLimits limits;
  Metrics metrics;
  Dispatcher dispatcher;
  std::string request_id;
};

/// An answer's ErrorCode; kInternal, which no answer carries, if there is none.
inline ErrorCode code_of(std::string_view body) {
  JsonParser parser;
  const auto root = parser.parse(body);
  const auto member = root ? root->member("ErrorCode") : std::nullopt;
  const auto code = member ? member->integer() : std::nullopt;
  return code ? static_cast<ErrorCode>(*code) : ErrorCode::kInternal;
}

}  // namespace confab::probe
