// The services of the REST API: what all commands of one have in common.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/error_codes.h"

namespace confab {

/// The codes that every command of a service may answer, so no row of a table lists them.
struct Family {
  std::string_view service;
  ErrorCode parameter;       // what kInvalidField becomes
  ErrorCode bad_json;        // the body is not a JSON object
  ErrorCode admin_required;  // the caller is no admin of the app
  ErrorCode internal;        // what kInternal becomes
  ErrorCode timeout;         // what kNotDurableInTime becomes
  bool error_display;        // answers carry ErrorDisplay

  constexpr bool answers(ErrorCode code) const {
    return code == parameter || code == bad_json || code == admin_required || code == internal ||
           code == timeout;
  }

  /// The wire code of one of the catalogue's internal ones; every other code is itself.
  constexpr ErrorCode translate(ErrorCode code) const {
    if (code == ErrorCode::kInvalidField) return parameter;
    if (code == ErrorCode::kInternal) return internal;
    if (code == ErrorCode::kNotDurableInTime) return timeout;
    return code;
  }
};

// clang-format off
inline constexpr Family kFamilies[] = {
    {"im_open_login_svc", ErrorCode::kAccountParameter, ErrorCode::kBadJson,        ErrorCode::kAccountAdminRequired, ErrorCode::kAccountInternal, ErrorCode::kAccountTimeout, false},
    {"openim",            ErrorCode::kBadMessageFormat, ErrorCode::kMessageBadJson, ErrorCode::kMessageAdminRequired, ErrorCode::kMessageInternal, ErrorCode::kGatewayTimeout, false},
    {"openim_msg_ext_http_svc", ErrorCode::kGroupParameter, ErrorCode::kGroupParameter, ErrorCode::kGroupNotPermitted, ErrorCode::kGroupInternal, ErrorCode::kGatewayTimeout, false},
    {"group_open_http_svc", ErrorCode::kGroupParameter, ErrorCode::kBadJson,        ErrorCode::kGroupNotPermitted, ErrorCode::kGroupInternal, ErrorCode::kGatewayTimeout, false},
    {"recentcontact",     ErrorCode::kContactParameter, ErrorCode::kBadJson,        ErrorCode::kContactAdminRequired, ErrorCode::kContactInternal, ErrorCode::kContactTimeout, true},
};
// clang-format on

/// The family of "service" or "service/command"; nullptr for an unknown service.
constexpr const Family* find_family(std::string_view path) {
  const auto service = path.substr(0, path.find('/'));
  const auto* found = std::ranges::find(kFamilies, service, &Family::service);
  return found == std::end(kFamilies) ? nullptr : found;
}

}  // namespace confab
