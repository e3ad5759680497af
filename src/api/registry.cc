#include "api/registry.h"

#include <array>

namespace confab {

EndpointTables rest_tables() {
  static const std::array kTables{
      account_endpoints(),        c2c_send_endpoints(),          c2c_history_endpoints(),
      c2c_unread_endpoints(),     message_extension_endpoints(), presence_endpoints(),
      recent_contact_endpoints(), contact_group_endpoints(),     contact_mark_endpoints(),
      group_life_endpoints(),     group_member_endpoints(),      group_send_endpoints(),
      group_history_endpoints(),  group_list_endpoints(),        group_profile_endpoints(),
  };
  return kTables;
}

}  // namespace confab
