#include "console/calls.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "api/fields.h"
#include "api/user_sig.h"
#include "base/json_writer.h"
#include "domain/accounts.h"
#include "domain/explain.h"

namespace confab {
namespace {

constexpr Seconds kCallSignatureSeconds = 60;
constexpr Seconds kMaxSignatureSeconds = 10LL * 365 * 24 * 3600;
constexpr std::int64_t kMaxPage = 500;
constexpr std::int64_t kMaxAppId = 4'294'967'295;

// ---- Running a command.

template <typename Request>
Result<Request> decode(JsonValue body) {
  Request request;
  TRY_STATUS(decode_members(body, nullptr, request));
  return request;
}

/// A command that answers at once.
template <auto Answer, typename Request>
void run_now(const ConsoleCall& call, JsonValue body, ConsoleDone done) {
  const auto request = decode<Request>(body);
  done(request ? Answer(call, *request) : std::unexpected(request.error()));
}

Result<const App*> find_app(const ConsoleCall& call, std::int64_t id) {
  const auto* app = call.options.apps.find(AppId{static_cast<std::uint32_t>(id)});
  if (app != nullptr) return app;
  return fail(ErrorCode::kInvalidField, fmt::format("sdkappid: {} is not served here", id));
}

/// A command that looks into the store: what it shows must be durable, as in every answer.
template <auto Answer, typename Request>
void run_on_store(const ConsoleCall& call, JsonValue body, ConsoleDone done) {
  const auto request = decode<Request>(body);
  if (!request) return done(std::unexpected(request.error()));
  const auto app = find_app(call, request->app);
  if (!app) return done(std::unexpected(app.error()));
  const auto& o = call.options;
  Context context{.store = o.store,
                  .clock = o.clock,
                  .random = o.random,
                  .limits = o.limits,
                  .app = (*app)->id};
  auto answer = Answer(context, *request);
  o.store.when_durable(context.ticket, std::chrono::steady_clock::now() + o.durability_timeout,
                       [answer = std::move(answer),
                        done = std::move(done)](Status durable) mutable {
                         done(durable ? std::move(answer) : std::unexpected(durable.error()));
                       });
}

template <typename Owner>
constexpr auto app_field(std::int64_t Owner::* member) {
  return Field{"sdkappid", member, {.required = true, .min = 1, .max = kMaxAppId}, "The app"};
}

std::string object_of(const auto& write_members) {
  std::string out;
  JsonWriter w(out);
  w.begin_object();
  write_members(w);
  w.end_object();
  return out;
}

void write_array(JsonWriter& w, std::string_view name, const auto& rows, const auto& write_row) {
  w.key(name);
  w.begin_array();
  for (const auto& row : rows) {
    w.begin_object();
    write_row(row);
    w.end_object();
  }
  w.end_array();
}

void write_reasons(JsonWriter& w, std::string_view name, const std::vector<Reason>& reasons) {
  write_array(w, name, reasons, [&](const Reason& reason) {
    w.member("rule", reason.rule);
    w.member("text", reason.text);
  });
}

std::vector<AppKey> keys_of(const ConsoleCall& call, const App& app) {
  return call.options.apps.keys()->of_app[call.options.apps.index_of(app)];
}

/// A UserSig made with the key that signs now.
Result<std::string> sign(const ConsoleCall& call,
                         const App& app,
                         std::string_view identifier,
                         Seconds seconds) {
  const auto now = call.options.clock.unix_seconds();
  const auto keys = keys_of(call, app);
  const auto key = std::ranges::find_if(keys, [&](const auto& k) { return k.is_good_at(now); });
  if (key == keys.end()) {
    return fail(ErrorCode::kInvalidField,
                fmt::format("all keys of app {} have run out; rotate its key",
                            std::to_underlying(app.id)));
  }
  return make_user_sig(key->text, app.id, identifier, now, seconds);
}

// ---- What there is.

struct NoRequest {
  static constexpr auto fields() { return std::tuple{}; }
};

Result<std::string> overview(const ConsoleCall& call, const NoRequest& /*request*/) {
  return object_of([&](JsonWriter& w) {
    w.member("version", CONFAB_VERSION);
    w.member("rest_url", call.options.rest_url);
    w.member("certificate", call.options.certificate);
    w.member("store", call.options.store_name);
    w.member("started_at", call.started_at);
    write_array(w, "apps", call.options.apps.all(), [&](const App& app) {
      w.member("sdkappid", std::to_underlying(app.id));
      w.key("admins");
      w.begin_array();
      for (const auto& admin : app.admins)
        w.value(admin);
      w.end_array();
      write_array(w, "keys", keys_of(call, app), [&](const AppKey& key) {
        w.member("fingerprint", key_fingerprint(key.text));
        w.member("good_until", key.last_second.value_or(0));
      });
    });
  });
}

Result<std::string> failures(const ConsoleCall& call, const NoRequest& /*request*/) {
  return object_of([&](JsonWriter& w) {
    write_array(w, "failures", call.options.failures.newest(), [&](const FailedRequest& failed) {
      w.member("time", failed.time);
      w.member("request_id", failed.request_id);
      w.member("command", failed.command);
      w.member("sdkappid", failed.app);
      w.member("identifier", failed.identifier);
      w.member("code", std::to_underlying(failed.code));
      w.member("reason", failed.reason);
    });
  });
}

// ---- The REST API.

struct CallRequest {
  std::int64_t app = 0;
  std::string identifier;
  std::string command;
  std::string body;

  static constexpr auto fields() {
    using Self = CallRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"identifier", &Self::identifier, {.required = true}, "Who calls"},
        Field{"command", &Self::command, {.required = true}, "service/command"},
        Field{"body", &Self::body, {.required = true}, "The request's body as text"},
    };
  }
};

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

/// What a back end would ask for, signed for this one call.
Result<std::string> call_target(const ConsoleCall& call, const CallRequest& request) {
  TRY(const auto* const app, find_app(call, request.app));
  TRY(const auto signature, sign(call, *app, request.identifier, kCallSignatureSeconds));
  return fmt::format("/v4/{}?sdkappid={}&identifier={}&usersig={}&random={}&contenttype=json",
                     request.command, request.app, percent_encode(request.identifier), signature,
                     call.options.random.next() % 4'294'967'296U);
}

/// Through the dispatcher, like everybody's request.
void call_rest(const ConsoleCall& call, JsonValue body, ConsoleDone done) {
  const auto request = decode<CallRequest>(body);
  if (!request) return done(std::unexpected(request.error()));
  const auto target = call_target(call, *request);
  if (!target) return done(std::unexpected(target.error()));
  const auto start = std::chrono::steady_clock::now();
  call.options.dispatcher.handle(
      {.method = "POST", .target = *target, .body = request->body},
      [start, done = std::move(done)](RestReply reply) mutable {
        const auto taken = std::chrono::steady_clock::now() - start;
        done(object_of([&](JsonWriter& w) {
          w.member("body", reply.body);
          w.member("microseconds",
                   std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
          w.member("request_id", reply.request_id);
        }));
      });
}

// ---- UserSigs and keys.

struct SignRequest {
  std::int64_t app = 0;
  std::string identifier;
  std::int64_t seconds = 0;

  static constexpr auto fields() {
    using Self = SignRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"identifier", &Self::identifier, {.required = true, .max_bytes = 32}, "Whose"},
        Field{"seconds",
              &Self::seconds,
              {.required = true, .min = 1, .max = kMaxSignatureSeconds},
              "How long it is good"},
    };
  }
};

Result<std::string> user_sig(const ConsoleCall& call, const SignRequest& request) {
  TRY(const auto* const app, find_app(call, request.app));
  TRY(const auto signature, sign(call, *app, request.identifier, request.seconds));
  return object_of([&](JsonWriter& w) {
    w.member("usersig", signature);
    w.member("expires_at", call.options.clock.unix_seconds() + request.seconds);
  });
}

struct ExplainSigRequest {
  std::int64_t app = 0;
  std::string identifier;
  std::string usersig;

  static constexpr auto fields() {
    using Self = ExplainSigRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"identifier", &Self::identifier, {.required = true}, "Who would use it"},
        Field{"usersig", &Self::usersig, {}, "The UserSig"},
    };
  }
};

Result<std::string> explain_sig(const ConsoleCall& call, const ExplainSigRequest& request) {
  TRY(const auto* const app, find_app(call, request.app));
  const auto keys = keys_of(call, *app);
  const auto now = call.options.clock.unix_seconds();
  const auto verdict = verify_user_sig(request.usersig, app->id, request.identifier, keys, now);
  return object_of([&](JsonWriter& w) {
    w.member("valid", verdict.has_value());
    w.member("code", verdict ? 0 : std::to_underlying(verdict.error().code));
    w.member("text", explain_user_sig(request.usersig, app->id, request.identifier, keys, now));
  });
}

struct RotateRequest {
  std::int64_t app = 0;
  std::int64_t overlap = 0;

  static constexpr auto fields() {
    using Self = RotateRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"overlap",
              &Self::overlap,
              {.required = true, .min = 0, .max = kMaxSignatureSeconds},
              "Seconds that the former keys stay good"},
    };
  }
};

Result<std::string> rotate_key(const ConsoleCall& call, const RotateRequest& request) {
  TRY(const auto* const app, find_app(call, request.app));
  TRY(const auto key, call.options.rotate_key(app->id, request.overlap));
  return object_of([&](JsonWriter& w) { w.member("key", key); });
}

// ---- What is stored.

struct AccountsRequest {
  std::int64_t app = 0;
  std::string after;
  std::int64_t limit = 0;

  static constexpr auto fields() {
    using Self = AccountsRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"after", &Self::after, {}, "The last name of the page before"},
        Field{"limit", &Self::limit, {.required = true, .min = 1, .max = kMaxPage}, "Rows"},
    };
  }
};

Result<std::string> accounts(Context& context, const AccountsRequest& request) {
  TRY(const auto page,
      list_accounts(context, request.after, static_cast<std::size_t>(request.limit)));
  return object_of([&](JsonWriter& w) {
    write_array(w, "accounts", page.rows, [&](const NamedAccount& account) {
      w.member("user_id", account.user);
      w.member("nick", account.record.nick);
      w.member("imported_at", account.record.imported_at);
    });
    w.member("complete", page.complete);
  });
}

struct ConversationRequest {
  std::int64_t app = 0;
  std::string user;
  std::string peer;
  std::string group;

  static constexpr auto fields() {
    using Self = ConversationRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"user", &Self::user, {.required = true}, "Whose side"},
        Field{"peer", &Self::peer, {}, "The other account of a one-to-one conversation"},
        Field{"group", &Self::group, {}, "Or the group"},
    };
  }
};

Result<Conversation> conversation_of(const std::string& peer, const std::string& group) {
  if (peer.empty() == group.empty()) {
    return fail(ErrorCode::kInvalidField, "peer, group: one of them must be given, and only one");
  }
  return group.empty() ? c2c_with(peer) : group_conversation(group);
}

struct HistoryRequest {
  std::int64_t app = 0;
  std::string user;
  std::string peer;
  std::string group;
  std::string before;
  std::int64_t limit = 0;

  static constexpr auto fields() {
    using Self = HistoryRequest;
    return std::tuple{
        app_field(&Self::app),
        Field{"user", &Self::user, {.required = true}, "Whose side"},
        Field{"peer", &Self::peer, {}, "The other account of a one-to-one conversation"},
        Field{"group", &Self::group, {}, "Or the group"},
        Field{"before", &Self::before, {}, "The cursor of the last row of the page before"},
        Field{"limit", &Self::limit, {.required = true, .min = 1, .max = kMaxPage}, "Rows"},
    };
  }
};

Result<std::string> history(Context& context, const HistoryRequest& request) {
  TRY(auto conversation, conversation_of(request.peer, request.group));
  TRY(const auto page, see_history(context, {.user = request.user,
                                             .conversation = std::move(conversation),
                                             .before = request.before,
                                             .limit = static_cast<std::size_t>(request.limit)}));
  return object_of([&](JsonWriter& w) {
    write_array(w, "rows", page.rows, [&](const SeenMessage& row) {
      w.member("cursor", row.cursor);
      w.member("position", row.position);
      w.member("time", row.time);
      w.member("from", row.from);
      w.member("msg_key", row.key);
      w.member("body", row.body);
      w.member("cloud_custom_data", row.cloud_data);
      w.member("recalled", row.recalled);
      w.member("visible", row.visible);
      w.member("unread", row.unread);
      write_reasons(w, "reasons", row.reasons);
    });
    w.member("complete", page.complete);
  });
}

Result<std::string> explain(Context& context, const ConversationRequest& request) {
  TRY(const auto conversation, conversation_of(request.peer, request.group));
  TRY(const auto explanation, explain_conversation(context, request.user, conversation));
  return object_of([&](JsonWriter& w) {
    w.member("listed", explanation.listed);
    write_reasons(w, "why_listed", explanation.why_listed);
    w.member("unread", explanation.unread);
    write_reasons(w, "why_unread", explanation.why_unread);
    write_array(w, "facts", explanation.facts, [&](const Fact& fact) {
      w.member("name", fact.name);
      w.member("value", fact.value);
      w.member("meaning", fact.meaning);
      w.member("rule", fact.rule);
    });
  });
}

constexpr ConsoleCommand kCommands[] = {
    {"overview", &run_now<&overview, NoRequest>},
    {"failures", &run_now<&failures, NoRequest>},
    {"call", &call_rest},
    {"user_sig", &run_now<&user_sig, SignRequest>},
    {"explain_user_sig", &run_now<&explain_sig, ExplainSigRequest>},
    {"rotate_key", &run_now<&rotate_key, RotateRequest>},
    {"accounts", &run_on_store<&accounts, AccountsRequest>},
    {"history", &run_on_store<&history, HistoryRequest>},
    {"explain", &run_on_store<&explain, ConversationRequest>},
};

}  // namespace

const ConsoleCommand* find_console_command(std::string_view name) {
  const auto* const found = std::ranges::find(kCommands, name, &ConsoleCommand::name);
  return found == std::ranges::end(kCommands) ? nullptr : found;
}

}  // namespace confab
