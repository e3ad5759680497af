// The first line of a REST request: /v4/<service>/<command>?sdkappid=…&identifier=…&usersig=…
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace confab {

/// The query's known parameters, percent-decoded; the first of duplicates. Absent is not empty.
struct RequestQuery {
  std::optional<std::string> sdkappid;
  std::optional<std::string> identifier;
  std::optional<std::string> usersig;
  std::optional<std::string> contenttype;
};

struct RequestTarget {
  std::string_view path;  // "service/command", as sent
  RequestQuery query;
};

/// Nothing if the path is not /v4/x/y. `target` may also be an absolute URL. The result refers to
/// `target`.
std::optional<RequestTarget> parse_target(std::string_view target);

/// %XX and, as forms write it, + for a space. A % without two hex digits stays as it is.
std::string percent_decode(std::string_view text);

}  // namespace confab
