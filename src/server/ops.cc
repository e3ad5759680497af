#include "server/ops.h"

#include <utility>

namespace confab {
namespace {

constexpr unsigned kHttpNotFound = 404;
constexpr unsigned kHttpUnavailable = 503;
constexpr const char* kPlainText = "text/plain; charset=utf-8";

HttpResponse plain(unsigned status, std::string body) {
  return {.status = status, .content_type = kPlainText, .body = std::move(body) + "\n"};
}

HttpResponse answer(const HttpRequest& request,
                    Metrics& metrics,
                    const std::function<std::string()>& why_not_ready) {
  const auto path = std::string_view(request.target).substr(0, request.target.find('?'));
  if (request.fault == HttpRequest::Fault::kNone && request.method == "GET") {
    if (path == "/healthz") return plain(200, "ok");
    if (path == "/metrics") {
      return {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics.render()};
    }
    if (path == "/readyz") {
      const auto reason = why_not_ready();
      return reason.empty() ? plain(200, "ready") : plain(kHttpUnavailable, reason);
    }
  }
  return plain(kHttpNotFound, "GET /healthz, /readyz or /metrics");
}

}  // namespace

HttpHandler ops_handler(Metrics& metrics, std::function<std::string()> why_not_ready) {
  return [&metrics, why_not_ready = std::move(why_not_ready)](const HttpRequest& request,
                                                              Respond respond) {
    respond(answer(request, metrics, why_not_ready));
  };
}

}  // namespace confab
