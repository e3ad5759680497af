// Answers as bytes on the wire. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "net/http.h"

namespace confab {

inline constexpr std::string_view kContinueText = "HTTP/1.1 100 Continue\r\n\r\n";

struct ResponseForm {
  bool keep_alive;  // what the Connection header says
  bool with_body;   // false for HEAD: the length is told, the body is not sent
};

/// Appends the whole answer to `out`.
/// REQUIRES: a final status (200 and up); no CR, LF or NUL in a header; no header that this
/// function writes itself (Server, Content-Type, Content-Length, Connection).
void append_response(std::string& out, const HttpResponse& response, ResponseForm form);

}  // namespace confab
