// The REST API: one request in, one answer out, in named steps whose order is that of A12. Answers
// wait until the store has made durable what they show. Thread-safe; no sockets here.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/apps.h"
#include "api/endpoint.h"
#include "api/failure_log.h"
#include "api/rate_limiter.h"
#include "api/request_target.h"
#include "api/user_sig_cache.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "domain/limits.h"
#include "store/store.h"

namespace confab {

/// Views need to live only for the call of handle().
struct RestRequest {
  std::string_view method;
  std::string_view target;  // path and query as sent
  std::string_view body;
  /// Why it was not taken as HTTP; the rest counts for nothing then.
  std::optional<ErrorCode> refused{};
};

/// The HTTP status is 200 whatever the outcome (A3).
struct RestReply {
  std::string body;        // a JSON object
  std::string request_id;  // 16 hex digits, as in the log
};

using RestDone = std::move_only_function<void(RestReply)>;

/// What is referred to must outlive the dispatcher.
struct DispatcherOptions {
  EndpointTables tables;  // no path twice
  Store& store;
  const Clock& clock;
  Random& random;
  const Apps& apps;
  const ChatLimits& limits;
  Metrics& metrics;
  RateProfile rates = {};
  /// After that an answer says that the outcome is unknown (A10).
  std::chrono::milliseconds durability_timeout{3000};
  /// Of the body of rows with message_size_limited.
  std::size_t max_message_bytes = std::size_t{12} * 1024;
  /// Gets what is refused; may be null.
  FailureLog* failures = nullptr;
};

class Dispatcher {
 public:
  explicit Dispatcher(const DispatcherOptions& options);

  /// Calls `done` exactly once: on this thread, or on the store's when the answer had to wait for
  /// durability. The dispatcher must outlive the call of `done`.
  void handle(const RestRequest& request, RestDone done);

 private:
  struct Command {
    const Endpoint& row;
    Counter succeeded;
    Histogram seconds;
  };

  /// What is known about a request on its way to its answer.
  struct Exchange {
    std::string request_id;
    std::chrono::steady_clock::time_point start;
    const Family* family = nullptr;
    const App* app = nullptr;
    std::string caller;
    const Command* command = nullptr;
    Ticket ticket = 0;
  };

  // The steps, in their order. Each gives the error to answer.
  Result<Outcome> answer(const RestRequest& request, Exchange& exchange, std::string& members);
  static Result<RequestTarget> read_target(const RestRequest& request);
  Result<const App*> find_app(const RequestQuery& query) const;
  Result<std::string> authenticate(const RequestQuery& query, const App& app);
  Result<const Command*> find_command(std::string_view path) const;
  Context context_of(const Exchange& exchange) const;
  Status check_kick(const RequestQuery& query, Exchange& exchange) const;
  Status limit_rate(const Exchange& exchange);
  static Result<JsonValue> read_body(std::string_view body, const Exchange& exchange);
  static Status check_admin(const Exchange& exchange);
  Status check_size(std::string_view body, const Exchange& exchange) const;
  Result<Outcome> call_handler(JsonValue body, Exchange& exchange, std::string& members);
  void finish(Exchange& exchange,
              const Result<Outcome>& outcome,
              std::string_view members,
              RestDone done);

  /// `reason`: of a failure, for the log.
  void record(const Exchange& exchange, ErrorCode code, bool is_ours, std::string_view reason);

  DispatcherOptions options_;
  std::vector<Command> commands_;
  std::unordered_map<std::string_view, std::size_t> command_of_path_;
  RateLimiter rate_limiter_;
  UserSigCache good_signatures_;
  Gauge in_flight_;
  Histogram unknown_seconds_;
};

}  // namespace confab
