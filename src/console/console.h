// The console: pages for operators and developers, and the calls that they make. The calls are
// listed in console/src/contract.ts, which the pages are compiled against.
//
//   GET  /, /assets/…       the pages; they hold no data
//   GET  /openapi.json      the REST API as OpenAPI 3.1
//   GET  /sign-in?link=…    signs in, once
//   POST /console/<name>    everything else; JSON in, JSON out
//
// Calls need a session: a cookie that scripts cannot read and other sites cannot send, or the
// operator's token as `Authorization: Bearer`. A call with a cookie must come from the console's
// own pages. On a loopback address only requests for a loopback name are answered, so that no name
// of somebody else's that leads here can be used by their pages.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "api/apps.h"
#include "api/dispatcher.h"
#include "api/failure_log.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "console/sessions.h"
#include "domain/limits.h"
#include "net/http.h"
#include "store/store.h"

namespace confab {

/// What is referred to must outlive the console.
struct ConsoleOptions {
  Dispatcher& dispatcher;
  Store& store;
  const Apps& apps;
  const Clock& clock;
  Random& random;
  const ChatLimits& limits;
  const FailureLog& failures;
  std::string store_name;   // "rocks" or "memory"
  std::string rest_url;     // "https://127.0.0.1:8443"
  std::string certificate;  // file that clients are to trust; empty: none of the server's own
  /// The new key of an app whose former keys stay good for so long; it has taken effect.
  std::function<Result<std::string>(AppId app, Seconds overlap)> rotate_key;
  std::chrono::milliseconds durability_timeout{3000};
  std::string token;  // of the operator, at least kMinConsoleToken bytes; empty: none
  bool one_time_link = false;
  bool is_loopback = true;
  bool is_tls = false;
};

inline constexpr std::size_t kMinConsoleToken = 20;

class Console {
 public:
  explicit Console(ConsoleOptions options);

  /// "/sign-in?link=…"; empty if there is none.
  std::string link() const;

  /// One request at a time; `respond` may be called later, on a thread of the store.
  void handle(const HttpRequest& request, Respond respond);

 private:
  HttpResponse sign_in_by_link(std::string_view query);
  HttpResponse sign_in_by_token(std::string_view body);
  HttpResponse sign_out(const HttpRequest& request);
  void call(const HttpRequest& request, std::string_view name, Respond respond);
  std::string session_of(const HttpRequest& request) const;
  bool is_signed_in(const HttpRequest& request);
  HttpResponse with_session(HttpResponse response,
                            std::string_view session,
                            Seconds lifetime) const;

  const ConsoleOptions options_;
  const Seconds started_at_;
  const std::string cookie_;  // its name; another one in each process, as ports share cookies
  Sessions sessions_;
};

}  // namespace confab
