// What passes between the HTTP front and whoever answers: plain values, no Boost.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace confab {

struct HttpRequest {
  /// Why a request could not be read as HTTP; the connection closes after its answer.
  enum class Fault { kNone, kMalformed, kHeaderTooLarge, kBodyTooLarge, kTimedOut, kOverloaded };

  std::string method;
  std::string target;  // path and query as sent
  std::string body;
  /// As they arrived, names in lower case; only of a server that keeps them.
  std::vector<std::pair<std::string, std::string>> headers;
  Fault fault = Fault::kNone;
};

struct HttpResponse {
  unsigned status = 200;
  std::string_view content_type = "application/json";  // of static life
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

using Respond = std::move_only_function<void(HttpResponse)>;

/// Called on an io thread for each request; must not block for long. `respond` is called exactly
/// once, at any later time, on any thread.
using HttpHandler = std::function<void(const HttpRequest& request, Respond respond)>;

}  // namespace confab
