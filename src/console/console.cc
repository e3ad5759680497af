#include "console/console.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "api/json.h"
#include "api/openapi.h"
#include "api/registry.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "console/calls.h"
#include "console/pages.h"

namespace confab {
namespace {

constexpr unsigned kHttpSeeOther = 303;
constexpr unsigned kHttpBadRequest = 400;
constexpr unsigned kHttpUnauthorized = 401;
constexpr unsigned kHttpForbidden = 403;
constexpr unsigned kHttpNotFound = 404;
constexpr unsigned kHttpTooMany = 429;
constexpr unsigned kHttpInternal = 500;

constexpr std::string_view kCalls = "/console/";
constexpr std::string_view kAssets = "/assets/";
constexpr std::string_view kSignIn = "/sign-in";
constexpr std::string_view kLinkParameter = "link=";
constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kJson = "application/json";

/// Nothing from elsewhere, nothing inline, nobody around it. Names in assets change with content.
constexpr std::pair<std::string_view, std::string_view> kSafetyHeaders[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
     "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

std::string_view header_of(const HttpRequest& request, std::string_view name) {
  const auto found = std::ranges::find(request.headers, name, [](const auto& header) {
    return std::string_view(header.first);
  });
  return found == request.headers.end() ? std::string_view() : found->second;
}

HttpResponse safe(HttpResponse response, std::string_view cache = "no-store") {
  for (const auto& [name, value] : kSafetyHeaders)
    response.headers.emplace_back(name, value);
  response.headers.emplace_back("Cache-Control", cache);
  return response;
}

HttpResponse refuse(unsigned status, std::string_view words) {
  HttpResponse response{.status = status, .content_type = kJson};
  JsonWriter w(response.body);
  w.begin_object();
  w.member("error", words);
  w.end_object();
  return safe(std::move(response));
}

HttpResponse json(std::string body) {
  return safe({.content_type = kJson, .body = std::move(body)});
}

HttpResponse redirect(std::string_view where) {
  HttpResponse response{.status = kHttpSeeOther, .content_type = "text/plain; charset=utf-8"};
  response.headers.emplace_back("Location", where);
  return safe(std::move(response));
}

std::optional<HttpResponse> page_at(std::string_view path) {
  const auto pages = console_pages();
  const auto page = std::ranges::find(pages, path, &Page::path);
  if (page == pages.end()) return std::nullopt;
  return safe({.content_type = page->content_type, .body = std::string(page->bytes)},
              path.starts_with(kAssets) ? "public, max-age=31536000, immutable" : "no-store");
}

/// `host` as a Host header has it: a name of this machine itself.
bool names_loopback(std::string_view host) {
  const auto port = host.rfind(':');
  const bool has_port = port != std::string_view::npos && !host.ends_with(']');
  const auto name = has_port ? host.substr(0, port) : host;
  return name == "localhost" || name == "[::1]" ||
         (name.starts_with("127.") &&
          std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }));
}

/// A browser says where a request comes from; who says nothing is no browser.
bool is_from_another_site(const HttpRequest& request) {
  const auto site = header_of(request, "sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const auto origin = header_of(request, "origin");
  const auto scheme_end = origin.find("://");
  return !origin.empty() && (scheme_end == std::string_view::npos ||
                             origin.substr(scheme_end + 3) != header_of(request, "host"));
}

std::string_view bearer_of(const HttpRequest& request) {
  const auto value = header_of(request, "authorization");
  return value.starts_with(kBearer) ? value.substr(kBearer.size()) : std::string_view();
}

std::optional<JsonValue> object_in(std::string_view body) {
  thread_local JsonParser parser;
  auto value = parser.parse(body);
  if (value && value->is(JsonKind::kObject)) return value;
  return std::nullopt;
}

HttpResponse answer_of(const Result<std::string>& answer) {
  if (answer) return json(*answer);
  const auto& error = answer.error();
  if (error.code == ErrorCode::kInvalidField) return refuse(kHttpBadRequest, error.detail);
  if (error.code == ErrorCode::kInternal) {
    log_event(LogLevel::kWarning, "console_failed", {{"reason", error.detail}});
    return refuse(kHttpInternal, "The server could not do that; its log says why.");
  }
  const auto text = error_entry(error.code).text;
  const bool is_ours = error.code == ErrorCode::kNotDurableInTime;
  return refuse(is_ours ? kHttpInternal : kHttpBadRequest,
                error.detail.empty() ? std::string(text)
                                     : fmt::format("{}: {}", text, error.detail));
}

}  // namespace

Console::Console(ConsoleOptions options)
    : options_(std::move(options)),
      started_at_(options_.clock.unix_seconds()),
      cookie_("confab_" + random_hex(options_.random, 4)),
      sessions_(options_.clock, options_.random, options_.token, options_.one_time_link) {}

std::string Console::link() const {
  if (sessions_.link().empty()) return {};
  return fmt::format("{}?{}{}", kSignIn, kLinkParameter, sessions_.link());
}

void Console::handle(const HttpRequest& request, Respond respond) {
  const std::string_view target = request.target;
  const auto path = target.substr(0, target.find('?'));
  if (options_.is_loopback && !names_loopback(header_of(request, "host"))) {
    return respond(
        refuse(kHttpForbidden, "Call this server by the name localhost or its loopback address."));
  }
  if (request.method == "GET") {
    if (path == kSignIn) {
      return respond(sign_in_by_link(target.substr(std::min(path.size() + 1, target.size()))));
    }
    if (path == "/openapi.json") return respond(json(openapi_json(rest_tables())));
    if (auto page = page_at(path)) return respond(*std::move(page));
  }
  if (request.method != "POST" || !path.starts_with(kCalls)) {
    return respond(refuse(kHttpNotFound, "There is no such page."));
  }
  if (is_from_another_site(request)) {
    return respond(refuse(kHttpForbidden, "Only the console's own pages may call it."));
  }
  if (!header_of(request, "content-type").starts_with(kJson)) {
    return respond(refuse(kHttpBadRequest, "Content-Type: must be application/json."));
  }
  const auto name = path.substr(kCalls.size());
  if (name == "sign_in") return respond(sign_in_by_token(request.body));
  if (!is_signed_in(request)) return respond(refuse(kHttpUnauthorized, "Sign in first."));
  if (name == "sign_out") return respond(sign_out(request));
  call(request, name, std::move(respond));
}

void Console::call(const HttpRequest& request, std::string_view name, Respond respond) {
  const auto* const command = find_console_command(name);
  if (command == nullptr) return respond(refuse(kHttpNotFound, "There is no such call."));
  const auto body = object_in(request.body);
  if (!body) return respond(refuse(kHttpBadRequest, "The body must be a JSON object."));
  command->run({options_, started_at_}, *body,
               [respond = std::move(respond)](const Result<std::string>& answer) mutable {
                 respond(answer_of(answer));
               });
}

HttpResponse Console::sign_in_by_link(std::string_view query) {
  const auto secret =
      query.starts_with(kLinkParameter) ? query.substr(kLinkParameter.size()) : std::string_view();
  const auto session = sessions_.sign_in_with_link(secret);
  // The pages say what to do next.
  if (!session) return redirect("/#/sign-in?link=void");
  return with_session(redirect("/"), *session, Sessions::kLifetime);
}

HttpResponse Console::sign_in_by_token(std::string_view body) {
  if (sessions_.is_locked()) {
    return refuse(kHttpTooMany, "Too many wrong attempts; wait a minute.");
  }
  const auto object = object_in(body);
  const auto token = object ? object->member("token") : std::nullopt;
  const auto session = sessions_.sign_in_with_token(
      token ? token->string().value_or(std::string_view()) : std::string_view());
  if (!session) {
    return refuse(kHttpUnauthorized,
                  options_.token.empty()
                      ? "This server has no token: set console.token (CONFAB_CONSOLE_TOKEN)."
                      : "That is not this server's console.token.");
  }
  return with_session(json("{}"), *session, Sessions::kLifetime);
}

HttpResponse Console::sign_out(const HttpRequest& request) {
  sessions_.end(session_of(request));
  return with_session(json("{}"), "", 0);
}

std::string Console::session_of(const HttpRequest& request) const {
  std::string_view cookies = header_of(request, "cookie");
  const auto wanted = cookie_ + '=';
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    auto one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.starts_with(wanted)) return std::string(one.substr(wanted.size()));
  }
  return {};
}

bool Console::is_signed_in(const HttpRequest& request) {
  if (sessions_.holds(session_of(request))) return true;
  const auto token = bearer_of(request);
  return !token.empty() && sessions_.takes_token(token);
}

HttpResponse Console::with_session(HttpResponse response,
                                   std::string_view session,
                                   Seconds lifetime) const {
  response.headers.emplace_back(
      "Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{}", cookie_,
                                session, lifetime, options_.is_tls ? "; Secure" : ""));
  return response;
}

}  // namespace confab
