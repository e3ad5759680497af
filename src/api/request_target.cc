#include "api/request_target.h"

#include <charconv>

namespace confab {
namespace {

/// The text before the first `mark`, which is taken off `rest` with it.
std::string_view take_until(std::string_view& rest, char mark) {
  const auto at = rest.find(mark);
  const auto taken = rest.substr(0, at);
  rest.remove_prefix(at == rest.npos ? rest.size() : at + 1);
  return taken;
}

std::optional<char> hex_byte(std::string_view digits) {
  if (digits.size() < 2) return std::nullopt;
  unsigned byte = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, byte, 16);
  if (error != std::errc{} || end != digits.data() + 2) return std::nullopt;
  return static_cast<char>(byte);
}

bool is_encoded(std::string_view text) {
  return text.find('%') != text.npos || text.find('+') != text.npos;
}

RequestQuery parse_query(std::string_view text) {
  struct Known {
    std::string_view name;
    std::optional<std::string> RequestQuery::* member;
  };
  static constexpr Known kKnown[] = {{"sdkappid", &RequestQuery::sdkappid},
                                     {"identifier", &RequestQuery::identifier},
                                     {"usersig", &RequestQuery::usersig},
                                     {"contenttype", &RequestQuery::contenttype}};
  RequestQuery query;
  const bool is_plain = !is_encoded(text);
  const auto decoded = [is_plain](std::string_view part) {
    return is_plain ? std::string(part) : percent_decode(part);
  };
  while (!text.empty()) {
    auto value = take_until(text, '&');
    const auto name = decoded(take_until(value, '='));
    for (const auto& known : kKnown) {
      auto& slot = query.*known.member;
      if (known.name == name && !slot) slot = decoded(value);
    }
  }
  return query;
}

/// An absolute http or https URL without its scheme and authority.
std::string_view strip_origin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto path = target.find('/', scheme.size());
    return path == target.npos ? std::string_view() : target.substr(path);
  }
  return target;
}

}  // namespace

std::string percent_decode(std::string_view text) {
  if (!is_encoded(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    const auto byte = c == '%' ? hex_byte(text) : std::nullopt;
    if (byte) {
      out += *byte;
      text.remove_prefix(2);
    } else {
      out += c == '+' ? ' ' : c;
    }
  }
  return out;
}

std::optional<RequestTarget> parse_target(std::string_view target) {
  constexpr std::string_view kPrefix = "/v4/";
  target = strip_origin(target);
  const auto full_path = take_until(target, '?');
  if (!full_path.starts_with(kPrefix)) return std::nullopt;
  const auto path = full_path.substr(kPrefix.size());
  auto command = path;
  const auto service = take_until(command, '/');
  if (service.empty() || command.empty() || command.find('/') != command.npos) return std::nullopt;
  return RequestTarget{path, parse_query(target)};
}

}  // namespace confab
