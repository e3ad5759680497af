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

constexpr std::string_view kLineBreakers("\r\n\0", 3);

void append_header(std::string& out, std::string_view name, std::string_view value) {
  CHECK(name.find_first_of(kLineBreakers) == std::string_view::npos &&
            value.find_first_of(kLineBreakers) == std::string_view::npos,
        "a response header must not hold a line break");
  out += name;
  out += ": ";
  out += value;
  out += "\r\n";
}

}  // namespace

void append_response(std::string& out, const HttpResponse& response, ResponseForm form) {
  CHECK(response.status >= 200 && response.status <= 999, "not a final HTTP status");
  out += "HTTP/1.1 ";
  out += std::to_string(response.status);
  out += ' ';
  out += reason_of(response.status);
  out += "\r\n";
  append_header(out, "Server", "confab");
  if (may_have_body(response.status)) {
    append_header(out, "Content-Type", response.content_type);
    append_header(out, "Content-Length", std::to_string(response.body.size()));
  }
  append_header(out, "Connection", form.keep_alive ? "keep-alive" : "close");
  for (const auto& [name, value] : response.headers)
    append_header(out, name, value);
  out += "\r\n";
  if (form.with_body && may_have_body(response.status)) out += response.body;
}

}  // namespace confab
