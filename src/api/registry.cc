#include "api/registry.h"

#include <array>

namespace confab {

EndpointTables rest_tables() {
  static const std::array kTables{account_endpoints(), c2c_endpoints(), recent_contact_endpoints()};
  return kTables;
}

}  // namespace confab
