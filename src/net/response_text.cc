#include "net/response_text.h"

#include <algorithm>

#include "base/check.h"

namespace confab {
namespace {

struct Reason {
  unsigned status;
  std::string_view text;
};

constexpr Reason kReasons[] = {
    {200, "OK"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {413, "Content Too Large"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

std::string_view reason_of(unsigned status) {
  const auto* found = std::ranges::find(kReasons, status, &Reason::status);
  return found == std::end(kReasons) ? std::string_view{} : found->text;
}

bool may_have_body(unsigned status) {
  return status != 204 && status != 304;
}

/// Of a head beside the headers that the answer brings, about.
constexpr std::size_t kUsualHead = 192;

bool breaks_lines(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

void append_checked(std::string& out, std::string_view text) {
  CHECK(!breaks_lines(text), "a response header must not hold a line break");
  out += text;
}

}  // namespace

void append_response(std::string& out, const HttpResponse& response, ResponseForm form) {
  CHECK(response.status >= 200 && response.status <= 999, "not a final HTTP status");
  if (out.empty()) out.reserve(kUsualHead + response.body.size());
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\nServer: confab\r\n";
  if (may_have_body(response.status)) {
    out += "Content-Type: ";
    append_checked(out, response.content_type);
    out += "\r\nContent-Length: ";
    out += std::to_string(response.body.size());
    out += "\r\n";
  }
  out += form.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  for (const auto& [name, value] : response.headers) {
    append_checked(out, name);
    out += ": ";
    append_checked(out, value);
    out += "\r\n";
  }
  out += "\r\n";
  if (form.with_body && may_have_body(response.status)) out += response.body;
}

}  // namespace confab
