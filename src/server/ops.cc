#include "server/ops.h"

#include <optional>
#include <utility>

namespace confab {
namespace {

constexpr unsigned kHttpOk = 200;
constexpr unsigned kHttpBadRequest = 400;
constexpr unsigned kHttpNotFound = 404;
constexpr unsigned kHttpUnavailable = 503;
constexpr const char* kPlainText = "text/plain; charset=utf-8";

HttpResponse plain(unsigned status, std::string body) {
  return {.status = status, .content_type = kPlainText, .body = std::move(body) + "\n"};
}

/// Nothing: it is for somebody else.
std::optional<HttpResponse> answer(const HttpRequest& request,
                                   Metrics& metrics,
                                   const std::function<std::string()>& why_not_ready) {
  if (request.fault != HttpRequest::Fault::kNone) return plain(kHttpBadRequest, "not HTTP");
  if (request.method != "GET") return std::nullopt;
  const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
  if (path == "/healthz") return plain(kHttpOk, "ok");
  if (path == "/metrics") {
    return HttpResponse{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                        .body = metrics.render()};
  }
  if (path != "/readyz") return std::nullopt;
  const auto reason = why_not_ready();
  return reason.empty() ? plain(kHttpOk, "ready") : plain(kHttpUnavailable, reason);
}

}  // namespace

HttpHandler ops_handler(Metrics& metrics,
                        std::function<std::string()> why_not_ready,
                        Console* console) {
  return [&metrics, console, why_not_ready = std::move(why_not_ready)](const HttpRequest& request,
                                                                       Respond respond) {
    if (auto response = answer(request, metrics, why_not_ready)) {
      respond(*std::move(response));
    } else if (console != nullptr) {
      console->handle(request, std::move(respond));
    } else {
      respond(
          plain(kHttpNotFound,
                "GET /healthz, /readyz or /metrics; beyond loopback the console needs ops.tls"));
    }
  };
}

}  // namespace confab
