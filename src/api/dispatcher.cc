#include "api/dispatcher.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <limits>

#include <fmt/format.h>

#include "api/call.h"
#include "api/user_sig.h"
#include "base/check.h"
#include "base/log.h"
#include "domain/accounts.h"

namespace confab {
namespace {

constexpr auto kRequestsName = "confab_requests_total";
constexpr auto kRequestsHelp = "Answered requests by command and error code";
constexpr auto kSecondsName = "confab_request_seconds";
constexpr auto kSecondsHelp = "Time from the complete request to its answer";
constexpr std::string_view kUnknownCommandLabel = "unknown";
constexpr std::size_t kEnvelopeBytes = 100;  // of an answer beside its info and members, at most

std::vector<int> limits_of(EndpointTables tables, const RateProfile& rates) {
  std::vector<int> limits;
  for (const auto table : tables) {
    for (const auto& row : table)
      limits.push_back(rates.limit_of(row));
  }
  return limits;
}

Histogram seconds_of(Metrics& metrics, std::string_view command) {
  return metrics.histogram(kSecondsName, kSecondsHelp, latency_bounds(),
                           {{"command", std::string(command)}});
}

Counter requests_of(Metrics& metrics, std::string_view command, ErrorCode code) {
  return metrics.counter(kRequestsName, kRequestsHelp,
                         {{"command", std::string(command)},
                          {"code", std::to_string(static_cast<int>(code))}});
}

/// All 16 of them.
std::string hex_digits(std::uint64_t number) {
  std::string digits(2 * sizeof number, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    *digit = "0123456789abcdef"[number & 0xfU];
    number >>= 4U;
  }
  return digits;
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Not the caller's fault.
bool is_ours(ErrorCode code) {
  return code == ErrorCode::kInternal || code == ErrorCode::kNotDurableInTime ||
         code == ErrorCode::kOverloaded;
}

ErrorCode wire_code(const Family* family, const Error& error) {
  return family == nullptr ? error.code : family->translate(error.code);
}

/// What the caller is told about a failure.
std::string error_info(ErrorCode wire_code, const Error& error, std::string_view request_id) {
  std::string info(error_entry(wire_code).text);
  // The text is documented literally (A16).
  if (wire_code == ErrorCode::kMessageBadJson) return info;
  if (error.code == ErrorCode::kInternal) {
    // The detail speaks of this machine and is for the log.
    return info + ": request " + std::string(request_id);
  }
  if (!error.detail.empty()) info += ": " + error.detail;
  return info;
}

}  // namespace

Dispatcher::Dispatcher(const DispatcherOptions& options)
    : options_(options),
      rate_limiter_(options.clock,
                    limits_of(options.tables, options.rates),
                    options.apps.all().size()),
      in_flight_(options.metrics.gauge("confab_requests_in_flight", "Requests not yet answered")),
      unknown_seconds_(seconds_of(options.metrics, kUnknownCommandLabel)) {
  for (const auto table : options.tables) {
    for (const auto& row : table) {
      CHECK(command_of_path_.emplace(row.path, commands_.size()).second, "two rows for one path");
      commands_.push_back({row, requests_of(options.metrics, row.path, ErrorCode::kOk),
                           seconds_of(options.metrics, row.path)});
    }
  }
}

void Dispatcher::handle(const RestRequest& request, RestDone done) {
  Exchange exchange{.request_id = hex_digits(options_.random.next()),
                    .start = std::chrono::steady_clock::now()};
  in_flight_.add(1);
  std::string members;
  auto outcome = answer(request, exchange, members);
  if (exchange.ticket == 0) {
    finish(exchange, outcome, members, std::move(done));
    return;
  }
  const auto ticket = exchange.ticket;
  const auto deadline = exchange.start + options_.durability_timeout;
  options_.store.when_durable(ticket, deadline,
                              [this, exchange = std::move(exchange), outcome = std::move(outcome),
                               members = std::move(members),
                               done = std::move(done)](const Status& durable) mutable {
                                // What is not known to be durable must not be shown, not even as
                                // the reason of a refusal.
                                if (!durable) outcome = std::unexpected(durable.error());
                                finish(exchange, outcome, members, std::move(done));
                              });
}

Result<Outcome> Dispatcher::answer(const RestRequest& request,
                                   Exchange& exchange,
                                   std::string& members) {
  TRY(const auto target, read_target(request));
  exchange.family = find_family(target.path);
  TRY(exchange.app, find_app(target.query));
  TRY(exchange.caller, authenticate(target.query, *exchange.app));
  TRY(exchange.command, find_command(target.path));
  TRY_STATUS(check_kick(target.query, exchange));
  TRY_STATUS(limit_rate(exchange));
  TRY(const auto body, read_body(request.body, exchange));
  TRY_STATUS(check_admin(exchange));
  TRY_STATUS(check_size(request.body, exchange));
  return call_handler(body, exchange, members);
}

Result<RequestTarget> Dispatcher::read_target(const RestRequest& request) {
  if (request.refused) return fail(*request.refused);
  if (request.method != "POST") return fail(ErrorCode::kBadHttpRequest, "the method is not POST");
  auto target = parse_target(request.target);
  if (!target) {
    return fail(ErrorCode::kBadHttpRequest, "the path is not /v4/<service>/<command>");
  }
  if (target->query.contenttype.value_or("json") != "json") {  // K7
    return fail(ErrorCode::kBadHttpRequest, "contenttype is not json");
  }
  return *std::move(target);
}

Result<const App*> Dispatcher::find_app(const RequestQuery& query) const {
  if (!query.sdkappid) return fail(ErrorCode::kMissingApp);
  const auto& text = *query.sdkappid;
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  const App* app = is_number ? options_.apps.find(AppId{id}) : nullptr;
  if (app == nullptr) {
    return fail(ErrorCode::kUnknownApp,
                quote_value(text) + (is_number ? " is not served here" : " is not a number"));
  }
  return app;
}

Result<std::string> Dispatcher::authenticate(const RequestQuery& query, const App& app) {
  if (query.identifier.value_or("").empty()) return fail(ErrorCode::kBadIdentifier, "missing");
  const auto& identifier = *query.identifier;
  if (has_control_character(identifier)) {
    return fail(ErrorCode::kBadIdentifier, "holds a control character");
  }
  if (!query.usersig) return fail(ErrorCode::kMissingUserSig);
  const auto& signature = *query.usersig;
  const auto now = options_.clock.unix_seconds();
  if (!good_signatures_.holds(signature, app.id, identifier, options_.apps.key_generation(), now)) {
    const auto keys = options_.apps.keys();
    TRY(const auto last_second, verify_user_sig(signature, app.id, identifier,
                                                keys->of_app[options_.apps.index_of(app)], now));
    good_signatures_.insert(signature, app.id, identifier, keys->generation, last_second);
  }
  return identifier;
}

Result<const Dispatcher::Command*> Dispatcher::find_command(std::string_view path) const {
  const auto found = command_of_path_.find(path);
  if (found == command_of_path_.end()) return fail(ErrorCode::kUnknownCommand, quote_value(path));
  return &commands_[found->second];
}

Context Dispatcher::context_of(const Exchange& exchange) const {
  return {.store = options_.store,
          .clock = options_.clock,
          .random = options_.random,
          .limits = options_.limits,
          .app = exchange.app->id,
          .ticket = exchange.ticket};
}

/// A UserSig issued up to the second of the last kick is as good as expired (C7, K9).
Status Dispatcher::check_kick(const RequestQuery& query, Exchange& exchange) const {
  auto context = context_of(exchange);
  const auto kicked = last_kick(context, exchange.caller);
  exchange.ticket = context.ticket;
  if (!kicked) return std::unexpected(kicked.error());
  if (*kicked == 0) return {};
  TRY(const auto claims, decode_user_sig(*query.usersig));
  if (claims.time > *kicked) return {};
  return fail(ErrorCode::kUserSigExpired, "issued before the account was kicked; make a new one");
}

Status Dispatcher::limit_rate(const Exchange& exchange) {
  const auto command = static_cast<std::size_t>(exchange.command - commands_.data());
  if (rate_limiter_.admit(options_.apps.index_of(*exchange.app), command)) return {};
  return fail(ErrorCode::kCommandRateExceeded,
              fmt::format("{} calls per second", rate_limiter_.limit(command)));
}

Result<JsonValue> Dispatcher::read_body(std::string_view body, const Exchange& exchange) {
  thread_local JsonParser parser;
  constexpr std::string_view kEmptyObject = "{}";
  auto json = parser.parse(is_blank(body) ? kEmptyObject : body);
  // COMPAT(tencent): clients in PHP write an empty object as an empty array.
  if (json && json->is(JsonKind::kArray) && json->size() == 0) json = parser.parse(kEmptyObject);
  if (!json || !json->is(JsonKind::kObject)) return fail(exchange.family->bad_json);
  return *json;
}

Status Dispatcher::check_size(std::string_view body, const Exchange& exchange) const {
  const auto limit = options_.max_message_bytes;
  if (!exchange.command->row.notes.message_size_limited || body.size() <= limit) return {};
  return fail(ErrorCode::kMessageTooLong,
              fmt::format("at most {} bytes, has {}", limit, body.size()));
}

Status Dispatcher::check_admin(const Exchange& exchange) {
  if (exchange.command->row.notes.open_to_users) return {};
  if (exchange.app->is_admin(exchange.caller)) return {};
  return fail(exchange.family->admin_required,
              fmt::format("identifier {} is not one", quote_value(exchange.caller)));
}

Result<Outcome> Dispatcher::call_handler(JsonValue body, Exchange& exchange, std::string& members) {
  auto context = context_of(exchange);
  Call call{.chat = context, .app = *exchange.app, .caller = exchange.caller};
  const auto& row = exchange.command->row;
  Result<Outcome> outcome;
  try {
    outcome = row.invoke(call, row.notes, body, members);
  } catch (const std::exception& escaped) {
    // Ours never throws, so this is a library that was called without its border: our bug.
    log_event(LogLevel::kError, "handler_threw",
              {{"request_id", exchange.request_id},
               {"command", row.path},
               {"what", escaped.what()}});
    outcome = fail(ErrorCode::kInternal, "exception in the handler");
  }
  exchange.ticket = context.ticket;
#ifndef NDEBUG
  const auto code = outcome ? outcome->code : outcome.error().code;
  CHECK(code == ErrorCode::kOk || row.answers(code),
        fmt::format("{} answered {}, which its row does not list", row.path,
                    error_entry(code).name));
#endif
  return outcome;
}

void Dispatcher::finish(Exchange& exchange,
                        const Result<Outcome>& outcome,
                        std::string_view members,
                        RestDone done) {
  const auto* family = exchange.family;
  const auto code = outcome ? outcome->code : wire_code(family, outcome.error());
  const auto info =
      outcome ? std::string(outcome->info) : error_info(code, outcome.error(), exchange.request_id);
  RestReply reply;
  reply.body.reserve(members.size() + info.size() + kEnvelopeBytes);
  reply.body += R"({"ActionStatus":")";
  reply.body += outcome ? outcome->action_status : "FAIL";
  reply.body += R"(","ErrorCode":)";
  append_json_number(reply.body, static_cast<int>(code));
  reply.body += R"(,"ErrorInfo":)";
  append_json_string(reply.body, info);
  if (family != nullptr && family->error_display) reply.body += R"(,"ErrorDisplay":"")";
  if (outcome) reply.body += members;
  reply.body += '}';
  const bool internal = !outcome && outcome.error().code == ErrorCode::kInternal;
  record(exchange, code, !outcome && is_ours(outcome.error().code),
         internal ? outcome.error().detail : info);
  reply.request_id = std::move(exchange.request_id);
  done(std::move(reply));
}

void Dispatcher::record(const Exchange& exchange,
                        ErrorCode code,
                        bool is_ours,
                        std::string_view reason) {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - exchange.start;
  const auto* command = exchange.command;
  in_flight_.add(-1);
  auto histogram = command == nullptr ? unknown_seconds_ : command->seconds;
  histogram.observe(seconds.count());
  if (code == ErrorCode::kOk) {
    CHECK(command != nullptr, "success without a command");
    auto succeeded = command->succeeded;
    succeeded.add();
    return;
  }
  const auto label = command == nullptr ? kUnknownCommandLabel : command->row.path;
  requests_of(options_.metrics, label, code).add();
  const auto app = exchange.app == nullptr ? 0U : static_cast<std::uint32_t>(exchange.app->id);
  log_event(is_ours ? LogLevel::kWarning : LogLevel::kInfo, "request_failed",
            {{"request_id", exchange.request_id},
             {"app", app},
             {"command", label},
             {"code", static_cast<int>(code)},
             {"reason", reason},
             {"ms", static_cast<std::int64_t>(seconds.count() * 1000)}});
  if (options_.failures == nullptr) return;
  options_.failures->add({.time = options_.clock.unix_seconds(),
                          .request_id = exchange.request_id,
                          .command = std::string(label),
                          .app = app,
                          .identifier = exchange.caller,
                          .code = code,
                          .reason = std::string(reason)});
}

}  // namespace confab
