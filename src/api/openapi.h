// The description of the REST API in OpenAPI 3.1, made from the endpoint tables.
#pragma once

#include <string>

#include "api/endpoint.h"

namespace confab {

/// JSON; the same text for the same tables. Besides the standard members each operation has
/// x-calls-per-second, x-since and x-errors (its own codes and its family's; the gateway's are in
/// the top-level x-errors).
std::string openapi_json(EndpointTables tables);

}  // namespace confab
