// All endpoints that the server serves: an explicit list of the families' tables, which stand in
// api/rest/.
#pragma once

#include <span>

#include "api/endpoint.h"

namespace confab {

std::span<const Endpoint> account_endpoints();
std::span<const Endpoint> c2c_endpoints();
std::span<const Endpoint> recent_contact_endpoints();

EndpointTables rest_tables();

}  // namespace confab
