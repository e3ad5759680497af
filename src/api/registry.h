// All endpoints that the server serves: an explicit list of the families' tables, which stand in
// api/rest/.
#pragma once

#include <span>

#include "api/endpoint.h"

namespace confab {

std::span<const Endpoint> account_endpoints();
std::span<const Endpoint> c2c_history_endpoints();
std::span<const Endpoint> c2c_send_endpoints();
std::span<const Endpoint> c2c_unread_endpoints();
std::span<const Endpoint> contact_group_endpoints();
std::span<const Endpoint> contact_mark_endpoints();
std::span<const Endpoint> group_history_endpoints();
std::span<const Endpoint> group_life_endpoints();
std::span<const Endpoint> group_list_endpoints();
std::span<const Endpoint> group_member_endpoints();
std::span<const Endpoint> group_profile_endpoints();
std::span<const Endpoint> group_send_endpoints();
std::span<const Endpoint> message_extension_endpoints();
std::span<const Endpoint> presence_endpoints();
std::span<const Endpoint> recent_contact_endpoints();

EndpointTables rest_tables();

}  // namespace confab
